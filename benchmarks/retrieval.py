"""How well the brand's memory finds: recall@5 of dense, lexical and fused search on the demo brand, and times.

Run with `python -m benchmarks.retrieval`. A question counts as found when one of the first five passages comes
from a source that answers it; a foreign question is refused when nothing comes back.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from knowledge.search import Ranking
from knowledge.store import Store, close_stores, open_store

CASES = Path(__file__).resolve().parent.parent / "tests" / "retrieval_cases.yaml"
FIRST = 5


@dataclass(frozen=True)
class Case:
    """A question, its language, and the sources that answer it."""

    query: str
    language: str
    sources: frozenset[str]


def cases() -> tuple[list[Case], list[str]]:
    """Questions with an answer, and foreign ones without."""
    import yaml

    stated: dict[str, Any] = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    asked = [Case(c["query"], c["lang"], frozenset(c["sources"])) for c in stated["cases"]]
    return asked, list(stated["foreign"])


def found(store: Store, case: Case, ranking: Ranking = "fused") -> bool:
    """Whether one of the first five passages answers the question."""
    return any(p.source in case.sources for p in store.search(case.query, limit=FIRST, ranking=ranking))


def measure(store: Store) -> str:
    """A table of recall@5 by ranking and language, refusals of foreign questions, and query times."""
    asked, foreign = cases()
    languages = list(dict.fromkeys(case.language for case in asked))
    lines = ["| ranking | all | " + " | ".join(languages) + " |", "|-" * (len(languages) + 2) + "|"]
    for ranking in get_args(Ranking):
        hits: dict[str, list[bool]] = defaultdict(list)
        for case in asked:
            hits[case.language].append(found(store, case, ranking))
        every = [hit for language in languages for hit in hits[language]]
        cells = [f"{sum(some)}/{len(some)}" for some in [every, *(hits[language] for language in languages)]]
        lines.append(f"| {ranking} | " + " | ".join(cells) + " |")
    missed = [case.query for case in asked if not found(store, case)]
    answered = [query for query in foreign if store.search(query)]
    times = []
    for query in [case.query for case in asked] + foreign:
        start = time.perf_counter()
        store.search(query)
        times.append(time.perf_counter() - start)
    slow = statistics.quantiles(times, n=20)[-1]
    lines += [
        "",
        f"Missed by fused: {missed or 'none'}",
        f"Foreign questions refused: {len(foreign) - len(answered)} of {len(foreign)}; answered: {answered or 'none'}",
        f"Warm query at {store.count():,} passages: median {statistics.median(times) * 1000:.1f} ms, "
        f"95% below {slow * 1000:.1f} ms",
    ]
    return "\n".join(lines)


def main() -> None:
    """Build the demo shop, learn its texts and reviews, and print what was measured."""
    from knowledge.ingest import learn_demo
    from shop.demo import build

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        build(folder)
        start = time.perf_counter()
        open_store(folder)
        opened = time.perf_counter()
        learn_demo(folder)
        learned = time.perf_counter()
        store = open_store(folder)
        store.warm()
        print(measure(store))
        print(f"Opening with the import of chromadb: {opened - start:.2f} s; learning: {learned - opened:.1f} s")
        close_stores()


if __name__ == "__main__":
    main()
