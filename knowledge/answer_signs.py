"""What speaks for a sentence answering a question: nine signs that a person can check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import log1p

from knowledge.words import content, words


@dataclass(frozen=True)
class Signs:
    """One question beside one sentence; also the weights of these signs.

    meaning: cosine; overlap: share of the question's content words that the sentence holds; focus: share of the
    sentence's that the question holds; length: log of the sentence's words; hedged: the writer does not know;
    yes_or_no: such a question, and the sentence begins so; number: a quantity asked and a number said;
    number_missing: a quantity asked and none said; question_length: log of the question's content words.
    """

    meaning: float
    overlap: float
    focus: float
    length: float
    hedged: float
    yes_or_no: float
    number: float
    number_missing: float
    question_length: float

    @property
    def nearness(self) -> float:
        """By which the part of a passage is chosen."""
        return self.meaning + self.overlap


SIGNS = tuple(field.name for field in fields(Signs))


def signs(question: str, parts: Sequence[tuple[str, str, str | None]]) -> list[Signs]:
    """The signs of each part: its text, the headings above it, its language (BCP 47)."""
    from knowledge.embed import embed

    headed = [f"{heading.rsplit(' › ', 1)[-1]}\n{text}" if heading else text for text, heading, _ in parts]
    vectors = embed([question, *headed])
    cosines = vectors[1:] @ vectors[0]
    closed, quantity = bool(_CLOSED.search(question)), bool(_QUANTITY.search(question))
    return [
        _signs(question, text, context, language, float(cosine), closed, quantity)
        for (text, _, language), context, cosine in zip(parts, headed, cosines, strict=True)
    ]


def _signs(
    question: str, text: str, context: str, language: str | None, cosine: float, closed: bool, quantity: bool
) -> Signs:
    asked, said = set(content(question, language)), set(content(context, language))
    common = len(asked & said)
    numbered = bool(_NUMBER.search(text))
    return Signs(
        meaning=cosine,
        overlap=common / max(len(asked), 1),
        focus=common / max(len(said), 1),
        length=log1p(len(words(text))),
        hedged=float(bool(_HEDGE.search(text))),
        yes_or_no=float(closed and bool(_YES_OR_NO.search(text))),
        number=float(quantity and numbered),
        number_missing=float(quantity and not numbered),
        question_length=log1p(len(asked)),
    )


_NUMBER = re.compile(r"\d")
_CLOSED = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:do|does|did|is|are|was|can|could|will|would|should|has|have|if|any)\b"
    r"|^\W*(?:ist|sind|kann|können|hat|haben|gibt|wird|darf|passt|est-ce|peut|peut-on|es|puede|tiene)\b"
    r"|[吗嗎]|能不能|是不是|有没有|可不可以|会不会|是否|ますか|ですか|でしょうか",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(
    r"^\W*(?:yes|yep|yeah|no|nope|sure|ja|nein|oui|non|sí|si|no)\b|^\W*(?:是的|可以|能|不|没有|对|有的|はい|いいえ)",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|tall|wide|big|large|high|deep|thick|heavy|old|far|fast|hot|cold|often)\b"
    r"|\b(?:sizes?|dimensions?|weigh\w*|height|width|length|depth|diameter|volts?|voltage|watts?|wattage|inch(?:es)?"
    r"|capacity|measure\w*|ounces?|cost|price|temperature|percent\w*)\b"
    r"|\bwie (?:viel|viele|lange|groß|gross|hoch|breit|tief|dick|schwer|alt|weit|schnell|heiß|warm|oft)\b"
    r"|\b(?:größe|maße|gewicht|höhe|breite|länge|durchmesser|preis|combien|taille|poids|hauteur|largeur|longueur|prix"
    r"|cuánt\w+|tamaño|peso|altura|precio)\b"
    r"|多少|多长|多大|多高|多宽|多重|多久|几[个天年米件小]|尺寸|重量|容量|价格|温度|何|どのくらい|いくら|サイズ|重さ|長さ|高さ",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:do(?:n'?t| not) (?:really |actually )?(?:know|own|have one)|not (?:really |quite )?sure|no idea|unsure"
    r"|haven'?t (?:tried|used|tested|measured)|can(?:'?t|not) (?:say|answer|tell)|sorry|i (?:think|believe|guess|assume))\b"
    r"|\b(?:weiß (?:ich )?nicht|keine ahnung|nicht sicher|ne sais pas|aucune idée|no (?:lo )?sé)\b"
    r"|不知道|不清楚|不确定|没试过|わかりません|分かりません|知りません",
    re.IGNORECASE,
)
