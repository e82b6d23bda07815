"""Gradio, imported in half the time.

At every import Gradio renders an editor stub (.pyi) for each of its 60 components and compares it with
the file on disk: half of the CPU time of the import. It skips classes whose source file is not known.
"""

from __future__ import annotations

import inspect
import os
import threading
from typing import Any

_GUARD = threading.Lock()


def import_gradio() -> None:
    """Import Gradio without its stubs, its analytics and its telemetry."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    known = inspect.getfile

    def unless_component(object: Any) -> str:
        if isinstance(object, type) and object.__module__.startswith("gradio."):
            raise OSError("no stub wanted")
        return known(object)

    with _GUARD:
        inspect.getfile = unless_component
        try:
            import gradio  # noqa: F401
        finally:
            inspect.getfile = known
