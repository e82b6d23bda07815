"""The parts of a supplier choice: exact splits, delays, certificates, cost of a good unit, what words ask for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.supplier_delays import HISTORY, measured
from benchmarks.suppliers import brute_force, case, splits
from shop.costs import landed_cost
from tests.tiny_shop import AS_OF, build, tiny_tables
from tools.suppliers.allocation import Source, allocate, bands, fastest, joint_chance, safest, whole_cost
from tools.suppliers.books import supply
from tools.suppliers.certificates import Requirement, _table, marks_in, proof
from tools.suppliers.costing import defect_share, unit_cost
from tools.suppliers.delays import Seen, fitted, learn
from tools.suppliers.need import wishes
from tools.suppliers.timing import timing

TODAY = date(2026, 11, 15)


def test_splits_equal_brute_force() -> None:
    agree, met, several = splits(80, seed=11)
    assert agree == 80
    assert met > 30
    assert several > 5


def test_the_safest_and_the_fastest_are_what_brute_force_says() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        sources, quantity, _ = case(rng)
        safe, fast = safest(sources, quantity), fastest(sources, quantity)
        cheapest = brute_force(sources, quantity, 0.0)
        assert (safe is None) == (fast is None) == (cheapest is None)
        if safe is None or fast is None:
            continue
        best = joint_chance(sources, safe)
        assert brute_force(sources, quantity, best * 1.0001) is None
        assert whole_cost(safe) == pytest.approx(brute_force(sources, quantity, best))
        last = max(sources[one.source].days for one in fast)
        assert brute_force([one for one in sources if one.days < last], quantity, 0.0) is None


def test_tiers_hold_within_the_smallest_and_largest_order() -> None:
    found = bands([(1, 5.0), (100, 4.0), (1000, 3.0)], 50, 400)
    assert [(one.least, one.most, one.cost) for one in found] == [(50, 99, 5.0), (100, 400, 4.0)]
    only = Source("A", "", found, 0.9, 10)
    (share,) = allocate([only], 95) or ()
    assert (share.quantity, share.cost) == (100, 4.0)  # five more units make the whole cheaper
    assert allocate([only], 401) is None


def test_a_supplier_with_few_deliveries_leans_on_the_others() -> None:
    steady = [Seen("A", "W", 0.0, TODAY - timedelta(days=n)) for n in range(60)]
    one_late = Seen("B", "W", 30.0, TODAY)
    known = learn([*steady, one_late], TODAY)
    chance = float(known.of("B", "W").chance_within(7.0)[0])
    assert 0.4 < chance < float(known.of("A", "W").chance_within(7.0)[0])
    many = [Seen("B", "W", 30.0, TODAY - timedelta(days=n)) for n in range(60)]
    assert float(learn([*steady, *many], TODAY).of("B", "W").chance_within(7.0)[0]) < 0.2
    assert learn([], TODAY).of("X", "W").values.size  # nobody delivered anything yet: a prior is left


def test_recent_deliveries_count_more() -> None:
    old = [Seen("A", "W", 0.0, TODAY - timedelta(days=900 + n)) for n in range(20)]
    new = [Seen("A", "W", 20.0, TODAY - timedelta(days=n)) for n in range(10)]
    spread = fitted([*old, *new], TODAY, 180.0, 4.0).of("A", "W")
    assert spread.weights.sum() == pytest.approx(1.0)
    assert spread.mean > 10


def test_what_was_not_known_yet_is_not_learned() -> None:
    later = [Seen("A", "W", 40.0, TODAY + timedelta(days=n)) for n in range(1, 30)]
    assert learn(later, TODAY).deliveries == 0


@pytest.mark.slow
@pytest.mark.skipif(not HISTORY.exists(), reason="the shared SCMS history is not there")
@pytest.mark.parametrize("share", [0.6, 0.7])
def test_late_risk_beats_the_vendors_own_rate_on_real_deliveries(share: float) -> None:
    (_, flat, flat_brier), (_, own, own_brier), (_, ours, ours_brier) = measured(HISTORY, share)
    assert flat == pytest.approx(0.5)
    assert ours > own
    assert ours_brier < min(own_brier, flat_brier)


def test_certificates_by_code_word_and_place() -> None:
    rows: tuple[Requirement, ...] = _table()[1]
    food = [one for one in rows if one.name == "food_contact"]
    assert any(one.holds("961700", "", ("DE", "EU")) for one in food)
    assert not any(one.holds("950691", "water bottle", ("DE", "EU")) for one in food)
    assert any(one.holds("", "steel bottle", ("US",)) for one in food)
    vest = next(one for one in rows if one.name == "visibility_clothing")
    assert vest.holds("621143", "reflective vest", ("FR", "EU"))
    assert not vest.holds("621143", "cotton vest", ("FR", "EU"))
    needed = [one for one in rows if one.holds("961700", "", ("DE", "EU"))]
    assert proof(["lfgb-hl-5521"], needed).complete
    assert not proof(["ISO9001-1"], needed).complete
    for one in rows:
        assert one.source
        assert one.any_of


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("OEKO-TEX认证", ["OEKO-TEX"]),
        ("needs LFGB and BSCI", ["LFGB", "BSCI"]),
        ("en 1150 tested", ["EN1150"]),
        ("a nice, CE marked lamp", ["CE"]),
        ("produce a nice price", []),
    ],
)
def test_certificates_named_in_words(text: str, marks: list[str]) -> None:
    assert set(marks_in(text)) == set(marks)


def test_wishes_in_both_languages(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["suppliers"][1]["country"] = "VN"
    book = supply(build(tmp_path, tables))
    english = wishes("from Vietnam, allows inspection, sends samples, what payment terms", book)
    assert english.countries == ("VN",)
    assert (english.inspection, english.samples, english.terms) == (True, True, True)
    chinese = wishes("越南的厂，可以验货和寄样品，账期多久", book)
    assert (chinese.countries, chinese.inspection, chinese.samples, chinese.terms) == (("VN",), True, True, True)
    assert wishes("ship it to Vietnam", book, "VN").countries == ()


def test_a_good_unit_costs_landed_defects_terms_and_delays(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["supplier_offers"][0] |= {"deposit_pct": "50", "balance_days": 10}
    tables["supplier_offers"][1] |= {"deposit_pct": "50", "balance_days": 10}
    shop = build(tmp_path, tables)
    book = supply(shop)
    offer = book.offers_for("BOT-750")[0]
    steady = learn([Seen("S-1", "US-LAX", 0.0, AS_OF)] * 1, AS_OF)
    timed = timing(offer, "", "US-LAX", None, steady, AS_OF)
    found = unit_cost(shop, offer, "US-LAX", None, 600, timed, 0.02)
    assert found is not None
    landed = landed_cost(shop, "BOT-750", "US-LAX", None, 600, "S-1").exact
    assert found.landed == landed
    assert found.defects == landed * Decimal("0.02") / Decimal("0.98")
    lead = Decimal(str(round(timed.mean_days, 3)))
    tied = lead / 2 + (lead - Decimal(str(round(timed.mean_ready, 3))) - 10) / 2
    assert found.terms == pytest.approx(Decimal(7) * tied * Decimal("0.12") / 365)
    assert found.delays > 0
    assert found.whole == found.landed + found.defects + found.terms + found.delays


def test_defects_lean_on_the_middle_of_all() -> None:
    def delivered(supplier: str, bad: int, units: int) -> SimpleNamespace:
        return SimpleNamespace(supplier=supplier, received=TODAY, defects=bad, quantity=units)

    rows = [delivered("A", 10, 1000), delivered("B", 20, 1000), delivered("C", 30, 1000), delivered("D", 10, 20)]
    share = defect_share("D", rows, TODAY)  # type: ignore[arg-type]
    assert 0.02 < share < 0.05
    assert defect_share("nobody", rows, TODAY) == pytest.approx(0.03)  # type: ignore[arg-type]
