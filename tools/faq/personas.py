"""Who reads the FAQ: which questions come first and how much an answer says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tools.faq.questions import PROMPTS, Part, Question, pattern_of

EVERYBODY = "everybody"
LIKE = 0.45  # cosine of a persona's words with one that is known
LONGEST = 120


@dataclass(frozen=True)
class Persona:
    """A kind of reader. parts: the order of parts; first: questions that lead; sentences: how many an answer may have;
    questions: how many are answered at most."""

    key: str
    parts: tuple[Part, ...]
    first: tuple[str, ...]
    sentences: int
    questions: int
    words: tuple[str, ...]

    @property
    def buys_wholesale(self) -> bool:
        """Whether trade terms are for this reader."""
        return "wholesale" in self.parts

    def rank(self, question: Question) -> tuple[int, int]:
        """Where a question stands for this reader, lower first."""
        lead = self.first.index(question.key) if question.key in self.first else len(self.first)
        part = self.parts.index(question.part) if question.part in self.parts else len(self.parts)
        return lead, part

    def reads(self, question: Question) -> bool:
        """Whether a question concerns this reader at all."""
        return question.part in self.parts or question.key in self.first


def persona_of(said: str | None) -> tuple[Persona, bool]:
    """The persona an operator means, and whether it was understood; everybody when nothing was said.

    Words name it first; what no words name is matched by meaning.
    """
    plain = (said or "").strip().casefold()[:LONGEST]
    personas = _personas()
    if not plain:
        return personas[EVERYBODY], True
    spaced = plain.replace("_", " ")
    if found := [
        persona for key, persona in personas.items() if key == spaced.replace(" ", "_") or _named(key).search(spaced)
    ]:
        return found[-1], True
    near = _nearest(spaced, [persona for persona in personas.values() if persona.key != EVERYBODY])
    return (near, True) if near else (personas[EVERYBODY], False)


def _nearest(said: str, personas: Sequence[Persona]) -> Persona | None:
    from knowledge.embed import embed

    if not re.search(r"\w", said):
        return None
    words = [(persona, word) for persona in personas for word in persona.words]
    cosines = embed([word for _, word in words]) @ embed([said])[0]
    best = int(cosines.argmax())
    return words[best][0] if cosines[best] >= LIKE else None


@cache
def _named(key: str) -> re.Pattern[str]:
    return pattern_of(_personas()[key].words)


@cache
def _personas() -> dict[str, Persona]:
    import yaml

    text = (PROMPTS / "faq_personas.yaml").read_text(encoding="utf-8")
    entries = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return {
        str(key): Persona(
            key=str(key), parts=tuple(entry["parts"]), first=tuple(entry["first"]), sentences=int(entry["sentences"]),
            questions=int(entry["questions"]), words=tuple(str(word) for word in entry["words"]),
        )
        for key, entry in entries.items()
    }  # fmt: skip
