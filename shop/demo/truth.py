"""What really drives the demo shop. For tests and benchmarks only: no tool imports this module or reads its folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shop.errors import ShopError

if TYPE_CHECKING:
    import pandas as pd

    from shop.demo.demand import Demand
    from shop.demo.orders import Sales
    from shop.demo.stock import Stock


@dataclass(frozen=True)
class Truth:
    """demand: day, sku, country, channel, mean (true units a day, also for 92 days after as_of), demand and sold
    (units drawn and units sold, up to as_of; sold without planted fraud). stockouts: day, sku, warehouse, lost (units).
    elasticities: sku, country, elasticity. ads: day, campaign, sku, country, channel, spend (US dollars), extra
    (true units a day the ads add). return_causes: refund_id, order_id, sku, cause. segments: customer_id, segment.
    facts: everything planted, by name, and every parameter.
    """

    demand: pd.DataFrame
    stockouts: pd.DataFrame
    elasticities: pd.DataFrame
    ads: pd.DataFrame
    return_causes: pd.DataFrame
    segments: pd.DataFrame
    facts: dict[str, Any]


FRAMES = ("demand", "stockouts", "elasticities", "ads", "return_causes", "segments")


def load(folder: Path | str) -> Truth:
    """The truth of the demo shop in a folder. Raises ShopError where there is none."""
    import pandas as pd

    place = Path(folder) / "truth"
    if not (place / "facts.json").is_file():
        raise ShopError(f"There is no demo truth in {folder}: make the shop with `pacer demo`.")
    frames = {name: pd.read_parquet(place / f"{name}.parquet") for name in FRAMES}
    return Truth(**frames, facts=json.loads((place / "facts.json").read_text(encoding="utf-8")))


def write(
    folder: Path, seed: int, demand: Demand, stock: Stock, sales: Sales, returned: pd.DataFrame, letters: dict[str, Any]
) -> None:
    """Write the truth beside the books."""
    place = folder / "truth"
    place.mkdir(parents=True, exist_ok=True)
    frames = {
        "demand": _demand(demand, stock),
        "stockouts": _stockouts(stock),
        "elasticities": _elasticities(demand),
        "ads": _ads(demand),
        "return_causes": _return_causes(sales, returned),
        "segments": _segments(sales),
    }
    for name, frame in frames.items():
        frame.to_parquet(place / f"{name}.parquet", index=False)
    facts = json.dumps(_facts(seed, sales, letters), ensure_ascii=False, indent=1, default=str)
    (place / "facts.json").write_text(facts, encoding="utf-8")


def _demand(demand: Demand, stock: Stock) -> pd.DataFrame:
    import pandas as pd

    from shop.demo.demand import DAYS
    from shop.demo.parameters import CHANNELS, CODES, HISTORY_DAYS, SKUS

    wanted, sold = np.full(demand.mean.shape, -1, np.int64), np.full(demand.mean.shape, -1, np.int64)
    wanted[:HISTORY_DAYS, :, :, :2], sold[:HISTORY_DAYS, :, :, :2] = stock.demand, stock.sold
    sold[:HISTORY_DAYS, :, :, 2] = 0
    for order in stock.wholesale:
        sold[order.t, order.s, order.c, 2] += order.quantity
    t, s, c, ch = np.nonzero(demand.mean > 0)
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(np.array(DAYS)[t]), "sku": np.array(SKUS)[s], "country": np.array(CODES)[c],
            "channel": np.array(CHANNELS)[ch], "mean": demand.mean[t, s, c, ch],
            "demand": pd.array(wanted[t, s, c, ch], dtype="Int64"), "sold": pd.array(sold[t, s, c, ch], dtype="Int64"),
        }
    )  # fmt: skip
    for column in ("demand", "sold"):
        frame[column] = frame[column].mask(frame[column] < 0)
    return frame


def _stockouts(stock: Stock) -> pd.DataFrame:
    import pandas as pd

    from shop.demo.demand import DAYS
    from shop.demo.parameters import SKUS
    from shop.demo.stock import HOUSES

    seen = np.maximum.accumulate(stock.on_hand > 0, axis=0)
    t, s, w = np.nonzero(seen & (stock.on_hand == 0))
    days = pd.to_datetime(np.array(DAYS)[t])
    return pd.DataFrame(
        {"day": days, "sku": np.array(SKUS)[s], "warehouse": np.array(HOUSES)[w], "lost": stock.short[t, s, w]}
    )


def _elasticities(demand: Demand) -> pd.DataFrame:
    import pandas as pd

    from shop.demo.parameters import CODES, SKUS

    rows = [(sku, c, float(demand.elasticity[i, j])) for i, sku in enumerate(SKUS) for j, c in enumerate(CODES)]
    return pd.DataFrame(rows, columns=["sku", "country", "elasticity"])


def _ads(demand: Demand) -> pd.DataFrame:
    import pandas as pd

    from shop.demo.demand import DAYS
    from shop.demo.parameters import CAMPAIGNS

    parts = []
    for k, c in enumerate(CAMPAIGNS):
        parts.append(
            pd.DataFrame(
                {
                    "day": pd.to_datetime(np.array(DAYS)), "campaign": c.name, "sku": c.sku, "country": c.country,
                    "channel": c.feeds, "spend": demand.spend[:, k] / 100, "extra": demand.ad_extra[:, k],
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _return_causes(sales: Sales, returned: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from shop.demo.parameters import SKUS
    from shop.demo.rows import refund_ids

    return pd.DataFrame(
        {
            "refund_id": refund_ids(returned), "order_id": sales.orders["order_id"].to_numpy()[returned["order"]],
            "sku": np.array(SKUS)[returned["s"]], "cause": returned["cause"],
        }
    )  # fmt: skip


def _segments(sales: Sales) -> pd.DataFrame:
    import pandas as pd

    from shop.demo.parameters import SEGMENTS

    honest = sales.orders[sales.orders["fraud"] < 0].drop_duplicates("customer_id")
    names = np.array([s.name for s in SEGMENTS])[honest["segment"]]
    return pd.DataFrame({"customer_id": honest["customer_id"].to_numpy(), "segment": names})


def _facts(seed: int, sales: Sales, letters: dict[str, Any]) -> dict[str, Any]:
    from shop.demo import parameters, terms
    from shop.demo import suppliers as supply
    from shop.demo.parcels import SLOW_CARRIER, SLOW_COUNTRY, SLOW_DAYS, SLOW_SINCE, abusers

    orders = sales.orders
    planted = orders[orders["fraud"] >= 0]
    return {
        "seed": seed,
        "fraud_orders": planted["order_id"].tolist(),
        "fraud_rings": [asdict(x) for x in parameters.FRAUD_RINGS],
        "refund_abuse_customers": abusers(sales),
        "scam_suppliers": [supply.SCAM],
        "late_suppliers": [supply.CHEAP_AND_LATE],
        "defect_suppliers": {supply.GONE_BAD: str(supply.BY_ID[supply.GONE_BAD].bad_since)},
        "suppliers": [asdict(x) for x in supply.SUPPLIERS],
        "price_test": [asdict(x) for x in parameters.PRICE_CHANGES if x.sku == "BOT-750"],
        "campaigns": [asdict(x) for x in parameters.CAMPAIGNS],
        "return_causes": [asdict(x) for x in parameters.RETURN_CAUSES],
        "products": [asdict(x) for x in parameters.PRODUCTS],
        "countries": [asdict(x) for x in parameters.COUNTRIES],
        "events": [asdict(x) for x in parameters.EVENTS],
        "outages": [asdict(x) for x in parameters.OUTAGES],
        "overbuys": [asdict(x) for x in parameters.OVERBUYS],
        "slow_carrier": {"carrier": SLOW_CARRIER, "country": SLOW_COUNTRY, "since": SLOW_SINCE, "days": SLOW_DAYS},
        "rising_terms": {c: [t[0] for t in rows] for c, rows in terms.RISING.items()},
        "unmet_terms": {c: [t[0] for t in rows] for c, rows in terms.UNMET.items()},
        "price_gaps": [[*place, factor] for place, factor in terms.PRICE_GAPS.items()],
        "ticket_topics": letters["topics"],
        "tickets_with_planted_instructions": letters["planted_instructions"],
    }
