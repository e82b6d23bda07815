"""What a buyer of this kind of goods decides on, and how near each fact is to it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tools.copywriting.facts import PROMPTS
from tools.copywriting.product import ProductRecord

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LIKELY = 0.35  # cosine of a product's name and a kind's from which it is of that kind
LATER = 0.04  # what each later question is worth less


@cache
def _kinds() -> dict[str, Any]:
    import yaml

    told: dict[str, Any] = yaml.safe_load((PROMPTS / "copy_decides.yaml").read_text(encoding="utf-8"))
    return told


def kind_of(record: ProductRecord) -> str:
    """The kind of goods whose names are nearest to the product's; empty where none is near."""
    import numpy as np

    from knowledge.embed import embed

    named = [(kind, name) for kind, said in _kinds()["kinds"].items() for name in said["is"]]
    near = (embed([name for _, name in named]) @ embed([record.name, *record.spoken("en")[:8]]).T).mean(axis=1)
    best = int(np.argmax(near))
    return named[best][0] if near[best] >= LIKELY else ""


def decides(record: ProductRecord, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How near each embedded fact is to what buyers of the product's kind ask, the first questions counting most."""
    import numpy as np

    from knowledge.embed import embed

    if not len(vectors):
        return np.zeros(0, dtype=np.float32)
    kind = kind_of(record)
    asks = [str(one) for one in (_kinds()["kinds"][kind] if kind else _kinds()["anything"])["asks"]]
    less = np.arange(len(asks), dtype=np.float32) * LATER
    return np.asarray((vectors @ embed(asks).T - less).max(axis=1), dtype=np.float32)
