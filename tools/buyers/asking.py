"""Does a question ask what buyers find of a product, and of which aspects?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from knowledge.aspects import OVERALL
from knowledge.opinions import named_aspects

WORDS = Path(__file__).resolve().parent.parent.parent / "prompts" / "buyers.yaml"
FEW_WORDS = 4  # a query of few words, such as "size complaints", need not name the buyers
_HAN = re.compile(r"[\u3400-\u9fff]")

View = Literal["complaints", "praise", "both"]


@dataclass(frozen=True)
class Asked:
    """What is asked of buyers' opinions: which view, of which aspects (empty means all), and whether of these alone
    (`whole`), without a matter that passages could be near to."""

    view: View
    aspects: tuple[str, ...]
    whole: bool


def asked(query: str, kinds: Sequence[str]) -> Asked | None:
    """What a query asks of buyers' opinions, None when it asks for something else.

    "What do buyers complain about", "顾客最喜欢什么", "size complaints" do; so does a query for reviews that names an
    aspect ("smell"), then of both praise and complaints.
    """
    if kinds and "review" not in kinds:
        return None
    text = query.casefold()
    views = [view for view in ("complaints", "praise") if _says(text, view)]
    to_buyers = bool(kinds) or _says(text, "buyers")
    if not to_buyers and (not views or len(query.split()) > FEW_WORDS):
        return None
    aspects = tuple(one for one in named_aspects(query) if one != OVERALL)
    stated = bool(views) or _says(text, "both")
    if not stated and not (aspects and kinds):
        return None
    view: View = "both" if len(views) != 1 else "complaints" if views == ["complaints"] else "praise"
    return Asked(view, aspects, whole=stated)


def _says(text: str, what: str) -> bool:
    return bool(_pattern(what).search(text))


@cache
def _pattern(what: str) -> re.Pattern[str]:
    import yaml

    stated = yaml.safe_load(WORDS.read_text(encoding="utf-8"))[what]
    words = [str(word) for said in stated.values() for word in said]
    return re.compile("|".join(re.escape(w) if _HAN.search(w) else rf"\b{re.escape(w)}" for w in words))
