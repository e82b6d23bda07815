"""Orders that are no demand that goes on: rings at one door, chargebacks, orders undone at once; honest doors stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, FIRST, Rows, build, line, order, refund, tiny_tables
from tools.contract import Finding
from tools.forecast_demand import ForecastDemand, run
from tools.forecasting.set_apart import LEAST_NAMES, Seen, lines_apart, rings, set_apart
from tools.messages import render

RING_DAYS = 6


def known(tables: dict[str, Rows]) -> None:
    """Every order of the tiny shop by a customer of its own, at home."""
    for row in tables["orders"]:
        home = row["country"]
        row |= {"customer_id": f"C-{row['order_id']}", "address_hash": f"H-{row['order_id']}"}
        row |= {"billing_country": home, "ip_country": home}


def ring(tables: dict[str, Rows], billing: str = "RO", units: int = 3) -> None:
    """Twelve orders by twelve customers to one door in the last six days."""
    for n in range(12):
        day = AS_OF - timedelta(days=n % RING_DAYS)
        tables["orders"].append(
            order(f"R{n}", day, "US", "shopify", "USD")
            | {"customer_id": f"X{n}", "address_hash": "DOOR", "billing_country": billing, "ip_country": "US"}
        )
        tables["order_lines"].append(line(f"R{n}", "BOT-750", units, "30.00"))


def changed(folder: Path, *changes: Callable[[dict[str, Rows]], None]) -> Shop:
    tables = tiny_tables()
    for change in changes:
        change(tables)
    return build(folder, tables)


def asked(shop: Shop, **arguments: Any) -> tuple[int, list[Finding], list[list[Any]]]:
    found = run(shop, ForecastDemand(skus=["BOT-750"], **arguments))
    apart = [one for one in found.assumptions if one.key.startswith("forecast_demand.apart_")]
    table = [one.rows for one in found.tables if one.title == "Orders set apart"]
    return int(str(found.findings[0].values["units"].value)), apart, table[0] if table else []


def test_a_ring_is_named_and_does_not_raise_the_forecast(tmp_path: Path) -> None:
    units, apart, rows = asked(changed(tmp_path, known, ring), countries=["US"])
    assert units == 60
    (said,) = apart
    assert said.key == "forecast_demand.apart_ring"
    assert [said.values[name].value for name in ("orders", "units")] == [12, 36]
    assert said.values["start"].value == AS_OF - timedelta(days=RING_DAYS - 1)
    assert len(rows) == 12
    assert sum(row[5] for row in rows) == 36
    assert render(said, "en").startswith("12 orders of 36 units")
    assert "欺诈" in render(said, "zh")


def test_a_dormitory_with_ordinary_orders_is_demand(tmp_path: Path) -> None:
    shop = changed(tmp_path, known, lambda tables: ring(tables, billing="US", units=2))
    assert set_apart(shop) == ()
    assert asked(shop)[0] > 60


def test_without_customers_and_addresses_nothing_is_called_a_ring(tmp_path: Path) -> None:
    def without(*facts: str) -> Callable[[dict[str, Rows]], None]:
        def forget(tables: dict[str, Rows]) -> None:
            for row in tables["orders"]:
                row |= dict.fromkeys(facts)

        return forget

    assert set_apart(changed(tmp_path, known, ring, without("ip_country"))) != ()
    for fact in ("customer_id", "address_hash", "billing_country"):
        assert set_apart(changed(tmp_path / fact, known, ring, without(fact))) == ()


@pytest.mark.parametrize(
    ("after", "units", "reason", "expected"),
    [
        (1, 2, "CHANGED_MIND", "undone"),
        (9, 2, "CHANGED_MIND", None),
        (1, 1, "CHANGED_MIND", None),
        (30, 2, "Chargeback: fraudulent", "charged_back"),
        (30, 1, "UNAUTHORISED_PAYMENT", "charged_back"),
    ],
)
def test_refunds_are_cancellations_only_at_once_or_by_the_bank(
    tmp_path: Path, after: int, units: int, reason: str, expected: str | None
) -> None:
    begun = FIRST + timedelta(days=3)

    def given_back(tables: dict[str, Rows]) -> None:
        back = refund("F1", "U3", "BOT-750", units, "30.00", begun + timedelta(days=after))
        tables["refunds"].append(back | {"reason": reason})

    found = set_apart(changed(tmp_path, given_back))
    assert [(one.order_id, one.reason) for one in found] == ([("U3", expected)] if expected else [])


def test_only_what_lies_in_the_scope_is_told(tmp_path: Path) -> None:
    shop = changed(tmp_path, known, ring)
    assert lines_apart(shop, ["BOT-500"], [], [], FIRST) == []
    assert lines_apart(shop, [], ["DE"], [], FIRST) == []
    assert lines_apart(shop, [], [], [], AS_OF + timedelta(days=1)) == []
    assert len(lines_apart(shop, [], ["US"], ["shopify"], AS_OF)) == 2


orders_at_doors = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 6), st.integers(0, 400), st.booleans()), max_size=40
)


@given(orders_at_doors, st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_what_is_set_apart_is_marked_and_of_many_names(rows: list[tuple[int, int, int, bool]], share: float) -> None:
    seen = [
        Seen(str(at), FIRST + timedelta(days=day), str(door), str(name), marked)
        for at, (door, name, day, marked) in enumerate(rows)
    ]
    found = rings(sorted(seen, key=lambda one: (one.door, one.day)), share)
    assert all(one.marked for one in found)
    assert len({one.order_id for one in found}) == len(found)
    for door in {one.door for one in found}:
        assert len({one.name for one in found if one.door == door}) >= LEAST_NAMES
    assert share < 0.5 or len(seen) > 9 or not found


@given(st.integers(4, 12), st.integers(0, 3))
@settings(max_examples=20, deadline=None)
def test_rare_marks_of_many_names_are_a_ring_and_common_ones_none(names: int, gap: int) -> None:
    spell = [Seen(str(n), FIRST + timedelta(days=gap * n), "A", str(n), True) for n in range(names)]
    assert rings(spell, 0.02) == spell
    assert rings(spell, 0.9) == []
    apart = [Seen(str(n), FIRST + timedelta(days=60 * n), "A", str(n), True) for n in range(names)]
    assert rings(apart, 0.02) == []
    steady = [Seen(str(n), FIRST + timedelta(days=20 * n), "A", str(n), True) for n in range(12)]
    assert rings(steady, 0.02) == []
