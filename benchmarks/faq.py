"""write_faq on the demo brand: how many of the questions that buyers really raise are answered, cited, left open.

For every SKU: messages of its tickets and reviews, the questions they were grouped into, how many of these are answered,
how many are left open, whether every answer names a passage that holds it, and CPU seconds. Then the tickets' grouping
against the topics they were written for (the answer key in the shop's truth folder, which no tool reads), with and
without the worked ways to ask beside the plain forms.

python -m benchmarks.faq [--shop DIR] [--language en] [--model SKU] [--limit N]
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from shop.warehouse import Shop

# The topics of the demo's tickets and the known questions that mean the same.
SAME = {
    "where_is_my_order": {"late", "shipping_time"}, "size": {"size", "size_exchange"}, "leak": {"leak"}, "damaged": {"damaged"},
    "refund_status": {"refund_time"}, "care": {"cleaning"}, "change_address": {"change_order"}, "zip": {"zip", "warranty"},
}  # fmt: skip


def main() -> None:
    """Print the tables; with --model, also the FAQ of one SKU as the chosen model words it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--shop", type=Path, help="a demo shop; built anew when not given")
    asked.add_argument("--language", default="en")
    asked.add_argument("--model", metavar="SKU", help="write this SKU's FAQ with the chosen model and show it")
    asked.add_argument("--limit", type=int, help="only so many SKUs")
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() if said.shop is None else nullcontext(said.shop) as folder:
        shop = Shop.open(_demo(Path(folder)) if said.shop is None else said.shop)
        if said.model:
            _with_model(shop, said.model, said.language)
        else:
            _answered(shop, said.language, said.limit)
            _grouping(shop)
        from knowledge import close_stores

        close_stores()


def _demo(folder: Path) -> Path:
    from knowledge import learn_demo
    from shop.demo import build

    build(folder / "shop")
    learn_demo(folder / "shop")
    return folder / "shop"


def _answered(shop: Shop, language: str, limit: int | None) -> None:
    from knowledge.store import open_store
    from tools.faq.compile import cited, compiled
    from tools.faq.personas import persona_of

    store = open_store(shop.folder)
    store.warm()
    texts = {passage.id: passage.text for passage in store.passages()}
    print(f"{'SKU':10} messages  asked answered  open   all answered  open  cited  CPU s")
    totals: Counter[str] = Counter()
    for product in shop.vocabulary.products[:limit]:
        started = time.process_time()
        faq = compiled(shop, store, product.sku, language, persona_of(None)[0])
        spent = time.process_time() - started
        answered = [*faq.answered, *faq.over]
        lines = cited(faq)
        held = sum(_holds(line.text, texts.get(line.passage.id, "")) for line in lines)
        row = {
            "messages": sum(one.times for one in [*answered, *faq.gaps]),
            "asked": sum(bool(one.times) for one in [*answered, *faq.gaps]),
            "asked answered": sum(bool(one.times) for one in answered), "asked open": sum(bool(one.times) for one in faq.gaps),
            "all": len(answered) + len(faq.gaps), "answered": len(answered), "open": len(faq.gaps), "lines": len(lines), "held": held,
            "messages answered": sum(one.times for one in answered),
        }  # fmt: skip
        totals.update(row)
        print(
            f"{product.sku:10} {row['messages']:8} {row['asked']:6} {row['asked answered']:8} {row['asked open']:5} "
            f"{row['all']:6} {row['answered']:8} {row['open']:5}  {held}/{len(lines)}  {spent:6.2f}"
        )
    print(
        f"all: {totals['asked answered']} of {totals['asked']} questions buyers asked are answered "
        f"({totals['messages answered']} of {totals['messages']} messages), {totals['asked open']} are left open; "
        f"of all questions {totals['answered']} of {totals['all']}; {totals['held']} of {totals['lines']} lines stand in their passage."
    )


def _holds(line: str, passage: str) -> bool:
    from knowledge.words import words

    held = set(words(passage.replace("|", " ").replace("*", " ")))
    return all(word in held for word in words(line))


def _grouping(shop: Shop) -> None:
    from tools.faq.asked import asked_about
    from tools.faq.groups import grouped
    from tools.faq.product import product_of
    from tools.faq.questions import known, needed

    topics = _topics(shop.folder / "truth")
    keys = [key for key, question in known().items() if question.part != "wholesale"]
    for name, stripped in (("all ways to ask", False), ("plain forms only", True)):
        right, wrong, loose = 0, Counter[tuple[str, str | None]](), 0
        with _plain_forms() if stripped else nullcontext():
            for product in shop.vocabulary.products:
                own = product_of(shop, product.sku)
                found = asked_about(shop, own, wholesale=False)
                for group in grouped(found.remarks, keys, needed(own.kinds)):
                    for id in {one.id for one in group.remarks if one.origin == "tickets"}:
                        topic = topics.get(id, "")
                        if group.key in SAME.get(topic, set()):
                            right += 1
                        elif group.key is None:
                            loose += 1
                        else:
                            wrong[topic, group.key] += 1
        total = right + loose + sum(wrong.values())
        print(
            f"tickets grouped ({name}): {right} of {total} right, {loose} with no known question, wrong: {dict(wrong)}"
        )


class _plain_forms:
    """Known questions without the other ways to ask them."""

    def __enter__(self) -> None:
        from tools.faq import questions

        self._kept = dict(questions.known())
        for key, question in self._kept.items():
            questions.known()[key] = replace(question, asked=())

    def __exit__(self, *_: object) -> None:
        from tools.faq import questions

        questions.known().update(self._kept)


def _topics(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(part: Any) -> None:
        for key, value in part.items() if isinstance(part, dict) else []:
            if isinstance(value, str) and key.startswith("T") and key[1:].isdigit():
                found[key] = value
            walk(value)

    for path in sorted(folder.glob("*.json")):
        walk(json.loads(path.read_text(encoding="utf-8")))
    return found


def _with_model(shop: Shop, sku: str, language: str) -> None:
    from agent.model.choice import choose
    from agent.model.source import ModelSource
    from agent.voice import voice_of
    from tools.copywriting.voice import speaking_with
    from tools.messages import render
    from tools.registry import run

    source = ModelSource(choose(os.environ), say=print)
    if source.choice.kind != "none":
        source.client()
    started, worked = time.perf_counter(), time.process_time()
    with speaking_with(voice_of(source)):
        result = run(shop, "write_faq", {"sku": sku, "language": language})
    print(f"{source.name}: {time.perf_counter() - started:.1f} s, of them {time.process_time() - worked:.1f} s of CPU")
    for item in result.proposals[0].payload["items"] if result.proposals else []:
        print(f"\n{item['question']}")
        for answer in item["answers"]:
            mark = "source" if answer["own_words"] else "model"
            print(f"  {answer['country'] or '*'} [{mark} {answer['language']}] {answer['text']}")
            print(f"    {answer['sources'][0]['source']}, {answer['sources'][0]['place']}")
    for told in (*result.warnings, *result.assumptions):
        print(f"! {render(told, 'en')}")


if __name__ == "__main__":
    main()
