"""How long and how much memory the import of 541,909 real order lines takes: `python -m benchmarks.import_speed`.

Reads Online Retail (UCI) from a parquet file: the first argument, or data/online_retail.parquet beside the checkout.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEFAULT = Path(__file__).parents[2] / "shared" / "data" / "online_retail.parquet"
WORK = """
import json, sys
from pathlib import Path
from shop.readers import import_files
print(import_files(Path(sys.argv[1]), [Path(sys.argv[2])]).model_dump_json(exclude={"files": {"__all__": {"refusals"}}}))
"""


def plain_csv(parquet: Path, target: Path) -> None:
    """Online Retail in the plain order_lines layout; docs/plain-csv.md shows the same as one line."""
    import duckdb

    duckdb.connect().execute(
        "COPY (SELECT InvoiceNo AS order_id, StockCode AS sku, Description AS product_name, Quantity AS quantity, "  # noqa: S608
        "InvoiceDate AS ordered_at, UnitPrice AS unit_price, CustomerID AS customer_id, Country AS country, "
        f"'GBP' AS currency, 'shop' AS channel FROM '{parquet}') TO '{target}' (HEADER)"
    )


def main() -> None:
    """Make the CSV, import it in a process of its own, print what it took."""
    parquet = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not parquet.exists():
        raise SystemExit(f"There is no {parquet}: give the path of online_retail.parquet.")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "online_retail.csv"
        plain_csv(parquet, source)
        for name in ("first import", "same file again"):
            before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", WORK, f"{folder}/shop", str(source)], capture_output=True, text=True, check=True
            )
            seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
            report = json.loads(done.stdout)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"{name}: {report['rows_in']:,} lines, {report['rows_loaded']:,} loaded, {report['rows_refused']:,} refused, "
                f"{seconds:.1f} s ({cpu:.1f} s CPU), peak {after.ru_maxrss / 1024:.0f} MB"
            )
            for file in report["files"]:
                for reason, rows in file["reasons"].items():
                    print(f"  refused: {rows:,} {reason}")
                for warning in file["warnings"]:
                    print(f"  warning: {warning}")


if __name__ == "__main__":
    main()
