"""What a caller may say: arguments parsed kindly, and SKUs, countries and channels put into the shop's own words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shop.warehouse import Shop, Vocabulary
from tools.contract import Request, ToolError
from tools.messages import refusal

R = TypeVar("R", bound=Request)

COUNTRY_ALIASES = {"UK": "GB", "USA": "US", "EL": "GR"}
NEAR_ENOUGH = 55.0
SHOWN_AT_MOST = 12
SAID_AT_MOST = 80


def parsed(tool: str, request: type[R], arguments: Mapping[str, Any]) -> R:
    """Arguments as the tool's request: one value counts as a list of one, null as not said.

    Raises ToolError with one sentence about the first field that is wrong.
    """
    if not isinstance(arguments, Mapping):
        raise ToolError(f"The arguments of {tool} are a JSON object with {_fields(request)}.")
    said: dict[str, Any] = {}
    for name, value in arguments.items():
        field = request.model_fields.get(name)
        if value is None and field is not None and not field.is_required():
            continue
        is_list = field is not None and (get_origin(field.annotation) is list or field.annotation is list)
        if is_list and isinstance(value, str | int | float):
            value = [] if value == "" else [value]
        said[name] = value
    try:
        return request.model_validate(said)
    except ValidationError as wrong:
        raise _refused(tool, request, wrong.errors(include_url=False)[0]) from wrong


def checked(shop: Shop, request: R) -> R:
    """The same request with every SKU, country and channel in the shop's own spelling.

    Looks at the fields sku, skus, country, countries, channel and channels; doubles are dropped. A channel may also be
    one the request knows beside the shop's.
    Raises ToolError for a name the shop does not know, naming the nearest or the known ones.
    """
    resolvers: dict[str, Callable[[Shop, str], str]] = {
        "sku": resolve_sku,
        "country": resolve_country,
        "channel": resolve_channel,
    }
    plurals = {"skus": "sku", "countries": "country", "channels": "channel"}
    said: dict[str, Any] = {}
    for name in type(request).model_fields:
        resolve = resolvers.get(plurals.get(name, name))
        value = getattr(request, name)
        if name == "channel" and value in request.more_channels:
            continue
        if resolve is None or not value:
            continue
        if isinstance(value, list):
            said[name] = list(dict.fromkeys(resolve(shop, str(one)) for one in value))
        else:
            said[name] = resolve(shop, str(value))
    return request.model_copy(update=said) if said else request


def resolve_sku(shop: Shop, said: str) -> str:
    """The SKU that a code or a product name means. Raises ToolError naming the nearest, or those it could be."""
    vocabulary = shop.vocabulary
    wanted = said.strip()[:SAID_AT_MOST]
    codes = {_bare(product.sku): product.sku for product in vocabulary.products}
    if _bare(wanted) in codes:
        return codes[_bare(wanted)]
    named = _named(vocabulary, wanted)
    if len(named) == 1:
        return named[0]
    if named:
        raise refusal("errors.ambiguous_sku", said=wanted, known=_either(named))
    for table in ("order_lines", "inventory"):
        unlisted = shop.rows(f"SELECT sku FROM {table} WHERE lower(sku) = lower(?) LIMIT 1", [wanted])  # noqa: S608
        if unlisted:
            return str(unlisted[0][0])
    near = _nearest(vocabulary, wanted)
    if near:
        raise refusal("errors.near_sku", said=wanted, near=", ".join(near))
    known = _shown(product.sku for product in vocabulary.products)
    if known:
        raise refusal("errors.unknown_sku", said=wanted, known=known)
    raise refusal("errors.no_products", said=wanted)


def resolve_country(shop: Shop, said: str) -> str:
    """The ISO code of a country the shop has sold to. Raises ToolError naming those it sells to."""
    countries = shop.vocabulary.countries
    wanted = said.strip()[:SAID_AT_MOST]
    code = COUNTRY_ALIASES.get(wanted.upper(), wanted.upper())
    if code in countries:
        return code
    for country in countries:
        if wanted.casefold() in _country_names(country):
            return country
    known = _shown(countries)
    if known:
        raise refusal("errors.unknown_country", said=wanted, known=known)
    raise refusal("errors.country_without_orders", said=wanted)


def resolve_channel(shop: Shop, said: str) -> str:
    """The shop's own name of a channel. Raises ToolError naming its channels."""
    channels = shop.vocabulary.channels
    wanted = _bare(said).removesuffix("com")
    for channel in channels:
        if _bare(channel).removesuffix("com") == wanted:
            return channel
    known = _shown(channels)
    if known:
        raise refusal("errors.unknown_channel", said=said.strip()[:SAID_AT_MOST], known=known)
    raise refusal("errors.channel_without_orders", said=said.strip()[:SAID_AT_MOST])


