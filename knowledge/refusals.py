"""Why a file or text is not learned, in English or Chinese, from prompts/learning.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge.errors import KnowledgeError

CATALOGUE = Path(__file__).resolve().parent.parent / "prompts" / "learning.yaml"


class Refusal(KnowledgeError):
    """One reason of the catalogue with its values; as a string it is English. Raises KeyError for an unknown key."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """The sentence in 'en' or 'zh'."""
        return _catalogue()[self.key][language].format(**self.values)


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    import yaml

    found: dict[str, dict[str, str]] = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return found
