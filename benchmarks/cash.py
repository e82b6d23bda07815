"""The cash band against what really happened: `python -m benchmarks.cash`.

Two replays. "Books": the demo shop's books are cut at earlier days, cash is projected from what was known then, and
compared with the cash that the later books give under the same calendars (orders, refunds, discounts, parcels, ads as
they really were). "Truth": after the shop's own today, demand is drawn from the true means, meets the stock, and its
cash is compared. The orders the seller really placed afterwards are given to both, as the band speaks of demand.
Printed: share of week ends whose balance lay inside P10 to P90 (aim 75 to 85%), below and above it, and the mean error
of the middle case as a share of the weekly takings. `--seeds` builds further shops, `--cuts` sets how many days are
tried, `--demo FOLDER` uses a built shop.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shop.demo import build, truth
from shop.warehouse import Shop, writing
from tools.cash.engine import Flows, cash_path
from tools.cash.filings import Filing
from tools.cash.outlook import HIGH, LOW, Outlook
from tools.cash.outlook import Path as CashPath
from tools.cash.past import ledger
from tools.cash.paths import arriving, factors, sold
from tools.cash.payouts import Payout
from tools.cash.purchases import Bought
from tools.cash.sales import asked

Floats = NDArray[np.float64]
WEEKS, WEEK = 13, 7
PATHS = 600
GAP_DAYS = 35
DRAWS = 20
DISPERSION = 9.0  # of daily demand in the demo's truth


@dataclass(frozen=True)
class Score:
    """Week ends below, inside and above the band, and the middle case's error over a week's takings."""

    name: str
    below: int
    inside: int
    above: int
    errors: tuple[float, ...]

    @property
    def weeks(self) -> int:
        """Week ends compared."""
        return self.below + self.inside + self.above

    def line(self) -> str:
        """One row of the table."""
        n = max(self.weeks, 1)
        return (
            f"{self.name:<26} {self.weeks:>6} {100 * self.inside / n:>8.1f} {100 * self.below / n:>8.1f} "
            f"{100 * self.above / n:>8.1f} {100 * float(np.mean(self.errors)):>10.1f}"
        )


HEAD = f"{'replay':<26} {'weeks':>6} {'inside %':>8} {'below %':>8} {'above %':>8} {'bias % wk':>10}"
CUTS = {
    "orders": "ordered_at::DATE", "refunds": "refunded_at::DATE", "traffic": "day", "searches": "day", "ad_spend": "day",
    "inventory": "day", "shipments": "shipped_on", "prices": "effective_from", "purchase_orders": "ordered_on",
    "competitor_prices": "day", "inquiries": "received_at::DATE", "tickets": "received_at::DATE", "reviews": "reviewed_on",
}  # fmt: skip


def cut(folder: Path, day: date, target: Path) -> Shop:
    """The books of a shop as they stood at the end of a day."""
    shutil.copytree(folder / "books", target / "books")
    with writing(target, "cut the books") as books:
        for table, column in CUTS.items():
            books.execute(f"DELETE FROM {table} WHERE {column} > ?", [day])  # noqa: S608
        books.execute("DELETE FROM order_lines WHERE order_id NOT IN (SELECT order_id FROM orders)")
        books.execute("UPDATE shipments SET delivered_on = NULL WHERE delivered_on > ?", [day])
        books.execute(
            "UPDATE purchase_orders SET received_on = NULL, defects = NULL, status = 'open' WHERE received_on > ?",
            [day],
        )
        books.execute("INSERT OR REPLACE INTO settings VALUES ('as_of', ?)", [day.isoformat()])
    return Shop.open(target)


def given(now: Shop, later: Shop, found: Outlook) -> list[Bought]:
    """Orders placed after the cut, as they came in; those still open come when they were promised."""
    out = []
    for po, supplier, sku, house, units, ordered, promised, received, price, currency in later.rows(
        "SELECT po_id, supplier_id, sku, warehouse, quantity, ordered_on, promised_on, received_on, unit_price, currency "
        "FROM purchase_orders WHERE ordered_on > ? AND ordered_on <= ? AND status <> 'cancelled' ORDER BY po_id",
        [now.as_of, now.as_of + timedelta(days=WEEK * WEEKS)],
    ):
        bought = found.pricing.bought(
            po, sku, house, supplier, units, ordered, received or promised, 22.0, (price, currency)
        )
        if bought is not None:
            out.append(bought)
    return out


def books_replay(now: Shop, later: Shop) -> Score:
    """The band from the cut books, and the balance that the later books give."""
    wanted = asked(now, WEEK * WEEKS)
    assert wanted is not None
    found = Outlook(now, wanted, WEEKS, PATHS)
    found.orders += given(now, later, found)
    path = found.path()
    real = _real(found, later)
    return _score(f"books of {now.as_of}", path.at(LOW), path.at(50.0), path.at(HIGH), real[None, :], path)


def _real(found: Outlook, later: Shop) -> Floats:
    """The balance at each week's end from what was really sold, given back, spent and received."""
    last = found.start + timedelta(days=WEEK * WEEKS - 1)
    book = ledger(later, found.start, last)
    rates = {place: found._ratios(place) for place in book.places}
    at = {place: n for n, place in enumerate(found.all_places)}
    known = [n for n, place in enumerate(book.places) if place in at]
    sales = book.sales.T[known]
    refunds = book.refunds.T[known]
    share = np.array([found.rows.tax_share.get(book.places[n], 0.0) for n in known])[:, None]
    fees = np.array([rates[book.places[n]][0] for n in known])[:, None]
    place = np.array([at[book.places[n]] for n in known], dtype=np.int64)
    flows = found.flows()
    certain = {kind: money for kind, money in flows.certain.items() if kind not in ("refunds_due", "ads")}
    ads = np.zeros((1, WEEK * WEEKS))
    for day, spent in later.rows(
        "SELECT day, sum(spend)::DOUBLE FROM ad_spend WHERE day >= ? AND day <= ? GROUP BY 1", [found.start, last]
    ):
        ads[0, (day - found.start).days] = float(spent)
    certain["ads"] = -ads.reshape(WEEKS, WEEK).sum(axis=1)
    found_path: Floats = cash_path(
        Flows(
            found.start, WEEKS, sales, fees * sales, refunds, share * (sales - refunds),
            _running(found, later, [book.places[n] for n in known]), place, flows.payouts,
            np.where(share[:, 0] > 0, place, -1), flows.filings, certain=certain, opening=flows.opening,
        )
    )[0]  # fmt: skip
    return found_path


