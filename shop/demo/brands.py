"""Which demo brands there are: how each one's books are built and which texts are its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shop.demo import build
from shop.demo.brand_texts import BrandText, brand_texts
from shop.demo.parameters import NAME
from shop.demo.second import build_second, second_brand, second_texts
from shop.errors import ShopError


@dataclass(frozen=True)
class DemoBrand:
    """A demo brand: its shop's name, what writes its books into a folder, and its stories, evidence and policies."""

    name: str
    build: Callable[[Path], None]
    texts: Callable[[], list[BrandText]]


def demo_brands() -> dict[str, DemoBrand]:
    """The demo brands by the name the command line takes."""
    second = second_brand().name
    return {
        NAME.lower(): DemoBrand(NAME, build, brand_texts),
        second.lower(): DemoBrand(second, build_second, second_texts),
    }


def demo_brand(name: str) -> DemoBrand:
    """The demo brand of a name. Raises ShopError naming those there are."""
    known = demo_brands()
    found = known.get(name.strip().lower())
    if found is None:
        raise ShopError(f"There is no demo brand {name}; there are: {', '.join(known)}.")
    return found
