"""Whom and when each part of an answer speaks of: sentences, clauses, and the names nearest to a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from agent.reading.said import Span

_STOP = re.compile(r"[.!?](?=[\s)\"'”*]|$)|[;；](?=\s|[\u3040-\u9fff])|[。！？]|\n")
_ITEM = re.compile(r"[ \t]*(?:[-*•]|\d{1,2}[.)、])(?!\*)")
_NO_STOP = re.compile(r"(?:^|\n)[ \t]*\d{1,2}$|\b(?:ca|approx|no|nr|vs|etc|e\.g|i\.e|z\.B|St)$")
_CLAUSE = re.compile(r"[,;](?=\s)|[，；、]|\s[–—]\s|\(|\)|（|）")
_LINK = re.compile(
    r"[\s*`_]*(?:,|/|&|\+|、|和|与|及|vs\.?|versus|and|or|und|oder|et|ou|y|o|plus|with|,\s*and|と)?[\s*`_]*(?:the\s+|the\s+)?"
)
_LEADS_TO = re.compile(
    r"[\s*`_]*(?:(?:more|extra|additional|units?|pieces?|pcs|orders?|stück|unités|unidades|sales|each|days?|weeks?)\s+){0,2}"
    r"(?:of|for|in|on|from|von|für|in|auf|bei|de|d['’]|pour|en|au|aux|sur|del|para|por)\s+(?:the\s+|der\s+|die\s+|das\s+|den\s+|la\s+|le\s+|les\s+|l['’]|el\s+|los\s+|las\s+)?[*`_]*", re.I
)  # fmt: skip
_HAN_LEADS_TO = re.compile(r"\s*的?\s*")
_WHOLE = re.compile(
    r"\b(?:in total|total|overall|altogether|all told|across the (?:shop|range)|shop[- ]wide|insgesamt|zusammen|gesamt|au total|"
    r"en tout|en total)\b|总共|合计|一共|总计|全店|合計|全体", re.I
)  # fmt: skip

_COMPARED = re.compile(
    r"(?:\b(?:unlike|than|versus|vs\.?|compared (?:with|to)|instead of|as opposed to|anders als|als|im Gegensatz zu[rm]?|"
    r"contrairement à|que|a diferencia de)|不同于|相比|比|不像)\s*(?:the\s+|der\s+|die\s+|la\s+|le\s+)?[*`_]*$", re.I
)  # fmt: skip
_JOINT = re.compile(
    r"\b(?:together|combined|both|each|zusammen|beide|ensemble|juntos|ambos)\b|一共|共同|都|合わせて", re.I
)


@dataclass(frozen=True)
class Name:
    """A product, country or channel where it stands; `codes` has several when the words are ambiguous."""

    span: Span
    code: str


@dataclass
class Sentence:
    """A stretch of an answer that is kept or left out as one. `cells` are the header texts of a table row's cells."""

    span: Span
    paragraph: int
    heading: bool = False
    row: bool = False
    item: bool = False
    names: dict[str, list[Name]] = field(default_factory=dict)


@dataclass(frozen=True)
class Named:
    """The codes a number belongs to: one group all of which it must hold for. Inherited names come from an
    earlier sentence and bind less: a value about nobody in particular may follow."""

    codes: frozenset[str]
    inherited: bool = False


def sentences_of(text: str, protected: Sequence[Span]) -> list[Sentence]:
    """Cut at sentence ends and lines, never inside a number, date or name."""
    cuts = [0]
    for stop in _STOP.finditer(text):
        inside = stop[0] != "\n" and any(start <= stop.start() < end for start, end in protected)
        if not inside and not _NO_STOP.search(text[cuts[-1] : stop.start()]):
            cuts.append(stop.end())
    cuts.append(len(text))
    sentences, paragraph, heading = [], 0, False
    for start, end in pairwise(cuts):
        body = text[start:end]
        if not body.strip():
            if text[max(0, start - 1) : start] == "\n" and body.strip(" \t") == "\n" and not heading:
                paragraph += 1
            continue
        line_start = text.rfind("\n", 0, start + len(body) - len(body.lstrip())) + 1
        whole_line = text[line_start : (text.find("\n", start) if text.find("\n", start) >= 0 else len(text))].strip()
        heading = bool(re.match(r"#|\*\*[^*]+\*\*:?$", whole_line)) or whole_line.endswith((":", "："))
        if re.match(r"#", whole_line):
            paragraph += 1
        item = (
            bool(_ITEM.match(body.lstrip("\n")))
            and text[line_start : start + len(body) - len(body.lstrip())].strip() == ""
        )
        sentences.append(Sentence((start, end), paragraph, heading, whole_line.startswith("|"), item))
    return sentences