def _named(vocabulary: Vocabulary, said: str) -> list[str]:
    wanted = _bare(said)
    if len(wanted) < 2:
        return []
    names = {p.sku: (p.name, *p.aliases) for p in vocabulary.products}
    whole = [sku for sku, known in names.items() if any(_bare(name) == wanted for name in known)]
    if whole:
        return whole
    tokens = _tokens(said)
    return [sku for sku, known in names.items() if any(_has(name, tokens, wanted) for name in known)]


def _has(name: str, tokens: set[str], wanted: str) -> bool:
    if wanted.isascii():
        return bool(tokens) and tokens <= _tokens(name)
    return wanted in _bare(name)


def _tokens(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def _nearest(vocabulary: Vocabulary, said: str) -> list[str]:
    from rapidfuzz import fuzz, process

    known: dict[str, str] = {}
    for product in vocabulary.products:
        for name in (product.sku, product.name, *product.aliases):
            known.setdefault(name.casefold(), product.sku)
    hits = process.extract(said.casefold(), list(known), scorer=fuzz.ratio, limit=8, score_cutoff=NEAR_ENOUGH)
    return list(dict.fromkeys(known[name] for name, _, _ in hits))[:3]


@cache
def _country_names(country: str) -> frozenset[str]:
    from babel import Locale

    names = (Locale.parse(language).territories.get(country, "") for language in ("en", "zh", "de", "fr", "ja", "es"))
    return frozenset(name.casefold() for name in names if name)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _either(names: list[str]) -> str:
    return " or ".join(names) if len(names) <= 2 else ", ".join(names[:-1]) + " or " + names[-1]


def _shown(names: Iterable[str]) -> str:
    listed = list(names)
    more = len(listed) - SHOWN_AT_MOST
    return ", ".join(listed[:SHOWN_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def _fields(request: type[Request]) -> str:
    return ", ".join(request.model_fields) or "no arguments"


def _refused(tool: str, request: type[Request], error: ErrorDetails) -> ToolError:
    where = [str(step) for step in error["loc"]]
    if error["type"] == "extra_forbidden" and len(where) == 1:
        return refusal("errors.no_argument", tool=tool, name=where[0][:SAID_AT_MOST], known=_fields(request))
    if error["type"] in ("value_error", "assertion_error"):
        told = str(error["ctx"]["error"]) if "ctx" in error else error["msg"]
        return ToolError((f"{where[0]}: {told}" if where else told).rstrip(".") + ".")
    if not where:
        return ToolError(f"The arguments of {tool} are a JSON object with {_fields(request)}.")
    allowed = _allowed(request, where[0])
    if error["type"] == "missing" and len(where) == 1:
        return refusal("errors.missing_argument", tool=tool, name=where[0], allowed=allowed)
    said = repr(str(error["input"])[:60])
    field = request.model_json_schema().get("properties", {}).get(where[0], {})
    if "minimum" in field and "maximum" in field:
        key = "errors.range_whole" if field.get("type") == "integer" else "errors.range_number"
        return refusal(key, name=where[0], low=f"{field['minimum']:g}", high=f"{field['maximum']:g}", said=said)
    if "enum" in field:
        return refusal("errors.one_of", name=where[0], known=", ".join(map(str, field["enum"])), said=said)
    return ToolError(f"{where[0]} must be {allowed}, not {said}.")


def _allowed(request: type[Request], field: str) -> str:
    schema = request.model_json_schema()
    found = schema.get("properties", {}).get(field)
    return _described(found, schema.get("$defs", {})) if found else "one of " + _fields(request)


def _described(schema: dict[str, Any], defs: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _described(defs[schema["$ref"].rsplit("/", 1)[-1]], defs)
    options = [option for option in schema.get("anyOf", []) if option.get("type") != "null"]
    if options:
        numbers = [option for option in options if option.get("type") in ("number", "integer")]
        return _described((numbers or options)[0], defs)
    if "enum" in schema:
        return "one of " + ", ".join(str(choice) for choice in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("type")
    if kind == "array":
        return "a list, each " + _described(schema.get("items", {}), defs)
    if kind == "object":
        inner = schema.get("properties")
        return "a JSON object" + (f" with {', '.join(inner)}" if inner else "")
    if kind == "boolean":
        return "true or false"
    if kind in ("integer", "number"):
        return ("a whole number" if kind == "integer" else "a number") + _bounds(schema)
    if schema.get("format") == "date":
        return "a date such as 2026-11-27"
    return "text"


def _bounds(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    parts = [
        f"{word} {bound:g}"
        for word, bound in (("at least", low), ("above", above), ("at most", high), ("below", below))
        if bound is not None
    ]
    return (" " + " and ".join(parts)) if parts else ""
