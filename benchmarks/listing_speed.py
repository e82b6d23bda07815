"""How long the built-in model takes over an Amazon listing, in English, Chinese and German, and what comes of it.

    python -m benchmarks.listing_speed [--languages en zh de] [--sku BOT-750] [--timeout 90]

Wall seconds mean something on an otherwise idle machine only; CPU seconds of the process, the model's included, beside them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from agent.model import source as model_source
from agent.model.choice import ModelChoice
from agent.model.server import cores
from agent.model.source import ModelSource
from agent.voice import ModelVoice
from knowledge import learn_demo
from shop.demo import build
from shop.warehouse import Shop
from tools import registry
from tools.copywriting.voice import speaking_with
from tools.messages import render
from tools.progress import told_to


class Timed(ModelVoice):
    """The built-in model's voice with a watch."""

    calls = 0
    spent = 0.0

    def reword(self, text: str, language: str, instruction: str, longest: int) -> str | None:
        """The same, counted."""
        began = time.perf_counter()
        said = super().reword(text, language, instruction, longest)
        self.calls, self.spent = self.calls + 1, self.spent + time.perf_counter() - began
        return said


def main() -> None:
    """Print a line for each language, then the listing as it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", nargs="+", default=["en", "zh", "de"])
    parser.add_argument("--sku", default="BOT-750")
    parser.add_argument(
        "--timeout", type=float, default=model_source.PLAN_TIMEOUT_SECONDS, help="seconds for one sentence"
    )
    arguments = parser.parse_args()
    model_source.PLAN_TIMEOUT_SECONDS = arguments.timeout
    source = ModelSource(ModelChoice("builtin", "builtin", "auto"))
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        learn_demo(Path(folder))
        shop = Shop.open(folder)
        Timed(source).reword("Warm.", "en", "One sentence.", 20)
        registry.run(shop, "write_listing", {"sku": arguments.sku, "channel": "amazon", "languages": ["en"]})
        print(f"{source.name} on {cores()} cores; model and memory loaded before")
        for language in arguments.languages:
            _measured(shop, arguments.sku, language, Timed(source))


def _measured(shop: Shop, sku: str, language: str, voice: Timed) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    first: list[float] = []
    with speaking_with(voice), told_to(lambda line: first.append(time.perf_counter() - wall)):
        result = registry.run(shop, "write_listing", {"sku": sku, "channel": "amazon", "languages": [language]})
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    kept = sum(one.payload["written_by_model"] for one in result.proposals)
    print(
        f"\n{language}: {wall:.1f} s ({cpu:.1f} s of CPU), first sentence after {min(first, default=wall):.1f} s; "
        f"the model was asked {voice.calls} times, {voice.spent:.1f} s; "
        f"{len(result.proposals)} listing(s) in {', '.join(one.payload['language'] for one in result.proposals) or 'no language'}, "
        f"{kept} with the model's words"
    )  # fmt: skip
    names = {product.sku: product.name for product in shop.vocabulary.products}
    for one in (*result.findings, *result.assumptions):
        print(f"  {render(one, 'en', names)}")


if __name__ == "__main__":
    main()
