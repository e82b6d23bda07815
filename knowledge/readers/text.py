"""Markdown and plain text files: which encoding, whether they are text at all, and what their front matter says."""

from __future__ import annotations

import unicodedata
from itertools import islice
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.markdown import front_matter, parts
from knowledge.readers.document import Document

MOST_JUNK = 0.01  # share of control and lost characters above which a file is not text
LOOKED_AT = 200_000
_MAGIC = ((b"%PDF", "a PDF: name it .pdf"), (b"PK\x03\x04", "a zip archive or an Office file: give the documents in it"),
          (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"\x1f\x8b", "a packed file: unpack it first"),
          (b"\xd0\xcf\x11\xe0", "an old or protected Office file: save it as .docx without a password"))  # fmt: skip


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
            raise KnowledgeError(f"{path.name} is not a text file but {what}.")
    try:
        encoding = detect(path)
    except ShopError as refused:
        if "not a text file" in str(refused):
            raise KnowledgeError(_NO_TEXT.format(name=path.name)) from refused
        raise KnowledgeError(str(refused)) from refused
    words = path.read_bytes().decode(encoding.codec, encoding.errors).lstrip("\ufeff")
    if junk_share(words) > MOST_JUNK:
        raise KnowledgeError(_NO_TEXT.format(name=path.name))
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
_NO_TEXT = "{name} is not a text file: its bytes are no letters in any encoding Pacer reads."
