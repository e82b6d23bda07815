"""Two years in the warehouses: demand meets stock, late goods leave shelves empty, the seller reorders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from shop.demo import suppliers as supply
from shop.demo.demand import DAYS, START, C, Demand, Floats, Ints, S, cartons, day_number, random
from shop.demo.parameters import (
    AS_OF,
    COUNTRIES,
    DISPERSION,
    HISTORY_DAYS,
    LAUNCHES,
    OUTAGES,
    OVERBUYS,
    POLICY,
    PRODUCTS,
    SKUS,
    WAREHOUSES,
)

HOUSES = tuple(w[0] for w in WAREHOUSES)
HOUSE_OF = np.array([HOUSES.index(c.warehouse) for c in COUNTRIES])
WHOLESALE_HOUSE = HOUSES.index("CN-NGB")
LAUNCH_STOCK_DAYS = 70
H, W = HISTORY_DAYS, len(HOUSES)


@dataclass(frozen=True)
class Purchase:
    """A purchase order; received after AS_OF means still on its way."""

    supplier_id: str
    s: int
    w: int
    quantity: int
    defects: int
    ordered: date
    promised: date
    received: date


@dataclass(frozen=True)
class Wholesale:
    """An alibaba order that was filled."""

    t: int
    s: int
    c: int
    quantity: int


@dataclass(frozen=True)
class Stock:
    """What happened. demand and sold: units by day, SKU, country, channel (shopify, amazon); on_hand at day's end."""

    demand: Ints
    sold: Ints
    on_hand: Ints  # day, SKU, warehouse
    short: Ints  # units wanted and not there: day, SKU, warehouse
    fraud_sold: Ints  # day, SKU, warehouse
    wholesale: list[Wholesale]
    purchases: list[Purchase] = field(default_factory=list)


