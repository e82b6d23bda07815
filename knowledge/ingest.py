"""What goes into the brand's memory: Markdown texts, files of them, and the reviews in the books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.errors import KnowledgeError
from knowledge.markdown import as_date, front_matter, sections
from knowledge.passage import KINDS, Passage, PassageKind, passage_id
from knowledge.store import open_store
from knowledge.strangers import clean

if TYPE_CHECKING:
    from shop.warehouse import Shop

REVIEWS = "reviews"
SUFFIXES = (".md", ".markdown", ".txt")
MAX_FILE_BYTES = 2_000_000
_PLURALS = {"stories": "story", "evidence": "evidence", "reviews": "review", "policies": "policy"}


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


def learn_texts(folder: Path | str, texts: Iterable[Text]) -> int:
    """Learn texts into the memory of the shop in `folder`, each replacing what its path held; returns passages."""
    return open_store(folder).learn_sources({text.path: list(text_passages(text)) for text in texts})


def learn_paths(folder: Path | str, paths: Iterable[Path | str], kind: str | None = None) -> dict[str, int]:
    """Learn Markdown and text files, or folders of them; returns passages by source.

    A file's kind is `kind`, else what its front matter says, else the name of a folder it is in (stories,
    evidence, reviews, policies). Raises KnowledgeError, before anything is learned, for a file that says
    none, is too large, is not UTF-8 text or holds nothing.
    """
    sources: dict[str, list[Passage]] = {}
    for path in _files(Path(p) for p in paths):
        passages = list(file_passages(path, kind))
        if not passages:
            raise KnowledgeError(f"{path} holds no text.")
        if passages[0].source in sources:
            raise KnowledgeError(
                f"Two files would be learned as {passages[0].source}: learn them one by one or rename one."
            )
        sources[passages[0].source] = passages
    open_store(folder).learn_sources(sources)
    return {source: len(passages) for source, passages in sources.items()}


def learn_shop(shop: Shop) -> int:
    """Learn every review in the shop's books, replacing those learned before; returns how many."""
    return open_store(shop.folder).learn(list(review_passages(shop)), REVIEWS)


def learn_demo(folder: Path | str, brand: str = "northlane") -> int:
    """Learn a demo brand's texts and the reviews of its shop built in `folder`; returns passages."""
    from shop.demo.brands import demo_brand
    from shop.warehouse import Shop

    return learn_texts(folder, demo_brand(brand).texts()) + learn_shop(Shop.open(folder))


def text_passages(text: Text, first_line: int = 1) -> Iterator[Passage]:
    """A text as passages, cleaned, each with its heading and line."""
    kind = _kind(text.kind, text.path)
    skus = tuple(text.skus or ())
    for section in sections(text.body, clean(text.title), first_line):
        words = clean(section.text)
        if not words:
            continue
        heading = clean(section.heading)
        place = f"{heading}, line {section.line}" if heading else f"line {section.line}"
        yield Passage(
            id=passage_id(text.path, place, words),
            text=words,
            kind=kind,
            source=text.path,
            place=place,
            heading=heading,
            skus=skus,
            language=text.language or detected_language(words),
            date=as_date(text.date, text.path),
        )


def file_passages(path: Path, kind: str | None = None) -> Iterator[Passage]:
    """One file as passages. Raises KnowledgeError when it cannot be read or says no kind."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise KnowledgeError(f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB: cut it into smaller texts.")
    try:
        stated, body, first_line = front_matter(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError as broken:
        raise KnowledgeError(f"{path} is not UTF-8 text: save it as UTF-8.") from broken
    found = kind or stated.get("kind") or _kind_of_folder(path)
    if not found:
        raise KnowledgeError(
            f"{path} does not say what it is: put `kind: story` (or evidence, review, policy) between --- lines at its top."
        )
    said = stated.get("skus", stated.get("sku")) or ()
    skus = said.replace(";", ",").split(",") if isinstance(said, str) else said
    if not isinstance(skus, list | tuple):
        raise KnowledgeError(f"The skus in {path} are not a list: write `skus: [A, B]`.")
    yield from text_passages(
        _FileText(
            path=str(stated.get("source") or path.name),
            kind=found,
            title=str(stated.get("title") or ""),
            skus=tuple(str(sku).strip() for sku in skus if str(sku).strip()),
            language=str(stated["language"]) if stated.get("language") else None,
            date=as_date(stated.get("date"), str(path)),
            body=body,
        ),
        first_line,
    )


def review_passages(shop: Shop) -> Iterator[Passage]:
    """Every review in the books as one passage; its place is the review's id."""
    rows = shop.rows(
        "SELECT review_id, reviewed_on, sku, country, language, rating, title, text FROM reviews ORDER BY review_id"
    )
    for review_id, day, sku, country, language, rating, title, text in rows:
        words = clean("\n".join(part for part in (title, text) if part))
        if words:
            yield Passage(
                id=passage_id(REVIEWS, review_id, words),
                text=words,
                kind="review",
                source=REVIEWS,
                place=review_id,
                skus=(sku,),
                language=language or detected_language(words),
                date=day,
                rating=int(rating),
                country=country,
            )


def detected_language(text: str) -> str:
    """BCP 47 code of the language a text is most likely in."""
    import py3langid

    return str(py3langid.classify(text)[0])


class _FileText:
    def __init__(self, path: str, kind: str, title: str, skus: tuple[str, ...], language: str | None,
                 date: date | None, body: str) -> None:  # fmt: skip
        self.path, self.kind, self.title, self.skus = path, kind, title, skus
        self.language, self.date, self.body = language, date, body


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            if not inside:
                raise KnowledgeError(f"There is no {', '.join(SUFFIXES)} file in {path}.")
            yield from inside
        elif not path.is_file():
            raise KnowledgeError(f"There is no file {path}.")
        elif path.suffix.lower() not in SUFFIXES:
            raise KnowledgeError(f"{path} is not a text Pacer can learn: use {', '.join(SUFFIXES)}.")
        else:
            yield path


def _kind(kind: Any, path: str) -> PassageKind:
    said = str(kind).strip().lower()
    for known in KINDS:
        if said == known:
            return known
    raise KnowledgeError(f"{path} says it is of kind {said}; there are: {', '.join(KINDS)}.")


def _kind_of_folder(path: Path) -> str | None:
    for folder in reversed(path.parent.parts):
        name = folder.lower()
        if name in KINDS or name in _PLURALS:
            return _PLURALS.get(name, name)
    return None
