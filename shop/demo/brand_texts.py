"""The demo brand's own documents: stories, evidence and policies, as Markdown with a YAML front matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from shop.errors import ShopError

TEXTS = Path(__file__).parent / "texts"
KINDS = ("story", "evidence", "policy")


@dataclass(frozen=True)
class BrandText:
    """One document. `path` is relative to the texts folder; `skus` is empty when it is about the whole brand."""

    path: str
    kind: str
    title: str
    skus: tuple[str, ...]
    language: str
    date: date
    body: str


def brand_texts(folder: Path = TEXTS) -> list[BrandText]:
    """Every document of a demo brand, ordered by path; Northlane's unless another folder is given.

    They are as the brand got them: a few hold false claims or instructions written by strangers.
    Raises ShopError naming the file whose front matter is wrong.
    """
    return [
        parse_text(file.relative_to(folder).as_posix(), file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob("*.md"))
    ]


def parse_text(path: str, raw: str) -> BrandText:
    """A document from its text. Raises ShopError when the front matter is missing, unreadable or incomplete."""
    opening, _, rest = raw.partition("---\n")
    head, closed, body = rest.partition("\n---\n")
    if opening or not closed:
        raise ShopError(f"{path}: start with a front matter between two lines of ---.")
    try:
        meta: Any = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError) as error:
        raise ShopError(f"{path}: the front matter is not valid YAML.") from error
    if not isinstance(meta, dict) or meta.keys() != {"kind", "title", "skus", "language", "date"}:
        raise ShopError(f"{path}: the front matter needs kind, title, skus, language and date, nothing else.")
    if meta["kind"] not in KINDS:
        raise ShopError(f"{path}: kind must be one of {', '.join(KINDS)}.")
    if not isinstance(meta["skus"], list) or type(meta["date"]) is not date:
        raise ShopError(f"{path}: skus must be a list and date a day as in 2026-11-15.")
    return BrandText(
        path=path,
        kind=meta["kind"],
        title=str(meta["title"]),
        skus=tuple(str(sku) for sku in meta["skus"]),
        language=str(meta["language"]),
        date=meta["date"],
        body=body.strip(),
    )
