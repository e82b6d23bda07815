"""Search over all passages at once gives what a plain loop gives; words count by language; nDCG is nDCG."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.product_questions import Judged, Question
from benchmarks.retrieval_questions import measured
from knowledge import KINDS, Passage
from knowledge.embedder import BUILTIN, Baseline, measured_baseline
from knowledge.lexical import K1, B, WordIndex
from knowledge.passage import passage_id
from knowledge.search import (
    FEWEST,
    FLOOR,
    REVIEW_CHANCE,
    REVIEW_WEIGHT,
    SHARED_ENOUGH,
    WHOLE_BRAND_WEIGHT,
    PassageIndex,
)
from knowledge.words import content

WORDS = ("lid", "leaks", "leaking", "bottle", "bottles", "steel", "cap", "rain", "flasche", "flaschen", "杯盖漏水")
PASSAGES = st.builds(
    lambda words, kind, skus, language, number: Passage(
        passage_id("s", str(number), " ".join(words)),
        " ".join(words),
        kind,
        "s",
        str(number),
        skus=skus,
        language=language,
    ),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
    st.sampled_from(KINDS),
    st.sampled_from(((), ("A",), ("B",), ("A", "B"))),
    st.sampled_from(("en", "de", "zh", None)),
    st.integers(0, 10**6),
)


def bm25(passages: list[Passage], query: str) -> tuple[list[float], list[float]]:
    """Lucene's BM25 and the held share of word weight, written down from the formula (Kamphuis et al., ECIR 2020)."""
    points, shares = [], []
    for passage in passages:
        language = passage.language or "en"
        own = [content(p.context, language) for p in passages if (p.language or "en") == language]
        mean = sum(map(len, own)) / len(own)
        asked, said = dict.fromkeys(content(query, language)), content(passage.context, language)
        weights = {}
        for word in asked:
            holders = sum(word in tokens for tokens in own)
            weights[word] = log(1 + (len(own) - holders + 0.5) / (holders + 0.5))
        points.append(
            sum(w * said.count(t) / (said.count(t) + K1 * (1 - B + B * len(said) / mean)) for t, w in weights.items() if t in said)
        )  # fmt: skip
        shares.append(sum(w for t, w in weights.items() if t in said) / (sum(weights.values()) or 1))
    return points, shares


def plainly(
    passages: list[Passage],
    vectors: Any,
    query: str,
    vector: Any,
    kinds: set[str],
    sku: str | None,
    limit: int,
    share: float,
) -> list[str]:
    """The same search as a loop over passages."""
    points, shares = bm25(passages, query)
    found = []
    for reviews in (False, True):
        group = []
        for at, p in enumerate(passages):
            if (
                (p.kind == "review") is reviews
                and (not kinds or p.kind in kinds)
                and (not sku or not p.skus or sku in p.skus)
            ):
                meaning = max(float(vectors[at] @ vector), 0.0)
                score = 1 - (1 - min(meaning, 1)) * (1 - 0.5 * shares[at])
                rank = (points[at] + meaning / 0.07) * (REVIEW_WEIGHT if reviews else 1)
                rank *= WHOLE_BRAND_WEIGHT if sku and not p.skus else 1
                group.append((rank, score, meaning / 0.07, shares[at], at))
        known = [g for g in group if g[2] >= FLOOR or g[3] >= SHARED_ENOUGH]
        enough = (REVIEW_CHANCE if reviews else 1) * sqrt(2 * log(max(len(group), FEWEST)))
        if any(g[2] >= enough or g[3] >= SHARED_ENOUGH for g in known):
            found += [g for g in known if g[1] >= share * max(k[1] for k in known)]
    return [passages[at].id for *_, at in sorted(found, key=lambda g: (-g[0], g[4]))[:limit]]


