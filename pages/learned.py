"""What learning did and what is known, as HTML in the page's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.report import KnownSource, LearnReport, SourceReport, Step
from pages.markup import findings_html, folded, plain
from pages.texts import said, said_or

SKUS_SHOWN = 6
PLACES_SHOWN = 5


def report_html(report: LearnReport, language: str) -> str:
    """One finding for each thing to know about each source, and the rows that were not learned."""
    findings = [one for source in report.sources for one in _findings(source, language)]
    rows = "".join(_rows_html(source, language) for source in report.sources if source.refusals)
    return f'<div class="result">{findings_html(findings)}{rows}</div>'


def known_html(sources: Sequence[KnownSource], language: str) -> str:
    """The sources as a table."""
    if not sources:
        return f'<p class="quiet">{plain(said("known_nothing", language))}</p>'
    heads = ("source", "kind", "passages", "languages", "skus", "day")
    head = "".join(
        f'<th class="{"number" if name == "passages" else "word"}">{plain(said(f"known_{name}", language))}</th>'
        for name in heads
    )
    rows = "".join(
        f'<tr><td class="quote">{plain(one.source)}</td>'
        f"<td>{plain(', '.join(said(f'kind_one_{kind}', language) for kind in one.kinds))}</td>"
        f'<td class="number">{one.passages:,}</td><td>{plain(_languages(one.languages))}</td>'
        f'<td class="quote">{plain(_skus(one.skus, language))}</td><td>{plain(_day(one, language))}</td></tr>'
        for one in sources
    )
    return f'<div class="sheet"><div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div></div>'


def step_html(step: Step, language: str) -> str:
    """How far the work is, with a bar."""
    share = min(100, round(100 * step.done / max(step.whole, 1)))
    words = said(
        f"step_{step.doing}", language, source=step.source, share=share, done=f"{step.done:,}", whole=f"{step.whole:,}"
    )
    return f'<p class="quiet">{plain(words)}</p><progress max="100" value="{share}"></progress>'


def _findings(source: SourceReport, language: str) -> list[tuple[str, str]]:
    if source.status == "refused":
        reason = source.reason_zh if language == "zh" and source.reason_zh else source.reason
        return [("act", said("refused_one", language, reason=reason))]
    if source.status == "unchanged":
        return [("info", said("unchanged_one", language, source=source.source))]
    told = {"source": source.source, "passages": f"{source.passages:,}"}
    found = [
        ("good", said("learned_one", language, **told, kind=said(f"kind_one_{source.kind}", language),
                      languages=_languages(source.languages), skus=_skus(source.skus, language), day=_day(source, language)))
    ]  # fmt: skip
    if source.rows_in:
        severity = "watch" if source.rows_refused else "good"
        refused = f"{source.rows_refused:,}"
        found.append((severity, said("learned_rows", language, **told, rows=f"{source.rows_in:,}", refused=refused)))
    if source.joined:
        found.append(("info", said("joined_some", language, source=source.source, n=f"{source.joined:,}")))
    if source.flagged:
        places = "; ".join(source.flagged[:PLACES_SHOWN]) + (" …" if len(source.flagged) > PLACES_SHOWN else "")
        found.append(("act", said("flagged_some", language, source=source.source, places=places)))
    if source.unlinked:
        found.append(("watch", said("unlinked_some", language, source=source.source, n=f"{source.unlinked:,}")))
    return found + [("info", f"{source.source}: {note}") for note in source.notes]


def _rows_html(source: SourceReport, language: str) -> str:
    rows = "".join(
        f"<li>{plain(said('refused_line', language, line=row.line, reason=_reason(row.reason, language)))} "
        f'<span class="quiet">{plain(row.text[:80])}</span></li>'
        for row in source.refusals
    )
    kept = f"<p>{plain(said('refused_kept', language, file=source.refused_file))}</p>" if source.refused_file else ""
    return folded(f"{said('refused_rows', language)} · {source.source}", f"<ul>{rows}</ul>{kept}")


def _reason(reason: str, language: str) -> str:
    return said_or(f"row_{reason}", language, reason)


def _languages(counted: Mapping[str, int]) -> str:
    if len(counted) == 1:
        return next(iter(counted))
    return ", ".join(f"{code} {count:,}" for code, count in counted.items()) or "–"


def _skus(skus: Sequence[str], language: str) -> str:
    if not skus:
        return said("whole_brand", language)
    return ", ".join(skus[:SKUS_SHOWN]) + (f" +{len(skus) - SKUS_SHOWN:,}" if len(skus) > SKUS_SHOWN else "")


def _day(source: Any, language: str) -> str:
    if source.date is None:
        return said("no_day", language)
    if source.dated_by in ("document", "file"):
        return said(f"dated_{source.dated_by}", language, day=source.date)
    return str(source.date)
