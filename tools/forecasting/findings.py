"""What a forecast says in findings, assumptions, warnings and one table."""

from __future__ import annotations

from typing import Literal

from tools.contract import (
    About,
    Column,
    Finding,
    Table,
    Value,
    channel,
    code,
    count,
    country,
    days,
    finding,
    on,
    percent,
    ratio,
    several,
    sku,
    units,
    words,
)  # fmt: skip
from tools.forecasting.around import SPLIT_DAYS
from tools.forecasting.backtest import COVERAGE
from tools.forecasting.judgement import LAUNCHED
from tools.forecasting.outcome import Demand, Forecast
from tools.forecasting.series import Scope
from tools.forecasting.telling import Context, driven, events_ahead, leaned, placed, sent_back, signalled
from tools.forecasting.told_apart import set_aside

SKUS_IN_WORDS, NAMED_IN_WORDS = 3, 8
MOST_FINDINGS = 9
LEFT_OUT_FIRST = ("most_", "events", "sent_back", "signals_quiet")
NOTABLE_CHANGE_PCT = 20.0
LEVEL_PCT = 2.0
NOTABLE_UPLIFT = 1.2
MOSTLY_BULK = 0.9
WEAK_ERROR_PCT = 35.0
QUIET_DAYS = 28
LISTED = 3


def _about(scope: Scope, one: Forecast) -> About:
    return About(
        skus=[one.series.sku] if one.series.sku else list(scope.skus),
        countries=list(scope.countries),
        channels=list(scope.channels),
        start=one.start,
        end=one.end,
    )


def findings(scope: Scope, demand: Demand, several_series: bool, context: Context) -> list[Finding]:
    """The answer in one sentence, the SKUs, the change and what drives it, events, signals, the accuracy."""
    lead = demand.total
    about = _about(scope, lead)
    found = [_answer_in_one_sentence(scope, lead)]
    if several_series:
        most = NAMED_IN_WORDS if scope.skus else SKUS_IN_WORDS
        found += [_part(scope, one) for one in list(demand.by_sku.values())[:most]]
    rest = _change(scope, lead)
    rest[1:1] = driven(lead, context, about)
    rest += _black_friday(scope, lead)
    rest += events_ahead(lead, context, about)
    rest += signalled(context, about)
    rest += placed(context, lead.units, scope, about)
    rest += sent_back(context, lead.units, about)
    if lead.error is not None and lead.bias is not None:
        rest.append(_accuracy(scope, lead, lead.error, lead.bias))
    return found + _short(rest, MOST_FINDINGS - 1)


def _short(found: list[Finding], most: int) -> list[Finding]:
    """At most so many findings; what a table shows as well goes first."""
    for kind in LEFT_OUT_FIRST:
        if len(found) > most:
            found = [one for one in found if not one.key.startswith(f"forecast_demand.{kind}")]
    return found[: most - 1] + found[-1:] if len(found) > most else found


def _answer_in_one_sentence(scope: Scope, one: Forecast) -> Finding:
    values = {
        "units": units(one.units),
        "low": units(one.low),
        "high": units(one.high),
        "start": on(one.start),
        "end": on(one.end),
        "days": days(len(one.path)),
        "coverage": percent(100 * COVERAGE),
    }
    key = "forecast_demand.total"
    if one.series.sku:
        key, values["sku"] = "forecast_demand.sku", sku(one.series.sku)
    elif scope.skus:
        key, values["skus"] = "forecast_demand.skus", several([sku(name) for name in scope.skus])
    where, place = _scope_values(scope)
    return finding(key + where, "info", _about(scope, one), **values, **place)


def _scope_values(scope: Scope) -> tuple[str, dict[str, Value]]:
    suffix, values = "", {}
    if scope.countries:
        suffix, values["countries"] = "_in", several([country(name) for name in scope.countries])
    if scope.channels:
        suffix, values["channels"] = suffix + "_on", several([channel(name) for name in scope.channels])
    return suffix, values


def _part(scope: Scope, one: Forecast) -> Finding:
    return finding(
        "forecast_demand.part",
        "info",
        _about(scope, one),
        sku=sku(one.series.sku or ""),
        units=units(one.units),
        low=units(one.low),
        high=units(one.high),
    )


def _change(scope: Scope, one: Forecast) -> list[Finding]:
    found = []
    for against, before in (("before", one.ordered_before()), ("year", one.ordered_last_year())):
        if not before:
            continue
        points = 100 * (one.units / before - 1)
        way = "level" if abs(points) < LEVEL_PCT else "up" if points > 0 else "down"
        severity: Literal["good", "watch", "info"] = "info"
        if abs(points) >= NOTABLE_CHANGE_PCT:
            severity = "good" if points > 0 else "watch"
        values = {"change": percent(abs(points)), "before": units(before), "days": days(len(one.path))}
        found.append(finding(f"forecast_demand.{way}_on_{against}", severity, _about(scope, one), **values))
    return found


