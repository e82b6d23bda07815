"""Signs of fraud in what a company says of itself and in its terms."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shop.costs.rates import customs_facts
from tools.contract import code, country, on, percent, quote
from tools.suppliers.books import Company, Supply
from tools.suppliers.gate import Flag

BANK_ABROAD, BANK_NEAR = 0.5, 0.2
FULL_PREPAYMENT, HIGH_PREPAYMENT = 0.5, 0.2
YOUNG, FRESH = 0.3, 0.4
COPIED = 0.8
NO_SAMPLES, NO_INSPECTION = 0.35, 0.45
TALKS = 0.3
UNKNOWN = 0.3
ALL, MOST = Decimal(100), Decimal(70)
YEAR_DAYS, FRESH_DAYS = 365, 180
NEIGHBOURS = (frozenset({"CN", "HK", "MO"}), frozenset({"US", "PR"}), frozenset({"MY", "SG"}))  # common trading houses
QUOTED = 160


def company_flags(supplier: str, book: Supply, received: Mapping[str, int]) -> list[Flag]:
    """Bank, prepayment, age, certificates, refusals and its own words; `received` counts orders that came in."""
    who = book.company(supplier)
    found: list[Flag] = []
    if supplier not in book.companies:
        found.append(Flag("unknown_company", "fraud", UNKNOWN, {"supplier": code(supplier)}))
    found += [*_bank(who), *_prepaid(who, book), *_young(who, book), *_copied(who, book, received)]
    if who.samples is False:
        found.append(Flag("no_samples", "fraud", NO_SAMPLES, {"supplier": code(supplier)}))
    if who.inspection is False:
        found.append(Flag("no_inspection", "fraud", NO_INSPECTION, {"supplier": code(supplier)}))
    from knowledge.strangers import addresses_assistant

    if addresses_assistant(f"{who.name}\n{who.description}"):
        said = {"supplier": code(supplier), "text": quote(who.description[:QUOTED])}
        found.append(Flag("talks_to_assistant", "fraud", TALKS, said))
    return found


def _bank(who: Company) -> list[Flag]:
    if who.bank_country is None or who.country is None or who.bank_country == who.country:
        return []
    unions = customs_facts()["unions"].values()
    near = any({who.country, who.bank_country} <= set(group) for group in (*unions, *NEIGHBOURS))
    said = {"supplier": code(who.supplier_id), "bank": country(who.bank_country), "home": country(who.country)}
    return [Flag("bank_near" if near else "bank_abroad", "fraud", BANK_NEAR if near else BANK_ABROAD, said)]


def _prepaid(who: Company, book: Supply) -> list[Flag]:
    asked = [one.deposit_pct for one in book.offers if one.supplier == who.supplier_id and one.deposit_pct is not None]
    if not asked or max(asked) < MOST:
        return []
    full = max(asked) >= ALL
    said = {"supplier": code(who.supplier_id), "share": percent(max(asked), 0)}
    return [Flag("prepayment", "fraud", FULL_PREPAYMENT if full else HIGH_PREPAYMENT, said)]


def _young(who: Company, book: Supply) -> list[Flag]:
    if who.member_since is None or (book.as_of - who.member_since).days >= YEAR_DAYS:
        return []
    fresh = (book.as_of - who.member_since).days < FRESH_DAYS
    said = {"supplier": code(who.supplier_id), "since": on(who.member_since)}
    return [Flag("young", "fraud", FRESH if fresh else YOUNG, said)]


def _copied(who: Company, book: Supply, received: Mapping[str, int]) -> list[Flag]:
    """Certificate numbers that another supplier has too: held against the one with fewer orders and the younger account."""
    held: dict[str, list[str]] = {}
    for company in book.companies.values():
        for number in company.certificates:
            held.setdefault(_bare(number), []).append(company.supplier_id)
    found = []
    for number in who.certificates:
        if not any(sign.isdigit() for sign in number):
            continue
        for other in sorted(set(held[_bare(number)]) - {who.supplier_id}):
            mine, theirs = _standing(who, received), _standing(book.companies[other], received)
            weight = COPIED if mine < theirs else COPIED / 2 if mine == theirs else 0.0
            said = {"supplier": code(who.supplier_id), "other": code(other), "number": code(number)}
            found.append(Flag("copied_certificate" if weight else "certificate_used_by_other", "fraud", weight, said))
    return sorted(found, key=lambda flag: -flag.weight)[:1]


def _standing(who: Company, received: Mapping[str, int]) -> tuple[int, int]:
    since = who.member_since.toordinal() if who.member_since is not None else 10**7
    return (received.get(who.supplier_id, 0), -since)


def _bare(number: str) -> str:
    return "".join(sign for sign in number.casefold() if sign.isalnum())
