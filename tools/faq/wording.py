"""How an answer is said: in the source's own words, or by the chosen model where the source is in another language.

What the model says stands only when it passes verification against the line it words; else the source is quoted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.passage import Passage
from tools.copywriting.voice import Voice
from tools.faq.answers import Told
from tools.faq.questions import instruction
from tools.faq.sources import Line

MOST_ASKED = 32  # sentences the model is asked for in one FAQ
ROOM, LONGEST = (
    60,
    500,
)  # characters a sentence may grow by in another language (twice its length and these), and at most


@dataclass(frozen=True)
class Sentence:
    """One sentence of an answer with the line it stands on; `own_words` when it is the source's, word for word."""

    text: str
    language: str
    own_words: bool
    line: Line


@dataclass
class Wording:
    """Words the answers of one FAQ. `known` is what the memory holds on the product, to check against; `names` are the
    product's; `asked` counts the sentences put to the model, `refused` those that did not pass, with the first reason."""

    language: str
    sku: str
    names: Sequence[str]
    known: Sequence[Passage]
    voice: Voice | None
    asked: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    _said: dict[str, Sentence] = field(default_factory=dict)

    @property
    def spoken(self) -> str:
        """The language without region."""
        return self.language.split("-")[0]

    def worded(self, told: Told) -> list[Sentence]:
        """The lines of an answer as sentences."""
        return [self._sentence(line) for line in told.lines]

    def _sentence(self, line: Line) -> Sentence:
        key = f"{line.passage.id} {line.at}"
        if key not in self._said:
            made = None if line.language == self.spoken else self._reworded(line)
            self._said[key] = (
                Sentence(made, self.spoken, False, line) if made else Sentence(line.text, line.language, True, line)
            )
        return self._said[key]

    def _reworded(self, line: Line) -> str | None:
        """The line in the FAQ's language, checked; None when no model says it or what it says does not stand."""
        if self.voice is None or self.asked >= MOST_ASKED:
            return None
        self.asked += 1
        said = self.voice.reword(line.text, self.language, instruction(), min(2 * len(line.text) + ROOM, LONGEST))
        if not said:
            return None
        from knowledge.verification import verify

        verdict = verify(
            said, [line.passage], language=self.language, sku=self.sku, others=self.known, names=self.names
        )
        if verdict.supported:
            return said
        self.refused.append((said, verdict.reasons[0].code))
        return None


def joined(sentences: Sequence[Sentence]) -> str:
    """Sentences as one text; rows of a table are set apart by semicolons."""
    text = ""
    for at, one in enumerate(sentences):
        is_row = one.line.is_row and one.own_words
        ended = one.text[-1:] in ".。!?！？;；"
        close = "" if ended or not is_row else ";" if at < len(sentences) - 1 else "."
        gap = "" if not text or text[-1] in "。！？" else " "
        text += f"{gap}{one.text}{close}"
    return text
