"""Buyers' opinions as findings and tables: counts, shares, trends and quotes by aspect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from knowledge.aspects import OVERALL
from knowledge.buyers import RECENT_DAYS, AspectVoice, Quote, Side, aspect_voices, to_read
from knowledge.passage import Passage
from knowledge.praise import Phrase, praised_in_own_words
from tools.buyers.asking import Asked, View
from tools.contract import (
    About,
    Column,
    Finding,
    Table,
    Value,
    count,
    days,
    finding,
    on,
    percent,
    quote,
    several,
    sku,
    words,
)
from tools.messages import label

TOLD = 4  # aspects of one view
TOLD_OF_BOTH = 3
PHRASES = 5
FEWEST = 2  # reviews that name an aspect nobody asked for
PRESSING_SHARE = 10.0  # percent of a product's reviews
CERTAIN = 0.05  # false-discovery rate of a trend
MOST_STARS = 5

Polarity = Literal[-1, 1]
VIEWS: dict[View, tuple[Polarity, ...]] = {"complaints": (-1,), "praise": (1,), "both": (-1, 1)}


@dataclass(frozen=True)
class Told:
    """What is said of buyers' opinions: findings with the summary first, their tables, and how they were read."""

    findings: list[Finding]
    tables: list[Table]
    assumptions: list[Finding]


def tell(reviews: Sequence[Passage], asked: Asked, sku_asked: str | None, as_of: date) -> Told | None:
    """What buyers of a SKU, or of all products, find of what was asked; None when there are no reviews to read."""
    about = About(skus=[sku_asked] if sku_asked else [])
    subject = sku(sku_asked) if sku_asked else words("search_knowledge.all_products")
    own, _ = to_read(reviews, sku_asked, as_of)
    if not own:
        return None
    voices = aspect_voices(reviews, sku_asked, as_of)
    wanted = [v for v in voices if v.aspect in asked.aspects or (not asked.aspects and v.aspect != OVERALL)]
    findings = [_summary(own, subject, about)]
    trends = _certain(wanted, asked.view)
    for polarity in VIEWS[asked.view]:
        findings += _of_view(wanted, polarity, asked, subject, about, len(own))
        findings += [_moving(v, p, subject, about) for v, p in trends if p == polarity]
    phrases = praised_in_own_words(own) if asked.view != "complaints" and not asked.aspects else []
    if phrases:
        findings.append(_in_own_words(phrases, subject, about))
    tables = [_table(voices)] + ([_phrases(phrases)] if phrases else [])
    return Told(findings, tables, [finding("search_knowledge.opinions_read", days=days(RECENT_DAYS))])


def _of_view(
    voices: Sequence[AspectVoice], polarity: Polarity, asked: Asked, subject: Value, about: About, reviews: int
) -> list[Finding]:
    """The aspects told of one view, each followed by a quote; or that there are none."""
    least = 1 if asked.aspects else FEWEST
    told = sorted((v for v in voices if _side(v, polarity).named >= least), key=lambda v: -_side(v, polarity).shrunk)
    if not told:
        key = "search_knowledge.no_complaints" if polarity < 0 else "search_knowledge.no_praise"
        return [finding(key, "good" if polarity < 0 else "info", about, subject=subject, reviews=count(reviews))]
    findings: list[Finding] = []
    for voice in told[: TOLD if asked.view != "both" else TOLD_OF_BOTH]:
        findings.append(_counted(voice, polarity, subject, about))
        findings += [_quoted(voice.aspect, one) for one in _side(voice, polarity).quotes[:1]]
    return findings


def _summary(own: Sequence[Passage], subject: Value, about: About) -> Finding:
    ratings = [r.rating for r in own if r.rating is not None]
    if not ratings:
        return finding("search_knowledge.buyers", about=about, subject=subject, reviews=count(len(own)))
    mean = Value(kind="count", value=round(Decimal(sum(ratings)) / len(ratings), 1))
    return finding(
        "search_knowledge.buyers_rated", about=about, subject=subject, reviews=count(len(own)), rating=mean
    )  # fmt: skip


