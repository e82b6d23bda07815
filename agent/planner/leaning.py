"""Whether a question leans on the turns before it, or stands by itself."""

from __future__ import annotations

import re

from agent.reading import Reading

TIMES = ("day", "week", "month")
FEW_WORDS = 6
FEW_SIGNS = 9
_START = re.compile(
    r"^\W*(and|but|or|what about|how about|same|then|also|only|just|ok|okay|yes|no|und|aber|et|mais|y|pero|"
    r"那|那么|然后|还有|只|再|换成|同样|じゃあ|では)", re.I
)  # fmt: skip
_POINTER = re.compile(
    r"\b(it|its|that|this one|these|those|them|they|there|the same|instead|as well|davon|dafür|dort|ça|celui|eso|lo mismo)\b"
    r"|这个|那个|这款|那款|它|他们|该|同样|也|それ|その|同じ|呢[？?]?$", re.I
)  # fmt: skip
_FILLER = re.compile(
    r"\b(and|but|or|also|then|now|only|just|ok|okay|please|in|on|for|at|the|a|an|to|with|of|what|how|about|same|as|well|"
    r"too|it|one|again|instead|question|thing|make|do|look|see|und|in|für|et|en|pour|y|por|para)\b|"
    r"[那么呢的也和与在看换成再只就吧啊请下试一同样还有如何]|怎么样|是多少|来|では|は|も|の", re.I
)  # fmt: skip


def names_only(reading: Reading) -> bool:
    """Whether it says nothing but other products, countries, channels or days: the same question about them."""
    spans = [said.span for said in reading.skus]
    spans += [said.span for said in reading.countries] + [said.span for said in reading.channels]
    spans += [said.span for said in reading.dates] + [n.span for n in reading.numbers if n.unit in TIMES]
    text = list(reading.text)
    for start, end in spans:
        text[start:end] = " " * (end - start)
    return bool(spans) and not re.search(r"\w", _FILLER.sub(" ", "".join(text)))


def leans(reading: Reading) -> bool:
    """Short questions, those that begin like a continuation, and those that point back."""
    text = reading.text.strip()
    signs = re.sub(r"[\W\d_]", "", text)
    short = len(signs) <= FEW_SIGNS if re.search(r"[\u3040-\u9fff]", text) else len(text.split()) <= FEW_WORDS
    return short or bool(_START.search(text)) or bool(_POINTER.search(text))
