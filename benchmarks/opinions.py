"""Opinions read from reviews against what their writers rated, a plain lexicon and a trained model in the same run.

`python -m benchmarks.opinions [--rows 23486] [--data FOLDER]` reads ../shared/data/womens_clothing_reviews.parquet: AUC of the summed
polarity against the recommended flag, correlation with the rating, mean rating of reviews that praise and that blame an
aspect, rows a CPU second. VADER is beside it where vaderSentiment is installed; logistic regression on bags of words,
trained on one half with the flag itself as its label, is the upper reference and measured on the other half, like all.

`--clauses` reads the demo's clause banks instead: every clause's aspect and polarity are known, in five languages.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.aspects import OVERALL
from knowledge.opinions import Reading, opinions, read_review

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILE = "womens_clothing_reviews.parquet"
LABELS = Path(__file__).with_name("opinions_labels.yaml")
LANGUAGES = ("en", "de", "fr", "zh", "ja")
FILLS = 3  # times a clause's slots are filled
SEED = 7
FEWEST = 30  # reviews of an aspect in the table

Scorer = Callable[[Sequence[str]], "np.ndarray[Any, Any]"]


def reviews(rows: int, data: Path = DATA) -> pd.DataFrame:
    """The reviews in an order of chance, the first `rows` of them, with a column `text` of title and review."""
    import pandas as pd

    frame = pd.read_parquet(data / FILE).sample(frac=1.0, random_state=SEED).head(rows)
    frame["text"] = (frame["Title"].fillna("") + "\n" + frame["Review Text"].fillna("")).str.strip()
    return frame


def ratings_table(frame: pd.DataFrame) -> str:
    """Ours, VADER and the trained reference on the second half; ours on everything."""
    half = len(frame) // 2
    first, second = frame.iloc[:half], frame.iloc[half:]
    lines = [
        "| method | reviews | AUC recommended | correlation with rating | rank correlation | rows/s CPU |", "|-|-|-|-|-|-|"
    ]  # fmt: skip
    lines.append(_scored("ours, all", frame, _ours))
    lines.append(_scored("ours", second, _ours))
    vader = _vader()
    lines.append(_scored("VADER", second, vader) if vader else "| VADER | not installed | | | | |")
    lines.append(_scored("bag of words, trained on the other half", second, _trained(first)))
    return "\n".join(lines)


def aspects_table(frame: pd.DataFrame) -> str:
    """By aspect: how many reviews praise and blame it, and their mean rating and share that recommend."""
    found: dict[str, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: {1: [], -1: []})
    for text, rating, liked in zip(frame["text"], frame["Rating"], frame["Recommended IND"], strict=True):
        for one in read_review(text, "en").opinions:
            if one.polarity:
                found[one.aspect][one.polarity].append((rating, liked))
    lines = ["| aspect | praise | rating | recommend | complaints | rating | recommend |", "|-|-|-|-|-|-|-|"]
    for aspect, sides in sorted(found.items(), key=lambda item: -len(item[1][1]) - len(item[1][-1])):
        if min(len(sides[1]), len(sides[-1])) >= FEWEST:
            cells = [cell for polarity in (1, -1) for cell in _rated(sides[polarity])]
            lines.append(f"| {aspect} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def clauses_table() -> str:
    """By language: how many clauses get the right polarity, precision and recall of (aspect, polarity)."""
    import numpy as np
    import yaml

    from shop.demo.reviews import clause_bank, filled

    labels = yaml.safe_load(LABELS.read_text(encoding="utf-8"))
    lines = ["| language | clauses | polarity right | silent | wrong | precision | recall |", "|-|-|-|-|-|-|-|"]
    for language in LANGUAGES:
        rng, bank = np.random.default_rng(SEED), clause_bank(language)
        counted: dict[str, int] = defaultdict(int)
        for sku, words in bank["skus"].items():
            for side, polarity in (("love", 1), ("hate", -1)):
                for name, clauses in words[side].items():
                    for clause in (filled(rng, c, bank, "US") for c in clauses for _ in range(FILLS)):
                        _count(counted, clause, language, polarity, set(labels[sku][name]))
        every = counted["clauses"]
        lines.append(
            f"| {language} | {every // FILLS} | {counted['right'] / every:.1%} | {counted['silent'] / every:.1%} | "
            f"{counted['wrong'] / every:.1%} | {counted['hits'] / max(counted['said'], 1):.1%} | {counted['found'] / every:.1%} |"
        )
    return "\n".join(lines)


def _count(counted: dict[str, int], clause: str, language: str, polarity: int, aspects: set[str]) -> None:
    said = opinions(clause, language)
    total = sum(one.strength for one in said) * polarity
    counted["clauses"] += 1
    counted["right" if total > 0 else "wrong" if total < 0 else "silent"] += 1
    judged = [one for one in said if one.polarity and one.aspect != OVERALL]
    right = [one for one in judged if one.aspect in aspects and one.polarity == polarity]
    counted["said"] += len(judged)
    counted["hits"] += len(right)
    counted["found"] += bool(right)


def _scored(name: str, frame: pd.DataFrame, score: Scorer) -> str:
    from scipy.stats import pearsonr, spearmanr
    from sklearn.metrics import roc_auc_score

    texts = frame["text"].tolist()
    start = time.process_time()
    scores = score(texts)
    spent = time.process_time() - start
    rating = frame["Rating"].to_numpy()
    return (
        f"| {name} | {len(texts):,} | {roc_auc_score(frame['Recommended IND'], scores):.3f} | "
        f"{pearsonr(scores, rating).statistic:.3f} | {spearmanr(scores, rating).statistic:.3f} | {len(texts) / spent:,.0f} |"
    )


def _ours(texts: Sequence[str]) -> np.ndarray[Any, Any]:
    import numpy as np

    read_review.cache_clear()
    readings: list[Reading] = [read_review(text, "en") for text in texts]
    return np.array([one.score for one in readings])


def _vader() -> Scorer | None:
    import numpy as np

    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-not-found]
    except ImportError:
        return None
    analyzer = SentimentIntensityAnalyzer()
    return lambda texts: np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


def _trained(first: pd.DataFrame) -> Scorer:
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    model = make_pipeline(words, LogisticRegression(C=4.0, max_iter=400))
    model.fit(first["text"], first["Recommended IND"])
    return lambda texts: np.asarray(model.decision_function(list(texts)))


def _rated(said: Sequence[tuple[int, int]]) -> list[str]:
    stars = sum(rating for rating, _ in said) / len(said)
    return [f"{len(said):,}", f"{stars:.2f}", f"{sum(liked for _, liked in said) / len(said):.0%}"]


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=23_486)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--clauses", action="store_true")
    chosen = parser.parse_args()
    if chosen.clauses:
        print(clauses_table())
        return
    if not (chosen.data / FILE).is_file():
        print(f"Skipped: {chosen.data / FILE} is absent; --data names the folder that holds {FILE}.")
        return
    frame = reviews(chosen.rows, chosen.data)
    print(ratings_table(frame))
    print()
    print(aspects_table(frame))


if __name__ == "__main__":
    main()
