"""Sales channels in a text."""

from __future__ import annotations

import re

from agent.reading.said import ChannelSaid
from shop.warehouse import Vocabulary

_ALIASES = {
    "amazon": r"amazon(?:\.[a-z.]{2,6}\w)?|amz|亚马逊|亞馬遜|アマゾン",
    "shopify": r"shopify|独立站|自建站|own (?:web)?shop|own store|our (?:own )?website|ショッピファイ",
    "alibaba": r"alibaba(?:\.com)?|阿里巴巴|阿里国际站|国际站|アリババ",
    "tiktok": r"tik\s?tok(?: shop)?|抖音|ティックトック",
    "ebay": r"ebay|易贝|イーベイ",
    "etsy": r"etsy|エッツィー",
    "woocommerce": r"woo\s?commerce|woo(?!\w)",
    "walmart": r"walmart(?:\.com)?|沃尔玛",
    "google": r"google(?: ads| shopping)?|谷歌", "meta": r"(?-i:Meta)(?! (?:title|description|tag))|facebook|instagram",
    "temu": r"temu", "shein": r"shein|希音", "aliexpress": r"ali\s?express|速卖通", "rakuten": r"rakuten|楽天|乐天",
    "shopee": r"shopee|虾皮", "lazada": r"lazada|来赞达",
}  # fmt: skip
_PATTERNS = {name: re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", re.I) for name, words in _ALIASES.items()}
_NOT_A_PLACE = re.compile(r"-style|ähnlich", re.I)


def channels_in(text: str, vocabulary: Vocabulary) -> list[ChannelSaid]:
    """Every channel said, in order; channels the shop does not sell on come with known=False."""
    patterns = dict(_PATTERNS)
    for channel in vocabulary.channels:
        if channel not in patterns and channel != "shop":
            patterns[channel] = re.compile(rf"(?<!\w){re.escape(channel)}(?!\w)", re.I)
    found: list[ChannelSaid] = []
    for channel, pattern in patterns.items():
        name = next((c for c in vocabulary.channels if c.startswith(channel)), channel)
        for match in pattern.finditer(text):
            if not _NOT_A_PLACE.match(text, match.end()):
                found.append(ChannelSaid(name, match.span(), match[0], name in vocabulary.channels))
    return sorted(found, key=lambda said: said.span)
