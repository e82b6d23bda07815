"""Names of people, firms and places in a claim that its sources do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import concepts_in, plain
from knowledge.verification.reading import Reading
from knowledge.verification.verdict import Reason

_CAPITAL = re.compile(r"(?<![\w.'’-])[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SEQUENCE = re.compile(r"(?<![\w.'’-])[A-ZÀ-ÖØ-Þ][^\W\d_]+(?:\s[A-ZÀ-ÖØ-Þ][^\W\d_]+)+")
_DOTTED = re.compile(r"[\u30a1-\u30ffー]{2,}[・＝][\u30a1-\u30ffー]{2,}|[\u4e00-\u9fff]{1,5}·[\u4e00-\u9fff]{1,5}")
_ROMAN = re.compile(r"[IVX]+")
_STARTS = re.compile(r"(?:^|[.!?:;–—|(\"“„«]\s*|^\s*[-*•]\s*)$")
EVERYDAY = frozenset(
    [
        "i",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "spring",
        "summer",
        "autumn",
        "winter",
        "english",
        "german",
        "french",
        "spanish",
        "chinese",
        "japanese",
        "eu",
        "usb",
        "led",
        "uv",
        "christmas",
        "easter",
        "halloween",
        "black",
        "friday",
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
        "bluetooth",
        "wifi",
        "standard",
        "report",
        "class",
        "north",
        "south",
        "east",
        "west",
        "europe",
        "european",
        "asia",
    ]
)


def names(claim: Reading, grounds: Grounds, known: Sequence[str]) -> Iterator[Reason]:
    """A reason for every name that neither the sources nor the brand's own names hold."""
    allowed = plain(" ".join([*known, grounds.sku or "", *(f"{s.passage.heading} {s.text}" for s in grounds.proving)]))
    taken = [(s.start, s.end) for s in (*claim.standards, *claim.skus)] + [(p.start, p.end) for p in claim.places]
    for start, words in _named(claim):
        end = start + len(words)
        if any(a < end and start < b for a, b in taken) or plain(words) in EVERYDAY:
            continue
        if all(_held(word, allowed) for word in re.split(r"[\s・·＝]", words)):
            continue
        if claim.language in ("zh", "ja") and any(s.reading.language not in (claim.language,) for s in grounds.proving):
            continue  # a name written in other letters cannot be compared
        yield Reason("name", words)


def _named(claim: Reading) -> Iterator[tuple[int, str]]:
    text = claim.text
    if claim.language in ("zh", "ja"):
        for match in _DOTTED.finditer(text):
            yield match.start(), match[0]
    if claim.language == "de":  # every noun has a capital: only two in a row look like a name
        for match in _SEQUENCE.finditer(text):
            words = [word for word in match[0].split() if not _ROMAN.fullmatch(word)]
            if _STARTS.search(text[: match.start()]):
                words = words[1:]  # its capital is the sentence's
            if len(words) > 1 and _is_name(match[0]) and not re.search(r"\d\s*$", text[: match.start()]):
                yield match.start(), match[0]
        return
    if _title_case(text):
        return
    for match in _CAPITAL.finditer(text):
        if not _STARTS.search(text[: match.start()]) and not concepts_in(match[0], claim.language):
            yield match.start(), match[0]


def _is_name(words: str) -> bool:
    """Whether two German nouns in a row are more than a unit, a material or a part beside another noun."""
    return not any(concepts_in(word, "de") for word in words.split())


def _title_case(text: str) -> bool:
    """Whether every longer word has a capital, so that capitals say nothing."""
    long = list(re.findall(r"[^\W\d_]{4,}", text))
    return len(long) >= 4 and sum(w[0].isupper() for w in long) > 0.85 * len(long)


def _held(word: str, allowed: str) -> bool:
    flat = plain(word)
    bare = re.sub(r"(?:['’]s|s|n)$", "", flat)
    return flat in allowed or (len(bare) > 3 and bare in allowed)
