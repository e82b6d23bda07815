"""A listing in findings: the texts first, field by field, then what was refused, what is missing and how to file it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from shop.listing_rules import ListingRules
from tools.contract import (
    About,
    Column,
    Finding,
    Table,
    channel,
    code,
    count,
    finding,
    language,
    percent,
    quote,
    sku,
    words,
)  # fmt: skip
from tools.copywriting.angles import TOO_ALIKE, mean_alike
from tools.copywriting.claims import Refused
from tools.copywriting.conflicts import Conflict
from tools.copywriting.listing import Listing
from tools.copywriting.sources import LeftOut
from tools.messages import label

KEY = "write_listing."
REFUSED_TOLD = 6
FEW_POINTS = 4
FIELD_KEYS = (
    "title",
    "highlight",
    "subtitle",
    "bullet",
    "short_description",
    "description",
    "seo_title",
    "seo_description",
)
COMPARED_LONGEST = 300


def texts(listing: Listing, rules: ListingRules, model: str, fluent: bool) -> list[Finding]:
    """The headline, then every sentence in reading order; each is a quote, as it stands in the listing."""
    about = _about(listing)
    sources = {p.source for claim in listing.claims() for p in claim.passages}
    values = {
        "sku": sku(listing.sku), "channel": channel(listing.channel), "language": language(listing.language),
        "angle": words(f"angle.{listing.angle}"), "sentences": count(len(listing.claims())), "sources": count(len(sources)),
    }  # fmt: skip
    if fluent or not listing.by_model:
        told = [finding(f"{KEY}written", "good", about, **values)]
    else:
        told = [finding(f"{KEY}draft", "act", about, **values, model=code(model))]
    for field, claim in listing.fields():
        if field in ("seo_title", "seo_description") and claim == listing.title:
            continue
        more = {"length": count(len(claim.text)), "most": count(rules.most("title"))} if field == "title" else {}
        told.append(finding(f"{KEY}{field}", "good", about, text=quote(claim.text), **more))
    if listing.search_terms:
        bytes_most = rules.most("search_terms", "bytes")
        size = {"size": count(len(listing.search_terms.encode())), "most": count(bytes_most)}
        measured = any(one.field == "search_terms" and one.measure == "bytes" for one in rules.limits)
        key = "search_terms" if measured else "search_words"
        told.append(
            finding(f"{KEY}{key}", "good", about, text=quote(listing.search_terms), **(size if measured else {}))
        )
    if listing.tags:
        told.append(
            finding(f"{KEY}tags", "good", about, n=count(len(listing.tags)), text=quote(" · ".join(listing.tags)))
        )
    return told


def thin(listing: Listing) -> list[Finding]:
    """What a listing lacks because the sources hold no more in its language or in values."""
    about = _about(listing)
    values = {"language": language(listing.language), "sku": sku(listing.sku)}
    points = len(listing.bullets) or sum(len(part.claims) for part in listing.description if part.points)
    told = []
    if points < FEW_POINTS:
        told.append(finding(f"{KEY}few_points", "info", about, n=count(points), **values))
    said = {claim.text for claim in listing.bullets}
    described = [claim for part in listing.description for claim in part.claims]
    if described and all(claim.text in said for claim in described):
        told.append(finding(f"{KEY}points_only", "info", about, **values))
    return told


def to_file(listing: Listing) -> Finding:
    """How to have it filed."""
    return finding(
        f"{KEY}file", "info", _about(listing), sku=sku(listing.sku), channel=channel(listing.channel),
        language=language(listing.language),
    )  # fmt: skip


def differences(listings: Sequence[Listing], wanted: int) -> list[Finding]:
    """How far the variants of one language differ, and whether there are as many as asked for."""
    told = []
    about = _about(listings[0])
    if len(listings) < wanted:
        told.append(finding(f"{KEY}fewer", "watch", about, n=count(len(listings)), wanted=count(wanted)))
    if len(listings) > 1:
        near = mean_alike([[claim.text for claim in one.claims()] for one in listings])
        key = "too_alike" if near > TOO_ALIKE else "differ"
        severity: Literal["watch", "info"] = "watch" if near > TOO_ALIKE else "info"
        told.append(finding(f"{KEY}{key}", severity, about, n=count(len(listings)), alike=percent(100 * near, 0)))
    return told


def refused(item: str, found: Sequence[Refused]) -> list[Finding]:
    """Sentences of sources or model that were not written, each with why and what evidence would allow it."""
    about = About(skus=[item])
    told = []
    for one in list({(r.text, r.verdict.reasons[0].code): r for r in found if r.verdict.reasons}.values())[
        :REFUSED_TOLD
    ]:
        reason = one.verdict.reasons[0]
        values = {name: quote(value) for name, value in reason.values.items()}
        told.append(
            finding(f"{KEY}refused", "info", about, text=quote(one.text), source=words(label(one.passage.source)))
        )
        told += [
            Finding(id="", severity="info", key=key, values=values, about=about)
            for key in (reason.key, reason.allowed_by)
        ]
    return told


def disputed(item: str, found: Sequence[Conflict]) -> list[Finding]:
    """Both sides of each contradiction between sources, and the question which is right."""
    return [
        finding(
            f"{KEY}conflict", "watch", About(skus=[item]), newer=quote(one.newer.fact.text), older=quote(one.older.fact.text),
            newer_source=words(label(one.newer.fact.passage.source)), older_source=words(label(one.older.fact.passage.source)),
        )
        for one in found
    ]  # fmt: skip


def left_out(item: str, texts: Sequence[LeftOut]) -> list[Finding]:
    """Whole texts that copy does not stand on."""
    return [
        finding(f"{KEY}{one.why}", "watch", About(skus=[item]), source=words(label(one.source))) for one in texts
    ]  # fmt: skip


def sentences_table(listings: Sequence[Listing]) -> Table:
    """Every sentence with what it stands on."""
    return Table(
        title="Sentences and their sources",
        columns=[
            Column(name="language", kind="language"), Column(name="angle", kind="words"), Column(name="field", kind="code"),
            Column(name="sentence", kind="quote"), Column(name="source", kind="quote"), Column(name="passage", kind="code"),
            Column(name="worded by", kind="code"),
        ],
        rows=[
            [
                one.language, f"angle.{one.angle}", field, claim.text,
                "; ".join(f"{p.source}, {p.place}" for p in claim.passages), " ".join(p.id for p in claim.passages), claim.by,
            ]
            for one in listings
            for field, point in one.fields()
            for claim in point.sentences
        ],
    )  # fmt: skip


def _about(listing: Listing) -> About:
    return About(skus=[listing.sku], countries=[listing.country] if listing.country else [], channels=[listing.channel])
