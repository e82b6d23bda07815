"""What the books hold of supply: companies, their offers, and how every purchase order turned out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shop.recent import Recent
from shop.warehouse import Shop

KEPT = 4
DEFAULT_LEAD_SD = 0.2  # of the promised days, where an offer states no spread
UNKNOWN = "ZZ"


@dataclass(frozen=True)
class Company:
    """A supplier as it describes itself; None where the books do not say. `description` is a stranger's text."""

    supplier_id: str
    name: str
    country: str | None
    bank_country: str | None
    member_since: date | None
    certificates: tuple[str, ...]
    samples: bool | None
    inspection: bool | None
    description: str


@dataclass(frozen=True)
class Tier:
    """A price that holds from `least` units on, in the offer's currency."""

    least: int
    price: Decimal


@dataclass(frozen=True)
class Offer:
    """One supplier's offer for a SKU. Days are from order to goods ready; `capacity` is units a month."""

    offer_id: str
    supplier: str
    sku: str
    currency: str
    moq: int
    lead_days: float
    lead_sd: float
    incoterm: str
    deposit_pct: Decimal | None
    balance_days: int | None
    capacity: int | None
    tiers: tuple[Tier, ...]

    @property
    def least(self) -> int:
        """The smallest quantity that can be ordered."""
        return max(self.moq, self.tiers[0].least, 1)

    def price(self, quantity: int) -> Decimal:
        """Unit price at a quantity; below the first tier the first tier's."""
        reached = [tier for tier in self.tiers if tier.least <= quantity] or [self.tiers[0]]
        return reached[-1].price


@dataclass(frozen=True)
class Delivery:
    """A purchase order placed by today. `received` None: not yet there. `price` per unit in `currency`."""

    supplier: str
    sku: str
    warehouse: str
    quantity: int
    price: Decimal
    currency: str
    ordered: date
    promised: date | None
    received: date | None
    defects: int | None


@dataclass(frozen=True)
class Supply:
    """The supply side of a shop's books as of one day."""

    as_of: date
    companies: dict[str, Company]
    offers: tuple[Offer, ...]
    deliveries: tuple[Delivery, ...]

    def offers_for(self, sku: str) -> list[Offer]:
        """Every supplier's offer for a SKU."""
        return [offer for offer in self.offers if offer.sku == sku]

    def company(self, supplier: str) -> Company:
        """The company; one of whom nothing is known where only an offer names it."""
        known = self.companies.get(supplier)
        return known or Company(supplier, supplier, None, None, None, (), None, None, "")


def supply(shop: Shop) -> Supply:
    """The supply side of this version of the books, read once."""
    return _kept.get(
        (shop.folder, shop.version, shop.as_of),
        lambda: Supply(shop.as_of, _companies(shop), _offers(shop), _deliveries(shop)),
    )


_kept: Recent[Supply] = Recent(KEPT)


def _companies(shop: Shop) -> dict[str, Company]:
    rows = shop.rows(
        "SELECT supplier_id, name, country, bank_country, member_since, certificates, accepts_samples, "
        "accepts_inspection, description FROM suppliers ORDER BY 1"
    )
    return {
        str(key): Company(
            str(key), str(name or key), _place(home), _place(bank), since,
            tuple(dict.fromkeys(one.strip() for one in str(certificates or "").split("|") if one.strip())),
            samples, inspection, str(said or ""),
        )
        for key, name, home, bank, since, certificates, samples, inspection, said in rows
    }  # fmt: skip


def _place(country: str | None) -> str | None:
    return country if country and country != UNKNOWN else None


def _offers(shop: Shop) -> tuple[Offer, ...]:
    rows = shop.rows(
        """
        SELECT offer_id, supplier_id, sku, currency, moq, lead_time_days, lead_time_sd, upper(trim(incoterm)),
               deposit_pct, balance_days, monthly_capacity, min_quantity, unit_price
        FROM supplier_offers WHERE unit_price > 0 ORDER BY sku, supplier_id, offer_id, currency, min_quantity
        """
    )
    grouped: dict[tuple[str, ...], list[tuple[object, ...]]] = {}
    for row in rows:
        grouped.setdefault((str(row[0]), str(row[1]), str(row[2]), str(row[3])), []).append(row)
    return tuple(_offer(lines) for lines in grouped.values())


def _offer(lines: list[tuple[object, ...]]) -> Offer:
    offer_id, supplier, sku, currency, _, lead, sd, incoterm, deposit, balance, capacity, _, _ = lines[0]
    days = float(str(lead))
    return Offer(
        str(offer_id), str(supplier), str(sku), str(currency), max(int(str(line[4] or 1)) for line in lines),
        days, float(str(sd)) if sd is not None else DEFAULT_LEAD_SD * days, str(incoterm or "FOB"),
        Decimal(str(deposit)) if deposit is not None else None,
        int(str(balance)) if balance is not None else None,
        int(str(capacity)) if capacity is not None and int(str(capacity)) > 0 else None,
        tuple(Tier(max(int(str(line[11])), 1), Decimal(str(line[12]))) for line in lines),
    )  # fmt: skip


def _deliveries(shop: Shop) -> tuple[Delivery, ...]:
    rows = shop.rows(
        """
        SELECT supplier_id, sku, warehouse, quantity, unit_price, currency, ordered_on, promised_on,
               CASE WHEN received_on <= ? THEN received_on END, CASE WHEN received_on <= ? THEN defects END
        FROM purchase_orders
        WHERE supplier_id IS NOT NULL AND coalesce(status, 'open') <> 'cancelled' AND quantity > 0 AND ordered_on <= ?
          AND NOT (coalesce(status, 'open') = 'received' AND received_on IS NULL)
        ORDER BY ordered_on, po_id, sku
        """,
        [shop.as_of, shop.as_of, shop.as_of],
    )
    return tuple(
        Delivery(str(row[0]), str(row[1]), str(row[2]), int(row[3]), Decimal(row[4]), str(row[5]), *row[6:])
        for row in rows
    )
