"""Contribution against figures worked out by hand, and what the books show against what they are told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from shop.costs import Costs, economics, landed_cost
from shop.errors import ShopError
from shop.warehouse import Shop
from tests.costs_shop import ROUND, costs_shop, costs_tables
from tests.tiny_shop import AS_OF, DAYS, Rows, line, order, refund, shipment

D = Decimal


def parts(shop: Shop, country: str = "US", channel: str = "shopify", **asked: object) -> dict[str, Decimal]:
    """Parts in base currency by name; they add up in both currencies."""
    found = economics(shop, "BOT-750", country, channel, **asked)  # type: ignore[arg-type]
    assert found.contribution == sum(part.amount for part in found.parts)
    assert found.market_contribution == sum(part.amount for part in found.market_parts)
    return {part.name: part.amount for part in found.parts}


def rates(*rows: str) -> str:
    """The round rates with further rows."""
    return ROUND + "".join(f"  - {{{row}}}\n" for row in rows)


def sell(tables: dict[str, Rows], country: str, channel: str, currency: str, paid: str, **more: object) -> None:
    """One order of one unit a day on top of the tiny shop's."""
    for n in range(DAYS):
        day = AS_OF - timedelta(days=n)
        tables["orders"].append(order(f"{country}{channel}{n}", day, country, channel, currency, **more))
        tables["order_lines"].append(line(f"{country}{channel}{n}", "BOT-750", 1, paid))


def test_a_sale_at_home_adds_up_from_its_parts(tmp_path: Path) -> None:
    told = rates("what: payment, value: 3, unit: pct", "what: payment_fixed, value: 0.40, unit: USD")
    found = parts(costs_shop(tmp_path, rates=told))
    # two units an order: half of the 4.00 parcel and of the 0.40; 0.5 kg at 2.00; 100 days of 0.0024
    assert found == {
        "price": D("30.00"), "payment_fee": D("-1.10"), "fulfilment": D("-3.00"), "landed_cost": D("-12.40"),
        "storage": D("-0.24"),
    }  # fmt: skip


def test_tax_is_taken_out_of_the_price_where_prices_hold_it(tmp_path: Path) -> None:
    shop = costs_shop(tmp_path)
    found = economics(shop, "BOT-750", "DE", "shopify", price=D("35.70"))
    assert found.market_currency == "EUR"
    assert found.market_net_revenue == D("30.00")
    assert next(part for part in found.market_parts if part.name == "tax").amount == D("-5.70")
    assert found.net_revenue == D("36.00")
    assert found.contribution is not None
    assert found.margin_pct == round(100 * found.exact / 36, 2)  # type: ignore[operator]
    assert parts(shop, price=D("35.70")).get("tax") is None  # US prices are without sales tax


def test_books_without_any_tax_in_a_market_overrule_the_rate(tmp_path: Path) -> None:
    tables = costs_tables()
    sell(tables, "DE", "club", "EUR", "30.00", tax="0.00")
    sell(tables, "FR", "club", "EUR", "30.00", tax="5.00")
    shop = costs_shop(tmp_path, tables)
    assert "tax" not in parts(shop, "DE", "club", price=D(30))
    assert parts(shop, "FR", "club", price=D(30))["tax"] == D("-6.00")


