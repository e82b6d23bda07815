"""Which embedder reads the brand's memory: the built-in one, or an OpenAI-compatible endpoint by environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from knowledge.embed import DIMENSION, EMBEDDER, embed
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

CHOICE = "PACER_EMBEDDINGS"  # builtin, or openai:MODEL
ENDPOINT = "PACER_EMBEDDINGS_URL"  # else OPENAI_BASE_URL
AT_ONCE = 64  # texts in one request
WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Baseline:
    """What cosines of texts that have nothing to do with each other look like.

    zero: their mean; noise: their deviation, the unit search counts in, after `adjusted`. The default is the built-in
    embedder's, set with reviews in knowledge/search.py.
    """

    zero: float = 0.0
    noise: float = 0.07

    def adjusted(self, cosines: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Cosines with the mean of unrelated texts at 0 and the same text at 1."""
        return (cosines - self.zero) / (1.0 - self.zero) if self.zero else cosines


@dataclass(frozen=True)
class Embedder:
    """A vector space: its name, which no other space has, and how texts get there (rows of length 1)."""

    name: str
    embed: Callable[[Sequence[str]], npt.NDArray[np.float32]]
    model: str = ""
    url: str | None = None

    @property
    def builtin(self) -> bool:
        """Whether its weights are installed with Pacer."""
        return not self.model

    def baseline(self) -> Baseline:
        """What its cosines are worth, measured on unrelated sentences unless it is the built-in one."""
        return Baseline() if self.builtin else measured_baseline(self.embed)


BUILTIN = Embedder(f"{EMBEDDER}-{DIMENSION}", embed)


def chosen() -> Embedder:
    """What the environment asks for. Raises KnowledgeError, naming what is allowed, for anything else."""
    said = os.environ.get(CHOICE, "").strip() or "builtin"
    if said == "builtin":
        return BUILTIN
    provider, _, model = said.partition(":")
    if provider != "openai" or not model:
        raise KnowledgeError(f"{CHOICE} is {said}; it may be builtin or openai:MODEL.")
    return endpoint(model, os.environ.get(ENDPOINT) or os.environ.get("OPENAI_BASE_URL") or None)


def endpoint(model: str, url: str | None) -> Embedder:
    """An OpenAI-compatible embeddings endpoint; its name holds a mark of the address, since a model's name may be
    another model elsewhere. The key is OPENAI_API_KEY, read at each call and kept nowhere."""
    mark = sha256(f"{url} {model}".encode()).hexdigest()[:8]
    name = re.sub(r"[^a-zA-Z0-9._]+", "-", model)[:60].strip("-._")

    def ask(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return _asked(model, url, texts)

    return Embedder(f"openai-{name}-{mark}", ask, model, url)


def _asked(model: str, url: str | None, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    import numpy as np
    from openai import OpenAI, OpenAIError

    if not texts:
        return np.zeros((0, 0), dtype=np.float32)
    rows: list[list[float]] = []
    try:
        with OpenAI(api_key=os.environ.get("OPENAI_API_KEY") or "none", base_url=url, timeout=WAIT_SECONDS) as client:
            for at in range(0, len(texts), AT_ONCE):
                batch = [text or " " for text in texts[at : at + AT_ONCE]]
                got = client.embeddings.create(model=model, input=batch, encoding_format="float").data
                rows += [row.embedding for row in sorted(got, key=lambda row: row.index)]
    except OpenAIError as failed:
        raise KnowledgeError(f"The embeddings of {model} cannot be had: {_why(failed)}") from failed
    try:
        vectors = np.array(rows, dtype=np.float32)
    except ValueError as ragged:
        raise KnowledgeError(f"{model} gave embeddings of different lengths.") from ragged
    if len(vectors) != len(texts) or vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise KnowledgeError(f"{model} gave {len(rows)} usable embeddings for {len(texts)} texts.")
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def _why(failed: Exception) -> str:
    return str(failed).split("\n")[0][:200].rstrip(".") + "."


def measured_baseline(embed: Callable[[Sequence[str]], npt.NDArray[np.float32]]) -> Baseline:
    """Mean and deviation of the cosines of a shop's questions with sentences about other things."""
    rows = embed(UNRELATED)
    cosines = rows[: len(QUESTIONS)] @ rows[len(QUESTIONS) :].T
    zero = min(float(cosines.mean()), 0.99)
    return Baseline(zero, max(float(cosines.std()) / (1.0 - zero), 0.01))


QUESTIONS = (
    "Does the lid leak?",
    "How long is the warranty?",
    "What is the return policy?",
    "Is it dishwasher safe?",
    "Who founded the brand?",
    "Wie groß ist das?",
    "退货政策是什么？",
    "素材は何ですか？",
)
UNRELATED = (
    *QUESTIONS,
    "The train to the coast leaves at seven.",
    "Interest rates rose again in spring.",
    "She plays the cello in a small orchestra.",
    "Volcanic soil is rich in minerals.",
    "The parliament passed the law on fishing.",
    "He forgot his passport at the hotel.",
    "Bake the bread for forty minutes.",
    "The telescope sees distant galaxies.",
    "Our goalkeeper broke two fingers.",
    "Whales sing to find each other.",
    "The router blinks in red and green.",
    "The novel was written in a prison.",
    "Die Brücke wird im Herbst gesperrt.",
    "Les abeilles dorment en hiver.",
    "El museo abre los domingos.",
    "孩子们在公园里放风筝。",
    "这部电影的结局让人意外。",
    "今年的小麦收成很好。",
    "図書館は月曜日に休みです。",
    "新しい橋が完成した。",
)
