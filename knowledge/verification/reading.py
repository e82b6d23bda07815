"""A sentence taken apart: figures, concepts with their polarity, standards, places, and which belongs to which."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

from knowledge.verification.lexicon import HAN, Concept, concepts_in, main_language, plain, read_yaml
from knowledge.verification.places import Place, places_in
from knowledge.verification.quantities import Quantity, Span, quantities_in
from knowledge.verification.standards import Standard, standards_in

_OWN_TOPIC = re.compile(r"[^にで]は[^、。]*[をが]")  # "…、釉薬は鉛を使用していません" denies the lead alone
SHORT_PIECE = 5  # words: "no gel, no chemicals" goes on, a whole new statement does not
SHORT_HAN = 12  # characters
_EDGE = re.compile(
    r"(?P<either>\s*[,，]?\s+(?:or|oder|ou|nor|ni|noch|o)\s+|[、和与及或・や]|以及|および|ならびに)"
    r"|(?P<both>\s*,?\s+(?:and|und|et|y|sowie)\s+)"
    r"|(?P<comma>\s*[,，/]\s*)"
    r"|(?P<colon>\s*[:：]\s*)"
    r"|(?P<with>\s+(?:with|mit|avec|con)\s+)"
    r"|(?P<hard>\s*[;；()（）–—|。]\s*|\s+(?:while|whereas|während|tandis que)\s+|[，,]?(?:且|并且|而|で、|が、))",
    re.IGNORECASE,
)
_DENIES_VERB = re.compile(
    r"not|cannot|nicht|ne |n'|pas "
)  # "not waterproof and light" denies one, "no gel and dye" both
_SKU = re.compile(r"(?<![\w-])[A-Z][A-Z\d]*(?:-[A-Z\d]+)+(?![\w-])", re.ASCII)


@dataclass(frozen=True)
class Mention:
    """A concept said or denied at a place of a text; `moot` when a denial is itself denied, as in "we hold no
    BPA-free certificate", which says neither."""

    concept: Concept
    start: int
    end: int
    denied: bool = False
    moot: bool = False


@dataclass(frozen=True)
class Piece:
    """A stretch of a sentence without a comma, an "and" or a "with" in it; `edge` is what parts it from the next."""

    start: int
    end: int
    edge: str


