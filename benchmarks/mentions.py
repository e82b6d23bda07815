"""How many of the reviews that speak of a matter search finds, and how many of those found do: MENTION_PRECISION and
MENTION_RECALL of knowledge/search.py.

Run with `python -m benchmarks.mentions`. 1,000 reviews of the demo shop's clause banks in five languages, without
Chroma; a review speaks of a matter when it holds a clause of the bank's aspect, praising or blaming. Questions are
worded as an operator would, not as the clauses are.
"""

from __future__ import annotations

import re
from typing import Any

from knowledge.embed import embed
from knowledge.passage import Passage, passage_id
from knowledge.search import PassageIndex

REVIEWS = 1000
SEEDS = (11, 12)
QUESTIONS = (
    ("BOT-500", "lid", "does the bottle leak"),
    ("BOT-500", "lid", "杯盖漏水"),
    ("BOT-500", "smell", "smell that stays after washing"),
    ("BOT-750", "weight", "too heavy to carry"),
    ("BOT-750", "paint", "paint chips off"),
    ("BAND-SET", "snap", "the band breaks"),
    ("BAND-SET", "smell", "rubber smell"),
    ("BAND-LOOP", "latex", "Latexallergie"),
    ("BAND-LOOP", "pinch", "pinches the skin"),
    ("SOCK-3P", "wear", "holes in the toes"),
    ("SOCK-3P", "fit", "too tight"),
    ("MAT-TPE", "smell", "chemical smell of the mat"),
    ("MAT-TPE", "smell", "瑜伽垫有异味"),
    ("MAT-TPE", "curl", "corners curl up"),
    ("ROLL-45", "firm", "foam roller is too hard"),
    ("TOW-ICE", "cool", "does not cool in humid weather"),
    ("BELT-RUN", "zip", "Reißverschluss kaputt"),
    ("BELT-RUN", "rain", "not waterproof in rain"),
    ("CAP-UV", "fade", "colour fades"),
    ("VEST-HI", "size", "runs small, size up"),
    ("GEL-24", "taste", "tastes bad"),
    ("ROPE-SPD", "cable", "cable wears out"),
)


def written(count: int, seed: int) -> tuple[list[Passage], list[set[tuple[str, str]]]]:
    """Reviews, and the aspects of its SKU that each speaks of."""
    import numpy as np
    import pandas as pd

    from shop.demo.reviews import clause_bank, write_reviews

    rng = np.random.default_rng(seed)
    skus = sorted({sku for sku, _, _ in QUESTIONS})
    countries, channels = ["US", "GB", "DE", "FR", "JP", "US"], ["amazon", "shopify", "alibaba"]
    sales = pd.DataFrame({"sku": rng.choice(skus, count), "country": rng.choice(countries, count),
                          "channel": rng.choice(channels, count), "day": "2026-10-01"})  # fmt: skip
    passages, aspects = [], []
    for review in write_reviews(rng, sales):
        text = "\n".join(part for part in (review["title"], review["text"]) if part)
        passages.append(Passage(passage_id("reviews", review["review_id"], text), text, "review", "reviews",
                                review["review_id"], skus=(review["sku"],), language=review["language"]))  # fmt: skip
        words: dict[str, Any] = clause_bank(review["language"])["skus"][review["sku"]]
        aspects.append({(review["sku"], aspect) for side in ("love", "hate") for aspect, clauses in words[side].items()
                        if any(_holds(review["text"], clause) for clause in clauses)})  # fmt: skip
    return passages, aspects


def _holds(text: str, clause: str) -> bool:
    """Whether a filled clause is in the text, whatever its last mark and first letter became."""
    pattern = ".{1,40}?".join(re.escape(part) for part in re.split(r"\{\w+\}", clause.rstrip(".!。！")))
    return bool(re.search(pattern, text, re.IGNORECASE))


def main() -> None:
    """Print what was found by question, and precision and recall over all."""
    right = found_in_all = speaking_in_all = 0
    for seed in SEEDS:
        passages, aspects = written(REVIEWS, seed)
        index = PassageIndex(passages, embed([p.context for p in passages]))
        queries = embed([query for _, _, query in QUESTIONS])
        for (sku, aspect, query), vector in zip(QUESTIONS, queries, strict=True):
            found = {p.id for p in index.search(query, vector, ("review",), sku, limit=REVIEWS, share_of_best=0.0)}
            speaking = {p.id for p, own in zip(passages, aspects, strict=True) if (sku, aspect) in own}
            hit = len(found & speaking)
            print(f"{sku:10} {query:32} {hit:3} of {len(found):3} found, of {len(speaking):3} that speak of it")
            right, found_in_all, speaking_in_all = (
                right + hit,
                found_in_all + len(found),
                speaking_in_all + len(speaking),
            )
    print(f"Precision {right / found_in_all:.2f}, recall {right / speaking_in_all:.2f}, seeds {SEEDS}")


if __name__ == "__main__":
    main()