def _running(found: Outlook, later: Shop, places: Sequence[tuple[str, str]]) -> Floats:
    """Parcels at their real cost; storage and handling of returns as projected, per money of sales."""
    last = found.start + timedelta(days=WEEK * WEEKS - 1)
    before = found.start - timedelta(days=WEEK * WEEKS)
    spent, lately = _parcels(later, places, found.start, last), _parcels(later, places, before, found.shop.as_of)
    sales, then = ledger(later, found.start, last), ledger(later, before, found.shop.as_of)
    for n, place in enumerate(places):
        mine = [row for row, one in enumerate(found.rows.places) if one == place]
        projected = float(found.rows.running[mine].sum()) / max(float(found.rows.sales[mine].sum()), 1.0)
        sold = float(then.sales[:, then.places.index(place)].sum()) if place in then.places else 0.0
        other = max(projected - float(lately[n].sum()) / sold, 0.0) if sold else 0.0
        spent[n] += other * sales.sales[:, sales.places.index(place)]
    return spent


def _parcels(later: Shop, places: Sequence[tuple[str, str]], first: date, last: date) -> Floats:
    """Cost of parcels by place and day of the order."""
    spent = np.zeros((len(places), (last - first).days + 1))
    at = {place: n for n, place in enumerate(places)}
    for country, channel, day, cost in later.rows(
        "SELECT o.country, o.channel, o.ordered_at::DATE, sum(s.cost)::DOUBLE FROM shipments s JOIN orders o USING (order_id) "
        "WHERE o.ordered_at::DATE BETWEEN ? AND ? GROUP BY ALL ORDER BY ALL",
        [first, last],
    ):
        if (country, channel) in at:
            spent[at[country, channel], (day - first).days] += float(cost or 0.0)
    return spent


def truth_replay(folder: Path) -> Score:
    """Demand after today drawn from the true means, met by the stock the projection knows of."""
    shop = Shop.open(folder)
    wanted = asked(shop, WEEK * WEEKS)
    assert wanted is not None
    found = Outlook(shop, wanted, WEEKS, PATHS)
    path = found.path()
    known = truth.load(folder).demand
    start = np.datetime64(found.start)
    ahead = known[(known["day"] >= start) & (known["day"] < start + np.timedelta64(WEEK * WEEKS, "D"))]
    day = (ahead["day"].to_numpy().astype("datetime64[D]") - start).astype(int)
    rows: dict[tuple[str, str, str], int] = {}
    for n, (cell, place) in enumerate(zip(found.rows.cells, found.rows.places, strict=True)):
        rows.setdefault((cell[0], *place), n)
    lines = np.array([rows.get(key, -1) for key in zip(ahead["sku"], ahead["country"], ahead["channel"], strict=True)])
    means = np.zeros((len(found.rows.cells), WEEK * WEEKS))
    np.add.at(means, (lines[lines >= 0], day[lines >= 0]), ahead["mean"].to_numpy()[lines >= 0])
    return _truth_score(found, path, means)


