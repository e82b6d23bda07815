"""Does the answer found answer the question, and is nothing given where nothing does: coverage against precision.

Run with `python -m benchmarks.answering`; `--fit` fits the weights of knowledge/answering.py on the training half and
prints them. Products are split in halves by a hash of their id, so no product is in both; the tables are of the half
that the weights were not fitted on. The candidates of a question are its pool.
"""

from __future__ import annotations

import argparse
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.product_questions import ANSWERS, HELPS, Judged, Question, judged
from knowledge.answer_signs import SIGNS
from knowledge.answering import LEAST, answer, read

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

AIM = 0.9
STRENGTH = 0.1  # C of the logistic regressions
LIKELIEST = 3  # candidates of a question that the weights are fitted on
SHARES = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0)


@dataclass(frozen=True)
class Given:
    """The best answer to a question: how sure it is, and what the judges said of its passage."""

    question: Question
    probability: float
    label: int


def trained_on(question: Question) -> bool:
    """Whether the question's product is in the half that weights are fitted on."""
    return sha256(question.product.encode()).digest()[0] % 2 == 0


def best(data: Judged, questions: list[Question]) -> list[Given]:
    """The surest answer to each question, surest first."""
    found = []
    for question in questions:
        first = answer(question.text, data.pool(question), least=0)
        if first is not None:
            found.append(Given(question, first.probability, question.labels[first.passage.id]))
    return sorted(found, key=lambda g: -g.probability)


def curve(found: list[Given]) -> str:
    """Precision and abstention at several thresholds, as a table."""
    hopeless = sum(g.question.hopeless for g in found)
    lines = [
        "| least probability | answered | answers (2) | answers or helps (1, 2) | unanswerable left alone |",
        "|-|-|-|-|-|",
    ]
    leasts = sorted({found[int(share * len(found)) - 1].probability for share in SHARES} | {LEAST}, reverse=True)
    for least in leasts:
        given = [g for g in found if g.probability >= least]
        right = sum(g.label == ANSWERS for g in given)
        near = sum(g.label >= HELPS for g in given)
        alone = hopeless - sum(g.question.hopeless for g in given)
        mark = " (in use)" if least == LEAST else ""
        lines.append(
            f"| {least:.3f}{mark} | {len(given)} of {len(found)} = {len(given) / len(found):.0%} | "
            f"{right / max(len(given), 1):.0%} | {near / max(len(given), 1):.0%} | {alone} of {hopeless} = {alone / max(hopeless, 1):.0%} |"
        )
    return "\n".join(lines)


def furthest(found: list[Given], least_label: int) -> int:
    """The largest number of surest answers of which 9 in 10 carry at least the label."""
    right, most = 0, 0
    for count, given in enumerate(found, start=1):
        right += given.label >= least_label
        if right >= AIM * count:
            most = count
    return most


def calibration(found: list[Given]) -> str:
    """Said and seen share of right answers by fifths."""
    step = max(1, len(found) // 5)
    cells = []
    for at in range(0, step * 5, step):
        some = found[at : at + step]
        said = sum(g.probability for g in some) / len(some)
        cells.append(f"{said:.2f} / {sum(g.label == ANSWERS for g in some) / len(some):.2f}")
    return "Said / seen by fifths, surest first: " + ", ".join(cells)


def fit(data: Judged, questions: list[Question]) -> str:
    """The constants of knowledge/answering.py, and what they reach on products of the half that they were not fitted on.

    Weights: logistic regression of label 2 on the signs of a question's three likeliest candidates, which a first
    regression on all candidates finds, so that they tell good answers from likely ones and not from anything at all.
    Calibration: the best of several looks surer than it is, so the best answers, each scored by weights fitted on the
    other products, are fitted once more (Platt, "Probabilistic outputs for support vector machines", 1999).
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    rows, labels, asked = [], [], []
    for number, question in enumerate(questions):
        for passage, _, seen in read(question.text, data.pool(question)):
            rows.append(astuple(seen))
            labels.append(question.labels[passage.id])
            asked.append(number)
    signs, label, of = np.array(rows), np.array(labels), np.array(asked)
    right = label == ANSWERS
    spread = signs.std(axis=0)
    signs = signs / spread

    def likeliest(scores: npt.NDArray[np.float64], among: npt.NDArray[np.intp], most: int) -> npt.NDArray[np.intp]:
        ordered = among[np.argsort(-scores, kind="stable")]
        return np.concatenate([ordered[of[ordered] == number][:most] for number in np.unique(of[among])])

    def regression(among: npt.NDArray[np.intp]) -> LogisticRegression:
        first = LogisticRegression(C=STRENGTH, max_iter=1000).fit(signs[among], right[among])
        kept = likeliest(first.decision_function(signs[among]), among, LIKELIEST)
        return LogisticRegression(C=STRENGTH, max_iter=1000).fit(signs[kept], right[kept])

    every = np.arange(len(right))
    products = np.unique([q.product for q in questions], return_inverse=True)[1][of]
    scores = np.zeros(len(right))
    for fitted, kept in GroupKFold(10).split(signs, right, products):
        scores[kept] = regression(fitted).decision_function(signs[kept])
    best_of = likeliest(scores, every, 1)
    platt = LogisticRegression(C=1e6).fit(scores[best_of][:, None], right[best_of])
    model = regression(every)
    slope, shift = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    weights = slope * model.coef_[0] / spread
    lines = [f"INTERCEPT = {slope * float(model.intercept_[0]) + shift:.3f}", "WEIGHTS = Signs("]
    lines += [f"    {name}={weight:.3f}," for name, weight in zip(SIGNS, weights, strict=True)]
    said = platt.predict_proba(scores[best_of][:, None])[:, 1]
    found = [
        Given(questions[of[row]], round(float(p), 4), int(label[row])) for row, p in zip(best_of, said, strict=True)
    ]
    return "\n".join([*lines, ")", curve(sorted(found, key=lambda g: -g.probability))])


def main() -> None:
    """Print the trade-off on the held-out half, or fit on the other."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--fit", action="store_true", help="fit the weights on the training half and print them")
    said.add_argument("--files", nargs="*", type=Path, help="other files of the same form; all their questions count")
    asked = said.parse_args()
    data = judged(asked.files)
    if asked.fit:
        print(fit(data, [q for q in data.questions if trained_on(q)]))
        return
    questions = [q for q in data.questions if asked.files or not trained_on(q)]
    for collection in [*dict.fromkeys(q.collection for q in questions), ""]:
        found = best(data, [q for q in questions if not collection or q.collection == collection])
        print(
            f"\n{collection or 'all'}: {len(found)} questions, {sum(g.question.answerable for g in found)} answerable"
        )
        print(curve(found))
        print(f"9 in 10 right among the surest {furthest(found, ANSWERS)}; right or helpful: {furthest(found, HELPS)}")
        print(calibration(found))


if __name__ == "__main__":
    main()
