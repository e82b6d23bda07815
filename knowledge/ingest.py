"""What goes into the brand's memory: files, pasted texts, and the reviews in the books; and what is taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.errors import KnowledgeError
from knowledge.learner import Learner, refusal, refused_file, told
from knowledge.markdown import parts
from knowledge.passage import Passage
from knowledge.passages import Asked, document_passages, shop_reviews
from knowledge.products import Products
from knowledge.readers.document import Document
from knowledge.readers.formats import SUFFIXES
from knowledge.refusals import Refusal
from knowledge.report import KnownSource, LearnReport, SourceReport, Watch, unwatched
from knowledge.sources import listed, read_records, write_records
from knowledge.store import open_store

if TYPE_CHECKING:
    from shop.warehouse import Shop

REVIEWS = "reviews"


class Text(Protocol):
    """A text of the brand: Markdown, with what its front matter would say."""

    @property
    def path(self) -> str: ...
    @property
    def kind(self) -> Any: ...
    @property
    def title(self) -> str: ...
    @property
    def skus(self) -> Any: ...
    @property
    def language(self) -> str | None: ...
    @property
    def date(self) -> Any: ...
    @property
    def body(self) -> str: ...


def learn_paths(
    folder: Path | str,
    paths: Iterable[Path | str],
    kind: str | None = None,
    skus: Sequence[str] = (),
    day: date | None = None,
    watch: Watch = unwatched,
) -> LearnReport:
    """Learn files, or all the files Pacer can read in folders, one after the other, each replacing what it held before.

    kind, skus and day hold for all of them; without, each file says or shows them itself. Files that have not changed
    are left alone. A file that cannot be learned is refused in one sentence and keeps what was known from it; the
    others are learned. Raises KnowledgeError for an unknown kind or SKU, KnowledgeLocked while another process
    holds the memory.
    """
    learner = Learner(folder, kind, skus, day, watch)
    reports: list[SourceReport] = []
    for path, refused in _files(map(Path, paths)):
        reports.append(refusal(str(path), refused) if refused else learner.file(path))
    return learner.report(reports)


def learn_uploads(
    folder: Path | str,
    uploads: Iterable[tuple[str, Path]],
    kind: str | None = None,
    skus: Sequence[str] = (),
    day: date | None = None,
    watch: Watch = unwatched,
) -> LearnReport:
    """Learn files that were handed over under a name, as on the page; otherwise as `learn_paths`."""
    learner = Learner(folder, kind, skus, day, watch)
    return learner.report([learner.file(path, Path(name).name) for name, path in uploads])


def learn_pasted(
    folder: Path | str,
    text: str,
    kind: str | None,
    title: str = "",
    skus: Sequence[str] = (),
    day: date | None = None,
    watch: Watch = unwatched,
) -> LearnReport:
    """Learn a text that was pasted; its title, else its first words, is what it is called."""
    learner = Learner(folder, kind, skus, day, watch)
    return learner.report([learner.pasted(text, title)])


def learn_texts(folder: Path | str, texts: Iterable[Text]) -> int:
    """Learn texts into the memory of the shop in `folder`, each replacing what its path held; returns passages."""
    return open_store(folder).learn_sources({text.path: text_passages(text) for text in texts})


def learn_shop(shop: Shop, watch: Watch = unwatched) -> int:
    """Learn every review in the shop's books, replacing those learned before; returns how many."""
    rows = shop.rows(
        "SELECT review_id, reviewed_on, sku, country, language, rating, title, text FROM reviews ORDER BY review_id"
    )
    return open_store(shop.folder).learn(list(shop_reviews(rows, REVIEWS)), REVIEWS, told(REVIEWS, watch))


def learn_demo(folder: Path | str, brand: str = "northlane") -> int:
    """Learn a demo brand's texts and the reviews of its shop built in `folder`; returns passages."""
    from shop.demo.brands import demo_brand
    from shop.warehouse import Shop

    return learn_texts(folder, demo_brand(brand).texts()) + learn_shop(Shop.open(folder))


def known_sources(folder: Path | str) -> list[KnownSource]:
    """Every source the memory holds."""
    store = open_store(folder)
    return listed(store.members(), read_records(store.root))


def forget(folder: Path | str, source: str) -> int:
    """Take out all that was learned from one source; returns how many passages. Raises KnowledgeError for none such."""
    store = open_store(folder)
    store.claim("forget")
    gone = store.forget(source)
    records = read_records(store.root)
    if not gone and source not in records:
        from rapidfuzz import process

        near = [name for name, _, _ in process.extract(source, [p.source for p in known_sources(folder)], limit=3)]
        raise KnowledgeError(
            f"No source is called {source}; {'the nearest are: ' + ', '.join(near) if near else 'nothing has been learned yet'}."
        )
    records.pop(source, None)
    write_records(store.root, records)
    refused_file(store, source).unlink(missing_ok=True)
    return gone


def text_passages(text: Text) -> list[Passage]:
    """A text as passages, cleaned, each with its heading and line."""
    stated = {"kind": text.kind, "skus": list(text.skus or ()), "language": text.language, "date": text.date}
    return document_passages(
        Document(parts(text.body), title=text.title, stated=stated), text.path, Asked(), Products(())
    )


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, Refusal | None]]:
    """Every file named or in a folder named, once; with the reason where there is none."""
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            if not inside:
                yield path, Refusal("empty_folder", name=path, suffixes=", ".join(SUFFIXES))
            found: list[tuple[Path, Refusal | None]] = [(p, None) for p in inside]
        else:
            found = [(path, None if path.is_file() else Refusal("no_file", name=path))]
        for one, refused in found:
            if one.resolve() not in seen:
                seen.add(one.resolve())
                yield one, refused
