"""How far variants differ: words and meaning of their sentences, so that an A/B test compares different copy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from knowledge.words import words

TOO_ALIKE = 0.6


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """Share of content two texts have in common, 0 to 1: the mean of words shared (Jaccard) and of meaning shared.

    Meaning: for each sentence the cosine with the nearest sentence of the other text, averaged both ways, negative as 0.
    """
    import numpy as np

    from knowledge.embed import embed

    first, second = ({w for text in texts for w in words(text)} for texts in (one, other))
    lexical = len(first & second) / max(len(first | second), 1)
    if not one or not other:
        return 0.0
    near = np.clip(embed(one) @ embed(other).T, 0, 1)
    meaning = float(near.max(axis=1).mean() + near.max(axis=0).mean()) / 2
    return (lexical + meaning) / 2


def mean_alike(texts: Sequence[Sequence[str]]) -> float:
    """The mean over all pairs."""
    pairs = [alike(one, other) for one, other in combinations(texts, 2)]
    return sum(pairs) / len(pairs) if pairs else 0.0
