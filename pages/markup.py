"""Results as HTML. Every text goes through `plain`, so a stranger's words stay words wherever they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pages.texts import said, said_or
from tools.contract import Column, DataUsed, Finding, Result, Table, words
from tools.messages import catalogue_language, harmless, render, shown

MOST_ROWS = 40
_MARK = re.compile(r"[^\w\s]|_", re.ASCII)


def plain(text: object) -> str:
    """The text with every ASCII mark as a character reference: neither HTML nor Markdown can begin in it."""
    marked = "".join(f"&#{ord(c)};" if c.isascii() and _MARK.match(c) else c for c in str(text))
    return marked.replace("\n", "<br>")


def answer_html(text: str) -> str:
    """An answer's paragraphs, headings, bullets and bold words; everything else in it is plain text."""
    blocks: list[str] = []
    bullets: list[str] = []
    for line in [*text.splitlines(), ""]:
        point = re.match(r"\s*(?:[-*•]|\d{1,2}[.)])\s+(.*)", line)
        if point:
            bullets.append(f"<li>{_bold(point[1])}</li>")
            continue
        if bullets:
            blocks.append(f"<ul>{''.join(bullets)}</ul>")
            bullets = []
        heading = re.match(r"#{1,6}\s+(.*)", line)
        if heading:
            blocks.append(f"<p><strong>{plain(heading[1])}</strong></p>")
        elif line.strip():
            blocks.append(f"<p>{_bold(line)}</p>")
    return f'<div class="answer">{"".join(blocks)}</div>'


def _bold(line: str) -> str:
    parts = re.split(r"\*\*(.+?)\*\*", line)
    return "".join(f"<strong>{plain(part)}</strong>" if n % 2 else plain(part) for n, part in enumerate(parts))


def findings_html(findings: Sequence[tuple[str, str]]) -> str:
    """(severity, sentence) pairs as a list with a mark for each severity."""
    items = "".join(f'<li class="{severity}">{plain(text)}</li>' for severity, text in findings)
    return f'<ul class="findings">{items}</ul>' if items else ""


def folded(title: str, inside: str, unfolded: bool = False) -> str:
    """A part that opens on a click; nothing when there is nothing inside."""
    opened = " open" if unfolded else ""
    return f"<details{opened}><summary>{plain(title)}</summary>{inside}</details>" if inside else ""


def tables_html(tables: Sequence[Table], language: str) -> str:
    """Tables with their titles."""
    return "".join(table_html(table, language) for table in tables)


def table_html(table: Table, language: str) -> str:
    """A table: numbers at the right in the language's form, quotes fenced, the first rows where there are many."""
    heads = "".join(f'<th class="{_side(column)}">{plain(_heading(column, language))}</th>' for column in table.columns)
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td class="{_side(column)}">{plain(cell(value, column, language))}</td>'
            for column, value in zip(table.columns, row, strict=False)
        )
        + "</tr>"
        for row in table.rows[:MOST_ROWS]
    )
    left = len(table.rows) > MOST_ROWS
    more = said("rows_left_out", language, shown=MOST_ROWS, rows=len(table.rows)) if left else ""
    return (
        f'<div class="sheet"><h4>{plain(said_or(f"title_{table.title}", language, table.title))}</h4><div class="scroll"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>" + (f'<p class="quiet">{plain(more)}</p>' if more else "") + "</div>"
    )


def cell(value: Any, column: Column, language: str) -> str:
    """One cell in the language's form."""
    if value is None or value == "":
        return "–"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if column.kind == "quote":
        return harmless(str(value))
    if column.kind == "words":
        return shown(words(str(value)), catalogue_language(language))
    number = _number(value) if column.kind in _NUMBERS else None
    if number is None:
        return str(value)
    from babel.numbers import format_decimal

    form = "#,##0.00" if column.kind == "money" else "#,##0.##"
    ending = {"percent": "%", "ratio": "×"}.get(column.kind, "")
    return f"{format_decimal(number, form, locale=catalogue_language(language))}{ending}"


_NUMBERS = ("units", "count", "money", "percent", "ratio", "days", "weeks")


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _side(column: Column) -> str:
    return "number" if column.kind in _NUMBERS else "quote" if column.kind == "quote" else "word"


def _heading(column: Column, language: str) -> str:
    name = column.name.replace("_", " ")
    known = said_or(f"column_{column.name.replace('_', ' ')}", language, name)
    return f"{known} ({column.unit})" if column.unit else known


def basis_html(assumptions: Sequence[str], used: Sequence[DataUsed], calls: Sequence[tuple[str, str, float]],
               language: str) -> str:  # fmt: skip
    """What an answer stands on: assumptions, the books' day and version, rows read, reference data, calls."""
    parts = [f"<ul>{''.join(f'<li>{plain(one)}</li>' for one in assumptions)}</ul>"] if assumptions else []
    for books in dict.fromkeys((one.as_of, one.version) for one in used):
        parts.append(f"<p>{plain(said('used_books', language, day=books[0], version=books[1]))}</p>")
    rows: dict[str, int] = {}
    for one in used:
        for table, count in one.tables.items():
            rows[table] = max(count, rows.get(table, 0))
    listed = ", ".join(f"{table} {count:,}" for table, count in rows.items())
    reference = ", ".join(dict.fromkeys(name for one in used for name in one.reference))
    for key, text in (("used_rows", listed), ("used_reference", reference)):
        if text:
            parts.append(f"<p><b>{plain(said(key, language))}</b> {plain(text)}</p>")
    if calls:
        made = "".join(
            f"<li><code>{plain(name)}({plain(arguments)})</code> "
            f'<span class="quiet">{plain(said("seconds", language, n=f"{spent:.2f}"))}</span></li>'
            for name, arguments, spent in calls
        )
        parts.append(f"<p><b>{plain(said('used_calls', language))}</b></p><ul>{made}</ul>")
    return "".join(parts)


def notices_html(warnings: Sequence[str], notes: Sequence[str], language: str) -> str:
    """Warnings and notes, visible but calm."""
    lines = [("warning", text) for text in warnings] + [("note", text) for text in notes]
    return "".join(
        f'<p class="notice {kind}"><b>{plain(said(kind, language))}</b> {plain(text)}</p>' for kind, text in lines
    )


def result_html(result: Result, language: str, names: Mapping[str, str]) -> str:
    """A whole result, for the pages that show one tool."""

    def worded(findings: Sequence[Finding]) -> list[str]:
        return [render(found, language, names) for found in findings]

    findings = [(found.severity, render(found, language, names)) for found in result.findings]
    return (
        '<div class="result">'
        + findings_html(findings)
        + notices_html(worded(result.warnings), [], language)
        + tables_html(result.tables, language)
        + folded(said("basis", language), basis_html(worded(result.assumptions), [result.data_used], [], language))
        + "</div>"
    )


def day_text(day: Any, language: str) -> str:
    """A calendar day in the language's own form."""
    from tools.contract import on

    return shown(on(day), catalogue_language(language))
