"""The FAQ as findings and tables: what was asked, each question with its answer and source, what no source answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tools.contract import (
    About,
    Column,
    Finding,
    Table,
    Value,
    code,
    count,
    country,
    finding,
    on,
    quote,
    several,
    sku,
    words,
)
from tools.faq.answers import Told
from tools.faq.compile import Entry, Faq
from tools.faq.conflicts import Conflict
from tools.faq.wording import Sentence, Wording, joined
from tools.messages import label

Worded = list[tuple[Entry, list[tuple[Told, list[Sentence]]]]]

GAPS_NAMED = 4


def findings(faq: Faq, worded: Worded) -> list[Finding]:
    """The summary, what presses, then every question with its answer, then the gaps."""
    return [
        _summary(faq),
        *_contradictions(faq),
        *_asked(faq),
        *_open(faq),
        *_markets(faq),
        *[_pair(faq, entry, told, said) for entry, answers in worded for told, said in answers],
        *[_gap(faq, entry) for entry in faq.gaps],
    ]


def points(found: Sequence[Finding]) -> int:
    """How many findings an answer shows: all but the single gaps."""
    return 1 + sum(one.severity != "info" for one in found[1:])


def assumptions(faq: Faq, worded: Worded, understood: bool, said: str) -> list[Finding]:
    """How the reader was understood, which words are the source's own, and what was left out."""
    told = [finding("write_faq.sources_used", reviews=count(faq.asked.read.get("reviews", 0)))]
    if not understood:
        told.append(finding("write_faq.persona_unknown", said=quote(said)))
    elif faq.persona.key != "everybody":
        told.append(finding("write_faq.persona", persona=words(f"persona.{faq.persona.key}")))
    if faq.over:
        told.append(finding("write_faq.left_out", n=count(len(faq.over)), persona=words(f"persona.{faq.persona.key}")))
    return told


def warnings(faq: Faq, worded: Worded, wording: Wording) -> list[Finding]:
    """Text that talks to an assistant, and answers that stand in another language than asked."""
    told = [
        finding(
            "write_faq.instruction",
            "watch",
            About(skus=[faq.product.sku]),
            where=words(label(f"{origin} {id}")),
            text=quote(text),
        )
        for origin, id, text in faq.asked.suspicious
    ]
    told += [
        finding(
            "write_faq.instruction",
            "watch",
            About(skus=[faq.product.sku]),
            where=words(label(f"{p.source}, {p.place}")),
            text=quote(p.text),
        )
        for p in faq.shelf.suspicious
    ]
    asked = Value(kind="language", value=faq.language)
    sentences = [one for _, answers in worded for _, said in answers for one in said]
    if foreign := [one for one in sentences if one.language != wording.spoken]:
        tongues = [Value(kind="language", value=one) for one in sorted({one.language for one in foreign})]
        key = "write_faq.foreign" if wording.voice is None else "write_faq.foreign_kept"
        told.append(finding(key, "watch", n=count(len(foreign)), asked=asked, languages=several(tongues)))
    if by_model := [one for one in sentences if not one.own_words]:
        reads_well = wording.voice is not None and wording.voice.writes(faq.language)
        key = "write_faq.by_model" if reads_well else "write_faq.by_model_draft"
        model = code(wording.voice.name if wording.voice else "")
        told.append(finding(key, "info" if reads_well else "watch", n=count(len(by_model)), asked=asked, model=model))
    if wording.refused:
        text, why = wording.refused[0]
        told.append(finding("write_faq.refused", n=count(len(wording.refused)), text=quote(text), why=code(why)))
    return told


def tables(faq: Faq, worded: Worded) -> list[Table]:
    """Questions with answers and sources; gaps with what to add."""
    pairs = [
        [
            entry.question, joined(said), told.country, ", ".join(dict.fromkeys(s.language for s in said)),
            label("; ".join(dict.fromkeys(s.line.where for s in said))), _latest(said),
            "; ".join(dict.fromkeys(s.line.passage.id for s in said)), entry.times, _from(entry),
        ]
        for entry, answers in worded
        for told, said in answers
    ]  # fmt: skip
    shown = [Table(title="Questions and answers", columns=_PAIR_COLUMNS, rows=pairs)] if pairs else []
    if faq.gaps:
        rows = [
            [entry.question, entry.times, entry.searches, f"faq_needs.{entry.key}" if entry.key else None, _from(entry)]
            for entry in faq.gaps
        ]
        shown.append(Table(title="Questions without an answer", columns=_GAP_COLUMNS, rows=rows))
    return shown


_PAIR_COLUMNS = [
    Column(name="question", kind="quote"), Column(name="answer", kind="words"), Column(name="country", kind="country"),
    Column(name="language", kind="code"), Column(name="source", kind="words"), Column(name="date", kind="date"),
    Column(name="passage", kind="code"), Column(name="asked", kind="count"), Column(name="asked_in", kind="words"),
]  # fmt: skip
_GAP_COLUMNS = [
    Column(name="question", kind="quote"), Column(name="asked", kind="count"), Column(name="searches", kind="count"),
    Column(name="add", kind="words"), Column(name="asked_in", kind="words"),
]  # fmt: skip


