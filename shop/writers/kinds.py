"""The kinds of change the shop can write, by name."""

from __future__ import annotations

from typing import Any

from shop.errors import ShopError
from shop.writers.change import Writer
from shop.writers.price import PRICE
from shop.writers.promotion import PROMOTION
from shop.writers.purchase_order import PURCHASE_ORDER

WRITERS: dict[str, Writer[Any]] = {writer.kind: writer for writer in (PRICE, PURCHASE_ORDER, PROMOTION)}


def writer_of(kind: str) -> Writer[Any]:
    """The writer of a kind of change. Raises ShopError naming the kinds there are."""
    writer = WRITERS.get(kind)
    if writer is None:
        raise ShopError(f"A change of kind {kind} cannot be written; the kinds are {', '.join(WRITERS)}.")
    return writer
