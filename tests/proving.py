"""Law 2 for one result: every number of its short answer, and of everything it says, is proven."""

from __future__ import annotations

from agent.compose import compose
from agent.proof import prove
from shop.warehouse import Shop
from tools.contract import Result
from tools.messages import render


def assert_proven(result: Result, shop: Shop, language: str) -> None:
    """Fails on a number, date or SKU that the result does not prove, and on a result that says none."""
    names = {product.sku: product.name for product in shop.vocabulary.products}
    everything = [*result.findings, *result.assumptions, *result.warnings]
    for answer in (
        compose([result], [], language, names),
        "\n".join(f"- {render(found, language, names)}" for found in everything),
    ):
        verdict = prove(answer, [result], "", shop.vocabulary, language)
        assert verdict.shown > 0
        assert [(c.text, answer[slice(*c.sentence)].strip()) for c in verdict.unproven] == []
