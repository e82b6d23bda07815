"""An import: files in, one new version of the books out, every row loaded or refused with its line and a reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shop.errors import ShopError
from shop.readers.report import KEPT_REFUSALS, FileReport, ImportReport, Refusal
from shop.warehouse import current_version, writing

if TYPE_CHECKING:
    import duckdb

    from shop.readers.source import Source

ORDER = ("products", "orders", "order_lines")  # lines need their orders; the operator's products come before made ones


def import_files(
    folder: Path, paths: Sequence[Path], kind: str | None = None, progress: Callable[[str], None] | None = None
) -> ImportReport:
    """Read plain CSV files into the shop in `folder`, all of them in one new version or none.

    Each file is read as the layout its columns fit, or as `kind` (a table of shop.records.TABLES). Rows that cannot
    be read are refused one by one and listed in the report and in imports/<version>-refused.csv of the folder.
    Raises ShopError when a file is missing, is no text, or fits no layout, and ShopLocked while another
    process writes; then nothing has changed.
    """
    from shop.readers.source import inspect

    tell = progress or (lambda _: None)
    if not paths:
        raise ShopError("Name at least one CSV file to import.")
    sources = [inspect(Path(path), kind) for path in paths]
    for source in sources:
        _need_all(source)
    sources.sort(key=lambda source: ORDER.index(source.match.layout.table) if source.match.layout.table in ORDER else 9)
    refused_file: Path | None = None
    try:
        with writing(folder, f"import of {', '.join(source.path.name for source in sources)[:200]}") as connection:
            version = current_version(folder) + 1
            files = _load_all(connection, sources, folder, tell)
            if any(file.rows_refused for file in files):
                refused_file = folder / "imports" / f"{version:06d}-refused.csv"
                _write_refused(connection, [file.path for file in files], refused_file)
            for table in ("typed", "refused"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
    except BaseException:
        if refused_file is not None:
            refused_file.unlink(missing_ok=True)
        raise
    return ImportReport(version=version, files=files, refused_file=str(refused_file) if refused_file else None)


def _need_all(source: Source) -> None:
    """A file of lines that says when also has to say in what currency; a settlement has to be one that adds up."""
    from shop.readers.settlements import need

    columns = source.match.columns
    if source.match.layout.table == "settlements":
        need(columns, source.path.name)
    if source.match.layout.table == "order_lines" and ("ordered_at" in columns) != ("currency" in columns):
        has, lacks = ("ordered_at", "currency") if "ordered_at" in columns else ("currency", "ordered_at")
        raise ShopError(f"{source.path.name}: the columns fit order_lines and have {has}, so {lacks} is needed too.")


def _load_all(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[Source], folder: Path, tell: Callable[[str], None]
) -> list[FileReport]:
    from shop.readers.staging import Staging

    Staging.prepare(connection)
    files = []
    for part, source in enumerate(sources):
        staging = Staging(connection, source, folder)
        staging.fill(part, tell)
        files.append(_load(staging, part, tell))
    return files


def _load(staging: object, part: int, tell: Callable[[str], None]) -> FileReport:
    from shop.readers import books
    from shop.readers.order_lines import OrderLines
    from shop.readers.settlements import Settlements
    from shop.readers.sku_spelling import join_spellings
    from shop.readers.staging import Staging

    assert isinstance(staging, Staging)
    connection, source = staging.connection, staging.source
    table = source.match.layout.table
    warnings = [source.encoding.warning] if source.encoding.warning else []
    if source.match.unknown:
        named = ", ".join(name or "(no name)" for name in source.match.unknown[:20])
        warnings.append(f"Columns not used: {named}{' …' if len(source.match.unknown) > 20 else ''}.")
    joined = join_spellings(connection)
    if joined:
        warnings.append(joined)
    lines = OrderLines(connection, set(source.match.columns), staging.file) if table == "order_lines" else None
    settlements = Settlements(connection, staging.file) if table == "settlements" else None
    if lines:
        lines.refuse()
    elif settlements:
        settlements.refuse()
        warnings += settlements.warnings
    else:
        books.refuse_repeated(connection, table)
    loaded = staging.refuse(part)
    tell(f"{staging.file}: writing {loaded:,} rows")
    if lines:
        tables = lines.load() if loaded else []
        warnings += lines.warnings
    else:
        if settlements:
            settlements.load()
        books.load(connection, table, staging.file)
        tables = [table] if loaded else []
    if not staging.rows_in:
        warnings.append("The file has a header and no rows.")
    reasons = connection.execute(
        "SELECT reason, count(*) FROM refused WHERE part = ? GROUP BY 1 ORDER BY 2 DESC, 1", [part]
    ).fetchall()
    first = connection.execute(
        "SELECT line, reason, text FROM refused WHERE part = ? ORDER BY line LIMIT ?", [part, KEPT_REFUSALS]
    ).fetchall()
    return FileReport(
        path=str(source.path),
        layout=table,
        tables=tables,
        encoding=source.encoding.codec,
        delimiter=source.delimiter,
        rows_in=staging.rows_in,
        rows_loaded=loaded,
        rows_refused=sum(count for _, count in reasons),
        refusals=[Refusal(line=line, reason=reason, text=_shown(text)) for line, reason, text in first],
        reasons=dict(reasons),
        warnings=warnings + staging.warnings,
    )


def _write_refused(connection: duckdb.DuckDBPyConnection, names: Sequence[str], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    found = connection.execute("SELECT part, line, reason, text FROM refused ORDER BY part, line")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "line", "reason", "text"])
        while rows := found.fetchmany(10_000):
            writer.writerows([names[part], line, reason, _cell(text)] for part, line, reason, text in rows)


def _shown(text: str) -> str:
    from shop.readers.clean import clean

    return (clean(text) or "")[:200]


def _cell(text: str) -> str:
    """A stranger's text that a spreadsheet will not run as a formula."""
    from shop.readers.clean import clean

    shown = clean(text) or ""
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
