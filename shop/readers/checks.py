"""What a value must be for its row to enter the books, beyond being readable."""

from __future__ import annotations

NOT_NEGATIVE = {
    "list_price", "unit_cost", "weight_g", "volume_cm3", "shelf_life_days", "price", "unit_price", "sessions", "views",
    "add_to_carts", "searches", "impressions", "clicks", "spend", "lead_time_days", "lead_time_sd", "deposit_pct",
    "monthly_capacity", "defects", "reserved", "rate_per_kg", "rate_per_m3", "transit_days", "transit_sd", "reviews",
    "shipping_charged", "cost",
}  # fmt: skip
POSITIVE = {"pack_size", "min_quantity", "moq"}
NOT_ZERO = {("order_lines", "quantity")}
POSITIVE_IN = {("refunds", "quantity"), ("purchase_orders", "quantity")}
RATED = {"reviews": "rating"}


def check(table: str, name: str) -> str | None:
    """SQL giving the reason a typed value (a column of that name) is refused, or None when anything goes."""
    if name in POSITIVE or (table, name) in POSITIVE_IN:
        return f"CASE WHEN \"{name}\" <= 0 THEN '{name} is not above zero' END"
    if (table, name) in NOT_ZERO:
        return f"CASE WHEN \"{name}\" = 0 THEN '{name} is zero' END"
    if name in NOT_NEGATIVE:
        return f"CASE WHEN \"{name}\" < 0 THEN '{name} is negative' END"
    if RATED.get(table) == name:
        return f"CASE WHEN \"{name}\" NOT BETWEEN 1 AND 5 THEN '{name} is not 1 to 5' END"
    return None
