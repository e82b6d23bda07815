"""Which language a question is in, and which languages it asks an output to be in."""

from __future__ import annotations

import re

from agent.reading.said import LanguageSaid

LANGUAGES = ("en", "zh", "de", "fr", "es", "ja")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_STOP = {
    "en": "the of and to in is for what how much many should we do my our if will which with on at are can i it a this "
    "that next last who from by have does would when where why show me give please per need any not be was or than",
    "de": "der die das und ist für wie viel viele soll wir ich mein meine unser unsere wenn wird werden welche mit auf "
    "den dem ein eine von zu im nächsten letzten wer aus nicht oder als bei nach noch über was kann bitte zeig mir wo "
    "warum sollte verkaufen wann sind haben brauche es uns zum zur bis gibt",
    "fr": "le la les des et est pour combien quel quelle quels quelles dois je nous mon ma mes notre nos si avec sur un "
    "une de du au aux prochains derniers qui ne pas ou que dans en ce cette comment pourquoi où faut il peut sont quand "
    "vendre plus jours semaines donne montre moi",
    "es": "el la los las y es para cuánto cuanto cuántos cuántas qué que cuál debo mi mis nuestro nuestra si con en un "
    "una de del al próximos últimos quién no o por cómo como dónde cuándo se puede son hay muéstrame más vender "
    "días semanas necesito está nos me",
}  # fmt: skip
_STOPS = {language: frozenset(words.split()) for language, words in _STOP.items()}
_ONLY = {"de": re.compile("[äöüß]", re.I), "fr": re.compile("[çèêàùœ]", re.I), "es": re.compile("[ñ¿¡óí]", re.I)}

_NAMES = {
    "en": "english|englische?[rnms]?|anglais|inglés|ingles",
    "de": "german|deutsch(?:e[rnms]?)?|allemand|alemán|aleman",
    "fr": "french|französisch(?:e[rnms]?)?|français|francais|francés|frances",
    "es": "spanish|spanisch(?:e[rnms]?)?|espagnol|español|espanol|castellano",
    "ja": "japanese|japanisch(?:e[rnms]?)?|japonais|japonés|japones",
    "zh": "(?:simplified )?(?:chinese|mandarin)|chinesisch(?:e[rnms]?)?|chinois|chino|mandarín",
    "it": "italian|italienisch(?:e[rnms]?)?|italien|italiano", "pt": "portuguese|portugiesisch|portugais|portugués",
    "nl": "dutch|niederländisch|néerlandais|neerlandés", "ko": "korean|koreanisch|coréen|coreano",
    "pl": "polish|polnisch|polonais|polaco", "sv": "swedish|schwedisch|suédois|sueco",
    "ru": "russian|russisch|russe|ruso", "ar": "arabic|arabisch|arabe|árabe",
    "zh-Hant": "traditional chinese",
}  # fmt: skip
_ANY = "|".join(sorted(("|".join(_NAMES.values())).split("|"), key=len, reverse=True))
_ANY = "|".join(f"(?:{names})" for names in reversed(_NAMES.values()))
_JOINT = r"\s*(?:,|/|&|\+|and|or|und|oder|et|ou|y|o|then|plus|as well as)+\s*(?:in\s+|auf\s+|en\s+)?"
_OUTPUT = (
    r"listings?|cop(?:y|ies)|texts?|versions?|descriptions?|translations?|faqs?|bullets?|titles?|wording|language|"
    r"replies|reply|answers?|pages?|blurbs?|Seiten?|Produktseiten?|Texte?|Fassung|Version|Beschreibung(?:en)?|Sprache|Übersetzung"
)
_ASKED = (
    re.compile(
        rf"\b(?:in|into|to|auf|ins|en|al|a)\s+(?P<names>(?:{_ANY})(?:{_JOINT}(?:{_ANY}))*)\b"
        rf"(?!\s+(?!please|and|or|for|s['’]|with|und|oder|für|et|pour|y|para|bitte|on|at|by|of|the|sur|sobre|about|{_OUTPUT})[^\W\d_])",
        re.I,
    ),
    re.compile(rf"(?P<names>\b(?:{_ANY})(?:{_JOINT}(?:{_ANY}))*)[\s-]+(?:\w+\s+)?(?:{_OUTPUT})\b", re.I),
    re.compile(rf"\b(?:versión|traducción|version|traduction|texte|texto|fiche|ficha)\s+(?P<names>(?:{_ANY})e?(?:{_JOINT}(?:{_ANY})e?)*)\b", re.I),
    re.compile(rf"(?:listing|faq|copy|page|beschreibung|text)\w*(?:[^.?!]{{0,40}}[,:(])?\s*\b(?P<names>(?:{_ANY})(?:{_JOINT}(?:{_ANY}))*+)\s*(?=[,;.?!)]|please\b|$)", re.I),
    re.compile(rf"(?:listing|faq|copy|beschreibung)\w*\s[^.?!,]{{0,40}}?\b(?P<names>(?:{_ANY})(?:{_JOINT}(?:{_ANY}))*+)\s*(?:please\s*)?[.!]?$", re.I),
)  # fmt: skip
_ONE = re.compile("|".join(f"(?P<l{i}>\\b(?:{names})e?\\b)" for i, names in enumerate(reversed(_NAMES.values()))), re.I)
_CODES = tuple(reversed(_NAMES))
_CJK = (
    ("zh-Hant", "繁体中文|繁體中文|繁体字|繁中"), ("zh", "简体中文|中文|汉语|中国語|中国话|普通话|简中"),
    ("en", "英文|英语|英語"), ("de", "德文|德语|ドイツ語"), ("fr", "法文|法语|フランス語"),
    ("es", "西班牙文|西班牙语|西语|スペイン語"), ("ja", "日文|日语|日本語|日本语"), ("it", "意大利语|意大利文|イタリア語"),
    ("ko", "韩文|韩语|韓国語"), ("pt", "葡萄牙语|葡语|ポルトガル語"), ("nl", "荷兰语|オランダ語"), ("ru", "俄语|俄文|ロシア語"),
)  # fmt: skip
_SHORT_LIST = re.compile(
    r"(?:[中英德法日西](?:[、/和与]|(?=[中英德法日西])))+[中英德法日西](?:[双三四五六]?[语文]|语言|版)"
)
_SHORT = {"中": "zh", "英": "en", "德": "de", "法": "fr", "日": "ja", "西": "es"}


