"""Passages that say the same, kept as one that names all its sources; each comes back alone when the others go."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from knowledge.duplicates import Twins
from knowledge.errors import KnowledgeError
from knowledge.passage import Passage

FILE = "joined.json"

Group = tuple[Passage, ...]


@dataclass(frozen=True)
class Change:
    """What a memory must do: `put` passages that are new or differ, `drop` ids, and keep `groups` from now on."""

    put: tuple[Passage, ...]
    drop: tuple[str, ...]
    groups: tuple[Group, ...]


def change(
    known: Mapping[str, Passage], groups: Iterable[Group], replaced: Collection[str], fresh: Iterable[Passage]
) -> Change:
    """Put `fresh` in the place of all that is known from the sources `replaced`, joining what says the same.

    known: every passage in the memory by id; groups: the joined ones, each with its members as they were learned.
    A known passage stays the one that stands for the others unless a newer one says the same.
    """
    members = {standing(group).id: group for group in groups}
    before = {id: members.get(id, (passage,)) for id, passage in known.items()}
    before.update({id: group for id, group in members.items() if id not in known})
    kept = [tuple(p for p in group if p.source not in replaced) for group in before.values()]
    together: dict[str, list[Passage]] = {}
    fresh = list(fresh)
    kinds = {passage.kind for passage in fresh}
    twins = Twins()
    for group in filter(None, kept):
        together[group[0].id] = list(group)
        if group[0].kind in kinds:
            twins.add(group[0])
    for passage in fresh:
        twin = twins.find(passage)
        if twin is not None:
            together[twin.id].append(passage)
        elif passage.id not in together:
            together[passage.id] = [passage]
            twins.add(passage)
    after = {one.id: one for one in map(joined, together.values())}
    return Change(
        put=tuple(passage for id, passage in after.items() if known.get(id) != passage),
        drop=tuple(id for id in known if id not in after),
        groups=tuple(tuple(group) for group in together.values() if len(group) > 1),
    )


def standing(group: Iterable[Passage]) -> Passage:
    """The member that stands for its group: the newest, the first learned among equals."""
    return max(group, key=lambda passage: passage.date or date.min)


def joined(group: Iterable[Passage]) -> Passage:
    """One passage for a group: the standing member's words, all its sources, every product any of them speaks of."""
    members = tuple(group)
    chosen = standing(members)
    if len(members) == 1:
        return chosen
    others = tuple(dict.fromkeys(f"{p.source}, {p.place}" for p in members if p is not chosen))
    skus = tuple(sorted({sku for p in members for sku in p.skus}))
    return replace(chosen, skus=skus, also=others)


def read_groups(root: Path) -> tuple[Group, ...]:
    """The groups of the memory in `root`. Raises KnowledgeError when their file is damaged."""
    path = root / FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            tuple(Passage.from_metadata(one["id"], one["text"], one["metadata"]) for one in group) for group in stored
        )
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as broken:
        raise KnowledgeError(f"{path} is damaged: remove it and learn the brand's texts again.") from broken


def write_groups(root: Path, groups: Iterable[Group]) -> None:
    """Keep the groups, all at once."""
    stored = [[{"id": p.id, "text": p.text, "metadata": p.metadata()} for p in group] for group in groups]
    fresh = root / f"{FILE}.new"
    fresh.write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, root / FILE)
