"""What buyers praise in their own words: the phrases that come back, in the language they were written in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.aspects import OVERALL, Lexicon, lexicon
from knowledge.buyers import read
from knowledge.opinions import opinions
from knowledge.passage import Passage
from knowledge.strangers import addresses_assistant

FEWEST, FEWEST_SHARE = 2, 0.005  # reviews, and share of all
WORDS = 5  # of a phrase, at most
CHARACTERS = 9  # where words are not spaced
SPREAD, LENGTH = (
    0.7,
    2.0,
)  # a phrase weighs its reviews ** SPREAD * words ** LENGTH: "fits like a glove" tells more than "nice"
COUNTED_WORDS = 4


@dataclass(frozen=True)
class Phrase:
    """Words that praise an aspect, as buyers wrote them, and in how many `reviews`."""

    text: str
    language: str
    aspect: str
    reviews: int


def praised_in_own_words(reviews: Iterable[Passage], most: int = 8) -> list[Phrase]:
    """The phrases of praise that most reviews share; none lies within another of the same language.

    A phrase is a run of words (characters in Chinese and Japanese) around a word of praise for an aspect that begins
    and ends with a word of content, in at least FEWEST reviews and FEWEST_SHARE of them; words to an assistant are left out.
    """
    reviews = list(reviews)
    found: Counter[tuple[str, str]] = Counter()
    written: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    aspects: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for review in reviews:
        language = read(review).language
        if language is None or addresses_assistant(review.text):
            continue
        seen: dict[str, str] = {}
        for one in opinions(review.text, review.language):
            if one.polarity > 0 and one.aspect != OVERALL:
                for phrase in _runs(one.clause, one.words, lexicon(language)):
                    seen[phrase.casefold()] = phrase
                    aspects[phrase.casefold(), language][one.aspect] += 1
        for plain, phrase in seen.items():
            found[plain, language] += 1
            written[plain, language][phrase] += 1
    ranked = sorted(
        (key for key, count in found.items() if count >= max(FEWEST, FEWEST_SHARE * len(reviews))),
        key=lambda key: (-_weight(key[0], found[key], lexicon(key[1])), key),
    )
    chosen: list[tuple[str, str]] = []
    for key in ranked:
        taken = any(_overlap(key[0], other) for other, language in chosen if language == key[1])
        if len(chosen) < most and not taken:
            chosen.append(key)
    return [
        Phrase(written[key].most_common(1)[0][0], key[1], aspects[key].most_common(1)[0][0], found[key])
        for key in chosen
    ]


def _runs(clause: str, said: Iterable[str], known: Lexicon) -> Iterator[str]:
    """Runs of words that hold one of the words of praise and end in words of content."""
    places = known.places(clause)
    for word in said:
        at = clause.find(word)
        if at < 0:
            continue
        inside = [n for n, (start, end) in enumerate(places) if start < at + len(word) and end > at]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        longest = max(WORDS if known.spaced else CHARACTERS, len(inside))
        for begin in range(max(0, last - longest + 1), first + 1):
            for finish in range(last, min(len(places), begin + longest)):
                before = clause[slice(*places[begin])].lower()
                after = clause[slice(*places[finish])].lower()
                whole = begin == first or not _light(before, known)
                if whole and not _light(after, known):
                    yield clause[places[begin][0] : places[finish][1]]


def _light(token: str, known: Lexicon) -> bool:
    return token in known.light or not token[0].isalnum()


def _weight(phrase: str, reviews: int, known: Lexicon) -> float:
    length = len(known.places(phrase)) if known.spaced else len(phrase) / 2
    return float(reviews**SPREAD * min(length, COUNTED_WORDS) ** LENGTH)


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one
