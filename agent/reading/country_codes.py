"""Country codes in lower case, told from the small words they look like by what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SURE = {"uk": "GB", "gb": "GB", "usa": "US", "jp": "JP"}
_LEANING = {"us": "US", "de": "DE", "fr": "FR", "nl": "NL", "cn": "CN", "au": "AU", "kr": "KR", "hk": "HK", "mx": "MX"}
_ENGLISH = """
market markets marketplace sales customers customer buyers shoppers orders demand price prices pricing forecast
inventory outlook returns reviews warehouse region store profit revenue shipping competitors tariff tariffs duty
duties website site
"""
_LOAN = "amazon shopify alibaba ebay etsy tiktok walmart stock promo listing listings shop"
_AFTER_WHICH_US_IS_WE = """
help helps helping tell tells show shows give gives giving let lets get gets getting send sends cost costs make makes
ask asks earn earns bring brings buy lend offer offers allow allows remind inform update advise leave keep put take
want wants need needs pay pays paid owe owes save saves charge charges email contact call join like quote quoted hurt
hurts kill kills benefit benefits affect affects hit hits
helped told showed gave got sent made asked earned brought bought lent offered allowed reminded informed updated advised
left kept took wanted needed owed saved charged emailed contacted called supply supplies supplied deliver delivers delivered
"""
_ENGLISH_TRADE = frozenset(_ENGLISH.split())
_LOAN_TRADE = frozenset(_LOAN.split())
_TRADE = _ENGLISH_TRADE | _LOAN_TRADE
_GIVING = frozenset(_AFTER_WHICH_US_IS_WE.split())
_VERBS_TOO = frozenset({"price", "market", "stock", "shop", "store", "demand", "region"})
_PLACING = frozenset({"in", "into", "to", "from", "for", "within", "across", "inside", "nach", "für", "aus"})
_JOINING = frozenset({"and", "or", "und", "oder", "vs", "versus", "plus", "then"})
_TRUSTING = frozenset({"believe", "believes", "trust", "invest", "invests", "investing", "confidence", "faith", "interest",
                       "interested"})  # fmt: skip
_CODE_BEFORE = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]*-[A-Z0-9-]+\s$")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Neighbours:
    """One word of a text and the words beside it."""

    text: str
    words: Sequence[re.Match[str]]
    folded: Sequence[str]
    i: int

    @property
    def word(self) -> str:
        """The word itself, as written."""
        return self.words[self.i][0].rstrip(".")

    def beside(self, step: int) -> str:
        """The word before (-1) or after (1) with nothing but spaces between, else an empty string."""
        j = self.i + step
        if not 0 <= j < len(self.words):
            return ""
        return "" if self._between(self.i, j).strip() else self.folded[j]

    def partner(self, step: int) -> str:
        """The word this one is listed with on that side: "de" in "de/fr", "fr and de", "fr de"."""
        j = self._partner_at(step)
        return "" if j is None else self.folded[j]

    def is_listed(self) -> bool:
        """Whether it is listed with a word that names a country, or follows a code already told to be one."""
        if any(_names_country(self.partner(step)) for step in (-1, 1)):
            return True
        j = self._partner_at(-1)
        return j is not None and lower_code(Neighbours(self.text, self.words, self.folded, j)) is not None

    def _partner_at(self, step: int) -> int | None:
        j = self.i + step
        if 0 <= j < len(self.words) and self.folded[j] in _JOINING and not self._between(self.i, j).strip():
            if not 0 <= j + step < len(self.words) or self._between(j, j + step).strip():
                return None
            return j + step
        if 0 <= j < len(self.words) and self._between(self.i, j).strip() in {"", ",", "/", "&", "+", "、"}:
            return j
        return None

    def is_placed(self) -> bool:
        """After a word such as "in" or "from", before a word of the trade, or listed with a country."""
        if self.beside(-1) in _PLACING or self.beside(1) in _TRADE:
            return True
        return self.is_listed()

    def touches_han(self) -> bool:
        """Whether Chinese or Japanese stands right before or after, and no other Latin word does."""
        word = self.words[self.i]
        before, after = self.text[: word.start()].rstrip()[-1:], self.text[word.end() :].lstrip()[:1]
        return bool(_HAN.match(before) or _HAN.match(after)) and not (self.beside(-1) and self.beside(1))

    def ends(self) -> bool:
        """Whether no word follows without a mark between."""
        return not self.beside(1) and not self.text[self.words[self.i].end() :].lstrip()[:1].isdigit()

    def _between(self, i: int, j: int) -> str:
        first, second = (self.words[min(i, j)], self.words[max(i, j)])
        return self.text[first.end() : second.start()]


def lower_code(near: Neighbours) -> str | None:
    """The country of a lower-case code: "uk" and "jp" as they stand, "us", "de" and the like only where their
    neighbours make them one ("in the us", "amazon de", "de/fr"), never the pronoun or the French and Spanish "de"."""
    word, text, start = near.word, near.text, near.words[near.i].start()
    if text[start - 1 : start] in {"-", ".", "@", "/", "'", "’"} and near.partner(-1) not in _SURE | _LEANING:
        return None
    if text[near.words[near.i].end() :][:1] in {"-", "@", "$", "€", "'", "’"}:
        return None
    after_digit = text[:start].rstrip()[-1:].isdigit()
    if (sure := _SURE.get(word.casefold())) and not (after_digit and word.casefold() == "gb"):
        return sure
    if word not in _LEANING or (after_digit and near.beside(1) not in _TRADE):
        return None
    told = {"us": _is_us, "de": _is_de}.get(word, _is_other)(near)
    return _LEANING[word] if told else None


def _is_us(near: Neighbours) -> bool:
    before, after = near.beside(-1), near.beside(1)
    if before == "the":
        return True
    if before in _GIVING:
        return False
    if before in {"in", "within", "across", "inside"}:
        return near.i < 2 or near.folded[near.i - 2] not in _TRUSTING
    if after in _TRADE or near.touches_han() or _after_code(near):
        return True
    if before in _TRADE - _VERBS_TOO:
        return True
    return before not in _PLACING and near.is_listed()


def _is_de(near: Neighbours) -> bool:
    before, after = near.beside(-1), near.beside(1)
    if before in _PLACING or before in _ENGLISH_TRADE or after in _ENGLISH_TRADE or _after_code(near):
        return True
    if before in _LOAN_TRADE and near.ends():
        return True
    return near.touches_han() or any(near.partner(step) in (_SURE | _LEANING) for step in (-1, 1))


def _is_other(near: Neighbours) -> bool:
    before, after = near.beside(-1), near.beside(1)
    if before in _PLACING | _TRADE | {"the"} or after in _TRADE or _after_code(near) or near.touches_han():
        return True
    return near.is_listed()


def _after_code(near: Neighbours) -> bool:
    coded = _CODE_BEFORE.search(near.text[: near.words[near.i].start()])
    return bool(coded) and (near.ends() or near.beside(1) in _TRADE)


def _names_country(word: str) -> bool:
    from agent.reading.countries import is_country

    return word in _SURE or (word in _LEANING and word not in {"us", "de"}) or (len(word) > 3 and is_country(word))
