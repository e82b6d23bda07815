"""Learning 23,486 real reviews in full: every row learned or reported, and how many rows a second.

`python -m benchmarks.learn_reviews [--data FOLDER] [--rows N]`. The data (womens_clothing_reviews.parquet, CC0) is
turned into a CSV by one statement of DuckDB, as docs/knowledge.md shows it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from knowledge import close_stores, learn_paths, open_store
from knowledge.report import SourceReport, Step

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILE = "womens_clothing_reviews.parquet"


def main() -> None:
    """Print what became of the rows and how long each step took."""
    parser = argparse.ArgumentParser(description="Rows learned per second from real reviews.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--rows", type=int, default=None, help="Only so many.")
    chosen = parser.parse_args()
    source = chosen.data / FILE
    if not source.is_file():
        print(f"Skipped: {source} is absent; --data names the folder that holds {FILE}.")
        return
    with tempfile.TemporaryDirectory(prefix="learn-") as folder:
        path = Path(folder) / "womens_clothing.csv"
        rows = to_csv(source, path, chosen.rows)
        print(f"{FILE}: {rows:,} rows, {path.stat().st_size / 1e6:.1f} MB as CSV")
        first = learned(Path(folder) / "shop", path, "learn")
        learned(Path(folder) / "shop", path, "learn again, unchanged")
        with path.open("a", encoding="utf-8") as file:
            file.write('99999,Late,"A review that came later, about sleeves that are too long for me.",2\n')
        learned(Path(folder) / "shop", path, "learn again, one row more")
        print(f"{first.passages:,} rows learned, {first.rows_refused:,} reported: {dict(first.reasons)}")
        missing = first.rows_in - first.passages - first.rows_refused
        print(f"rows neither learned nor reported: {missing + rows - first.rows_in:,}; joined: {first.joined:,}; "
              f"languages: {first.languages}")  # fmt: skip
        print(f"searched as {len(open_store(Path(folder) / 'shop').standing()):,} passages")
        close_stores()


def to_csv(source: Path, path: Path, rows: int | None = None) -> int:
    """The parquet file in the CSV layout; returns how many rows."""
    import duckdb

    reviews = duckdb.read_parquet(str(source)).project(
        '"Clothing ID" AS sku, Title AS title, "Review Text" AS text, Rating AS rating'
    )
    reviews = reviews.limit(rows) if rows else reviews
    reviews.write_csv(str(path), header=True)
    return int(reviews.count("*").fetchall()[0][0])


def learned(shop: Path, path: Path, what: str) -> SourceReport:
    """Learn and print the time; progress as the command shows it, every tenth."""
    tenths: set[tuple[str, int]] = set()

    def watch(step: Step) -> None:
        tenth = (step.doing, 10 * step.done // max(step.whole, 1))
        if tenth not in tenths and step.doing == "learning":
            tenths.add(tenth)
            print(f"  {step.doing}, {step.done:,} of {step.whole:,}", flush=True)

    wall, cpu = time.perf_counter(), time.process_time()
    [report] = learn_paths(shop, [path], watch=watch).sources
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rows = report.rows_in or report.passages
    rate = f", {rows / wall:,.0f} rows/s ({rows / cpu:,.0f} a CPU second)" if rows else ""
    print(f"{what}: {report.status} in {wall:.1f} s, {cpu:.1f} s of CPU{rate}")
    return report


if __name__ == "__main__":
    main()
