"""Words of the trade and of grammar that never name a product by themselves."""

from __future__ import annotations

import re

from agent.reading.numerals import number_words, scale_words

_TRADE = """
sale sales sell selling sold seller order orders week weeks weekly day days daily month months monthly year years
price prices pricing cost costs stock stocks restock inventory unit units piece pieces product products item items
market markets country countries channel channels customer customers buyer buyers discount discounts offer offers
promotion promotions campaign ad ads budget revenue profit margin cash money dollar dollars euro euros pound pounds
shipping shipment freight delivery postage carriage supplier suppliers factory return returns refund refunds review
reviews ticket tickets support faq listing listings copy goal goals forecast demand plan report data sample samples
manual service fee fees charge charges bank adjust test box boxes set sets pack packs pair case kit bag large small
medium new old best top free next last first this that good bad black white red blue green pink yellow gold silver
color colour size gift gifts premium value core basic classic christmas easter summer winter spring autumn holiday
friday party home office kids women men girls boys run running sport sports fitness outdoor high low light heavy
germany german france french japan japanese england uk usa us china chinese europe american british amazon shopify
alibaba tiktok ebay etsy email name names number numbers search story evidence policy check damaged wrong found lost
will what when where which many much need want make write show tell look help more less than with without for online
store shop shops shopper warehouse carrier fraud duty tax vat currency time today tomorrow yesterday start end speed
cover late early open close question answer person people followers follower segment persona english spanish energy
water steel metal wood plastic paper cotton heart love work working change changes raise lower cut double half
amount total percent rate rates risk level list lists card cards page post send sent keep hold push rush woche
wochen tag tage monat preis preise kunde kunden bestellung umsatz gewinn markt lager versand retouren neu alt
semaine jour jours mois prix client clients commande ventes marché livraison nouveau semana mes precio cliente
pedido ventas mercado envío nuevo geschenk schwarz weiß rot blau grün laufen 销量 价格 库存 订单 客户 市场 退货 利润 成本 广告 产品 商品 供应商
现金 预测 需求 促销 运动 健身 跑步 套装 礼品 运动的 価格 在庫 注文 顧客 市場 返品 利益 広告 売上 セット ランニング スポーツ 礼盒装 便携
"""
_QUALIFYING = """
gross gros große großer grosse klein kleine kleiner mini big little long short wide net later late latest grand grande
grandes petit petite pequeño pequeña largo corto lang kurz soft hard dry wet hot cold warm safe strong easy
"""
_LINKING = """
a an the of for with in on at to and or by from is are do does my our your its it per der die das den dem des ein
eine einen einem einer von für mit und oder im am zu le la les un une de du d l et ou pour avec en el los las del
con para y o por al
"""
_BREAKING = "and or vs versus und oder et ou y o to by from is are do does at on per its it"

GENERIC = frozenset(_TRADE.split() + _QUALIFYING.split())
LINKING = frozenset(_LINKING.split())
BREAKING = frozenset(_BREAKING.split())
COUNTING = frozenset(
    word for language in ("en", "de", "fr", "es") for word in (*number_words(language), *scale_words(language))
)
VERBS = re.compile(r"\b(?:cap(?:ped)?|box(?:ed)?|belt(?:ed)?)(?= (?:it|them|that|this|at \d))", re.IGNORECASE)
"""Names of goods that are verbs here: cap it at 8%."""
