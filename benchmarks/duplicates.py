"""Which passages are taken for the same: planted copies of real reviews, and changed ones that say something else.

`python -m benchmarks.duplicates [--data FOLDER] [--rows N] [--seed S]`. Of each review drawn, one copy is dressed otherwise
(case, punctuation, an article, a misspelt letter) and one is changed in substance (a number, a negation, a word of
its own swapped for one of another review). Beside ours: equal text, Jaccard of word triples, and the cosine of the embedder.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.duplicates import Twins, tokens
from knowledge.passage import Passage

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILE = "womens_clothing_reviews.parquet"
FEWEST_WORDS = 20
NEGATIONS = ("not", "never", "hardly")


@dataclass(frozen=True)
class Pair:
    """A review and its copy; whether the copy says the same."""

    one: str
    other: str
    same: bool


def main() -> None:
    """Print, for each way, the share of copies joined and of changed ones kept apart."""
    parser = argparse.ArgumentParser(description="Near-duplicates found, and contradictions kept apart.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    if not (chosen.data / FILE).is_file():
        print(f"Skipped: {chosen.data / FILE} is absent; --data names the folder that holds {FILE}.")
        return
    texts = reviews(chosen.data / FILE)
    drawn = random.Random(chosen.seed)
    pairs = planted([text for text in texts if len(text.split()) >= FEWEST_WORDS], drawn, chosen.rows)
    print(f"{'way':34} {'copies joined':>14} {'changed kept apart':>19}")
    for name, same in WAYS.items():
        joined = sum(same(pair.one, pair.other) for pair in pairs if pair.same)
        apart = sum(not same(pair.one, pair.other) for pair in pairs if not pair.same)
        print(f"{name:34} {joined / chosen.rows:14.1%} {apart / chosen.rows:19.1%}")
    began = time.process_time()
    twins, found = Twins(), 0
    for number, text in enumerate(texts):
        passage = Passage(str(number), text, "review", "file", str(number))
        found += twins.find(passage) is not None
        twins.add(passage)
    spent = time.process_time() - began
    print(f"{len(texts):,} reviews compared with one another: {found} the same, {spent:.1f} s of CPU")


def reviews(path: Path) -> list[str]:
    """Every review's text, as one line."""
    import duckdb

    rows = duckdb.read_parquet(str(path)).project('"Review Text"').fetchall()
    return [" ".join(text.split()) for (text,) in rows if text]


def planted(texts: list[str], drawn: random.Random, count: int) -> list[Pair]:
    """As many copies as changed ones."""
    chosen = drawn.sample(texts, count)
    return [Pair(text, dressed(text, drawn), True) for text in chosen] + [
        Pair(text, changed(text, drawn, texts), False) for text in chosen
    ]


def dressed(text: str, drawn: random.Random) -> str:
    """The same words otherwise: in another case, without commas, without an article, or with one letter doubled."""
    way = drawn.randrange(4)
    if way == 0:
        return text.upper()
    if way == 1:
        return re.sub(r"[,;!]", "", text).replace("'", "’")
    if way == 2:
        return re.sub(r"\b(?:the|a|an) ", "", text, count=1)
    words = [word for word in re.findall(r"[a-z]+", text) if len(word) > 5]
    word = drawn.choice(words or ["the"])
    at = drawn.randrange(2, len(word))
    return text.replace(word, word[:at] + word[at] + word[at:], 1)


def changed(text: str, drawn: random.Random, texts: list[str]) -> str:
    """Another statement by one word: a number, a negation, or a word of another review."""
    numbers = re.findall(r"\d+", text)
    words = text.split()
    if numbers and drawn.random() < 0.5:
        number = drawn.choice(numbers)
        return text.replace(number, str(int(number) + drawn.randrange(1, 9)), 1)
    at = drawn.randrange(1, len(words))
    if drawn.random() < 0.5:
        return " ".join([*words[:at], drawn.choice(NEGATIONS), *words[at:]])
    others = [word for word in drawn.choice(texts).split() if len(word) > 5 and word.lower() not in text.lower()]
    return " ".join([*words[:at], drawn.choice(others or ["polyester"]), *words[at + 1 :]])


def ours(one: str, other: str) -> bool:
    twins = Twins()
    twins.add(Passage("a", one, "review", "x", "1"))
    return twins.find(Passage("b", other, "review", "y", "1")) is not None


def jaccard(least: float) -> Callable[[str, str], bool]:
    def same(one: str, other: str) -> bool:
        first, second = (
            {tuple(said[at : at + 3]) for at in range(len(said) - 2)} for said in (tokens(one), tokens(other))
        )
        return len(first & second) >= least * len(first | second)

    return same


def cosine(least: float) -> Callable[[str, str], bool]:
    def same(one: str, other: str) -> bool:
        from knowledge.embed import embed

        first, second = embed([one, other])
        return float(first @ second) >= least

    return same


WAYS: dict[str, Callable[[str, str], bool]] = {
    "ours": ours,
    "equal text": lambda one, other: one == other,
    "Jaccard of word triples >= 0.8": jaccard(0.8),
    "Jaccard of word triples >= 0.9": jaccard(0.9),
    "cosine of the embedder >= 0.95": cosine(0.95),
    "cosine of the embedder >= 0.99": cosine(0.99),
}


if __name__ == "__main__":
    main()