def _truth_score(found: Outlook, path: CashPath, means: Floats) -> Score:
    rng = np.random.default_rng(7)
    place_of = {cell: n for n, cell in enumerate(found.cells)}
    group = np.array([place_of[cell] for cell in found.rows.cells])
    drawn = np.zeros((DRAWS, len(found.cells), WEEKS))
    for n in range(len(means)):
        units = rng.negative_binomial(
            DISPERSION, DISPERSION / (DISPERSION + np.maximum(means[n], 1e-9)), (DRAWS, WEEK * WEEKS)
        )
        drawn[:, group[n]] += units.reshape(DRAWS, WEEKS, WEEK).sum(axis=2)
    goods, left = arriving(found.cells, found.orders, found.start, WEEKS)
    assert found.asked.free is not None
    free = np.array([float(found.asked.free.get(cell, 0)) for cell in found.cells])
    met = sold(drawn, free, goods, left)
    flows = found.flows()
    expected = np.array([s.mean.reshape(WEEKS, WEEK).sum(axis=1) for s in found.asked.shelves.values()])
    real = cash_path(replace(flows, factors=factors(met, expected)))
    return _score("truth after today", path.at(LOW), path.at(50.0), path.at(HIGH), real, path)


def _score(name: str, low: Floats, middle: Floats, high: Floats, real: Floats, path: CashPath) -> Score:

    takings = float(np.mean(path.moved["payouts"] + path.moved["payouts_due"]))
    below, above = real < low, real > high
    return Score(
        name, int(below.sum()), int((~below & ~above).sum()), int(above.sum()),
        tuple(float(x) for x in ((middle - real) / takings).ravel()),
    )  # fmt: skip


def main() -> None:
    """Run the replays and print the table."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--demo", type=Path, help="a built demo shop; one is built where none is named")
    parser.add_argument("--seeds", type=int, nargs="*", default=[], help="further shops to build")
    parser.add_argument("--cuts", type=int, default=8, help="earlier days to project from")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as room:
        shops = [told.demo] if told.demo else []
        for seed in told.seeds or ([] if told.demo else [20261115]):
            shops.append(Path(room) / f"seed{seed}")
            build(shops[-1], seed)
        print(f"engine: 1000 paths x {WEEKS} weeks x 2000 SKU-markets in {engine_seconds():.2f} s")
        print(HEAD)
        scores = [score for shop in shops for score in replays(shop, told.cuts, Path(room))]
        for kind in ("books", "truth"):
            mine = [score for score in scores if score.name.startswith(kind)]
            if mine:
                print(_sum(f"all {kind}", mine).line())


def engine_seconds(rows: int = 2000, paths: int = 1000) -> float:
    """How long the engine takes for so many SKU-markets and paths, on made-up money."""
    rng = np.random.default_rng(1)
    sales = 100 * rng.random((rows, WEEK * WEEKS))
    pays = (Payout("settling", 7, 4, 14, date(2026, 1, 1), 3), Payout("card", 2, bank_days=1, business=True))
    flows = Flows(
        date(2026, 11, 16), WEEKS, sales, 0.2 * sales, 0.05 * sales, 0.1 * sales, 0.1 * sales, rng.integers(0, 2, rows),
        pays, rng.integers(-1, 1, rows), (Filing("quarterly"),), np.arange(rows),
        rng.random((paths, rows, WEEKS), dtype=np.float32), refund_lags=np.full(20, 0.05),
    )  # fmt: skip
    began = time.perf_counter()
    cash_path(flows)
    return time.perf_counter() - began


def replays(folder: Path, cuts: int, room: Path) -> list[Score]:
    """Every replay of one shop, printed as it comes."""
    later = Shop.open(folder)
    first = later.as_of - timedelta(days=WEEK * WEEKS)
    scores = []
    for n in range(cuts):
        place = room / f"{folder.name}-{n}"
        scores.append(books_replay(cut(folder, first - timedelta(days=GAP_DAYS * n), place), later))
        print(scores[-1].line(), flush=True)
        shutil.rmtree(place)
    scores.append(truth_replay(folder))
    print(scores[-1].line(), flush=True)
    return scores


def _sum(name: str, scores: Sequence[Score]) -> Score:
    return Score(
        name, sum(one.below for one in scores), sum(one.inside for one in scores), sum(one.above for one in scores),
        tuple(error for one in scores for error in one.errors),
    )  # fmt: skip


if __name__ == "__main__":
    main()
