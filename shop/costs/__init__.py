"""The one cost model under everything: landed cost, contribution, holding cost, and the price that keeps a margin."""

from shop.costs.book import Costs
from shop.costs.contribution import Economics, economics
from shop.costs.holding import holding_cost_per_day
from shop.costs.landed import Landed, landed_cost
from shop.costs.parts import Gap, Part
from shop.costs.price import price_for_margin
from shop.costs.rates import Rate

__all__ = [
    "Costs",
    "Economics",
    "Gap",
    "Landed",
    "Part",
    "Rate",
    "economics",
    "holding_cost_per_day",
    "landed_cost",
    "price_for_margin",
]
