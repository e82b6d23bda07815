"""project_cash on shops whose cash can be worked out by hand, and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from shop.cash_facts import OPERATOR_FILE, Calendars, CashFacts, cash_facts
from shop.errors import ShopError
from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, Rows, build, tiny_tables
from tools.cash.outlook import outlook
from tools.cash.purchases import Pricing, open_purchases, payments
from tools.cash.views import LINES, statement
from tools.contract import Result, ToolError
from tools.registry import run

START = AS_OF + timedelta(days=1)
RATES = """
rates:
  - {what: duty_stack, value: 10, unit: pct}
  - {what: insurance, value: 0, unit: pct}
  - {what: origin_leg, value: 0, unit: pct}
  - {what: destination_leg, value: 0, unit: pct}
  - {what: exchange_margin, value: 0, unit: pct}
  - {what: exchange_rate, currency: EUR, value: 1.2, unit: USD}
  - {what: customs_value_includes_freight, value: 0, unit: flag}
"""


def shop_of(folder: Path, tables: dict[str, Rows] | None = None, cash: str = "") -> Shop:
    """The tiny shop with round rates and the operator's cash facts."""
    built = build(folder, tables)
    (folder / "rates.yaml").write_text(RATES, encoding="utf-8")
    if cash:
        (folder / OPERATOR_FILE).write_text(cash, encoding="utf-8")
    return built


def order(po: str, ordered: date, promised: date, received: date | None = None, **more: Any) -> dict[str, Any]:
    """1000 bottles at 8 dollars for Los Angeles."""
    return {
        "po_id": po, "supplier_id": "S-1", "sku": "BOT-750", "quantity": 1000, "unit_price": "8.00", "currency": "USD",
        "warehouse": "US-LAX", "ordered_on": ordered, "promised_on": promised, "received_on": received,
        "status": "open" if received is None else "received", **more,
    }  # fmt: skip


def with_orders(*orders: dict[str, Any]) -> dict[str, Rows]:
    tables = tiny_tables()
    for offer in tables["supplier_offers"]:
        offer |= {"deposit_pct": "30", "balance_days": 20, "incoterm": "FOB"}
    tables["products"][0] |= {"origin": "CN", "hs_code": "961700", "weight_g": "500", "volume_cm3": "1000"}
    tables["freight_rates"] = [
        {"origin": "CN", "destination": "US-LAX", "mode": "sea", "rate_per_kg": "1.00", "currency": "USD",
         "transit_days": "20", "effective_from": date(2025, 1, 1)},
    ]  # fmt: skip
    tables["purchase_orders"] = list(orders)
    return tables


def test_an_open_order_is_paid_by_its_terms(tmp_path: Path) -> None:
    # Promised for 10 December and nobody was ever late: shipped 20 days before, balance 20 days after that.
    shop = shop_of(tmp_path, with_orders(order("PO-1", date(2026, 10, 20), date(2026, 12, 10))))
    facts = cash_facts(shop.folder)
    (bought,) = open_purchases(shop, Pricing(shop, facts, Calendars(facts)))
    due = {one.kind: (one.day, one.amount) for one in payments(bought, lambda house, day: day)}
    assert due == {
        "deposit": (date(2026, 10, 20), Decimal("-2400.00")),
        "balance": (date(2026, 12, 10), Decimal("-5600.00")),
        "freight": (date(2026, 12, 10), Decimal("-500.00")),  # 1000 x 0.5 kg x 1 dollar
        "duty": (date(2026, 12, 10), Decimal("-800.00")),  # 10% of 8000
    }


def test_a_received_order_may_still_be_owed(tmp_path: Path) -> None:
    came = date(2026, 11, 12)
    shop = shop_of(tmp_path, with_orders(order("PO-1", date(2026, 9, 20), came, came)))
    found = outlook(shop, 4)
    assert found is not None
    balance = [due for one in found.orders for due in payments(one, found.back) if due.day >= START]
    assert [(due.kind, due.amount) for due in balance] == []  # 20 days after shipping is the day it came
    tables = with_orders(order("PO-1", date(2026, 9, 20), came, came))
    for offer in tables["supplier_offers"]:
        offer["balance_days"] = 40
    (tmp_path / "b").mkdir()
    later = outlook(shop_of(tmp_path / "b", tables), 4)
    assert later is not None
    owed = [due for one in later.orders for due in payments(one, later.back) if due.day >= START]
    assert [(due.kind, due.day, due.amount) for due in owed] == [("balance", date(2026, 12, 2), Decimal("-5600.00"))]


