"""The statistics behind the opportunities against what can be worked out by hand, and noise that must stay noise."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiny_shop import AS_OF
from tools.opportunities.earnings import Earnings
from tools.opportunities.market import WEEKS, Item, Market
from tools.opportunities.offers import Offer, gaps
from tools.opportunities.searches import Answer, Term, correlation, rising, unmet
from tools.opportunities.seasons import windows
from tools.opportunities.significance import discoveries
from tools.opportunities.supply_time import Route
from tools.opportunities.voices import spoken
from tools.opportunities.wording import Names, words

NAMES = Names(
    {
        "BOT": ("Insulated Steel Bottle 750 ml", "Edelstahlflasche", "gourde isotherme", "水筒750ml"),
        "SOCK": ("Running Socks", "Laufsocken", "ランニングソックス"),
        "CAP": ("Running Cap", "Laufkappe", "ランニングキャップ"),
        "BELT": ("Running Belt", "Laufgürtel", "ランニングベルト"),
        "GIFT": ("Gift Box", "Geschenkbox", "ギフトボックス"),
    }
)


def shop_market(**sold: list[float]) -> Market:
    """A shop of the SKU and country that each name joins by an underscore; no costs, which the parts here do not need."""
    series = {(name.split("_")[0], name.split("_")[1]): np.array(weekly) for name, weekly in sold.items()}
    items = {sku: Item(sku, sku, (sku,), "goods") for sku, _ in series}
    places = tuple(dict.fromkeys(place for _, place in series))
    costs = cast(Earnings, None)
    return Market(AS_OF, "USD", items, places, series, {}, {}, {}, {}, costs, {})


@pytest.mark.parametrize(
    ("term", "sku"),
    [
        ("running socks", "SOCK"), ("sock", "SOCK"), ("RUNNING CAPS", "CAP"), ("laufgurtel", "BELT"),
        ("edelstahl flasche", "BOT"), ("gourde isothèrme", "BOT"), ("水筒 750ml", "BOT"), ("geschenk für läufer", "GIFT"),
        ("gift for runners", "GIFT"), ("ランナー ギフト", "GIFT"),
    ],
)  # fmt: skip
def test_a_term_in_the_words_of_a_product_is_its(term: str, sku: str) -> None:
    said = NAMES.says(term)
    assert (said.sku, said.left) == (sku, ())


@pytest.mark.parametrize(
    ("term", "left"),
    [
        ("running hydration vest", "hydration"),
        ("filter bottle", "filter"),
        ("着圧ソックス", "着圧ソックス"),
        ("massage gun", "gun"),
    ],
)
def test_a_word_no_product_has_is_left(term: str, left: str) -> None:
    assert left in NAMES.says(term).left


def test_words_fold_accents_plurals_and_widths() -> None:
    assert words("Gourdes Isothermes 500ＭＬ pour la Course") == ["gourde", "isotherme", "500", "ml", "course"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from([0.05, 0.1, 0.3]))
def test_discoveries_are_those_of_benjamini_and_hochberg(chances: list[float], rate: float) -> None:
    ordered = sorted(chances)
    largest = max((k for k in range(1, len(ordered) + 1) if ordered[k - 1] <= rate * k / len(ordered)), default=0)
    found = discoveries(np.array(chances))
    kept = {k for k, q in enumerate(found) if q <= rate + 1e-12}
    threshold = ordered[largest - 1] if largest else -1.0
    assert kept == {k for k, chance in enumerate(chances) if chance <= threshold}


def test_movement_is_seen_in_the_same_week_or_a_week_ahead() -> None:
    random = np.random.default_rng(1)
    sales = random.poisson(200 * np.exp(0.5 * np.sin(np.arange(WEEKS) / 8)), WEEKS).astype(float)
    assert (correlation(sales * 3, sales) or 0) > 0.99
    assert (correlation(np.append(sales[1:], sales[-1]), sales) or 0) > 0.99
    assert abs(correlation(random.poisson(200, WEEKS).astype(float), sales) or 0) < 0.35
    assert correlation(sales, None) is None
    young = np.zeros(WEEKS)
    young[-10:] = 50
    assert correlation(sales, young) is None


def flat_terms(seed: int, count: int) -> list[Answer]:
    random = np.random.default_rng(seed)
    return [
        Answer(
            Term("US", f"term {n}", random.poisson(level * np.exp(random.normal(0, 0.08, WEEKS))).astype(float), {}, 300),
            None, None, "none", ("term",),
        )
        for n, level in enumerate(random.uniform(3, 300, count))
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_noise_does_not_rise_and_growth_does(seed: int) -> None:
    found = flat_terms(seed, 200)
    assert len(rising(shop_market(A_US=[10.0] * WEEKS), found)) <= 1  # a false-discovery rate of 5% of nothing planted
    for one in found[:5]:
        one.term.weekly[-10:] *= np.exp(0.12 * np.arange(1, 11))
        one.term.weekly[:] = np.round(one.term.weekly + 30)
    told = {one.answer.term.term for one in rising(shop_market(A_US=[10.0] * WEEKS), found)}
    assert len(told & {f"term {n}" for n in range(5)}) >= 4


def test_a_season_that_comes_every_year_is_no_rise() -> None:
    season = np.round(100 * np.exp(np.cos((np.arange(WEEKS) - WEEKS) / 52 * 2 * np.pi)))
    found = [*flat_terms(3, 30), Answer(Term("US", "winter", season, {}, 300), None, None, "none", ())]
    assert "winter" not in {one.answer.term.term for one in rising(shop_market(A_US=[10.0] * WEEKS), found)}


def test_searches_for_brands_and_rare_ones_are_no_need() -> None:
    steady = np.full(WEEKS, 10.0)
    rare = np.zeros(WEEKS)
    rare[-1] = 2
    found = [
        Answer(Term("US", "acme", steady, {}, 300), None, None, "brand", ()),
        Answer(Term("US", "rare", rare, {}, 2), None, None, "none", ("rare",)),
        Answer(Term("US", "need", steady, {}, 300), None, None, "none", ("need",)),
        Answer(Term("US", "ours", steady, {}, 300), "A", "A", "words", ()),
    ]
    assert [one.term.term for one in unmet(found)] == ["need"]


def offers_of(seed: int, planted: dict[tuple[str, str], float]) -> list[Offer]:
    """Eight competitors in five countries at their usual share of our price, give or take 6%."""
    random = np.random.default_rng(seed)
    found = []
    for rival in range(8):
        usual = 0.5 + 0.12 * rival
        for place in ("US", "DE", "FR", "GB", "JP"):
            share = planted.get((f"R{rival}", place), usual * float(np.exp(random.normal(0, 0.06))))
            found.append(
                Offer("goods", place, "amazon", f"R{rival}", "thing", "A", Decimal("9.90"), share, None, 0, 0, 8, AS_OF)
            )
    return found


def test_only_the_competitor_with_an_unusual_price_is_a_gap() -> None:
    seeds = range(60)
    assert sum(bool(gaps(offers_of(seed, {}))) for seed in seeds) <= 6  # a false-discovery rate of one in ten
    found = [gaps(offers_of(seed, {("R3", "DE"): 0.55})) for seed in seeds]
    assert all(("R3", "DE") in {(one.competitor, one.country) for one in told} for told in found)
    assert sum(len(told) for told in found) - len(found) <= 10  # one in ten of those told, give or take
    first = found[0][0]
    assert first.usual == pytest.approx(0.86, rel=0.12)
    assert 0 < -first.shrunk <= np.log(first.usual / first.against) + 1e-9


def test_a_competitor_in_few_countries_cannot_be_unusual() -> None:
    assert gaps([one for one in offers_of(1, {("R3", "DE"): 0.2}) if one.country in ("US", "DE", "FR")]) == []


def seasonal(seed: int, lift: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Sixty a week, and `lift` times that in weeks 8 to 11 after today's day of the year."""
    random = np.random.default_rng(seed)
    mean = np.full(WEEKS, 60.0)
    for year in (0, 52):
        mean[year + 8 : year + 12] *= lift
    return random.poisson(mean).astype(float)


