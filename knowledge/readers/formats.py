"""Which reader a file goes to, and which files are too large for any."""

from __future__ import annotations

from pathlib import Path

from knowledge.readers.document import Document, Reading, unwatched
from knowledge.readers.limits import LARGEST, MB
from knowledge.refusals import Refusal

FORMATS = {".md": "text", ".markdown": "text", ".txt": "text", ".html": "html", ".htm": "html", ".xhtml": "html",
           ".pdf": "pdf", ".docx": "docx", ".csv": "reviews", ".tsv": "reviews"}  # fmt: skip
SUFFIXES = tuple(FORMATS)


def format_of(path: Path) -> str:
    """text, html, pdf, docx or reviews. Raises KnowledgeError for a file Pacer cannot learn, or not in this size."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise Refusal("format", name=path.name, suffixes=", ".join(SUFFIXES))
    size = path.stat().st_size
    if not size:
        raise Refusal("empty", name=path.name)
    if size > LARGEST[found]:
        raise Refusal(f"too_large_{found}", name=path.name, size=f"{size / MB:,.0f}", most=LARGEST[found] // MB)
    return found


def read(path: Path, reading: Reading = unwatched) -> Document:
    """One text, page, PDF or Word document. Raises KnowledgeError, in one sentence, when it holds no readable text."""
    found = format_of(path)
    if found == "pdf":
        from knowledge.readers.pdf import read_pdf

        document = read_pdf(path, reading)
    elif found == "docx":
        from knowledge.readers.docx import read_docx

        document = read_docx(path)
    elif found == "html":
        from knowledge.readers.html import read_html

        document = read_html(path)
    else:
        from knowledge.readers.text import read_text

        document = read_text(path)
    if document.empty:
        raise Refusal("no_text", name=path.name)
    return document
