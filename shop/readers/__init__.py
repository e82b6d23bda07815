"""Files into the books: plain CSV, one layout per table (docs/plain-csv.md)."""

from shop.readers.imports import import_files
from shop.readers.report import FileReport, ImportReport, Refusal

__all__ = ["FileReport", "ImportReport", "Refusal", "import_files"]
