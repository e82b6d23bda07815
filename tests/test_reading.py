"""Reading questions in six languages: every expectation is what a person would take from the words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from agent.reading import (
    countries_in,
    dates_in,
    language_of,
    languages_in,
    numbers_in,
    read,
)
from shop.warehouse import Vocabulary

AS_OF = date(2026, 11, 15)  # a Sunday
VOCABULARY = Vocabulary(
    (), ("US", "DE", "FR", "GB", "JP"), ("shopify", "amazon", "alibaba"), ("CN-NGB", "US-LAX", "EU-RTM"), "USD", AS_OF
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Who can make 2,000 in 25 days for $1.2k?", [("2000", None), ("25", "day"), ("1200", "USD")]),
        ("demand doubles", [("2", "times")]),
        ("twice as many, half the price", [("2", "times"), ("0.5", "times")]),
        ("the first half of it", []),
        ("two hundred and fifty units", [("250", "piece")]),
        ("a dozen units and two dozen more", [("12", "piece"), ("24", None)]),
        ("thirty-five percent", [("35", "percent")]),
        ("cut by 15 per cent, 3 percentage points", [("15", "percent"), ("3", "points")]),
        ("1.4x or 3-fold", [("1.4", "times"), ("3", "times")]),
        ("€1,234.50, £20, ¥3000 and 400 yen", [("1234.50", "EUR"), ("20", "GBP"), ("3000", "JPY"), ("400", "JPY")]),
        ("10 dollars, 5 euros and 3 pounds", [("10", "USD"), ("5", "EUR"), ("3", "GBP")]),
        ("change to 29.90", [("29.90", None)]),
        ("open 24/7 at 10:30", []),
        ("毛利至少35%，预算２万元", [("35", "percent"), ("20000", "CNY")]),
        ("打七折，再打8.5折", [("30", "percent"), ("15", "percent")]),
        ("二十万件，两千美元，百分之十五，一百零五天", [("200000", "piece"), ("2000", "USD"), ("15", "percent"), ("105", "day")]),
        ("需求翻倍，库存只剩一半", [("2", "times"), ("0.5", "times")]),
        ("涨价五个百分点", [("5", "points")]),
        ("两千五百件和三万五", [("2500", "piece"), ("35000", None)]),
        ("看一下，一起统一，第一名第二天", []),
        ("第二周花5000美元", [("2", "week"), ("5000", "USD")]),
        ("第十二周", [("12", "week")]),
        ("需求少两成，运费多一成半", [("20", "percent"), ("15", "percent")]),
        ("成本不变，另一成本一成不变", []),
        ("rope sales forecast france 45d", [("45", "day")]),
        ("a 3d print", []),
        ("half a year, half a month", [("6", "month"), ("15", "day")]),
        ("最近半年的退款", [("6", "month")]),
        ("上半年怎么样", []),
        ("ein halbes Jahr für uns", [("6", "month")]),
        ("half a dozen orders", [("6", "order")]),
        ("three products", [("3", "sku")]),
        ("1.2亿日元", [("120000000", "JPY")]),
        ("30日間で3万円、2倍", [("30", "day"), ("30000", "JPY"), ("2", "times")]),
        ("3割引きで売る", [("30", "percent")]),
        ("Wie viel kosten 1.234,50 € für dreißig Tage", [("1234.50", "EUR"), ("30", "day")]),
        ("wir brauchen zweihundertfünfzig Stück und die Hälfte", [("250", "piece"), ("0.5", "times")]),
        ("il nous faut 1 234,5 unités en trente jours", [("1234.5", "piece"), ("30", "day")]),
        ("avec quatre-vingt-dix unités pour nous", [("90", "piece")]),
        ("necesito doscientas cincuenta unidades en treinta y cinco días", [("250", "piece"), ("35", "day")]),
        ("the change was -5%", [("-5", "percent")]),
        ("1'234 CHF", [("1234", "CHF")]),
        ("付1万5的货款，再订1千5", [("15000", None), ("1500", None)]),
        ("毛利40个点，别超15刀", [("40", "points"), ("15", "USD")]),
        ("一个季度出多少", [("3", "month")]),
    ],
)  # fmt: skip
def test_numbers(text: str, said: list[tuple[str, str | None]]) -> None:
    assert [(n.value, n.unit) for n in numbers_in(text)] == [(Decimal(v), u) for v, u in said]


@pytest.mark.parametrize(
    "text", ["300–420 units", "300 to 420 units", "between 300 and 420 units", "300到420件", "300 bis 420 Stück"]
)
def test_ranges_have_a_low_and_a_high_end(text: str) -> None:
    low, high = numbers_in(text)
    assert (low.value, low.bound, low.unit) == (300, "low", "piece")
    assert (high.value, high.bound, high.unit) == (420, "high", "piece")


def test_how_exactly_a_number_is_said() -> None:
    about, discount, scaled = numbers_in("about 310 units, 20% off, $12.3k")
    assert about.approximate == "about"
    assert about.step == 1
    assert discount.role == "discount"
    assert scaled.value == 12300
    assert scaled.step == 100
    assert [(n.value, n.step) for n in numbers_in("３.５万件左右")] == [(35000, 1000)]
    assert numbers_in("大约300件")[0].approximate == "about"
    assert [n.scale for n in numbers_in("3–4万件")] == [10000, 10000]


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("until 27 Nov 2026", "2026-11-27", "2026-11-27", "deadline"),
        ("on Nov 27", "2026-11-27", "2026-11-27", "day"),
        ("am 27.11.", "2026-11-27", "2026-11-27", "day"),
        ("on Feb 3", "2027-02-03", "2027-02-03", "day"),
        ("2026-11-27", "2026-11-27", "2026-11-27", "day"),
        ("le 27/11/2026 pour nous", "2026-11-27", "2026-11-27", "day"),
        ("11/27/26", "2026-11-27", "2026-11-27", "day"),
        ("11月27日", "2026-11-27", "2026-11-27", "day"),
        ("十一月二十七日", "2026-11-27", "2026-11-27", "day"),
        ("2026年11月", "2026-11-01", "2026-11-30", "range"),
        ("11月27日到12月5日", "2026-11-27", "2026-12-05", "range"),
        ("from Nov 16 to Dec 15, 2026", "2026-11-16", "2026-12-15", "range"),
        ("16–30 November", "2026-11-16", "2026-11-30", "range"),
        ("du 1er au 24 décembre", "2026-12-01", "2026-12-24", "range"),
        ("el 27 de noviembre de 2026", "2026-11-27", "2026-11-27", "day"),
        ("Freitag, 27. November 2026", "2026-11-27", "2026-11-27", "day"),
        ("the next 30 days", "2026-11-16", "2026-12-15", "duration"),
        ("die nächsten vier Wochen für uns", "2026-11-16", "2026-12-13", "duration"),
        ("les 30 prochains jours", "2026-11-16", "2026-12-15", "duration"),
        ("los próximos 30 días", "2026-11-16", "2026-12-15", "duration"),
        ("未来四周", "2026-11-16", "2026-12-13", "duration"),
        ("今後30日間の", "2026-11-16", "2026-12-15", "duration"),
        ("the last 10 days", "2026-11-06", "2026-11-15", "duration"),
        ("最近7天", "2026-11-09", "2026-11-15", "duration"),
        ("last week", "2026-11-02", "2026-11-08", "range"),
        ("上周", "2026-11-02", "2026-11-08", "range"),
        ("nächste Woche", "2026-11-16", "2026-11-22", "range"),
        ("le mois prochain", "2026-12-01", "2026-12-31", "range"),
        ("下个月", "2026-12-01", "2026-12-31", "range"),
        ("in two weeks", "2026-11-16", "2026-11-29", "deadline"),
        ("by end of the year", "2026-12-31", "2026-12-31", "deadline"),
        ("年底", "2026-12-31", "2026-12-31", "deadline"),
        ("until Christmas", "2026-12-25", "2026-12-25", "deadline"),
        ("Black Friday", "2026-11-27", "2026-11-27", "day"),
        ("双十一", "2027-11-11", "2027-11-11", "day"),
        ("春节", "2027-02-06", "2027-02-06", "day"),
        ("Q1", "2027-01-01", "2027-03-31", "range"),
        ("Q4 2026", "2026-10-01", "2026-12-31", "range"),
        ("tomorrow", "2026-11-16", "2026-11-16", "day"),
        ("what sells in the rest of the month", "2026-11-16", "2026-11-30", "range"),
        ("was verkaufen wir im Rest des Jahres", "2026-11-16", "2026-12-31", "range"),
        ("本月剩下的时间", "2026-11-16", "2026-11-30", "range"),
        ("month to date", "2026-11-01", "2026-11-15", "range"),
        ("YTD", "2026-01-01", "2026-11-15", "range"),
        ("今年以来", "2026-01-01", "2026-11-15", "range"),
        ("this quarter", "2026-10-01", "2026-12-31", "range"),
        ("next quarter", "2027-01-01", "2027-03-31", "range"),
        ("上半年", "2026-01-01", "2026-06-30", "range"),
        ("2025年下半年", "2025-07-01", "2025-12-31", "range"),
        ("first half of next year", "2027-01-01", "2027-06-30", "range"),
        ("H2 2026", "2026-07-01", "2026-12-31", "range"),
        ("过去30天", "2026-10-17", "2026-11-15", "duration"),
        ("last 90 days", "2026-08-18", "2026-11-15", "duration"),
        ("最近半年", "2026-05-16", "2026-11-15", "duration"),
        ("the next half a year", "2026-11-16", "2027-05-15", "duration"),
        ("by the end of march", "2027-03-31", "2027-03-31", "deadline"),
        ("end of March", "2027-03-31", "2027-03-31", "deadline"),
        ("sales in may", "2027-05-01", "2027-05-31", "range"),
    ],
)
def test_dates(text: str, start: str, end: str, kind: str) -> None:
    (said,) = dates_in(text, AS_OF)
    assert (said.start.isoformat(), said.end.isoformat(), said.kind) == (start, end, kind)


@pytest.mark.parametrize(
    "text",
    [
        "may I sell more",
        "for may this be",
        "they march on",
        "the H1 title",
        "2000 units",
        "march on",
        "12.5%",
        "lead time 25 days",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert dates_in(text, AS_OF) == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("next 4 weeks", 28),
        ("未来两个月", 60),
        ("over 30 days", 30),
        ("in 3 months", 90),
        ("最近半年", 182),
        ("the last half year", 182),
    ],
)
def test_the_horizon_follows_from_a_duration(text: str, days: int) -> None:
    assert dates_in(text, AS_OF)[0].days == days


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("What sells in the UK, the US and Brazil?", ["GB", "US", "BR"]),
        ("let us sell in the German market", ["DE"]),
        ("in Deutschland und den Vereinigten Staaten", ["DE", "US"]),
        ("aux États-Unis et en France", ["US", "FR"]),
        ("en Estados Unidos y Japón", ["US", "JP"]),
        ("在德国、美国和日本的销量", ["DE", "US", "JP"]),
        ("美德两国", ["US", "DE"]),
        ("ドイツとアメリカ", ["DE", "US"]),
        ("DE, FR and IT", ["DE", "FR", "IT"]),
        ("American customers and British buyers", ["US", "GB"]),
        ("a listing in German", []),
        ("auf Deutsch", []),
        ("日本語で書いて", []),
        ("US$3 and CN-NGB", []),
        ("the jersey of a man", []),
        ("BOT-750在DE下个月能卖多少", ["DE"]),
        ("CAP-UV在JP amazon未来60天", ["JP"]),
        ("us市场和uk站", ["US", "GB"]),
        ("yoga mat forecast uk 30 days", ["GB"]),
        ("yoga mat forecast us 30 days", ["US"]),
        ("running socks on amazon in the us, next 60 days", ["US"]),
        ("band set in us and germany to 27", ["US", "DE"]),
        ("price BELT-RUN 19.95 fr amazon", ["FR"]),
        ("it costs 20 fr", []),
        ("stock check CAP-UV jp", ["JP"]),
        ("us/uk/de sales", ["US", "GB", "DE"]),
        ("for us customers in de", ["US", "DE"]),
        ("help us sell, tell us why, send it to us", []),
        ("show us Germany sales", ["DE"]),
        ("sales in de and fr last month", ["DE", "FR"]),
        ("amazon told us sales fell, they sent us orders", []),
        ("between us and amazon, both of us", []),
        ("the share of us customers", ["US"]),
        ("do people believe in us?", []),
        ("let us and our customers know", []),
        ("precio de la esterilla de yoga", []),
        ("le stock de gourdes et la rupture de stock", []),
        ("ventes de France", ["FR"]),
        ("un kit de bandas de Alemania", ["DE"]),
        ("competitor gaps japan germany", ["JP", "DE"]),
        ("fine china cups from china", ["CN"]),
        ("a turkey sandwich", []),
        ("16 gb of memory", []),
    ],
)
def test_countries(text: str, countries: list[str]) -> None:
    assert [said.country for said in countries_in(text)] == countries


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Write a listing in English and Chinese", ["en", "zh"]),
        ("a listing for the German market", []),
        ("auf Deutsch und Englisch", ["de", "en"]),
        ("en français s'il te plaît", ["fr"]),
        ("ficha en español y francés", ["es", "fr"]),
        ("写中文和英文文案", ["zh", "en"]),
        ("写中英德三语文案", ["zh", "en", "de"]),
        ("日本語で書いて", ["ja"]),
        ("a French listing", ["fr"]),
        ("Sell it in German shops", []),
        ("alibaba copy for socks, chinese and english, 3 variants", ["zh", "en"]),
        ("German product page for the vest", ["de"]),
        ("English version", ["en"]),
        ("faq spanish please", ["es"]),
        ("listing for socks, german, french and japanese markets", []),
    ],
)
def test_languages_asked_for(text: str, languages: list[str]) -> None:
    assert [said.language for said in languages_in(text)] == languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What do I need to restock?", "en"), ("BOT-750 stock", "en"), ("反光背心为什么退货？", "zh"),
        ("ヨガマットの在庫は？", "ja"), ("Was soll ich nachbestellen?", "de"), ("Wie viele Yogamatten verkaufen wir?", "de"),
        ("Que dois-je réapprovisionner ?", "fr"), ("¿Qué debo reponer esta semana?", "es"),
        ("Forecast for 瑜伽垫 in the US", "en"), ("BOT-750 在美国卖多少", "zh"),
    ],
)  # fmt: skip
def test_the_language_of_a_question(text: str, language: str) -> None:
    assert language_of(text) == language


def test_channels() -> None:
    assert read("亚马逊 and Shopify and the 国际站", VOCABULARY).channel_names == ("amazon", "shopify", "alibaba")
    (said,) = read("on TikTok Shop", VOCABULARY).channels
    assert said.channel == "tiktok"
    assert not said.known


@pytest.mark.parametrize("text", ["$12.12", "€ 11.11", "USD 12.12", "12.12 €", "12.12%", "11.11 days", "12.12 USD"])
def test_an_amount_is_no_sales_day(text: str) -> None:
    assert [said for said in dates_in(text, AS_OF) if said.kind != "duration"] == []


@pytest.mark.parametrize("text", ["for the 12.12 sale", "On 11.11 we sell", "12.12大促"])
def test_a_sales_day_is_no_amount(text: str) -> None:
    assert [said.start.month == said.start.day for said in dates_in(text, AS_OF)] == [True]