def test_a_parcel_across_a_border_pays_duty_over_the_limit_only(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["warehouses"] = [{"warehouse": "US-LAX", "country": "US", "serves": "US|GB"}]
    shop = costs_shop(tmp_path, tables)
    # Britain frees up to 135 pounds without tax; over it 8% of goods and the parcel (5 USD = 3.33 pounds)
    assert "import_duty" not in parts(shop, "GB", price=D("162.00"))
    over = economics(shop, "BOT-750", "GB", "shopify", price=D("163.20"))
    due = next(part for part in over.market_parts if part.name == "import_duty").amount
    assert due == -round((D(136) + D(5) / D("1.5")) * D("0.08"), 2)


def test_the_limit_is_for_the_parcel_not_the_unit(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["warehouses"] = [{"warehouse": "US-LAX", "country": "US", "serves": "US|GB"}]
    sell(tables, "GB", "shopify", "GBP", "60.00")
    for row in tables["order_lines"]:
        row["quantity"] = 2
    shop = costs_shop(tmp_path, tables)
    assert "import_duty" not in parts(shop, "GB", price=D("81.00"))  # two at 67.50 without tax
    assert parts(shop, "GB", price=D("81.60"))["import_duty"] < 0


def test_a_market_is_served_from_where_its_parcels_come(tmp_path: Path) -> None:
    tables = costs_tables()
    shop = costs_shop(tmp_path / "a", tables)
    assert economics(shop, "BOT-750", "US", "shopify").warehouse == "US-LAX"
    tables["shipments"] = [shipment(f"U{n}", "CN-NGB", "FastPost", AS_OF, took=2) for n in range(30)]
    sent = costs_shop(tmp_path / "b", tables)
    assert economics(sent, "BOT-750", "US", "shopify").warehouse == "CN-NGB"
    assert parts(sent)["import_duty"] == D("-6.00")  # no parcel is free of duty in the US; 20% of 30


def test_small_parcels_into_the_eu_pay_three_euros_a_line_since_july(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["warehouses"] = [{"warehouse": "US-LAX", "country": "US", "serves": "US|DE"}]
    shop = costs_shop(tmp_path, tables)

    def due(price: str, day: date = AS_OF) -> Decimal:
        found = economics(shop, "BOT-750", "DE", "shopify", on=day, price=D(price))
        return next((-part.amount for part in found.market_parts if part.name == "import_duty"), D(0))

    assert due("119.00", date(2026, 6, 30)) == 0
    assert due("119.00", date(2026, 7, 1)) == D("3.00")
    assert due("178.50") == D("3.00")  # 150 without tax
    assert due("190.40") == round((160 + D(5) / D("1.2")) / 10, 2)
    # the wholesale buyer imports himself
    assert "import_duty" not in parts(shop, "DE", "alibaba", price=D(119))


def test_parcel_costs_come_from_the_books_by_weight_unless_the_operator_says(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["order_lines"] = [row | {"quantity": 1 + n % 2} for n, row in enumerate(tables["order_lines"])]
    tables["shipments"] = [
        shipment(f"U{n}", "US-LAX", "FastPost", AS_OF - timedelta(days=DAYS - n), took=2)
        | {"cost": str(D("3.00") + D("1.60") * D("0.5") * (1 + n % 2))}
        for n in range(DAYS)
    ]
    # 3.00 a parcel over 1.5 units, and 1.60 a kg
    seen = costs_shop(tmp_path / "a", tables, None)
    assert parts(seen)["fulfilment"] == -(D("2.00") + D("0.80"))
    assert economics(seen, "BOT-750", "US", "shopify").warehouse == "US-LAX"
    said = costs_shop(tmp_path / "b", tables, "rates: [{what: parcel, value: 9, unit: USD}]")
    assert parts(said)["fulfilment"] == D("-6.00")


def test_refunds_cost_money_parcel_and_handling_and_leave_goods(tmp_path: Path) -> None:
    told = ROUND.replace("return_rate, value: 0", "return_rate, value: 10") + (
        "  - {what: resale, value: 50, unit: pct}\n  - {what: return_parcel, value: 200, unit: pct}\n"
        "  - {what: return_handling, value: 1, unit: USD}\n"
    )
    found = parts(costs_shop(tmp_path, rates=told))
    assert found["refunds"] == D("-3.00")
    assert found["return_handling"] == -D("0.1") * (2 * 3 + 1)
    assert found["resale_value"] == round(D("0.1") * D("0.5") * D("12.403"), 2)


def test_few_refunds_lean_on_the_sku_and_the_sku_on_the_shop(tmp_path: Path) -> None:
    tables = costs_tables()
    sell(tables, "US", "amazon", "USD", "30.00")
    tables["products"].append(tables["products"][0] | {"sku": "BOT-500"})
    tables["order_lines"] += [line(f"U{n}", "BOT-500", 1, "20.00") | {"line": 2} for n in range(DAYS)]
    tables["refunds"] = [refund(f"R{n}", f"U{n}", "BOT-750", 1, "30.00", AS_OF) for n in range(21)]
    told = "\n".join(row for row in ROUND.splitlines() if "return_rate" not in row)
    shop = costs_shop(tmp_path, tables, told)
    everything = D(21) / 280
    sku = (21 + 50 * everything) / (210 + 50)
    own, market = (21 + 100 * sku) / (140 + 100), (100 * sku) / (70 + 100)
    assert abs(parts(shop)["refunds"] + own * 30) < D("0.01")
    assert abs(parts(shop, "US", "amazon", price=D(30))["refunds"] + market * 30) < D("0.01")


def test_ads_on_a_channel_count_there_and_ads_elsewhere_feed_the_own_shop(tmp_path: Path) -> None:
    tables = costs_tables()
    sell(tables, "US", "amazon", "USD", "30.00")
    tables["ad_spend"] = [
        {"day": AS_OF, "channel": channel, "country": "US", "campaign": channel, "sku": sku, "spend": spend, "currency": "USD"}
        for channel, sku, spend in (("amazon", "BOT-750", "70"), ("meta", "BOT-750", "280"), ("meta", None, "14"))
    ]  # fmt: skip
    shop = costs_shop(tmp_path, tables)
    assert parts(shop, "US", "amazon", price=D(30))["advertising"] == D("-1.00")  # 70 units
    assert parts(shop, "US", "shopify")["advertising"] == D("-2.10")  # 140 units


def test_marketplace_commission_by_product_group_and_price(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["products"][0] |= {"hs_code": "611595"}
    shop = costs_shop(tmp_path, tables, "rates: [{what: parcel, value: 4, unit: USD}]")
    assert parts(shop, "US", "amazon", price=D("15.00"))["marketplace_fee"] == D("-0.75")
    assert parts(shop, "US", "amazon", price=D("15.01"))["marketplace_fee"] == D("-1.50")
    assert parts(shop, "US", "amazon", price=D("30.00"))["marketplace_fee"] == D("-5.10")
    assert parts(shop, "US", "amazon", price=D("1.00"))["marketplace_fee"] == D("-0.30")


def test_without_own_parcels_amazon_fulfils(tmp_path: Path) -> None:
    shop = costs_shop(tmp_path, rates=None)
    found = economics(shop, "BOT-750", "US", "amazon", on=date(2026, 11, 15), price=D("30.00"))
    assert next(part for part in found.parts if part.name == "fulfilment").source.startswith("FBA fee")
    assert parts(shop, "US", "amazon", price=D(30))["fulfilment"] == -round(D("4.91") * D("1.035"), 2)


def test_the_price_is_asked_paid_listed_or_refused(tmp_path: Path) -> None:
    tables = costs_tables()
    sell(tables, "FR", "shopify", "EUR", "24.00")
    shop = costs_shop(tmp_path, tables)
    assert economics(shop, "BOT-750", "US", "shopify").price == D("30.00")
    paid = economics(shop, "BOT-750", "FR", "shopify")
    assert (paid.price, paid.market_currency) == (D("24.00"), "EUR")
    assert "the average paid lately was taken" in " ".join(paid.missing)
    listed = economics(shop, "BOT-750", "DE", "amazon")
    assert listed.price == D("25.00")  # 30 USD at 1.2
    assert "the list price was taken" in " ".join(listed.missing)


def test_a_discount_lowers_price_tax_and_fees(tmp_path: Path) -> None:
    shop = costs_shop(tmp_path)
    full, less = parts(shop, "DE", price=D(40)), parts(shop, "DE", price=D(40), discount=D(10))
    assert less["discount"] == D("-12.00")
    assert less["tax"] == round(full["tax"] * D("0.75"), 2)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sku": "BOTTLE"}, "There is no SKU BOTTLE"),
        ({"country": "QQ"}, "QQ is no country with a known tax rate, and the shop sells to: US."),
        ({"channel": "bazaar"}, "There is no channel bazaar; there are: alibaba, "),
        ({"price": D(0)}, "A price must be above zero, not 0."),
        ({"price": D(-3)}, "A price must be above zero, not -3."),
        ({"price": D("NaN")}, "A price must be above zero, not NaN."),
        ({"discount": D(30)}, "A discount must lie between zero and the price 30.00, not 30."),
    ],
)
def test_errors_say_what_is_allowed(tmp_path: Path, asked: dict[str, object], said: str) -> None:
    shop = costs_shop(tmp_path)
    with pytest.raises(ShopError) as refused:
        economics(shop, **({"sku": "BOT-750", "country": "US", "channel": "shopify"} | asked))  # type: ignore[arg-type]
    assert str(refused.value).startswith(said)


def test_poor_books_say_what_is_missing_and_give_no_profit(tmp_path: Path) -> None:
    """As an import of orders only: no cost, no warehouse, no parcel, no asking price."""
    tables = costs_tables()
    for table in tables:
        if table not in ("orders", "order_lines", "products"):
            tables[table] = []
    tables["products"] = [{"sku": "BOT-750", "name": "Bottle"}]
    found = economics(costs_shop(tmp_path, tables, None), "BOT-750", "US", "shopify")
    assert (found.contribution, found.margin_pct, found.exact, found.market_contribution) == (None, None, None, None)
    assert found.net_revenue == D("30.00")
    told = {gap.key for gap in found.gaps}
    assert {"no_unit_cost", "no_warehouses", "parcel_assumed", "returns_assumed", "no_ads", "price_from_sales"} <= told
    assert len(found.missing) == len(found.gaps)


def test_rates_changed_for_a_what_if_leave_the_books_alone(tmp_path: Path) -> None:
    from shop.costs import Rate
    from shop.costs.market import market

    shop = costs_shop(tmp_path)
    costs = Costs.of(shop)
    before = market(costs, "BOT-750", "US", "shopify", AS_OF).contribution(D(30))
    dearer = costs.under([Rate(what="freight_surcharge", value=D(100), unit="pct")])
    after = market(dearer, "BOT-750", "US", "shopify", AS_OF).contribution(D(30))
    assert before - after == D("0.30") * D("1.01")  # and its insurance; US duty is on the goods alone
    assert market(costs, "BOT-750", "US", "shopify", AS_OF).contribution(D(30)) == before
    assert market(costs.under([]), "BOT-750", "US", "shopify", AS_OF).contribution(D(30)) == before


def test_the_book_is_loaded_once_and_again_when_the_rates_file_changes(tmp_path: Path) -> None:
    shop = costs_shop(tmp_path)
    first = Costs.of(shop)
    assert Costs.of(shop) is first
    (tmp_path / "rates.yaml").write_text("rates: [{what: unit_cost, sku: BOT-750, value: 1.25, unit: USD}]")
    assert Costs.of(shop) is not first
    assert landed_cost(shop, "BOT-750", "US-LAX").parts[0].amount == D("1.25")
