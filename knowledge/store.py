"""The brand's memory on disk: one process opens the Chroma folder and may write, others read a private copy."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from knowledge.embedder import Baseline, chosen
from knowledge.errors import KnowledgeError, KnowledgeLocked
from knowledge.joined import change, read_groups, standing, write_groups
from knowledge.passage import KINDS, Passage
from knowledge.search import SHARE_OF_BEST, PassageIndex, Ranking
from knowledge.writing import MAX_BATCH, WRITTEN_AT_ONCE, delete, embedded, put

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

LOCK_WAIT_SECONDS = 10.0

Progress = Callable[[int, int], None]


def _quiet(done: int, whole: int) -> None:
    """Nobody watches."""


def _moving(done: int, whole: int) -> None:
    print(f"Embedding the brand's memory again: {done:,} of {whole:,} passages", file=sys.stderr, flush=True)


_stores: dict[Path, Store] = {}
_opening = threading.RLock()


def open_store(folder: Path | str, moving: Progress = _moving) -> Store:
    """The memory of the shop in `folder`, the same object for every caller in this process.

    The first process to open it may write; any other reads a private copy that follows what is written. Where the
    environment asks for another embedder than the memory was read with, everything is embedded again; `moving` is
    told how many passages are done, and of how many. Raises KnowledgeError when the embedder cannot be asked.
    """
    root = (Path(folder) / "knowledge").resolve()
    with _opening:
        store = _stores.get(root)
        if store is None or store.process != os.getpid():
            store = _stores[root] = Store(root, moving)
        return store


def close_stores() -> None:
    """Let go of every memory this process has open."""
    with _opening:
        for store in list(_stores.values()):
            if store.process == os.getpid():
                store.close()
        _stores.clear()


atexit.register(close_stores)


class Store:
    """Passages in Chroma. Make one with `open_store`."""

    def __init__(self, root: Path, moving: Progress = _moving) -> None:
        self.root = root
        self.embedder = chosen()
        self._moving = moving
        self.process = os.getpid()
        self._holding = FileLock(root / "holder.lock", thread_local=False)
        self._copy: Path | None = None
        self._client: ClientAPI | None = None
        self._collection: Collection | None = None
        self._index: PassageIndex | None = None
        self._baseline = Baseline()
        self._dimension: int | None = None
        self._known: dict[str, Passage] | None = None
        self._opened_version = -1
        self._guard = threading.RLock()
        self._one_writer = threading.Lock()
        root.mkdir(parents=True, exist_ok=True)
        with self._guard, self._writing():
            self._open()

    @property
    def writable(self) -> bool:
        """Whether this process holds the memory."""
        return bool(self._holding.is_locked)

    @property
    def version(self) -> int:
        """Grows by one with everything learned or forgotten."""
        try:
            return int(json.loads((self.root / "version.json").read_text())["version"])
        except FileNotFoundError:
            return 0
        except (ValueError, KeyError, TypeError) as broken:
            raise KnowledgeError(f"{self.root / 'version.json'} is damaged: learn the brand's texts again.") from broken

    def count(self) -> int:
        """How many passages are known."""
        return int(self._current().count())

    def passages(self) -> tuple[Passage, ...]:
        """Every passage known, in no order."""
        return self._indexed().passages

    def learn(self, passages: Sequence[Passage], source: str, progress: Progress = _quiet) -> int:
        """Replace what is known from one source; returns how many passages it now has.

        Raises KnowledgeLocked when another process holds the memory.
        """
        return self.learn_sources({source: passages}, progress)

    def learn_sources(self, sources: Mapping[str, Sequence[Passage]], progress: Progress = _quiet) -> int:
        """Replace what is known from several sources in one go; returns how many passages they now have.

        Passages that say the same as another are joined with it. `progress` is told how many are done, and of how
        many. What is searched meanwhile is the old and the new; nothing old goes before all of the new is there.
        """
        fresh: dict[str, Passage] = {}
        for source, passages in sources.items():
            for passage in passages:
                if passage.source != source:
                    raise KnowledgeError(f"A passage of {passage.source} cannot be learned as {source}.")
                fresh[passage.id] = passage
        with self._one_writer:
            self._apply("learn", sources, fresh.values(), progress)
        return len(fresh)

    def forget(self, source: str) -> int:
        """Drop what was learned from one source; returns how many passages that was.

        Where the same words also stand in another source, they stay as that source's.
        """
        with self._one_writer:
            return self._apply("forget", [source], (), _quiet)

    def claim(self, what: str) -> None:
        """Become the process that may write. Raises KnowledgeLocked when another holds the memory."""
        with self._guard:
            if not self.writable:
                self._take_over(what)

    def standing(self) -> tuple[Passage, ...]:
        """Every passage that is searched; those that say the same are one."""
        return tuple(self._everything().values())

    def members(self) -> tuple[Passage, ...]:
        """Every passage as it was learned, those that are joined one by one."""
        groups = read_groups(self.root)
        standing_for = {standing(group).id for group in groups}
        alone = (p for p in self._everything().values() if p.id not in standing_for)
        return (*alone, *(passage for group in groups for passage in group))

    def _apply(self, what: str, replaced: Iterable[str], fresh: Iterable[Passage], progress: Progress) -> int:
        """Make the change and return how many passages the replaced sources had."""
        replaced = frozenset(replaced)
        self.claim(what)
        known, groups = self._everything(), read_groups(self.root)
        in_groups = {p.id for group in groups for p in group}
        before = sum(p.source in replaced for group in groups for p in group)
        before += sum(p.source in replaced for p in known.values() if p.id not in in_groups)
        wanted = change(known, groups, replaced, fresh)
        if not wanted.put and not wanted.drop and wanted.groups == groups:
            return before
        vectors = self._vectors(known, wanted.put)
        rest = list(wanted.put)
        while len(rest) > WRITTEN_AT_ONCE:
            batch, rest = rest[:WRITTEN_AT_ONCE], rest[WRITTEN_AT_ONCE:]
            rows = embedded(batch, vectors, self._embed)
            with self._changing(what) as collection:
                put(collection, batch, rows, known)
            progress(len(wanted.put) - len(rest), len(wanted.put))
        rows = embedded(rest, vectors, self._embed)
        with self._changing(what) as collection:
            put(collection, rest, rows, known)
            write_groups(self.root, wanted.groups)
            delete(collection, wanted.drop)
        gone = frozenset(wanted.drop)
        with self._guard:
            self._known = {id: p for id, p in known.items() if id not in gone} | {p.id: p for p in wanted.put}
        progress(len(wanted.put), len(wanted.put))
        return before

    def _everything(self) -> dict[str, Passage]:
        with self._guard:
            collection = self._current()
            if self._known is None:
                known = collection.get(include=["documents", "metadatas"])
                rows = zip(known["ids"], known["documents"] or [], known["metadatas"] or [], strict=True)
                self._known = {id: Passage.from_metadata(id, text, dict(meta)) for id, text, meta in rows}
            return self._known

    def _vectors(self, known: Mapping[str, Passage], put: Iterable[Passage]) -> dict[str, Any]:
        """The vectors of texts that are known already, by what was embedded: a passage may only have moved."""
        wanted = {passage.context for passage in put}
        ids = {passage.context: id for id, passage in known.items() if passage.context in wanted}
        found: dict[str, Any] = {}
        contexts = list(ids)
        with self._guard:
            for at in range(0, len(contexts), MAX_BATCH):
                part = contexts[at : at + MAX_BATCH]
                got = self._current().get(ids=[ids[context] for context in part], include=["embeddings"])
                by_id = dict(zip(got["ids"], got["embeddings"], strict=True))  # type: ignore[arg-type]
                found.update({context: by_id[ids[context]] for context in part if ids[context] in by_id})
        return found

    def search(
        self,
        query: str,
        kinds: Iterable[str] = (),
        sku: str | None = None,
        limit: int = 8,
        ranking: Ranking = "fused",
        share_of_best: float = SHARE_OF_BEST,
    ) -> list[Passage]:
        """The passages nearest to the query, best first, with their scores; an empty list when none is near.

        `kinds` empty means all. With a SKU, passages of other SKUs are left out and those that speak of the
        whole brand come a little behind. Raises KnowledgeError for an unknown kind.
        """
        kinds = tuple(kinds)
        if unknown := [kind for kind in kinds if kind not in KINDS]:
            raise KnowledgeError(f"There is no kind {unknown[0]}; there are: {', '.join(KINDS)}.")
        if not query.strip():
            return []
        with self._guard:
            index = self._indexed()
        if not index.passages:
            return []
        return index.search(query, self._embed([query])[0], kinds, sku, limit, ranking, share_of_best)

    def mentions(self, query: str, sku: str | None = None) -> list[Passage]:
        """Every review near the query, of one SKU or of all: those that speak of the matter, best first.

        Measured in knowledge/search.py: MENTION_PRECISION of them do, MENTION_RECALL of those that do are found.
        """
        return self.search(query, ("review",), sku, limit=self.count(), share_of_best=0.0)

    def warm(self) -> None:
        """Load the embedder and build the index now, so the first question does not wait for them."""
        self._embed(["ready"])
        self._indexed()

    def close(self) -> None:
        """Let go of the memory, and remove the private copy if there is one."""
        with self._guard:
            self._shut()
            if self._holding.is_locked:
                (self.root / "holder.json").unlink(missing_ok=True)
                self._holding.release()
            self._opened_version = -1

    def _embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        from knowledge.space import checked

        vectors = checked(self.embedder.embed(texts), self._dimension, self.embedder)
        if self._dimension is None and len(vectors):
            self._dimension = vectors.shape[1]
        return vectors

    def _current(self) -> Collection:
        """The open collection; a private copy is made again when the memory has moved on."""
        with self._guard:
            moved = self._copy is not None and self.version != self._opened_version
            if self._collection is None or moved:
                with self._writing():
                    self._shut()
                    self._open()
            assert self._collection is not None
            return self._collection

    def _indexed(self) -> PassageIndex:
        from knowledge.space import vectors_of

        with self._guard:
            collection = self._current()
            if self._index is None:
                known = self._everything()
                self._index = PassageIndex(list(known.values()), vectors_of(collection, list(known)), self._baseline)
            return self._index

    def _open(self) -> None:
        """Open in place when nobody else does, else a copy; called under the write lock."""
        from knowledge.space import dimension_of, open_space

        try:
            self._holding.acquire(timeout=0)
        except Timeout:
            self._copy = Path(tempfile.mkdtemp(prefix="pacer-knowledge-"))
            if (self.root / "chroma").is_dir():
                shutil.copytree(self.root / "chroma", self._copy, dirs_exist_ok=True)
        else:
            (self.root / "holder.json").write_text(json.dumps({"pid": os.getpid(), "what": Path(sys.argv[0]).name}))
        self._opened_version = self.version
        self._client = _client(self._copy or self.root / "chroma")
        self._collection, self._baseline = open_space(self._client, self.embedder, self._moving)
        self._dimension = dimension_of(self._collection)

    def _shut(self) -> None:
        if self._client is not None:
            self._client.close()  # type: ignore[attr-defined]
        if self._copy is not None:
            shutil.rmtree(self._copy, ignore_errors=True)
        self._client = self._collection = self._copy = self._index = self._known = None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        lock = FileLock(self.root / "write.lock", thread_local=False)
        try:
            lock.acquire(timeout=LOCK_WAIT_SECONDS)
        except Timeout as busy:
            raise KnowledgeLocked(
                f"The brand's memory is being written by {self._holder()}; try again when it ends."
            ) from busy
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _changing(self, what: str) -> Iterator[Collection]:
        with self._guard:
            if not self.writable:
                self._take_over(what)
            self._current()
            with self._writing():
                collection = self._current()
                try:
                    yield collection
                finally:
                    fresh = self.root / "version.json.new"
                    fresh.write_text(json.dumps({"version": self.version + 1}))
                    os.replace(fresh, self.root / "version.json")
                    self._opened_version, self._index, self._known = self.version, None, None

    def _take_over(self, what: str) -> None:
        """Become the holder if the last one has gone."""
        with self._writing():
            self._shut()
            self._open()
        if not self.writable:
            raise KnowledgeLocked(
                f"{self._holder()} holds the brand's memory, so this process can only read it: "
                f"{what} there, or close it and try again."
            )

    def _holder(self) -> str:
        try:
            said = json.loads((self.root / "holder.json").read_text())
            return f"Process {said['pid']} ({said['what']})"
        except (OSError, ValueError, KeyError, TypeError):
            return "Another process"


def _client(path: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(str(path), Settings(anonymized_telemetry=False))
    except Exception as broken:
        raise KnowledgeError(f"{path} is damaged: remove it and learn the brand's texts again.") from broken
