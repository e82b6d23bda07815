"""One call to learn: what the operator asked for, the shop's products, and what becomes of each file."""

from __future__ import annotations

import csv
import logging
import re
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import file_digest, sha256
from pathlib import Path

from knowledge.errors import KnowledgeError, KnowledgeLocked
from knowledge.markdown import front_matter, parts
from knowledge.passage import KINDS, Passage
from knowledge.passages import Asked, document_passages, review_passages
from knowledge.products import Products
from knowledge.readers.document import Document
from knowledge.readers.formats import format_of, read
from knowledge.readers.review_rows import read_reviews
from knowledge.refusals import Refusal
from knowledge.report import KEPT_REFUSALS, LearnReport, RefusedRow, SourceReport, Step, Watch
from knowledge.sources import Record, read_records, source_name, write_records
from knowledge.store import Progress, Store, open_store
from knowledge.strangers import addresses_assistant

READING = 1  # raise it when the readers read otherwise, so that files are learned again
TITLE_WORDS = 6  # of a pasted text without a title


class Learner:
    """Learns files and texts into the memory of the shop in `folder`, each reported on its own.

    Raises KnowledgeError for a kind or SKU there is none of, KnowledgeLocked while another process holds the memory.
    """

    def __init__(
        self, folder: Path | str, kind: str | None, skus: Sequence[str], day: date | None, watch: Watch
    ) -> None:
        if kind is not None and kind not in KINDS:
            raise KnowledgeError(f"There is no kind {kind}; there are: {', '.join(KINDS)}.")
        self._started = time.monotonic()
        self._products = _products(Path(folder))
        self._asked = Asked(kind, tuple(map(self._own, skus)), day)
        self._watch = watch
        self._store = open_store(folder)
        self._store.claim("learn")
        self._records = read_records(self._store.root)
        self._known = {p.source for p in self._store.members()}

    def report(self, sources: list[SourceReport]) -> LearnReport:
        """What became of them, and how long it took."""
        return LearnReport(sources=sources, seconds=round(time.monotonic() - self._started, 2))

    def file(self, path: Path, name: str | None = None) -> SourceReport:
        """Learn one file. `name` is given where the path is only where an upload lies."""
        source = name or source_name(path, self._records)
        try:
            found = format_of(path)
            with path.open("rb") as content:
                digest = self._digest(file_digest(content, "sha256").digest())
            if self._unchanged(source, digest):
                return SourceReport(source=source, status="unchanged")
            report = self._reviews(path, source) if found == "reviews" else self._document(path, source, bool(name))
        except KnowledgeLocked:
            raise
        except KnowledgeError as refused:
            return refusal(source, refused)
        except OSError as refused:
            return refusal(source, Refusal("unreadable", name=path.name, why=refused.strerror or "not a readable file"))
        except Exception:  # a reader's own fault must not lose the other files
            logging.getLogger("pacer").exception("%s could not be learned", source)
            return refusal(source, Refusal("unknown_damage", name=path.name))
        self._remember(report.source, digest, None if name else path)
        return report

    def pasted(self, text: str, title: str) -> SourceReport:
        """Learn a text; its title, else its first words, is what it is called."""
        words = title.split() or re.sub(r"[#*_>`\-|]+", " ", text).split()[:TITLE_WORDS]
        source = " ".join(words)[:80] or "pasted text"
        try:
            stated, body, line = front_matter(text, source)
            document = Document(parts(body, line), title=title, stated=stated)
            if document.empty:
                raise Refusal("nothing_pasted")
            report = self._learn(document, source, None, source)
        except KnowledgeLocked:
            raise
        except KnowledgeError as refused:
            return refusal(source, refused)
        self._remember(source, self._digest(sha256(text.encode("utf-8", "replace")).digest()), None)
        return report

    def _document(self, path: Path, source: str, uploaded: bool) -> SourceReport:
        document = read(path, lambda done, whole: self._watch(Step(source, "reading", done, whole)))
        saved = None if uploaded else datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        source = str(document.stated.get("source") or source)
        return self._learn(document, source, saved, source if uploaded else str(path))

    def _learn(self, document: Document, source: str, saved: date | None, path: str) -> SourceReport:
        passages = document_passages(document, source, self._asked, self._products, saved, path)
        if not passages:
            raise Refusal("no_text", name=source)
        report = self._kept(passages, source, len({p.id for p in passages}))
        report.notes = list(document.notes)
        return report

    def _reviews(self, path: Path, source: str) -> SourceReport:
        rows = read_reviews(path, lambda done, whole: self._watch(Step(source, "reading", done, whole)))
        passages = review_passages(rows.rows, source, self._asked, self._products)
        if not passages:
            reasons = Counter(why for _, why, _ in rows.refused).most_common(3)
            why = "; ".join(f"{count:,} {reason}" for reason, count in reasons) or "it has a header and no rows"
            raise Refusal("no_row", name=path.name, why=why)
        report = self._kept(passages, source, len(passages))
        report.rows_in = len(rows.rows) + len(rows.refused)
        report.rows_refused = len(rows.refused)
        report.reasons = dict(Counter(why for _, why, _ in rows.refused).most_common())
        report.refusals = [
            RefusedRow(line=line, reason=why, text=text) for line, why, text in rows.refused[:KEPT_REFUSALS]
        ]
        report.refused_file = _write_refused(refused_file(self._store, source), rows.refused)
        strange = {sku for sku in report.skus if self._products.known(sku) is None} if self._products.skus else set()
        named = (
            f"SKUs that are not among the shop's products: {len(strange):,}, such as {min(strange)}." if strange else ""
        )
        report.notes = [*rows.notes, *filter(None, [named])]
        return report

    def _kept(self, passages: list[Passage], source: str, count: int) -> SourceReport:
        self._store.learn(passages, source, told(source, self._watch))
        standing = {p.id for p in self._store.standing() if p.source == source}
        days = [(p.date, p.dated_by) for p in passages if p.date]
        newest = max(days, key=lambda pair: pair[0], default=(None, None))
        kind = passages[0].kind
        asks = kind in ("evidence", "review") and bool(self._products.skus)
        return SourceReport(
            source=source, status="learned", kind=kind, passages=count,
            joined=len({p.id for p in passages} - standing),
            languages=dict(Counter(p.language for p in passages if p.language).most_common()),
            skus=sorted({sku for p in passages for sku in p.skus}),
            unlinked=sum(not p.skus for p in passages) if asks else 0,
            date=newest[0], dated_by=newest[1],
            flagged=[p.place for p in passages if addresses_assistant(p.text)],
        )  # fmt: skip

    def _own(self, sku: str) -> str:
        if not self._products.skus:
            return sku.strip()
        known = self._products.known(sku)
        if known is None:
            raise KnowledgeError(f"There is no SKU {sku}; the nearest are: {', '.join(self._products.nearest(sku))}.")
        return known

    def _digest(self, content: bytes) -> str:
        asked = repr((READING, self._asked, self._products.fingerprint if not self._asked.skus else ""))
        return sha256(content + asked.encode()).hexdigest()

    def _unchanged(self, source: str, digest: str) -> bool:
        record = self._records.get(source)
        return record is not None and record.digest == digest and source in self._known

    def _remember(self, source: str, digest: str, path: Path | None) -> None:
        self._known.add(source)
        self._records[source] = Record(
            digest=digest,
            learned_at=datetime.now(UTC).isoformat(timespec="seconds"),
            path=str(path.resolve()) if path else None,
        )
        write_records(self._store.root, self._records)


def refusal(source: str, why: KnowledgeError) -> SourceReport:
    """A source of which nothing was learned."""
    chinese = why.text("zh") if isinstance(why, Refusal) else None
    return SourceReport(source=source, status="refused", reason=str(why), reason_zh=chinese)


def _products(folder: Path) -> Products:
    from shop.warehouse import Shop, current_version

    return Products(Shop.open(folder).vocabulary.products if current_version(folder) else ())


def told(source: str, watch: Watch) -> Progress:
    """Tells whoever watches how many of a source's passages are learned."""
    return lambda done, whole: watch(Step(source, "learning", done, whole))


def refused_file(store: Store, source: str) -> Path:
    """Where the rows of a review file that were not learned are listed."""
    name = re.sub(r"[^\w.-]+", "_", source.removesuffix(".csv"))
    return store.root / "refused" / f"{name}.csv"


def _write_refused(path: Path, refused: Sequence[tuple[int, str, str]]) -> str | None:
    if not refused:
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", "text"])
        writer.writerows((line, why, f"'{text}" if text[:1] in "=+-@" else text) for line, why, text in refused)
    return str(path)
