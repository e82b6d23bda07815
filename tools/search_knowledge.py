"""What the brand's own material says: passages near a question, quoted with source, place and date."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from knowledge.passage import KINDS
from shop.warehouse import Shop
from tools.contract import (
    About,
    Column,
    DataUsed,
    Finding,
    Request,
    Result,
    Table,
    Tool,
    ToolError,
    Value,
    count,
    finding,
    on,
    percent,
    quote,
    sku,
    words,
)
from tools.messages import label, refusal

if TYPE_CHECKING:
    from knowledge.passage import Passage
    from knowledge.store import Store
    from tools.buyers.telling import Told

QUOTED = 5
LISTED = 50
ALSO_NAMED = 2
QUERY_LENGTH = 2000
MOST_STARS = 5
UNHAPPY = Decimal("3")


class SearchKnowledge(Request):
    """What to look for in the brand's stories, evidence, reviews and policies."""

    query: str = Field(description="what to look for, in any language")
    kinds: list[Literal["story", "evidence", "review", "policy"]] = Field([], description="empty means all")
    sku: str | None = Field(None, description="only passages about this product, and those about the whole brand")


def run(shop: Shop, request: SearchKnowledge) -> Result:
    """Find what the brand's own stories, certificates and tests, policies and customer reviews say about something,
    quoted with source and date; for reviews also how many mention it and how they rate, and what buyers praise and
    complain about by aspect, with shares and trends. Use it for questions such as "what do customers say about the
    lid", "what do buyers complain about", "do we have proof it is BPA-free", "what is our return policy".
    """
    from knowledge.errors import KnowledgeError

    query = request.query.strip()
    if not query:
        raise refusal("errors.no_query")
    if len(query) > QUERY_LENGTH:
        raise ToolError(f"query must be at most {QUERY_LENGTH:,} characters, not {len(query):,}.")
    try:
        return _search(shop, request, query)
    except KnowledgeError as refused:
        raise ToolError(str(refused)) from refused


def _search(shop: Shop, request: SearchKnowledge, query: str) -> Result:
    from knowledge.store import open_store

    store = open_store(shop.folder)
    known = store.passages()
    if not known:
        raise refusal("errors.nothing_learned", command="pacer learn PATH", demo="pacer demo")
    about = About(skus=[request.sku] if request.sku else [])
    said = _opinions(shop, store, request, query)
    if said is not None and said.whole:
        return _told(shop, store, known, said.told)
    topic = _topic(shop, query, request.sku)
    found = store.search(topic, request.kinds, request.sku, limit=LISTED)
    findings = [_summary(found, query, about)]
    if found:
        findings.append(_by_kind(found, about))
    by_rating: list[Table] = []
    counted = False
    if "review" in request.kinds or (not request.kinds and any(p.kind == "review" for p in found[:QUOTED])):
        mentions, by_rating = _mentions(store, known, query, topic, request.sku, about)
        findings += mentions
        counted = bool(mentions)
    if said is not None:
        findings += said.told.findings[1:]
        by_rating += said.told.tables
    suspicious = {p.id for p in found if _addresses_assistant(p)}
    findings += [_quoted(p) for p in found if p.id not in suspicious][:QUOTED]
    return Result(
        findings=findings,
        assumptions=([_how_counted()] if counted else []) + (said.told.assumptions if said else []),
        tables=([_listed(found, suspicious)] if found else []) + by_rating,
        warnings=[_warned(p) for p in found if p.id in suspicious],
        data_used=_used(shop, store, known),
    )


@dataclass(frozen=True)
class _Said:
    told: Told
    whole: bool


def _opinions(shop: Shop, store: Store, request: SearchKnowledge, query: str) -> _Said | None:
    """What buyers find of what is asked, where the query asks for it; `whole`: it asks for nothing else."""
    from tools.buyers.asking import asked
    from tools.buyers.telling import tell

    wanted = asked(query, request.kinds)
    if wanted is None:
        return None
    reviews = [p for p in store.members() if p.kind == "review"]
    told = tell(reviews, wanted, request.sku or _named(shop, query), shop.as_of)
    return None if told is None else _Said(told, wanted.whole)


def _named(shop: Shop, query: str) -> str | None:
    """The one SKU whose code stands in a query."""
    found = {
        p.sku for p in shop.vocabulary.products if re.search(rf"(?<!\w){re.escape(p.sku)}(?!\w)", query, re.IGNORECASE)
    }
    return found.pop() if len(found) == 1 else None


def _told(shop: Shop, store: Store, known: tuple[Passage, ...], told: Told) -> Result:
    return Result(
        findings=told.findings,
        tables=told.tables,
        assumptions=told.assumptions,
        data_used=_used(shop, store, known),
    )


def _used(shop: Shop, store: Store, known: tuple[Passage, ...]) -> DataUsed:
    return DataUsed(
        as_of=shop.as_of,
        version=shop.version,
        tables={"passages": len(known)},
        reference=[f"knowledge version {store.version}"],
    )


def _topic(shop: Shop, query: str, asked: str | None) -> str:
    """What is asked about the product, without its name, which every passage of it is near."""
    names = [name for p in shop.vocabulary.products if p.sku == asked for name in (p.sku, p.name, *p.aliases)]
    topic = query
    for name in sorted(names, key=len, reverse=True):
        bounds = r"\b" if name.isascii() else ""
        topic = re.sub(f"{bounds}{re.escape(name)}{bounds}", " ", topic, flags=re.IGNORECASE)
    return topic.strip() if re.search(r"\w", topic) else query


