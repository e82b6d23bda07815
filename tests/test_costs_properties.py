"""Money identities that hold whatever the rates, prices and currencies are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.costs import Costs, Rate
from shop.costs.contribution import at_price
from shop.costs.landed import landed
from shop.costs.market import Market, market
from shop.costs.parts import coin, rounded, share_out
from shop.costs.price import highest_margin, lowest_price
from tests.costs_shop import costs_shop, costs_tables
from tests.tiny_shop import AS_OF

D = Decimal
CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KWD")
amounts = st.decimals(-10_000, 10_000, places=7, allow_nan=False, allow_infinity=False)


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> Costs:
    """The shop of the hand-worked tests, which sells to four currencies from three warehouses."""
    folder: Path = tmp_path_factory.mktemp("costs")
    tables = costs_tables("EXW")
    tables["products"][0]["hs_code"] = "611595"  # clothing: commission in bands
    return Costs.of(costs_shop(folder, tables, None))


def percent(high: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, high, places=2)


@st.composite
def scenario(draw: st.DrawFn) -> list[Rate]:
    """Any mix of rates an operator or a what-if may state."""
    rows = [
        Rate(what="vat", value=draw(percent(30)), unit="pct"),
        Rate(what="referral", value=draw(percent(40)), unit="pct", channel="shopify", minimum=draw(percent(3)), minimum_currency="USD"),
        Rate(what="payment", value=draw(percent(5)), unit="pct"),
        Rate(what="payment_fixed", value=draw(percent(1)), unit=draw(st.sampled_from(CURRENCIES[:4]))),
        Rate(what="return_rate", value=draw(percent(60)), unit="pct"),
        Rate(what="resale", value=draw(percent(100)), unit="pct"),
        Rate(what="advertising", value=draw(percent(9)), unit="EUR"),
        Rate(what="exchange_margin", value=draw(percent(4)), unit="pct"),
        Rate(what="duty_stack", value=draw(percent(150)), unit="pct"),
        Rate(what="freight_surcharge", value=draw(st.decimals(-90, 300, places=2)), unit="pct"),
        Rate(what="purchase_surcharge", value=draw(st.decimals(-90, 300, places=2)), unit="pct"),
    ]  # fmt: skip
    return draw(st.lists(st.sampled_from(rows), unique_by=lambda row: row.what))


places = st.sampled_from([(c, ch) for c in ("US", "DE", "GB", "JP") for ch in ("shopify", "amazon", "alibaba")])


@given(st.lists(amounts, max_size=20), st.sampled_from(CURRENCIES))
def test_parts_are_rounded_so_that_they_add_up(exact: list[Decimal], currency: str) -> None:
    parts, whole = share_out([(str(n), amount, "") for n, amount in enumerate(exact)], currency)
    unit = coin(currency)
    assert sum((part.amount for part in parts), D(0)) == whole
    assert whole == rounded(sum(exact, D(0)), currency)
    for part, amount in zip(parts, exact, strict=True):
        assert abs(part.amount - amount) < 2 * unit
        assert part.amount % unit == 0


@settings(max_examples=80, deadline=None)
@given(rows=scenario(), where=places, price=st.decimals("0.01", 5000, places=3))
def test_parts_add_up_to_the_contribution_in_both_currencies(
    costs: Costs, rows: list[Rate], where: tuple[str, str], price: Decimal
) -> None:
    found = at_price(market(costs.under(rows), "BOT-750", *where, AS_OF), price)
    assert sum((part.amount for part in found.parts), D(0)) == found.contribution
    assert sum((part.amount for part in found.market_parts), D(0)) == found.market_contribution
    assert found.exact is not None
    assert found.contribution is not None
    assert abs(found.contribution - found.exact) <= coin(found.currency) / 2
    bought = found.landed
    assert bought is not None
    assert sum((part.amount for part in bought.parts), D(0)) == bought.cost
    assert bought.cost is not None
    assert bought.exact is not None
    assert abs(bought.cost - bought.exact) <= coin(bought.currency) / 2


@settings(max_examples=60, deadline=None)
@given(rows=scenario(), where=places, low=st.decimals(1, 400, places=2), step=st.decimals("0.01", 50, places=2))
def test_between_its_breaks_the_contribution_is_a_straight_line(
    costs: Costs, rows: list[Rate], where: tuple[str, str], low: Decimal, step: Decimal
) -> None:
    found = market(costs.under(rows), "BOT-750", *where, AS_OF)
    high = low + 2 * step
    if any(low <= edge <= high for edge in found.breaks()):
        return
    middle = found.contribution(low + step)
    assert abs(found.contribution(low) + found.contribution(high) - 2 * middle) < D("1e-15")


@settings(max_examples=60, deadline=None)
@given(rows=scenario(), where=places, target=st.decimals(-50, 95, places=1))
def test_the_price_for_a_margin_is_the_lowest_that_keeps_it(
    costs: Costs, rows: list[Rate], where: tuple[str, str], target: Decimal
) -> None:
    found = market(costs.under(rows), "BOT-750", *where, AS_OF)
    unit = coin(found.currency)

    def keeps(price: Decimal) -> bool:
        return found.contribution(price) >= target / 100 * found.net(price)

    solved = lowest_price(found, target)
    if solved is None:
        assert highest_margin(found) <= target + D("0.1")
        assert not any(keeps(D(10) ** n) for n in range(1, 9))
        return
    assert keeps(solved)
    below = [solved - n * unit for n in range(1, 1500) if solved - n * unit > 0]
    below += [unit * round(solved * n / 200 / unit) for n in range(1, 200)]
    assert not any(keeps(price) for price in below if 0 < price < solved)


@settings(max_examples=60, deadline=None)
@given(rate=st.decimals("0.01", 200, places=4), where=places)
def test_a_dearer_purchase_never_earns_more(costs: Costs, rate: Decimal, where: tuple[str, str]) -> None:
    def left(surcharge: Decimal) -> Decimal:
        rows = [Rate(what="purchase_surcharge", value=surcharge, unit="pct")]
        return market(costs.under(rows), "BOT-750", *where, AS_OF).contribution(D(50))

    assert left(D(0)) > left(rate)


@settings(max_examples=60, deadline=None)
@given(rate=st.decimals("0.1", 10, places=4))
def test_the_same_cost_in_every_currency(costs: Costs, rate: Decimal) -> None:
    """A market's money is another name for the same value: contribution converts exactly before rounding."""
    under = costs.under([Rate(what="exchange_rate", currency="EUR", value=rate, unit="USD")])
    found: Market = market(under, "BOT-750", "DE", "shopify", AS_OF)
    assert found.rate == rate
    shown = at_price(found, D(40))
    assert shown.exact is not None
    assert shown.market_contribution is not None
    assert abs(shown.exact - shown.market_contribution * rate) <= rate * coin("EUR")
    assert abs((found.landed or D(0)) * rate - (landed(under, "BOT-750", "EU-RTM", AS_OF).exact or D(0))) < D("1e-15")
