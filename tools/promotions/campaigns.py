"""Chosen promotions as campaigns to file: one for each channel and audience, with a code of its own."""

from __future__ import annotations

from decimal import Decimal

from shop.warehouse import Shop
from shop.writers.kinds import WRITERS
from shop.writers.promotion import PromotionLine, PromotionPayload
from tools.contract import Proposal
from tools.promotions.choose import EVERYBODY, Chosen, Plan

DRAFTS = 4
LETTERS = {EVERYBODY: "", "follower": "-FAN", "functional": "-USE", "price_sensitive": "-SAVE", "wholesale": "-TRADE"}


def campaigns(shop: Shop, chosen: Chosen) -> list[Proposal]:
    """The plans as drafts, the most gainful campaign first. Nothing is filed: propose_change does."""
    groups: dict[tuple[str, str], list[Plan]] = {}
    for plan in chosen.plans:
        groups.setdefault((plan.ground.channel, plan.audience), []).append(plan)
    ranked = sorted(groups.items(), key=lambda one: (-sum(plan.gain for plan in one[1]), one[0]))
    found = []
    for (channel, audience), plans in ranked[:DRAFTS]:
        change = PromotionPayload.model_validate(
            {
                "code": code_of(chosen.window.event, audience, chosen.window.start.year), "channel": channel,
                "segment": audience, "start": chosen.window.start, "end": chosen.window.end,
                "lines": [_line(plan) for plan in plans],
            }
        )  # fmt: skip
        found.append(
            Proposal(
                kind="promotion", payload=change.model_dump(mode="json"),
                expected_before=WRITERS["promotion"].before(shop, change),
            )
        )  # fmt: skip
    return found


def code_of(event: str | None, audience: str, year: int) -> str:
    """A code that customers can type, such as CHRISTMAS26-FAN."""
    word = "".join(part for part in (event or "offer").split("_")[:2] if part not in ("shopping", "sale")).upper()
    return f"{word}{year % 100:02d}{LETTERS[audience]}"


def _line(plan: Plan) -> PromotionLine:
    return PromotionLine(
        sku=plan.ground.sku, country=plan.ground.country, discount_pct=Decimal(plan.depth), price=plan.ground.price,
        promo_price=plan.price, currency=plan.ground.market.currency,
    )  # fmt: skip
