"""One week of the shop in figures, against the week before and a year ago, with what to do next."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from pydantic import Field

from shop.warehouse import Shop
from tools.contract import (
    About,
    DataUsed,
    Finding,
    Request,
    Result,
    Tool,
    Value,
    channel,
    code,
    count,
    days,
    finding,
    money,
    on,
    percent,
    ratio,
    several,
    sku,
    units,
    warehouse,
)
from tools.messages import refusal
from tools.review.notable import Fall, RefundRate, Stock, falling, refund_rates, stock
from tools.review.period import Period, Rates, periods
from tools.review.tables import ad_table, chart, comparison, sku_table

SAME_WEEK_LAST_YEAR_DAYS = 364
MONTH_DAYS = 28
PAST_DAYS = 182
USUAL_WEEKS = 6
SLOW_TURNOVER_DAYS = 150
MARGIN_DROP_POINTS = 3
TOP = 3
MOST_SUGGESTIONS = 5
UNSHIPPED_SHARE = 0.9


class WeeklyReview(Request):
    """Which week."""

    weeks_ago: int = Field(1, ge=0, le=1040, description="1: the last full week; 0: the current one, so far")


def run(shop: Shop, request: WeeklyReview) -> Result:
    """Review one week (Monday to Sunday): GMV, orders, units, order value, gross profit and margin,
    stock turnover days, ad return by channel, refund rate by SKU, best and falling SKUs, each against
    the week before and the same week last year, with up to five suggestions. Use it for "how was last
    week", "weekly report", "GMV", "gross profit", "ROAS by channel", "which SKUs are falling".
    """
    start, end = _week(shop, request.weeks_ago)
    length = (end - start).days
    oldest = start - timedelta(days=max(SAME_WEEK_LAST_YEAR_DAYS, PAST_DAYS + MONTH_DAYS))
    rates = Rates(shop, oldest, end)
    month_start = end - timedelta(days=MONTH_DAYS - 1)
    year_start = start - timedelta(days=SAME_WEEK_LAST_YEAR_DAYS)
    week, before, last_year, month, past, *usual = periods(
        shop, rates,
        [
            (start, end),
            (start - timedelta(days=7), start - timedelta(days=7 - length)),
            (year_start, year_start + timedelta(days=length)),
            (month_start, end),
            (month_start - timedelta(days=PAST_DAYS), month_start - timedelta(days=1)),
            *((start - timedelta(days=7 * n), start - timedelta(days=7 * n - 6)) for n in range(1, USUAL_WEEKS + 1)),
        ],
    )  # fmt: skip
    share = Decimal(length + 1) / 7
    falls = falling(shop, week, usual, share) if _reaches(shop, usual[-1].start) else []
    refunds = refund_rates(shop, month, past) if shop.count("refunds") else []
    held = stock(shop, rates, end, month)
    base = shop.base_currency
    findings = [
        *_sales(week, before if _reaches(shop, before.start) else None,
                last_year if _reaches(shop, last_year.start) else None, base),
        *_profit(week, before, base),
        *_stock(held, base),
        *_ads(week, base),
        *_refunds(week, refunds, base),
        *_skus(week, falls, base),
        *_suggestions(week, before, falls, refunds, held, base),
    ]  # fmt: skip
    return Result(
        findings=findings,
        tables=[comparison(week, before, last_year, base), sku_table(week, before, refunds, base), ad_table(week, base)],
        charts=[chart(shop, rates, end)],
        assumptions=_assumptions(base),
        warnings=_warnings(shop, week, length),
        data_used=DataUsed(
            as_of=shop.as_of, version=shop.version, reference=rates.reference,
            tables={**week.rows, "refunds": len(week.refunds)},
        ),
    )  # fmt: skip


def _week(shop: Shop, weeks_ago: int) -> tuple[date, date]:
    first = shop.rows("SELECT min(ordered_at)::DATE FROM orders")[0][0]
    if first is None:
        raise refusal("errors.no_orders", command="pacer import FILE")
    monday = shop.as_of - timedelta(days=shop.as_of.weekday())
    if weeks_ago == 0:
        return monday, shop.as_of
    last_sunday = shop.as_of - timedelta(days=(shop.as_of.weekday() + 1) % 7)
    end = last_sunday - timedelta(weeks=weeks_ago - 1)
    if end < first:
        most = max((last_sunday - first).days // 7 + 1, 0)
        raise refusal("errors.weeks_ago", first=first, least=0, most=most)
    return end - timedelta(days=6), end


def _reaches(shop: Shop, day: date) -> bool:
    """Whether the books were already kept on a day."""
    return bool(shop.rows("SELECT 1 FROM orders WHERE ordered_at::DATE <= ? LIMIT 1", [day]))


def _cash(amount: Decimal, currency: str) -> Value:
    from babel.numbers import get_currency_precision

    return money(round(amount, get_currency_precision(currency)), currency)


def _sales(week: Period, before: Period | None, last_year: Period | None, base: str) -> list[Finding]:
    about = About(start=week.start, end=week.end)
    told = [
        finding(
            "weekly_review.sales", "info", about,
            start=on(week.start), end=on(week.end), gmv=_cash(week.gmv, base), orders=count(week.orders),
            units=units(week.units), aov=_cash(week.aov, base),
        )
    ]  # fmt: skip
    for than, name in ((before, "week"), (last_year, "year")):
        if than is None:
            told.append(finding(f"weekly_review.no_{name}", "info", about))
        elif than.gmv == 0:
            told.append(finding(f"weekly_review.zero_{name}", "info", about))
        else:
            change = (week.gmv / than.gmv - 1) * 100
            way = "flat" if abs(change) < Decimal("0.05") else "up" if change > 0 else "down"
            severity: Literal["good", "watch", "info"] = "good" if change >= 5 else "watch" if change <= -10 else "info"
            values = {
                "change": percent(abs(change)), "gmv": _cash(week.gmv, base), "before": _cash(than.gmv, base),
                "start": on(than.start), "end": on(than.end),
            }  # fmt: skip
            told.append(finding(f"weekly_review.gmv_{way}_{name}", severity, about, **values))
    return told


def _profit(week: Period, before: Period, base: str) -> list[Finding]:
    about = About(start=week.start, end=week.end)
    if week.profit is None or week.margin_pct is None:
        return [finding("weekly_review.no_profit", "watch", about)] if week.skus else []
    told = [
        finding(
            "weekly_review.profit", "info" if week.profit > 0 else "act", about,
            profit=_cash(week.profit, base), margin=percent(week.margin_pct), net=_cash(week.net, base),
            cost=_cash(week.cost, base), shipping=_cash(week.shipping, base),
        )
    ]  # fmt: skip
    if before.profit is not None and before.margin_pct is not None:
        told.append(
            finding(
                "weekly_review.profit_before", "info", About(start=before.start, end=before.end),
                profit=_cash(before.profit, base), margin=percent(before.margin_pct),
            )
        )  # fmt: skip
    return told


def _stock(held: Stock | None, base: str) -> list[Finding]:
    if held is None or held.turnover_days is None:
        return []
    slow = held.turnover_days > SLOW_TURNOVER_DAYS
    return [
        finding(
            "weekly_review.turnover", "watch" if slow else "info",
            days=days(round(held.turnover_days)), value=_cash(held.value, base), month=days(MONTH_DAYS),
        )
    ]  # fmt: skip


def _ads(week: Period, base: str) -> list[Finding]:
    told = []
    for ran in week.ads:
        if not ran.spend:
            continue
        about = About(channels=[ran.channel], start=week.start, end=week.end)
        values = {
            "channel": channel(ran.channel), "spend": _cash(ran.spend, base), "sales": _cash(ran.sales, base),
            "roas": ratio(ran.roas),
        }  # fmt: skip
        if week.margin_pct is None:
            told.append(finding("weekly_review.ads_roas", "info", about, **values))
            continue
        roi = (ran.roas * week.margin_pct / 100 - 1) * 100
        key, severity = ("weekly_review.ads_gain", "good") if roi >= 0 else ("weekly_review.ads_loss", "watch")
        told.append(finding(key, severity, about, **values, roi=percent(abs(roi)), margin=percent(week.margin_pct)))  # type: ignore[arg-type]
    return told


def _refunds(week: Period, refunds: list[RefundRate], base: str) -> list[Finding]:
    about = About(start=week.start, end=week.end)
    told = []
    if week.gmv and week.refunds:
        told.append(
            finding(
                "weekly_review.refunds", "info", about,
                amount=_cash(week.refunded, base), share=percent(week.refunded / week.gmv * 100),
                units=units(sum(pieces for pieces, _ in week.refunds.values())),
            )
        )  # fmt: skip
    for one in [one for one in refunds if one.high][:TOP]:
        told.append(
            finding(
                "weekly_review.refund_high", "act", About(skus=[one.sku]),
                sku=sku(one.sku), rate=percent(one.rate_pct), past=percent(one.past_pct or 0),
                refunded=units(one.refunded), ordered=units(one.ordered), days=days(MONTH_DAYS),
            )
        )  # fmt: skip
    return told


def _skus(week: Period, falls: list[Fall], base: str) -> list[Finding]:
    told = []
    for one in sorted(week.skus.values(), key=lambda one: (-one.gmv, one.sku))[:TOP]:
        told.append(
            finding(
                "weekly_review.top", "info", About(skus=[one.sku], start=week.start, end=week.end),
                sku=sku(one.sku), gmv=_cash(one.gmv, base), units=units(one.units),
                share=percent(one.gmv / week.gmv * 100 if week.gmv else 0),
            )
        )  # fmt: skip
    for fall in falls[:TOP]:
        told.append(
            finding(
                "weekly_review.falling", "watch", About(skus=[fall.sku], start=week.start, end=week.end),
                sku=sku(fall.sku), units=units(fall.units), usual=units(fall.usual), drop=percent(fall.drop_pct),
            )
        )  # fmt: skip
    return told


def _suggestions(
    week: Period, before: Period, falls: list[Fall], refunds: list[RefundRate], held: Stock | None, base: str
) -> list[Finding]:
    """At most five, each resting on figures of the findings above; what loses money first."""
    found: list[Finding] = []
    for fall in falls[:TOP]:
        about = About(skus=[fall.sku])
        values = {"sku": sku(fall.sku), "drop": percent(fall.drop_pct)}
        if fall.empty:
            empty = several([warehouse(name) for name in fall.empty])
            found.append(finding("weekly_review.suggest_restock", "watch", about, **values, warehouses=empty))
        else:
            key = "weekly_review.suggest_falling" if fall.stocked else "weekly_review.suggest_falling_unseen"
            found.append(finding(key, "watch", about, **values))
    for one in [one for one in refunds if one.high][:1]:
        found.append(
            finding(
                "weekly_review.suggest_refunds", "watch", About(skus=[one.sku]),
                sku=sku(one.sku), rate=percent(one.rate_pct), tool=code("explain_returns"),
            )
        )  # fmt: skip
    ran = [one for one in week.ads if one.spend]
    margin = week.margin_pct
    losing = [one for one in ran if margin is not None and one.roas * margin < 100]
    if losing and margin and margin > 0:
        worst = min(losing, key=lambda one: (one.roas, one.channel))
        found.insert(
            min(1, len(found)),
            finding(
                "weekly_review.suggest_ads", "watch", About(channels=[worst.channel]),
                channel=channel(worst.channel), roas=ratio(worst.roas), needed=ratio(100 / margin),
            ),
        )  # fmt: skip
    if before.margin_pct is not None and margin is not None and before.margin_pct - margin >= MARGIN_DROP_POINTS:
        found.append(
            finding(
                "weekly_review.suggest_margin", "watch",
                margin=percent(margin), before=percent(before.margin_pct), tool=code("optimize_prices"),
            )
        )  # fmt: skip
    if held and held.slowest and held.turnover_days is not None and held.slowest[1] > SLOW_TURNOVER_DAYS:
        found.append(
            finding(
                "weekly_review.suggest_slow", "watch", About(skus=[held.slowest[0]]),
                sku=sku(held.slowest[0]), cover=days(held.slowest[1]), tool=code("plan_promotions"),
            )
        )  # fmt: skip
    return found[:MOST_SUGGESTIONS]


def _warnings(shop: Shop, week: Period, length: int) -> list[Finding]:
    told = []
    if length < 6:
        told.append(finding("weekly_review.partial", "info", days=days(length + 1), end=on(week.end)))
    if week.costless and week.profit is not None:
        told.append(
            finding(
                "weekly_review.costless", "watch", About(skus=week.costless),
                skus=several([sku(name) for name in week.costless[:5]]), n=count(len(week.costless)),
            )
        )  # fmt: skip
    parcels = week.rows["shipments"]
    if shop.count("shipments") and parcels < week.orders * UNSHIPPED_SHARE:
        told.append(finding("weekly_review.unshipped", "watch", orders=count(week.orders), parcels=count(parcels)))
    for table in ("ad_spend", "refunds", "shipments", "inventory"):
        if shop.count(table) == 0:
            told.append(finding(f"weekly_review.without_{table}", "info", table=code(table)))
    return told


def _assumptions(base: str) -> list[Finding]:
    return [
        finding("weekly_review.means_gmv"),
        finding("weekly_review.means_profit"),
        finding("weekly_review.means_currency", currency=code(base)),
        finding("weekly_review.means_refunds", days=days(MONTH_DAYS), past=days(PAST_DAYS)),
    ]


WEEKLY_REVIEW = Tool("weekly_review", WeeklyReview, run)
