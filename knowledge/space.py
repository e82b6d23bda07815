"""The vector space of a Chroma collection: each embedder has its own collection, and passages move as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from chromadb.api.types import Documents, EmbeddingFunction, Embeddings, Space
from chromadb.errors import NotFoundError
from chromadb.utils.embedding_functions import register_embedding_function

from knowledge.embed import DIMENSION, EMBEDDER
from knowledge.embedder import BUILTIN, Baseline, Embedder, endpoint
from knowledge.errors import KnowledgeError
from knowledge.passage import Passage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

PREFIX = "passages-"
READ_AT_ONCE = 2048
MOVED_AT_ONCE = 512

Progress = Callable[[int, int], None]


class _Embedding(EmbeddingFunction[Documents]):
    """An embedder as Chroma knows it, so that Chroma never takes its default, which it would download."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def __call__(self, input: Documents) -> Embeddings:
        return cast(Embeddings, list(self._embedder.embed(input)))

    def default_space(self) -> Space:
        return "cosine"

    def supported_spaces(self) -> list[Space]:
        return ["cosine"]


@register_embedding_function
class BrandEmbedding(_Embedding):
    """`knowledge.embed`, the built-in embedder."""

    def __init__(self, dimension: int = DIMENSION) -> None:
        if dimension != DIMENSION:
            raise ValueError(f"The embedder {EMBEDDER} gives {DIMENSION} dimensions, not {dimension}.")
        super().__init__(BUILTIN)

    @staticmethod
    def name() -> str:
        return EMBEDDER

    def get_config(self) -> dict[str, Any]:
        return {"dimension": DIMENSION}

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> BrandEmbedding:
        return BrandEmbedding(int(config["dimension"]))


@register_embedding_function
class EndpointEmbedding(_Embedding):
    """An OpenAI-compatible endpoint. The key is not kept."""

    def __init__(self, model: str, url: str | None = None) -> None:
        super().__init__(endpoint(model, url))
        self._config = {"model": model, "url": url}

    @staticmethod
    def name() -> str:
        return "pacer-endpoint"

    def get_config(self) -> dict[str, Any]:
        return self._config

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> EndpointEmbedding:
        return EndpointEmbedding(str(config["model"]), config["url"])


def open_space(client: ClientAPI, embedder: Embedder, progress: Progress) -> tuple[Collection, Baseline]:
    """The collection of the embedder, holding every passage the memory has, and what its cosines are worth.

    Passages that were embedded by another are embedded again and the other's collection goes when all of them are
    here; broken off, it goes on at the next opening. `progress` is told how many are done, and of how many. Raises
    KnowledgeError when the embedder cannot be asked.
    """
    collection = _collection(client, embedder)
    for other in client.list_collections():
        if other.name.startswith(PREFIX) and other.name != collection.name:
            _move(other, collection, embedder, progress)
            client.delete_collection(other.name)
    stated = collection.metadata or {}
    baseline = Baseline(float(stated["zero"]), float(stated["noise"])) if "noise" in stated else Baseline()
    return collection, baseline


def vectors_of(collection: Collection, ids: Sequence[str]) -> npt.NDArray[np.float32]:
    """The rows of passages, in the order of `ids`, each of length 1."""
    import numpy as np

    rows: npt.NDArray[np.float32] | None = None
    for at in range(0, len(ids), READ_AT_ONCE):
        part = list(ids[at : at + READ_AT_ONCE])
        got = collection.get(ids=part, include=["embeddings"])
        order = {id: place for place, id in enumerate(got["ids"])}
        found = np.asarray(got["embeddings"], dtype=np.float32)[[order[id] for id in part]]
        if rows is None:
            rows = np.empty((len(ids), found.shape[1]), dtype=np.float32)
        rows[at : at + len(part)] = found
    return np.zeros((0, 0), dtype=np.float32) if rows is None else rows


def dimension_of(collection: Collection) -> int | None:
    """How many numbers each vector has; none where there are no passages yet."""
    first = collection.get(limit=1, include=["embeddings"])["embeddings"]
    return len(first[0]) if first is not None and len(first) else None


def _collection(client: ClientAPI, embedder: Embedder) -> Collection:
    name = f"{PREFIX}{embedder.name}"
    function: Any = BrandEmbedding() if embedder.builtin else EndpointEmbedding(embedder.model, embedder.url)
    try:
        return client.get_collection(name, embedding_function=function)
    except NotFoundError:
        measured = None if embedder.builtin else embedder.baseline()
        return client.create_collection(
            name,
            embedding_function=function,
            metadata={"zero": measured.zero, "noise": measured.noise} if measured else None,
            configuration={"hnsw": {"space": "cosine"}},
        )


def _move(source: Collection, target: Collection, embedder: Embedder, progress: Progress) -> None:
    here = set(target.get(include=[])["ids"])
    every = source.get(include=[])["ids"]
    missing = [id for id in every if id not in here]
    for at in range(0, len(missing), MOVED_AT_ONCE):
        progress(len(every) - len(missing) + at, len(every))
        got = source.get(ids=missing[at : at + MOVED_AT_ONCE], include=["documents", "metadatas"])
        documents, metadatas = got["documents"] or [], got["metadatas"] or []
        rows = zip(got["ids"], documents, metadatas, strict=True)
        contexts = [Passage.from_metadata(id, text, dict(meta)).context for id, text, meta in rows]
        vectors: Any = list(embedder.embed(contexts))
        target.add(ids=got["ids"], documents=documents, metadatas=metadatas, embeddings=vectors)
    if missing:
        progress(len(every), len(every))


def checked(vectors: npt.NDArray[np.float32], dimension: int | None, embedder: Embedder) -> npt.NDArray[np.float32]:
    """The vectors, if they can stand beside those of the memory. Raises KnowledgeError when their length differs."""
    if len(vectors) and dimension is not None and vectors.shape[1] != dimension:
        raise KnowledgeError(
            f"{embedder.name} gave {vectors.shape[1]} numbers a text where the memory has {dimension}: "
            "it is another model now, so name it anew or learn the texts again."
        )
    return vectors
