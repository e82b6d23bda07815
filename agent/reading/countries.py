"""Countries in a text: any country of the world by its name in six languages, and the usual short names."""

from __future__ import annotations

import re
from functools import lru_cache

from agent.reading.country_codes import Neighbours, lower_code
from agent.reading.languages import languages_in
from agent.reading.said import CountrySaid

_ALIASES: dict[str, str] = {
    "US": "usa|u.s.|u.s.a.|united states of america|the states|america|american|americans|amerika|amerikanisch|"
    "amerikanische|amerikanischen|us-amerikanisch|états-unis|etats-unis|etats unis|américain|américaine|estados unidos|"
    "ee.uu.|eeuu|ee. uu.|estadounidense|美国|美區|美区|美国站|美站|アメリカ|米国|vereinigten staaten",
    "GB": "uk|u.k.|britain|great britain|british|brits|england|scotland|wales|großbritannien|grossbritannien|"
    "vereinigten königreich|britisch|britische|britischen|englischen markt|grande-bretagne|royaume uni|britannique|britanniques|gran bretaña|"
    "británico|británica|inglaterra|angleterre|英国|英國|イギリス|英国站",
    "DE": "german|germans|deutsch|deutsche|deutschen|deutscher|deutsches|allemand|allemande|allemands|allemandes|"
    "alemán|alemana|alemanes|德国|德國|ドイツ|brd",
    "FR": "french|französisch|französische|französischen|französischer|français|française|francés|francesa|法国|法國|フランス|"
    "franceses|frankreich",
    "JP": "japanese|japanisch|japanische|japanischen|japonais|japonaise|japonés|japonesa|日本|日本站",
    "ES": "spanish|spaniards|spanisch|spanische|spanischen|espagnol|espagnole|español|española|españoles|西班牙|スペイン",
    "IT": "italian|italienisch|italienische|italienischen|italien|italienne|italiano|italiana|意大利|イタリア",
    "CN": "chinese|chinesisch|chinesische|chinesischen|chinois|chinoise|chino|china mainland|mainland china|中国大陆|国内",
    "CA": "canadian|kanadisch|kanadische|kanadischen|canadien|canadienne|canadiense|加拿大|カナダ",
    "AU": "australian|aussie|australisch|australische|australien|australienne|australiano|澳洲|澳大利亚|オーストラリア",
    "NL": "holland|dutch|niederländisch|niederländische|niederländischen|néerlandais|pays-bas|holandés|holanda|países bajos|荷兰|オランダ",
    "SE": "swedish|schwedisch|schwedische|suédois|sueco|瑞典", "CH": "swiss|schweizer|suisse|suizo|瑞士",
    "AT": "austrian|österreichisch|österreichische|autrichien|austriaco|奥地利", "BE": "belgian|belgisch|belge|belga|比利时",
    "PL": "polish market|polnisch|polnische|polonais|polaco|波兰", "MX": "mexican|mexikanisch|mexicain|mexicano|墨西哥",
    "BR": "brazilian|brasilianisch|brésilien|brasileño|巴西", "KR": "korea|korean|südkoreanisch|coréen|coreano|韩国|韓国",
    "IN": "indian|indisch|indien|indienne|indio|印度", "HK": "hong kong|hongkong|香港", "TW": "taiwan|taiwanese|台湾|臺灣",
    "AE": "uae|u.a.e.|emirates|dubai|emirate|vae|阿联酋|迪拜", "SA": "saudi|saudis|沙特", "SG": "singaporean|新加坡",
    "RU": "russian|russisch|russe|ruso|俄罗斯", "TR": "turkish|türkisch|turc|turco|türkei|土耳其", "DK": "danish|dänisch|丹麦",
    "NO": "norwegian|norwegisch|挪威", "FI": "finnish|finnisch|芬兰", "IE": "irish|irisch|爱尔兰",
    "PT": "portuguese market|portugiesisch|葡萄牙", "CZ": "czech|czech republic|tschechien|捷克", "VN": "vietnamese|vietnam|越南",
    "TH": "thai|泰国", "NZ": "kiwi market|new zealand", "ZA": "south african", "CI": "ivory coast",
}  # fmt: skip
_BARE = "US GB UK USA DE FR JP ES CN CA AU NL SE CH PL MX BR KR HK TW SG DK FI IE NZ CZ"
_BARE_CODES = frozenset(_BARE.split())
_LISTED_CODES = frozenset(["AT", "BE", "IT", "NO", "IN", "PT", "TR"])
_NOT_A_COUNTRY = re.compile(
    r"(?:new|neu|nouvelle|nueva)\s+(?:jersey|guinea|mexico)$|china(?=\s+(?:plate|cup|mug|set|porcelain))|"
    r"turkey(?=\s+(?:dinner|roast|sandwich))", re.I
)  # fmt: skip
_COMMON_WORDS = frozenset({"chad", "jersey", "man", "guinea", "niger", "indien", "italien", "australien"})
_PLACED_WORDS = frozenset({"turkey", "jordan", "mali", "oman", "cuba", "peru", "china", "georgia"})
_LETTER = r"[^\W\d_\u3040-\u30ff\u3400-\u9fff々]"
_TOKEN = re.compile(rf"{_LETTER}+(?:[.'’]{_LETTER}+)*\.?")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@lru_cache(maxsize=1)
def _names() -> tuple[dict[tuple[str, ...], str], dict[str, str], int, int]:
    from babel import Locale

    latin: dict[tuple[str, ...], str] = {}
    cjk: dict[str, str] = {}
    for language in ("en", "zh", "de", "fr", "es", "ja"):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO"}:
                _put(latin, cjk, str(name), code)
    for code, names in _ALIASES.items():
        for name in names.split("|"):
            _put(latin, cjk, name, code)
    for short in ("美", "英", "德", "法", "日"):
        cjk.pop(short, None)
    return latin, cjk, max(map(len, latin)), max(map(len, cjk))