def clause_around(text: str, sentence: Span, at: int, protected: Sequence[Span]) -> Span:
    """The part of a sentence between commas that holds a position."""
    start, end = sentence
    for cut in _CLAUSE.finditer(text, *sentence):
        if any(a <= cut.start() < b for a, b in protected):
            continue
        if cut.end() <= at:
            start = cut.end()
        elif cut.start() >= at:
            end = cut.start()
            break
    return start, end


def names_for(text: str, sentence: Sentence, kind: str, number: Span, unit: str | None,
              numbers: Sequence[tuple[Span, str | None]], clause: Span, before: Named | None) -> Named | None:  # fmt: skip
    """Whose a number is, by where the names of one kind stand around it."""
    names = sentence.names.get(kind, [])
    if not names:
        return before
    groups = _groups(text, names)
    following = next((g for g in groups if g[0].span[0] >= number[1]), None)
    before_it = [g for g in groups if g[-1].span[1] <= number[0]]
    subjects = [g for g in before_it if not _set_aside(text, g, number)]
    nearest = subjects or before_it
    preceding = nearest[-1] if nearest else None
    if following:
        gap = text[number[1] : following[0].span[0]]
        if _LEADS_TO.fullmatch(gap) or (not preceding and _HAN_LEADS_TO.fullmatch(gap)):
            return Named(frozenset(n.code for n in following))
    if preceding:
        if _WHOLE.search(text, preceding[-1].span[1], number[0]):
            return None
        return _paired(text, names, preceding, following, number, unit, numbers)
    if following and following[0].span[0] < clause[1]:
        return Named(frozenset(n.code for n in following))
    return before


def _set_aside(text: str, group: Sequence[Name], number: Span) -> bool:
    """A name only compared with, closed off by a comma: "BOT-750, unlike BOT-500, sells 980"."""
    return bool(_COMPARED.search(text[: group[0].span[0]])) and bool(
        re.search(r"[,，、]", text[group[-1].span[1] : number[0]])
    )


def _groups(text: str, names: Sequence[Name]) -> list[list[Name]]:
    groups: list[list[Name]] = []
    for name in names:
        if groups and _LINK.fullmatch(text[groups[-1][-1].span[1] : name.span[0]]):
            groups[-1].append(name)
        else:
            groups.append([name])
    return groups


def _paired(text: str, names: Sequence[Name], preceding: Sequence[Name], following: Sequence[Name] | None,
            number: Span, unit: str | None, numbers: Sequence[tuple[Span, str | None]]) -> Named:  # fmt: skip
    limit = following[0].span[0] if following else 10**9
    alike = [span for span, u in numbers if u == unit or {u, unit} == {None, "piece"}]
    after = [span for span in alike if preceding[-1].span[1] <= span[0] < limit]
    codes = list(dict.fromkeys(n.code for n in preceding))
    if len(codes) > 1 and len(after) == len(codes) and number in after and _listed(text, after):
        return Named(frozenset({codes[after.index(number)]}))
    everyone = list(dict.fromkeys(n.code for n in names))
    before_all = bool(alike) and all(n.span[1] <= alike[0][0] for n in names)
    if len(codes) == 1 < len(everyone) == len(alike) and number in alike and before_all and _listed(text, alike):
        return Named(frozenset({everyone[alike.index(number)]}))
    return Named(frozenset(codes))


def _listed(text: str, spans: Sequence[Span]) -> bool:
    """Numbers that stand side by side, as in "312 and 280", go to the names before them one by one."""
    return all(_LINK.fullmatch(text[one[1] : two[0]]) for one, two in pairwise(spans)) and not _JOINT.search(
        text, max(0, spans[0][0] - 40), spans[-1][1]
    )
