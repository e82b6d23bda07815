"""What a review finds of what: opinions by aspect, clause by clause, in the languages of prompts/aspects.

A lexicon reads the words (aspects.py); negation, "too" and "enough", contrast and nearness decide what they say of
which aspect. After Hu and Liu, Mining and Summarizing Customer Reviews (KDD 2004), Ding, Liu and Yu, A Holistic
Lexicon-Based Approach to Opinion Mining (WSDM 2008) and Taboada et al., Lexicon-Based Methods for Sentiment Analysis
(Computational Linguistics 37, 2011).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.aspects import OVERALL, UNSPACED, Hit, Lexicon, Role, languages, lexicon

DENIED_BEFORE = {True: 4, False: 5}  # words, or characters where words are not spaced, that a denial reaches
DENIED_AFTER = {"de": 6, "ja": 10, "zh": 10}  # a German verb's denial ends the clause, a Japanese one ends the verb
DENIED_AFTER_ELSEWHERE = 2
LINKING = ("くて", "なくて")  # an adjective that goes on to the next statement
NEXT_TO = 2
SAYING: frozenset[Role] = frozenset({"about", "judged", "flaw"})
TURNING: tuple[Role, ...] = ("not", "not_after", "too", "slightly", "enough", "enough_after")
AFTER_BUT, BEFORE_BUT = 1.5, 0.5  # Hutto and Gilbert, VADER (ICWSM 2014): what follows "but" weighs more
BLAME = 1.5  # Taboada et al. 2011: people word praise more freely than blame
HALF = 0.5  # "not perfect" and "not bad" say less than "bad" and "good"
PRIOR = 0.6  # what five stars add to an aspect that is only named, one star takes away
DECIDED = 0.45
KEPT_READINGS = 1 << 16
_SENTENCE_END = re.compile(
    r"(?<=[!?。！？;；\n…])|(?<=[^\W\d]\.)(?=\s)|(?<=\.\.)(?=\s)|(?<=\d\.)(?=\s)|(?<=\)\.)(?=\s)"
)
_PAUSE = re.compile(r"[,，、:：()（）\[\]—–~～]|\s[-]+\s|\.")
_KANA, _UNSPACED = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Opinion:
    """One aspect in one clause.

    polarity: −1 complaint, 0 named without a judgement, +1 praise; strength: its weight, beyond ±1 where the words are
    strong or follow a "but"; clause and sentence: where it stands; words: the words that say it.
    """

    aspect: str
    polarity: int
    strength: float
    clause: str
    sentence: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A whole review: one opinion for each aspect it names, and `score`, above 0 where it praises more than it blames:
    the strengths of all clauses, blame by half more, over the root of their number."""

    opinions: tuple[Opinion, ...]
    score: float
    language: str | None

    def about(self, polarity: int) -> tuple[Opinion, ...]:
        """Its praise (+1), complaints (−1) or bare mentions (0)."""
        return tuple(one for one in self.opinions if one.polarity == polarity)


def opinions(text: str, language: str | None = None) -> list[Opinion]:
    """Every opinion in a text, in its order, one for each aspect and clause; OVERALL is the product as a whole.

    `language` is a BCP 47 code; without one, or where the script belies it, it is detected. A language that has no
    words in prompts/aspects gives no opinions.
    """
    spoken = language_of(text, language)
    if spoken is None:
        return []
    known = lexicon(spoken)
    return [one for sentence in _sentences(text) for one in _in_sentence(sentence, known)]


@lru_cache(KEPT_READINGS)
def read_review(text: str, language: str | None = None, rating: int | None = None) -> Reading:
    """A review as a whole: for each aspect what its clauses say together, and the clause that says it most.

    `rating` (1 to 5) decides only where words do not: an aspect that is named without a judgement, or praised as much
    as blamed, follows a rating of one or five stars.
    """
    said = opinions(text, language)
    by_aspect: dict[str, list[Opinion]] = defaultdict(list)
    for one in said:
        by_aspect[one.aspect].append(one)
    leaning = 0.0 if rating is None else PRIOR * (rating - 3) / 2
    found = []
    for clauses in by_aspect.values():
        total = sum(one.strength for one in clauses)
        if abs(total) < DECIDED:
            total += leaning
        polarity = (total >= DECIDED) - (total <= -DECIDED)
        telling = max(clauses, key=lambda one: one.strength * polarity if polarity else -abs(one.strength))
        found.append(replace(telling, polarity=polarity, strength=total))
    weighed = [one.strength * (BLAME if one.strength < 0 else 1.0) for one in said if one.strength]
    return Reading(tuple(found), sum(weighed) / math.sqrt(len(weighed) + 1), language_of(text, language))