def test_every_week_adds_up_to_the_cent(tmp_path: Path) -> None:
    cash = "opening_balance: 1234.56\nfixed_costs:\n  - {name: rent, amount: 333.33, every: week, day: 1}\n"
    shop = shop_of(tmp_path, with_orders(order("PO-1", date(2026, 10, 20), date(2026, 12, 10))), cash)
    found = outlook(shop, 6)
    assert found is not None
    path = found.path()
    lines = statement(path, found.opening)
    assert lines[0][0] == Decimal("1234.56")
    for before, after in pairwise(lines):
        assert after[0] == before[-1]
    for week, line in enumerate(lines):
        assert line[-1] == sum(line[:-1], Decimal(0))
        assert float(line[-1]) == pytest.approx(float(path.cash.mean(axis=0)[week]), abs=0.01 * (week + 1) * len(LINES))
    rent = [name for name, _ in LINES].index("fixed costs and other") + 1
    assert [line[rent] for line in lines] == [Decimal("-333.33")] * 6


def test_known_past_sales_are_paid_out_by_hand(tmp_path: Path) -> None:
    # Nothing more is sold: only what was sold before still comes. 60 dollars a day on Shopify, 20 euros on Amazon.
    cash = (
        "payouts:\n"
        "  - {channel: shopify, after: sale, hold_days: 5}\n"
        "  - {channel: amazon, after: sale, hold_days: 9, every_days: 7, next_payout: 2026-11-20}\n"
    )
    shop = shop_of(tmp_path, None, cash)
    found = outlook(shop, 3)
    assert found is not None
    shopify, amazon = found._ratios(("US", "shopify"))[0], found._ratios(("DE", "amazon"))[0]
    due = found.path().moved["payouts_due"]
    # Shopify: sales of 11 to 15 November. Amazon: free 9 days later; 7 sales are settled on 20 November
    # (5 to 11 November), 4 on 27 November (12 to 15 November).
    assert due == pytest.approx([5 * 60 * (1 - shopify) + 7 * 24 * (1 - amazon), 4 * 24 * (1 - amazon), 0.0], abs=0.005)


def test_without_a_balance_cash_is_a_change_from_today(tmp_path: Path) -> None:
    shop = shop_of(tmp_path)
    result = run(shop, "project_cash", {"weeks": 4})
    assert "project_cash.no_opening" in keys(result)
    assert result.findings[0].key.startswith("project_cash.unknown")
    assert result.tables[0].rows[0][1] == "0.00"


def test_a_floor_that_breaks_is_named_with_what_is_missing(tmp_path: Path) -> None:
    cash = "opening_balance: 100\nfloor: 50\nfixed_costs:\n  - {name: loan, amount: 5000, every: week, day: 3}\n"
    result = run(shop_of(tmp_path, None, cash), "project_cash", {"weeks": 4})
    first = result.findings[0]
    assert (first.key, first.severity) == ("project_cash.short", "act")
    assert "project_cash.movements_fixed" in keys(result)
    assert first.values["first"].value == AS_OF + timedelta(days=7)
    assert first.values["missing"].value == 50 - Decimal(str(first.values["weak"].value))


