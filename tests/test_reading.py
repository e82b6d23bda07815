"""Reading questions in six languages: every expectation is what a person would take from the words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agent.reading import (
    countries_in,
    dates_in,
    language_of,
    languages_in,
    numbers_in,
    read,
    skus_in,
    unknown_sku_codes,
)
from shop.demo.names import NAMES
from shop.warehouse import ProductName, Vocabulary

AS_OF = date(2026, 11, 15)  # a Sunday
PRODUCTS = {
    "BOT-750": "Insulated Steel Bottle 750 ml|750 ml bottle|750毫升水壶|保温水壶750毫升|Trinkflasche 750 ml|gourde 750 ml",
    "BOT-500": "Insulated Steel Bottle 500 ml|500 ml bottle|500毫升水壶|保温水壶500毫升|Trinkflasche 500 ml|gourde 500 ml",
    "BAND-SET": "Resistance Band Set|band set|弹力带套装|阻力带套装|Widerstandsband-Set|トレーニングバンドセット",
    "BAND-LOOP": "Loop Resistance Band|loop band|环形弹力带",
    "SOCK-3P": "Running Socks 3-Pack|running socks|socks|跑步袜|Laufsocken|chaussettes de running|calcetines",
    "MAT-TPE": "TPE Yoga Mat|yoga mat|瑜伽垫|Yogamatte|tapis de yoga|esterilla de yoga|ヨガマット",
    "ROLL-45": "Foam Roller 45 cm|foam roller|泡沫轴|Faszienrolle",
    "TOW-ICE": "Cooling Towel|冷感毛巾|Kühltuch",
    "CAP-UV": "UV Cap|cap|防晒帽",
    "VEST-HI": "Reflective Vest|反光背心|Warnweste",
    "GEL-24": "Energy Gels, 24 pack|energy gels|24 gels|能量胶",
    "BOX-GIFT": "Gift Box|gift set|holiday box|礼盒|礼盒套装",
}
DEMO = Vocabulary(
    tuple(ProductName(sku, name, aliases) for sku, (name, aliases) in NAMES.items()),
    ("US", "DE", "FR", "GB", "JP"), ("shopify", "amazon", "alibaba"), ("CN-NGB", "US-LAX", "EU-RTM"), "USD", AS_OF,
)  # fmt: skip
VOCABULARY = Vocabulary(
    tuple(ProductName(sku, *(lambda n: (n[0], tuple(n[1:])))(names.split("|"))) for sku, names in PRODUCTS.items()),
    ("US", "DE", "FR", "GB", "JP"), ("shopify", "amazon", "alibaba"), ("CN-NGB", "US-LAX", "EU-RTM"), "USD", AS_OF,
)  # fmt: skip


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
    ("text", "skus"),
    [
        ("bot750 or BOT 500 or bot-750?", ["BOT-750", "BOT-500", "BOT-750"]),
        ("the 750 ml bottle", ["BOT-750"]),
        ("未来30天500毫升水壶在美国能卖多少", ["BOT-500"]),
        ("500 毫升水壶", ["BOT-500"]),
        ("Wie viele Yogamatten und Yoga-Matten", ["MAT-TPE", "MAT-TPE"]),
        ("two band sets and a loop band", ["BAND-SET", "BAND-LOOP"]),
        ("foam rolers", ["ROLL-45"]),
        ("Kühltuch oder Laufsocke", ["TOW-ICE", "SOCK-3P"]),
        ("the mat smells", ["MAT-TPE"]),
        ("24 gels per box", ["GEL-24"]),
        ("ヨガマットの在庫", ["MAT-TPE"]),
        ("瑜伽垫和反光背心", ["MAT-TPE", "VEST-HI"]),
        ("gourde 750 ml aux États-Unis", ["BOT-750"]),
        ("How are sales in Germany this week?", []),
        ("let us sell more products on amazon", []),
        ("上周销量和库存怎么样", []),
        ("CN-NGB stock", []),
        ("place a PO for 300 gift boxes", ["BOX-GIFT"]),
        ("the Gift Box, a gift set or 24 gels in a box", ["BOX-GIFT", "BOX-GIFT", "GEL-24"]),
        ("礼盒套装还有多少", ["BOX-GIFT"]),
        ("a gift for christmas in a big box", []),
        ("three products to pitch", []),
    ],
)
def test_products(text: str, skus: list[str]) -> None:
    found = skus_in(text, VOCABULARY)
    assert [said.sku for said in found] == skus


def test_an_ambiguous_name_keeps_its_alternatives() -> None:
    (said,) = skus_in("Order 500 bottles", VOCABULARY)
    assert {said.sku, *said.alternatives} == {"BOT-750", "BOT-500"}
    assert said.score < 0.5
    assert [n.value for n in read("Order 500 bottles", VOCABULARY).numbers] == [500]


def test_digits_of_names_codes_and_dates_are_no_numbers() -> None:
    reading = read("Sell 40 of the 750 ml bottle, BOT-500 and 24 gels by 27 Nov 2026", VOCABULARY)
    assert [n.value for n in reading.numbers] == [40]
    assert reading.sku_codes == ("BOT-750", "BOT-500", "GEL-24")


def test_codes_the_shop_does_not_have() -> None:
    (said,) = unknown_sku_codes("Stock of BOT-900?", VOCABULARY, [])
    assert said.text == "BOT-900"
    assert set(said.nearest[:2]) == {"BOT-750", "BOT-500"}
    said = "pre-order, COVID-19, ISO-9001, US-LAX, 10-day, e-mail, BOT-750"
    assert unknown_sku_codes(said, VOCABULARY, skus_in(said, VOCABULARY)) == []


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


@pytest.mark.parametrize("sku", sorted(NAMES))
def test_every_alias_of_the_demo_shop_means_its_product(sku: str) -> None:
    name, aliases = NAMES[sku]
    for alias in (name, *aliases):
        assert [said.sku for said in skus_in(alias, DEMO)] == [sku], alias


def test_four_thousand_products_are_read_and_common_words_match_none() -> None:
    pd = pytest.importorskip("pandas")
    path = Path(__file__).parents[2] / "shared" / "data" / "online_retail.parquet"
    if not path.exists():
        pytest.skip("the UCI Online Retail data is not beside the checkout")
    rows = pd.read_parquet(path, columns=["StockCode", "Description"]).dropna().drop_duplicates("StockCode")
    products = tuple(ProductName(str(code), str(name)) for code, name in rows.itertuples(index=False))
    shop = Vocabulary(products, ("GB",), ("shop",), (), "GBP", date(2011, 12, 9))
    (said,) = skus_in("How many white hanging heart t-light holders will we sell in Germany next week?", shop)
    assert said.sku.upper() == "85123A"
    for plain in (
        "What are my sales in Germany this week?",
        "Plan a Christmas promotion for followers",
        "What is the postage cost?",
    ):
        assert skus_in(plain, shop) == []
    assert unknown_sku_codes("85123Z price", shop, [])[0].nearest[0].upper() == "85123A"


@pytest.mark.parametrize("text", ["$12.12", "€ 11.11", "USD 12.12", "12.12 €", "12.12%", "11.11 days", "12.12 USD"])
def test_an_amount_is_no_sales_day(text: str) -> None:
    assert [said for said in dates_in(text, AS_OF) if said.kind != "duration"] == []


@pytest.mark.parametrize("text", ["for the 12.12 sale", "On 11.11 we sell", "12.12大促"])
def test_a_sales_day_is_no_amount(text: str) -> None:
    assert [said.start.month == said.start.day for said in dates_in(text, AS_OF)] == [True]
