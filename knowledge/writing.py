"""Passages written to a Chroma collection: whole, in batches, each text embedded once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from knowledge.passage import Passage

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

MAX_BATCH = 5461  # Chroma's own limit for one call
WRITTEN_AT_ONCE = 1024


def embedded(
    batch: Sequence[Passage], vectors: Mapping[str, Any], embed: Callable[[Sequence[str]], Iterable[Any]]
) -> list[Any]:
    """One row for each passage, worked out only for texts that have none yet."""
    missing = sorted({p.context for p in batch if p.context not in vectors}, key=len)  # alike lengths pad less
    fresh = dict(zip(missing, embed(missing), strict=True))
    return [vectors.get(p.context, fresh.get(p.context)) for p in batch]


def put(collection: Collection, batch: Sequence[Passage], rows: Sequence[Any], known: Mapping[str, Passage]) -> None:
    """Write passages whole. Chroma would keep old metadata that a passage no longer has, so the old goes first."""
    delete(collection, [p.id for p in batch if p.id in known])
    if batch:
        collection.add(
            ids=[p.id for p in batch],
            documents=[p.text for p in batch],
            metadatas=[p.metadata() for p in batch],
            embeddings=list(rows),
        )


def delete(collection: Collection, ids: Sequence[str]) -> None:
    """Remove passages by id."""
    for at in range(0, len(ids), MAX_BATCH):
        collection.delete(ids=list(ids[at : at + MAX_BATCH]))