def language_of(text: str) -> str:
    """The language a text is in: en, zh, de, fr, es or ja. Script decides first, then small words."""
    if _KANA.search(text):
        return "ja"
    words = [word.casefold() for word in _WORD.findall(text) if not _HAN.search(word)]
    votes = {language: sum(word in stops for word in words) for language, stops in _STOPS.items()}
    han = len(_HAN.findall(text))
    if han and not (han <= 6 and max(votes.values(), default=0) >= 2):
        return "zh"
    for language, pattern in _ONLY.items():
        votes[language] += bool(pattern.search(text))
    best = max(votes.values())
    leaders = [language for language, count in votes.items() if count == best]
    if best and (len(leaders) == 1 or "en" in leaders):
        return leaders[0] if len(leaders) == 1 else "en"
    if best or len(words) >= 4:
        return _guessed(text, tuple(leaders) if best else LANGUAGES)
    return "en"


def _guessed(text: str, allowed: tuple[str, ...]) -> str:
    import py3langid

    guess = str(py3langid.classify(text)[0])
    return guess if guess in allowed else allowed[0]


def languages_in(text: str) -> list[LanguageSaid]:
    """Languages an output is asked for in: "in English and Chinese", 中文, auf Deutsch.

    A nationality before a noun ("German market") is a country, not a language.
    """
    found: list[LanguageSaid] = []
    for pattern in _ASKED:
        for asked in pattern.finditer(text):
            start, end = asked.span("names")
            for name in _ONE.finditer(text, start, end):
                _add(found, _CODES[int(str(name.lastgroup)[1:])], name.span(), text)
    for code, names in _CJK:
        for name in re.finditer(names, text):
            _add(found, code, name.span(), text)
    for short in _SHORT_LIST.finditer(text):
        for i, c in enumerate(short[0]):
            if c in _SHORT:
                _add(found, _SHORT[c], (short.start() + i, short.start() + i + 1), text)
    return sorted(found, key=lambda said: said.span)


def _add(found: list[LanguageSaid], code: str, span: tuple[int, int], text: str) -> None:
    if not any(said.span[0] < span[1] and span[0] < said.span[1] for said in found):
        found.append(LanguageSaid(code, span, text[span[0] : span[1]]))