def _black_friday(scope: Scope, one: Forecast) -> list[Finding]:
    friday = one.black_friday()
    if friday is None or not one.event_known or one.bulk_units > MOSTLY_BULK * one.units:
        return []
    begin, end = friday
    seen = "own" if one.event_years else "shop"
    return [
        finding(
            f"forecast_demand.black_friday_{seen}",
            "watch" if (one.event_ratio or 1.0) >= NOTABLE_UPLIFT else "info",
            _about(scope, one),
            start=on(begin),
            end=on(end),
            ratio=ratio(one.event_ratio or 1.0),
            units=units(one.units_between(begin, end)),
            years=count(one.event_years),
        )
    ]


def _accuracy(scope: Scope, one: Forecast, error: float, bias: float) -> Finding:
    side = "even" if abs(bias) < LEVEL_PCT / 100 else "high" if bias > 0 else "low"
    weak = 100 * error >= WEAK_ERROR_PCT
    values = {
        "error": percent(100 * error),
        "bias": percent(100 * abs(bias)),
        "origins": count(one.origins),
        "window": days(one.window),
        "model": code(one.model),
    }
    key = f"forecast_demand.accuracy_{side}"
    if one.covered is not None:
        key, values["covered"] = f"{key}_held", percent(100 * one.covered, 0)
    return finding(key, "watch" if weak else "info", _about(scope, one), **values)


def assumptions(scope: Scope, demand: Demand, several_series: bool, context: Context) -> list[Finding]:
    """What was taken for granted or put right before forecasting."""
    sold, parts = demand.sold, list(demand.by_sku.values())
    found = [finding("forecast_demand.basis"), *leaned(context)]
    if context.doubtful.none:
        found.append(finding("forecast_demand.not_sales", "info", None, count=count(context.doubtful.none)))
    if context.parts:
        found.append(finding("forecast_demand.split_by_share", days=days(SPLIT_DAYS)))
    out = sorted((one for one in parts if one.series.stockout_days), key=lambda one: -one.series.stockout_days)
    for one in out[:LISTED]:
        gone = {"sku": sku(one.series.sku or ""), "days": days(one.series.stockout_days)}
        found.append(finding("forecast_demand.stockouts", "info", _about(scope, one), **gone))
    if len(out) > LISTED:
        rest = several([sku(one.series.sku or "") for one in out[LISTED:]])
        found.append(finding("forecast_demand.stockouts_more", skus=rest))
    if not sold.inventory_known:
        found.append(finding("forecast_demand.no_inventory"))
    elif sold.sku_count > len(parts):
        found.append(finding("forecast_demand.total_uncorrected"))
    caps = [(one.series.sku or "", cap) for one in parts for cap in one.series.capped]
    for name, cap in sorted(caps, key=lambda item: -item[1].ordered)[:LISTED]:
        found.append(
            finding(
                "forecast_demand.one_off",
                "info",
                About(skus=[name], start=cap.day, end=cap.day),
                sku=sku(name),
                day=on(cap.day),
                ordered=units(cap.ordered),
                counted=units(cap.counted),
            )
        )
    if len(caps) > LISTED:
        found.append(finding("forecast_demand.one_offs_more", count=count(len(caps) - LISTED)))
    found += set_aside(context.apart)
    if round(demand.total.bulk_units) > 0:
        found.append(
            finding("forecast_demand.bulk", "info", _about(scope, demand.total), units=units(demand.total.bulk_units))
        )
    if any(one.yearly for one in (demand.total, *parts)):
        found.append(finding("forecast_demand.yearly"))
    found += _seasonal_goods(scope, parts) + _launched(scope, parts)
    if several_series and sold.sku_count > len(parts):
        found.append(finding("forecast_demand.total_apart"))
    if sold.sku_count > len(parts):
        found.append(finding("forecast_demand.top_only", count=count(len(parts)), all=count(sold.sku_count)))
    return found


def _seasonal_goods(scope: Scope, parts: list[Forecast]) -> list[Finding]:
    """Whose season is taken from its name, since that may be read wrong."""
    seasonal = [one for one in parts if one.series.goods is not None]
    found = []
    for one in seasonal[:LISTED]:
        kind = words(f"goods.{one.series.goods.name}") if one.series.goods else words("")
        said = {"sku": sku(one.series.sku or ""), "goods": kind}
        found.append(finding("forecast_demand.seasonal_goods", "info", _about(scope, one), **said))
    if len(seasonal) > LISTED:
        rest = [one.series.sku or "" for one in seasonal[LISTED:]]
        listed = several([sku(name) for name in rest])
        found.append(finding("forecast_demand.seasonal_goods_more", "info", About(skus=rest), skus=listed))
    return found