def _summary(found: list[Passage], query: str, about: About) -> Finding:
    if not found:
        return finding("search_knowledge.nothing", about=about, query=quote(query))
    sources = len({p.source for p in found})
    if len(found) == LISTED:
        return finding("search_knowledge.many", about=about, passages=count(LISTED), query=quote(query))
    return finding(
        "search_knowledge.found", about=about, passages=count(len(found)), sources=count(sources), query=quote(query)
    )


def _by_kind(found: list[Passage], about: About) -> Finding:
    kinds = Counter(p.kind for p in found)
    values = {kind: count(kinds[kind]) for kind in KINDS}
    return Finding(id="", severity="info", key="search_knowledge.kinds", values=values, about=about)


def _mentions(
    store: Store, known: tuple[Passage, ...], query: str, topic: str, asked: str | None, about: About
) -> tuple[list[Finding], list[Table]]:
    """How many reviews mention it, how they rate against all, and both by rating."""
    reviews = [p for p in known if p.kind == "review" and (asked is None or asked in p.skus)]
    mentioning = [p for p in store.mentions(topic, asked) if asked is None or asked in p.skus]
    if not reviews or not mentioning:
        return [], []
    values = {
        "mentions": count(len(mentioning)),
        "reviews": count(len(reviews)),
        "share": percent(Decimal(100 * len(mentioning)) / len(reviews)),
        "query": quote(query),
    }
    mean, usual = _mean_rating(mentioning), _mean_rating(reviews)
    if mean is None or usual is None:
        return [Finding(id="", severity="info", key="search_knowledge.mentions", values=values, about=about)], []
    values |= {"rating": _stars(mean), "usual": _stars(usual)}
    if asked:
        values["sku"] = sku(asked)
    told = Finding(
        id="",
        severity="watch" if mean < UNHAPPY else "info",
        key="search_knowledge.mentions_of_sku" if asked else "search_knowledge.mentions_rated",
        values=values,
        about=about,
    )
    ratings = Counter(p.rating for p in mentioning), Counter(p.rating for p in reviews)
    rows = [[stars, ratings[0][stars], ratings[1][stars]] for stars in (5, 4, 3, 2, 1)]
    columns = [Column(name=name, kind="count") for name in ("rating", "mentioning", "all")]
    return [told], [Table(title="Reviews by rating", columns=columns, rows=rows)]


def _mean_rating(reviews: list[Passage]) -> Decimal | None:
    ratings = [p.rating for p in reviews if p.rating is not None]
    return Decimal(sum(ratings)) / len(ratings) if ratings else None


def _how_counted() -> Finding:
    from knowledge.search import MENTION_PRECISION, MENTION_RECALL

    right, reached = round(100 * MENTION_PRECISION), round(100 * MENTION_RECALL)
    return finding("search_knowledge.counted", right=percent(right), found=percent(reached))


def _stars(mean: Decimal) -> Value:
    return Value(kind="count", value=round(mean, 1))


def _quoted(passage: Passage) -> Finding:
    values = {"text": quote(passage.text), "source": words(_where(passage))}
    key = f"search_knowledge.{passage.kind}"
    if passage.kind == "review" and passage.skus:
        values["sku"] = sku(passage.skus[0])
        if passage.rating is not None and passage.date:
            key, values["rating"] = f"{key}_rated", count(passage.rating)
            values["stars"] = count(MOST_STARS)
    day = _day(passage)
    if day:
        values["date"] = on(day)
        key = f"{key}_dated" if passage.kind != "review" else key
    about = About(skus=list(passage.skus), start=day, end=day)
    return Finding(id="", severity="info", key=key, values=values, about=about)


def _warned(passage: Passage) -> Finding:
    return finding(
        "search_knowledge.instruction",
        "watch",
        About(skus=list(passage.skus)),
        source=words(_where(passage)),
        text=quote(passage.text),
    )


def _where(passage: Passage) -> str:
    """The passage's source and place, and the others that say the same."""
    return label("; ".join([f"{passage.source}, {passage.place}", *passage.also[:ALSO_NAMED]]))


def _day(passage: Passage) -> date | None:
    """The day the passage is from; when its file was last saved says nothing about that."""
    return None if passage.dated_by == "file" else passage.date


def _listed(found: list[Passage], suspicious: set[str]) -> Table:
    return Table(
        title="Passages",
        columns=[
            Column(name="source", kind="quote"),
            Column(name="place", kind="quote"),
            Column(name="also_in", kind="quote"),
            Column(name="kind", kind="code"),
            Column(name="language", kind="language"),
            Column(name="date", kind="date"),
            Column(name="rating", kind="count"),
            Column(name="score", kind="ratio"),
            Column(name="text", kind="quote"),
            Column(name="addresses_assistant", kind="words"),
        ],
        rows=[
            [p.source, p.place, "; ".join(p.also), p.kind, p.language, day.isoformat() if day else None, p.rating, p.score,
             p.text, "yes" if p.id in suspicious else ""]
            for p in found
            for day in [_day(p)]
        ],
    )  # fmt: skip


def _addresses_assistant(passage: Passage) -> bool:
    from knowledge.strangers import addresses_assistant

    return addresses_assistant(passage.text)


SEARCH_KNOWLEDGE = Tool("search_knowledge", SearchKnowledge, run)
