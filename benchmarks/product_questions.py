"""Real product questions with candidate passages that people have judged: ePQA and hetPQA.

ePQA: Shen et al., "xPQA: Cross-Lingual Product Question Answering across 12 Languages", ACL 2023 (industry track);
hetPQA: Shen et al., "Product Answer Generation from Heterogeneous Sources", ECNLP 2022. CDLA-Sharing-1.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.passage import Passage, PassageKind, passage_id

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
FILES = ("product_questions_ePQA.parquet", "product_questions_hetPQA.parquet")
ANSWERS, HELPS = 2, 1


@dataclass(frozen=True)
class Question:
    """A shopper's question and the judged passages: id to label, 2 answers, 1 helps, 0 irrelevant."""

    text: str
    collection: str
    product: str
    labels: dict[str, int]

    @property
    def answerable(self) -> bool:
        """Whether a passage answers it."""
        return ANSWERS in self.labels.values()

    @property
    def hopeless(self) -> bool:
        """Whether no passage even helps."""
        return not any(self.labels.values())


@dataclass(frozen=True)
class Judged:
    """Questions and every passage judged for any of them, by id."""

    questions: list[Question]
    passages: dict[str, Passage]

    def pool(self, question: Question) -> list[Passage]:
        """The question's own candidates."""
        return [self.passages[id] for id in question.labels]


def judged(files: Iterable[Path] | None = None) -> Judged:
    """Read the collections; hetPQA's label 1 means answers, as its authors judged yes or no.

    Raises FileNotFoundError when a file is missing.
    """
    import duckdb

    questions: dict[tuple[str, str, str], Question] = {}
    passages: dict[str, Passage] = {}
    for path in files or [DATA / name for name in FILES]:
        if not path.is_file():
            raise FileNotFoundError(f"There is no {path}: this benchmark needs it.")
        three = "ePQA" in path.name
        rows = duckdb.execute(
            "SELECT CAST(qid AS VARCHAR), question, ASIN, candidate, lower(source), CAST(label AS INTEGER) "
            "FROM read_parquet(?) WHERE question IS NOT NULL AND candidate IS NOT NULL AND label IS NOT NULL",
            [str(path)],
        ).fetchall()
        for qid, text, product, candidate, source, label in rows:
            kind: PassageKind = "review" if source in ("review", "osp", "cqa") else "evidence"
            id = passage_id("judged", "", candidate)
            passages.setdefault(id, Passage(id, candidate, kind, path.name, source or "", language="en"))
            question = questions.setdefault(
                (path.name, qid, text), Question(text, path.stem.split("_")[-1], product, {})
            )
            question.labels[id] = max(question.labels.get(id, 0), label if three else ANSWERS * label)
    return Judged(list(questions.values()), passages)
