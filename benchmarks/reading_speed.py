"""Milliseconds to read a question: `python -m benchmarks.reading_speed` over all worked examples."""

from __future__ import annotations

import statistics
import time

from agent.planner.examples import _demo_vocabulary, examples
from agent.reading import read


def main() -> None:
    """Print median and 99th percentile over the questions of prompts/examples.yaml."""
    vocabulary = _demo_vocabulary()
    questions = [example.question for example in examples()]
    for question in questions:
        read(question, vocabulary)
    spent = []
    for question in questions:
        began = time.perf_counter()
        read(question, vocabulary)
        spent.append(1000 * (time.perf_counter() - began))
    slow = statistics.quantiles(spent, n=100)[-1]
    print(f"{len(questions)} questions: {statistics.median(spent):.2f} ms a question (median), {slow:.2f} ms (p99)")


if __name__ == "__main__":
    main()
