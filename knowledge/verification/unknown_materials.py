"""Materials no lexicon knows, named as what the thing is made of, and held by no source in the claim's language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.verification.grounds import Grounds
from knowledge.verification.lexicon import concepts_in, plain
from knowledge.verification.places import places_in
from knowledge.verification.reading import Reading
from knowledge.verification.tongue import function_words
from knowledge.verification.verdict import Reason

_MADE_OF = {
    "en": re.compile(
        r"\b(?:made|crafted|built|woven|carved|cut) (?:of|from|out of) (?:solid |pure |real |genuine )?([a-z]{3,})"
    ),
    "de": re.compile(r"\b[Aa]us (?:\w+(?:em|er|en) )?([A-ZÄÖÜ][a-zäöüß]{2,})"),
    "fr": re.compile(r"\b(?:fait|faite|faits|faites|fabriqué|fabriquée|taillé|tissé) en ([a-zà-ÿ]{3,})"),
    "es": re.compile(r"\b(?:hecho|hecha|fabricado|fabricada) de ([a-zà-ÿ]{3,})"),
    "zh": re.compile(r"(?:由|用|采用)([\u4e00-\u9fff]{2,4}?)(?:制成|打造|制作)|([\u4e00-\u9fff]{2,4})材质"),
    "ja": re.compile(r"([\u30a1-\u30ffー]{2,}|[\u4e00-\u9fff]{2,4})製"),
}


def unknown_materials(claim: Reading, grounds: Grounds) -> Iterator[Reason]:
    """A reason for every such word; where no source is in the claim's language there is nothing to compare."""
    pattern = _MADE_OF.get(claim.language)
    sources = [s for s in grounds.told if s.reading.language == claim.language]
    if pattern is None or not sources:
        return
    held = plain(" ".join(s.passage.context for s in sources))
    for match in pattern.finditer(claim.text):
        word = next(group for group in match.groups() if group)
        known = bool(concepts_in(word, claim.language)) or any(True for _ in places_in(word, claim.language))
        if not known and plain(word) not in function_words() and plain(word)[:6] not in held:
            yield Reason("material", word)
