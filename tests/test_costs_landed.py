"""Landed cost against figures worked out by hand, leg by leg."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shop.costs import holding_cost_per_day, landed_cost
from shop.errors import ShopError
from shop.warehouse import writing
from tests.costs_shop import ROUND, bought, costs_shop, costs_tables, lane
from tests.tiny_shop import offer

D = Decimal
FREIGHT = D("0.30")  # 0.5 kg at 0.60 against 0.002 m3 at 100 = 0.20
COVER = D("0.103")  # 1% of 10.30


def parts(shop: object, warehouse: str = "US-LAX", **asked: object) -> dict[str, Decimal]:
    """Parts by name."""
    found = landed_cost(shop, "BOT-750", warehouse, **asked)  # type: ignore[arg-type]
    assert found.cost == sum(part.amount for part in found.parts)
    return {part.name: part.amount for part in found.parts}


@pytest.mark.parametrize(
    ("incoterm", "exact"),
    [
        ("EXW", D(10) + D("0.20") + FREIGHT + COVER + D("0.2") * (D(10) + D("0.20"))),
        ("FCA", D(10) + FREIGHT + COVER + D("0.2") * 10),
        ("FOB", D(10) + FREIGHT + COVER + D("0.2") * 10),
        ("CFR", D(10) + COVER + D("0.30") + D("0.2") * (10 - FREIGHT)),
        ("CIF", D(10) + D("0.30") + D("0.2") * (10 - FREIGHT - COVER)),
        ("DAP", D(10) + D("0.2") * (10 - FREIGHT - COVER)),
        ("DDP", D(10)),
    ],
)
def test_the_incoterm_says_who_pays_which_leg(tmp_path: Path, incoterm: str, exact: Decimal) -> None:
    found = landed_cost(costs_shop(tmp_path, costs_tables(incoterm)), "BOT-750", "US-LAX")
    assert found.exact == exact
    assert found.cost == round(exact, 2)
    assert found.incoterm == incoterm


def test_a_country_that_values_with_freight_charges_duty_on_it(tmp_path: Path) -> None:
    found = landed_cost(costs_shop(tmp_path), "BOT-750", "EU-RTM")
    assert found.exact == (D(10) + FREIGHT + COVER) * D("1.1")


def test_haulage_to_the_port_counts_for_duty_too(tmp_path: Path) -> None:
    found = landed_cost(costs_shop(tmp_path, costs_tables("EXW")), "BOT-750", "EU-RTM")
    assert found.exact == (D(10) + D("0.20") + FREIGHT + COVER) * D("1.1")


def test_no_duty_inside_one_customs_border(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["suppliers"][0]["country"] = "AT"
    tables["products"][0]["origin"] = "AT"
    tables["freight_rates"].append(lane("EU-RTM", "EU-RTM", "road", "0.10", "10"))
    assert set(parts(costs_shop(tmp_path, tables), "EU-RTM")) == {"purchase", "freight", "insurance"}


def test_the_quantity_picks_the_tier_and_the_named_supplier_its_own(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["supplier_offers"].append(offer("O-2", "S-2", "BOT-750", 1, "9.00", moq=1, lead=9))
    shop = costs_shop(tmp_path, tables)
    assert parts(shop)["purchase"] == D("10.00")
    assert parts(shop, quantity=499)["purchase"] == D("10.00")
    assert parts(shop, quantity=500)["purchase"] == D("8.00")
    assert parts(shop, supplier_id="S-2")["purchase"] == D("9.00")
    few = landed_cost(shop, "BOT-750", "US-LAX", quantity=99)
    assert few.cost is not None
    assert any("under the smallest order" in said for said in few.missing)


def test_air_costs_more_than_sea_and_the_cheapest_way_is_taken_unless_asked(tmp_path: Path) -> None:
    shop = costs_shop(tmp_path)
    assert landed_cost(shop, "BOT-750", "US-LAX").mode == "sea"
    assert parts(shop, mode="air")["freight"] == D("3.00")
    with pytest.raises(ShopError, match="no rail freight rate to US-LAX from CN; there are: air, sea"):
        landed_cost(shop, "BOT-750", "US-LAX", mode="rail")


def test_the_operators_freight_comes_before_the_books(tmp_path: Path) -> None:
    told = ROUND + "  - {what: freight_kg, value: 2, unit: USD/kg, mode: sea, warehouse: US-LAX}\n"
    shop = costs_shop(tmp_path, rates=told)
    assert parts(shop)["freight"] == D("1.00")
    assert parts(shop, mode="air")["freight"] == D("3.00")
    assert parts(shop, "EU-RTM")["freight"] == D("0.30")


def test_the_dearer_of_weight_and_volume_is_billed(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["products"][0]["volume_cm3"] = "9000"
    assert parts(costs_shop(tmp_path, tables))["freight"] == D("0.90")


def test_the_day_picks_price_and_freight(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["purchase_orders"].append(bought("P-0", "US-LAX", "7.00", ordered_on=date(2026, 5, 1)))
    tables["freight_rates"].append(lane("CN-NGB", "US-LAX", "sea", "1.20", "100", effective_from=date(2026, 9, 1)))
    shop = costs_shop(tmp_path, tables)
    then, now = parts(shop, on=date(2026, 6, 1)), parts(shop)
    assert (then["purchase"], then["freight"]) == (D("7.00"), D("0.30"))
    assert (now["purchase"], now["freight"]) == (D("10.00"), D("0.60"))


def test_us_duties_stack_from_the_reference_and_change_with_the_day(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["purchase_orders"][0]["ordered_on"] = date(2026, 1, 5)
    shop = costs_shop(tmp_path, tables, None)

    def duty(day: date) -> tuple[Decimal, str]:
        found = landed_cost(shop, "BOT-750", "US-LAX", on=day)
        return next((part.amount, part.source) for part in found.parts if part.name == "duty")

    fees = D("0.3464") + D("0.125")
    amount, source = duty(date(2026, 7, 24))
    assert amount == round(10 * (D("7.2") + D("12.5") + fees) / 100, 2)
    assert "12.5% Section 301, forced labour" in source
    # the day before, the 10% of Section 122 held instead
    assert duty(date(2026, 7, 23))[0] == round(10 * (D("7.2") + 10 + fees) / 100, 2)
    now = landed_cost(shop, "BOT-750", "US-LAX")
    assert {"duties", "extra_duties"} <= {version.split()[0] for version in now.versions}


def test_a_currency_of_the_supplier_is_converted_and_costs_its_margin(tmp_path: Path) -> None:
    tables = costs_tables("DDP")
    tables["purchase_orders"][0]["currency"] = "EUR"
    rates = ROUND.replace("exchange_margin, value: 0", "exchange_margin, value: 2")
    assert parts(costs_shop(tmp_path, tables, rates)) == {"purchase": D("12.00"), "exchange": D("0.24")}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"currency": None}, "the unit cost of BOT-750 has no currency: USD was assumed"),
        ({"hs_code": None}, "has no HS code: the average duty of US, 3.1%, was assumed"),
        ({"weight_g": None, "volume_cm3": None}, "neither weight nor volume"),
        ({"weight_g": None}, "the weight of BOT-750 is not known"),
        ({"origin": None}, "the country of origin of BOT-750 is not known for certain: CN was assumed"),
    ],
)
def test_what_is_not_known_is_said_and_assumed(tmp_path: Path, change: dict[str, None], told: str) -> None:
    tables = costs_tables()
    tables["products"][0] |= change
    if "currency" in change:
        tables["purchase_orders"] = []
    found = landed_cost(costs_shop(tmp_path, tables, None), "BOT-750", "US-LAX")
    assert found.cost is not None
    assert found.cost > 10
    assert any(told in said for said in found.missing)


def test_without_any_cost_there_is_no_figure(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["products"][0]["unit_cost"] = "0.00"
    tables["supplier_offers"], tables["purchase_orders"] = [], []
    found = landed_cost(costs_shop(tmp_path, tables), "BOT-750", "US-LAX")
    assert (found.cost, found.exact, found.parts) == (None, None, ())
    assert "no purchase cost of BOT-750 is known" in " ".join(found.missing)
    assert "which cannot be" in " ".join(found.missing)


def test_an_offer_without_incoterm_or_smallest_order_still_has_a_price(tmp_path: Path) -> None:
    shop = costs_shop(tmp_path)
    with writing(tmp_path, "holes") as connection:
        connection.execute("UPDATE supplier_offers SET incoterm = NULL, moq = NULL")
    found = landed_cost(shop.newest(), "BOT-750", "US-LAX", quantity=100)
    assert found.cost == D("12.40")
    assert "the incoterm is not known: FOB was assumed" in found.missing


def test_never_bought_takes_unit_cost_then_the_middle_offer(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["purchase_orders"] = []
    tables["supplier_offers"] = [
        offer("O-1", "S-1", "BOT-750", 1, "4.00", moq=1, lead=9),
        offer("O-2", "S-2", "BOT-750", 1, "9.00", moq=1, lead=9),
        offer("O-3", "S-3", "BOT-750", 1, "11.00", moq=1, lead=9),
    ]
    assert parts(costs_shop(tmp_path / "a", tables))["purchase"] == D("10.00")
    tables["products"][0]["unit_cost"] = None
    middle = landed_cost(costs_shop(tmp_path / "b", tables), "BOT-750", "US-LAX")
    assert middle.parts[0].amount == D("9.00")
    assert "the middle one of 3 offers was taken" in " ".join(middle.missing)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"sku": "BOT-75"}, "There is no SKU BOT-75; did you mean BOT-750?"),
        ({"warehouse": "MOON"}, "There is no warehouse MOON; there are: CN-NGB, EU-RTM, US-LAX."),
        ({"supplier_id": "S-9"}, "There is no supplier S-9; there are: S-1, S-2."),
        ({"supplier_id": "S-2"}, "S-2 has no offer for BOT-750; suppliers with one: S-1."),
        ({"quantity": 0}, "A quantity is a whole number from 1 on, not 0."),
    ],
)
def test_errors_name_what_is_allowed(tmp_path: Path, asked: dict[str, object], said: str) -> None:
    shop = costs_shop(tmp_path)
    with pytest.raises(ShopError) as refused:
        landed_cost(shop, **({"sku": "BOT-750", "warehouse": "US-LAX"} | asked))  # type: ignore[arg-type]
    assert str(refused.value) == said


def test_a_supplier_currency_without_a_rate_is_refused(tmp_path: Path) -> None:
    tables = costs_tables()
    tables["purchase_orders"][0]["currency"] = "VND"
    with pytest.raises(ShopError, match="There is no exchange rate for VND"):
        landed_cost(costs_shop(tmp_path / "a", tables), "BOT-750", "US-LAX")
    told = ROUND + "  - {what: exchange_rate, currency: VND, value: 0.1, unit: USD}\n"
    assert parts(costs_shop(tmp_path / "b", tables, told))["purchase"] == D("1.00")


def test_holding_is_storage_by_volume_and_capital_on_the_landed_cost(tmp_path: Path) -> None:
    shop = costs_shop(tmp_path)
    landed = landed_cost(shop, "BOT-750", "US-LAX").exact
    assert landed is not None
    # 36.5 USD a month for a cubic metre is 1.2 a day; 36.5% a year is 0.1% a day
    assert holding_cost_per_day(shop, "BOT-750", "US-LAX") == D("0.002") * D("1.2") + landed / 1000
