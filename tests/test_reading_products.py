"""Products in questions: by code, name in six languages, part of a name, and slips of the finger."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agent.reading import read, skus_in, unknown_sku_codes
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
    ("text", "skus"),
    [
        ("bot750 or BOT 500 or bot-750?", ["BOT-750", "BOT-500", "BOT-750"]),
        ("the 750 ml bottle", ["BOT-750"]),
        ("未来30天500毫升水壶在美国能卖多少", ["BOT-500"]),
        ("500 毫升水壶", ["BOT-500"]),
        ("Wie viele Yogamatten und Yoga-Matten", ["MAT-TPE", "MAT-TPE"]),
        ("two band sets and a loop band", ["BAND-SET", "BAND-LOOP"]),
        ("foam rolers", ["ROLL-45"]),
        ("a 500 ml botle, or the 750 ml bottel", ["BOT-500", "BOT-750"]),
        ("roler sales", ["ROLL-45"]),
        ("a battle of rollers", ["ROLL-45"]),
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
    plain = "pre-order, COVID-19, ISO-9001, US-LAX, 10-day, e-mail, BOT-750"
    assert unknown_sku_codes(plain, VOCABULARY, skus_in(plain, VOCABULARY)) == []


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
