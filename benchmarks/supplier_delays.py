"""Late risk on real deliveries with a time split: our delays beside the vendor's own past rate and the global rate."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.suppliers.delays import Seen, learn

Floats = NDArray[np.float64]
HISTORY = Path(__file__).resolve().parents[2] / "shared" / "data" / "scms_delivery_history.parquet"
LEARN = 0.7


def deliveries(path: Path) -> list[tuple[date, Seen]]:
    """Scheduled day and the delivery as it turned out, by scheduled day."""
    import pandas as pd

    rows = pd.read_parquet(path)
    planned = pd.to_datetime(rows["Scheduled Delivery Date"], format="%d-%b-%y", errors="coerce")
    came = pd.to_datetime(rows["Delivered to Client Date"], format="%d-%b-%y", errors="coerce")
    kept = (planned.notna() & came.notna()).to_numpy()
    found = [
        (due.date(), Seen(str(vendor), str(land), float((there - due).days), there.date()))
        for due, there, vendor, land in zip(
            planned[kept], came[kept], rows["Vendor"][kept], rows["Country"][kept], strict=True
        )
    ]
    return sorted(found, key=lambda one: one[0])


def auc(late: NDArray[np.bool_], risk: Floats) -> float:
    """The chance that a late delivery was given a higher risk than one in time; ties count half."""
    from scipy.stats import rankdata

    ranks, n = rankdata(risk), int(late.sum())
    return float((ranks[late].sum() - n * (n + 1) / 2) / (n * (len(late) - n)))


def measured(path: Path, share: float = LEARN) -> list[tuple[str, float, float]]:
    """Method, AUC and Brier score on deliveries due after the split, learned from those that had come by then."""
    every = deliveries(path)
    cut = every[int(len(every) * share)][0]
    before = [one for due, one in every if one.known < cut]
    after = [one for due, one in every if due >= cut]
    late = np.array([one.delay > 0 for one in after])
    overall = float(np.mean([one.delay > 0 for one in before]))
    own: dict[str, list[bool]] = {}
    for one in before:
        own.setdefault(one.supplier, []).append(one.delay > 0)
    model = learn(before, cut)
    pairs = {(one.supplier, one.place) for one in after}
    risk = {pair: 1 - float(model.of(*pair).chance_within(0.0)[0]) for pair in pairs}
    told = {
        "rate of all vendors": np.full(len(after), overall),
        "vendor's own past rate": np.array([np.mean(own.get(one.supplier, [overall])) for one in after]),
        f"ours (half-life {model.half_life:g} days, leaning {model.leaning:g})": np.array(
            [risk[one.supplier, one.place] for one in after]
        ),
    }
    return [(name, auc(late, p), float(np.mean((p - late) ** 2))) for name, p in told.items()]
