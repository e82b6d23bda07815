"""Time of a turn outside model and tools: planning around the model, composing, proof, graph, checkpoints.

`python -m benchmarks.turn_overhead` runs turns with a planner that needs no model and prints the milliseconds
that are neither the tools' nor the model's.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from agent.copilot import Copilot
from agent.model.choice import ModelChoice
from tests.scripted_model import plan, scripted

ROUNDS = 30
QUESTIONS = ("How many BOT-750 will we sell in the US in the next 30 days?", "未来30天500毫升水壶在美国能卖多少？")


def main() -> None:
    """Print the median and the 90th percentile over warm turns."""
    from shop.demo import build

    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "shop"
        print("Building the demo shop …", file=sys.stderr)
        build(folder)
        reply = plan(("forecast_demand", {"horizon_days": 30}))
        with scripted([reply]) as server:
            choice = ModelChoice("remote", "scripted", "schema", base_url=server.base_url, api_key="key")
            copilot = Copilot(folder, choice, say=lambda line: None)
            waited = _count_model_time(copilot)
            outside = []
            for turn in range(ROUNDS + 3):
                waited.clear()
                began = time.perf_counter()
                answered = copilot.ask(QUESTIONS[turn % 2], f"thread-{turn // 4}")
                total = time.perf_counter() - began
                assert answered.numbers.shown == answered.numbers.proven > 0
                outside.append(total - answered.seconds.tools - sum(waited))
        warm = [1000 * seconds for seconds in outside[3:]]
        slow = statistics.quantiles(warm, n=10)[-1]
        print(
            f"{ROUNDS} warm turns: {statistics.median(warm):.1f} ms outside model and tools (median), {slow:.1f} ms (p90)"
        )


def _count_model_time(copilot: Copilot) -> list[float]:
    """Time the HTTP request to the model apart from everything that is ours."""
    client: Any = copilot.source.client()
    waited: list[float] = []
    send = client.client.create

    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return send(*args, **kwargs)
        finally:
            waited.append(time.perf_counter() - began)

    client.client.create = timed
    if hasattr(client.client, "with_raw_response"):
        raw = client.client.with_raw_response
        plain = raw.create

        def timed_raw(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return plain(*args, **kwargs)
            finally:
                waited.append(time.perf_counter() - began)

        raw.create = timed_raw
    return waited


if __name__ == "__main__":
    main()
