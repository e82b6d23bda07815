"""Whether a question leans on the turns before it, or stands by itself."""

from __future__ import annotations

import re

from agent.reading import Reading

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


def leans(reading: Reading) -> bool:
    """Short questions, those that begin like a continuation, and those that point back."""
    text = reading.text.strip()
    signs = re.sub(r"[\W\d_]", "", text)
    short = len(signs) <= FEW_SIGNS if re.search(r"[\u3040-\u9fff]", text) else len(text.split()) <= FEW_WORDS
    return short or bool(_START.search(text)) or bool(_POINTER.search(text))
