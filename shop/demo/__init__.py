"""The demo shop: Northlane, a runner's brand that sells in five countries, simulated from stated parameters."""

from __future__ import annotations

from pathlib import Path

SEED = 20261115


def build(folder: Path, seed: int = SEED) -> None:
    """Write the whole demo shop into `folder` as its next version, in place of what was there.

    The same seed gives the same rows. What really drives the shop is written apart, to folder/truth, which only
    shop.demo.truth reads. Raises ShopLocked while another process writes.
    """
    from shop.demo.world import live

    live(Path(folder), seed)
