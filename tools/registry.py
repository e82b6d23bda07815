"""The tools by name, and the one way to run one: check the words, run, number what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shop.errors import ShopError
from shop.warehouse import Shop
from tools.arguments import checked, parsed
from tools.check_fulfillment import CHECK_FULFILLMENT
from tools.contract import Finding, Result, Tool, ToolError
from tools.find_opportunities import FIND_OPPORTUNITIES
from tools.forecast_demand import FORECAST_DEMAND
from tools.match_suppliers import MATCH_SUPPLIERS
from tools.messages import refusal
from tools.optimize_prices import OPTIMIZE_PRICES
from tools.plan_promotions import PLAN_PROMOTIONS
from tools.plan_replenishment import PLAN_REPLENISHMENT
from tools.project_cash import PROJECT_CASH
from tools.propose_change import PROPOSE_CHANGE
from tools.search_knowledge import SEARCH_KNOWLEDGE
from tools.shop_status import SHOP_STATUS
from tools.weekly_review import WEEKLY_REVIEW
from tools.what_if import WHAT_IF
from tools.write_faq import WRITE_FAQ
from tools.write_listing import WRITE_LISTING

_CONTRACT: tuple[Tool, ...] = (
    SHOP_STATUS,
    WEEKLY_REVIEW,
    FORECAST_DEMAND,
    FIND_OPPORTUNITIES,
    PLAN_REPLENISHMENT,
    PLAN_PROMOTIONS,
    MATCH_SUPPLIERS,
    OPTIMIZE_PRICES,
    CHECK_FULFILLMENT,
    PROJECT_CASH,
    WHAT_IF,
    SEARCH_KNOWLEDGE,
    WRITE_FAQ,
    WRITE_LISTING,
    PROPOSE_CHANGE,
)
TOOLS: dict[str, Tool] = {tool.name: tool for tool in _CONTRACT}


def run(shop: Shop, name: str, arguments: Mapping[str, Any]) -> Result:
    """Run one tool of the contract on plain arguments.

    Findings come back numbered `<tool>.1`, `<tool>.2`, ...; assumptions `<tool>.a1`, ...;
    warnings `<tool>.w1`, .... Raises ToolError, one sentence naming what is allowed.
    """
    tool = TOOLS.get(name)
    if tool is None:
        raise refusal("errors.no_tool", name=str(name)[:80], known=", ".join(TOOLS))
    request = parsed(tool.name, tool.request, arguments)
    try:
        result: Result = tool.run(shop, checked(shop, request))
    except ShopError as refused:
        raise ToolError(str(refused)) from refused
    return result.model_copy(
        update={
            "tool": name,
            "findings": _numbered(result.findings, f"{name}."),
            "assumptions": _numbered(result.assumptions, f"{name}.a"),
            "warnings": _numbered(result.warnings, f"{name}.w"),
        }
    )


def _numbered(findings: list[Finding], prefix: str) -> list[Finding]:
    return [found.model_copy(update={"id": f"{prefix}{place}"}) for place, found in enumerate(findings, 1)]
