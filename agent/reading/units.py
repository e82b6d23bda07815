"""Unit words and currency signs in six languages, and what they mean."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS: dict[str, str] = {
    "percent": "% ％ percent pct prozent パーセント",
    "points": "pp 个百分点 百分点 个点 個點 ポイント prozentpunkte prozentpunkten",
    "day": "day days tag tage tagen jour jours día días dia dias 天 日 日間 日间 calendar-days",
    "week": "week weeks woche wochen semaine semaines semana semanas 周 週 週間 星期 个周 个星期 个礼拜 周间 wk wks sem",
    "month": "month months monat monate monaten mois mes meses 个月 個月 か月 ヶ月 ヵ月 カ月 ケ月 mths",
    "year": "year years jahr jahre jahren an ans année années año años 年 年間 yrs",
    "hour": "hour hours stunde stunden heure heures hora horas 小时 時間 小時 个小时 hrs hr",
    "times": "times x × fold fach mal fois veces 倍 times-as-many",
    "piece": "unit units piece pieces pcs pc stück stueck stk einheit einheiten unité unités pièce pièces pieza piezas "
    "unidad unidades uds 件 个 個 只 支 条 双 套 台 块装 点 枚 本 足 着 pc. ea",
    "order": "order orders bestellung bestellungen auftrag aufträge commande commandes pedido pedidos 单 笔订单 个订单 "
    "订单 笔 注文 件の注文",
    "review": "review reviews bewertung bewertungen rezension rezensionen avis reseña reseñas 条评论 条评价 评论 评价 レビュー "
    "件のレビュー",
    "customer": "customer customers buyer buyers kunde kunden client clients cliente clientes acheteurs 位客户 位顾客 "
    "名客户 名顾客 客户 顾客 人 名 位 顧客 名の顧客",
    "sku": "sku skus product products item items artikel produkt produkte produkten produit produits articles producto "
    "productos 款 个sku 个产品 款产品 种产品 商品 件商品 種類",
    "ticket": "ticket tickets anfragen 张工单 个工单 工单 チケット",
    "supplier": "supplier suppliers lieferant lieferanten fournisseur fournisseurs proveedor proveedores 家供应商 "
    "个供应商 供应商 家 社 サプライヤー",
    "session": "session sessions visit visits view views besuche visites visitas 次访问 次浏览 セッション",
    "click": "click clicks klicks clics 次点击 クリック",
    "ml": "ml milliliter millilitre milliliters millilitres mililitros 毫升 ミリリットル",
    "l": "l liter litre liters litres litro litros 升 リットル",
    "mm": "mm millimeter 毫米 ミリ",
    "cm": "cm centimeter centimeters centimetre centimètres zentimeter centímetros 厘米 公分 センチ",
    "m": "m meter meters metre metres metros mètres 米 メートル",
    "km": "km 公里 キロメートル",
    "g": "g gr gram grams gramm grammes gramos 克 グラム",
    "kg": "kg kilo kilos kilogram kilograms kilogramm 公斤 千克 キログラム キロ",
    "m3": "m3 m³ cbm 立方米 立方メートル",
    "oz": "oz ounce ounces",
    "lb": "lb lbs pound-weight",
    "inch": "inch inches zoll pouces pulgadas 英寸 インチ",
    "pack": "pack packs pair pairs paar paare paires pares carton cartons karton kartons 箱 包 盒 对",
    "star": "star stars sterne étoiles estrellas 星 つ星",
    "USD": "usd dollar dollars dólar dólares dolares us-dollar us-dollars us$ 美元 美金 刀 美刀 米ドル ドル",
    "EUR": "eur euro euros 欧元 ユーロ",
    "GBP": "gbp pound pounds pfund livres libras sterling 英镑 镑 ポンド quid",
    "JPY": "jpy yen yens 日元 日圆 円",
    "CNY": "cny rmb yuan renminbi 元 人民币 块 块钱 人民元",
    "CAD": "cad 加元", "AUD": "aud 澳元", "HKD": "hkd 港元 港币", "CHF": "chf franken", "SEK": "sek",
    "KRW": "krw 韩元 won", "TWD": "twd 新台币", "MXN": "mxn", "PLN": "pln", "INR": "inr 卢比", "SGD": "sgd 新元",
    "NOK": "nok", "DKK": "dkk", "BRL": "brl", "NZD": "nzd",
}  # fmt: skip
_SIGNS: dict[str, tuple[str, ...]] = {
    "US$": ("USD",), "$US": ("USD",), "CA$": ("CAD",), "C$": ("CAD",), "A$": ("AUD",), "HK$": ("HKD",),
    "NT$": ("TWD",), "MX$": ("MXN",), "R$": ("BRL",), "NZ$": ("NZD",), "S$": ("SGD",), "CN¥": ("CNY",),
    "JP¥": ("JPY",), "£GB": ("GBP",), "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"), "€": ("EUR",),
    "£": ("GBP",), "¥": ("JPY", "CNY"), "￥": ("JPY", "CNY"), "₩": ("KRW",), "₹": ("INR",),
}  # fmt: skip
CURRENCIES = frozenset(unit for unit in _WORDS if len(unit) == 3 and unit.isupper())
TIME_UNITS = {"hour": 0, "day": 1, "week": 7, "month": 30, "year": 365}
NOUNS = frozenset({"order", "review", "customer", "sku", "ticket", "supplier", "session", "click"})
_PHRASES = (
    (re.compile(r"\s?(?:per\s?cent|pour\s?cent|por\s?ciento)\b", re.I), "percent"),
    (re.compile(r"\s?(?:percentage points?|points? de pourcentage|puntos? porcentual(?:es)?)\b", re.I), "points"),
    (re.compile(r"\s?(?:US|american)\s?dollars?\b", re.I), "USD"),
    (re.compile(r"-?fold\b", re.I), "times"),
    (re.compile(r"(?<=\d)d(?![\w'’-]|\s(?:print|model|view|image|render|mesh|knit))"), "day"),
    (re.compile(r"(?<=\d)w(?![\w'’-])"), "week"),
)
_FILLER = re.compile(
    r"(?:\s+(?:more|extra|additional|further|new|open|late|working|business|calendar|different|weitere|neue|"
    r"zusätzliche|autres|otros|otras|prochaine?s?|derni(?:er|ère)s|próxim[oa]s|últim[oa]s|nächsten|letzten|más|de|d['’]|of|suspicious|paid))?", re.I
)  # fmt: skip
_WORD = re.compile(r"[\s\u00a0\u202f]{0,2}-?([^\W\d_]+(?:-[^\W\d_]+)?[³3]?\.?|%|％|×)")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SIGN_BEFORE = re.compile(
    "(" + "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)) + r"|元)\s?$"
)
_CODE_BEFORE = re.compile(r"\b(" + "|".join(sorted(CURRENCIES)) + r")[\s\u00a0]?$")
_SIGN_AFTER = re.compile(
    r"[\s\u00a0\u202f]?(" + "|".join(re.escape(s) for s in sorted(_SIGNS, key=len, reverse=True)) + ")"
)


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, str], dict[str, str]]:
    latin: dict[str, str] = {}
    han: dict[str, str] = {}
    for unit, words in _WORDS.items():
        for word in words.split():
            (han if _HAN.search(word) else latin).setdefault(word, unit)
    return latin, han


def currency_before(text: str, at: int, language: str) -> tuple[tuple[str, ...], int] | None:
    """The currencies a sign or code right before `at` can mean, and where it starts."""
    head = text[max(0, at - 5) : at]
    if sign := _SIGN_BEFORE.search(head):
        found = ("CNY", "JPY") if sign[1] == "元" else _in_language(_SIGNS[sign[1]], language)
        return found, at - len(head) + sign.start(1)
    if code := _CODE_BEFORE.search(head):
        return (code[1],), at - len(head) + code.start(1)
    return None


def unit_after(text: str, at: int, language: str) -> tuple[tuple[str, ...], int] | None:
    """The unit written right after `at`, its readings with the likeliest first, and where it ends."""
    if sign := _SIGN_AFTER.match(text, at):
        return _in_language(_SIGNS[sign[1]], language), sign.end()
    for pattern, unit in _PHRASES:
        if phrase := pattern.match(text, at):
            return (unit,), phrase.end()
    latin, han = _lexicon()
    for start in {at, _filled(text, at)}:
        bare = start + (1 if text[start : start + 1] in " \u00a0\u202f" else 0)
        for length in range(min(6, len(text) - bare), 0, -1):
            piece = text[bare : bare + length].casefold()
            if piece in han and not (length == 1 and text[bare : bare + 2] in _NOT_UNITS):
                return (han[piece],), bare + length
        if word := _WORD.match(text, start):
            said = word[1].casefold()
            for form, cut in (
                (said, 0),
                (said.rstrip("."), len(said) - len(said.rstrip("."))),
                (said.split("-")[0], -1),
            ):
                if form in latin and not (form in {"m", "l", "g", "x", "sem"} and word[1][0].isupper()):
                    end = word.start(1) + len(form) if cut == -1 else word.end() - cut
                    return (latin[form],), end
    return None


_NOT_UNITS = {
    "个性",
    "位置",
    "名字",
    "家庭",
    "本店",
    "本周",
    "点击",
    "日本",
    "年底",
    "人民",
    "条件",
    "条款",
    "笔记",
    "日元",
    "日圆",
}


def _filled(text: str, at: int) -> int:
    filler = _FILLER.match(text, at)
    return filler.end() if filler else at


def _in_language(currencies: tuple[str, ...], language: str) -> tuple[str, ...]:
    if currencies == ("JPY", "CNY") and language == "zh":
        return ("CNY", "JPY")
    return currencies