def named_aspects(text: str, language: str | None = None) -> tuple[str, ...]:
    """The aspects whose words stand in a text, whatever it says of them: "the lid", "smell", "太硬"."""
    spoken = language_of(text, language)
    if spoken is None:
        return ()
    _, hits = lexicon(spoken).hits(text)
    found = [one.aspect for hit in hits if hit.roles & SAYING for one in hit.meanings if one.aspect]
    return tuple(dict.fromkeys(found))


def language_of(text: str, language: str | None) -> str | None:
    """The language whose words read this text, None when there are none."""
    stated = language.lower().replace("_", "-").split("-")[0] if language else None
    unspaced = _UNSPACED.findall(text)
    if unspaced and 4 * len(unspaced) > sum(c.isalpha() for c in text):
        if stated in UNSPACED:
            return stated
        return "ja" if _KANA.search(text) else "zh"
    if stated and stated not in UNSPACED:
        return stated if stated in languages() else None
    import py3langid

    found = str(py3langid.classify(text)[0])
    if found in languages() and found not in UNSPACED:
        return found
    return "en" if text.isascii() else None


def _sentences(text: str) -> Iterator[str]:
    for part in _SENTENCE_END.split(text):
        if sentence := part.strip():
            yield sentence


@dataclass
class _Clause:
    text: str
    hits: list[Hit]
    contrast: bool
    weight: float = 1.0


def _in_sentence(sentence: str, known: Lexicon) -> Iterator[Opinion]:
    clauses = list(_clauses(sentence, known))
    turns = [n for n, clause in enumerate(clauses) if clause.contrast]
    for n, clause in enumerate(clauses):
        if turns:
            clause.weight = AFTER_BUT if n >= turns[-1] else BEFORE_BUT
    waiting: dict[str, Opinion] = {}
    for clause in clauses:
        judged, named = _judged(clause, known)
        if clause.contrast:
            yield from waiting.values()
            waiting = {}
        if waiting and judged and not named and set(judged) == {OVERALL}:  # "The colour, very nice"
            judged = dict.fromkeys(waiting, judged[OVERALL])
            waiting = {}
        yield from waiting.values()
        waiting = {}
        text = clause.text.strip(" ,，、:：;；-—–")
        for aspect, (strength, words) in judged.items():
            polarity = (strength > 0) - (strength < 0)
            spoken = tuple(sentence[start:end] for start, end in words)
            yield Opinion(aspect, polarity, strength * clause.weight, text, sentence, spoken)
        if not judged:
            waiting = {aspect: Opinion(aspect, 0, 0.0, text, sentence) for aspect in named}
    yield from waiting.values()


def _clauses(sentence: str, known: Lexicon) -> Iterator[_Clause]:
    places, hits = known.hits(sentence)
    turning = {hit.first: hit for hit in hits if "but" in hit.roles}
    within = {n for hit in hits for n in range(hit.first + 1, hit.last + 1)}
    starts = [0]
    for n in range(1, len(places)):
        turned = n in turning and turning[n].last < len(places) - 1
        if turned or (n not in within and _pauses(sentence, places[n - 1], places[n], known.spaced)):
            starts.append(n)
    for first, end in zip(starts, [*starts[1:], len(places)], strict=True):
        if end <= first:
            continue
        inside_hits = [hit for hit in hits if first <= hit.first < end]
        text = sentence[places[first][0] : places[end][0] if end < len(places) else len(sentence)]
        yield _Clause(text, inside_hits, contrast=first in turning)


def _pauses(sentence: str, before: tuple[int, int], here: tuple[int, int], spaced: bool) -> bool:
    """Whether a clause ends between two words, or two characters."""
    if not spaced:
        return bool(_PAUSE.match(sentence[before[0]])) or sentence.endswith(LINKING, 0, here[0])
    gap = sentence[before[1] : here[0]]
    if gap == " " or not _PAUSE.search(gap):
        return False
    return not (sentence[before[1] - 1].isdigit() and sentence[here[0]].isdigit())


Span = tuple[int, int]
Judged = dict[str, tuple[float, list[Span]]]


