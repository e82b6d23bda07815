"""The brand's memory: stories, evidence, reviews and policies, found by meaning and by words."""

from knowledge.errors import KnowledgeError, KnowledgeLocked
from knowledge.ingest import (
    forget,
    known_sources,
    learn_demo,
    learn_pasted,
    learn_paths,
    learn_shop,
    learn_texts,
    learn_uploads,
)
from knowledge.passage import KINDS, Passage, PassageKind
from knowledge.store import Store, close_stores, open_store
from knowledge.strangers import addresses_assistant, clean, fence

__all__ = [
    "KINDS",
    "KnowledgeError",
    "KnowledgeLocked",
    "Passage",
    "PassageKind",
    "Store",
    "addresses_assistant",
    "clean",
    "close_stores",
    "fence",
    "forget",
    "known_sources",
    "learn_demo",
    "learn_pasted",
    "learn_paths",
    "learn_shop",
    "learn_texts",
    "learn_uploads",
    "open_store",
]
