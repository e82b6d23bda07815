"""project_cash: the shop's cash week by week, its lowest point, and what a purchase, terms or a late payout do to it."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from shop.warehouse import Shop
from tools.contract import DataUsed, Request, Result, Tool
from tools.messages import refusal

MOST_WEEKS = 52
MOST_AMOUNT = Decimal(10) ** 12


class ProjectCash(Request):
    """How many weeks ahead, and a purchase of stock to try."""

    weeks: int = Field(13, ge=1, le=MOST_WEEKS, description="weeks ahead from today")
    purchase_amount: Decimal | None = Field(
        None,
        description="goods to buy on top of the orders already placed, as the supplier invoices them, in base currency",
    )
    purchase_week: int | None = Field(None, ge=1, le=MOST_WEEKS, description="week of that order, 1 is the coming one")


def run(shop: Shop, request: ProjectCash) -> Result:
    """Project cash week by week: payouts of the channels with their delays and reserves, refunds, supplier deposits
    and balances, freight, duty, taxes, ads and fixed costs; the expected path and a weak and a strong case from the
    uncertainty of demand; the lowest week, how much stock can be funded and when, what payment terms and a late payout
    do, and what one more purchase does. Use it for "how does our cash look", "can we afford this purchase", "when are
    we lowest on money", "do I run out of cash", "现金流够不够".
    """
    amount = request.purchase_amount
    if amount is not None and (not amount.is_finite() or not 0 < amount < MOST_AMOUNT):
        raise refusal("errors.above", name="purchase_amount", least=0, said=amount)
    if amount is None and request.purchase_week is not None:
        raise refusal("errors.purchase_without_amount")
    week = request.purchase_week or 1
    if week > request.weeks:
        raise refusal("errors.range_whole", name="purchase_week", low=1, high=request.weeks, said=week)
    if not shop.count("order_lines"):
        raise refusal("errors.no_orders", command="pacer import FILE")
    from tools.cash.outlook import outlook
    from tools.cash.telling import assumptions, findings, warnings
    from tools.cash.trials import trials
    from tools.cash.views import cash_chart, payment_table, week_table

    found = outlook(shop, request.weeks)
    if found is None:
        raise refusal("errors.no_demand", as_of=shop.as_of)
    tried = trials(found, amount, week)
    base = shop.base_currency
    return Result(
        findings=findings(found, tried),
        tables=[week_table(found, tried.path, base)]
        + ([payment_table(tried.owed, found, base)] if tried.owed_soon else []),
        charts=[cash_chart(found, tried.named_paths(), base)],
        assumptions=assumptions(found, tried),
        warnings=warnings(found, tried),
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version,
            tables=found.asked.rows | {"purchase_orders": len(found.orders), "inventory": len(found.asked.free or {})},
            reference=sorted({found.calendars.version, *found.rows.versions, *found.pricing.versions}),
        ),
    )  # fmt: skip


PROJECT_CASH = Tool("project_cash", ProjectCash, run)
