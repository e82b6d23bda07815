"""A listing to file: as write_listing drafts it, or its draft as changed by the operator; every sentence is checked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shop.errors import ShopError
from shop.warehouse import Shop
from shop.writers.listing import LISTING, TEXTS, ListingPayload
from tools.arguments import checked, parsed, resolve_sku
from tools.contract import About, ToolError, channel, code, count, finding, language, quote, several, sku
from tools.messages import refusal
from tools.proposals.draft import Draft
from tools.write_listing import WriteListing, run

ASKED = ("sku", "language", "languages", "channel", "country", "price_tier", "variants", "angle", "form")


def listing(shop: Shop, payload: Mapping[str, Any]) -> list[Draft]:
    """The listings a payload means: its own texts with the sentences they stand on, or those write_listing writes.

    Raises ToolError when a field is unknown or wrong, a text breaks a rule of the channel, or a sentence does not pass.
    """
    if payload.get("title"):
        changes = [_given(shop, payload)]
    else:
        changes = [ListingPayload.model_validate(one) for one in _written(shop, payload)]
    return [_draft(shop, change) for change in changes]


def _written(shop: Shop, payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The drafts of write_listing for the payload's arguments; of one angle where it says one."""
    for name in payload:
        if name not in ASKED:
            raise refusal("errors.payload_field", kind="listing", name=str(name)[:40], known=", ".join(ASKED))
    said = {name: value for name, value in payload.items() if name not in ("language", "angle", "form") and value}
    if payload.get("language") and "languages" not in said:
        said["languages"] = [payload["language"]]
    if payload.get("angle"):
        said["variants"] = 4
    request = checked(shop, parsed("propose_change", WriteListing, said))
    drafts = [one.payload for one in run(shop, request).proposals]
    asked = {tag.split("-")[0] for tag in request.languages}
    drafts = [one for one in drafts if not asked or str(one["language"]).split("-")[0] in asked]
    if payload.get("angle"):
        drafts = [one for one in drafts if one["angle"] == payload["angle"]]
    if not drafts:
        raise refusal("errors.listing_without_copy", sku=request.sku)
    return drafts


def _given(shop: Shop, payload: Mapping[str, Any]) -> ListingPayload:
    """The operator's own or changed texts; what they say must stand on the passages they name."""
    try:
        change = ListingPayload.model_validate(
            {"written_on": shop.as_of, **payload, "sku": resolve_sku(shop, str(payload.get("sku", "")))}
        )
    except ValidationError as wrong:
        told = wrong.errors(include_url=False)[0]
        where = ".".join(str(step) for step in told["loc"]) or "listing"
        raise ToolError(f"{where}: {told['msg'].removeprefix('Value error, ')}.") from wrong
    _stand(shop, change)
    return change


def _stand(shop: Shop, change: ListingPayload) -> None:
    """Refuse a sentence without its passages in the memory, one that says what they do not, and text that is no sentence."""
    from knowledge.store import open_store
    from knowledge.verification import verify
    from tools.copywriting.product import product_record
    from tools.copywriting.write import names_of

    record = product_record(shop, change.sku, change.language)
    known = {p.id: p for p in [*open_store(shop.folder).passages(), record.passage]}
    around = [p for p in known.values() if change.sku in p.skus or not p.skus]
    for sentence in change.sentences:
        cited = [known[one] for one in sentence.passages if one in known]
        if len(cited) < len(sentence.passages):
            raise refusal("errors.listing_source_gone", sentence=sentence.text[:80])
        verdict = verify(
            sentence.text, cited, language=change.language, sku=change.sku, others=around, names=names_of(record),
            country=change.country or None, channel=change.channel, day=shop.as_of,
        )  # fmt: skip
        if not verdict.supported:
            raise refusal("errors.listing_not_supported", sentence=sentence.text[:80])
    stood = sorted((one.text for one in change.sentences), key=len, reverse=True)
    for field in TEXTS:
        if field in ("search_terms", "tags"):
            continue
        value = getattr(change, field)
        left = "\n".join(value) if isinstance(value, list) else value
        for text in stood:
            left = left.replace(text, " ")
        if any(c.isalnum() for c in left):
            raise refusal("errors.listing_not_cited", field=field, sentence=left.strip(" -\n")[:80])


def _draft(shop: Shop, change: ListingPayload) -> Draft:
    about = About(
        skus=[change.sku], countries=[change.country] if change.country else [], channels=[change.channel]
    )  # fmt: skip
    headline = finding(
        "propose_change.filed_listing", "info", about, sku=sku(change.sku), channel=channel(change.channel),
        language=language(change.language), title=quote(change.title), n=count(len(change.sentences)),
    )  # fmt: skip
    try:
        files = several([code(one.name) for one in LISTING.files(shop, change, "P")])
    except ShopError as refused:
        raise ToolError(str(refused)) from refused
    return Draft(change, headline, [finding("propose_change.on_approval", files=files)], tables={"products": 1})
