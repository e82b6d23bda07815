"""An order to a supplier: which offer and tier, whether it meets the smallest order, where the goods go."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from shop.errors import ShopError
from shop.warehouse import Shop
from shop.writers.change import amount_text
from shop.writers.purchase_order import PurchaseOrderPayload
from tools.arguments import resolve_sku
from tools.contract import About, Value, code, finding, money, on, percent, quote, several, sku, units, warehouse, words
from tools.messages import refusal, wordings
from tools.proposals.draft import Draft, amount, converted, day, named
from tools.suppliers.gate import Verdict, screen

FIELDS: dict[str, tuple[str, ...]] = {
    "sku": ("skus", "product"),
    "quantity": ("qty", "units", "amount"),
    "supplier_id": ("supplier", "supplier_name"),
    "warehouse": ("to", "destination"),
    "ordered_on": ("date", "order_date", "start"),
}
LARGEST = 10_000_000


@dataclass(frozen=True)
class Tier:
    """The price of one supplier at the quantity asked, and what the gate says of it."""

    supplier: str
    name: str
    least: int
    moq: int
    unit_price: Decimal
    currency: str
    lead_days: Decimal
    deposit: Decimal | None
    verdict: Verdict

    @property
    def doubtful(self) -> bool:
        """Whether enough speaks against the supplier to prefer any other."""
        return self.verdict.blocked or self.verdict.doubtful


def purchase_order(shop: Shop, payload: Mapping[str, Any]) -> Draft:
    """The purchase order a payload means, at the cheapest trusted offer's tier unless a supplier is named.

    A quantity below every smallest order is filed as said, with a warning: a supplier may agree to it.
    Raises ToolError when a field is missing or wrong, or nobody offers the SKU.
    """
    said = named(payload, "purchase_order", FIELDS)
    if "sku" not in said or "quantity" not in said:
        raise refusal("errors.purchase_needs")
    item = resolve_sku(shop, str(said["sku"]))
    quantity = _quantity(said["quantity"])
    start = day(said.get("ordered_on", shop.as_of), "ordered_on")
    if start < shop.as_of:
        raise refusal("errors.too_early", name="ordered_on", day=shop.as_of, said=start)
    offers = _offers(shop, item, quantity)
    if "supplier_id" in said:
        offers = _of_supplier(shop, offers, str(said["supplier_id"]), item)
        _refuse_suspected(offers)
    else:
        offers = _passed(offers, item)
    chosen, cheaper_doubtful = _chosen(shop, offers, quantity)
    below = max(chosen.moq, chosen.least) > quantity
    place, assumed = _warehouse(shop, item, said.get("warehouse"))
    ready = start + timedelta(days=math.ceil(chosen.lead_days))
    change = PurchaseOrderPayload(
        sku=item, supplier_id=chosen.supplier, quantity=quantity, unit_price=Decimal(amount_text(chosen.unit_price)),
        currency=chosen.currency, warehouse=place, ordered_on=start, promised_on=ready,
    )  # fmt: skip
    about = About(skus=[item], start=start)
    total = round(chosen.unit_price * quantity, 2)
    draft = Draft(
        change,
        finding(
            "propose_change.filed_purchase", "info", about,
            sku=sku(item), quantity=units(quantity), supplier=code(chosen.supplier), name=quote(chosen.name),
            price=money(chosen.unit_price, chosen.currency), total=money(total, chosen.currency),
            warehouse=warehouse(place), ready=on(ready), ordered=on(start),
        ),
        tables={"supplier_offers": len(offers)},
    )  # fmt: skip
    if "supplier_id" not in said and not below:
        draft.findings.append(
            finding("propose_change.cheapest", "info", about, supplier=code(chosen.supplier), least=units(chosen.least))
        )
    if chosen.deposit:
        due = round(total * chosen.deposit / 100, 2)
        draft.findings.append(
            finding(
                "propose_change.deposit", "info", about,
                deposit=percent(chosen.deposit), due=money(due, chosen.currency),
            )
        )  # fmt: skip
    draft.findings.append(finding("propose_change.on_approval", files=code("purchase_orders.csv")))
    if below:
        least = units(max(chosen.moq, chosen.least))
        draft.warnings.append(
            finding("propose_change.below_moq", "act", about, quantity=units(quantity), sku=sku(item),
                    least=least, supplier=code(chosen.supplier))
        )  # fmt: skip
    if chosen.doubtful:
        draft.warnings.append(
            finding(
                "propose_change.doubtful", "act", about, supplier=code(chosen.supplier), signs=_signs(chosen.verdict)
            )
        )
    if cheaper_doubtful:
        draft.warnings.append(
            finding(
                "propose_change.passed_over",
                "watch",
                about,
                supplier=code(cheaper_doubtful.supplier),
                signs=_signs(cheaper_doubtful.verdict),
            )
        )
    if assumed:
        draft.assumptions.append(finding("propose_change.warehouse", "info", about, warehouse=warehouse(place)))
    draft.assumptions.append(finding("propose_change.lead_time", "info", about, ready=on(ready)))
    return draft


def _signs(verdict: Verdict) -> Value:
    return several([words(f"gate.short.{flag.key}") for flag in verdict.signs])


def _refuse_suspected(offers: list[Tier]) -> None:
    """Nothing is filed with a supplier that looks like a scam, also when it is named."""
    for tier in offers:
        if tier.verdict.suspected:
            signs = ", ".join(wordings()[f"gate.short.{flag.key}"]["en"] for flag in tier.verdict.signs)
            raise refusal("errors.suspected", supplier=tier.supplier, signs=signs)


def _passed(offers: list[Tier], item: str) -> list[Tier]:
    """The offers, where at least one is by a supplier that is not suspected; the chosen one is never a suspected one."""
    if all(tier.verdict.suspected for tier in offers):
        raise refusal(
            "errors.all_suspected", sku=item, known=", ".join(dict.fromkeys(tier.supplier for tier in offers))
        )
    return offers


def _quantity(said: Any) -> int:
    number, _ = amount(str(said).lower().replace("units", "").replace("pcs", ""), "quantity")
    if number != int(number) or not 1 <= number <= LARGEST:
        raise refusal("errors.range_whole", name="quantity", low=1, high=LARGEST, said=str(said)[:40])
    return int(number)


def _offers(shop: Shop, item: str, quantity: int) -> list[Tier]:
    """Every offer for the SKU at the tier the quantity reaches (the lowest where it reaches none)."""
    rows = shop.rows(
        """
        SELECT o.supplier_id, coalesce(s.name, o.supplier_id), o.min_quantity, o.moq, o.unit_price, o.currency,
               o.lead_time_days, o.deposit_pct
        FROM supplier_offers o LEFT JOIN suppliers s USING (supplier_id)
        WHERE o.sku = ?
        QUALIFY row_number() OVER (
            PARTITION BY o.offer_id
            ORDER BY o.min_quantity <= ? DESC, CASE WHEN o.min_quantity <= ? THEN -o.min_quantity ELSE o.min_quantity END
        ) = 1
        ORDER BY o.supplier_id, o.offer_id
        """,
        [item, quantity, quantity],
    )
    if not rows:
        raise refusal("errors.no_offer", sku=item)
    verdicts = screen(shop)
    return [
        Tier(supplier, name, least, moq, price, currency, lead, deposit, verdicts[str(supplier)])
        for supplier, name, least, moq, price, currency, lead, deposit in rows
    ]


def _of_supplier(shop: Shop, offers: list[Tier], said: str, item: str) -> list[Tier]:
    wanted = said.strip().casefold()
    mine = [tier for tier in offers if wanted in (tier.supplier.casefold(), tier.name.casefold())]
    if not mine:
        known = ", ".join(dict.fromkeys(tier.supplier for tier in offers))
        raise refusal("errors.not_offered_by", said=said.strip()[:40], sku=item, known=known)
    return mine


def _chosen(shop: Shop, offers: list[Tier], quantity: int) -> tuple[Tier, Tier | None]:
    """The cheapest offer for the quantity among suppliers with nothing against them, and a doubtful one that was cheaper.

    Where the quantity is below all their smallest orders, the one whose smallest order is nearest.
    """

    def cost(tier: Tier) -> Decimal:
        try:
            return converted(shop, tier.unit_price, tier.currency, shop.base_currency, shop.as_of)
        except ShopError:
            return Decimal("Infinity")

    ordered = sorted(offers, key=lambda tier: (cost(tier), tier.supplier))
    trusted = [tier for tier in ordered if not tier.doubtful]
    trusted = trusted or [tier for tier in ordered if not tier.verdict.blocked]
    trusted = trusted or [tier for tier in ordered if not tier.verdict.suspected]
    fitting = [tier for tier in trusted if max(tier.moq, tier.least) <= quantity]
    best = fitting[0] if fitting else min(trusted, key=lambda tier: max(tier.moq, tier.least))
    tempting = ordered[0]
    return best, tempting if tempting.doubtful and not best.doubtful else None


def _warehouse(shop: Shop, item: str, said: Any) -> tuple[str, bool]:
    known = shop.vocabulary.warehouses
    if said is not None:
        for place in known:
            if place.casefold() == str(said).strip().casefold():
                return place, False
        raise refusal("errors.unknown_warehouse", said=str(said)[:40], known=", ".join(known) or "-")
    if len(known) == 1:
        return known[0], False
    usual = shop.rows(
        "SELECT warehouse FROM purchase_orders WHERE sku = ? AND status <> 'cancelled' "
        "GROUP BY 1 ORDER BY max(ordered_on) DESC, 1 LIMIT 1",
        [item],
    ) or shop.rows(
        "SELECT warehouse FROM inventory WHERE sku = ? GROUP BY 1 ORDER BY max(day) DESC, sum(on_hand) DESC, 1 LIMIT 1",
        [item],
    )
    if usual:
        return str(usual[0][0]), True
    if not known:
        raise refusal("errors.no_warehouses")
    raise refusal("errors.which_warehouse", known=", ".join(known))
