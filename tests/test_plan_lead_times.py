"""How long goods take: closures by hand and against the holidays package, lateness learned and shrunk."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from shop.warehouse import Shop
from tests.test_plan_replenishment import received
from tests.tiny_shop import AS_OF, build, tiny_tables
from tools.replenishment.plan_bundles import Pair, pairs, partner
from tools.replenishment.plan_closures import closures, delayed
from tools.replenishment.plan_lead_times import OpenOrder, lead_times
from tools.replenishment.plan_offers import Offer, Tier, sources

CHANCE = np.random.default_rng(3).random((4000, 2))


def offer(lead: float = 30.0, sd: float = 3.0) -> Offer:
    return Offer(
        "O", "S-1", "S", "XX", "BOT-750", "USD", 1, lead, sd, None, (Tier(1, Decimal(8)),), 1, 1.0, False, False
    )


def shop_with(folder: Path, orders: list[dict[str, object]]) -> Shop:
    tables = tiny_tables()
    tables["purchase_orders"] = orders
    return build(folder, tables)


def test_an_order_waits_while_the_factory_is_closed() -> None:
    closed = next(one for one in closures("CN", date(2027, 1, 1), date(2027, 3, 1)) if one.name == "chinese_new_year")
    length = (closed.end - closed.start).days + 1
    before = closed.start - timedelta(days=10)
    assert delayed("CN", before, np.array([5.0, 10.0, 11.0, 20.0])).tolist() == [5, 10, 11 + length, 20 + length]
    assert delayed("CN", closed.start + timedelta(days=4), np.array([3.0])).tolist() == [3 + length - 4]
    assert delayed("US", date(2027, 1, 20), np.array([30.0])).tolist() == [30]


@pytest.mark.parametrize(("country", "name"), [("CN", "chinese_new_year"), ("VN", "tet")])
def test_the_lunar_new_year_lies_in_the_closures(country: str, name: str) -> None:
    import holidays

    for year in range(2024, 2030):
        known = holidays.country_holidays(country, years=year, language="en_US")
        first = min(day for day, told in known.items() if "Chinese New Year (" in told or told == "Lunar New Year")
        (one,) = [one for one in closures(country, first, first) if one.name == name]
        assert one.start < first < one.end


def test_lateness_is_learned_and_few_orders_count_for_less(tmp_path: Path) -> None:
    seen = []
    for count in (0, 2, 20):
        times = lead_times(shop_with(tmp_path / str(count), received("S-1", count, 50)))
        seen.append(float(np.mean(times.spent(offer(), "US-LAX", CHANCE).making)))
    assert seen[0] == pytest.approx(30, abs=0.5)
    assert 31 < seen[1] < 45
    assert seen[2] == pytest.approx(50, abs=1.5)
    assert seen == sorted(seen)


def test_a_supplier_that_scatters_is_drawn_scattering(tmp_path: Path) -> None:
    steady = received("S-1", 20, 30)
    wild = [
        row | {"received_on": row["received_on"] + timedelta(days=(-15 if n % 2 else 15))}
        for n, row in enumerate(received("S-1", 20, 30))
    ]
    spread = [
        float(np.std(lead_times(shop_with(tmp_path / name, rows)).spent(offer(), "US-LAX", CHANCE).making))
        for name, rows in (("steady", steady), ("wild", wild))
    ]
    assert spread[0] < 2.5
    assert spread[1] > 10


def test_open_orders_come_late_as_others_did_and_overdue_ones_after_today(tmp_path: Path) -> None:
    times = lead_times(shop_with(tmp_path, received("S-1", 20, 50)))
    due = OpenOrder("P", "S-1", "BOT-750", "US-LAX", 10, AS_OF, AS_OF + timedelta(days=10), False)
    assert float(np.median(times.arrival(due, CHANCE))) == pytest.approx(26, abs=5)  # promised 10, 20 late of 20
    late = OpenOrder("P", "S-1", "BOT-750", "US-LAX", 10, AS_OF, AS_OF - timedelta(days=40), True)
    drawn = times.arrival(late, CHANCE)
    assert drawn.min() >= 1
    assert 4 <= float(np.median(drawn)) <= 10  # nobody was ever forty days late: about a week from now


def test_defects_lower_what_can_be_sold(tmp_path: Path) -> None:
    rows = received("S-1", 4, 30, quantity=1000, defects=100)
    (clean,) = sources(shop_with(tmp_path / "a", received("S-1", 4, 30, quantity=1000)), ["BOT-750"])["BOT-750"].usable
    (bad,) = sources(shop_with(tmp_path / "b", rows), ["BOT-750"])["BOT-750"].usable
    assert clean.good_share > 0.99
    assert 0.90 < bad.good_share < 0.92


def test_pairs_are_counted_per_basket(tmp_path: Path) -> None:
    tables = tiny_tables()
    for n, row in enumerate(list(tables["order_lines"])):
        if row["sku"] == "BOT-750" and n % 4 == 0:  # every second of its orders also holds the cap
            tables["order_lines"].append({**row, "line": 2, "sku": "CAP-UV", "quantity": 1})
    (pair,) = [one for one in pairs(build(tmp_path, tables), ["CAP-UV"]) if one.partner == "BOT-750"]
    assert (pair.together, pair.along, pair.lines, pair.orders) == (35, 35, 70, 35)
    assert pair.lift == pytest.approx(1.0)  # nothing else to go with: no more than chance
    assert not pair.certain
    strong = Pair("A", "B", 300, 400, 400, 600, 5000, 2000)
    assert strong.lift == pytest.approx(300 / (400 * 600 / 4600))
    assert strong.certain
    assert partner("A", [strong], {"A": 10.0, "B": 50.0}, set()) == strong
    assert partner("A", [strong], {"A": 10.0, "B": 50.0}, {"B"}) is None
    assert partner("A", [strong], {"A": 60.0, "B": 50.0}, set()) is None
