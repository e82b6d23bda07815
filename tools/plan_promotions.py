"""plan_promotions: who gets which discount on what, when, and what it earns after everything it costs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from shop.calendar import table_version
from shop.warehouse import Shop
from tools.contract import DataUsed, Finding, Request, Result, Tool, finding, percent, several, sku
from tools.messages import refusal

if TYPE_CHECKING:
    from tools.promotions.ground import Grounds
    from tools.promotions.past import Past

MOST_PCT = 90
SPELLINGS = {
    "followers": "follower", "fans": "follower", "fan": "follower", "functional_buyers": "functional",
    "functional_buyer": "functional", "price-sensitive": "price_sensitive", "price sensitive": "price_sensitive",
    "b2b": "wholesale", "wholesalers": "wholesale", "all": None, "everybody": None, "": None,
}  # fmt: skip


class PlanPromotions(Request):
    """What for, on what, where, for whom, when, and how deep at most."""

    goal: Literal["conversion", "profit", "clear_stock"] = Field(
        "profit",
        description="profit; conversion: most orders that lose nothing; clear_stock: only goods with too much stock",
    )
    skus: list[str] = Field([], description="empty means all")
    countries: list[str] = Field([], description="empty means all")
    segment: Literal["follower", "functional", "price_sensitive", "wholesale"] | None = Field(
        None, description="who gets it; not said: whoever it pays for"
    )
    start: date | None = Field(None, description="first day; not said: that of the sales event, or the best days ahead")
    end: date | None = Field(None, description="last day, included")
    max_discount_pct: float | None = Field(None, description=f"deepest discount allowed, in percent, up to {MOST_PCT}")

    @field_validator("segment", mode="before")
    @classmethod
    def _spelling(cls, said: Any) -> Any:
        return SPELLINGS.get(said.strip().lower(), said.strip().lower()) if isinstance(said, str) else said


def run(shop: Shop, request: PlanPromotions) -> Result:
    """Plan a promotion: which SKUs to discount in which country and channel, for whom (everybody, followers, functional,
    price-sensitive or wholesale buyers), on which days and how deep, by the profit it adds after sales pulled forward
    and taken from other goods, never below cost, never for stock that will not last; and what not to discount and why.
    Use it for "plan a Christmas promotion", "which discount pays", "clear the slow stock", "黑五做什么活动".
    It drafts promotions and files none: propose_change does.
    """
    most = request.max_discount_pct
    if most is not None and not 1 <= most <= MOST_PCT:
        raise refusal("errors.range_number", name="max_discount_pct", low=1, high=MOST_PCT, said=most)
    if not shop.count("order_lines"):
        raise refusal("errors.no_orders", command="pacer import FILE")
    from tools.promotions.campaigns import campaigns
    from tools.promotions.choose import choose
    from tools.promotions.ground import grounds
    from tools.promotions.past import past
    from tools.promotions.response import audiences
    from tools.promotions.telling import findings
    from tools.promotions.views import gain_chart, left_table, plan_table, segment_table
    from tools.promotions.windows import windows

    ahead = windows(shop, request.start, request.end)
    before = past(shop)
    kinds = audiences(shop, before)
    ground = grounds(
        shop, before, request.skus, request.countries, request.segment == "wholesale", max(one.end for one in ahead)
    )
    if not ground.cells:
        raise _nothing(ground, request)
    tried = [choose(shop, ground, before, kinds, one, request.segment or "", request.goal, most) for one in ahead]
    best = max(tried, key=lambda one: (one.gain, -tried.index(one)))
    instead = None
    if request.segment in ("follower", "functional", "price_sensitive") and not best.plans:
        instead = choose(shop, ground, before, kinds, best.window, "", request.goal, most)
    tables = [plan_table(best, shop.base_currency)] if best.plans else []
    tables += [left_table(best, shop.base_currency)] if best.left else []
    return Result(
        findings=findings(shop, request.goal, request.segment, most, best, tried, instead, kinds, before),
        tables=[*tables, segment_table(kinds)],
        charts=[gain_chart(best, shop.base_currency)] if best.plans else [],
        proposals=campaigns(shop, best),
        assumptions=_assumptions(before),
        warnings=_warnings(ground),
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version, tables=ground.rows, reference=[table_version(), *sorted(ground.versions)],
        ),
    )  # fmt: skip


def _nothing(ground: Grounds, request: PlanPromotions) -> Exception:
    if ground.unknown_cost:
        return refusal("errors.promotion_no_costs", skus=", ".join(sorted(ground.unknown_cost)[:5]))
    if ground.no_stock:
        return refusal("errors.promotion_no_stock", skus=", ".join(sorted(ground.no_stock)[:5]))
    return refusal("errors.promotion_no_market")


def _assumptions(before: Past) -> list[Finding]:
    told = [
        finding("plan_promotions.pulled", share=percent(100 * before.pulled.mean), sd=percent(100 * before.pulled.sd)),
        finding("plan_promotions.taken", share=percent(100 * before.taken.mean), sd=percent(100 * before.taken.sd)),
        finding("plan_promotions.leans"),
        finding("plan_promotions.floor"),
        finding("plan_promotions.interval"),
    ]
    if before.beyond.mean:
        told.append(finding("plan_promotions.beyond", effect=percent(100 * before.beyond.mean)))
    return told


def _warnings(ground: Grounds) -> list[Finding]:
    told = []
    for key, names in (
        ("no_costs", ground.unknown_cost),
        ("no_stock", ground.no_stock),
        ("no_demand", ground.no_demand),
    ):
        if names:
            told.append(
                finding(f"plan_promotions.{key}", "watch", skus=several([sku(one) for one in sorted(names)[:6]]))
            )
    return told


PLAN_PROMOTIONS = Tool("plan_promotions", PlanPromotions, run)
