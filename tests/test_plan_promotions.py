"""plan_promotions on shops small enough to reckon by hand: depth, floor, stock, days, files."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.planner.check import mended
from shop.costs import economics
from shop.warehouse import Shop
from shop.writers.kinds import WRITERS
from shop.writers.promotion import PromotionPayload
from tests.test_plan_language import said as question
from tests.tiny_shop import AS_OF, DAYS, FIRST, Rows, build, line, order, price, tiny_tables
from tools.contract import Result, ToolError
from tools.messages import render
from tools.promotions.past import Past, Share, past
from tools.promotions.response import audiences, lifts
from tools.promotions.segments import NAMES, segments
from tools.promotions.windows import windows
from tools.registry import run

WINDOW = {"start": "2026-12-01", "end": "2026-12-14"}


def stocked(tables: dict[str, Rows], units: int = 5000) -> dict[str, Rows]:
    """The tiny shop with shelves that never run dry."""
    for row in tables["inventory"]:
        row["on_hand"] = units
    return tables


def dear(tables: dict[str, Rows], response: float = 2.0) -> dict[str, Rows]:
    """BOT-750 costs little and sells well, and every third week a fifth off doubles its orders."""
    next(row for row in tables["products"] if row["sku"] == "BOT-750")["unit_cost"] = "3.00"
    for row in tables["order_lines"]:
        row["quantity"] *= 3
    orders = [row for row in tables["orders"] if row["order_id"].startswith("U")]
    lines = {row["order_id"]: row for row in tables["order_lines"]}
    for n, row in enumerate(orders):
        if (n // 7) % 3 == 1:
            lines[row["order_id"]].update(discount="36.00")
            row["promotion"] = f"WEEK{n // 7}"
            for extra in range(round(response) - 1):
                more = f"{row['order_id']}-{extra}"
                tables["orders"].append({**row, "order_id": more})
                tables["order_lines"].append(line(more, "BOT-750", 6, "30.00", discount="36.00"))
    return tables


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return build(tmp_path_factory.mktemp("promotions"), dear(stocked(tiny_tables())))


def keys(result: Result) -> list[str]:
    return [found.key.removeprefix("plan_promotions.") for found in result.findings]


def offers(result: Result) -> list[dict[str, Any]]:
    """The rows of the promotions table by column."""
    found = [table for table in result.tables if table.title == "Promotions"]
    return [dict(zip([c.name for c in found[0].columns], row, strict=True)) for row in found[0].rows] if found else []


def left(result: Result) -> dict[str, str]:
    table = next(table for table in result.tables if table.title == "Not discounted")
    return {f"{row[0]} {row[1]}": row[3].removeprefix("promotion_reason.") for row in table.rows}


def test_the_first_finding_answers_and_every_finding_is_worded(shop: Shop) -> None:
    told = run(shop, "plan_promotions", WINDOW)
    assert keys(told)[0] in ("profit", "nothing")
    for found in [*told.findings, *told.assumptions, *told.warnings]:
        assert render(found, "en")
        assert render(found, "zh")


def test_what_answers_strongly_to_discounts_is_discounted_within_the_limit(shop: Shop) -> None:
    rows = offers(run(shop, "plan_promotions", {**WINDOW, "skus": ["BOT-750"], "max_discount_pct": 12}))
    assert rows
    assert all(row["sku"] == "BOT-750" and row["discount"] <= 12 for row in rows)
    assert all(float(row["low"]) <= float(row["profit added"]) <= float(row["high"]) for row in rows)


def test_a_gain_that_rests_on_other_goods_alone_is_not_promised(shop: Shop) -> None:
    """BOT-500's price never moved: whatever BOT-750's buyers do, nothing is expected of a discount on it."""
    told = run(shop, "plan_promotions", {**WINDOW, "max_discount_pct": 30})
    assert {row["sku"] for row in offers(told)} == {"BOT-750"}


def test_no_offer_is_below_all_costs(shop: Shop) -> None:
    told = run(shop, "plan_promotions", {**WINDOW, "max_discount_pct": 90, "goal": "conversion"})
    drafted = [(p.payload["channel"], one) for p in told.proposals for one in p.payload["lines"]]
    assert drafted
    for channel, one in drafted:
        kept = economics(shop, one["sku"], one["country"], channel, price=Decimal(one["promo_price"]))
        assert kept.exact is not None
        assert kept.exact >= 0


def test_stock_that_will_not_last_is_not_discounted(tmp_path: Path) -> None:
    short = build(tmp_path, dear(stocked(tiny_tables(), units=20)))
    told = run(short, "plan_promotions", {**WINDOW, "skus": ["BOT-750"]})
    assert offers(told) == []
    assert left(told) == {"BOT-750 US": "stock"}
    assert keys(told)[0] == "no_stock_for_it"


def test_goods_without_too_much_stock_have_nothing_to_clear(tmp_path: Path) -> None:
    calm = build(tmp_path, dear(stocked(tiny_tables(), units=200)))
    told = run(calm, "plan_promotions", {**WINDOW, "goal": "clear_stock", "skus": ["BOT-750"]})
    assert keys(told)[0] == "no_surplus"
    assert not told.proposals


def test_a_code_for_followers_is_not_for_a_marketplace(shop: Shop) -> None:
    told = run(shop, "plan_promotions", {**WINDOW, "segment": "followers", "skus": ["BOT-500"]})
    assert keys(told)[0] == "no_channel"
    assert left(told) == {"BOT-500 DE": "channel"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"start": "2026-11-01"}, "start must be 2026-11-16 or later"),
        ({"start": "2026-12-10", "end": "2026-12-01"}, "end must be 2026-12-10 or later"),
        ({"end": "2026-11-15"}, "end must be 2026-11-16 or later"),
        ({"start": "2028-01-01"}, "start must be 2027-11-15 or earlier"),
        ({"start": "2026-12-01", "end": "2027-06-01"}, "A promotion may run 62 days at most, not 183"),
        ({"max_discount_pct": 0}, "max_discount_pct must be a number from 1 to 90"),
        ({"max_discount_pct": 120}, "max_discount_pct must be a number from 1 to 90"),
        ({"segment": "pirates"}, "segment must be one of follower, functional, price_sensitive, wholesale"),
        ({"goal": "fame"}, "goal must be one of conversion, profit, clear_stock"),
        ({"segment": "wholesale"}, "Nothing that was asked about sells there to such customers"),
    ],
)
def test_bad_input_is_one_sentence(shop: Shop, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ToolError) as refused:
        run(shop, "plan_promotions", said)
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


def test_without_costs_it_says_so(tmp_path: Path) -> None:
    tables = stocked(tiny_tables())
    tables["supplier_offers"] = []
    for row in tables["products"]:
        row["unit_cost"] = None
    with pytest.raises(ToolError, match="no purchase cost for BOT-500, BOT-750"):
        run(build(tmp_path, tables), "plan_promotions", WINDOW)


@pytest.mark.parametrize(
    ("start", "end", "first", "last", "event"),
    [
        (None, date(2026, 12, 25), date(2026, 12, 1), date(2026, 12, 25), "christmas_shopping"),
        (date(2026, 11, 27), None, date(2026, 11, 27), date(2026, 11, 30), "black_friday"),
        (date(2026, 12, 5), date(2026, 12, 15), date(2026, 12, 5), date(2026, 12, 15), "christmas_shopping"),
        (date(2027, 2, 20), None, date(2027, 2, 20), date(2027, 3, 5), None),
    ],
)
def test_days_come_from_what_was_said_and_the_calendar(
    shop: Shop, start: date | None, end: date | None, first: date, last: date, event: str | None
) -> None:
    (window,) = windows(shop, start, end)
    assert (window.start, window.end, window.event) == (first, last, event)


def test_without_days_those_ahead_are_compared(shop: Shop) -> None:
    found = windows(shop, None, None)
    assert found[0].start == AS_OF + timedelta(days=1)
    assert "black_friday" in [one.event for one in found]


def nothing_past(beyond: float = 0.0) -> Past:
    return Past(FIRST, (), {}, Share(0.1, 0.1, 0), Share(0.1, 0.1, 0), Share(beyond, 0.05, 0), 0)


def test_a_lift_is_the_elasticity_at_no_doubt() -> None:
    got = lifts(-2.0, 0.0, np.array([0.1, 0.2]), nothing_past(), 3)
    assert np.allclose(got, [[0.9**-2, 0.8**-2]])
    told = lifts(-2.0, 0.0, np.array([0.2]), nothing_past(), 3, deal=0.1)
    assert np.allclose(told, np.exp(0.1) * 0.8**-2), "what an announcement brings counts beside the price"
    assert (lifts(-0.2, 2.0, np.array([0.3]), nothing_past(), 3) >= 1).all(), "a discount never sells less"


def test_past_promotions_are_found_with_their_depth(shop: Shop) -> None:
    known = past(shop)
    assert {one.code for one in known.promotions} == {f"WEEK{week}" for week in range(DAYS // 7) if week % 3 == 1}
    assert all(one.depth == pytest.approx(20, abs=0.5) for one in known.promotions)
    assert known.deepest() == pytest.approx(20, abs=0.5)


def club(tables: dict[str, Rows]) -> dict[str, Rows]:
    """A hundred customers: a third come back monthly, a third come once under a promotion, the others once."""
    tables["orders"], tables["order_lines"] = [], []
    for n in range(300):
        kind = n % 3
        times = 5 if kind == 0 else 1
        for k in range(times):
            day = FIRST + timedelta(days=(n * 7 + k * 13) % DAYS)
            promo = {"promotion": "SALE"} if kind == 2 else {}
            tables["orders"].append(order(f"C{n}-{k}", day, "US", "shopify", "USD", customer_id=f"K{n}", **promo))
            tables["order_lines"].append(
                line(f"C{n}-{k}", "BOT-750", 1, "30.00", **({"discount": "6.00"} if promo else {}))
            )
    return tables


def test_kinds_of_customers_are_told_apart(tmp_path: Path) -> None:
    found = segments(build(tmp_path, club(tiny_tables())))
    assert np.allclose(found.chance.sum(axis=1), 1)
    place = {str(name): at for at, name in enumerate(found.customers)}
    loyal, once, cheap = (found.chance[[place[f"K{n}"] for n in range(kind, 300, 3)]] for kind in range(3))
    assert (loyal.argmax(axis=1) == NAMES.index("follower")).all()
    assert (once.argmax(axis=1) == NAMES.index("functional")).all()
    sensitive = NAMES.index("price_sensitive")
    assert cheap[:, sensitive].min() > 2 * max(once[:, sensitive].max(), loyal[:, sensitive].max())


def test_shares_of_the_kinds_add_up(tmp_path: Path) -> None:
    club_shop = build(tmp_path, club(tiny_tables()))
    kinds = audiences(club_shop, past(club_shop))
    retail = [one for one in kinds.values() if one.name != "wholesale"]
    assert sum(one.share[""] for one in retail) == pytest.approx(1)
    assert sum(one.extra for one in retail) == pytest.approx(1)
    assert all(0 <= one.reach <= 1 for one in retail)


def test_a_draft_is_filed_as_it_was_planned_and_written_as_files(shop: Shop, tmp_path: Path) -> None:
    own = build(tmp_path, dear(stocked(tiny_tables())))
    (draft,) = run(own, "plan_promotions", {**WINDOW, "skus": ["BOT-750"], "max_discount_pct": 15}).proposals
    filed = run(own, "propose_change", {"kind": "promotion", "payload": draft.payload})
    assert filed.proposals[0].payload == draft.payload
    assert filed.proposals[0].status == "pending"
    change = PromotionPayload.model_validate(draft.payload)
    made = {one.name: one.content.decode() for one in WRITERS["promotion"].files(own, change, "P-0001")}
    assert set(made) == {"promotions.csv", "shopify-discounts.csv"}
    (row,) = csv.DictReader(io.StringIO(made["shopify-discounts.csv"]))
    assert (row["Value Type"], row["SKUs"], row["Countries"]) == ("percentage", "BOT-750", "US")
    assert Decimal(row["Value"]) == -change.lines[0].discount_pct
    assert row["Starts At"].startswith("2026-12-01")
    assert row["Ends At"].startswith("2026-12-14")


def test_a_promotion_in_words_of_a_payload(tmp_path: Path) -> None:
    tables = stocked(tiny_tables())
    tables["prices"].append(price("BOT-750", "DE", "amazon", "28.00", "EUR"))
    own = build(tmp_path, tables)
    said = {"sku": "big bottle", "discount_pct": "10%", "country": "DE", "start": "2026-12-01", "end": "2026-12-07"}
    filed = run(own, "propose_change", {"kind": "promotion", "payload": said})
    (line_,) = filed.proposals[0].payload["lines"]
    assert (line_["promo_price"], line_["currency"]) == ("25.20", "EUR")
    assert filed.proposals[0].expected_before == {"BOT-750 DE": "28.00 EUR"}


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"sku": "BOT-750"}, "A promotion payload needs sku and discount_pct"),
        ({"sku": "BOT-750", "discount_pct": 0}, "discount_pct must be a number from 1 to 90"),
        ({"sku": "BOT-750", "discount_pct": 10, "start": "2026-01-01"}, "start must be 2026-11-15 or later"),
        ({"sku": "BOT-750", "discount_pct": 10, "country": "DE"}, "BOT-750 is not sold in DE"),
        ({"sku": "BOT-750", "discount_pct": 10, "segment": "pirates"}, "segment must be one of everybody"),
        ({"sku": "BOT-750", "discount_pct": 10, "colour": "red"}, "A promotion payload has no"),
    ],
)
def test_a_wrong_payload_is_one_sentence(shop: Shop, payload: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ToolError) as refused:
        run(shop, "propose_change", {"kind": "promotion", "payload": payload})
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("promo ideas for our followers from 2026-12-01 to 2026-12-14", {"start": "2026-12-01", "end": "2026-12-14", "segment": "follower"}),
        ("12月5日到12月15日给粉丝做什么活动好", {"start": "2026-12-05", "end": "2026-12-15", "segment": "follower"}),
        ("a discount for price-sensitive customers", {"segment": "price_sensitive"}),
        ("plan a promotion", {}),
    ],
)  # fmt: skip
def test_a_plan_uses_the_days_and_the_customers_that_were_said(words: str, expected: dict[str, str]) -> None:
    slots = {"plan_promotions": ("goal", "skus", "countries", "segment", "start", "end", "max_discount_pct")}
    (call,) = mended([("plan_promotions", {})], slots, question(words))
    assert call == ("plan_promotions", expected)
