"""File a change for the operator to decide. Nothing is applied here: approving is the operator's hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import field_validator

from shop.journal import file_proposal
from shop.warehouse import Shop
from shop.writers.kinds import writer_of
from tools.contract import DataUsed, Proposal, Request, Result, Tool, code
from tools.messages import refusal
from tools.proposals.draft import Draft
from tools.proposals.faq import faq
from tools.proposals.listing import listing
from tools.proposals.price import price_changes
from tools.proposals.promotion import promotion
from tools.proposals.purchase_order import purchase_order

Kind = Literal["price", "purchase_order", "listing", "promotion", "ad_budget", "refund_policy"]

DRAFTS: dict[str, Callable[[Shop, Mapping[str, Any]], list[Draft]]] = {
    "price": price_changes,
    "purchase_order": lambda shop, payload: [purchase_order(shop, payload)],
    "promotion": promotion,
    "listing": listing,
}
FORMS: dict[tuple[str, str], Callable[[Shop, Mapping[str, Any]], list[Draft]]] = {
    ("listing", "faq"): lambda shop, payload: [faq(shop, payload)],
}
LATER = "ad_budget and refund_policy come with the tools that work them out"


class ProposeChange(Request):
    """A change and its content."""

    kind: Kind
    payload: dict[str, Any]

    @field_validator("payload", mode="before")
    @classmethod
    def _json_text(cls, payload: Any) -> Any:
        if isinstance(payload, str):
            try:
                return json.loads(payload)
            except ValueError:
                return payload
        return payload


def run(shop: Shop, request: ProposeChange) -> Result:
    """File a change for the operator to approve: a new price of one SKU (in all its markets near that price, where country or channel is not said),
    an order to a supplier, or a promotion. Use it when the operator asks to set, raise or lower a price, or to
    order or buy stock. price payload: sku, country, channel, price (or change_pct), currency,
    effective_from. purchase_order payload: sku, quantity, supplier_id, warehouse, ordered_on.
    promotion payload: sku, country, channel, discount_pct, start, end, segment, code.
    listing payload: sku, language, channel, country, price_tier, angle; for an FAQ: form="faq", sku, language, persona.
    It only files; nothing changes until the operator approves.
    """
    drafts = FORMS.get((request.kind, str(request.payload.get("form")))) or DRAFTS.get(request.kind)
    if drafts is None:
        raise refusal("errors.kind_not_yet", kind=request.kind, later=LATER, known=", ".join(DRAFTS))
    result = Result(data_used=DataUsed(as_of=shop.as_of, version=shop.version))
    for draft in drafts(shop, request.payload):
        _file(shop, request.kind, draft, result)
    return result


def _file(shop: Shop, kind: Kind, draft: Draft, result: Result) -> None:
    """File one draft in the journal and tell of it in the result, each sentence once."""
    payload = draft.change.model_dump(mode="json")
    expected = writer_of(kind, payload).before(shop, draft.change)
    number = file_proposal(shop.folder, kind, payload, expected, shop.as_of)
    headline = draft.headline.model_copy(update={"values": {**draft.headline.values, "proposal": code(number)}})
    told = [one for one in draft.findings if one not in result.findings]
    at = sum(one.key.startswith("propose_change.filed") for one in result.findings)
    result.findings[at:at] = [headline]
    result.findings += told
    result.warnings += [one for one in draft.warnings if one not in result.warnings]
    result.assumptions += [one for one in draft.assumptions if one not in result.assumptions]
    result.proposals.append(Proposal(id=number, kind=kind, payload=payload, expected_before=expected, status="pending"))
    for table, rows in draft.tables.items():
        result.data_used.tables[table] = result.data_used.tables.get(table, 0) + rows


PROPOSE_CHANGE = Tool("propose_change", ProposeChange, run, effect="propose")
