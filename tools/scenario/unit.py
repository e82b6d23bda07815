"""What a unit brings under some levers: the shop's cost model with the parts that the levers move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from shop.costs.duty import counts_freight, duty
from shop.costs.market import Market
from shop.costs.parts import coin
from shop.costs.price import highest_margin, lowest_price
from shop.costs.purchase import purchase
from tools.messages import refusal
from tools.scenario.baseline import Baseline
from tools.scenario.lever import Lever

Floats = NDArray[np.float64]
ONE, ZERO = Decimal(1), Decimal(0)
PARTS = (
    "price", "discount", "shipping_charged", "tax", "marketplace_fee", "payment_fee", "fulfilment", "landed_cost",
    "import_duty", "storage", "refunds", "fees_refunded", "return_handling", "resale_value", "advertising", "exchange",
)  # fmt: skip
PLACE = {name: at for at, name in enumerate(PARTS)}
REVENUE = [PLACE[name] for name in ("price", "discount", "shipping_charged", "tax")]
FIXED = [PLACE["storage"], PLACE["advertising"]]
ON_PRICE = ("price", "promotion")
ON_COST = ("unit_cost", "freight", "duty", "fx", "return_rate")


class Units:
    """Unit money by row of the baseline and set of levers in force, worked out once each."""

    def __init__(self, base: Baseline, levers: Sequence[Lever], like: Units | None = None) -> None:
        """`like` hands over what it worked out; its levers are the first of these."""
        self.base, self.levers = base, tuple(levers)
        self._known: dict[tuple[int, frozenset[int]], tuple[Floats, float]] = dict(like._known) if like else {}
        self._goods: dict[int, _Goods] = like._goods if like else {}
        self._arrays: dict[frozenset[int], tuple[Floats, Floats]] = dict(like._arrays) if like else {}
        self._relevant: list[frozenset[int]] = list(like._relevant) if like else [frozenset[int]()] * len(base.markets)
        self._rows: list[list[int]] = list(like._rows) if like else []
        for n in range(len(self._rows), len(self.levers)):
            self._rows.append(self._concerned(self.levers[n]))
            for at in self._rows[n]:
                self._relevant[at] |= {n}

    def relevant(self, at: int) -> frozenset[int]:
        """The levers that move a row's price or cost."""
        return self._relevant[at]

    def of(self, active: frozenset[int]) -> tuple[Floats, Floats]:
        """Parts of a unit in base currency (rows x PARTS) and price over today's price, with these levers in force."""
        known = self._arrays.get(active)
        if known is None:
            if active:  # the same without the newest lever, but for the rows that it moves
                newest = max(active)
                parts, ratio = (one.copy() for one in self.of(active - {newest}))
                rows: Iterable[int] = self._rows[newest]
            else:
                parts, ratio = np.zeros((len(self.base.markets), len(PARTS))), np.ones(len(self.base.markets))
                rows = range(len(self.base.markets))
            for at in rows:
                parts[at], ratio[at] = self.row(at, active)
            known = self._arrays[active] = parts, ratio
        return known

    def row(self, at: int, active: frozenset[int]) -> tuple[Floats, float]:
        """One row of `of`."""
        key = (at, active & self._relevant[at])
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._worked_out(at, [self.levers[n] for n in sorted(key[1])])
        return known

    def market(self, at: int, active: frozenset[int]) -> tuple[Market, Decimal]:
        """The row's market and price with these levers in force."""
        chosen = [self.levers[n] for n in sorted(active & self._relevant[at])]
        costed = self._costed(at, chosen)
        price, discount = self._priced(at, costed, chosen)
        return replace(costed, discount=discount), price

    def _worked_out(self, at: int, chosen: Sequence[Lever]) -> tuple[Floats, float]:
        before = self.base.prices[at]
        costed = self._costed(at, chosen)
        price, discount = self._priced(at, costed, chosen)
        if discount:
            costed = replace(costed, discount=discount)
        out = np.zeros(len(PARTS))
        rate = float(costed.rate)
        for name, amount, _ in costed.exact(price):
            out[PLACE[name]] += float(amount) * rate
        return out, float((price - discount) / before)

    def _priced(self, at: int, costed: Market, chosen: Sequence[Lever]) -> tuple[Decimal, Decimal]:
        price, discount = self.base.prices[at], ZERO
        for lever in chosen:
            if lever.name == "price":
                price = _price(price, costed, lever)
        for lever in chosen:
            if lever.name == "promotion":
                discount += (price - discount) * lever.amount.value / 100
        return price, discount

    def _costed(self, at: int, chosen: Sequence[Lever]) -> Market:
        found = self.base.markets[at]
        costly = [lever for lever in chosen if lever.name in ON_COST]
        if not costly:
            return found
        worth = Worth(costly, self.base.base)
        rate = found.rate * worth(found.currency)
        parcel = worth(self.base.parcel_currency.get((found.country, found.channel), self.base.base))
        back = found.returns
        share = back.rate
        points = ZERO
        for lever in costly:
            if lever.name == "return_rate":
                share = (
                    share + lever.amount.value / 100
                    if lever.amount.measure == "points"
                    else share * lever.amount.factor
                )
            if lever.name == "duty" and lever.touches("country", found.country) and not lever.names("warehouse"):
                points += _points(lever, found.border.charged.pct if found.border.charged else ZERO)
        border = found.border
        if border.charged is not None and points:
            border = replace(border, charged=replace(border.charged, pct=max(border.charged.pct + points, ZERO)))
        landed = self._landed(at, costly, worth)
        return replace(
            found, rate=rate, parcel=found.parcel * found.rate * parcel / rate, landed=landed / rate, border=border,
            storage=found.storage * found.rate / rate, ads=found.ads,
            returns=replace(back, rate=min(max(share, ZERO), ONE)),
        )  # fmt: skip

    def _landed(self, at: int, chosen: Sequence[Lever], worth: Worth) -> Decimal:
        goods = self._goods.get(at)
        if goods is None:
            goods = self._goods[at] = _Goods(self.base, self.base.markets[at])
        return goods.cost(chosen, worth)

    def _concerned(self, lever: Lever) -> list[int]:
        """The rows whose price or cost a lever moves."""
        if lever.name not in (*ON_PRICE, *ON_COST):
            return []
        return [at for at in range(len(self.base.markets)) if self._concerns(lever, at)]

    def _concerns(self, lever: Lever, at: int) -> bool:
        found = self.base.markets[at]
        if not lever.touches("sku", found.sku) or not lever.touches("category", self.base.categories.get(found.sku)):
            return False
        if lever.name in ("price", "promotion", "return_rate"):
            return lever.touches("country", found.country) and lever.touches("channel", found.channel)
        return True


