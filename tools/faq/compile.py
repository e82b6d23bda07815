"""The FAQ of one product: real questions first, then what its kind needs, then policies; answered, or listed as a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from shop.warehouse import Shop
from tools.faq.answers import Answer, Finder
from tools.faq.asked import DAYS, Asked, asked_about
from tools.faq.conflicts import Conflict, settled
from tools.faq.groups import Group, grouped
from tools.faq.personas import Persona
from tools.faq.product import Product, product_of
from tools.faq.questions import Question, known, needed
from tools.faq.sources import ANSWERING, Line, Shelf, shelf_of

if TYPE_CHECKING:
    from knowledge.store import Store

ALWAYS = ("returns", "shipping_time", "warranty", "duties")  # policies that have a place in every FAQ
MOST_MARKETS = 8
CONSIDERED = 12  # passages near a question that only buyers asked


@dataclass(frozen=True)
class Entry:
    """A question with what buyers asked and what the sources say. `question` is its text in the FAQ's language where
    it has a form there; `real` when it is a buyer's own; `question_language` the language it stands in."""

    key: str | None
    question: str
    question_language: str
    answer: Answer
    group: Group | None = None
    searches: int = 0
    conflicts: tuple[Conflict, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether any source answers it."""
        return bool(self.answer.told)

    @property
    def times(self) -> int:
        """How many messages of buyers ask it."""
        return self.group.times if self.group else 0


@dataclass
class Faq:
    """Everything found for one product, in the order it is told; `over` were answered and left out for this reader."""

    product: Product
    language: str
    persona: Persona
    answered: list[Entry]
    gaps: list[Entry]
    over: list[Entry]
    asked: Asked
    shelf: Shelf
    markets: list[str]


def compiled(shop: Shop, store: Store, sku: str, language: str, persona: Persona) -> Faq:
    """Gather, group, answer and order."""
    product = product_of(shop, sku)
    asked = asked_about(shop, product, persona.buys_wholesale)
    shelf = shelf_of(shop, product, store.passages(), persona.buys_wholesale)
    markets = _markets(shop, sku)
    finder = Finder(shelf, sku, language, persona.sentences, markets)
    entries = _real(asked, product, language, persona, finder, store)
    entries += _missing(entries, asked, product, language, persona, finder)
    entries = [_settled(entry, persona) for entry in entries]
    entries.sort(key=lambda entry: _place(entry, persona))
    answered = [entry for entry in entries if entry.answered]
    kept, over = _within(answered, persona.questions)
    return Faq(
        product=product, language=language, persona=persona, answered=kept, over=over, asked=asked, shelf=shelf,
        gaps=[entry for entry in entries if not entry.answered], markets=markets,
    )  # fmt: skip


def _real(asked: Asked, product: Product, language: str, persona: Persona, finder: Finder, store: Store) -> list[Entry]:
    """What buyers asked: in the plain form where the question is known, else in a buyer's own words."""
    keys = [key for key, question in known().items() if (question.part == "wholesale") is persona.buys_wholesale]
    if persona.buys_wholesale:
        keys += ["certificates"]
    found = []
    for group in grouped(asked.remarks, keys, needed(product.kinds, persona.buys_wholesale)):
        if group.key is not None:
            found.append(_known_entry(known()[group.key], asked, product, language, finder, group))
        elif real := group.real_question(language):
            spoken = next((r.language for r in group.remarks if real in r.questions and r.language), language)
            near = store.search(real, ANSWERING, product.sku, limit=CONSIDERED)
            found.append(Entry(None, real, spoken, finder.unknown(real, near), group))
    return found


def _missing(entries: Sequence[Entry], asked: Asked, product: Product, language: str, persona: Persona,
             finder: Finder) -> list[Entry]:  # fmt: skip
    """What the product's kind needs and nobody asked."""
    there = {entry.key for entry in entries}
    wanted = dict.fromkeys([*needed(product.kinds, persona.buys_wholesale), *persona.first])
    return [
        _known_entry(known()[key], asked, product, language, finder)
        for key in wanted
        if key not in there and persona.reads(known()[key]) and (key in needed(product.kinds, persona.buys_wholesale))
    ]


def _known_entry(question: Question, asked: Asked, product: Product, language: str, finder: Finder,
                 group: Group | None = None) -> Entry:  # fmt: skip
    spoken = language.split("-")[0]
    return Entry(
        key=question.key, question=question.form(language, product.called(language)),
        question_language=spoken if spoken in question.forms else "en", answer=finder.known(question), group=group,
        searches=asked.searched(question),
    )  # fmt: skip


def _settled(entry: Entry, persona: Persona) -> Entry:
    """The entry with the newest of contradicting sources, and the contradictions."""
    question = known()[entry.key] if entry.key else None
    pairs = [settled(told, question, persona.sentences) for told in entry.answer.told]
    answer = replace(entry.answer, told=[told for told, _ in pairs])
    return replace(entry, answer=answer, conflicts=tuple(one for _, found in pairs for one in found))


def _place(entry: Entry, persona: Persona) -> tuple[int, int, int, int, str]:
    """Real questions first; among them, and among the others, as the reader wants them and as often as they were asked."""
    lead, part = persona.rank(known()[entry.key]) if entry.key else (len(persona.first), 0)
    if entry.times:
        return 0, lead, -entry.times, part, entry.question
    return 1, lead, part, -entry.searches, entry.question


def _within(answered: list[Entry], most: int) -> tuple[list[Entry], list[Entry]]:
    """As many as the reader gets, policies that belong in every FAQ always among them."""
    fixed = [entry for entry in answered if entry.key in ALWAYS]
    others = [entry for entry in answered if entry.key not in ALWAYS]
    room = max(most - len(fixed), 0)
    kept = {id(entry) for entry in [*others[:room], *fixed]}
    return [entry for entry in answered if id(entry) in kept], others[room:]


def _markets(shop: Shop, sku: str) -> list[str]:
    """Countries the product sold to in the last year, the largest first; all of the shop's when it sold nowhere."""
    rows = shop.rows(
        "SELECT o.country, sum(l.quantity) FROM order_lines l JOIN orders o USING (order_id) "
        "WHERE l.sku = ? AND o.ordered_at >= ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
        [sku, shop.as_of - timedelta(days=DAYS), MOST_MARKETS],
    )
    return [str(country) for country, _ in rows] or list(shop.vocabulary.countries)[:MOST_MARKETS]


def cited(faq: Faq) -> list[Line]:
    """Every line told, in order."""
    return [line for entry in faq.answered for told in entry.answer.told for line in told.lines]
