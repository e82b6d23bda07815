"""The vector space of a Chroma collection: our embedder, registered so that Chroma never takes its default."""

from __future__ import annotations

from typing import Any, cast

from chromadb.api.types import Documents, EmbeddingFunction, Embeddings, Space
from chromadb.utils.embedding_functions import register_embedding_function

from knowledge.embed import DIMENSION, EMBEDDER, embed

COLLECTION = f"passages-{EMBEDDER}-{DIMENSION}"


@register_embedding_function
class BrandEmbedding(EmbeddingFunction[Documents]):
    """`knowledge.embed` as Chroma knows it."""

    def __init__(self, dimension: int = DIMENSION) -> None:
        if dimension != DIMENSION:
            raise ValueError(f"The embedder {EMBEDDER} gives {DIMENSION} dimensions, not {dimension}.")

    def __call__(self, input: Documents) -> Embeddings:
        return cast(Embeddings, list(embed(input)))

    @staticmethod
    def name() -> str:
        return EMBEDDER

    def default_space(self) -> Space:
        return "cosine"

    def supported_spaces(self) -> list[Space]:
        return ["cosine"]

    def get_config(self) -> dict[str, Any]:
        return {"dimension": DIMENSION}

    @staticmethod
    def build_from_config(config: dict[str, Any]) -> BrandEmbedding:
        return BrandEmbedding(int(config["dimension"]))