class Worth:
    """How much more or less a currency is worth in base under the fx levers."""

    def __init__(self, levers: Sequence[Lever], base: str) -> None:
        self._moves = [(lever.names("currency"), lever.amount.factor) for lever in levers if lever.name == "fx"]
        self._base = base
        self._known: dict[str, Decimal] = {base: ONE}

    def __call__(self, currency: str) -> Decimal:
        known = self._known.get(currency)
        if known is None:
            known = ONE
            for names, factor in self._moves:
                if self._base in names and currency not in names:
                    known /= factor
                elif currency in names and self._base not in names:
                    known *= factor
            self._known[currency] = known
        return known


class _Goods:
    """The landed cost of a row as what grows with the supplier's price, what grows with freight, and duty on both."""

    def __init__(self, base: Baseline, found: Market) -> None:
        self.found, self.base = found, base
        told = found.landed_told
        self.freight = self.goods = self.value_goods = self.value_freight = self.duty = ZERO
        item = base.costs.item(found.sku)
        bought = purchase(base.costs, item, found.warehouse or "", found.day, None, None)
        self.supplier, self.currency, self.price = bought.supplier_id, bought.currency, bought.price
        self.mode = told.mode if told else None
        self.country = base.costs.warehouse_country(found.warehouse) if found.warehouse else found.country
        self.freight_currency = _freight_currency(base, found)
        if told is None or not told.exact_parts:
            self.goods = (found.landed or ZERO) * found.rate
            return
        parts: dict[str, Decimal] = {}
        for name, amount, _ in told.exact_parts:
            parts[name] = parts.get(name, ZERO) + amount
        way, bare, cover = parts.get("freight", ZERO), parts["purchase"], parts.get("insurance", ZERO)
        carried = cover * way / (way + bare) if way + bare else ZERO
        self.freight = way + carried
        self.goods = sum(
            (amount for name, amount in parts.items() if name not in ("freight", "insurance", "duty")), cover - carried
        )
        charged = parts.get("duty", ZERO)
        self.duty = duty(base.costs, item, told.origin, self.country, found.day).pct if "duty" in parts else ZERO
        if "duty" not in parts or any(
            source == "no customs border" for name, _, source in told.exact_parts if name == "duty"
        ):
            self.duty = ZERO
            return
        counted = counts_freight(base.costs, self.country, found.day)
        value = (
            charged * 100 / self.duty
            if self.duty
            else bare + parts.get("origin_leg", ZERO) + (way + cover if counted else ZERO)
        )
        self.value_freight = self.freight if counted else ZERO
        self.value_goods = value - self.value_freight

    def cost(self, levers: Sequence[Lever], worth: Worth) -> Decimal:
        """Landed cost in base currency under the levers."""
        found, goods, freight, pct = self.found, worth(self.currency), worth(self.freight_currency), self.duty
        for lever in levers:
            if lever.name == "unit_cost" and lever.touches("supplier", self.supplier):
                goods *= self._factor(lever)
            if lever.name == "freight" and self._carried(lever):
                freight *= lever.amount.factor
            if lever.name == "duty" and self._entered(lever) and lever.touches("warehouse", found.warehouse):
                pct = max(pct + _points(lever, self.duty), ZERO)
        value = self.value_goods * goods + self.value_freight * freight
        return self.goods * goods + self.freight * freight + pct / 100 * value

    def _factor(self, lever: Lever) -> Decimal:
        if lever.amount.measure != "amount":
            return lever.amount.factor
        stated = lever.amount.value
        if lever.amount.currency and lever.amount.currency != self.currency:
            stated *= self.base.costs.exchange(lever.amount.currency, self.currency, self.found.day)
        return stated / self.price if self.price else ONE

    def _carried(self, lever: Lever) -> bool:
        return (
            lever.touches("warehouse", self.found.warehouse)
            and (not lever.names("country") or self.country in lever.names("country") or self.found.country in lever.names("country"))
            and (not lever.names("mode") or self.mode in lever.names("mode"))
        )  # fmt: skip

    def _entered(self, lever: Lever) -> bool:
        """Whether the goods cross the border that is meant; a customs union has one duty for all its members."""
        return not lever.names("country") or any(
            self.base.costs.same_border(self.country, name) for name in lever.names("country")
        )