@dataclass(frozen=True)
class Reading:
    """One sentence taken apart."""

    text: str
    language: str
    pieces: tuple[Piece, ...]
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    standards: tuple[Standard, ...]
    places: tuple[Place, ...]
    skus: tuple[Standard, ...]
    denials: tuple[Span, ...]

    @property
    def facts(self) -> list[Span]:
        """Where what is checked by itself stands."""
        return [
            *((m.start, m.end) for m in self.mentions), *((q.start, q.end) for q in self.quantities),
            *((s.start, s.end) for s in self.standards), *((p.start, p.end) for p in self.places),
        ]  # fmt: skip

    def denied(self, start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in self.denials)

    def piece_of(self, at: int) -> Piece:
        for piece in self.pieces:
            if piece.start <= at < piece.end:
                return piece
        return self.pieces[-1]

    def member(self, facet: str, at: int, end: int) -> str:
        """The member of a facet that what stands at `at` belongs to: in its piece, else the last one before it,
        else the first after it; empty when the sentence names none."""
        return self._members.get((facet, at, end)) or self._find_member(facet, at, end)

    @cached_property
    def _members(self) -> dict[tuple[str, int, int], str]:
        return {}

    def _find_member(self, facet: str, at: int, end: int) -> str:
        named = [m for m in self.mentions if m.concept.facet == facet and not (m.start < end and at < m.end)]
        if not named:
            return ""
        piece = self.piece_of(at)
        inside = [m for m in named if piece.start <= m.start < piece.end and not self._nearer_to_another(m, at, end)]
        if inside:
            return min(inside, key=lambda m: _gap(m.start, m.end, at, end)).concept.name
        if piece.edge == "with":
            following = self.piece_of(min(m for m in (p.start for p in self.pieces) if m > at))
            if joined := [m for m in named if following.start <= m.start < following.end]:
                return joined[0].concept.name
        named = [m for m in named if not self._nearer_to_another(m, at, end)]
        if not named:
            return ""
        if facet == "part":  # "lid: silicone" is of the lid, "lid of beech, seal of silicone" of what the lexicon lacks
            here = self.pieces.index(piece)
            labelled = here > 0 and self.pieces[here - 1].edge == "colon"
            named = [m for m in named if labelled and self.pieces[here - 1].start <= m.start < at]
            return named[-1].concept.name if named else ""
        before = [m for m in named if m.start < at]
        return (before[-1] if before else named[0]).concept.name

    def materials(self, at: int, end: int) -> list[Concept]:
        """The materials a share can be of: those in its piece that stand nearer to no other figure, else the nearest."""
        piece = self.piece_of(at)
        inside = [
            m.concept for m in self.mentions
            if m.concept.kind == "material" and piece.start <= m.start < piece.end and not self._nearer_to_another(m, at, end)
        ]  # fmt: skip
        nearest = self.member("material", at, end)
        return inside or [m.concept for m in self.mentions if m.concept.name == nearest][:1]

    def parts(self, at: int) -> frozenset[str]:
        """The parts named in the piece at `at`, with those joined to it: "bowl and lid are dishwasher-safe"."""
        here = next((n for n, p in enumerate(self.pieces) if p.start <= at < p.end), len(self.pieces) - 1)
        first = here
        while (
            first > 0
            and self.pieces[first - 1].edge in ("both", "either")
            and _short(self.text, self.pieces[first - 1])
        ):
            first -= 1
        start, end = self.pieces[first].start, self.pieces[here].end
        return frozenset(m.concept.name for m in self.mentions if m.concept.facet == "part" and start <= m.start < end)

    def _nearer_to_another(self, mention: Mention, at: int, end: int) -> bool:
        """Whether a word stands closer to another figure of its piece than to this one."""
        piece = self.piece_of(mention.start)
        mine = _gap(mention.start, mention.end, at, end)
        figures = [q for q in self.quantities if (q.start, q.end) != (at, end) and piece.start <= q.start < piece.end]
        return any(q.start == at for q in self.quantities) and any(
            _gap(mention.start, mention.end, q.start, q.end) < mine for q in figures
        )

    def owner(self, at: int, products: frozenset[str]) -> frozenset[str]:
        """Which of the `products` what stands at `at` is said of: those named last before it, else first after; none when none."""
        codes = [s for s in self.skus if s.name in products]
        if not codes:
            return frozenset()
        before = [s for s in codes if s.start <= at]
        chosen = before[-1] if before else codes[0]
        group = {chosen.name}
        for one, other in itertools.pairwise(codes):
            between = self.text[one.end : other.start]
            if re.fullmatch(
                r"\s*(?:,|/|&|and|und|et|y|和|、|と|及)?\s*(?:(?:the|der|die|das|le|la)\s+)?", between
            ) and (one.name in group or other.name in group):
                group |= {one.name, other.name}
        return frozenset(group)


@lru_cache(maxsize=20_000)
def read(text: str, language: str) -> Reading:
    """Take one sentence apart, in its language."""
    spoken = main_language(language)
    standards = standards_in(text)
    taken = [(s.start, s.end) for s in standards]
    pieces = tuple(_pieces(text, taken))
    found = concepts_in(text, spoken)
    attached, reaching = _denials(text, spoken, pieces, [(f.start, f.end) for f in found if f.concept.kind != "facet"])
    denials = (*attached, *reaching)
    mentions = tuple(
        Mention(
            f.concept, f.start, f.end, _inside(f.start, f.end, denials),
            _inside(f.start, f.end, attached) and _inside(f.start, f.end, reaching),
        )
        for f in found
        if not _inside(f.start, f.end, taken)
    )  # fmt: skip
    skus = tuple(Standard(m[0], "code", *m.span()) for m in _SKU.finditer(text))
    quantities = tuple(quantities_in(text, spoken, taken + [(s.start, s.end) for s in skus]))
    return Reading(
        text, spoken, pieces, mentions, quantities, tuple(standards), tuple(places_in(text, spoken)), skus, denials
    )


@cache
def particles() -> dict[str, Any]:
    """prompts/lexicon/particles.yaml, read once."""
    return read_yaml("particles")


