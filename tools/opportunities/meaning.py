"""Which product a term is nearest to in meaning, across languages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.opportunities.market import Market

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NAMES_EACH = 4  # the name and a few others; the embedder reads all languages
MOST_SKUS = 300  # the best sellers


def nearest(market: Market, terms: Sequence[str]) -> dict[str, tuple[str, float]]:
    """For each term the SKU nearest in meaning and the cosine; nothing without products."""
    if not terms or not market.items:
        return {}
    sold: dict[str, float] = {}
    for (sku, _), series in market.sold.items():
        sold[sku] = sold.get(sku, 0.0) + float(series.sum())
    skus = sorted(market.items, key=lambda sku: (-sold.get(sku, 0.0), sku))[:MOST_SKUS]
    names = tuple((sku, name) for sku in sorted(skus) for name in market.items[sku].names[:NAMES_EACH])
    from knowledge.embed import embed

    closeness = embed(list(terms)) @ _known(names).T
    best = closeness.argmax(axis=1)
    return {
        term: (names[int(at)][0], float(row[int(at)])) for term, at, row in zip(terms, best, closeness, strict=True)
    }


@lru_cache(maxsize=4)
def _known(names: tuple[tuple[str, str], ...]) -> npt.NDArray[np.float32]:
    from knowledge.embed import embed

    return embed([name for _, name in names])