def _points(lever: Lever, now: Decimal) -> Decimal:
    return lever.amount.value if lever.amount.measure == "points" else now * (lever.amount.factor - 1)


def _freight_currency(base: Baseline, found: Market) -> str:
    told = found.landed_told
    if told is None or told.mode is None:
        return base.base
    lanes = [
        lane.currency for lane in base.costs.lanes if lane.mode == told.mode and lane.destination == found.warehouse
    ]
    lanes += [lane.currency for lane in base.costs.lanes if lane.mode == told.mode]
    rates = base.costs.rates.by_what.get("freight_kg", ())
    return lanes[0] if lanes else rates[0].money if rates else base.base


def _price(now: Decimal, costed: Market, lever: Lever) -> Decimal:
    unit, amount = coin(costed.currency), lever.amount
    if amount.measure == "keep":
        kept = lowest_price(costed, amount.value)
        if kept is None:
            raise refusal(
                "errors.scenario_keep", sku=costed.sku, country=costed.country, channel=costed.channel,
                margin=f"{amount.value:f}", most=highest_margin(costed),
            )  # fmt: skip
        return kept
    if amount.measure == "amount":
        if amount.currency and amount.currency != costed.currency:
            raise refusal(
                "errors.other_currency", country=costed.country, currency=costed.currency, said=amount.currency
            )
        return amount.value
    return max((now * amount.factor).quantize(unit), unit)