def run(seed: int, demand: Demand, fraud: Ints) -> Stock:
    """Live through the history day by day. `fraud`: units fraudsters order by day, SKU, warehouse."""
    rng = random(seed, 2)
    mean = demand.mean[:H, :, :, :2]
    wanted = np.where(mean > 0, rng.negative_binomial(DISPERSION, DISPERSION / (DISPERSION + mean)), 0)
    bulk = rng.poisson(demand.orders_mean[:H])
    sold, fraud_sold = wanted.copy(), np.zeros((H, S, W), np.int64)
    on_hand, short = np.zeros((H, S, W), np.int64), np.zeros((H, S, W), np.int64)
    wholesale: list[Wholesale] = []
    buyer = _Buyer(rng, house_means(demand))
    shelf = buyer.opening()
    out = np.zeros((H, S, W), np.int64)
    for t in range(H):
        shelf += buyer.arrivals[t]
        fraud_sold[t] = np.minimum(shelf, fraud[t])
        shelf -= fraud_sold[t]
        out[t] = fraud_sold[t]
        for w in range(W):
            inside = np.flatnonzero(w == HOUSE_OF)
            need = wanted[t, :, inside].sum(axis=(0, 2))
            for s in np.flatnonzero(need > shelf[:, w]):
                cells = wanted[t, s, inside].ravel()
                kept = rng.multivariate_hypergeometric(cells, int(shelf[s, w]))
                sold[t, s, inside] = kept.reshape(len(inside), 2)
            gone = sold[t, :, inside].sum(axis=(0, 2))
            short[t, :, w] = need - gone
            shelf[:, w] -= gone
            out[t, :, w] += gone
        for s, c in np.argwhere(bulk[t] > 0):
            for size in cartons(rng, int(bulk[t, s, c])):
                pack = PRODUCTS[s].pack_size
                filled = int(min(size * pack, shelf[s, WHOLESALE_HOUSE] // pack * pack))
                short[t, s, WHOLESALE_HOUSE] += size * pack - filled
                if filled:
                    shelf[s, WHOLESALE_HOUSE] -= filled
                    out[t, s, WHOLESALE_HOUSE] += filled
                    wholesale.append(Wholesale(t, int(s), int(c), filled))
        on_hand[t] = shelf
        buyer.review(t, shelf, out, on_hand)
    return Stock(wanted, sold, on_hand, short, fraud_sold, wholesale, buyer.purchases)


def house_means(demand: Demand) -> Floats:
    """True mean units a day by day, SKU, warehouse, wholesale included."""
    means = np.zeros((len(DAYS), S, W))
    for c in range(C):
        means[:, :, HOUSE_OF[c]] += demand.mean[:, :, c, :2].sum(axis=2)
        means[:, :, WHOLESALE_HOUSE] += demand.mean[:, :, c, 2]
    return means


class _Buyer:
    """Orders up to a level once a week. Late deliveries and overbuying follow the plan in parameters."""

    def __init__(self, rng: np.random.Generator, means: Floats) -> None:
        self.rng, self.means = rng, means
        self.total = np.concatenate([np.zeros((1, S, W)), means.cumsum(axis=0)])
        self.arrivals = np.zeros((H, S, W), np.int64)
        self.purchases: list[Purchase] = []
        self.outages: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for late in OUTAGES:
            cell = (SKUS.index(late.sku), HOUSES.index(late.warehouse))
            self.outages.setdefault(cell, []).append((day_number(late.start), day_number(late.end)))

    def opening(self) -> Ints:
        """Stock on the first morning; SKUs to be launched later get a first delivery before their day."""
        shelf = np.round(self._expected(0, 70)).astype(np.int64)
        for sku, launch in LAUNCHES.items():
            s, first = SKUS.index(sku), day_number(launch)
            shelf[s] = 0
            for w in range(W):
                until = first + LAUNCH_STOCK_DAYS
                for start, end in self.outages.get((s, w), []):
                    until = start if first < start <= until or start < end < until + 30 else until
                units = float(self.total[until, s, w] - self.total[first, s, w])
                self._buy(s, w, first - 75, units, arrive=first - 6)
        return shelf

    def review(self, t: int, shelf: Ints, out: Ints, on_hand: Ints) -> None:
        """Look at every shelf once a week and order what is missing."""
        for bought in OVERBUYS:
            if day_number(bought.ordered) == t:
                self._buy(SKUS.index(bought.sku), HOUSES.index(bought.warehouse), t, bought.units)
        if t % POLICY.review_every:
            return
        past = slice(max(0, t - POLICY.lookback + 1), t + 1)
        stocked = np.maximum(1, ((on_hand[past] > 0) | (out[past] > 0)).sum(axis=0))
        pace = out[past].sum(axis=0) / stocked if t >= POLICY.lookback else self._expected(t, 28) / 28
        usual = np.maximum(self.means[past].mean(axis=0), 1e-9)
        coming = np.zeros((S, W), np.int64)
        for p in self.purchases:
            if day_number(p.received) > t:
                coming[p.s, p.w] += p.quantity
        for s, product in enumerate(PRODUCTS):
            launch = LAUNCHES.get(product.sku)
            if launch and t < day_number(launch) + POLICY.review_every:
                continue
            for w in range(W):
                lead = self._lead(s, w)
                ahead = lead + POLICY.cover[w]
                season = self._expected(t + 1, ahead)[s, w] / ahead / usual[s, w]
                believed = POLICY.trust * pace[s, w] + (1 - POLICY.trust) * usual[s, w]
                daily = believed * float(np.clip(season, 0.3, 4.0))
                position = int(shelf[s, w] + coming[s, w])
                if position < daily * (lead + POLICY.safety + 21):
                    missing = daily * (ahead + POLICY.safety) - position
                    self._buy(s, w, t, self._capped(s, w, t, lead, missing, position))

    def _capped(self, s: int, w: int, t: int, lead: int, missing: float, position: int) -> float:
        for start, _end in self.outages.get((s, w), []):
            if t < start and t + lead < start + 10:
                return min(missing, float(self.total[start, s, w] - self.total[t + 1, s, w]) - position)
        return missing

    def _buy(self, s: int, w: int, t: int, units: float, arrive: int | None = None) -> None:
        product = PRODUCTS[s]
        quantity = round(units / product.pack_size) * product.pack_size
        if quantity <= 0:
            return
        maker = self._supplier(s)
        transit, transit_sd = supply.TRANSIT[maker.port, HOUSES[w]]
        promised = t + maker.lead + transit
        late = self.rng.normal(maker.late_days, maker.late_sd) + self.rng.normal(0, transit_sd)
        received = arrive if arrive is not None else max(t + 5, round(promised + late))
        for start, end in self.outages.get((s, w), []):
            held = min(start - 3, H)  # what is late after today is late from today on
            if held <= received < end and t < end:
                received = end + 1 if arrive is None else received
        bad = maker.bad_since is not None and START + timedelta(days=t) >= maker.bad_since
        defects = int(self.rng.binomial(quantity, maker.bad_defects if bad else maker.defects))
        ordered = START + timedelta(days=t)
        self.purchases.append(
            Purchase(
                maker.supplier_id, s, w, quantity, defects, ordered,
                START + timedelta(days=promised), START + timedelta(days=received),
            )
        )  # fmt: skip
        if received < H:
            self.arrivals[received, s, w] += quantity - defects

    def _supplier(self, s: int) -> supply.Supplier:
        cheap = supply.BY_ID[supply.CHEAP_AND_LATE]
        draw = self.rng.random()
        if draw < supply.CHEAP_SHARE and any(offer[0] == SKUS[s] for offer in cheap.prices):
            return cheap
        return supply.BY_ID[supply.MAIN_SUPPLIER[SKUS[s]]]

    def _lead(self, s: int, w: int) -> int:
        maker = supply.BY_ID[supply.MAIN_SUPPLIER[SKUS[s]]]
        return maker.lead + supply.TRANSIT[maker.port, HOUSES[w]][0]

    def _expected(self, t: int, days: int) -> Floats:
        first, last = min(t, len(DAYS) - 1), min(t + days, len(DAYS))
        return np.asarray((self.total[last] - self.total[first]) * (days / max(1, last - first)))


def is_received(purchase: Purchase) -> bool:
    """Whether the goods are in by AS_OF."""
    return purchase.received <= AS_OF
