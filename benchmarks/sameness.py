"""Sameness: listings of two brands that sell the same kind of bottle, ours beside the same model without the store.

    python -m benchmarks.sameness [--model none|builtin] [--threads N]

Similarity of two listings, 0 to 1, is the mean of two shares. Words: Jaccard of the content words (function words, brand and
product names left out). Meaning: for each sentence the cosine with the nearest sentence of the other listing (Universal
Sentence Encoder), averaged both ways, rescaled so that UNRELATED (the mean nearest cosine between listings of different kinds
of goods of the first brand, measured in the same run) is 0 and the same sentence is 1. Brand-only facts are measures, codes and
names that neither the other brand's material nor the two ungrounded listings hold.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from agent.model.choice import ModelChoice
from agent.model.source import ModelSource
from agent.voice import voice_of
from knowledge import learn_demo, open_store
from knowledge.words import function_words, words
from shop.warehouse import Shop
from shop.writers.listing import ListingPayload
from tools import registry
from tools.copywriting.choose import figures_of
from tools.copywriting.facts import sentences
from tools.copywriting.voice import speaking_with

PAIR = (("northlane", "BOT-750"), ("tauernruh", "HUT-700"))
OTHERS = ("MAT-TPE", "VEST-HI", "GEL-24", "ROPE-SPD")  # goods of other kinds, for the zero of the scale
CHANNEL = "shopify"
ASKED = "Write a Shopify product listing in English for the {name} by {brand}: a title, five bullet points and a description."
TOKENS = 360
_NAME = re.compile(r"\b[A-ZÄÖÅ][\w'’-]+(?:\s[A-ZÄÖÅ][\w'’-]+)*|\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b")


def main() -> None:
    """Print both pairs' similarity, brand-only facts and the share of sentences cited."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--model",
        choices=("builtin", "none"),
        default="builtin",
        help="who words ours; both times builtin without the store",
    )
    arguments = parser.parse_args()
    source = ModelSource(ModelChoice("builtin", "builtin", "auto"))
    voice = voice_of(source) if arguments.model == "builtin" else None
    with tempfile.TemporaryDirectory() as folder:
        shops = [_shop(Path(folder) / brand, brand) for brand, _ in PAIR]
        ours = [_listing(shop, sku, voice) for shop, (_, sku) in zip(shops, PAIR, strict=True)]
        zero = _zero([_text(_listing(shops[0], sku, None)) for sku in OTHERS])
        names = [_name(shop, sku) for shop, (_, sku) in zip(shops, PAIR, strict=True)]
        bare = [_ungrounded(source, shop.name or "", name) for shop, name in zip(shops, names, strict=True)]
        known = [" ".join(p.context for p in open_store(shop.folder).passages()) for shop in shops]
    common = {word for shop, name in zip(shops, names, strict=True) for word in words(f"{shop.name} {name}")}
    texts = [_text(one) for one in ours]
    rows = [("ours", texts), ("same model without the store", bare)]
    print(f"model: {source.name}; ours worded by {arguments.model}; unrelated sentences' nearest cosine {zero:.3f}")
    print(f"{'pair':32}{'similarity':>12}{'words':>8}{'meaning':>9}{'sentences':>11}")
    scores = {}
    for label, pair in rows:
        lexical, meaning = _lexical(pair[0], pair[1], common), _meaning(pair[0], pair[1], zero)
        scores[label] = (lexical + meaning) / 2
        print(f"{label:32}{scores[label]:12.3f}{lexical:8.3f}{meaning:9.3f}{len(pair[0]) + len(pair[1]):11}")
    print(
        f"ours / ungrounded: {scores['ours'] / max(scores['same model without the store'], 1e-9):.2f} (aim at most 0.50)"
    )
    for at, listing in enumerate(ours):
        only = _only(texts[at], known[1 - at], bare)
        cited = sum(bool(one.passages) for one in listing.sentences)
        print(f"{listing.sku}: {len(only)} brand-only facts (aim 3), e.g. {', '.join(only[:6])}; {cited} of {len(listing.sentences)} sentences cited")  # fmt: skip
    for label, pair in rows:
        for text in pair:
            print(f"\n[{label}]\n" + "\n".join(text))


def _shop(folder: Path, brand: str) -> Shop:
    from shop.demo.brands import demo_brand

    demo_brand(brand).build(folder)
    learn_demo(folder, brand)
    return Shop.open(folder)


def _listing(shop: Shop, sku: str, voice: Any) -> ListingPayload:
    began = time.process_time()
    with speaking_with(voice):
        result = registry.run(shop, "write_listing", {"sku": sku, "languages": ["en"], "channel": CHANNEL})
    print(f"{sku}: {time.process_time() - began:.1f} s of CPU", flush=True)
    return ListingPayload.model_validate(result.proposals[0].payload)


def _text(listing: ListingPayload) -> list[str]:
    return [one.text for one in listing.sentences]


def _name(shop: Shop, sku: str) -> str:
    return next(product.name for product in shop.vocabulary.products if product.sku == sku)


def _ungrounded(source: ModelSource, brand: str, name: str) -> list[str]:
    """The same model asked as anybody would, without the store."""
    answer = source.client().invoke(ASKED.format(name=name, brand=brand), max_tokens=TOKENS, timeout=900)
    lines = [re.sub(r"[*#_`>-]+|^\d+[.)]", " ", line).strip() for line in str(answer.content).splitlines()]
    return [one for line in lines for one in sentences(line) if len(one.split()) > 2]


def _lexical(one: Sequence[str], other: Sequence[str], common: set[str]) -> float:
    idle = function_words() | common
    first, second = ({w for text in texts for w in words(text)} - idle for texts in (one, other))
    return len(first & second) / max(len(first | second), 1)


def _nearest(one: Sequence[str], other: Sequence[str]) -> float:
    import numpy as np

    from knowledge.embed import embed

    near = np.clip(embed(list(one)) @ embed(list(other)).T, 0, 1)
    return float(near.max(axis=1).mean() + near.max(axis=0).mean()) / 2


def _meaning(one: Sequence[str], other: Sequence[str], zero: float) -> float:
    return max(_nearest(one, other) - zero, 0.0) / (1.0 - zero)


def _zero(texts: Sequence[Sequence[str]]) -> float:
    near = [_nearest(one, other) for one, other in combinations(texts, 2)]
    return sum(near) / len(near)


def _only(texts: Sequence[str], others: str, bare: Sequence[Sequence[str]]) -> list[str]:
    """Measures, codes and names that nobody else's text holds."""
    elsewhere = " ".join([others, *(text for one in bare for text in one)])
    measured = figures_of(elsewhere[:20000], "en")
    found: list[str] = []
    for text in texts:
        if figures_of(text, "en") - measured:
            found.append(text[:60])
        found += [name for name in _NAME.findall(text)[1:] if name.casefold() not in elsewhere.casefold()]
    return list(dict.fromkeys(found))


if __name__ == "__main__":
    main()
