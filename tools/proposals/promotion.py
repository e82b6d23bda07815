"""A promotion to file: which SKUs in which countries of one channel, how deep, for whom and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from shop.errors import ShopError
from shop.warehouse import Shop
from shop.writers.price import asking_price
from shop.writers.promotion import AUDIENCES, PROMOTION, PromotionPayload
from tools.arguments import resolve_channel, resolve_country, resolve_sku
from tools.contract import (
    About,
    ToolError,
    channel,
    code,
    count,
    country,
    finding,
    money,
    on,
    percent,
    several,
    sku,
    words,
)  # fmt: skip
from tools.messages import refusal
from tools.proposals.draft import Draft, amount, day

FIELDS = ("sku", "country", "channel", "discount_pct", "start", "end", "segment", "code", "lines")
SPELLINGS = {
    "skus": "sku", "product": "sku", "countries": "country", "market": "country", "channels": "channel",
    "discount": "discount_pct", "percent": "discount_pct", "pct": "discount_pct", "max_discount_pct": "discount_pct",
    "effective_from": "start", "from": "start", "until": "end", "audience": "segment", "name": "code", "promotion": "code",
}  # fmt: skip
USUAL_DAYS = 7
DEEPEST = 90
BULK = 12  # units in the usual line of a channel that sells wholesale


def promotion(shop: Shop, payload: Mapping[str, Any]) -> list[Draft]:
    """The promotions a payload means, one for each channel it names or implies.

    Lines as plan_promotions drafts them are kept; else `discount_pct` holds for every SKU and country said, in all markets
    with an asking price. Raises ToolError when a field is missing or wrong, or no price is known.
    """
    said = _named(payload)
    start = day(said.get("start", shop.as_of + timedelta(days=1)), "start")
    end = day(said.get("end", start + timedelta(days=USUAL_DAYS - 1)), "end")
    if start < shop.as_of:
        raise refusal("errors.too_early", name="start", day=shop.as_of, said=start)
    if end < start:
        raise refusal("errors.too_early", name="end", day=start, said=end)
    audience = str(said.get("segment") or "everybody").strip().lower()
    audience = {"followers": "follower", "fans": "follower", "all": "everybody"}.get(audience, audience)
    if audience not in AUDIENCES:
        raise refusal("errors.one_of", name="segment", known=", ".join(AUDIENCES), said=repr(audience[:40]))
    lines = _lines_said(shop, said) if "lines" in said else _lines(shop, said, audience)
    name = str(said.get("code") or f"OFFER{start:%y%m%d}").strip().upper().replace("_", "-").replace(" ", "-")
    return [
        _draft(shop, {"code": name, "channel": way, "segment": audience, "start": start, "end": end, "lines": own})
        for way, own in sorted(lines.items())
    ]


def _named(payload: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in payload.items():
        plain = key.strip().lower()
        name = SPELLINGS.get(plain, plain)
        if name not in FIELDS:
            raise refusal("errors.payload_field", kind="promotion", name=key[:40], known=", ".join(FIELDS))
        if value not in (None, "", []):
            found.setdefault(name, value)
    if "lines" not in found and ("sku" not in found or "discount_pct" not in found):
        raise refusal("errors.promotion_needs")
    return found


def _several(said: Any) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]


def _lines_said(shop: Shop, said: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Lines as they were drafted, with prices of today."""
    if "channel" not in said or not isinstance(said["lines"], list):
        raise refusal("errors.promotion_needs")
    way = resolve_channel(shop, _several(said["channel"])[0])
    found = []
    for line in said["lines"]:
        if not isinstance(line, Mapping) or not {"sku", "country", "discount_pct"} <= set(line):
            raise refusal("errors.promotion_needs")
        item, where = resolve_sku(shop, str(line["sku"])), resolve_country(shop, str(line["country"]))
        made = _line(shop, item, where, way, _depth(line["discount_pct"]))
        if made is None:
            raise refusal("errors.no_market", sku=item, where=f"in {where} on {way}")
        found.append(made)
    return {way: found}