@cache
def word_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, whole words in Latin script, anywhere in Chinese and Japanese; on `plain` text."""
    flat = sorted((plain(word) for word in words), key=len, reverse=True)
    return re.compile("|".join(_as_word(word) for word in flat) or r"(?!)")


def _as_word(word: str) -> str:
    if HAN.search(word):
        return re.escape(word)
    after = "" if word.endswith("'") else r"(?!\w)"
    return rf"(?<!\w){re.escape(word)}{after}"


def _pieces(text: str, taken: Iterable[Span]) -> Iterable[Piece]:
    held = list(taken)
    start = 0
    for edge in _EDGE.finditer(text):
        figure = (
            edge["comma"] is not None
            and re.search(r"\d$", text[: edge.start()])
            and re.match(r"\d", text[edge.end() :])
        )
        if figure or any(a < edge.end() and edge.start() < b for a, b in held):
            continue
        if edge.start() > start:
            yield Piece(start, edge.start(), str(edge.lastgroup))
        start = edge.end()
    if start < len(text) or start == 0:
        yield Piece(start, max(len(text), 1), "")


def _denials(text: str, language: str, pieces: tuple[Piece, ...], named: list[Span]) -> tuple[list[Span], list[Span]]:
    """The stretches that a negation reaches: those it is part of ("latex-free") and those after or before it."""
    flat = plain(text)
    masked = flat
    for match in word_pattern(tuple(particles()["not_negating"])).finditer(flat):
        masked = masked[: match.start()] + "¤" * len(match[0]) + masked[match.end() :]
    for start, end in named:  # "non-slip" and "不漏" carry their own no
        masked = masked[:start] + "¤" * (end - start) + masked[end:]
    said = particles()["negators"]
    languages = [language] if language in said else list(said)
    turns = word_pattern(tuple(particles()["turns"]))
    attached: list[Span] = []
    reaching: list[Span] = []
    for one in languages:
        rules = said[one]
        for match in word_pattern(tuple(rules.get("forward", ()))).finditer(masked):
            reaching.append((match.start(), _reach(text, masked, pieces, match.start(), match.end(), turns)))
        for match in word_pattern(tuple(rules.get("backward", ()))).finditer(masked):
            if one == "ja" or not text[match.end() : _piece_at(pieces, match.start()).end].strip(" .!"):
                reaching.append((_reach_back(text, pieces, match.start()), match.end()))
        for suffix in rules.get("attached_after", ()):
            for match in re.finditer(rf"¤[-\s]?{suffix}(?:e[nrms]?)?(?!\w)", masked):
                start = max((a for a, b in named if b - 1 == match.start()), default=match.start())
                attached.append((start, match.end()))
            if one == "de":
                for match in re.finditer(rf"(?<!\w)\w*?{suffix}(?:e[nrms]?)?(?!\w)", flat):
                    attached += [(a, b) for a, b in named if match.start() <= a and b <= match.end()]
    return attached, reaching


def _gap(start: int, end: int, at: int, until: int) -> int:
    return at - end if end <= at else start - until if until <= start else 0


def _piece_at(pieces: tuple[Piece, ...], at: int) -> Piece:
    return next((p for p in pieces if p.start <= at < p.end), pieces[-1])


def _reach(text: str, masked: str, pieces: tuple[Piece, ...], start: int, end: int, turns: re.Pattern[str]) -> int:
    at = next((n for n, p in enumerate(pieces) if p.start <= start < p.end), len(pieces) - 1)
    stop = pieces[at].end
    if pieces[at].edge == "colon" and word_pattern(tuple(particles()["listing"])).search(masked, start, stop):
        stop = len(text)  # "We do not hold: …" reaches to the end
    else:
        whole = not _DENIES_VERB.match(masked, start)
        last = at
        while last + 1 < len(pieces) and _short(text, pieces[last + 1]):
            edge = pieces[last].edge
            if edge == "either" or (edge == "both" and whole):
                stop = pieces[last + 1].end
            elif edge != "comma":
                break
            last += 1
    ends = [turns] if _DENIES_VERB.match(masked, start) else [turns, word_pattern(tuple(particles()["places"]))]
    return min((turn.start() for one in ends if (turn := one.search(masked, end, stop))), default=stop)


def _reach_back(text: str, pieces: tuple[Piece, ...], end: int) -> int:
    at = next((n for n, p in enumerate(pieces) if p.start <= end < p.end), len(pieces) - 1)
    topic = _OWN_TOPIC.search(text, pieces[at].start, end)
    while at > 0 and not topic and pieces[at - 1].edge == "either" and _short(text, pieces[at - 1]):
        at -= 1
    return pieces[at].start


def _short(text: str, piece: Piece) -> bool:
    words = text[piece.start : piece.end]
    if re.search(r"\d", words):
        return False
    han = len(HAN.findall(words))
    return han <= SHORT_HAN if han else len(words.split()) <= SHORT_PIECE


def _inside(start: int, end: int, spans: Iterable[Span]) -> bool:
    return any(a <= start and end <= b for a, b in spans)
