"""Elasticities read back from disk are those that were estimated, for seen and unseen cells alike."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from shop.warehouse import Shop
from tests.tiny_shop import AS_OF, build, price, tiny_tables
from tools.forecasting.elasticity import elasticities
from tools.forecasting.kept import keep, kept
from tools.forecasting.price import weekly_observations


def shop_with_a_price_change(folder: Path) -> Shop:
    tables = tiny_tables()
    tables["prices"].append(
        {**price("BOT-750", "US", "shopify", "27.00", "USD"), "effective_from": AS_OF - timedelta(days=20)}
    )
    return build(folder, tables)


def test_read_back_they_say_the_same(tmp_path: Path) -> None:
    shop = shop_with_a_price_change(tmp_path)
    found = elasticities(weekly_observations(shop))
    keep(shop, found)
    again = kept(shop)
    assert again is not None
    for cell in (
        ("BOT-750", "US", "shopify"),
        ("BOT-750", "US", None),
        ("BOT-750", "JP", None),
        ("CAP-UV", "FR", "amazon"),
    ):
        assert again.of(*cell) == found.of(*cell)
    assert (again.pooled, again.spread, again.left_out) == (found.pooled, found.spread, found.left_out)


def test_a_damaged_file_is_no_file(tmp_path: Path) -> None:
    shop = shop_with_a_price_change(tmp_path)
    keep(shop, elasticities(weekly_observations(shop)))
    (file,) = (shop.folder / "forecasts").glob("elasticities-*.json")
    file.write_text("{", encoding="utf-8")
    assert kept(shop) is None
