"""A boosted forest kept as plain arrays: fitted by scikit-learn, walked and stored by numpy, never pickled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEARNING_RATE = 0.08
ROUNDS = 60
LEAVES = 8
LEAST_IN_LEAF = 40
SHRINKAGE = 10.0
BINS = 64
SEED = 20260101


@dataclass(frozen=True)
class Forest:
    """Trees over rows of features. Node arrays are trees x nodes; a leaf points to itself."""

    base: float
    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats

    def predict(self, rows: Floats) -> Floats:
        """The sum of every tree's leaf for each row; a missing feature goes right."""
        out = np.full(len(rows), self.base)
        each = np.arange(len(rows))
        for feature, threshold, left, right, value in zip(
            self.feature, self.threshold, self.left, self.right, self.value, strict=True
        ):
            at = np.zeros(len(rows), dtype=np.int64)
            for _ in range(feature.size):
                to = np.where(rows[each, feature[at]] <= threshold[at], left[at], right[at])
                if np.array_equal(to, at):
                    break
                at = to
            out += value[at]
        return out


def grow(rows: Floats, targets: Floats) -> Forest:
    """Fit by least squares with histogram gradient boosting (Friedman 2001; Ke et al. 2017, LightGBM)."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(
        max_iter=ROUNDS, learning_rate=LEARNING_RATE, max_leaf_nodes=LEAVES, min_samples_leaf=LEAST_IN_LEAF,
        l2_regularization=SHRINKAGE, max_bins=BINS, early_stopping=False, random_state=SEED,
    ).fit(rows, targets)  # fmt: skip
    trees = [stage[0].nodes for stage in model._predictors]
    most = max(len(nodes) for nodes in trees)
    shape = (len(trees), most)
    itself = np.tile(np.arange(most), (len(trees), 1))
    feature, left, right = np.zeros(shape, dtype=np.int64), itself.copy(), itself.copy()
    threshold, value = np.zeros(shape), np.zeros(shape)
    for at, nodes in enumerate(trees):
        count = len(nodes)
        inner = nodes["is_leaf"] == 0
        feature[at, :count] = np.where(inner, nodes["feature_idx"], 0)
        threshold[at, :count] = np.where(inner, nodes["num_threshold"], 0.0)
        left[at, :count] = np.where(inner, nodes["left"], np.arange(count))
        right[at, :count] = np.where(inner, nodes["right"], np.arange(count))
        value[at, :count] = np.where(inner, 0.0, nodes["value"])
    return Forest(float(np.ravel(model._baseline_prediction)[0]), feature, threshold, left, right, value)


def keep(forest: Forest, path: Path) -> None:
    """Write the arrays; the file appears whole or not at all. Where the folder cannot be written, nothing is kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with part.open("wb") as file:
            np.savez_compressed(
                file, base=np.array(forest.base), feature=forest.feature, threshold=forest.threshold,
                left=forest.left, right=forest.right, value=forest.value,
            )  # fmt: skip
        part.replace(path)
    except OSError:
        return


def kept(path: Path) -> Forest | None:
    """The forest of a file, None where there is none or it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as held:
            return Forest(float(held["base"]), **{name: held[name] for name in _NAMES})
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


_NAMES = ("feature", "threshold", "left", "right", "value")
