"""A new price: what it replaces, and whether it stays above cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from shop.errors import ShopError
from shop.warehouse import Shop
from shop.writers.price import PRICE, PricePayload
from tools.arguments import resolve_sku
from tools.contract import (
    About,
    Finding,
    ToolError,
    channel,
    code,
    country,
    days,
    finding,
    money,
    on,
    percent,
    several,
    sku,
    units,
    words,
)  # fmt: skip
from tools.messages import refusal
from tools.proposals.draft import Draft, amount, converted, day, named
from tools.proposals.markets import BIG_CHANGE_PCT, Market, markets_meant

FIELDS: dict[str, tuple[str, ...]] = {
    "sku": ("skus", "product"),
    "country": ("countries", "market"),
    "channel": ("channels",),
    "price": ("new_price", "amount", "value", "target_price", "to"),
    "change_pct": ("percent", "change_percent", "pct"),
    "currency": (),
    "effective_from": ("start", "date", "from", "effective", "effective_date"),
}
SOLD_DAYS = 28


def price_changes(shop: Shop, payload: Mapping[str, Any]) -> list[Draft]:
    """The price changes a payload means, one for each market it names or implies, with what to know of each.

    Where the country or channel is not said, all its markets are meant: those of the currency said, or of the
    base currency for a price without country, and for an absolute price only those it is near to today (a
    retail price is not put on a wholesale channel). Markets left out are named in a warning.
    Raises ToolError when a field is missing or wrong, too many markets are meant, or nothing would change.
    """
    said = named(payload, "price", FIELDS)
    if "sku" not in said or ("price" not in said and "change_pct" not in said):
        raise refusal("errors.price_needs")
    item = resolve_sku(shop, str(said["sku"]))
    start = day(said.get("effective_from", shop.as_of), "effective_from")
    if start < shop.as_of:
        raise refusal("errors.too_early", name="effective_from", day=shop.as_of, said=start)
    meant, left_out = markets_meant(shop, item, said)
    drafts = [_change(shop, item, market, said, start) for market in meant]
    if left_out:
        places = [words(f"{market.country} {market.channel}") for market in left_out]
        drafts[-1].warnings.append(
            finding(
                "propose_change.left_out", "watch", About(skus=[item]), sku=sku(item), markets=several(list(places))
            )
        )
    return drafts


def _change(shop: Shop, item: str, market: Market, said: Mapping[str, Any], start: date) -> Draft:
    where, through, old, currency = market.country, market.channel, market.price, market.currency
    new = _new_price(said, old, currency, where)
    try:
        change = PricePayload(
            sku=item, country=where, channel=through, price=new, currency=currency, effective_from=start
        )
    except ValidationError as wrong:
        told = wrong.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise ToolError(f"price: {told[0].lower()}{told[1:]}, not {new}.") from wrong
    if old == new:
        raise refusal("errors.same_price", sku=item, price=new, currency=currency, country=where, channel=through)
    about = About(skus=[item], countries=[where], channels=[through], start=start)
    draft = Draft(change, _headline(change, old, about), tables={"prices": 1 if old else 0})
    _sales(shop, change, about, draft)
    _caution(shop, change, old, about, draft)
    files = [made.name for made in PRICE.files(shop, change, "P")]
    draft.findings.append(finding("propose_change.on_approval", files=several([code(name) for name in files])))
    if through == "shopify" and currency != shop.base_currency:
        draft.warnings.append(
            finding(
                "propose_change.shopify_base", "watch", about, currency=code(currency), base=code(shop.base_currency)
            )
        )
    return draft


def _new_price(said: Mapping[str, Any], old: Decimal | None, currency: str, where: str) -> Decimal:
    from babel.numbers import get_currency_precision

    if "price" in said:
        new, with_it = amount(said["price"], "price")
        spoken = str(said.get("currency") or with_it or currency).strip().upper()
        if spoken != currency and not (currency == "CNY" and spoken == "JPY" and "¥" in str(said["price"])):
            raise refusal("errors.other_currency", country=where, currency=currency, said=spoken[:40])
        if new <= 0:
            raise refusal("errors.above", name="price", least=0, said=new)
        return new
    if old is None:
        raise refusal("errors.no_old_price")
    points, _ = amount(said["change_pct"], "change_pct")
    if points <= -100:
        raise refusal("errors.above", name="change_pct", least=-100, said=points)
    return round(old * (1 + points / 100), get_currency_precision(currency))


def _headline(change: PricePayload, old: Decimal | None, about: About) -> Finding:
    values = {
        "sku": sku(change.sku),
        "country": country(change.country),
        "channel": channel(change.channel),
        "new": money(change.price, change.currency),
        "start": on(change.effective_from),
    }
    if not old:
        return finding("propose_change.filed_first_price", "info", about, **values)
    moved = (change.price / old - 1) * 100
    way = "up" if moved > 0 else "down"
    return finding(
        f"propose_change.filed_price_{way}", "info", about,
        **values, old=money(old, change.currency), change=percent(abs(moved)),
    )  # fmt: skip


def _sales(shop: Shop, change: PricePayload, about: About, draft: Draft) -> None:
    rows, sold = shop.rows(
        "SELECT count(*), coalesce(sum(l.quantity), 0)::BIGINT FROM orders o JOIN order_lines l USING (order_id) "
        "WHERE l.sku = ? AND o.country = ? AND o.channel = ? AND o.status <> 'cancelled' "
        "AND o.ordered_at::DATE BETWEEN ? AND ?",
        [
            change.sku,
            change.country,
            change.channel,
            shop.as_of - timedelta(days=SOLD_DAYS - 1),
            shop.as_of,
        ],
    )[0]
    draft.tables["order_lines"] = rows
    draft.findings.append(
        finding(
            "propose_change.sold", "info", about,
            sku=sku(change.sku), country=country(change.country), channel=channel(change.channel),
            units=units(sold), days=days(SOLD_DAYS),
        )
    )  # fmt: skip


def _caution(
    shop: Shop, change: PricePayload, old: Decimal | None, about: About, draft: Draft
) -> None:  # fmt: skip
    new = money(change.price, change.currency)
    cost = shop.rows(
        "SELECT unit_cost, currency FROM products WHERE sku = ? AND unit_cost IS NOT NULL AND currency IS NOT NULL",
        [change.sku],
    )
    draft.tables["products"] = len(cost)
    if not cost:
        draft.warnings.append(finding("propose_change.no_cost", "watch", about, sku=sku(change.sku)))
    else:
        try:
            unit_cost = converted(shop, cost[0][0], str(cost[0][1]), change.currency, shop.as_of)
        except ShopError:
            draft.warnings.append(finding("propose_change.no_cost", "watch", about, sku=sku(change.sku)))
        else:
            if change.price < unit_cost:
                shown = money(round(unit_cost, 2), change.currency)
                draft.warnings.append(finding("propose_change.below_cost", "act", about, new=new, cost=shown))
    if old and abs(change.price / old - 1) * 100 > BIG_CHANGE_PCT:
        draft.warnings.append(
            finding(
                "propose_change.big_change", "watch", about,
                change=percent(abs(change.price / old - 1) * 100), limit=percent(BIG_CHANGE_PCT),
            )
        )  # fmt: skip
    if old is None:
        draft.warnings.append(
            finding("propose_change.no_old_price", "watch", about, country=country(change.country), sku=sku(change.sku))
        )
