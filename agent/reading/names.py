"""Products in a text: by code, by full name or alias in any language, by a telling part of a name, by typo."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from agent.reading.said import SkuSaid, Span, UnknownSku
from agent.reading.slips import slipped
from agent.reading.words import BREAKING, COUNTING, GENERIC, LINKING, VERBS
from shop.warehouse import Vocabulary

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々ー]+")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_CODE = re.compile(
    r"(?<![A-Za-z0-9_-])[A-Za-z0-9]+(?:[-_.‑–][A-Za-z0-9]+)+(?![A-Za-z0-9_-])|(?<![A-Za-z0-9_.,-])[A-Z0-9]{3,14}[A-Za-z]?(?![A-Za-z0-9_-])"
)
_NOT_CODES = re.compile(
    r"(?:iso|covid|utf|usb|en|din|astm|b2b|b2c|q[1-4]|h[12]|hs|p\d\d|mp3|co2|a[345]|us|eu|uk|w\d\d|wi-?fi|24|3d|4k|e-?\w+)(?:[-_ ].*)?$", re.I
)  # fmt: skip
_SIZES = {"ml", "l", "cm", "mm", "m", "kg", "g", "oz", "inch", "pcs", "pc", "pack", "er"}
_HAN_SIZES = {"毫升": "ml", "厘米": "cm", "ミリリットル": "ml", "公斤": "kg", "克": "g", "升": "l", "公分": "cm"}
_MOST_ALTERNATIVES = 5
_SMALL_VOCABULARY = 200


@dataclass(frozen=True)
class _Word:
    text: str
    stem: str
    start: int
    end: int
    raw: str


@dataclass
class _Index:
    """What a vocabulary's codes, names and aliases are made of."""

    codes: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    holders: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    forms: dict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))
    han: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    han_parts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    typos: dict[str, list[str]] = field(default_factory=dict)
    spellings: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    order: dict[str, int] = field(default_factory=dict)
    longest: int = 1
    longest_han: int = 1
    shapes: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)
    small: bool = True


def skus_in(text: str, vocabulary: Vocabulary) -> list[SkuSaid]:
    """Every product said, in order; the longest and surest reading of each stretch of text wins."""
    index = _index(vocabulary)
    found: list[SkuSaid] = []
    nouns = VERBS.sub(lambda verb: " " * len(verb[0]), text)
    for said in sorted(_candidates(nouns, index), key=_strength, reverse=True):
        if not any(said.span[0] < other.span[1] and other.span[0] < said.span[1] for other in found):
            found.append(said)
    return sorted(found, key=lambda said: said.span)


def unknown_sku_codes(text: str, vocabulary: Vocabulary, products: Sequence[SkuSaid]) -> list[UnknownSku]:
    """Codes in the style of the shop's own that are not among the products said, each with up to three near ones."""
    index = _index(vocabulary)
    known = [said.span for said in products]
    places = {warehouse.casefold() for warehouse in vocabulary.warehouses}
    unknown = []
    for match in _CODE.finditer(text):
        said = match[0]
        taken = any(start < match.end() and match.start() < end for start, end in known)
        if taken or _joined(said) in index.codes or said.casefold() in places or _NOT_CODES.match(said):
            continue
        if _like_a_code(said, index):
            near = process.extract(said.upper(), list(index.order), scorer=fuzz.ratio, limit=3, score_cutoff=45)
            unknown.append(UnknownSku(said, match.span(), tuple(code for code, _, _ in near)))
    return unknown


def _like_a_code(said: str, index: _Index) -> bool:
    has_digit = any(c.isdigit() for c in said)
    has_letter = any(c.isalpha() for c in said)
    head = re.split(r"[-_.‑–]", said)[0]
    if head == said:
        return has_digit and has_letter and _shape(said) in index.shapes
    if (
        re.fullmatch(r"[\d.\-–_]+", said)
        or not has_letter
        or (re.match(r"\d", head) and "-" in said and said[-1].islower())
    ):
        return False
    if head.upper() in index.prefixes:
        return has_digit or said == said.upper()
    return bool(index.prefixes) and said == said.upper() and head.isalpha() and 2 <= len(head) <= 5 and has_digit


