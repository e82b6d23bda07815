"""What speaks for a statement answering a question: twelve signs that a person can check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import log1p

from knowledge.answer_parts import Part
from knowledge.question_asks import Asks, asks, measured
from knowledge.words import content, words


@dataclass(frozen=True)
class Signs:
    """One question beside one statement; also the weights of these signs.

    meaning: cosine of the question and the statement under its heading, or under the question it answers there;
    overlap: share of the question's content words that the statement holds, whole: all of them, open_overlap: overlap
    where the question is no yes-or-no one; focus: share of the statement's that the question holds; length: log of its
    words; hedged: the writer does not know, or guesses; supposed: if, should, maybe, wanted;
    yes_or_no: such a question, and the statement begins so; number: a quantity asked and a number said;
    unit_missing: a length, weight, time … asked and no unit of it said; question_length: log of the question's content
    words.
    """

    meaning: float
    overlap: float
    whole: float
    open_overlap: float
    focus: float
    length: float
    hedged: float
    supposed: float
    yes_or_no: float
    number: float
    unit_missing: float
    question_length: float

    @property
    def nearness(self) -> float:
        """By which the part of a passage is chosen."""
        return self.meaning + self.overlap


SIGNS = tuple(field.name for field in fields(Signs))


def signs(question: str, parts: Sequence[Part]) -> list[Signs]:
    """The signs of each part."""
    from knowledge.embed import embed

    vectors = embed([question, *(f"{part.under}\n{part.text}" if part.under else part.text for part in parts)])
    cosines = vectors[1:] @ vectors[0]
    asked = asks(question)
    return [_signs(asked, part, float(cosine)) for part, cosine in zip(parts, cosines, strict=True)]


def unknowing(text: str) -> bool:
    """Whether a statement says that its writer does not know, or found it nowhere, and not only of a side matter."""
    found = _UNKNOWING.search(text)
    return found is not None and not _TURN.search(text, 0, found.start())


def _signs(asked: Asks, part: Part, cosine: float) -> Signs:
    wanted, text = asked.words(part.passage.language), part.text
    said = set(content(f"{part.passage.heading.rsplit(' › ', 1)[-1]}\n{text}", part.passage.language))
    common = len(wanted & said)
    overlap = common / max(len(wanted), 1)
    return Signs(
        meaning=cosine,
        overlap=overlap,
        whole=float(wanted <= said),
        open_overlap=asked.open * overlap,
        focus=common / max(len(said), 1),
        length=log1p(len(words(text))),
        hedged=float(bool(_UNKNOWING.search(text) or _GUESS.search(text))),
        supposed=float(bool(_SUPPOSED.search(text))),
        yes_or_no=float(asked.closed and bool(_YES_OR_NO.search(text))),
        number=float(asked.quantity and bool(_NUMBER.search(text))),
        unit_missing=float(bool(asked.dimensions) and not measured(text, asked.dimensions)),
        question_length=log1p(len(wanted)),
    )


_NUMBER = re.compile(r"\d")
_YES_OR_NO = re.compile(
    r"^\W*(?:yes|yep|yeah|no|nope|sure|ja|nein|oui|non|sí|si|no)\b|^\W*(?:是的|可以|能|不|没有|对|有的|はい|いいえ)",
    re.IGNORECASE,
)
_UNKNOWING = re.compile(
    r"\b(?:do(?:n'?t| not) (?:really |actually )?(?:know|own|have one|remember|recall)|not (?:really |quite |too )?(?:sure|certain)"
    r"|no idea|unsure|(?:haven'?t|have not|never) (?:tried|used|tested|measured|checked)|sorry"
    r"|can(?:'?t|not) (?:say|answer|tell|recall|remember)|have to (?:double )?check"
    r"|(?:does|did)(?:n'?t| not) (?:say|mention|specify|explain|indicate)"
    r"|(?:nothing|nowhere)\b.{0,60}\b(?:says?|said|tells?|explains?|mentions?|indicates?))\b"
    r"|\b(?:weiß (?:ich )?nicht|keine ahnung|nicht sicher|steht nirgends|ne sais pas|aucune idée|pas sûre?|no (?:lo )?sé)\b"
    r"|不知道|不清楚|不确定|没试过|わかりません|分かりません|知りません",
    re.IGNORECASE,
)
_TURN = re.compile(r"\b(?:but|although|though|aber|mais|pero)\b|但|が、|けど", re.IGNORECASE)
_GUESS = re.compile(
    r"\b(?:i (?:think|believe|guess|assume|suppose)|i(?:'?m| am) (?:assuming|guessing)|pretty sure|ich (?:glaube|denke)"
    r"|je (?:crois|pense)|creo)\b|我想|我觉得|と思います",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:wish|hop(?:e|ing)|if|would|should|could|maybe|probably|might|may|unless|assum\w*|depends?|want(?:s|ed)?|improved?"
    r"|wenn|falls|vielleicht|wahrscheinlich|sollte|könnte|hoffe|peut-être|probablement|devrait|pourrait|quizás?|debería|podría)\b"
    r"|如果|也许|可能|应该|大概|希望|もし|かもしれ|たぶん|おそらく",
    re.IGNORECASE,
)
