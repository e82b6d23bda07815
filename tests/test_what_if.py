"""what_if on a shop small enough to work out by hand, and the identities that hold in every scenario."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.costs import economics, price_for_margin
from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, build, tiny_tables
from tools.contract import Result, ToolError
from tools.fulfillment.projection import Inbound, project
from tools.messages import render
from tools.registry import run
from tools.scenario.attribute import attribute, shapley
from tools.scenario.baseline import Baseline, baseline
from tools.scenario.changes import Change, levers
from tools.scenario.lever import Lever
from tools.scenario.solve import Engine, Outcome
from tools.scenario.supply import purchases
from tools.scenario.unit import PARTS, REVENUE

HORIZON = 30
CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    tables = tiny_tables()
    for row in tables["products"]:
        row |= {"weight_g": 400, "volume_cm3": 1500, "hs_code": "961700", "origin": "CN"}
    for day in range(3):
        ordered = AS_OF - timedelta(days=20 + day)
        tables["purchase_orders"].append(
            {
                "po_id": f"P{day}", "supplier_id": "S-1", "sku": "BOT-750", "quantity": 10, "unit_price": "8.00",
                "currency": "USD", "warehouse": "US-LAX", "ordered_on": ordered,
                "promised_on": AS_OF + timedelta(days=10 + day), "status": "open",
            }
        )  # fmt: skip
    return build(tmp_path_factory.mktemp("whatif") / "shop", tables)


@pytest.fixture(scope="module")
def base(shop: Shop) -> Baseline:
    found = baseline(shop, HORIZON)
    assert found is not None
    return found


def engine(shop: Shop, base: Baseline, *changes: dict[str, Any]) -> Engine:
    chosen = levers(shop, [Change(**one) for one in changes], HORIZON)
    return Engine(base, chosen, purchases(shop, base, chosen))


def solved(shop: Shop, base: Baseline, *changes: dict[str, Any]) -> tuple[Outcome, Outcome]:
    found = engine(shop, base, *changes)
    return found.solve(frozenset()), found.solve(found.everything)


def ask(shop: Shop, *changes: dict[str, Any], **more: Any) -> Result:
    return run(shop, "what_if", {"changes": list(changes), "horizon_days": HORIZON, **more})


def row(base: Baseline, sku: str) -> int:
    return next(at for at, one in enumerate(base.markets) if one.sku == sku)


def test_baseline_profit_is_the_cost_models_contribution(shop: Shop, base: Baseline) -> None:
    before = Engine(base, []).solve(frozenset())
    expected = sum(
        Decimal(repr(float(before.sold[at].sum()))) * (economics(shop, one.sku, one.country, one.channel).exact or 0)
        for at, one in enumerate(base.markets)
    )
    assert abs(before.profit - expected) <= CENT


def test_stock_runs_down_as_check_fulfillment_does(base: Baseline) -> None:
    before = Engine(base, []).solve(frozenset())
    for cell, (sku, house) in enumerate(base.cells):
        rows = np.flatnonzero(base.cell_of == cell)
        goods = tuple(
            Inbound(one.po_id, one.units, base.as_of + timedelta(days=one.day + 1), None)
            for one in base.arrivals
            if one.cell == cell
        )
        asked = [float(units) for units in base.demand[rows].sum(axis=0)]
        seen = project(sku, house, int(base.stock[cell]), base.as_of, asked, goods)
        assert before.lost[cell] == pytest.approx(seen.lost)
        assert before.left[cell] == pytest.approx(seen.stock)


NOTHING: list[dict[str, Any]] = [
    {"lever": "demand", "value": 0}, {"lever": "price", "value": "x1"}, {"lever": "freight", "value": 0},
    {"lever": "duty", "value": 0}, {"lever": "fx", "target": "EUR", "value": 0}, {"lever": "lead_time", "value": 0},
    {"lever": "ad_budget", "value": 0}, {"lever": "return_rate", "value": 0}, {"lever": "unit_cost", "value": 0},
    {"lever": "lead_time", "value": "0 days", "target": "S-2"},
]  # fmt: skip


@pytest.mark.parametrize("change", NOTHING, ids=lambda one: str(one["lever"]))
def test_a_change_of_nothing_changes_nothing(shop: Shop, base: Baseline, change: dict[str, Any]) -> None:
    before, after = solved(shop, base, change)
    assert after.parts == before.parts
    assert (after.sold == before.sold).all()
    assert (after.left == before.left).all()


def test_demand_doubled_where_stock_lasts_doubles_what_varies(shop: Shop, base: Baseline) -> None:
    full = replace(base, stock=base.stock + 10_000)
    before, after = solved(shop, full, {"lever": "demand", "value": "x2"})
    assert after.units == pytest.approx(2 * before.units)
    assert abs(after.parts["price"] - 2 * before.parts["price"]) <= 2 * CENT
    assert after.parts["advertising"] == before.parts["advertising"]
    assert after.parts["storage"] == before.parts["storage"]


def test_a_price_moves_demand_by_its_elasticity(shop: Shop, base: Baseline) -> None:
    at = row(base, "BOT-500")
    before, after = solved(shop, base, {"lever": "price", "target": "BOT-500", "value": 10})
    assert after.asked[at].sum() == pytest.approx(before.asked[at].sum() * 1.1 ** base.response[at])
    other = row(base, "BOT-750")
    assert (after.asked[other] == before.asked[other]).all()


def test_freight_moves_only_the_freight_part_and_duty_on_it(shop: Shop, base: Baseline) -> None:
    before, after = solved(shop, base, {"lever": "freight", "value": 50})
    told = {name: after.parts[name] - before.parts[name] for name in PARTS if after.parts[name] != before.parts[name]}
    assert set(told) <= {"landed_cost", "resale_value"}
    assert told["landed_cost"] < 0


def test_freight_in_two_halves_is_freight_at_once(shop: Shop, base: Baseline) -> None:
    halves = [{"lever": "freight", "value": v, "target": w} for v, w in ((30, "US-LAX"), (30, "EU-RTM"))]
    assert solved(shop, base, *halves)[1].parts == solved(shop, base, {"lever": "freight", "value": 30})[1].parts


def test_duty_points_are_a_share_of_the_customs_value(shop: Shop, base: Baseline) -> None:
    one = engine(shop, base, {"lever": "duty", "value": 10, "target": "US"})
    two = engine(shop, base, {"lever": "duty", "value": 20, "target": "US"})
    at = row(base, "BOT-750")
    landed = PARTS.index("landed_cost")
    step = [one.units.row(at, one.everything)[0][landed], two.units.row(at, two.everything)[0][landed]]
    start = one.units.row(at, frozenset())[0][landed]
    assert step[1] - start == pytest.approx(2 * (step[0] - start))
    assert step[0] < start
    other = row(base, "BOT-500")
    assert (one.units.row(other, one.everything)[0] == one.units.row(other, frozenset())[0]).all()


def test_a_foreign_currency_scales_its_revenue_and_the_base_the_others(shop: Shop, base: Baseline) -> None:
    before, after = solved(shop, base, {"lever": "fx", "target": "EUR", "value": 10})
    euro = row(base, "BOT-500")
    worth = before.by_row[euro]
    assert after.by_row[euro] != pytest.approx(worth)
    dollar = solved(shop, base, {"lever": "fx", "target": "USD", "value": Decimal(100) / Decimal("1.1") - 100})[1]
    assert float(dollar.revenue) == pytest.approx(float(after.revenue), abs=0.05)


def test_unit_cost_in_money_is_the_cost_model_under_that_price(shop: Shop, base: Baseline) -> None:
    found = engine(shop, base, {"lever": "unit_cost", "target": "BOT-750", "value": "16 USD"})
    at = row(base, "BOT-750")
    landed = PARTS.index("landed_cost")
    before, after = (found.units.row(at, active)[0][landed] for active in (frozenset[int](), found.everything))
    assert after < before - 7.9


def test_late_goods_come_late_and_a_supplier_that_is_out_brings_none(shop: Shop, base: Baseline) -> None:
    usual, late = solved(shop, base, {"lever": "lead_time", "value": "7 days"})
    first = np.flatnonzero(usual.came.sum(axis=0))
    assert list(np.flatnonzero(late.came.sum(axis=0))) == [day + 7 for day in first]
    out = solved(shop, base, {"lever": "supplier_out", "target": "S-1"})[1]
    assert out.came.sum() == 0
    assert out.lost_units > usual.lost_units


def test_a_purchase_comes_after_its_lead_time(shop: Shop, base: Baseline) -> None:
    found = engine(shop, base, {"lever": "purchase", "target": "BOT-750", "value": 100})
    (bought,) = found.bought
    assert bought.took >= 30
    assert bought.supplier == "S-1"
    assert found.solve(found.everything).came.sum() == 30 + (100 if bought.day < HORIZON else 0)


def test_days_outside_a_change_stay_as_they_are(shop: Shop, base: Baseline) -> None:
    start, end = AS_OF + timedelta(days=6), AS_OF + timedelta(days=8)
    before, after = solved(shop, base, {"lever": "demand", "value": 50, "start": start, "end": end})
    assert after.asked[:, 5:8] == pytest.approx(1.5 * before.asked[:, 5:8])
    assert (after.asked[:, :5] == before.asked[:, :5]).all()
    assert (after.asked[:, 8:] == before.asked[:, 8:]).all()


def test_keep_margin_is_solved_by_the_cost_model(shop: Shop) -> None:
    result = ask(shop, {"lever": "price", "target": "BOT-750, US, shopify", "value": "keep 30%"})
    assert result.findings[0].key == "what_if.kept"
    expected = price_for_margin(shop, "BOT-750", "US", "shopify", 30)
    assert result.findings[0].values["price"].value == expected


def test_shapley_is_the_mean_over_all_orders() -> None:
    worth = {frozenset(c): Decimal(hash_of(c)) for size in range(5) for c in itertools.combinations(range(4), size)}
    found = shapley(worth.__getitem__, 4)
    for n in range(4):
        adds = [
            worth[frozenset(order[: order.index(n) + 1])] - worth[frozenset(order[: order.index(n)])]
            for order in itertools.permutations(range(4))
        ]
        assert abs(found[n] - sum(adds, Decimal(0)) / len(adds)) < Decimal("1e-20")


def hash_of(chosen: tuple[int, ...]) -> int:
    return sum((7 * n + 3) ** 2 for n in chosen) * (len(chosen) + 1) % 97


SETS = st.lists(
    st.sampled_from(
        [
            {"lever": "demand", "value": 30}, {"lever": "demand", "value": -40, "target": "DE"},
            {"lever": "price", "value": 7, "target": "BOT-750"}, {"lever": "price", "value": -9, "target": "amazon"},
            {"lever": "unit_cost", "value": 13}, {"lever": "freight", "value": 45}, {"lever": "duty", "value": 11},
            {"lever": "fx", "value": -6, "target": "EUR"}, {"lever": "lead_time", "value": 60},
            {"lever": "supplier_out", "target": "S-1"}, {"lever": "ad_budget", "value": 40},
            {"lever": "return_rate", "value": 25}, {"lever": "promotion", "value": 15, "target": "BOT-500"},
            {"lever": "purchase", "value": 100, "target": "BOT-750"},
        ]
    ),
    min_size=1, max_size=5, unique_by=lambda one: (one["lever"], one.get("target")),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SETS)
def test_money_adds_up_and_so_do_the_shares(shop: Shop, base: Baseline, changes: list[dict[str, Any]]) -> None:
    found = engine(shop, base, *changes)
    told = attribute(lambda active: found.solve(active).profit, len(found.levers), base.base)
    before, after = found.solve(frozenset()), found.solve(found.everything)
    for one in (before, after):
        assert sum(one.parts.values(), Decimal(0)) == one.profit
        assert sum((one.parts[PARTS[at]] for at in REVENUE), Decimal(0)) == one.revenue
        assert one.profit == one.profit.quantize(CENT)
        here = base.cell_of >= 0
        goods = one.came.sum(axis=1) + base.stock
        assert one.left[:, -1] == pytest.approx(
            goods - np.bincount(base.cell_of[here], one.sold[here].sum(axis=1), len(goods))
        )
        assert one.asked.sum() == pytest.approx(one.sold.sum() + one.lost.sum())
        assert one.left.min() >= 0
    assert told.total == after.profit - before.profit
    assert sum(told.shares, Decimal(0)) + told.interaction == told.total
    assert sum(told.alone, Decimal(0)) + told.together == told.total


def test_nine_levers_are_shared_out_to_the_cent() -> None:
    values = [Decimal(n * n) for n in range(1, 10)]

    def worth(active: frozenset[int]) -> Decimal:
        return sum((values[n] for n in active), Decimal(0)) * (1 + Decimal(len(active)) / 100)

    told = attribute(worth, 9, "USD")
    assert not told.exact
    assert sum(told.shares, Decimal(0)) == told.total.quantize(CENT)


BAD: list[tuple[Any, str]] = [
    ([], "Say what changes"),
    ([{"lever": "weather", "value": 3}], "no lever weather"),
    ([{"lever": "demand"}], "by how much"),
    ([{"lever": "demand", "value": "a lot"}], "no amount"),
    ([{"lever": "demand", "value": float("nan")}], "no amount"),
    ([{"lever": "demand", "value": -150}], "must lie between"),
    ([{"lever": "demand", "value": 5, "target": "Mars"}], "Mars"),
    ([{"lever": "fx", "value": 5, "target": "ZZZ"}], "no currency"),
    ([{"lever": "fx", "value": 5}], "needs a target"),
    ([{"lever": "supplier_out", "target": "S-77"}], "no supplier"),
    ([{"lever": "demand", "value": 5, "start": "2020-01-01"}], "lie between"),
    ([{"lever": "demand", "value": 5, "start": "2027-12-01"}], "lie between"),
    ([{"lever": "demand", "value": 5, "start": "tomorrow-ish"}], "no day"),
    ([{"lever": "demand", "value": 5, "start": "2026-11-25", "end": "2026-11-20"}], "before it starts"),
    ([{"lever": "demand", "value": 5}, {"lever": "demand", "value": -5}], "changed twice"),
    ([{"lever": "price", "value": "keep 97%", "target": "BOT-750"}], "the most that any price keeps"),
    ([{"lever": "price", "value": "12 CHF", "target": "BOT-750"}], "in USD"),
    ([{"lever": "purchase", "value": 100, "target": "US-LAX"}], "needs a target"),
    ([{"lever": "purchase", "value": 100, "target": "CAP-UV"}], "CAP-UV"),
    ([{"lever": "supplier_out", "target": "S-1"}, {"lever": "purchase", "value": 9, "target": "BOT-750, S-1"}], "cannot be out"),
    ("everything", "list"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "words"), BAD)
def test_what_cannot_be_is_one_clear_sentence(shop: Shop, changes: Any, words: str) -> None:
    with pytest.raises(ToolError) as refused:
        run(shop, "what_if", {"changes": changes, "horizon_days": HORIZON})
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith((".", "。"))


def test_an_empty_shop_is_refused(tmp_path: Path) -> None:
    empty = build(tmp_path / "empty", {})
    with pytest.raises(ToolError):
        run(empty, "what_if", {"changes": [{"lever": "demand", "value": 5}]})


def test_the_answer_comes_first_in_both_languages(shop: Shop) -> None:
    result = ask(shop, {"lever": "demand", "value": -20}, {"lever": "return_rate", "value": 50})
    assert result.findings[0].key == "what_if.less_share"
    assert "fall" in render(result.findings[0], "en")
    assert "减少" in render(result.findings[0], "zh")
    assert {table.title for table in result.tables} >= {"What each change does to gross profit", "Where it falls"}
    assert result.charts
    assert result.data_used.reference


def test_a_lever_on_nothing_says_so(shop: Shop) -> None:
    result = ask(shop, {"lever": "fx", "target": "JPY", "value": 5})
    assert result.findings[0].key == "what_if.same"
    assert "what_if.moves_nothing" in {one.key for one in result.warnings}


def test_levers_name_what_they_touch() -> None:
    lever = Lever("demand", None, (("sku", "A"), ("country", "US")), 0, 1)  # type: ignore[arg-type]
    assert lever.touches("sku", "A")
    assert not lever.touches("sku", "B")
    assert lever.touches("channel", "amazon")
