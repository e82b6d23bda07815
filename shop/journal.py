"""The journal: proposals wait here for the operator, and every decision is kept for good.

A SQLite file beside the books. A proposal is pending, then approved or rejected, once. Approving
checks that the books still say what the change was decided on, writes the change files into
`changes/`, and adds an entry. Entries are only ever added.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from shop.errors import ShopError
from shop.warehouse import Shop
from shop.writers.kinds import writer_of

BUSY_SECONDS = 10.0
STATUSES = ("pending", "approved", "rejected")

SCHEMA = """
CREATE TABLE IF NOT EXISTS proposals (
    number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, payload TEXT NOT NULL,
    expected_before TEXT NOT NULL, fingerprint TEXT NOT NULL, filed_at TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected')));
CREATE UNIQUE INDEX IF NOT EXISTS one_pending ON proposals (fingerprint) WHERE status = 'pending';
CREATE TABLE IF NOT EXISTS entries (
    entry INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
    proposal INTEGER NOT NULL REFERENCES proposals, before TEXT NOT NULL, after TEXT NOT NULL,
    reason TEXT, files TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE UPDATE ON entries
    BEGIN SELECT RAISE(ABORT, 'journal entries are never changed'); END;
CREATE TRIGGER IF NOT EXISTS entries_remain BEFORE DELETE ON entries
    BEGIN SELECT RAISE(ABORT, 'journal entries are never deleted'); END;
CREATE TRIGGER IF NOT EXISTS decided_once BEFORE UPDATE ON proposals WHEN OLD.status <> 'pending'
    BEGIN SELECT RAISE(ABORT, 'a proposal is decided once'); END;
"""


@dataclass(frozen=True)
class WrittenFile:
    """A change file: its path inside the shop's folder and the SHA-256 of its bytes."""

    file: str
    sha256: str


@dataclass(frozen=True)
class FiledProposal:
    """A proposal as the journal holds it; times are ISO."""

    id: str
    kind: str
    payload: dict[str, Any]
    expected_before: dict[str, Any]
    filed_at: str
    status: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a proposal: filed, edited, approved or rejected."""

    at: str
    who: str
    action: str
    proposal: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str | None = None
    files: list[WrittenFile] = field(default_factory=list)


def file_proposal(
    folder: Path,
    kind: str,
    payload: Mapping[str, Any],
    expected_before: Mapping[str, Any],
    filed_at: date | datetime,
    who: str = "pacer",
) -> str:
    """File a change for the operator to decide; returns its id, such as P-0001.

    The same change pending on the same ground is filed once: its id is returned again.
    Raises ShopError when the kind or the payload is wrong.
    """
    after = _checked(kind, payload).model_dump(mode="json")
    fingerprint = _fingerprint(kind, after, expected_before)
    with _journal(folder) as journal:
        same = journal.execute(
            "SELECT number FROM proposals WHERE fingerprint = ? AND status = 'pending'", [fingerprint]
        ).fetchone()
        if same:
            return _id(same[0])
        number = journal.execute(
            "INSERT INTO proposals (kind, payload, expected_before, fingerprint, filed_at) VALUES (?, ?, ?, ?, ?)",
            [kind, _json(after), _json(expected_before), fingerprint, filed_at.isoformat()],
        ).lastrowid
        _enter(journal, filed_at, who, "filed", number or 0, expected_before, after)
        return _id(number or 0)


def proposals(folder: Path, status: str | None = None) -> list[FiledProposal]:
    """Proposals in the order they were filed, all or those of one status."""
    if status is not None and status not in STATUSES:
        raise ShopError(f"There is no status {status}; there are {', '.join(STATUSES)}.")
    if not _file(folder).exists():
        return []
    with _journal(folder) as journal:
        rows = journal.execute(
            "SELECT number, kind, payload, expected_before, filed_at, status FROM proposals "
            "WHERE ? IS NULL OR status = ? ORDER BY number",
            [status, status],
        ).fetchall()
    return [_proposal(row) for row in rows]


def entries(folder: Path) -> list[Entry]:
    """Everything that happened, oldest first."""
    if not _file(folder).exists():
        return []
    with _journal(folder) as journal:
        rows = journal.execute(
            "SELECT at, who, action, proposal, before, after, reason, files FROM entries ORDER BY entry"
        ).fetchall()
    return [
        Entry(
            at, who, action, _id(number), json.loads(before), json.loads(after), reason,
            [WrittenFile(**written) for written in json.loads(files)],
        )
        for at, who, action, number, before, after, reason, files in rows
    ]  # fmt: skip


def approve(folder: Path, proposal_id: str, now: datetime, who: str = "operator") -> list[WrittenFile]:
    """Approve a pending proposal and write its change files; returns them.

    Raises ShopError when it was decided before, or when the books no longer say what it was
    decided on; then nothing is written and it stays pending.
    """
    with _journal(folder) as journal:
        filed = _pending(journal, proposal_id)
        change = _checked(filed.kind, filed.payload)
        writer = writer_of(filed.kind, filed.payload)
        shop = Shop.open(folder)
        _still_holds(filed, writer.before(shop, change))
        key = _fingerprint(filed.id, filed.payload, filed.expected_before)[:12]
        written = [
            _write(folder, f"{filed.id}-{key}-{made.name}", made.content)
            for made in writer.files(shop, change, filed.id)
        ]
        number = _number(filed.id)
        journal.execute("UPDATE proposals SET status = 'approved' WHERE number = ?", [number])
        _enter(journal, now, who, "approved", number, filed.expected_before, filed.payload, files=written)
        return written


def reject(folder: Path, proposal_id: str, now: datetime, reason: str = "", who: str = "operator") -> None:
    """Reject a pending proposal. Raises ShopError when it was decided before."""
    with _journal(folder) as journal:
        filed = _pending(journal, proposal_id)
        number = _number(filed.id)
        journal.execute("UPDATE proposals SET status = 'rejected' WHERE number = ?", [number])
        _enter(journal, now, who, "rejected", number, filed.expected_before, filed.payload, reason=reason or None)


def edit(
    folder: Path, proposal_id: str, payload: Mapping[str, Any], now: datetime | None = None, who: str = "operator"
) -> FiledProposal:
    """Change fields of a pending proposal; the ones that say what it is about (SKU, market, supplier) stay.

    Raises ShopError when it was decided before, a field is unknown, or a value is not allowed.
    """
    with _journal(folder) as journal:
        filed = _pending(journal, proposal_id)
        writer = writer_of(filed.kind, filed.payload)
        after = _checked(filed.kind, {**filed.payload, **payload}).model_dump(mode="json")
        moved = [name for name in writer.identity if after[name] != filed.payload[name]]
        if moved:
            free = [name for name in writer.payload.model_fields if name not in writer.identity]
            raise ShopError(f"{filed.id} keeps its {moved[0]}; you can edit {', '.join(free)}.")
        number = _number(filed.id)
        fingerprint = _fingerprint(filed.kind, after, filed.expected_before)
        try:
            journal.execute(
                "UPDATE proposals SET payload = ?, fingerprint = ? WHERE number = ?",
                [_json(after), fingerprint, number],
            )
        except sqlite3.IntegrityError as same:
            raise ShopError(f"Another pending proposal already says the same as {filed.id} would.") from same
        _enter(journal, now or filed.filed_at, who, "edited", number, filed.payload, after)
    return FiledProposal(filed.id, filed.kind, after, filed.expected_before, filed.filed_at, "pending")


def _checked(kind: str, payload: Mapping[str, Any]) -> BaseModel:
    writer = writer_of(kind, payload)
    try:
        checked: BaseModel = writer.payload.model_validate(dict(payload))
    except ValidationError as wrong:
        first = wrong.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        told = f"{where}: {first['msg']}" if where else first["msg"].removeprefix("Value error, ")
        raise ShopError(
            f"The {kind} change is not complete ({told}); it takes {', '.join(writer.payload.model_fields)}."
        ) from wrong
    return checked


def _still_holds(filed: FiledProposal, now: Mapping[str, Any]) -> None:
    changed = [
        f"{name} was {expected} and is {now.get(name, 'no longer known')}"
        for name, expected in filed.expected_before.items()
        if now.get(name) != expected
    ]
    if changed:
        raise ShopError(
            f"{filed.id} was decided on other books: {'; '.join(changed)}. Reject it and ask for a new proposal."
        )


def _write(folder: Path, name: str, content: bytes) -> WrittenFile:
    changes = folder / "changes"
    changes.mkdir(parents=True, exist_ok=True)
    fresh = changes / f".{name}.{os.getpid()}"
    with fresh.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    os.replace(fresh, changes / name)
    return WrittenFile(f"changes/{name}", hashlib.sha256(content).hexdigest())


def _pending(journal: sqlite3.Connection, proposal_id: str) -> FiledProposal:
    number = _number(proposal_id)
    row = journal.execute(
        "SELECT number, kind, payload, expected_before, filed_at, status FROM proposals WHERE number = ?", [number]
    ).fetchone()
    if row is None:
        waiting = [
            _id(found[0])
            for found in journal.execute("SELECT number FROM proposals WHERE status = 'pending' ORDER BY number")
        ]
        raise ShopError(f"There is no proposal {proposal_id}; pending are: {', '.join(waiting) or 'none'}.")
    filed = _proposal(row)
    if filed.status != "pending":
        raise ShopError(f"{filed.id} is already {filed.status}; a proposal is decided once.")
    return filed


def _enter(
    journal: sqlite3.Connection, at: date | datetime | str, who: str, action: str, number: int,
    before: Mapping[str, Any], after: Mapping[str, Any],
    reason: str | None = None, files: list[WrittenFile] | None = None,
) -> None:  # fmt: skip
    journal.execute(
        "INSERT INTO entries (at, who, action, proposal, before, after, reason, files) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            at if isinstance(at, str) else at.isoformat(), who, action, number, _json(before), _json(after), reason,
            _json([{"file": one.file, "sha256": one.sha256} for one in files or []]),
        ],
    )  # fmt: skip


@contextmanager
def _journal(folder: Path) -> Iterator[sqlite3.Connection]:
    """One transaction: nobody else writes until it ends, and nothing is kept when it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(_file(folder), timeout=BUSY_SECONDS, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'decided_once'").fetchone()[0] == 0:
            connection.executescript(SCHEMA)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    except sqlite3.OperationalError as busy:
        raise ShopError(f"The journal cannot be used now ({busy}); try again.") from busy
    except sqlite3.DatabaseError as broken:
        raise ShopError(f"The journal refuses this: {broken}.") from broken
    finally:
        connection.close()


def _proposal(row: tuple[Any, ...]) -> FiledProposal:
    number, kind, payload, expected, filed_at, status = row
    return FiledProposal(_id(number), kind, json.loads(payload), json.loads(expected), filed_at, status)


def _file(folder: Path) -> Path:
    return folder / "journal.sqlite"


def _id(number: int) -> str:
    return f"P-{number:04d}"


def _number(proposal_id: str) -> int:
    digits = proposal_id.strip().upper().removeprefix("P-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 15):
        raise ShopError(f"There is no proposal {proposal_id}; an id looks like P-0001.")
    return int(digits)


def _json(content: object) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _fingerprint(kind: str, payload: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    return hashlib.sha256(_json([kind, payload, expected]).encode()).hexdigest()
