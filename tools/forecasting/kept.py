"""Elasticities kept on disk beside the books, so that a new process need not estimate them again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from shop.warehouse import Shop
from tools.forecasting.elasticity import Elasticities, Elasticity
from tools.forecasting.pooling import Places, Pooled

EDITION = "elasticities-3"
_ARRAYS = ("mean", "sd", "cell_mean", "cell_sd", "shared", "shared_cov", "sku", "sku_sd")


def keep(shop: Shop, found: Elasticities) -> None:
    """Write them for this version of the books; where the folder cannot be written, nothing is kept."""
    path = _path(shop)
    held = {
        "by_cell": [[*key, *asdict(one).values()] for key, one in found.by_cell.items()],
        "by_series": [[*key, *asdict(one).values()] for key, one in found.by_series.items()],
        "deals": [[*key, deal] for key, deal in found.deals.items()],
        "pooled": list(asdict(found.pooled).values()),
        "deal": [found.deal, found.deal_sd],
        "spread": found.spread,
        "left_out": found.left_out,
        "names": found._names,
        "category": found._category,
        "effects": _effects(found._pooled),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for older in path.parent.glob(f"{EDITION.rsplit('-', 1)[0]}-*.json"):
            older.unlink(missing_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_text(json.dumps(held), encoding="utf-8")
        part.replace(path)
    except OSError:
        return


def kept(shop: Shop) -> Elasticities | None:
    """Those of this version of the books; None where there are none or the file cannot be read."""
    try:
        held = json.loads(_path(shop).read_text(encoding="utf-8"))
        return Elasticities(
            {(row[0], row[1]): Elasticity(*row[2:]) for row in held["by_cell"]},
            {(row[0], row[1], row[2]): Elasticity(*row[3:]) for row in held["by_series"]},
            {(row[0], row[1], row[2]): row[3] for row in held["deals"]},
            Elasticity(*held["pooled"]),
            held["deal"][0],
            held["deal"][1],
            held["spread"],
            held["left_out"],
            _pooled(held["effects"]),
            held["names"],
            held["category"],
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _path(shop: Shop) -> Path:
    return shop.folder / "forecasts" / f"{EDITION}-{shop.version}-{shop.as_of:%Y%m%d}.json"


def _effects(pooled: Pooled | None) -> dict[str, Any] | None:
    if pooled is None:
        return None
    return {
        **{name: getattr(pooled, name).tolist() for name in _ARRAYS},
        "spread": pooled.spread, "overall": pooled.overall, "overall_sd": pooled.overall_sd, "wider": pooled.wider,
        "places": {name: numbers.tolist() for name, numbers in vars(pooled.places).items()},
    }  # fmt: skip


def _pooled(held: dict[str, Any] | None) -> Pooled | None:
    if held is None:
        return None
    arrays = {name: np.array(held[name], dtype=np.float64) for name in _ARRAYS}
    places = Places(**{name: np.array(numbers, dtype=np.int64) for name, numbers in held["places"].items()})
    return Pooled(
        **arrays, spread=held["spread"], overall=held["overall"], overall_sd=held["overall_sd"], places=places,
        wider=held["wider"],
    )  # fmt: skip
