"""Changes as they were said, put into the shop's own names and days; what cannot be is refused in one sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shop.warehouse import Shop
from tools.arguments import resolve_channel, resolve_country, resolve_sku
from tools.contract import ToolError
from tools.messages import refusal
from tools.scenario.amounts import amount_of
from tools.scenario.lever import LEVERS, RULES, Lever, Name, Place, measured

MODES = ("sea", "air", "rail", "road", "express")
MODE_WORDS = {"ocean": "sea", "海运": "sea", "空运": "air", "铁路": "rail", "快递": "express", "公路": "road"}
CURRENCY_WORDS = {
    "dollar": "USD", "us dollar": "USD", "美元": "USD", "euro": "EUR", "欧元": "EUR", "yuan": "CNY", "renminbi": "CNY",
    "rmb": "CNY", "人民币": "CNY", "yen": "JPY", "日元": "JPY", "pound": "GBP", "sterling": "GBP", "英镑": "GBP",
}  # fmt: skip
USUAL = ("CNY", "EUR", "GBP", "JPY", "USD")
NOTHING = frozenset({"", "all", "everything", "全部", "所有"})


class Change(BaseModel):
    """One change of a what-if."""

    model_config = ConfigDict(extra="forbid")

    lever: Name = Field(description="what changes")
    target: str | list[str] = Field(
        "",
        description="what it changes for: a SKU, product category, country or channel (demand, price, promotion, "
        "ad_budget, return_rate), a warehouse or mode such as sea (freight), a country entered (duty), a currency (fx), "
        "a supplier (supplier_out, unit_cost, lead_time); several in a list or with commas; empty means all",
    )
    value: float | str | None = Field(
        None,
        description="a signed percent such as -15 or +20%, or a multiplier such as x1.5, for demand, price, unit_cost, "
        "freight, fx, lead_time, ad_budget and return_rate; duty in percentage points; promotion the percent off; "
        "purchase in units; price and unit_cost also an amount such as 19.99 EUR; price also 'keep 30%', the price that "
        "keeps that margin; lead_time also '14 days'; supplier_out none",
    )
    start: date | None = Field(None, description="first day; empty means tomorrow")
    end: date | None = Field(None, description="last day; empty means to the end of the horizon")

    @field_validator("lever", mode="before")
    @classmethod
    def _known(cls, said: Any) -> Any:
        name = said.strip().lower().replace(" ", "_").replace("-", "_") if isinstance(said, str) else said
        if name not in LEVERS:
            raise ValueError(f"there is no lever {str(said)[:40]}; there are {', '.join(LEVERS)}")
        return name

    @field_validator("start", "end", mode="before")
    @classmethod
    def _day(cls, said: Any) -> Any:
        if said in ("", None):
            return None
        try:
            return said if isinstance(said, date) else date.fromisoformat(str(said).strip()[:10])
        except ValueError:
            raise ValueError(f"{str(said)[:20]} is no day; write one such as 2026-11-27") from None


def levers(shop: Shop, changes: Sequence[Change], horizon: int) -> list[Lever]:
    """The changes as levers. Raises ToolError for unknown names, values, days, and changes that contradict."""
    if not changes:
        raise refusal("errors.scenario_nothing", known=", ".join(LEVERS))
    found = [_lever(shop, change, horizon) for change in changes]
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            _agree(one, other)
    return found


def _lever(shop: Shop, change: Change, horizon: int) -> Lever:
    name = change.lever
    if change.value is None and name != "supplier_out":
        raise refusal("errors.scenario_no_value", lever=name, allowed=RULES[name].says)
    amount = measured(name, amount_of(change.value if change.value is not None else 0, name))
    on = targets(shop, name, change.target)
    if name in ("supplier_out", "fx", "purchase") and not on:
        raise refusal("errors.scenario_which", lever=name, allowed=", ".join(RULES[name].places))
    if name == "purchase" and len([one for one in on if one[0] == "sku"]) != 1:
        raise refusal("errors.scenario_which", lever=name, allowed="sku")
    if name in ("price", "unit_cost") and amount.measure == "amount" and not any(one[0] == "sku" for one in on):
        raise refusal("errors.scenario_which", lever=name, allowed="sku")
    first, last = _days(shop.as_of, change.start, change.end, horizon)
    return Lever(name, amount, on, first, last)


def _days(as_of: date, start: date | None, end: date | None, horizon: int) -> tuple[int, int]:
    final = as_of + timedelta(days=horizon)
    if start is not None and end is not None and end < start:
        raise refusal("errors.scenario_backwards", start=start, end=end)
    if (start is not None and not as_of <= start <= final) or (end is not None and end <= as_of):
        raise refusal("errors.scenario_days", first=as_of + timedelta(days=1), last=final)
    first = max((start - as_of).days - 1, 0) if start else 0
    last = min((end - as_of).days - 1, horizon - 1) if end else horizon - 1
    return first, last


def targets(shop: Shop, lever: str, said: str | Sequence[str]) -> tuple[tuple[Place, str], ...]:
    """What the words of a target mean for a lever. Raises ToolError when a word means nothing the lever can be on."""
    words = [said] if isinstance(said, str) else list(said)
    found: list[tuple[Place, str]] = []
    for word in words:
        if str(word).strip().casefold() in NOTHING:
            continue
        whole = _meant(shop, lever, str(word))
        if whole is not None:
            found.append(whole)
            continue
        for part in re.split(r"[,;/、，|]|\s+in\s+|\s+on\s+|\s+", str(word)):
            if part.strip():
                found.append(_meant(shop, lever, part) or _unknown(shop, lever, part))
    return tuple(dict.fromkeys(found))


def _meant(shop: Shop, lever: str, word: str) -> tuple[Place, str] | None:
    text = word.strip()[:80]
    for place in RULES[lever].places:
        name = _named(shop, place, text)
        if name is not None:
            return place, name
    return None


def _named(shop: Shop, place: Place, text: str) -> str | None:
    plain = text.casefold()
    if place == "currency":
        return _currency(plain)
    if place == "mode":
        name = MODE_WORDS.get(plain, plain)
        return name if name in MODES else None
    if place in ("sku", "country", "channel"):
        resolve = {"sku": resolve_sku, "country": resolve_country, "channel": resolve_channel}[place]
        try:
            return resolve(shop, text)
        except ToolError as wrong:
            if wrong.key == "errors.ambiguous_sku":
                raise
            return None
    if place == "warehouse":
        return next((house for house in shop.vocabulary.warehouses if house.casefold() == plain), None)
    if place == "supplier":
        rows = shop.rows(
            "SELECT supplier_id FROM suppliers WHERE lower(supplier_id) = ? OR lower(name) = ? UNION "
            "SELECT supplier_id FROM purchase_orders WHERE lower(supplier_id) = ? ORDER BY 1",
            [plain, plain, plain],
        )
        return str(rows[0][0]) if rows else None
    rows = shop.rows("SELECT DISTINCT category FROM products WHERE lower(category) = ?", [plain])
    return str(rows[0][0]) if rows else None


def _currency(plain: str) -> str | None:
    from shop import fx

    code = CURRENCY_WORDS.get(plain.removeprefix("the ").strip(), plain.upper())
    return code if code in fx.currencies() else None


def _unknown(shop: Shop, lever: str, word: str) -> tuple[Place, str]:
    from shop import fx

    text = word.strip()[:80]
    places = RULES[lever].places
    if places == ("currency",):
        known: list[str] = [code for code in USUAL if code in fx.currencies()]
        raise refusal("errors.scenario_currency", said=text, known=", ".join(known))
    if places == ("supplier",):
        known = [str(row[0]) for row in shop.rows("SELECT supplier_id FROM suppliers ORDER BY 1 LIMIT 12")]
        raise refusal("errors.scenario_supplier", said=text, known=", ".join(known) or "none")
    named: list[str] = []
    if "sku" in places:
        named += [product.sku for product in shop.vocabulary.products[:8]]
    if "country" in places:
        named += list(shop.vocabulary.countries[:6])
    if "channel" in places:
        named += list(shop.vocabulary.channels[:4])
    if "warehouse" in places:
        named += list(shop.vocabulary.warehouses[:4])
    raise refusal("errors.scenario_target", lever=lever, said=text, places=", ".join(places), known=", ".join(named))


def _agree(one: Lever, other: Lever) -> None:
    """Refuse the same lever twice on the same things and days, and goods bought from a supplier that is out."""
    if one.first > other.last or other.first > one.last:
        return
    if one.name == other.name and one.name != "purchase" and set(one.on) == set(other.on):
        where = ", ".join(name for _, name in one.on) or "all"
        raise refusal("errors.scenario_twice", lever=one.name, where=where)
    pair = {one.name: one, other.name: other}
    if {"supplier_out", "purchase"} == set(pair):
        both = pair["supplier_out"].names("supplier") & pair["purchase"].names("supplier")
        if both:
            raise refusal("errors.scenario_contradiction", supplier=", ".join(sorted(both)))
