"""What learning did, as the command line says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.passage import DatedBy
from knowledge.report import KnownSource, LearnReport, SourceReport

ROWS_SHOWN = 5
SKUS_SHOWN = 6
DATED: dict[DatedBy, str] = {"said": "", "document": " by its properties", "file": " by the file's last change only"}


def report_text(report: LearnReport) -> str:
    """One paragraph for each file: what was learned, what was not and why."""
    lines = [line for source in report.sources for line in _lines(source)]
    counted = {
        status: sum(one.status == status for one in report.sources) for status in ("learned", "unchanged", "refused")
    }
    if len(report.sources) > 1:
        lines.append(
            f"{report.passages:,} passages from {counted['learned']:,} sources learned in {report.seconds:.1f} s; "
            f"{counted['unchanged']:,} unchanged, {counted['refused']:,} refused."
        )
    return "\n".join(lines)


def known_text(sources: Sequence[KnownSource]) -> str:
    """One line for each source: kind, passages, languages, products, date."""
    if not sources:
        return "Nothing has been learned yet: pacer learn PATH…"
    lines = []
    for one in sources:
        day = f"{one.date}{DATED[one.dated_by or 'said']}" if one.date else "no date"
        lines.append(
            f"{one.source}: {', '.join(one.kinds)}, {one.passages:,} passages, {_counted(one.languages)}, "
            f"{_products(one.skus)}, {day}"
        )
    return "\n".join(lines)


def _lines(source: SourceReport) -> list[str]:
    if source.status == "refused":
        return [f"Not learned: {source.reason}"]
    if source.status == "unchanged":
        return [f"{source.source}: unchanged, nothing to learn"]
    day = f"dated {source.date}{DATED[source.dated_by or 'said']}" if source.date else "no date"
    lines = [
        f"{source.source}: {source.passages:,} passages learned as {source.kind}, {_counted(source.languages)}, "
        f"{_products(source.skus)}, {day}"
    ]
    if source.rows_in:
        lines.append(f"  {source.rows_in:,} rows in, {source.passages:,} learned, {source.rows_refused:,} not learned")
        lines += [f"  {count:,} × {reason}" for reason, count in source.reasons.items()]
        lines += [f"  line {row.line}: {row.reason}" for row in source.refusals[:ROWS_SHOWN]]
    if source.refused_file:
        lines.append(f"  every row not learned, with line and reason: {source.refused_file}")
    if source.joined:
        lines.append(f"  {source.joined:,} say the same as another passage and are kept as one with it")
    if source.flagged:
        places = "; ".join(source.flagged[:ROWS_SHOWN]) + (" …" if len(source.flagged) > ROWS_SHOWN else "")
        lines.append(f"  careful: words that address an assistant, kept as data only: {places}")
    if source.unlinked:
        which = (
            "no passage names" if source.unlinked == source.passages else f"{source.unlinked:,} passages do not name"
        )
        lines.append(
            f"  {which} a product, so they count for the whole brand; if they are about some, learn it again with --sku SKU"
        )
    return lines + [f"  note: {note}" for note in source.notes]


def _counted(languages: Mapping[str, int]) -> str:
    if len(languages) == 1:
        return next(iter(languages))
    return ", ".join(f"{code} {count:,}" for code, count in languages.items()) or "no language"


def _products(skus: Sequence[str]) -> str:
    if not skus:
        return "the whole brand"
    more = f" and {len(skus) - SKUS_SHOWN:,} more" if len(skus) > SKUS_SHOWN else ""
    return ", ".join(skus[:SKUS_SHOWN]) + more