def _put(latin: dict[tuple[str, ...], str], cjk: dict[str, str], name: str, code: str) -> None:
    if _CJK.search(name):
        cjk[name] = code
    elif words := tuple(word.casefold().rstrip(".") for word in _TOKEN.findall(name)):
        latin[words] = code


def country_names(country: str) -> frozenset[str]:
    """Every spelling this reader knows for a country, lower case."""
    latin, cjk, _, _ = _names()
    return frozenset(" ".join(words) for words, code in latin.items() if code == country) | frozenset(
        name for name, code in cjk.items() if code == country
    )


def is_country(word: str) -> bool:
    """Whether one lower-case word names a country in any of the six languages."""
    return (word,) in _names()[0]


def countries_in(text: str) -> list[CountrySaid]:
    """Every country said, in order, whether the shop sells there or not. Names of languages asked for
    ("in German") are not countries; "us" is the country only in capitals."""
    latin, cjk, most, longest = _names()
    found: list[CountrySaid] = []
    taken = [said.span for said in languages_in(text)]

    def add(code: str, start: int, end: int) -> None:
        if not any(start < b and a < end for a, b in taken):
            found.append(CountrySaid(code, (start, end), text[start:end]))
            taken.append((start, end))

    words = list(_TOKEN.finditer(text))
    folded = [word[0].casefold().rstrip(".") for word in words]
    for i, word in enumerate(words):
        near = Neighbours(text, words, folded, i)
        for size in range(min(most, len(words) - i), 0, -1):
            name = tuple(folded[i : i + size])
            end = words[i + size - 1].end() - (
                1 if words[i + size - 1][0].endswith(".") and "." not in words[i + size - 1][0][:-1] else 0
            )
            if name not in latin or _spoiled(text, word.start(), end, size, word[0], near):
                continue
            add(latin[name], word.start(), end)
            break
        else:
            if (code := _code(text, word, words, i) or lower_code(near)) is not None:
                add(code, word.start(), word.end() - word[0].endswith("."))
    for start in range(len(text)):
        if _CJK.match(text[start]):
            for size in range(min(longest, len(text) - start), 1, -1):
                if text[start : start + size] in cjk:
                    add(cjk[text[start : start + size]], start, start + size)
                    break
    for pair in re.finditer(
        r"(?<![\u4e00-\u9fff])(?:[美英德法日][、和与/]?){2,5}(?=市场|站|区|国|三国|两国|地区|仓)", text
    ):
        for i, c in enumerate(pair[0]):
            if c in "美英德法日":
                add(
                    {"美": "US", "英": "GB", "德": "DE", "法": "FR", "日": "JP"}[c],
                    pair.start() + i,
                    pair.start() + i + 1,
                )
    return sorted(found, key=lambda said: said.span)


def _spoiled(text: str, start: int, end: int, size: int, word: str, near: Neighbours) -> bool:
    if size == 1 and word.casefold() in _COMMON_WORDS and word.islower():
        return True
    if size == 1 and word.rstrip(".") in _PLACED_WORDS and not near.is_placed():
        return True
    if size == 1 and len(word.rstrip(".")) <= 3 and not word.rstrip(".").isupper() and "." not in word:
        return True
    return bool(_NOT_A_COUNTRY.search(text[max(0, start - 8) : end]) or _NOT_A_COUNTRY.match(text, start))


def _code(text: str, word: re.Match[str], words: list[re.Match[str]], i: int) -> str | None:
    said = word[0].rstrip(".")
    before, after = text[: word.start()][-1:], text[word.start() + len(said) :][:1]
    if (
        before == "-"
        or after == "-"
        or (after and after in "$¥€£")
        or (before and before in "$¥€£")
        or before.isdigit()
    ):
        return None
    if said in _BARE_CODES:
        return {"UK": "GB", "USA": "US"}.get(said, said)
    if said in _LISTED_CODES:
        near = [words[j][0].rstrip(".") for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(words)]
        return said if any(n in _BARE_CODES | _LISTED_CODES for n in near) else None
    return None
