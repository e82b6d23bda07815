"""How a discount moves units: by depth, by kind of customer, with what is known of it as draws.

A discount of d moves a market's units by (1 - d)^elasticity, times the effect of promotions beyond price where past ones
show any. Of the extra units each kind of customer brings the share it brought in past promotions: customers are told
apart by their orders up to a year ago, and their share of promoted orders since is held against that of the others, so
that nobody counts as price-sensitive for the very order it is measured by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from shop.warehouse import Shop
from tools.promotions.past import Past
from tools.promotions.segments import NAMES, RETAIL, Orders, orders, remembered, segments

Floats = NDArray[np.float64]
DRAWS = 400
COMMON = 0.5  # share of the elasticities' variance that all markets have in common
SEED = 11
STEADYING_ORDERS = 200.0
LATER_DAYS = 365


@dataclass(frozen=True)
class Audience:
    """A kind of customer: its share of retail units without promotion, of the extra units a discount brings, how many of
    its units are bought by customers known before (only those can be sent a code), and whether past orders could tell."""

    name: str
    share: dict[str, float]
    extra: float
    reach: float
    customers: int
    told: bool

    def of_channel(self, channel: str) -> float:
        """Its share of a channel's units."""
        return self.share.get(channel, self.share.get("", 0.0))


def audiences(shop: Shop, past: Past) -> dict[str, Audience]:
    """Every kind of customer as a promotion meets it. Kept per version of the books."""
    return remembered(shop, "audiences", lambda: _audiences(shop, past))


def _audiences(shop: Shop, past: Past) -> dict[str, Audience]:
    told = orders(shop)
    now = segments(shop)
    recent = told.lines[told.lines["day"] > -LATER_DAYS]
    units = recent["units"].to_numpy()[:, None] * now.chance[recent["who"].to_numpy(), :RETAIL]
    shares: dict[str, Floats] = {"": _normal(units.sum(axis=0))}
    for channel in sorted(set(recent["channel"])):
        own = units[(recent["channel"] == channel).to_numpy()].sum(axis=0)
        if own.sum() > 0:
            shares[str(channel)] = _normal(own)
    extra, measured = _extra(shop, past, told, shares[""])
    first = ~told.heads["who"].duplicated().to_numpy()
    late = (told.heads["day"] > -LATER_DAYS).to_numpy()
    chance = now.chance[told.heads["who"].to_numpy()]
    reach = 1 - chance[late & first].sum(axis=0) / np.maximum(chance[late].sum(axis=0), 1e-9)
    found: dict[str, Audience] = {
        name: Audience(
            name, {channel: float(share[at]) for channel, share in shares.items()}, float(extra[at]), float(reach[at]),
            round(float(now.size[at])), measured,
        )
        for at, name in enumerate(NAMES[:RETAIL])
    }  # fmt: skip
    found["wholesale"] = Audience("wholesale", {"": 1.0}, 1.0, 1.0, round(float(now.size[RETAIL])), False)
    return found


def _extra(shop: Shop, past: Past, told: Orders, usual: Floats) -> tuple[Floats, bool]:
    """Shares of the extra units by kind, and whether past promotions told anything of it."""
    if not past.promotions or told.heads.empty:
        return usual, False
    cut = max(-LATER_DAYS, int(told.heads["day"].min()) // 2)
    before = segments(shop, shop.as_of + timedelta(days=cut))
    later = told.heads[told.heads["day"] > cut]
    chance = before.chance[later["who"].to_numpy(), :RETAIL]
    known = np.isfinite(chance[:, 0]) & (chance.sum(axis=1) > 0)
    promoted = later["promoted"].to_numpy()
    under, without = chance[known & promoted], chance[known & ~promoted]
    if not before.known or not len(under) or not len(without):
        return usual, False
    from tools.forecasting.price import shop_elasticities

    depths = np.minimum(np.array([one.depth for one in past.promotions]) / 100, 0.9)
    lift = float(np.mean((1 - depths) ** min(shop_elasticities(shop).pooled.mean, 0.0)))
    base = _normal(without.sum(axis=0))
    gained = np.maximum(lift * _normal(under.sum(axis=0)) - base, 0.0)
    alone = _normal(gained) if gained.sum() > 0 else base
    weight = len(under) / (len(under) + STEADYING_ORDERS)
    return weight * alone + (1 - weight) * base, True


def _normal(values: Floats) -> Floats:
    return values / max(float(values.sum()), 1e-12)


def lifts(elasticity: float, sd: float, depths: Floats, past: Past, which: int, deal: float = 0.0) -> Floats:
    """Units against those without a discount: draws x depths. The same seed and market give the same draws.

    What promotions bring beyond their price they bring at their usual depth; a smaller one brings its part of it. That is
    what past ones show of it by themselves, else `deal`, the log effect estimated beside the elasticity.
    """
    rng = np.random.default_rng([SEED, which])
    common = np.random.default_rng(SEED).standard_normal(DRAWS)
    own = rng.standard_normal(DRAWS)
    drawn = np.minimum(elasticity + sd * (np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * own), 0.0)
    beyond = past.beyond.mean + past.beyond.sd * common if past.beyond.mean else deal
    step = np.minimum(depths * 100 / max(past.usual(), 1.0), 1.0)[None, :]
    moved: Floats = np.exp(drawn[:, None] * np.log1p(-depths)[None, :] + np.atleast_1d(beyond)[:, None] * step)
    return moved
