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
NEAREST = 10
SAME_NEED = 0.7  # cosine of terms that ask for the same thing


def nearest(market: Market, terms: Sequence[str]) -> dict[str, list[tuple[str, float]]]:
    """For each term the SKUs nearest in meaning, each with the best cosine of its names; nothing without products."""
    if not terms or not market.items:
        return {}
    sold: dict[str, float] = {}
    for (sku, _), series in market.sold.items():
        sold[sku] = sold.get(sku, 0.0) + float(series.sum())
    skus = sorted(market.items, key=lambda sku: (-sold.get(sku, 0.0), sku))[:MOST_SKUS]
    names = tuple((sku, name) for sku in sorted(skus) for name in market.items[sku].names[:NAMES_EACH])
    from knowledge.embed import embed

    told = {}
    for term, row in zip(terms, embed(list(terms)) @ _known(names).T, strict=True):
        best: dict[str, float] = {}
        for (sku, _), cosine in zip(names, row, strict=True):
            best[sku] = max(best.get(sku, -1.0), float(cosine))
        told[term] = sorted(best.items(), key=lambda one: (-one[1], one[0]))[:NEAREST]
    return told


def alike_groups(terms: Sequence[str]) -> list[list[str]]:
    """Terms of near meaning together: each joins the first group with a member at a cosine of 0.7 and more."""
    if not terms:
        return []
    from knowledge.embed import embed

    rows = embed(list(terms))
    groups: list[list[int]] = []
    for at in range(len(terms)):
        home = next((group for group in groups if max(float(rows[at] @ rows[k]) for k in group) >= SAME_NEED), None)
        if home is None:
            groups.append([at])
        else:
            home.append(at)
    return [[terms[at] for at in group] for group in groups]


@lru_cache(maxsize=4)
def _known(names: tuple[tuple[str, str], ...]) -> npt.NDArray[np.float32]:
    from knowledge.embed import embed

    return embed([name for _, name in names])