def test_a_window_has_the_last_days_to_order_and_ship() -> None:
    book = shop_market(A_US=seasonal(1, 2.0).tolist())
    ways = {"US": {"A": [Route("A", "S", "W", "sea", 30, 40), Route("A", "S", "W", "air", 30, 8)]}}
    (found,) = windows(book, ["US"], ["goods"], 90, ways)
    assert abs((found.start - (AS_OF + timedelta(days=57))).days) <= 7
    assert found.route is not None
    assert found.route.mode == "air"  # seventy days by sea are too many
    assert found.order_by == found.start - timedelta(days=38)
    assert found.ship_by == found.start - timedelta(days=8)
    assert found.in_time
    assert found.extra == pytest.approx(4 * (120 - 60 * 56 / 52), rel=0.25)
    assert windows(book, ["US"], ["goods"], 10, {}) == []


def test_too_late_is_said_and_so_is_no_way() -> None:
    book = shop_market(A_US=seasonal(2, 2.0).tolist())
    (late,) = windows(book, ["US"], ["goods"], 90, {"US": {"A": [Route("A", "S", "W", "sea", 60, 40)]}})
    assert not late.in_time
    (unknown,) = windows(book, ["US"], ["goods"], 90, {})
    assert unknown.order_by is None


@pytest.mark.parametrize("seed", range(10))
def test_even_weeks_have_no_window(seed: int) -> None:
    assert windows(shop_market(A_US=seasonal(seed, 1.0).tolist()), ["US"], ["goods"], 90, {}) == []


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("The lid leaked over my laptop.", "leak"), ("Stinkt nach Chemie", "smell"), ("尺码偏小", "size"),
        ("底の塗装がはがれました", "durability"), ("Couleur délavée par le soleil.", "colour"),
    ],
)  # fmt: skip
def test_complaints_are_heard_in_five_languages(text: str, aspect: str) -> None:
    assert aspect in spoken(text)


@pytest.mark.parametrize("text", ["No smell at all.", "Handles do not slip with sweaty hands.", "穿紧身裤也不滑"])
def test_praise_is_no_complaint(text: str) -> None:
    assert spoken(text) == {}


def test_the_sentence_that_complains_is_the_one_quoted() -> None:
    said = spoken("Five bands. They smell like a tyre shop. Nice bag.")
    assert said == {"smell": "They smell like a tyre shop."}
