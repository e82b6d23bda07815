"""The page's own words from prompts/page.yaml, and which component shows which of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from tools.messages import catalogue_language

CATALOGUE = Path(__file__).resolve().parent.parent / "prompts" / "page.yaml"


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    import yaml

    found: dict[str, dict[str, str]] = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return found


def said(key: str, language: str, **values: object) -> str:
    """One text of the page in 'en' or 'zh'. Raises KeyError for a key the page has no words for."""
    return _catalogue()[key][catalogue_language(language)].format(**values)


def said_or(key: str, language: str, otherwise: str, **values: object) -> str:
    """The text, or `otherwise` where the page has none, as for a tool added later."""
    return said(key, language, **values) if key in _catalogue() else otherwise


class Wordings:
    """Components and the texts they show, so that a change of language changes all of them at once."""

    def __init__(self) -> None:
        self._shown: list[tuple[Any, dict[str, str]]] = []

    def add(self, component: Any, **properties: str) -> Any:
        """Remember that the component's properties show these texts (property=key); gives the component back."""
        self._shown.append((component, properties))
        return component

    @property
    def components(self) -> list[Any]:
        """What `updates` changes, in its order."""
        return [component for component, _ in self._shown]

    def updates(self, language: str) -> list[dict[str, Any]]:
        """One update per component."""
        import gradio as gr

        worded: list[dict[str, Any]] = [
            {name: said(key, language) for name, key in properties.items()} for _, properties in self._shown
        ]
        return [gr.update(**properties) for properties in worded]
