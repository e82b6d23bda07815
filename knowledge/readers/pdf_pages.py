"""The pages of one PDF as JSON lines, in a process of its own: a damaged or hostile file costs that process only.

`python -m knowledge.readers.pdf_pages FILE SECONDS BYTES` prints {"pages": n, "title", "date"}, then one list of lines
a page, each [text, size of its letters, distance to the line above], or {"error": one of ERRORS}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

ERRORS = ("password", "damaged", "pages")
WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD of PDFium


def main(path: str, seconds: int, memory: int, most_pages: int) -> None:
    """Print the document's pages."""
    _bound(seconds, memory)
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as refused:
        _print({"error": "password" if getattr(refused, "err_code", None) == WRONG_PASSWORD else "damaged"})
        return
    if len(document) > most_pages:
        _print({"error": "pages"})
        return
    about = document.get_metadata_dict()
    _print(
        {
            "pages": len(document),
            "title": about.get("Title", ""),
            "date": about.get("ModDate") or about.get("CreationDate", ""),
        }
    )
    for number in range(len(document)):
        try:
            _print(_lines(document[number]))
        except pdfium.PdfiumError:
            _print(None)


def _lines(page: Any) -> list[tuple[str, float, float]]:
    """The page's lines in the document's own order. PDFium ends each with CR LF; its indices count those too."""
    import ctypes

    import pypdfium2.raw as raw

    text = page.get_textpage()
    found: list[tuple[str, float, float]] = []
    at, above = 0, None
    x, baseline = ctypes.c_double(), ctypes.c_double()
    for line in text.get_text_range().split("\r\n"):
        first = at + len(line) - len(line.lstrip())
        at += len(line) + 2
        if not line.strip():
            continue
        size = float(raw.FPDFText_GetFontSize(text.raw, first))
        seen = raw.FPDFText_GetCharOrigin(text.raw, first, x, baseline)
        gap = round(above - baseline.value, 1) if seen and above is not None else 0.0
        above = baseline.value if seen else above
        found.append((line.strip(), round(size, 1), gap))
    return found


def _bound(seconds: int, memory: int) -> None:
    """Let the system end this process when it takes too much."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's clock still holds
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _print(content: Any) -> None:
    sys.stdout.buffer.write(json.dumps(content).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
