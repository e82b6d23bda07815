"""What a question asks for: yes or no, something open, a quantity and in which units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from knowledge.verification.lexicon import HAN, read_yaml
from knowledge.words import content

LONGEST_SHORT = 4  # letters of a unit that counts only after a figure: "in" and "once" are also other words


@dataclass(frozen=True)
class Asks:
    """A question as it is answered. `dimensions` are groups of prompts/lexicon/measures.yaml, empty where none is
    asked."""

    text: str
    closed: bool
    open: bool
    quantity: bool
    dimensions: frozenset[str]

    def words(self, language: str | None) -> frozenset[str]:
        """Its content words, stemmed as those of a text in the language."""
        return frozenset(content(self.text, language))


def asks(question: str) -> Asks:
    """Read a question in English, Chinese, German, French, Spanish or Japanese."""
    open_ = bool(_OPEN.search(question)) and not _BEGINS_CLOSED.match(question)
    return Asks(
        text=question,
        closed=not open_ and bool(_CLOSED.search(question)),
        open=open_,
        quantity=bool(_QUANTITY.search(question)),
        dimensions=frozenset(d for pattern, found in _DIMENSIONS if pattern.search(question) for d in found),
    )


def measured(text: str, dimensions: frozenset[str]) -> bool:
    """Whether a text gives a quantity, or names a unit, of one of the dimensions."""
    return any(_units(dimension).search(text) for dimension in dimensions)


@cache
def _units(dimension: str) -> re.Pattern[str]:
    said = [word for unit in read_yaml("measures")["units"][dimension].values() for word in unit["words"]]
    said.sort(key=len, reverse=True)
    alone = "|".join(re.escape(w) for w in said if len(w) > LONGEST_SHORT and not HAN.search(w))
    marks = "|".join(re.escape(w) for w in said if not w[0].isalnum())
    after = "|".join(re.escape(w) for w in said if len(w) <= LONGEST_SHORT or HAN.search(w))
    found = [rf"\d[\s-]{{0,2}}(?:{after})(?![A-Za-zÀ-ÿ])", rf"(?<!\w)(?:{alone})(?!\w)", rf"(?:{marks})\s?\d"]
    return re.compile("|".join(pattern for pattern in found if "(?:)" not in pattern), re.IGNORECASE)


_CLOSED = re.compile(
    r"^\W*(?:\w+\W+){0,3}?(?:do|does|did|is|are|was|can|could|will|would|should|has|have|if|any)\b"
    r"|^\W*(?:ist|sind|kann|können|hat|haben|gibt|wird|darf|passt|est-ce|peut|peut-on|es|puede|tiene)\b"
    r"|[吗嗎]|能不能|是不是|有没有|可不可以|会不会|是否|ますか|ですか|でしょうか",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:what|which|who|where|when|why|how)(?:'?s)?\b|\b(?:was|welche[rsmn]?|wer|wo|wann|warum|wie|womit|wofür)\b"
    r"|\b(?:qu(?:el(?:le)?s?|oi|i|and)|où|pourquoi|comment|combien)\b|\b(?:qué|cuál(?:es)?|quién|dónde|cuándo|cómo|cuánt\w+)\b"
    r"|什么|哪|谁|怎么|如何|为什么|多少|几|何|どの|どこ|いつ|なぜ|どう|いくら",
    re.IGNORECASE,
)
_BEGINS_CLOSED = re.compile(
    r"\W*(?:is|are|do|does|did|can|could|will|would|should|has|have|ist|sind|kann|können|hat|haben|est-ce|peut|puede|tiene)\b",
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
_DIMENSIONS = tuple(
    (re.compile(pattern, re.IGNORECASE), dimensions)
    for pattern, dimensions in (
        (
            r"\bhow long (?:do|does|did|will|can|has|have|it|before|until)\b|\bhow (?:old|often|fast)\b|battery life|warranty|expir"
            r"|wie (?:lange|alt|oft|schnell)|haltbar|garantie|combien de temps|cuánto tiempo|garantía|多久|保质期|保修|賞味期限|保証",
            ("time", "age"),
        ),
        (
            r"\bhow (?:long(?! (?:do|does|did|will|can|has|have|it|before|until)\b)|tall|wide|high|deep|thick|big|large|far)\b|\b(?:dimensions?|height|width|depth|diameter|length|inch(?:es)?|sizes?"
            r"|measure\w*|thickness)\b|wie (?:lang|groß|gross|hoch|breit|tief|dick|weit)\b|\b(?:größe|maße|höhe|breite|länge|durchmesser)\b"
            r"|\b(?:taille|hauteur|largeur|longueur|épaisseur|tamaño|altura|anchura|longitud)\b|多[长大高宽厚]|尺寸|サイズ|長さ|高さ|厚さ",
            ("distance",),
        ),
        (r"weigh|heavy|\bpounds?\b|\blbs?\b|schwer|gewicht|poids|\bpeso|\bpes[ae]|多重|重量|重さ", ("mass",)),
        (
            r"\bounces?\b|\boz\b|capacity|gallons?|lit(?:er|re)s?\b|volume\b|how much .*hold|fassungsvermögen|capacité|contenance"
            r"|capacidad|容量|多少毫升",
            ("volume", "mass"),
        ),
        (r"\bvolt|\bwatt|\bamps?\b|\bhertz|\bhz\b|puissance|leistung|potencia|功率|电压", ("power", "voltage", "current", "charge", "frequency")),
        (r"temperature|how (?:hot|cold)|degrees|temperatur|température|temperatura|温度", ("temperature",)),
        (r"\bcost|\bprice|how much (?:is|are|do|does|would)\b|\bpreis|kostet|\bprix|\bprecio|价格|多少钱|いくら", ("money",)),
    )
)  # fmt: skip