def _lines(shop: Shop, said: Mapping[str, Any], audience: str) -> dict[str, list[dict[str, Any]]]:
    """One line for each market of the SKUs that is meant, by channel."""
    depth = _depth(said["discount_pct"])
    skus = [resolve_sku(shop, one) for one in _several(said["sku"])]
    countries = [resolve_country(shop, one) for one in _several(said.get("country", []))] if "country" in said else []
    ways = [resolve_channel(shop, one) for one in _several(said["channel"])] if "channel" in said else []
    found: dict[str, list[dict[str, Any]]] = {}
    ways = ways or _ways(shop, audience)
    for item in dict.fromkeys(skus):
        for where, way in shop.rows("SELECT DISTINCT country, channel FROM prices WHERE sku = ? ORDER BY 1, 2", [item]):
            if (countries and where not in countries) or (ways and way not in ways):
                continue
            line = _line(shop, item, str(where), str(way), depth)
            if line is not None:
                found.setdefault(str(way), []).append(line)
    if not found:
        places = " ".join([*(f"in {one}" for one in countries), *(f"on {one}" for one in ways)]) or "anywhere"
        raise refusal("errors.no_market", sku=", ".join(skus), where=places)
    return found


def _ways(shop: Shop, audience: str) -> list[str]:
    """Channels a promotion means when none is said: those that sell in bulk for wholesale, the others for the rest, and
    for one kind of customer only those that are no marketplace, since a code must be sent to it."""
    from shop.costs import Costs

    costs = Costs.of(shop)
    found = []
    for way, usual in shop.rows(
        "SELECT o.channel, median(l.quantity) FROM orders o JOIN order_lines l USING (order_id) GROUP BY 1 ORDER BY 1"
    ):
        brings = costs.one("marketplace", costs.as_of, channel=str(way))
        if (usual >= BULK) != (audience == "wholesale"):
            continue
        if audience in ("everybody", "wholesale") or brings is None or brings.value != 1:
            found.append(str(way))
    return found


def _depth(said: Any) -> Decimal:
    depth, _ = amount(said, "discount_pct")
    if not 0 < depth <= DEEPEST:
        raise refusal("errors.range_number", name="discount_pct", low=1, high=DEEPEST, said=depth)
    return depth


def _line(shop: Shop, item: str, where: str, way: str, depth: Decimal) -> dict[str, Any] | None:
    from babel.numbers import get_currency_precision

    known = asking_price(shop, item, where, way, shop.as_of)
    if known is None:
        return None
    price, currency = known
    digits = get_currency_precision(currency)
    return {
        "sku": item, "country": where, "discount_pct": depth, "price": round(price, digits),
        "promo_price": round(price * (100 - depth) / 100, digits), "currency": currency,
    }  # fmt: skip


def _draft(shop: Shop, fields: dict[str, Any]) -> Draft:
    try:
        change = PromotionPayload.model_validate(fields)
    except ValidationError as wrong:
        told = wrong.errors(include_url=False)[0]
        where = ".".join(str(step) for step in told["loc"]) or "promotion"
        raise ToolError(f"{where}: {told['msg'].removeprefix('Value error, ')}.") from wrong
    skus = list(dict.fromkeys(line.sku for line in change.lines))
    places = list(dict.fromkeys(line.country for line in change.lines))
    deepest = max(line.discount_pct for line in change.lines)
    about = About(skus=skus, countries=places, channels=[change.channel], start=change.start, end=change.end)
    headline = finding(
        "propose_change.filed_promotion", "info", about, code=code(change.code), channel=channel(change.channel),
        who=words(f"segment.{change.segment}"), start=on(change.start), end=on(change.end),
        n=count(len(change.lines)), depth=percent(deepest), skus=several([sku(one) for one in skus[:6]]),
    )  # fmt: skip
    draft = Draft(change, headline, tables={"prices": len(change.lines)})
    draft.findings.append(
        finding(
            "propose_change.on_approval", files=several([code(one.name) for one in PROMOTION.files(shop, change, "P")])
        )
    )
    _caution(shop, change, draft)
    return draft


def _caution(shop: Shop, change: PromotionPayload, draft: Draft) -> None:
    """Lines that would sell below all costs."""
    from shop.costs import economics

    for line in change.lines:
        about = About(skus=[line.sku], countries=[line.country], channels=[change.channel])
        try:
            told = economics(shop, line.sku, line.country, change.channel, price=line.promo_price)
        except ShopError:
            continue
        if told.contribution is not None and told.contribution < 0:
            draft.warnings.append(
                finding(
                    "propose_change.promotion_below", "act", about, sku=sku(line.sku), country=country(line.country),
                    channel=channel(change.channel), price=money(line.promo_price, line.currency),
                    loss=money(-told.contribution, told.currency),
                )
            )  # fmt: skip
