"""Demand of every SKU at the warehouse that answers it, day by day, from the same forecast as forecast_demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shop.warehouse import Shop
from tools.fulfillment.books import Held, home, market_shares, serving, shipped_from

BATCH = 50


@dataclass(frozen=True)
class Asked:
    """Units a day by SKU and warehouse, and the rows it was worked out from."""

    by_cell: dict[tuple[str, str], list[float]]
    rows: dict[str, int]


def asked(
    shop: Shop, stock: Held, skus: Sequence[str], countries: Sequence[str], horizon: int, multiplier: float
) -> Asked:  # fmt: skip
    """Forecast the SKUs over the horizon and send each market's share to the warehouse that ships there.

    That is the one most parcels of the country and channel came from, else the one that serves the country:
    wholesale often ships from elsewhere.

    The multiplier scales the demand of the named countries (of all when none is named). SKUs that
    were never ordered have no entry.
    """
    from tools.forecasting.demand import Scope, forecast

    serves = serving(shop)
    shipped = shipped_from(shop)
    shares = market_shares(shop, list(skus) or sorted({sku for sku, _ in stock.free}))
    paths: dict[str, list[float]] = {}
    rows: dict[str, int] = {}
    for part in _parts(tuple(skus), list(shares), paths):
        found = forecast(shop, Scope(skus=part), horizon)
        if found is not None:
            paths |= {sku: [float(units) for units in ahead.path] for sku, ahead in found.by_sku.items()}
            rows = rows or dict(found.sold.rows)
    cells: dict[tuple[str, str], list[float]] = {}
    for sku, path in paths.items():
        for (country, channel), share in shares.get(sku, {}).items():
            house = shipped.get((country, channel))
            if house is None or (sku, house) not in stock.free:
                house = home(country, sku, serves, stock)
            if house is None:
                continue
            scale = share * (multiplier if not countries or country in countries else 1.0)
            known = cells.get((sku, house), [0.0] * horizon)
            cells[sku, house] = [had + units * scale for had, units in zip(known, path, strict=True)]
    return Asked(cells, rows)


def _parts(skus: tuple[str, ...], ordered: list[str], done: dict[str, list[float]]) -> Iterator[tuple[str, ...]]:
    """The scope as asked, then in batches whatever of a large range that left without a forecast."""
    yield skus
    left = [sku for sku in ordered if sku not in done]
    for at in range(0, len(left), BATCH):
        yield tuple(left[at : at + BATCH])