def test_a_purchase_lowers_cash_by_its_cost(tmp_path: Path) -> None:
    tables = with_orders(
        order("PO-0", date(2026, 7, 1), date(2026, 8, 20), date(2026, 8, 20)),
        order("PO-1", date(2026, 10, 20), date(2026, 12, 10)),
    )
    shop = shop_of(tmp_path, tables, "opening_balance: 50000\n")
    found = outlook(shop, 12)
    assert found is not None
    profile = found.profile()
    dues = profile.dues(Decimal(8000), START, "new")
    # Goods 8000, freight 500 and duty 800 for every order of the shop.
    assert -sum(due.amount for due in dues) == pytest.approx(Decimal(9300), abs=Decimal("0.02"))
    with_it, without = found.path(dues=dues), found.path()
    assert without.cash[:, -1] - with_it.cash[:, -1] == pytest.approx(9300, abs=0.02)
    result = run(shop, "project_cash", {"weeks": 12, "purchase_amount": 8000, "purchase_week": 1})
    assert result.findings[0].values["cost"].value == 9300


def test_what_can_be_funded_just_keeps_the_floor(tmp_path: Path) -> None:
    tables = with_orders(order("PO-1", date(2026, 10, 20), date(2026, 12, 10)))
    shop = shop_of(tmp_path, tables, "opening_balance: 20000\nfloor: 1000\n")
    found = outlook(shop, 13)
    assert found is not None
    path = found.path()
    most = found.fundable(path, 0)
    assert most > 0
    just = found.path(dues=found.profile().dues(Decimal(round(most)), START, "new")).lowest[1]
    above = found.path(dues=found.profile().dues(Decimal(round(most * 1.05)), START, "new")).lowest[1]
    assert just == pytest.approx(found.floor, abs=3)
    assert above < found.floor - 3


def test_the_same_question_has_the_same_answer(tmp_path: Path) -> None:
    shop = shop_of(tmp_path)
    first, second = (run(shop, "project_cash", {"weeks": 5}) for _ in range(2))
    assert first.model_dump() == second.model_dump()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"purchase_amount": -5}, "purchase_amount"),
        ({"purchase_amount": 0}, "purchase_amount"),
        ({"purchase_amount": "NaN"}, "purchase_amount"),
        ({"purchase_week": 3}, "purchase_amount"),
        ({"weeks": 4, "purchase_amount": 100, "purchase_week": 5}, "purchase_week"),
        ({"weeks": 0}, "weeks"),
        ({"weeks": 60}, "52"),
    ],
)
def test_bad_arguments_get_one_sentence(tmp_path: Path, arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ToolError, match=named):
        run(shop_of(tmp_path), "project_cash", arguments)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("opening_balance: [1", "YAML"),
        ("opening_balence: 5", "opening_balance"),
        ("- 5", "opening_balance"),
        ("fixed_costs:\n  - {name: rent, amount: -5}", "fixed_costs.1.amount"),
        ("payouts:\n  - {channel: amazon, hold_days: -1}", "payouts.1.hold_days"),
        ("opening_balance: 5\ncurrency: XXQ", "XXQ"),
    ],
)
def test_a_wrong_cash_file_is_one_sentence(tmp_path: Path, text: str, named: str) -> None:
    shop = shop_of(tmp_path, None, text)
    with pytest.raises((ShopError, ToolError), match=named):
        run(shop, "project_cash", {})


def test_an_empty_shop_says_what_to_import(tmp_path: Path) -> None:
    tables = tiny_tables() | {"orders": [], "order_lines": [], "shipments": []}
    with pytest.raises(ToolError, match="pacer import"):
        run(shop_of(tmp_path, tables), "project_cash", {})


def test_the_operators_rows_count_before_the_reference(tmp_path: Path) -> None:
    shop = shop_of(
        tmp_path, None, "payouts:\n  - {channel: amazon, hold_days: 30}\nfilings:\n  - {country: NO, months: 1}\n"
    )
    calendars = Calendars(cash_facts(shop.folder))
    assert calendars.payout("amazon", AS_OF).hold_days == 30
    assert calendars.filing(("NO",), AS_OF).months == 1
    assert Calendars(CashFacts()).payout("amazon", date(2026, 1, 1)).after == "sale"
    assert Calendars(CashFacts()).payout("amazon", date(2026, 4, 1)).after == "delivery"


def keys(result: Result) -> set[str]:
    """Every key that was said."""
    return {one.key for one in (*result.findings, *result.assumptions, *result.warnings)}
