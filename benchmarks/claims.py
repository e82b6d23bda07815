"""Which sentences of copy the claim check keeps and refuses, on a planted set, by matter and language.

Run with `python -m benchmarks.claims` (the sealed set, never mended after; `--half tune` for the one tuned on, `held`,
`fresh` and `last` for those kept aside until each had been looked at once; `--misses` lists what went wrong). Half of
the sentences are true to their passages, half are not. A true one is kept when the verdict has no reason; a false one
is refused when it has any. Every sentence cites all its product's own texts (and its reviews, where it tells what
buyers say) and sees its reviews. Beside it, the two checks people reach for first: every number of the sentence stands
in the passages, and cosine to a passage of 0.5 or more.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from knowledge.passage import Passage, passage_id
from knowledge.verification import Verdict, verify

FOLDER = Path(__file__).resolve().parent.parent / "tests"
Half = Literal["tune", "held", "fresh", "last", "sealed", "wide", "new"]


@dataclass(frozen=True)
class Case:
    """One sentence with what it cites (`cited`) and what else is known of the product (`others`)."""

    sku: str
    language: str
    true: bool
    matter: str
    claim: str
    cited: tuple[Passage, ...]
    others: tuple[Passage, ...]
    names: tuple[str, ...]

    def judge(self) -> Verdict:
        """What the claim check says."""
        return verify(
            self.claim, self.cited, language=self.language, sku=self.sku, others=self.others, names=self.names
        )


def cases(half: Half) -> list[Case]:
    """The sentences of one half, in the order of the file."""
    import yaml

    stated: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"claim_cases_{half}.yaml").read_text(encoding="utf-8"))
    return [
        Case(
            product["sku"],
            language,
            true,
            matter,
            claim,
            *_passages(product, matter, true),
            tuple(product.get("names", ())),
        )
        for product in stated
        for language, true, matter, claim in product["claims"]
    ]


def _passages(product: dict[str, Any], matter: str, true: bool) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    known = tuple(_of_brand(product["sku"]) if product.get("brand") else _invented(product))
    voiced = matter == "reviews" and true  # what buyers say rests on what they wrote
    return tuple(p for p in known if voiced or p.kind != "review"), known


def _invented(product: dict[str, Any]) -> Iterator[Passage]:
    for n, said in enumerate(product["passages"]):
        source = f"{product['sku']}-{n}"
        yield Passage(
            passage_id(source, "line 1", said["text"]), said["text"], said["kind"], source, "line 1", "",
            tuple(said.get("skus", (product["sku"],))), said["language"], said["date"], said.get("rating"),
        )  # fmt: skip


@cache
def _brand() -> tuple[Passage, ...]:
    from knowledge.ingest import text_passages
    from shop.demo.brand_texts import brand_texts

    return tuple(p for text in brand_texts() for p in text_passages(text))


def _of_brand(sku: str) -> Iterator[Passage]:
    return (p for p in _brand() if not p.skus or sku in p.skus)


def numbers_only(case: Case) -> bool:
    """The naive check: every run of digits in the sentence stands in a cited passage."""
    source = " ".join(p.text for p in case.cited)
    return all(number in re.findall(r"\d+", source) for number in re.findall(r"\d+", case.claim))


def cosine_only(case: Case) -> bool:
    """The usual check: some cited passage is near in meaning."""
    from knowledge.embed import embed

    rows = embed([case.claim, *(p.text for p in case.cited)])
    return bool((rows[1:] @ rows[0]).max() >= 0.5)


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    right: int
    all: int

    def __str__(self) -> str:
        return f"{self.right}/{self.all} ({100 * self.right / self.all:.0f}%)" if self.all else "–"


def share(some: Sequence[Case], right: Callable[[Case], bool]) -> Share:
    return Share(sum(1 for case in some if right(case)), len(some))


def table(known: Sequence[Case], kept: dict[Case, bool]) -> str:
    """Shares of false refused and true kept, by matter and by language."""
    lines = ["| of | false refused | true kept |", "|-|-|-|"]
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in known:
        groups["all"].append(case)
    for case in sorted(known, key=lambda c: c.matter):
        groups[case.matter].append(case)
    for case in known:
        groups[case.language].append(case)
    for name, some in groups.items():
        refused = share([c for c in some if not c.true], lambda c: not kept[c])
        stood = share([c for c in some if c.true], lambda c: kept[c])
        lines.append(f"| {name} | {refused} | {stood} |")
    return "\n".join(lines)


def measure(half: Half, misses: bool) -> str:
    """The tables of one half, the naive checks beside it, and CPU time per sentence."""
    known = cases(half)
    for case in known[:1]:
        case.judge()
    warm = {case.sku: case for case in known}
    for case in warm.values():
        case.judge()  # a product's passages are taken apart once, then many sentences are judged
    verdicts: dict[Case, Verdict] = {}
    times = []
    for case in known:
        start = time.process_time()
        verdicts[case] = case.judge()
        times.append((time.process_time() - start) * 1000)
    times.sort()
    lines = [
        f"{len(known)} sentences, half: {half}",
        "",
        table(known, {c: v.supported for c, v in verdicts.items()}),
        "",
    ]
    lines += ["| check | false refused | true kept |", "|-|-|-|"]
    false, true = [c for c in known if not c.true], [c for c in known if c.true]
    for name, check in (
        ("numbers only", numbers_only),
        ("cosine of 0.5", cosine_only),
        ("this check", lambda c: verdicts[c].supported),
    ):
        judged = {c: check(c) for c in known}
        lines.append(f"| {name} | {share(false, lambda c: not judged[c])} | {share(true, lambda c: judged[c])} |")  # noqa: B023
    lines += [
        "",
        f"CPU per sentence: median {times[len(times) // 2]:.1f} ms, 95% below {times[int(0.95 * len(times))]:.1f} ms",
    ]
    if misses:
        lines += ["", *_missed(verdicts)]
    return "\n".join(lines)


def _missed(verdicts: dict[Case, Verdict]) -> Iterator[str]:
    for case, verdict in verdicts.items():
        if case.true != verdict.supported:
            why = ", ".join(f"{r.code}: {r.words}" for r in verdict.reasons)
            yield f"{case.language} {'true' if case.true else 'FALSE'} {case.matter} {case.sku}: {case.claim}  [{why}]"


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description="Which sentences of copy the claim check keeps and refuses.")
    asked.add_argument("--half", choices=["tune", "held", "fresh", "last", "sealed", "wide", "new"], default="sealed")
    asked.add_argument("--misses", action="store_true", help="list the sentences judged wrongly")
    said = asked.parse_args()
    print(measure(said.half, said.misses))


if __name__ == "__main__":
    main()
