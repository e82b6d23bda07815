"""What to ask for each SKU in each country and channel: the most expected profit inside hard limits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from shop.warehouse import Shop
from tools.contract import (
    About,
    DataUsed,
    Finding,
    Proposal,
    Request,
    Result,
    Tool,
    ToolError,
    code,
    days,
    finding,
    percent,
    several,
    sku,
    words,
)
from tools.cost_gaps import cost_gap
from tools.messages import refusal

if TYPE_CHECKING:
    from tools.pricing.places import Book
    from tools.pricing.solve import Choice, Solution
    from tools.pricing.trial import Trial

DRAFTS = 5
GAPS = 3
NAMED = 8


class OptimizePrices(Request):
    """Which prices (empty: all), the margin they must keep, and what they are to bring."""

    skus: list[str] = Field([], description="empty means all")
    countries: list[str] = Field([], description="empty means all")
    channels: list[str] = Field([], description="empty means all")
    min_margin_pct: Decimal | None = Field(
        None, description="percent of net revenue that must be left after all costs; not below cost if not said"
    )
    objective: Literal["profit", "revenue", "clear_stock"] = "profit"


def run(shop: Shop, request: OptimizePrices) -> Result:
    """Work out prices by SKU, country and channel: the price with the most expected profit (or revenue, or stock cleared)
    under a hard margin floor after all costs, with stock and its age, competitors' prices, a ladder between channels
    and countries, usual endings and a largest step; how demand answers price with its uncertainty, and a price test
    where the price never moved. Use it for "what should X cost", "best price with at least 35% margin", "raise or
    lower prices", "price to clear stock". It drafts prices and files none: propose_change does.
    """
    floor = _floor(request.min_margin_pct)
    if not shop.count("order_lines"):
        raise refusal("errors.no_prices_to_set", command="pacer import FILE")
    from tools.pricing.places import book
    from tools.pricing.shelf import shelves
    from tools.pricing.solve import solve
    from tools.pricing.telling import findings
    from tools.pricing.trial import trials
    from tools.pricing.views import curve_chart, curve_table, ladder_table, trial_table

    known = book(shop, request.skus, request.countries, request.channels)
    if not known.asked:
        raise _nothing(known, request)
    stock, shelf_of = shelves(shop, list(known.places.values()))
    found = solve(known, floor, request.objective, stock, shelf_of)
    choices = list(found.choices.values())
    untried = [one.place for one in choices if not one.place.own_changes and one.price is not None]
    best = {key: one.price for key, one in found.choices.items() if one.price is not None}
    tests = trials(shop, untried, best, floor, stock, shelf_of)
    first = [one for one in choices if one.curve is not None and len(one.curve.prices) > 1]
    return Result(
        findings=findings(found, tests, floor, request.objective, shop.base_currency),
        tables=[
            ladder_table(found, shop.base_currency, request.objective),
            *([curve_table(first, shop.base_currency)] if first else []),
            *([trial_table(tests)] if tests else []),
        ],
        charts=[curve_chart(first[0].curve, shop.base_currency)] if first and first[0].curve is not None else [],
        proposals=_drafts(shop, choices),
        assumptions=_assumptions(known, request),
        warnings=_warnings(known, found, tests),
        data_used=DataUsed(as_of=shop.as_of, version=shop.version, tables=known.rows, reference=list(known.versions)),
    )


def _floor(said: Decimal | None) -> Decimal:
    """Percent; not said means that no price may lose money."""
    if said is None:
        return Decimal(0)
    if not said.is_finite() or not -100 < said < 100:
        raise refusal("errors.range_number", name="min_margin_pct", low="-99", high="99", said=said)
    return said


def _nothing(known: Book, request: OptimizePrices) -> ToolError:
    """Why there is no price to work out."""
    if known.no_cost:
        return refusal("errors.no_cost_of", skus=", ".join(known.no_cost[:NAMED]))
    if known.negotiated:
        return refusal("errors.negotiated", channels=", ".join(sorted({key[2] for key in known.negotiated})))
    if known.no_price:
        return refusal("errors.no_price_of", places="; ".join(" ".join(key) for key in known.no_price[:NAMED]))
    places = "; ".join(" ".join(key) for key in known.unsold[:NAMED])
    return refusal("errors.no_sales_there", places=places or ", ".join(request.skus) or "-")


def _drafts(shop: Shop, choices: list[Choice]) -> list[Proposal]:
    """The changes worth most as propose_change would file them; those it refuses are left out."""
    from shop.writers.kinds import WRITERS
    from tools.proposals.price import price_changes

    drafts: list[Proposal] = []
    for one in choices:
        if len(drafts) == DRAFTS:
            break
        if not one.changes or one.beyond:
            continue
        item, where, through = one.place.key
        try:
            change = price_changes(
                shop, {"sku": item, "country": where, "channel": through, "price": str(one.price)}
            )[0].change  # fmt: skip
        except ToolError:
            continue
        drafts.append(
            Proposal(
                kind="price",
                payload=change.model_dump(mode="json"),
                expected_before=WRITERS["price"].before(shop, change),
            )
        )
    return drafts


def _assumptions(known: Book, request: OptimizePrices) -> list[Finding]:
    from tools.pricing.ladder import CHANNEL_SPREAD, COUNTRY_SPREAD
    from tools.pricing.places import HORIZON
    from tools.pricing.solve import CLEAR_STEP, STEP

    step = CLEAR_STEP if request.objective == "clear_stock" else STEP
    told = [
        finding("optimize_prices.demand", tool=code("forecast_demand"), horizon=days(HORIZON)),
        finding(
            "optimize_prices.limits", step=percent(step * 100), channels=percent(CHANNEL_SPREAD * 100),
            countries=percent(COUNTRY_SPREAD * 100),
        ),
        finding("optimize_prices.marginal"),
    ]  # fmt: skip
    if request.min_margin_pct is None:
        told.append(finding("optimize_prices.no_floor_said"))
    if request.objective == "clear_stock":
        told.append(finding("optimize_prices.sunk"))
    if known.negotiated:
        names = sorted({key[2] for key in known.negotiated})
        told.append(finding("optimize_prices.negotiated", channels=several([words(name) for name in names])))
    return told


def _warnings(known: Book, found: Solution, tests: list[Trial]) -> list[Finding]:
    told = []
    if known.no_cost:
        named = several([sku(one) for one in known.no_cost[:NAMED]])
        told.append(finding("optimize_prices.no_cost", "watch", About(skus=list(known.no_cost)), skus=named))
    for name, keys in (("no_price", known.no_price), ("unsold", known.unsold)):
        if keys:
            places = several([words(" ".join(key)) for key in keys[:NAMED]])
            told.append(finding(f"optimize_prices.{name}", "info", places=places))
    if found.torn:
        torn = several([sku(one) for one in found.torn[:NAMED]])
        told.append(finding("optimize_prices.torn", "watch", About(skus=list(found.torn)), skus=torn))
    gaps = {gap.key: gap for key in reversed(found.choices) for gap in known.places[key].market.gaps}
    told += [cost_gap(gap) for gap in list(gaps.values())[:GAPS]]
    return told


OPTIMIZE_PRICES = Tool("optimize_prices", OptimizePrices, run)