def _summary(faq: Faq) -> Finding:
    total = len(faq.answered) + len(faq.gaps)
    key = "write_faq.done" if faq.answered else "write_faq.nothing"
    return finding(
        key, "info" if faq.answered else "watch", About(skus=[faq.product.sku]), sku=sku(faq.product.sku),
        language=Value(kind="language", value=faq.language), answered=count(len(faq.answered)), total=count(total),
        gaps=count(len(faq.gaps)),
    )  # fmt: skip


def _contradictions(faq: Faq) -> list[Finding]:
    """Both sides, newest first, and the question to the operator."""
    pairs = [(entry, one) for entry in [*faq.answered, *faq.over] for one in entry.conflicts]
    return [_contradiction(faq, entry, one) for entry, one in pairs]


def _contradiction(faq: Faq, entry: Entry, one: Conflict) -> Finding:
    values = {
        "question": quote(entry.question), "newer": quote(one.newer.text), "older": quote(one.older.text),
        "newer_source": words(label(one.newer.where)), "older_source": words(label(one.older.where)),
    }  # fmt: skip
    newer, older = one.newer.passage.date, one.older.passage.date
    key = "write_faq.contradiction"
    if newer and older and newer != older:
        values |= {"newer_day": on(newer), "older_day": on(older)}
        key = "write_faq.contradiction_dated"
    return Finding(id="", severity="act", key=key, values=values, about=About(skus=[faq.product.sku]))


def _asked(faq: Faq) -> list[Finding]:
    groups = [entry for entry in [*faq.answered, *faq.over, *faq.gaps] if entry.group]
    origins: Counter[str] = Counter()
    for entry in groups:
        origins.update(entry.group.by_origin() if entry.group else {})
    if not groups:
        return [finding("write_faq.nobody_asked", "good", About(skus=[faq.product.sku]), sku=sku(faq.product.sku))]
    most = max(groups, key=lambda entry: (entry.times, entry.question))
    return [
        finding(
            "write_faq.asked", "good", About(skus=[faq.product.sku]), groups=count(len(groups)),
            tickets=count(origins["tickets"]), reviews=count(origins["reviews"]), inquiries=count(origins["inquiries"]),
            question=quote(most.question), times=count(most.times),
        )
    ]  # fmt: skip


def _open(faq: Faq) -> list[Finding]:
    if not faq.gaps:
        return []
    real = [entry for entry in faq.gaps if entry.times]
    named = (real or faq.gaps)[:GAPS_NAMED]
    return [
        finding(
            "write_faq.gaps_asked" if real else "write_faq.gaps", "watch", About(skus=[faq.product.sku]),
            n=count(len(real or faq.gaps)), questions=several([quote(entry.question) for entry in named]),
        )
    ]  # fmt: skip


def _markets(faq: Faq) -> list[Finding]:
    silent = [(entry, entry.answer.silent_in) for entry in faq.answered if entry.answer.silent_in]
    return [
        finding(
            "write_faq.silent_in", "watch", About(skus=[faq.product.sku]), question=quote(entry.question),
            countries=several([country(one) for one in places]),
        )
        for entry, places in silent
    ]  # fmt: skip


def _pair(faq: Faq, entry: Entry, told: Told, said: Sequence[Sentence]) -> Finding:
    text = joined(list(said))
    own = all(one.own_words for one in said)
    values = {
        "question": quote(entry.question),
        "answer": quote(text) if own else words(label(text)),
        "source": words(label("; ".join(dict.fromkeys(one.line.passage.source for one in said)))),
    }
    if told.country:
        values["country"] = country(told.country)
    key = "write_faq.pair_in" if told.country else "write_faq.pair"
    return Finding(id="", severity="good", key=key, values=values, about=About(skus=[faq.product.sku]))


def _gap(faq: Faq, entry: Entry) -> Finding:
    about = About(skus=[faq.product.sku])
    if entry.key is None:
        return finding("write_faq.gap_unknown", "info", about, question=quote(entry.question), times=count(entry.times))
    needs = words(f"faq_needs.{entry.key}")
    if entry.times:
        return finding(
            "write_faq.gap_asked", "info", about, question=quote(entry.question), needs=needs, times=count(entry.times)
        )
    return finding("write_faq.gap", "info", about, question=quote(entry.question), needs=needs)


def _from(entry: Entry) -> str | None:
    if not entry.group:
        return None
    return ", ".join(f"{origin} {n}" for origin, n in sorted(entry.group.by_origin().items()))


def _latest(said: Sequence[Sentence]) -> str | None:
    days = [one.line.passage.date for one in said if one.line.passage.date]
    return max(days).isoformat() if days else None
