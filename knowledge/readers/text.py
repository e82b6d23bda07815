"""Markdown and plain text files: which encoding, whether they are text at all, and what their front matter says."""

from __future__ import annotations

import unicodedata
from itertools import islice
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.markdown import front_matter, parts
from knowledge.readers.document import Document
from knowledge.refusals import Refusal

MOST_JUNK = 0.01  # share of control and lost characters above which a file is not text
LOOKED_AT = 200_000
_MAGIC = ((b"%PDF", "pdf"), (b"PK\x03\x04", "zip"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"),
          (b"GIF8", "picture"), (b"\x1f\x8b", "packed"), (b"\xd0\xcf\x11\xe0", "office"))  # fmt: skip


def read_text(path: Path) -> Document:
    """A Markdown or text file. Raises KnowledgeError when it is no text or its front matter is malformed."""
    words, notes = decoded(path)
    stated, body, first_line = front_matter(words, path.name)
    return Document(parts(body, first_line), title=str(stated.get("title") or ""), stated=stated, notes=notes)


def decoded(path: Path) -> tuple[str, tuple[str, ...]]:
    """A file's characters and what to say about their encoding. Raises KnowledgeError for a binary file."""
    from shop.errors import ShopError
    from shop.readers.encoding import detect

    with path.open("rb") as file:
        head = file.read(8)
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise Refusal(f"really_{what}", name=path.name)
    try:
        encoding = detect(path)
    except ShopError as refused:
        for sign, key in (("not a text file", "binary"), ("is empty", "empty")):
            if sign in str(refused):
                raise Refusal(key, name=path.name) from refused
        raise KnowledgeError(str(refused)) from refused
    words = path.read_bytes().decode(encoding.codec, encoding.errors).lstrip("\ufeff")
    if junk_share(words) > MOST_JUNK:
        raise Refusal("binary", name=path.name)
    return words, (encoding.warning,) if encoding.warning else ()


def junk_share(text: str) -> float:
    """Share of characters no writer types: controls, unassigned ones, and those lost in decoding."""
    looked_at = text[:LOOKED_AT]
    junk = sum(
        1
        for character in islice(looked_at, None)
        if character == "\ufffd" or (character not in "\n\r\t\f\v\x85" and unicodedata.category(character) in _JUNK)
    )
    return junk / max(len(looked_at), 1)


_JUNK = frozenset({"Cc", "Cn", "Co", "Cs"})