def _launched(scope: Scope, parts: list[Forecast]) -> list[Finding]:
    """Whose forecast rests on other goods, since their own days are too few."""
    new = [one for one in parts if one.model == LAUNCHED]
    found = []
    for one in new[:LISTED]:
        said = {"sku": sku(one.series.sku or ""), "days": days(len(one.series.ordered))}
        found.append(finding("forecast_demand.launched", "info", _about(scope, one), **said))
    if len(new) > LISTED:
        rest = [one.series.sku or "" for one in new[LISTED:]]
        listed = several([sku(name) for name in rest])
        found.append(finding("forecast_demand.launched_more", "info", About(skus=rest), skus=listed))
    return found


def warnings(scope: Scope, demand: Demand, context: Context) -> list[Finding]:
    """What makes a figure weaker than it looks."""
    parts = list(demand.by_sku.values())
    found = []
    unsold = [name for name in scope.skus if name not in demand.by_sku]
    if unsold:
        names = several([sku(name) for name in unsold])
        found.append(finding("forecast_demand.never_sold", "watch", About(skus=unsold), skus=names))
    if context.doubtful.twice:
        found.append(finding("forecast_demand.twice", "watch", count=count(context.doubtful.twice)))
    for one in parts:
        name, history = sku(one.series.sku or ""), len(one.series.ordered)
        if one.error is None and int((one.series.ordered > 0).sum()) == 1:
            single = {"sku": name, "units": units(float(one.series.ordered.sum())), "day": on(one.last_order())}
            found.append(finding("forecast_demand.single_day", "watch", _about(scope, one), **single))
            continue
        if not one.series.ordered[-QUIET_DAYS:].any() and history > QUIET_DAYS:
            quiet = {"sku": name, "last": on(one.last_order())}
            found.append(finding("forecast_demand.quiet", "watch", _about(scope, one), **quiet))
        elif one.error is None:
            short = {"sku": name, "days": days(history), "since": on(one.series.start)}
            found.append(finding("forecast_demand.short_history", "watch", _about(scope, one), **short))
    weak = [one for one in parts if one is not demand.total and 100 * (one.error or 0.0) >= WEAK_ERROR_PCT]
    for one in weak[:LISTED]:
        poor = {"sku": sku(one.series.sku or ""), "error": percent(100 * (one.error or 0.0))}
        found.append(finding("forecast_demand.weak", "watch", _about(scope, one), **poor))
    if len(weak) > LISTED:
        rest = [one.series.sku or "" for one in weak[LISTED:]]
        listed = several([sku(name) for name in rest])
        found.append(finding("forecast_demand.weak_more", "watch", About(skus=rest), skus=listed))
    friday = demand.total.black_friday()
    if friday is not None and not demand.total.event_known:
        found.append(
            finding("forecast_demand.black_friday_unknown", "watch", _about(scope, demand.total), day=on(friday[0]))
        )
    return found


def table(scope: Scope, shown: list[Forecast]) -> Table:
    """One row a series; the total, where there is one, first and called ALL."""
    places, ways = ", ".join(scope.countries) or "all", ", ".join(scope.channels) or "all"
    columns = [
        Column(name="sku", kind="sku"),
        Column(name="countries", kind="words"),
        Column(name="channels", kind="words"),
        Column(name="start", kind="date"),
        Column(name="end", kind="date"),
        Column(name="units", kind="units"),
        Column(name="low", kind="units"),
        Column(name="high", kind="units"),
        Column(name="units_before", kind="units"),
        Column(name="units_last_year", kind="units"),
        Column(name="error_pct", kind="percent"),
        Column(name="bias_pct", kind="percent"),
        Column(name="model", kind="code"),
    ]
    rows = [
        [
            one.series.sku or "ALL",
            places,
            ways,
            one.start.isoformat(),
            one.end.isoformat(),
            round(one.units),
            round(one.low),
            round(one.high),
            _whole(one.ordered_before()),
            _whole(one.ordered_last_year()),
            _points(one.error),
            _points(one.bias),
            one.model,
        ]
        for one in shown
    ]
    return Table(title="Demand forecast", columns=columns, rows=rows)


def _whole(amount: float | None) -> int | None:
    return None if amount is None else round(amount)


def _points(share: float | None) -> float | None:
    return None if share is None else round(100 * float(share), 1)
