"""How new goods grow after their first days: learned from the shop's earlier launches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shop.warehouse import Shop

OPEN_DAYS = 60
STEADY_LAUNCHES = 2.0
USUAL_GROWTH, USUAL_SPREAD = 0.2, 0.5  # logs: new goods become known; how unlike each other launches are
LEAST_UNITS = 3

_LAUNCHED = """
    WITH sales AS (
        SELECT l.sku, o.ordered_at::DATE AS day, sum(l.quantity)::DOUBLE AS units
        FROM orders o JOIN order_lines l USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND l.quantity > 0 AND o.ordered_at::DATE <= ?::DATE GROUP BY ALL
    ), launched AS (
        SELECT sku, min(day) AS first FROM sales GROUP BY sku
        HAVING min(day) >= (SELECT min(day) FROM sales) + ?::INTEGER AND min(day) + ?::INTEGER <= ?::DATE
    )
    SELECT coalesce(sum(units) FILTER (WHERE day < first + ?::INTEGER), 0),
           coalesce(sum(units) FILTER (WHERE day >= first + ?::INTEGER AND day < first + ?::INTEGER), 0)
    FROM sales JOIN launched USING (sku) GROUP BY sku ORDER BY sku
"""


_OPENED = """
    SELECT min(ordered_at::DATE) FROM orders WHERE coalesce(status, 'paid') <> 'cancelled' AND ordered_at::DATE <= ?::DATE
"""


@dataclass(frozen=True)
class Growth:
    """Log of the pace over the days ahead over that of the first days: expected, and its standard deviation."""

    log: float
    sd: float


def growth(shop: Shop, known: int, horizon: int) -> Growth | None:
    """What the `horizon` days after the first `known` days of a SKU do to its pace.

    The median over the shop's launches at least 60 days after its first order, drawn to the usual growth by two.
    None where the books themselves are hardly older than the SKU, so that it need not be new.
    """
    (opened,) = shop.rows(_OPENED, [shop.as_of])[0]
    if opened is None or (shop.as_of - opened).days + 1 - known < OPEN_DAYS:
        return None
    whole = known + horizon
    rows = shop.rows(_LAUNCHED, [shop.as_of, OPEN_DAYS, whole - 1, shop.as_of, known, known, whole])
    logs = [
        float(np.log((float(after) + 1) / horizon) - np.log((float(before) + 1) / known))
        for before, after in rows
        if float(before) >= LEAST_UNITS
    ]
    share = len(logs) / (len(logs) + STEADY_LAUNCHES)
    seen = float(np.median(logs)) if logs else 0.0
    spread = 1.4826 * float(np.median(np.abs(np.array(logs) - seen))) if logs else 0.0
    return Growth(
        share * seen + (1 - share) * USUAL_GROWTH, float(np.hypot(share * spread, (1 - share) * USUAL_SPREAD))
    )
