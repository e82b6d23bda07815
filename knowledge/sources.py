"""The sources of the memory: what each was learned from and when, and the list an operator sees."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, TypeAdapter, ValidationError

from knowledge.errors import KnowledgeError
from knowledge.passage import Passage
from knowledge.report import KnownSource

FILE = "sources.json"


class Record(BaseModel):
    """How a source was last learned: `digest` of its content and of what was asked, `path` where it is a file."""

    digest: str
    learned_at: str
    path: str | None = None


def read_records(root: Path) -> dict[str, Record]:
    """Records by source. Raises KnowledgeError when their file is damaged."""
    try:
        return _RECORDS.validate_json((root / FILE).read_bytes())
    except FileNotFoundError:
        return {}
    except ValidationError as broken:
        raise KnowledgeError(f"{root / FILE} is damaged: remove it and learn the brand's texts again.") from broken


def write_records(root: Path, records: Mapping[str, Record]) -> None:
    """Keep the records, all at once."""
    fresh = root / f"{FILE}.new"
    fresh.write_bytes(_RECORDS.dump_json(dict(records), indent=1))
    os.replace(fresh, root / FILE)


def source_name(path: Path, records: Mapping[str, Record]) -> str:
    """What a file is called as a source: its name, with its folders where another file that still exists has it."""
    whole = str(path.resolve())
    for name, record in records.items():
        if record.path == whole:
            return name
    parts = path.resolve().parts
    for length in range(1, len(parts)):
        name = "/".join(parts[-length:])
        other = records[name].path if name in records else None
        if other is None or not Path(other).exists():
            return name
    return whole


def listed(members: Iterable[Passage], records: Mapping[str, Record]) -> list[KnownSource]:
    """Every source with what its passages are, by name."""
    by_source: defaultdict[str, list[Passage]] = defaultdict(list)
    for passage in members:
        by_source[passage.source].append(passage)
    return [_known(source, by_source[source], records.get(source)) for source in sorted(by_source)]


def _known(source: str, passages: list[Passage], record: Record | None) -> KnownSource:
    newest = max((p for p in passages if p.date), key=lambda p: str(p.date), default=None)
    languages = Counter(p.language for p in passages if p.language)
    return KnownSource(
        source=source,
        kinds=sorted({p.kind for p in passages}),
        passages=len(passages),
        languages=dict(languages.most_common()),
        skus=sorted({sku for p in passages for sku in p.skus}),
        date=newest.date if newest else None,
        dated_by=newest.dated_by if newest else None,
        learned_at=record.learned_at if record else None,
    )


_RECORDS = TypeAdapter(dict[str, Record])
