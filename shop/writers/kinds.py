"""The kinds of change the shop can write, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shop.errors import ShopError
from shop.writers.change import Writer
from shop.writers.faq import FAQ
from shop.writers.listing import LISTING
from shop.writers.price import PRICE
from shop.writers.promotion import PROMOTION
from shop.writers.purchase_order import PURCHASE_ORDER

WRITERS: dict[str, Writer[Any]] = {writer.kind: writer for writer in (PRICE, PURCHASE_ORDER, PROMOTION, LISTING)}


FORMS: dict[tuple[str, str], Writer[Any]] = {("listing", "faq"): FAQ}  # kinds whose payload says a form


def writer_of(kind: str, payload: Mapping[str, Any] | None = None) -> Writer[Any]:
    """The writer of a kind of change, and of the form its payload says. Raises ShopError naming the kinds there are."""
    writer = FORMS.get((kind, str((payload or {}).get("form")))) or WRITERS.get(kind)
    if writer is None:
        kinds = dict.fromkeys([*WRITERS, *(f"{of} (form {form})" for of, form in FORMS)])
        raise ShopError(f"A change of kind {kind} cannot be written; the kinds are {', '.join(kinds)}.")
    return writer