def _counted(voice: AspectVoice, polarity: Polarity, subject: Value, about: About) -> Finding:
    side = _side(voice, polarity)
    share = Decimal(100 * side.named) / voice.reviews
    values = {
        "subject": subject, "aspect": words(f"aspect.{voice.aspect}"), "named": count(side.named),
        "reviews": count(voice.reviews), "share": percent(share),
    }  # fmt: skip
    key = "search_knowledge.complaint" if polarity < 0 else "search_knowledge.praise"
    if side.usual is not None:
        key, values["usual"] = f"{key}_beside", percent(Decimal(str(100 * side.usual)))
    pressing = polarity < 0 and float(share) >= PRESSING_SHARE
    severity: Literal["watch", "good", "info"] = "watch" if pressing else "good" if polarity > 0 else "info"
    return Finding(id="", severity=severity, key=key, values=values, about=about)


def _certain(voices: Sequence[AspectVoice], view: View) -> list[tuple[AspectVoice, Polarity]]:
    """The changes that are more than chance, of all that could show (Gilbert 2005, FDR for discrete data)."""
    import numpy as np

    from tools.opportunities.significance import discoveries

    tested = [(v, p) for v in voices for p in VIEWS[view] if _side(v, p).trend.attainable <= CERTAIN]
    rates = discoveries(np.array([_side(v, p).trend.chance for v, p in tested]))
    return [one for one, rate in zip(tested, rates, strict=True) if rate <= CERTAIN]


def _moving(voice: AspectVoice, polarity: Polarity, subject: Value, about: About) -> Finding:
    seen = _side(voice, polarity).trend
    what = "complaints" if polarity < 0 else "praise"
    bad = seen.rising == (polarity < 0)
    return finding(
        f"search_knowledge.{what}_{'rising' if seen.rising else 'falling'}", "act" if bad else "good", about,
        subject=subject, aspect=words(f"aspect.{voice.aspect}"), recent_named=count(seen.recent_named),
        recent=count(seen.recent), before_named=count(seen.before_named), before=count(seen.before),
        days=days(RECENT_DAYS),
    )  # fmt: skip


def _quoted(aspect: str, said: Quote) -> Finding:
    review = said.review
    values = {
        "aspect": words(f"aspect.{aspect}"), "text": quote(said.text),
        "source": words(label(f"{review.source}, {review.place}")),
    }  # fmt: skip
    key = "search_knowledge.aspect_quote"
    if review.rating is not None and review.date:
        key = f"{key}_rated"
        values |= {"rating": count(review.rating), "stars": count(MOST_STARS), "date": on(review.date)}
    about = About(skus=list(review.skus), start=review.date, end=review.date)
    return Finding(id="", severity="info", key=key, values=values, about=about)


def _in_own_words(phrases: Sequence[Phrase], subject: Value, about: About) -> Finding:
    said = several([quote(one.text) for one in phrases[:PHRASES]])
    return finding("search_knowledge.own_words", "good", about, subject=subject, phrases=said)


def _table(voices: Sequence[AspectVoice]) -> Table:
    columns = [
        Column(name="aspect", kind="words"),
        Column(name="reviews", kind="count"),
        *(
            Column(name=f"{what}{name}", kind=kind)
            for what in ("complaints", "praise")
            for name, kind in _SIDE
        ),
        Column(name="rating", kind="ratio"),
    ]  # fmt: skip
    rows = [
        [f"aspect.{v.aspect}", v.reviews, *_cells(v, v.complaints), *_cells(v, v.praise),
         None if v.rating is None else round(v.rating, 2)]
        for v in voices
    ]  # fmt: skip
    return Table(title="Buyers' opinions by aspect", columns=columns, rows=rows)


_SIDE: tuple[tuple[str, Literal["count", "percent"]], ...] = (
    ("", "count"), (", share", "percent"), (", share of other products", "percent"), (" lately", "count"),
    (" before", "count"),
)  # fmt: skip


def _cells(voice: AspectVoice, side: Side) -> list[Any]:
    usual = None if side.usual is None else round(100 * side.usual, 2)
    share = round(100 * side.named / voice.reviews, 2)
    return [side.named, share, usual, side.trend.recent_named, side.trend.before_named]


def _phrases(phrases: Sequence[Phrase]) -> Table:
    columns = [
        Column(name="phrase", kind="quote"), Column(name="language", kind="language"),
        Column(name="aspect", kind="words"), Column(name="reviews", kind="count"),
    ]  # fmt: skip
    rows: list[list[Any]] = [[one.text, one.language, f"aspect.{one.aspect}", one.reviews] for one in phrases]
    return Table(title="Praise in buyers' own words", columns=columns, rows=rows)


def _side(voice: AspectVoice, polarity: Polarity) -> Side:
    return voice.complaints if polarity < 0 else voice.praise