@given(
    st.lists(PASSAGES, min_size=1, max_size=14, unique_by=lambda p: p.id),
    st.lists(st.sampled_from((*WORDS, "qqq")), min_size=1, max_size=4).map(" ".join),
    st.sets(st.sampled_from(KINDS)),
    st.sampled_from((None, "A", "C")),
    st.integers(1, 8),
    st.sampled_from((0.0, 0.5)),
    st.integers(0, 10**6),
)
@settings(max_examples=60, deadline=None)
def test_search_is_the_plain_loop(
    passages: list[Passage], query: str, kinds: set[str], sku: str | None, limit: int, share: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((len(passages) + 1, 24)) + 0.2
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    index = PassageIndex(passages, rows[1:])
    found = index.search(query, rows[0], kinds, sku, limit, share_of_best=share)
    assert [p.id for p in found] == plainly(passages, rows[1:], query, rows[0], kinds, sku, limit, share)
    assert all(0 < p.score <= 1 for p in found)


@given(st.lists(PASSAGES, min_size=1, max_size=12), st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_words_in_common_are_bm25(passages: list[Passage], query: str) -> None:
    points, shares = WordIndex(passages).scores(query)
    wanted = bm25(passages, query)
    assert np.allclose(points, wanted[0], atol=1e-4)
    assert np.allclose(shares, wanted[1], atol=1e-5)


def said(text: str, language: str) -> Passage:
    return Passage(passage_id("s", text, text), text, "story", "s", text, language=language)


def test_a_word_is_as_rare_as_in_its_own_language() -> None:
    english = [said(f"The steel bottle number {n} keeps tea hot.", "en") for n in range(40)]
    german = [said(f"Die Flaschen aus Stahl, Nummer {n}.", "de") for n in range(4)]
    points, _ = WordIndex([*english, *german]).scores("Flasche")
    alone, _ = WordIndex(german).scores("Flasche")
    assert np.allclose(points[40:], alone)
    assert not points[:40].any()


def test_no_passages_no_words_no_crash() -> None:
    empty = PassageIndex([], np.zeros((0, 3), dtype=np.float32))
    assert empty.search("lid", np.ones(3, dtype=np.float32)) == []
    points, shares = WordIndex([said("…", "en")]).scores("the")
    assert (points.tolist(), shares.tolist()) == ([0.0], [0.0])


def test_cosines_of_another_model_are_put_on_our_scale() -> None:
    adjusted = Baseline(zero=0.8, noise=0.1).adjusted(np.array([0.8, 1.0, 0.7], dtype=np.float32))
    assert np.allclose(adjusted, [0.0, 1.0, -0.5])
    ours = measured_baseline(BUILTIN.embed)
    assert abs(ours.zero) < 0.05
    assert 0.03 < ours.noise < 0.11


@given(st.lists(st.sampled_from((0, 1, 2)), min_size=2, max_size=9).filter(any), st.randoms())
@settings(max_examples=60, deadline=None)
def test_ndcg_is_scikit_learns(labels: list[int], random: Any) -> None:
    from sklearn.metrics import ndcg_score

    ids = [f"p{n}" for n in range(len(labels))]
    order = random.sample(ids, len(ids))
    given_scores = [[-order.index(id) for id in ids]]
    wanted = ndcg_score([[2**label - 1 for label in labels]], given_scores, k=5)
    ndcg, recall = measured(order, dict(zip(ids, labels, strict=True)))
    assert ndcg == pytest.approx(wanted)
    hits = sum(labels[ids.index(id)] == 2 for id in order[:5])
    assert recall == (hits / labels.count(2) if 2 in labels else None)


def test_the_trade_off_counts_what_is_given() -> None:
    from benchmarks.answering import best, curve, furthest

    lid, story = said("Yes, the lid is dishwasher safe.", "en"), said("Maya ran 800 m for Sweden.", "en")
    data = Judged(
        [
            Question("Is the lid dishwasher safe?", "x", "P1", {lid.id: 2, story.id: 0}),
            Question("Who ran 800 m for Sweden?", "x", "P2", {story.id: 1, lid.id: 0}),
            Question("Does it come with a charger?", "x", "P3", {lid.id: 0, story.id: 0}),
        ],
        {p.id: p for p in (lid, story)},
    )
    found = best(data, data.questions)
    assert {g.question.product: g.label for g in found} == {"P1": 2, "P2": 1, "P3": 0}
    assert found[-1].question.product == "P3"
    assert (furthest(found[:1], 2), furthest(found, 1)) == (int(found[0].label == 2), 2)
    assert "3 of 3 = 100% | 33% | 67% | 0 of 1 = 0% |" in curve(found)
