"""Cases to restock: the demo shop's hidden truth and a real shop's demand, both with lead times of real deliveries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.inventory_world import Case

Ints = NDArray[np.int64]
DATA = Path(__file__).parents[2] / "shared" / "data"
WEEK = 7
FEWEST_SHIPMENTS = 20
PROMISES = (14, 365)  # days a shipment was scheduled ahead
SHORT_PROMISES = (14, 70)
LEAST_HISTORY = 5
DEMO_WEEKS = 52
RETAIL_HISTORY, RETAIL_WEEKS = 12, 40
RETAIL_PROFIT, RETAIL_HOLDING = 0.4, 0.006  # of the price: of a unit sold, of a unit left for a week
SAFETY_WEEKS = 2


@dataclass(frozen=True)
class Lane:
    """Shipments of one vendor, or out of the distribution centre to one country: days scheduled, days taken."""

    name: str
    scheduled: Ints
    actual: Ints


def lanes(path: Path = DATA / "scms_delivery_history.parquet") -> list[Lane]:
    """Lanes of at least 20 shipments, each shipment once.

    The clock starts when the order was sent to the vendor, or where goods left a distribution centre when the
    quotation was sent. Starting days written year first are garbled in the source and left out.
    """
    import duckdb

    rows = duckdb.execute(
        """WITH shipments AS (
          SELECT DISTINCT if("Fulfill Via" = 'From RDC', 'RDC to ' || "Country", "Vendor") AS lane, "ASN/DN #" AS shipment,
            coalesce(try_strptime("PO Sent to Vendor Date", '%m/%d/%y'),
                     try_strptime("PQ First Sent to Client Date", '%m/%d/%y'))::DATE AS start,
            strptime("Scheduled Delivery Date", '%d-%b-%y')::DATE AS scheduled,
            strptime("Delivered to Client Date", '%d-%b-%y')::DATE AS actual
          FROM read_parquet(?))
        SELECT lane, list(scheduled - start ORDER BY shipment, start, scheduled, actual),
          list(actual - start ORDER BY shipment, start, scheduled, actual)
        FROM shipments WHERE scheduled - start BETWEEN ? AND ? AND actual > start
        GROUP BY lane HAVING count(*) >= ? ORDER BY lane""",
        [str(path), *PROMISES, FEWEST_SHIPMENTS],
    ).fetchall()
    return [Lane(name, np.array(scheduled), np.array(actual)) for name, scheduled, actual in rows]


def choose(known: Sequence[Lane], rng: np.random.Generator) -> Lane:
    """A lane, as often as it has shipments."""
    share = np.array([len(lane.actual) for lane in known], dtype=float)
    return known[int(rng.choice(len(known), p=share / share.sum()))]


def weeks(days: float) -> int:
    """Whole periods until goods ordered at the beginning of a week can be sold."""
    return max(0, math.ceil(round(days, 6) / WEEK))


def lead_times(lane: Lane, promised_days: float, periods: int, rng: np.random.Generator) -> tuple[int, ...]:
    """True lead time in periods of an order placed in each period: the promise times a resampled actual / scheduled."""
    drawn = rng.integers(len(lane.actual), size=periods)
    return tuple(weeks(promised_days * lane.actual[k] / lane.scheduled[k]) for k in drawn)


def opening(history: Sequence[int], promised: int) -> int:
    """Stock to begin with: the demand usual lately over the promised lead time and two weeks."""
    return round(float(np.mean(history[-8:])) * (promised + SAFETY_WEEKS))


def demo_cases(folder: Path, seed: int, known: Sequence[Lane]) -> list[Case]:
    """A year of every SKU and warehouse of a demo shop, with the year before it as history.

    Demand is drawn anew from the true means: retail negative binomial by day, country and channel, wholesale as whole
    orders. Profit is the mean contribution of a unit over the places the warehouse serves, holding that of the shop's
    cost model, both in US dollars. A SKU on sale for less than five weeks before the year is left out.
    """
    from shop.demo.parameters import AS_OF

    first = AS_OF - timedelta(days=DEMO_WEEKS * WEEK - 1)
    promises = _promises(folder)
    stakes = _stakes(folder, first)
    found = []
    for place, (sku, house, demand) in enumerate(_weekly_truth(folder, seed)):
        history = list(demand[:-DEMO_WEEKS])
        while history and not history[0]:
            history.pop(0)
        if len(history) < LEAST_HISTORY or (sku, house) not in promises:
            continue
        rng = np.random.default_rng([seed, 1, place])
        days = promises[sku, house]
        profit, holding = stakes[sku, house]
        begins = first - timedelta(weeks=len(history))
        labels = tuple((begins + timedelta(weeks=k)).isoformat() for k in range(len(history) + DEMO_WEEKS))
        leads = lead_times(choose(known, rng), days, DEMO_WEEKS, rng)
        found.append(
            Case(f"{sku} {house}", labels, tuple(map(int, history)), tuple(map(int, demand[-DEMO_WEEKS:])),
                 weeks(days), leads, profit, holding, opening(history, weeks(days)))
        )  # fmt: skip
    return found


def _weekly_truth(folder: Path, seed: int) -> list[tuple[str, str, Ints]]:
    """Drawn demand by SKU and warehouse in whole weeks up to the shop's today, oldest first."""
    from shop.demo import truth
    from shop.demo.demand import cartons
    from shop.demo.parameters import AS_OF, DISPERSION, HISTORY_DAYS, PRODUCTS, SKUS, WAREHOUSES

    serves = {country: house for house, _, countries in WAREHOUSES for country in countries.split("|")}
    packs = {product.sku: product.pack_size for product in PRODUCTS}
    frame = truth.load(folder).demand
    frame = frame[frame["day"].dt.date <= AS_OF].sort_values(["sku", "country", "channel", "day"])
    rng = np.random.default_rng([seed, 0])
    mean = frame["mean"].to_numpy()
    drawn = rng.negative_binomial(DISPERSION, DISPERSION / (DISPERSION + mean))
    whole = (frame["channel"] == "alibaba").to_numpy()
    usual = float(np.mean(cartons(np.random.default_rng(0), 100_000)))
    pack = frame["sku"].map(packs).to_numpy()[whole]
    orders = rng.poisson(mean[whole] / (pack * usual))
    drawn[whole] = [int(cartons(rng, n).sum()) * size if n else 0 for n, size in zip(orders, pack, strict=True)]
    house = frame["country"].map(serves).where(~whole, serves["CN"])
    span = HISTORY_DAYS // WEEK
    week = span - 1 - np.array([(AS_OF - day).days // WEEK for day in frame["day"].dt.date])
    units: dict[tuple[str, str], Ints] = {
        (sku, place): np.zeros(span, np.int64) for sku in SKUS for place, *_ in WAREHOUSES
    }
    for sku, place, at, count in zip(frame["sku"], house, week, drawn, strict=True):
        if at >= 0:
            units[sku, place][at] += count
    return [(sku, place, demand) for (sku, place), demand in units.items()]


def _promises(folder: Path) -> dict[tuple[str, str], float]:
    """Days promised by the supplier a warehouse orders a SKU from most often."""
    from shop.warehouse import Shop

    return {
        (sku, house): float(days)
        for sku, house, days in Shop.open(folder).rows(
            "SELECT sku, warehouse, median(promised_on - ordered_on) FROM purchase_orders "
            "WHERE promised_on IS NOT NULL GROUP BY sku, warehouse, supplier_id "
            "QUALIFY row_number() OVER (PARTITION BY sku, warehouse ORDER BY count(*) DESC, supplier_id) = 1"
        )
    }


def _stakes(folder: Path, since: date) -> dict[tuple[str, str], tuple[float, float]]:
    """Profit of a unit sold and holding of a unit and week, by SKU and warehouse."""
    from shop.costs import economics, holding_cost_per_day
    from shop.demo import truth
    from shop.demo.parameters import WAREHOUSES
    from shop.warehouse import Shop

    shop = Shop.open(folder)
    serves = {country: house for house, _, countries in WAREHOUSES for country in countries.split("|")}
    frame = truth.load(folder).demand
    frame = frame[(frame["day"].dt.date >= since) & (frame["day"].dt.date <= shop.as_of)]
    earned: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for (sku, country, channel), mean in frame.groupby(["sku", "country", "channel"])["mean"].sum().items():
        unit = economics(shop, sku, country, channel).exact
        if unit is None:
            raise ValueError(f"The books do not tell what {sku} earns in {country}.")
        house = serves["CN"] if channel == "alibaba" else serves[country]
        earned.setdefault((sku, house), []).append((float(mean), float(unit)))
    return {
        (sku, house): (
            float(np.average([unit for _, unit in cells], weights=[mean for mean, _ in cells])),
            WEEK * float(holding_cost_per_day(shop, sku, house)),
        )
        for (sku, house), cells in earned.items()
    }


def retail_cases(
    seed: int, known: Sequence[Lane], products: int, path: Path = DATA / "online_retail.parquet"
) -> list[Case]:
    """Forty weeks of the best-selling products of a giftware shop after twelve weeks of history.

    Demand is what was sold in whole weeks; purchases the same customer cancelled in full are no demand. The promise is
    that of a real shipment scheduled 14 to 70 days ahead. Profit is 40% of the median price, a week on the shelf costs
    1% of the rest of it, both in pounds.
    """
    import duckdb

    rows = duckdb.execute(
        """WITH lines AS (SELECT StockCode::VARCHAR AS sku, InvoiceDate::DATE AS day, Quantity AS units, UnitPrice AS price,
            CustomerID AS customer, InvoiceNo::VARCHAR AS invoice FROM read_parquet(?)),
        asked AS (SELECT * FROM lines AS a WHERE units > 0 AND price > 0 AND invoice NOT LIKE 'C%' AND NOT EXISTS (
            SELECT 1 FROM lines AS c WHERE c.invoice LIKE 'C%' AND c.sku = a.sku AND c.customer = a.customer
            AND c.units = -a.units AND c.day >= a.day))
        SELECT sku, median(price) AS price, list({'day': day, 'units': units}) FROM asked
        WHERE regexp_matches(sku, '^[0-9]{5}') GROUP BY sku ORDER BY sum(units) DESC, sku LIMIT ?""",
        [str(path), 3 * products],
    ).fetchall()
    begins = date(2010, 12, 6)  # a Monday; the weeks before and after are cut by the data's ends
    span = RETAIL_HISTORY + RETAIL_WEEKS
    labels = tuple((begins + timedelta(weeks=k)).isoformat() for k in range(span))
    short = [
        (lane, days) for lane in known for days in lane.scheduled if SHORT_PROMISES[0] <= days <= SHORT_PROMISES[1]
    ]
    found = []
    for place, (sku, price, sales) in enumerate(rows):
        units = np.zeros(span, np.int64)
        for sale in sales:
            at = (sale["day"] - begins).days // WEEK
            if 0 <= at < span:
                units[at] += sale["units"]
        history, demand = units[:RETAIL_HISTORY], units[RETAIL_HISTORY:]
        if np.count_nonzero(history) < LEAST_HISTORY:
            continue
        rng = np.random.default_rng([seed, 2, place])
        lane, days = short[int(rng.integers(len(short)))]
        leads = lead_times(lane, float(days), RETAIL_WEEKS, rng)
        found.append(
            Case(sku, labels, tuple(map(int, history)), tuple(map(int, demand)), weeks(float(days)), leads,
                 RETAIL_PROFIT * price, RETAIL_HOLDING * price, opening(history.tolist(), weeks(float(days))))
        )  # fmt: skip
        if len(found) == products:
            break
    return found
