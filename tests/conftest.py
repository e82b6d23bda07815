"""Shared by all tests: the demo shop built once, and no model, key or cache of the machine in sight."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole demo shop with its texts learned; read only, copy it to write."""
    from knowledge import close_stores, learn_demo
    from shop.demo import build

    folder = tmp_path_factory.mktemp("northlane")
    build(folder)
    learn_demo(folder)
    close_stores()
    return folder


@pytest.fixture
def own_demo(demo_folder: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the demo shop to write to."""
    from knowledge import close_stores

    folder = tmp_path / "shop"
    shutil.copytree(demo_folder, folder)
    yield folder
    close_stores()


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "PACER_MODEL", "PACER_TOOL_CALLING", "PACER_HOME", "PACER_GGUF"):
        monkeypatch.delenv(name, raising=False)