def _judged(clause: _Clause, known: Lexicon) -> tuple[Judged, list[str]]:
    """Strength by aspect with the places of its words, and the aspects named."""
    hits = _without_adverbs(clause.hits)
    judged: Judged = {}
    topics: list[tuple[Hit, str]] = []
    general: list[tuple[Hit, float, Span]] = []
    flaws: list[tuple[Hit, str]] = []
    turning = _turning(hits)
    for hit in hits:
        if not hit.roles & SAYING:
            continue
        denial = _denial(hit, hits, turning, known)
        denied = denial is not None
        span = (hit.start, hit.end) if denial is None else (min(hit.start, denial.start), max(hit.end, denial.end))
        too = any(0 < hit.first - one.last <= NEXT_TO for one in turning["too"])
        enough = any(0 < hit.first - one.last <= NEXT_TO for one in turning["enough"]) or any(
            one.first - hit.last == 1 for one in turning["enough_after"]
        )
        for meaning in hit.meanings:
            aspect = meaning.aspect or OVERALL
            if meaning.role == "about":
                topics.append((hit, aspect))
                slightly = any(hit.first - one.last == 1 for one in turning["slightly"])
                if too or enough or slightly:
                    _add(judged, aspect, (1.0 if enough else -1.0) * (-1.0 if denied else 1.0), span)
            elif meaning.role == "judged":
                strength = _turned(meaning.strength, denied, too and known.language != "zh", enough, aspect)
                if aspect == OVERALL:
                    general.append((hit, strength, span))
                else:
                    _add(judged, aspect, strength, span)
            elif meaning.role == "flaw":
                topics.append((hit, aspect))
                if denied:
                    _add(judged, aspect, 1.0, span)
                else:
                    flaws.append((hit, aspect))
    _near(general, topics, judged)
    for hit, aspect in flaws:
        if aspect not in judged:
            _add(judged, aspect, -1.0, (hit.start, hit.end))
    return judged, list(dict.fromkeys(aspect for _, aspect in topics))


def _turning(hits: Sequence[Hit]) -> dict[Role, list[Hit]]:
    """The words of a clause that turn others around, by what they do."""
    turners = [hit for hit in hits if not hit.roles <= SAYING]
    return {role: [hit for hit in turners if role in hit.roles] for role in TURNING}


def _near(general: Sequence[tuple[Hit, float, Span]], topics: Sequence[tuple[Hit, str]], judged: Judged) -> None:
    """Give each general word to the aspect named nearest to it, and each aspect not judged the nearest word."""
    own = set(judged)
    for hit, strength, span in general:
        nearest = min(topics, key=lambda one: _distance(one[0], hit), default=None)
        _add(judged, nearest[1] if nearest else OVERALL, strength, span)
    for topic, aspect in topics:
        if aspect not in judged and aspect not in own and general:
            _, strength, span = min(general, key=lambda one: _distance(topic, one[0]))
            _add(judged, aspect, strength, span)


def _distance(one: Hit, other: Hit) -> tuple[int, int]:
    gap = max(other.first - one.last, one.first - other.last)
    return gap, one.first


def _add(judged: Judged, aspect: str, strength: float, span: Span) -> None:
    before, words = judged.get(aspect, (0.0, []))
    judged[aspect] = (before + strength, [*words, span])


def _without_adverbs(hits: Sequence[Hit]) -> list[Hit]:
    """ "Pretty thin": a word that may strengthen the next one is left out before it."""
    kept = []
    for n, hit in enumerate(hits):
        after = hits[n + 1] if n + 1 < len(hits) else None
        if hit.entry.adverb and after is not None and after.first == hit.last + 1:
            own = {meaning.aspect for meaning in hit.meanings}
            if any(m.aspect is not None and m.aspect not in own - {OVERALL} for m in after.meanings):
                continue
        kept.append(hit)
    return kept


def _denial(hit: Hit, hits: Sequence[Hit], turning: dict[Role, list[Hit]], known: Lexicon) -> Hit | None:
    """ "No smell", "does not slip", "rutscht nicht", "不滑", "漏れません": no other judgement may stand between."""
    for one in turning["not"]:
        near = 0 < hit.first - one.last <= DENIED_BEFORE[known.spaced]
        if near and not _judges(hits, one.last, hit.first):
            return one
    for one in turning["not_after"] if not hit.entry.denies else ():
        near = 0 < one.first - hit.last <= DENIED_AFTER.get(known.language, DENIED_AFTER_ELSEWHERE)
        if near and not _judges(hits, hit.last, one.first):
            return one
    return None


def _judges(hits: Sequence[Hit], after: int, before: int) -> bool:
    return any(after < one.first < before and one.roles & {"judged", "flaw"} for one in hits)


def _turned(strength: float, denied: bool, too: bool, enough: bool, aspect: str) -> float:
    if too and strength > 0 and aspect != OVERALL:
        strength = -strength
    if enough and strength < 0 and aspect != OVERALL:
        strength = -strength
    if not denied:
        return strength
    if abs(strength) > 1 or (aspect == OVERALL and strength < 0):
        return -HALF if strength > 0 else HALF
    return -strength
