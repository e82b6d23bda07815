"""Signs in a supplier's own deliveries, worded with their evidence."""

from __future__ import annotations

from tools.contract import code, count, days, on, percent, units
from tools.suppliers.books import Supply
from tools.suppliers.gate import BLOCK, Flag
from tools.suppliers.record import Defects, History, Lateness, defects, lateness

LIKELY = 0.4


def record_flags(supplier: str, book: Supply, past: History) -> list[Flag]:
    """Late or bad lately; blocking where the test is sure."""
    found = []
    late = lateness(supplier, past, book.as_of)
    if late is not None:
        found.append(_late(supplier, late))
    bad = defects(supplier, book.deliveries, book.as_of)
    if bad is not None:
        found.append(_bad(supplier, bad))
    return found


def _late(supplier: str, late: Lateness) -> Flag:
    said = {
        "supplier": code(supplier), "late": count(late.late), "n": count(late.cases), "mean": days(late.mean_days),
        "since": on(late.since), "usual": percent(late.usual, 0),
    }  # fmt: skip
    return Flag("late" if late.sure else "maybe_late", "record", BLOCK if late.sure else LIKELY, said)


def _bad(supplier: str, bad: Defects) -> Flag:
    said = {
        "supplier": code(supplier), "bad": units(bad.bad), "units": units(bad.units), "share": percent(bad.share),
        "since": on(bad.since), "usual": percent(bad.usual),
    }  # fmt: skip
    return Flag("defects" if bad.sure else "maybe_defects", "record", BLOCK if bad.sure else LIKELY, said)
