"""What people looked at, searched for, clicked on, and what competitors asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shop.demo.demand import DAYS, Demand, S, day_number, random
from shop.demo.names import NAMES
from shop.demo.parameters import AS_OF, CAMPAIGNS, CHANNELS, CODES, COUNTRIES, HISTORY_DAYS, PRODUCTS, SCALE, SKUS
from shop.demo.terms import COMPETITORS, PRICE_GAPS, RISING, TERMS, UNMET

if TYPE_CHECKING:
    import pandas as pd

CONVERSION = np.array([0.032, 0.085, 0.020])  # orders per session: shopify, amazon, alibaba
CART_PER_SALE = 2.6
SEARCH_PER_UNIT = {"shopify": 1.6, "amazon": 9.0}
SEARCH_LEAD_DAYS = 6  # searches run ahead of orders
CLICK_COST = {"meta": 85, "google": 110, "tiktok": 45, "amazon": 90}  # US cents
CLICK_RATE = {"meta": 0.012, "google": 0.038, "tiktok": 0.008, "amazon": 0.0045}
H = HISTORY_DAYS


def traffic(seed: int, demand: Demand) -> pd.DataFrame:
    """Sessions follow interest (price does not move them, ads do); carts follow demand, also while out of stock."""
    import pandas as pd

    rng = random(seed, 7)
    visits = demand.interest[:H].copy()
    wanted = demand.mean[:H].copy()
    wanted[..., 2] = demand.orders_mean[:H]
    for k, campaign in enumerate(CAMPAIGNS):
        at = (SKUS.index(campaign.sku), CODES.index(campaign.country), CHANNELS.index(campaign.feeds))
        visits[:, at[0], at[1], at[2]] += demand.ad_extra[:H, k] * 1.3
    sessions = rng.poisson(visits / CONVERSION)
    carts = np.minimum(sessions, rng.poisson(wanted * CART_PER_SALE))
    views = sessions + rng.binomial(sessions, 0.3)
    t, s, c, ch = np.nonzero(demand.interest[:H] > 0)
    return pd.DataFrame(
        {
            "day": t, "sku": np.array(SKUS, dtype=object)[s], "channel": np.array(CHANNELS, dtype=object)[ch],
            "country": np.array(CODES, dtype=object)[c], "sessions": sessions[t, s, c, ch],
            "views": views[t, s, c, ch], "add_to_carts": carts[t, s, c, ch],
        }
    )  # fmt: skip


def searches(seed: int, demand: Demand) -> pd.DataFrame:
    """Terms that lead to SKUs run some days ahead of demand; some terms rise, some find nothing we sell."""
    import pandas as pd

    rng = random(seed, 8)
    days = np.arange(H)
    ahead = np.minimum(days + SEARCH_LEAD_DAYS, len(DAYS) - 1)
    parts = []
    for c, country in enumerate(CODES):
        for channel, per_unit in SEARCH_PER_UNIT.items():
            ch = CHANNELS.index(channel)
            means: dict[str, Any] = {}
            for term, sku, share in TERMS[country]:
                means[term] = share * per_unit * demand.interest[ahead, SKUS.index(sku), c, ch]
            for term, level, since, growth in RISING[country]:
                weeks = np.maximum(0, days - day_number(since)) / 7
                means[term] = level * per_unit / 3 * np.exp(growth * weeks)
            for term, level in UNMET[country]:
                means[term] = np.full(H, level * per_unit / 3)
            for term, mean in means.items():
                count = rng.poisson(mean * rng.lognormal(0, 0.08, H))
                seen = count > 0
                parts.append(
                    pd.DataFrame({"day": days[seen], "country": country, "channel": channel, "term": term, "searches": count[seen]})
                )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def ad_spend(seed: int, demand: Demand) -> pd.DataFrame:
    """Days of campaigns in US dollars (cents here). The platforms claim more sales than the ads made."""
    import pandas as pd

    rng = random(seed, 9)
    rate = {c.code: c.usd_rate * SCALE[c.currency] / 100 for c in COUNTRIES}
    parts = []
    for k, campaign in enumerate(CAMPAIGNS):
        spend = demand.spend[:H, k]
        days = np.flatnonzero(spend > 0)
        s, c, ch = SKUS.index(campaign.sku), CODES.index(campaign.country), CHANNELS.index(campaign.feeds)
        clicks = rng.poisson(spend[days] / CLICK_COST[campaign.channel])
        claimed = rng.poisson(demand.ad_extra[days, k] * campaign.claims)
        cents = demand.price[days, s, c, ch] * (1 - demand.discount[days, s, c, ch] / 100) / rate[campaign.country]
        parts.append(
            pd.DataFrame(
                {
                    "day": days, "channel": campaign.channel, "country": campaign.country, "campaign": campaign.name,
                    "sku": campaign.sku, "impressions": clicks + rng.poisson(clicks / CLICK_RATE[campaign.channel]),
                    "clicks": clicks, "spend": spend[days], "sales": np.round(claimed * cents).astype(np.int64),
                    "orders": claimed,
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def competitor_prices(seed: int, demand: Demand) -> pd.DataFrame:
    """Every Sunday: three competitors per SKU, country and channel; the price is in the country's minor units."""
    import pandas as pd

    rng = random(seed, 10)
    weeks = np.array([t for t in range(H) if DAYS[t].weekday() == AS_OF.weekday()])
    parts = []
    for s in range(S):
        product = PRODUCTS[s]
        for k, (competitor, usual, rating, reviews) in enumerate(COMPETITORS[product.category]):
            for c, country in enumerate(COUNTRIES):
                against = PRICE_GAPS.get(
                    (product.category, country.code, competitor), usual * float(rng.lognormal(0, 0.04))
                )
                for ch in (0, 1):
                    if ch == 0 and k == 2:
                        continue
                    own = demand.price[-1, s, c, ch]
                    drift = np.exp(np.cumsum(rng.normal(0, 0.008, len(weeks))))
                    sale = np.where(demand.discount[weeks, s, c, ch] > 0, 0.85, 1.0)
                    price = own * against * drift * sale
                    price = np.round(price / (10 if country.currency == "JPY" else 1)) * (
                        10 if country.currency == "JPY" else 1
                    )
                    growth = np.round(reviews * np.linspace(0.5, 1, len(weeks)))
                    parts.append(
                        pd.DataFrame(
                            {
                                "day": weeks, "category": product.category, "country": country.code, "channel": CHANNELS[ch],
                                "competitor": competitor, "title": f"{competitor} {NAMES[product.sku][0]}",
                                "price": np.maximum(1, price).astype(np.int64), "currency": country.currency, "sku": product.sku,
                                "rating": rating, "reviews": growth.astype(np.int64),
                            }
                        )
                    )  # fmt: skip
    return pd.concat(parts, ignore_index=True)
