"""find_opportunities against what the demo shop plants: recall and precision over seeds, simple rules in the same run.

`python -m benchmarks.opportunities [--seeds 2]`. Each seed gives three shops: the demo as it is; with other planted terms
and gaps, so that nothing here is tuned to one set of words; and with English product names only, so that most terms are
in a language the names do not speak. Thin countries are held against the planted taste factors.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from shop.demo import SEED, build, parameters, terms, truth
from shop.warehouse import Shop, writing
from tools.contract import Result
from tools.registry import run

Found = set[tuple[str, str]]
THIN_TASTE = 0.7
OTHER_RISING: dict[str, tuple[tuple[str, float, date, float], ...]] = {
    "US": (("cork yoga block", 3.0, date(2026, 9, 7), 0.12), ("magnetic water bottle", 4.0, date(2026, 8, 24), 0.09)),
    "GB": (("arm sleeves running", 2.0, date(2026, 9, 14), 0.15),),
    "DE": (("laufhandschuhe touchscreen", 2.5, date(2026, 8, 31), 0.11),),
    "FR": (("collants running hiver", 1.5, date(2026, 8, 17), 0.12),),
    "JP": (("ヨガブロック", 2.0, date(2026, 8, 10), 0.10),),
}
OTHER_UNMET: dict[str, tuple[tuple[str, float], ...]] = {
    "US": (("gps running watch", 10.0), ("kettlebell 12 kg", 6.0), ("electrolyte tablets", 5.0)),
    "GB": (("ankle weights", 5.0), ("running sunglasses", 6.0)),
    "DE": (("blackroll duoball", 4.0), ("laufuhr", 5.0)),
    "FR": (("montre gps course", 5.0),),
    "JP": (("ランニングウォッチ", 4.0), ("ダンベル", 3.0)),
}
OTHER_GAPS: dict[tuple[str, str, str], float] = {
    ("bottles", "FR", "HydraPeak"): 0.62,
    ("bands", "JP", "FlexForge"): 1.30,
    ("accessories", "GB", "Stridewell"): 0.75,
    ("nutrition", "US", "GelWerk"): 1.35,
}


@contextmanager
def planted(other: bool) -> Iterator[None]:
    """The demo's terms and gaps, or the other ones, while a shop is built."""
    if not other:
        yield
        return
    places: list[tuple[dict[Any, Any], dict[Any, Any]]] = [
        (terms.RISING, OTHER_RISING), (terms.UNMET, OTHER_UNMET), (terms.PRICE_GAPS, OTHER_GAPS),
    ]  # fmt: skip
    before = [dict(ours) for ours, _ in places]
    try:
        for ours, theirs in places:
            ours.clear()
            ours.update(theirs)
        yield
    finally:
        for (ours, _), kept in zip(places, before, strict=True):
            ours.clear()
            ours.update(kept)


def expected(folder: Path) -> dict[str, Found]:
    """What is planted, as country and subject."""
    facts = truth.load(folder).facts
    return {
        "rising": {(place, term) for place, known in facts["rising_terms"].items() for term in known},
        "unmet": {(place, term) for place, known in facts["unmet_terms"].items() for term in known},
        "price": {(place, f"{category}: {rival}") for category, place, rival, _ in facts["price_gaps"]},
        "reach": {(place, sku) for (sku, place), taste in parameters.TASTE.items() if taste <= THIN_TASTE},
    }


def ours(found: Result) -> dict[str, Found]:
    """What the tool ranks, by kind."""
    names = [column.name for column in found.tables[0].columns]
    told: dict[str, Found] = defaultdict(set)
    for row in found.tables[0].rows:
        cells = dict(zip(names, row, strict=True))
        told[cells["kind"]].add((cells["country"], cells["subject"]))
    return told


def simple(shop: Shop) -> dict[str, Found]:
    """Rules a seller would try: a third more searches than in the four weeks before; no word in common with a product;
    a competitor a quarter away from our price; a SKU's share a third below its share everywhere."""
    risen = shop.rows(
        "SELECT country, term FROM searches GROUP BY ALL HAVING "
        "sum(searches) FILTER (WHERE day > ?::DATE - 28) > 1.33 * sum(searches) FILTER (WHERE day BETWEEN ?::DATE - 55 AND ?::DATE - 28)",
        [shop.as_of] * 3,
    )
    known = {
        word for p in shop.vocabulary.products for name in (p.name, *p.aliases) for word in name.casefold().split()
    }
    unmet = [
        (place, term)
        for place, term in shop.rows("SELECT DISTINCT country, term FROM searches")
        if not set(term.casefold().split()) & known
    ]
    gaps = shop.rows(
        "SELECT c.country, c.category || ': ' || c.competitor FROM competitor_prices c JOIN (SELECT sku, country, channel, "
        "arg_max(price, effective_from) AS ours FROM prices GROUP BY ALL) p USING (sku, country, channel) "
        "WHERE c.day > ?::DATE - 56 GROUP BY ALL HAVING abs(median(c.price / p.ours) - 1) > 0.25",
        [shop.as_of],
    )
    thin = shop.rows(
        "WITH sold AS (SELECT o.country, l.sku, sum(l.quantity) AS n FROM orders o JOIN order_lines l USING (order_id) "
        "WHERE o.ordered_at > ?::DATE - 364 GROUP BY ALL), share AS (SELECT *, n / sum(n) OVER (PARTITION BY country) AS here, "
        "sum(n) OVER (PARTITION BY sku) / sum(n) OVER () AS everywhere FROM sold) "
        "SELECT country, sku FROM share WHERE here < 0.67 * everywhere",
        [shop.as_of],
    )
    return {"rising": set(risen), "unmet": set(unmet), "price": set(gaps), "reach": set(thin)}


def main() -> None:
    """Build the shops, run both, print one table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=2, help="shops of each kind")
    seeds = asked.parse_args().seeds
    hits: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    seconds: list[float] = []
    for n in range(seeds):
        for shape in ("demo", "other", "english"):
            with tempfile.TemporaryDirectory() as place:
                folder = Path(place)
                with planted(shape == "other"):
                    build(folder, seed=SEED + n)
                if shape == "english":
                    with writing(folder, "benchmark") as books:
                        books.execute("UPDATE products SET aliases = NULL")
                shop = Shop.open(folder)
                run(shop, "find_opportunities", {})
                begin = time.perf_counter()
                told = ours(run(shop, "find_opportunities", {}))
                seconds.append(time.perf_counter() - begin)
                both = [("find_opportunities", told), ("simple rules", simple(shop))]
                for kind, true in expected(folder).items():
                    for method, answer in both:
                        found = answer.get(kind, set())
                        tally = hits[shape, kind, method]
                        tally[0] += len(true & found)
                        tally[1] += len(true)
                        tally[2] += len(found)
    print(f"{'shop':8} {'kind':8} {'method':20} {'recall':>14} {'precision':>14}")
    for (words, kind, method), (right, true_count, found_count) in sorted(hits.items()):
        recall = f"{right}/{true_count} {right / max(true_count, 1):.2f}"
        precision = f"{right}/{found_count} {right / max(found_count, 1):.2f}"
        print(f"{words:8} {kind:8} {method:20} {recall:>14} {precision:>14}")
    print(f"seconds a warm call: median {sorted(seconds)[len(seconds) // 2]:.2f}, longest {max(seconds):.2f}")


if __name__ == "__main__":
    main()
