"""What an import did: every row is loaded or refused with its line and a reason."""

from __future__ import annotations

from pydantic import BaseModel, Field, computed_field

KEPT_REFUSALS = 200


class Refusal(BaseModel):
    """A row that was not loaded; `line` is the physical line of the file the row begins on."""

    line: int
    reason: str
    text: str = Field(description="beginning of the row, untrusted")


class FileReport(BaseModel):
    """One file: what it was read as, and what became of its rows. The first 200 refusals are kept here."""

    path: str
    layout: str = Field(description="the layout it was read as, named after its table")
    tables: list[str] = Field(description="tables that received rows")
    encoding: str
    delimiter: str
    rows_in: int = 0
    rows_loaded: int = 0
    rows_refused: int = 0
    refusals: list[Refusal] = []
    reasons: dict[str, int] = Field(default={}, description="rows refused by reason, all of them")
    warnings: list[str] = []


class ImportReport(BaseModel):
    """A finished import: one new version of the books, made of all the files of the call."""

    version: int
    files: list[FileReport]
    refused_file: str | None = Field(None, description="CSV with every refusal: file, line, reason, text")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rows_in(self) -> int:
        """Rows found, without headers and blank lines."""
        return sum(file.rows_in for file in self.files)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rows_loaded(self) -> int:
        """Rows that are now in the books."""
        return sum(file.rows_loaded for file in self.files)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def rows_refused(self) -> int:
        """Rows that are not, each with a reason."""
        return sum(file.rows_refused for file in self.files)
