"""How well the number check tells right from wrong: `python -m benchmarks.proof`.

Every claim of the hand-marked answers in tests/proof_cases.yaml is judged. Precision: of the claims passed as
proven, how many are right (a wrong number must never pass). Recall: of the right claims, how many pass.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from agent.proof import Verdict, prove
from agent.reading.said import Span
from shop.warehouse import ProductName, Vocabulary
from tools.contract import About, Column, DataUsed, Finding, Proposal, Result, Table, Value

CASES = Path(__file__).parents[1] / "tests" / "proof_cases.yaml"
_MARK = re.compile(r"\{([+-])(.+?)\1\}", re.S)


@dataclass(frozen=True)
class Case:
    """A marked answer. `right` and `wrong` are spans of the plain answer that must be proven or not."""

    category: str
    language: str
    question: str
    answer: str
    results: tuple[Result, ...]
    right: tuple[Span, ...]
    wrong: tuple[Span, ...]


@dataclass(frozen=True)
class Marked:
    """How a verdict compares with the marks: right claims passed or lost, wrong ones caught or passed."""

    passed: tuple[str, ...]
    lost: tuple[str, ...]
    caught: tuple[str, ...]
    slipped: tuple[str, ...]


def load(path: Path = CASES) -> tuple[Vocabulary, list[Case]]:
    """The cases and the vocabulary they share."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    shop = raw["vocabulary"]
    as_of = shop["as_of"]
    products = tuple(
        ProductName(sku, names.split("|")[0], tuple(names.split("|")[1:])) for sku, names in shop["products"].items()
    )
    vocabulary = Vocabulary(
        products,
        tuple(shop["countries"]),
        tuple(shop["channels"]),
        tuple(shop["warehouses"]),
        shop["base_currency"],
        as_of,
    )
    results = {name: _result(said, as_of) for name, said in raw["results"].items()}
    cases = []
    for said in raw["cases"]:
        answer, right, wrong = _unmarked(said["answer"])
        held = tuple(results[name] for name in said["results"])
        cases.append(Case(said["category"], said["language"], said["question"], answer, held, right, wrong))
    return vocabulary, cases


def compare(case: Case, verdict: Verdict) -> Marked:
    """Judge a verdict by the marks. A claim outside every mark is right; a mark no claim touches is lost or slipped."""
    passed: list[str] = []
    lost: list[str] = []
    caught: list[str] = []
    slipped: list[str] = []
    for claim in verdict.claims:
        bad = any(_touch(claim.span, span) for span in case.wrong)
        group = (slipped if claim.proven else caught) if bad else (passed if claim.proven else lost)
        group.append(claim.text)
    spans = [claim.span for claim in verdict.claims]
    lost += [case.answer[slice(*s)] for s in case.right if not any(_touch(s, c) for c in spans)]
    slipped += [case.answer[slice(*s)] for s in case.wrong if not any(_touch(s, c) for c in spans)]
    return Marked(tuple(passed), tuple(lost), tuple(caught), tuple(slipped))


def _touch(one: Span, two: Span) -> bool:
    return one[0] < two[1] and two[0] < one[1]


def _unmarked(marked: str) -> tuple[str, tuple[Span, ...], tuple[Span, ...]]:
    answer, at = "", 0
    right: list[Span] = []
    wrong: list[Span] = []
    for mark in _MARK.finditer(marked):
        answer += marked[at : mark.start()]
        span = (len(answer), len(answer) + len(mark[2]))
        (right if mark[1] == "+" else wrong).append(span)
        answer += mark[2]
        at = mark.end()
    return answer + marked[at:], tuple(right), tuple(wrong)


def _result(said: dict[str, Any], as_of: date) -> Result:
    tool = said["tool"]
    tables = [
        Table(
            title=t["title"],
            columns=[Column(name=c[0], kind=c[1], unit=c[2] if len(c) > 2 else None) for c in t["columns"]],
            rows=[[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in t["rows"]],
        )
        for t in said.get("tables", [])
    ]
    return Result(
        tool=tool,
        findings=[_finding(f, f"{tool}.{i}") for i, f in enumerate(said.get("findings", []), 1)],
        assumptions=[_finding(f, f"{tool}.assumption{i}") for i, f in enumerate(said.get("assumptions", []), 1)],
        tables=tables,
        proposals=[Proposal(**p) for p in said.get("proposals", [])],
        data_used=DataUsed(as_of=as_of, version=1),
    )


def _finding(said: dict[str, Any], id_: str) -> Finding:
    values = {name: _value(text) for name, text in said["values"].items()}
    return Finding(id=id_, severity="info", key="case", values=values, about=About(**said.get("about", {})))


def _value(text: str) -> Value:
    kind, _, rest = text.partition(" ")
    if kind in {"words", "quote", "code", "sku", "country", "channel"}:
        return Value(kind=kind, value=rest)
    if kind == "date":
        return Value(kind="date", value=date.fromisoformat(rest))
    amount, _, unit = rest.partition(" ")
    return Value(kind=kind, value=Decimal(amount), unit=unit or None)


def main() -> None:
    """Print the counts per category, precision, recall and the time per answer."""
    vocabulary, cases = load()
    counts: dict[str, Counter[str]] = {}
    started = time.perf_counter()
    verdicts = [prove(c.answer, c.results, c.question, vocabulary, c.language) for c in cases]
    seconds = time.perf_counter() - started
    for case, verdict in zip(cases, verdicts, strict=True):
        marked = compare(case, verdict)
        count = counts.setdefault(case.category, Counter())
        count.update(answers=1, right=len(marked.passed), lost=len(marked.lost), caught=len(marked.caught),
                     slipped=len(marked.slipped))  # fmt: skip
        for text in (*marked.lost, *marked.slipped):
            print(f"{'LOST' if text in marked.lost else 'PASSED WRONGLY'}: {text!r} in {case.answer!r}")
    total = sum(counts.values(), Counter())
    print(f"{'category':<20}{'answers':>8}{'proven':>8}{'lost':>6}{'caught':>8}{'slipped':>9}")
    for category, count in (*counts.items(), ("all", total)):
        print(
            f"{category:<20}{count['answers']:>8}{count['right']:>8}{count['lost']:>6}{count['caught']:>8}{count['slipped']:>9}"
        )
    print(f"precision {total['right'] / (total['right'] + total['slipped']):.4f}")
    print(f"recall {total['right'] / (total['right'] + total['lost']):.4f}")
    print(f"{seconds / len(cases) * 1e6:,.0f} microseconds per answer")


if __name__ == "__main__":
    main()