def _shape(code: str) -> str:
    return "".join("9" if c.isdigit() else "A" if c.isalpha() else "-" for c in code)


def _strength(said: SkuSaid) -> tuple[int, int, float]:
    return (said.by == "code", said.span[1] - said.span[0], said.score)


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


@lru_cache(maxsize=8192)
def _fold(word: str) -> str:
    word = word.casefold().replace("ß", "ss")
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its plural or case ending; good enough to compare names."""
    folded = _fold(word)
    if folded.endswith("ies") and len(folded) > 4:
        return folded[:-3] + "y"
    for ending in ("sses", "ches", "shes", "xes"):
        if folded.endswith(ending):
            return folded[:-2]
    for ending in ("ern", "en", "er", "n", "e", "s"):
        if len(folded) - len(ending) >= 3 and folded.endswith(ending) and not folded.endswith("ss"):
            if ending in {"n", "er", "ern", "en"} and len(folded) < 7:
                continue
            return folded[: -len(ending)].rstrip("e") if ending == "s" else folded[: -len(ending)]
    return folded


def _words(text: str) -> list[_Word]:
    words = []
    for match in _TOKEN.finditer(text):
        if not _CJK.search(match[0]):
            words.append(_Word(_fold(match[0]), stem(match[0]), match.start(), match.end(), match[0]))
            continue
        for run in re.finditer(r"[^\u3040-\u30ff\u3400-\u9fff々ー]+", match[0]):
            start = match.start() + run.start()
            words.append(_Word(_fold(run[0]), stem(run[0]), start, start + len(run[0]), run[0]))
    return words


_kept: list[tuple[Vocabulary, _Index]] = []


def _index(vocabulary: Vocabulary) -> _Index:
    """The index of a vocabulary, made once; the same object is recognised without hashing its thousands of names."""
    for known, index in _kept:
        if known is vocabulary:
            return index
    index = next((index for known, index in _kept if known == vocabulary), None) or _made(vocabulary)
    _kept[:] = [(vocabulary, index), *_kept[:3]]
    return index


def _made(vocabulary: Vocabulary) -> _Index:
    index = _Index(small=len(vocabulary.products) <= _SMALL_VOCABULARY)
    for position, product in enumerate(vocabulary.products):
        sku = product.sku
        index.order[sku] = position
        index.codes.setdefault(_joined(sku), sku)
        index.shapes.add(_shape(sku))
        if head := re.match(r"([A-Za-z]{2,})[-_]", sku):
            index.prefixes.add(head[1].upper())
        for name in (product.name, *product.aliases):
            if _CJK.search(name):
                _add_han(index, sku, name)
            whole = _words(name)
            for word in whole:
                index.spellings[word.stem].add(word.text)
            words = [word.stem for word in whole]
            if words and not (_CJK.search(name) and len(_CJK.sub("", name).strip()) < 4):
                _add_form(index, sku, words)
        for word in _words(sku):
            if word.text.isdigit() and len(word.text) < 5:
                index.holders[word.stem].add(sku)
                index.sizes[sku].add(word.stem)
    return index


def _add_form(index: _Index, sku: str, words: list[str]) -> None:
    key = "".join(words)
    if sku not in index.phrases[key]:
        index.phrases[key].append(sku)
    index.forms[sku].append(words)
    index.longest = max(index.longest, len(words) + 1)
    for word in words:
        index.holders[word].add(sku)


def _han_key(text: str) -> str:
    for word, short in _HAN_SIZES.items():
        text = text.replace(word, short)
    return re.sub(r"\s+", "", text).casefold()


def _add_han(index: _Index, sku: str, name: str) -> None:
    key = _han_key(name)
    if sku not in index.han[key]:
        index.han[key].append(sku)
    index.longest_han = max(index.longest_han, len(key))
    for run in _CJK.findall(name):
        for size in range(2, len(run)):
            for part in (run[-size:], run[:size] if size >= 3 else ""):
                if part and part not in GENERIC and sku not in index.han_parts[part]:
                    index.han_parts[part].append(sku)
        if run != name and len(run) >= 2 and run not in GENERIC and sku not in index.han_parts[run]:
            index.han_parts[run].append(sku)


def _candidates(text: str, index: _Index) -> Iterator[SkuSaid]:
    words = _words(text)
    yield from _by_code(text, words, index)
    yield from _by_phrase(text, words, index)
    if _CJK.search(text):
        yield from _by_han(text, index)
    yield from _by_part(text, words, index)


def _inside_code(text: str, word: _Word) -> bool:
    """A word joined to a digit by a hyphen is part of a code, such as BOT in BOT-900."""
    return bool(re.match(r"[-_]\d", text[word.end : word.end + 2])) and word.raw.isupper()


def _said(text: str, span: Span, skus: list[str], score: float, by: str) -> SkuSaid:
    return SkuSaid(skus[0], span, text[span[0] : span[1]], score, by, tuple(skus[1:]))  # type: ignore[arg-type]


def _by_code(text: str, words: list[_Word], index: _Index) -> Iterator[SkuSaid]:
    for i in range(len(words)):
        joined = ""
        for j in range(i, min(i + 6, len(words))):
            if j > i and not re.fullmatch(r"[\s\-_.‑–/]?", text[words[j - 1].end : words[j].start]):
                break
            stemmed = joined + words[j].stem
            joined += words[j].text
            sku = index.codes.get(joined) or (index.codes.get(stemmed) if j > i and stemmed.isalpha() else None)
            if sku and _plausible_code(text[words[i].start : words[j].end], sku):
                before, after = text[: words[i].start][-1:], text[words[j].end :][:1]
                if not (before.isalnum() and before.isascii()) and not (after.isalnum() and after.isascii()):
                    yield _said(text, (words[i].start, words[j].end), [sku], 1.0, "code")


def _plausible_code(said: str, sku: str) -> bool:
    if sku.isdigit():
        return len(sku) >= 5
    if sku.isalpha():
        return len(sku) >= 3 and said == sku
    return said == sku or len(_joined(said)) >= 4


def _by_phrase(text: str, words: list[_Word], index: _Index) -> Iterator[SkuSaid]:
    for i in range(len(words)):
        joined, size = "", 0
        for j in range(i, min(i + index.longest + 1, len(words))):
            if j > i and re.search(r"[.;:!?\n]", text[words[j - 1].end : words[j].start]):
                break
            joined, size = joined + words[j].stem, size + 1
            skus = index.phrases.get(joined)
            if not skus or (size == 1 and (words[i].text in GENERIC or words[i].stem in GENERIC or len(joined) < 3)):
                continue
            if all(word.text in LINKING or word.text in COUNTING or word.text.isdigit() for word in words[i : j + 1]):
                continue
            if len(skus) <= _MOST_ALTERNATIVES:
                ranked, sure = sorted(skus, key=index.order.__getitem__), 1.0 if len(skus) == 1 else 0.7
                yield _said(text, (words[i].start, words[j].end), ranked, sure, "name")


def _by_han(text: str, index: _Index) -> Iterator[SkuSaid]:
    compact, places = "", []
    i = 0
    while i < len(text):
        word = next((w for w in _HAN_SIZES if text.startswith(w, i)), None)
        if word:
            compact += _HAN_SIZES[word]
            places += [i] * (len(_HAN_SIZES[word]) - 1) + [i + len(word) - 1]
            i += len(word)
            continue
        if not text[i].isspace():
            compact += text[i].casefold()[:1]
            places.append(i)
        i += 1
    for start in range(len(compact)):
        if start and compact[start].isdigit() and compact[start - 1].isdigit():
            continue
        for size in range(min(index.longest_han, len(compact) - start), 1, -1):
            piece = compact[start : start + size]
            skus, score, by = index.han.get(piece), 1.0, "name"
            if skus is None and (skus := index.han_parts.get(piece)) is not None:
                skus, score, by = _sized(compact, start, size, skus, index), 0.8, "part"
            if skus and len(skus) <= _MOST_ALTERNATIVES and (by == "name" or piece not in GENERIC):
                span = (places[start], places[start + size - 1] + 1)
                yield _said(text, span, sorted(skus, key=index.order.__getitem__), score if len(skus) == 1 else 0.6, by)
                break


def _sized(compact: str, start: int, size: int, skus: list[str], index: _Index) -> list[str]:
    near = re.findall(
        r"\d+(?:ml|cm|kg|g|l)", compact[max(0, start - 6) : start] + " " + compact[start + size : start + size + 6]
    )
    matching = [sku for sku in skus if any(n in key for n in near for key, held in index.han.items() if sku in held)]
    return matching or skus


def _by_part(text: str, words: list[_Word], index: _Index) -> Iterator[SkuSaid]:
    corrected = [_corrected(word, index) for word in words]
    for i in range(len(words)):
        first, wrong, slip = corrected[i]
        if first not in index.holders or words[i].text in LINKING or _inside_code(text, words[i]):
            continue
        holders = set(index.holders[first])
        used, typos, slips, end = [first], wrong, slip, i
        best: tuple[int, set[str], list[str], int] | None = None
        for j in range(i, min(i + 8, len(words))):
            if j > i:
                if re.search(r"[.;:!?,\n]", text[words[j - 1].end : words[j].start]) or words[j].text in BREAKING:
                    break
                if words[j].text in LINKING:
                    continue
                token, wrong, slip = corrected[j]
                narrowed = holders & index.holders.get(token, set())
                if not narrowed:
                    break
                holders, typos, slips, end = narrowed, typos + wrong, slips + slip, j
                used.append(token)
            kept = {sku for sku in holders if _in_order(used, index.forms[sku])}
            if kept and _telling(used, [w.text for w in words[i : end + 1]], kept, index, typos):
                best = (end, kept, list(used), typos + slips)
        if best and len(best[1]) <= _MOST_ALTERNATIVES:
            end, kept, used, typos = best
            ranked = sorted(kept, key=lambda sku: (-_cover(used, index.forms[sku]), index.order[sku]))
            covers = [_cover(used, index.forms[sku]) for sku in ranked]
            shared = 0.2 if len(ranked) > 1 and covers[0] == covers[1] else 0
            score = round(max(0.3, covers[0] - 0.1 * typos - shared), 2)
            yield _said(text, (words[i].start, words[end].end), ranked, score, "typo" if typos else "part")


def _in_order(used: list[str], forms: list[list[str]]) -> bool:
    """Digits belong to a name only beside the word they stand beside there."""
    for form in forms:
        if not all(token in form for token in used):
            continue
        ordered = set(pairwise(form))
        pairs = ordered | {(b, a) for a, b in ordered if not b.isdigit()}
        good = True
        for k, token in enumerate(used):
            if token.isdigit():
                follows = (
                    k + 1 < len(used) and (token, used[k + 1]) in pairs and form.index(token) < form.index(used[k + 1])
                )
                leads = k > 0 and (used[k - 1], token) in ordered
                good = good and (follows or leads)
        if good:
            return True
    return False


def _telling(used: list[str], raw: list[str], skus: set[str], index: _Index, typos: int) -> bool:
    content = {t for t in used if t not in GENERIC and not t.isdigit() and t not in _SIZES and len(t) >= 3}
    content -= {stem(word) for word in raw if word in GENERIC or word in COUNTING}
    if not content:
        return False
    if len(used) >= 2 and (len(content) >= 2 or any(t.isdigit() for t in used)):
        return True
    return index.small and len(skus) <= 3 and (not typos or min(map(len, content)) >= 7)


def _cover(used: list[str], forms: list[list[str]]) -> float:
    return max((len(set(used) & set(form)) / len(set(form)) for form in forms if form), default=0.0)


def _corrected(word: _Word, index: _Index) -> tuple[str, int, int]:
    """The word as a name would have it, whether a typo was mended, and whether a slip of the finger was."""
    token = word.stem
    if token in index.holders or len(word.text) < 5 or word.text in GENERIC or word.text in LINKING or token.isdigit():
        return token, 0, 0
    if token[0] not in index.typos:
        index.typos[token[0]] = [t for t in index.holders if len(t) >= 5 and t[0] == token[0] and t not in GENERIC]
    for meant in index.typos[token[0]]:
        if any(slipped(word.text, spelling) for spelling in index.spellings[meant]):
            return meant, 0, 1
    if len(token) < 5:
        return token, 0, 0
    cutoff = 1 if len(token) < 9 else 2
    near = process.extractOne(token, index.typos[token[0]], scorer=OSA.distance, score_cutoff=cutoff)
    return (near[0], 1, 0) if near else (token, 0, 0)
