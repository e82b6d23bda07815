"""A change said in many ways is filed as one clear proposal, or refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shop.journal import proposals
from shop.warehouse import Shop
from tests.tiny_shop import build, line, offer, order, price, tiny_tables
from tools.contract import Result, ToolError
from tools.messages import render
from tools.registry import run


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    tables = tiny_tables()
    tables["prices"] += [
        price("CAP-UV", "US", "shopify", "15.00", "USD"),
        price("CAP-UV", "DE", "amazon", "14.00", "EUR"),
    ]
    tables["orders"].append(order("J1", tables["inventory"][0]["day"], "JP", "shopify", "JPY"))
    tables["order_lines"].append(line("J1", "BOT-500", 1, "3000"))
    tables["suppliers"].append({"supplier_id": "S-9", "name": "Too Good", "country": "CN", "bank_country": "HK"})
    tables["supplier_offers"].append(offer("O-9", "S-9", "BOT-750", 1, "1.00", moq=1, lead=5))
    return build(tmp_path, tables)


def propose(shop: Shop, kind: str, payload: Any) -> Result:
    return run(shop, "propose_change", {"kind": kind, "payload": payload})


def refused(shop: Shop, kind: str, payload: Any) -> str:
    with pytest.raises(ToolError) as error:
        propose(shop, kind, payload)
    assert proposals(shop.folder) == []
    return str(error.value)


@pytest.mark.parametrize(
    "payload",
    [
        {"sku": "BOT-750", "country": "US", "channel": "shopify", "price": "27.00", "currency": "USD"},
        {"sku": "bot-750", "country": "us", "channel": "Shopify", "price": 27},
        {"sku": "BOT-750", "new_price": "27.00 USD"},
        {"skus": ["big bottle"], "amount": "$27"},
        {"sku": "BOT-750", "price": {"amount": 27.0, "currency": "usd"}, "old_price": 30, "reason": "sale"},
        {"sku": "BOT-750", "countries": ["United States"], "change_pct": -10},
        {"sku": "BOT-750", "percent": "-10%", "effective_from": "2026-11-15"},
        '{"sku": "BOT-750", "price": "27,00"}',
    ],
)
def test_one_price_said_in_many_ways(shop: Shop, payload: Any) -> None:
    found = propose(shop, "price", payload)
    (made,) = found.proposals
    assert (made.id, made.status) == ("P-0001", "pending")
    assert made.payload == {
        "sku": "BOT-750", "country": "US", "channel": "shopify", "price": "27.00", "currency": "USD",
        "effective_from": "2026-11-15",
    }  # fmt: skip
    assert made.expected_before == {"price": "30.00", "currency": "USD"}
    assert [one.id for one in proposals(shop.folder, "pending")] == ["P-0001"]
    assert render(found.findings[0], "en") == (
        "Filed P-0001 for your approval: lower BOT-750 in United States on Shopify from $30.00 to $27.00 (down 10%), "
        "from Nov 15, 2026 on."
    )
    assert "sold 56 units" in render(found.findings[1], "en")
    assert found.warnings == []
    assert not (shop.folder / "changes").exists()


def test_low_and_large_changes_are_warned_of(shop: Shop) -> None:
    found = propose(shop, "price", {"sku": "BOT-750", "price": "7.99"})
    told = [render(one, "en") for one in found.warnings]
    assert told[0] == "The new price $7.99 is below the unit cost of $8.00."
    assert told[1].startswith("The price moves by 73.4%, more than 30%")
    safe = propose(shop, "price", {"sku": "BOT-750", "price": "39.00"})
    assert safe.warnings == []


def test_cost_is_compared_in_the_price_s_currency(shop: Shop) -> None:
    low = propose(shop, "price", {"sku": "BOT-500", "country": "DE", "price": "1.00 EUR"})
    assert "propose_change.below_cost" in [one.key for one in low.warnings]


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"price": 3}, "A price payload needs sku and price"),
        ({"sku": "BOT-750"}, "A price payload needs sku and price"),
        (
            {"sku": "BOT-750", "price": 3, "colour": "red"},
            "A price payload has no field colour; it takes sku, country,",
        ),
        ({"sku": "BOT-750", "price": "cheap"}, "price must be a number such as 29.90, not 'cheap'."),
        ({"sku": "BOT-750", "price": 1e-7}, "price: a price in USD has at most 2 decimals"),
        ({"sku": "BOT-750", "price": float("nan")}, "price must be"),
        ({"sku": "BOT-750", "price": True}, "price must be a number such as 29.90"),
        ({"sku": "BOT-750", "price": -3}, "price must be above 0, not -3."),
        ({"sku": "BOT-750", "price": "27.999"}, "price: a price in USD has at most 2 decimals, not 27.999."),
        ({"sku": "BOT-750", "price": "30"}, "BOT-750 already costs 30 USD in US on shopify"),
        ({"sku": "BOT-750", "price": "25 EUR"}, "Prices in US are in USD; give the price in USD, not EUR."),
        ({"sku": "BOT-750", "price": 3, "effective_from": "soon"}, "effective_from must be a date such as"),
        ({"sku": "BOT-750", "price": 3, "effective_from": "2026-11-01"}, "effective_from must be 2026-11-15 or later"),
        ({"sku": "BOT-999", "price": 3}, "There is no SKU BOT-999; nearest: BOT-"),
        ({"sku": "BOT-750", "country": "BR", "price": 3}, "This shop has no sales to BR; it sells to "),
        ({"sku": "CAP-UV", "country": "JP", "price": 12}, "CAP-UV is not sold in JP yet; say country and channel."),
        ({"skus": ["BOT-750", "BOT-500"], "price": 3}, "A price payload is about one sku; file one proposal for each."),
        ({"sku": "BOT-500", "country": "JP", "price": "3100.5"}, "price: a price in JPY has at most 0 decimals"),
        ("not json", "payload must be a JSON object"),
    ],
)
def test_bad_price_payloads(shop: Shop, payload: Any, sentence: str) -> None:
    assert refused(shop, "price", payload).startswith(sentence)


def test_a_price_without_country_is_for_the_markets_of_its_currency(shop: Shop) -> None:
    found = propose(shop, "price", {"sku": "CAP-UV", "price": 12})
    assert [(made.payload["country"], made.payload["channel"]) for made in found.proposals] == [("US", "shopify")]
    assert "Not changed" in render(found.warnings[-1], "en")
    assert "DE amazon" in render(found.warnings[-1], "en")


def test_a_price_for_a_country_is_filed_once_for_each_retail_channel(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["prices"] += [
        price("CAP-UV", "DE", way, amount, "EUR") for way, amount in (("amazon", "15.00"), ("shopify", "14.00"), ("alibaba", "8.00"))
    ]  # fmt: skip
    shop = build(tmp_path, tables)
    found = propose(shop, "price", {"sku": "CAP-UV", "country": "DE", "price": "13.00"})
    assert [made.payload["channel"] for made in found.proposals] == ["amazon", "shopify"]
    assert [one.id for one in proposals(shop.folder)] == ["P-0001", "P-0002"]
    assert "DE alibaba" in render(found.warnings[-1], "en")
    every = propose(shop, "price", {"sku": "CAP-UV", "country": "DE", "change_pct": -10})
    assert [made.payload["price"] for made in every.proposals] == ["7.20", "13.50", "12.60"]


def test_too_many_markets_are_asked_back(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["prices"] += [
        price("CAP-UV", land, "shopify", "14.00", "EUR") for land in ("DE", "FR", "IT", "ES", "NL", "BE", "AT")
    ]
    shop = build(tmp_path, tables)
    assert refused(shop, "price", {"sku": "CAP-UV", "change_pct": 5}).startswith(
        "Say which country and channel: CAP-UV"
    )


def test_kinds_that_come_later_are_named(shop: Shop) -> None:
    for kind in ("ad_budget", "refund_policy"):
        assert refused(shop, kind, {}).endswith("now: price, purchase_order, promotion, listing.")


@pytest.mark.parametrize(
    ("quantity", "supplier", "unit_price"), [(100, "S-1", "8.00"), ("600 units", "S-1", "7.00"), (1000, "S-2", "6.50")]
)
def test_the_cheapest_trusted_tier_is_chosen(shop: Shop, quantity: Any, supplier: str, unit_price: str) -> None:
    found = propose(shop, "purchase_order", {"sku": "BOT-750", "qty": quantity})
    payload = found.proposals[0].payload
    assert (payload["supplier_id"], payload["unit_price"]) == (supplier, unit_price)
    assert payload["warehouse"] == "US-LAX"
    assert payload["ordered_on"] == "2026-11-15"
    assert "propose_change.passed_over" in [one.key for one in found.warnings]


def test_a_purchase_order_states_its_sum_and_day(shop: Shop) -> None:
    payload = {
        "sku": "BOT-750",
        "quantity": 600,
        "supplier": "good steel",
        "warehouse": "eu-rtm",
        "ordered_on": "2026-11-20",
    }
    found = propose(shop, "purchase_order", payload)
    assert render(found.findings[0], "en") == (
        "Filed P-0001 for your approval: order 600 units of BOT-750 from S-1 (“Good Steel”) at $7.00 each, "
        "$4,200 in all, to EU-RTM; ordered Nov 20, 2026, goods ready about Dec 20, 2026."
    )
    assert found.proposals[0].expected_before == {"unit_price": "7.00", "currency": "USD", "moq": 100}
    assert propose(shop, "purchase_order", payload).proposals[0].id == "P-0001"


def test_a_doubtful_supplier_is_warned_of_when_named(shop: Shop) -> None:
    found = propose(shop, "purchase_order", {"sku": "BOT-750", "quantity": 50, "supplier_id": "S-9"})
    assert [(one.key, one.severity) for one in found.warnings] == [("propose_change.doubtful", "act")]


def test_an_order_below_the_smallest_is_filed_with_a_warning(shop: Shop) -> None:
    found = propose(shop, "purchase_order", {"sku": "BOT-750", "quantity": 50})
    assert (found.proposals[0].payload["supplier_id"], found.proposals[0].payload["quantity"]) == ("S-1", 50)
    below = next(one for one in found.warnings if one.key == "propose_change.below_moq")
    assert below.severity == "act"
    assert "100 units" in render(below, "en")


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"sku": "BOT-750"}, "A purchase_order payload needs sku and quantity"),
        ({"sku": "BOT-750", "quantity": 1.5}, "quantity must be a whole number from 1 to"),
        ({"sku": "BOT-750", "quantity": 0}, "quantity must be a whole number from 1 to"),
        ({"sku": "CAP-UV", "quantity": 10}, "No supplier offers CAP-UV in the books"),
        (
            {"sku": "BOT-750", "quantity": 100, "supplier_id": "S-7"},
            "Supplier S-7 has no offer for BOT-750; those who do",
        ),
        (
            {"sku": "BOT-750", "quantity": 100, "warehouse": "MARS"},
            "There is no warehouse MARS; there are EU-RTM, US-LAX.",
        ),
        ({"sku": "BOT-750", "quantity": 100, "ordered_on": "2020-01-01"}, "ordered_on must be 2026-11-15 or later"),
    ],
)
def test_bad_purchase_orders(shop: Shop, payload: Any, sentence: str) -> None:
    assert refused(shop, "purchase_order", payload).startswith(sentence)
