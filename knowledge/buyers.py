"""What buyers say of a product, aspect by aspect: how many praise and complain, whether that changes, in which words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from knowledge.aspects import OVERALL
from knowledge.opinions import Opinion, Reading, opinions, read_review
from knowledge.passage import Passage
from knowledge.strangers import addresses_assistant
from knowledge.trend import Trend, trend

RECENT_DAYS = 90
PRIOR_REVIEWS = 8.0  # reviews at the usual share that a product's own share is shrunk with
MOST_OWN, MOST_OTHERS = 3000, 1500
QUOTES = 3
QUOTED_LENGTH = 160
TELLING_LENGTH = 60  # characters of the quote that is easiest to read
LENGTHS_APART = 20  # quotes whose lengths differ by less are equally easy
ALIKE = 0.85


@dataclass(frozen=True)
class Quote:
    """A buyer's own words on an aspect and the review they stand in."""

    text: str
    review: Passage


@dataclass(frozen=True)
class Side:
    """Praise or complaints of an aspect.

    named: reviews that say so; usual: share of other products' reviews that do, None without others; shrunk: the
    product's own share, drawn to `usual` where it has few reviews; trend: the last RECENT_DAYS against before.
    """

    named: int
    usual: float | None
    shrunk: float
    trend: Trend
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class AspectVoice:
    """What buyers say of one aspect of a product, in so many `reviews` read; `rating` is the mean of those naming it."""

    aspect: str
    reviews: int
    naming: int
    rating: float | None
    praise: Side
    complaints: Side


@dataclass(frozen=True)
class Contradiction:
    """An aspect that a claim praises, and the buyers' complaints about it: `complaints` of `reviews` reviews."""

    aspect: str
    complaints: int
    reviews: int
    share: float
    quotes: tuple[Quote, ...]


def read(review: Passage) -> Reading:
    """A review's opinions, its rating deciding where its words do not."""
    return read_review(review.text, review.language, review.rating)


def aspect_voices(reviews: Iterable[Passage], sku: str | None, as_of: date) -> list[AspectVoice]:
    """Every aspect that reviews of a SKU (of all products for None) name, most complained about first.

    reviews: those of all products, so that a product can be held against the others. A review counts once for an
    aspect. Which are read says `to_read`; those without a date count, but not in the trend.
    """
    own, others = to_read(reviews, sku, as_of)
    said: dict[str, list[tuple[Passage, Opinion]]] = defaultdict(list)
    for review in own:
        for one in read(review).opinions:
            said[one.aspect].append((review, one))
    elsewhere = Counter((one.aspect, one.polarity) for review in others for one in read(review).opinions)
    voices = [_voice(aspect, found, own, elsewhere, len(others), as_of) for aspect, found in said.items()]
    return sorted(voices, key=lambda one: (-one.complaints.shrunk, -one.complaints.named, -one.naming, one.aspect))


def to_read(reviews: Iterable[Passage], sku: str | None, as_of: date) -> tuple[list[Passage], list[Passage]]:
    """The reviews of a SKU (of all products for None) up to `as_of`, and those of other products to hold them against.

    Of many the newest MOST_OWN are read, and of the others MOST_OTHERS, chosen by their ids, which are hashes: a second
    or two of reading, so that a question can wait for it.
    """
    known = [r for r in reviews if r.kind == "review" and (r.date is None or r.date <= as_of)]
    own = [r for r in known if sku is None or sku in r.skus]
    others = [r for r in known if sku is not None and sku not in r.skus]
    newest = sorted(own, key=lambda r: ((r.date or date.min), r.id), reverse=True)[:MOST_OWN]
    return newest, sorted(others, key=lambda r: r.id)[:MOST_OTHERS]


def complaints_about(
    claim: str, sku: str | None, reviews: Iterable[Passage], language: str | None = None
) -> list[Contradiction]:
    """What buyers of a SKU complain about that a claim praises; those most complained about first.

    "Leakproof lid" praises leak; its contradictions are the reviews that say it leaks. An empty list when the claim
    praises no aspect or nobody complains. Thresholds are the caller's.
    """
    praised = {one.aspect for one in opinions(claim, language) if one.polarity > 0 and one.aspect != OVERALL}
    own = [r for r in reviews if r.kind == "review" and (sku is None or sku in r.skus)]
    against: dict[str, list[tuple[Passage, Opinion]]] = defaultdict(list)
    for review in own if praised else ():
        for one in read(review).about(-1):
            if one.aspect in praised:
                against[one.aspect].append((review, one))
    found = [
        Contradiction(aspect, len(said), len(own), len(said) / len(own), quotes(said))
        for aspect, said in against.items()
    ]
    return sorted(found, key=lambda one: (-one.complaints, one.aspect))


def quotes(said: Sequence[tuple[Passage, Opinion]], most: int = QUOTES) -> tuple[Quote, ...]:
    """The plainest of what was said, no two alike, newest first among equals; never words to an assistant."""
    chosen: list[Quote] = []
    ranked = sorted(
        ((_quotable(one), review, one) for review, one in said),
        key=lambda each: (
            abs(each[2].strength) < 1,
            abs(len(each[0]) - TELLING_LENGTH) // LENGTHS_APART,
            -abs(each[2].strength),
            -(each[1].date or date.min).toordinal(),
            each[1].place,
        ),
    )
    for text, review, _ in ranked:
        if addresses_assistant(review.text) or any(_alike(text, quote.text) for quote in chosen):
            continue
        chosen.append(Quote(text, review))
        if len(chosen) == most:
            break
    return tuple(chosen)


def _voice(
    aspect: str, said: Sequence[tuple[Passage, Opinion]], own: Sequence[Passage],
    elsewhere: Mapping[tuple[str, int], int], others: int, as_of: date,
) -> AspectVoice:  # fmt: skip
    ratings = [review.rating for review, _ in said if review.rating is not None]

    def side(polarity: int) -> Side:
        these = [(review, one) for review, one in said if one.polarity == polarity]
        usual = elsewhere[aspect, polarity] / others if others else None
        prior = usual if usual is not None else len(these) / len(own)
        shrunk = (len(these) + PRIOR_REVIEWS * prior) / (len(own) + PRIOR_REVIEWS)
        return Side(len(these), usual, shrunk, _trend(these, own, as_of), quotes(these))

    rating = sum(ratings) / len(ratings) if ratings else None
    return AspectVoice(aspect, len(own), len(said), rating, side(1), side(-1))


def _trend(these: Sequence[tuple[Passage, Opinion]], own: Sequence[Passage], as_of: date) -> Trend:
    first = as_of - timedelta(days=RECENT_DAYS - 1)
    dated = [r.date for r in own if r.date is not None]
    recent = sum(day >= first for day in dated)
    days = [review.date for review, _ in these if review.date is not None]
    recently = sum(day >= first for day in days)
    return trend(recently, recent, len(days) - recently, len(dated) - recent)


def _quotable(one: Opinion) -> str:
    text = one.sentence if len(one.sentence) <= QUOTED_LENGTH else one.clause
    return " ".join(text.split())[:QUOTED_LENGTH]


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= ALIKE
