"""Every supplier of the books before the gate: who is kept out and why, who needs a look, who passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shop.warehouse import Shop
from tools.contract import About, DataUsed, Finding, Result, Value, code, count, finding, several, words
from tools.suppliers.books import Supply
from tools.suppliers.gate import Verdict, screen
from tools.suppliers.telling import told_blocked
from tools.suppliers.views import sign_table

SIGNS_TOLD = 12


def screening(shop: Shop, book: Supply) -> Result:
    """What the gate says of all suppliers, the worst first."""
    order = sorted(screen(shop).values(), key=lambda one: (-one.score, one.supplier))
    blocked = [one for one in order if one.blocked]
    doubtful = [one for one in order if not one.blocked and one.signs]
    return Result(
        findings=[
            _lead(order, blocked),
            *(told_blocked(one, About()) for one in blocked),
            *(_doubt(one) for one in doubtful),
            *_sound(one for one in order if not one.signs),
        ],
        tables=[sign_table(order)] if blocked or doubtful else [],
        warnings=[flag.told("act" if one.blocked else "watch") for one in order for flag in one.signs][:SIGNS_TOLD],
        data_used=DataUsed(
            as_of=shop.as_of,
            version=shop.version,
            tables={
                "suppliers": len(book.companies),
                "supplier_offers": len(book.offers),
                "purchase_orders": len(book.deliveries),
            },
        ),
    )


def _lead(order: Sequence[Verdict], blocked: Sequence[Verdict]) -> Finding:
    scams = [one for one in blocked if one.suspected]
    if not blocked:
        return finding("match_suppliers.screened_clean", "good", suppliers=count(len(order)))
    return finding("match_suppliers.screened", "act", suppliers=count(len(order)), scams=count(len(scams)),
                   records=count(len(blocked) - len(scams)))  # fmt: skip


def _doubt(one: Verdict) -> Finding:
    short: list[Value] = [words(f"gate.short.{flag.key}") for flag in one.signs]
    return finding("match_suppliers.doubt", "watch", supplier=code(one.supplier), signs=several(short))


def _sound(passed: Iterable[Verdict]) -> list[Finding]:
    names: list[Value] = [code(one.supplier) for one in passed]
    return [finding("match_suppliers.screened_sound", "info", suppliers=several(names))] if names else []
