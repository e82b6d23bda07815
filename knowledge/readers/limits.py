"""How large a file may be, so that a bad one costs seconds and not the machine. Sizes in bytes."""

from __future__ import annotations

MB = 1_000_000
LARGEST = {"text": 10 * MB, "html": 20 * MB, "docx": 50 * MB, "pdf": 100 * MB, "reviews": 200 * MB}
LARGEST_UNPACKED = 200 * MB  # all parts of a DOCX
LARGEST_XML = 40 * MB  # those of its parts that are text
MOST_PARTS = 5_000
MOST_PAGES = 3_000
MOST_CHARACTERS = 20_000_000  # of one document
PDF_SECONDS = 180
PDF_MEMORY = 2_000 * MB
