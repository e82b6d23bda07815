"""File a change for the operator to decide. Nothing is applied here: approving is the operator's hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from pydantic import field_validator

from shop.journal import file_proposal
from shop.warehouse import Shop
from shop.writers.kinds import WRITERS
from tools.contract import DataUsed, Proposal, Request, Result, Tool, code
from tools.messages import refusal
from tools.proposals.draft import Draft
from tools.proposals.price import price_change
from tools.proposals.purchase_order import purchase_order

Kind = Literal["price", "purchase_order", "listing", "promotion", "ad_budget", "refund_policy"]

DRAFTS: dict[str, Callable[[Shop, Mapping[str, Any]], Draft]] = {
    "price": price_change,
    "purchase_order": purchase_order,
}
LATER = "listing, promotion, ad_budget and refund_policy come with the tools that work them out"


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
    """File a change for the operator to approve: a new price of one SKU in one country and channel,
    or an order to a supplier. Use it when the operator asks to set, raise or lower a price, or to
    order or buy stock. price payload: sku, country, channel, price (or change_pct), currency,
    effective_from. purchase_order payload: sku, quantity, supplier_id, warehouse, ordered_on.
    It only files; nothing changes until the operator approves.
    """
    if request.kind not in DRAFTS:
        raise refusal("errors.kind_not_yet", kind=request.kind, later=LATER, known=", ".join(DRAFTS))
    draft = DRAFTS[request.kind](shop, request.payload)
    expected = WRITERS[request.kind].before(shop, draft.change)
    payload = draft.change.model_dump(mode="json")
    number = file_proposal(shop.folder, request.kind, payload, expected, shop.as_of)
    headline = draft.headline.model_copy(update={"values": {**draft.headline.values, "proposal": code(number)}})
    return Result(
        findings=[headline, *draft.findings],
        warnings=draft.warnings,
        assumptions=draft.assumptions,
        proposals=[Proposal(id=number, kind=request.kind, payload=payload, expected_before=expected, status="pending")],
        data_used=DataUsed(as_of=shop.as_of, version=shop.version, tables=draft.tables),
    )


PROPOSE_CHANGE = Tool("propose_change", ProposeChange, run, effect="propose")
