"""What to say instead of calling a tool: a short question back, a reply, or an honest no."""

from __future__ import annotations

from dataclasses import dataclass

from agent.planner.prompt import capabilities
from agent.planner.said import Call, Said
from agent.planner.trust import asks_whom_to_trust
from agent.words import own_words

NEEDS_A_PRODUCT = ("match_suppliers", "write_listing", "write_faq")
TAKES_PRODUCTS = (
    "forecast_demand", "plan_replenishment", "match_suppliers", "optimize_prices", "check_fulfillment",
    "write_listing", "write_faq", "propose_change",
)  # fmt: skip
PRODUCTS_NAMED = 4


@dataclass(frozen=True)
class Words:
    """What is said instead of calling a tool. `asks_back`: the next message completes this question."""

    text: str
    asks_back: bool = False


def clarification(calls: list[Call], said: Said) -> Words | None:
    """The words to answer with, or None when the calls can run."""
    language = said.reading.language
    if not calls:
        return Words(own_words("not_understood", language, can=can_do(language)))
    tool, args = calls[0]
    if tool == "unavailable":
        return Words(own_words("unavailable", language, tool=_in_words(args, language), can=can_do(language)))
    if tool == "reply":
        return Words(str(args.get("text", "")))
    lacking = _lacking_figure(tool, args)
    lacks_product = _lacks_product(tool, args, said.reading.text)
    if lacking and not lacks_product:
        return Words(own_words(lacking, language), asks_back=True)
    if tool == "ask" or lacks_product or _guesses_product(calls, said):
        return Words(which_product(said), asks_back=True)
    return None


def left_out(call: Call, language: str) -> str:
    """What is said of the one part of a question that needs a tool this version lacks."""
    return own_words("left_out", language, tool=_in_words(call[1], language))


def _in_words(args: dict[str, object], language: str) -> str:
    name = str(args.get("text", ""))
    return capabilities().get(name, {"en": name, "zh": name})["zh" if language == "zh" else "en"]


def _guesses_product(calls: list[Call], said: Said) -> bool:
    """Whether a product word that may mean several was settled without asking."""
    return bool(said.unclear) and any(tool in TAKES_PRODUCTS and not _describes(tool, args) for tool, args in calls)


def _describes(tool: str, args: dict[str, object]) -> bool:
    """Whether a supplier is looked for by what it must be able to make."""
    return tool == "match_suppliers" and bool(args.get("requirement")) and not args.get("sku")


def which_product(said: Said) -> str:
    """A question that names the products the words may mean."""
    names = {product.sku: product.name for product in said.vocabulary.products}
    language = said.reading.language
    unclear = [code for sku in said.reading.skus for code in (sku.sku, *sku.alternatives) if code in names]
    shown = list(dict.fromkeys(unclear))[: PRODUCTS_NAMED + 2]
    key = "which_product" if len(shown) > 1 else "name_product"
    if len(shown) <= 1:
        shown = [product.sku for product in said.vocabulary.products[:PRODUCTS_NAMED]]
    joined = ("、" if language == "zh" else ", ").join(f"{code} ({names[code]})" for code in shown)
    return own_words(key, language, products=joined)


def can_do(language: str) -> str:
    """What this version can do, in the operator's words."""
    from tools.registry import TOOLS

    words = [capabilities()[name]["zh" if language == "zh" else "en"] for name in TOOLS]
    return ("、" if language == "zh" else ", ").join(words)


def _lacking_figure(tool: str, args: dict[str, object]) -> str | None:
    """What to ask when a change names no figure: none is ever made up."""
    payload = args.get("payload")
    if tool != "propose_change" or not isinstance(payload, dict):
        return None
    if args.get("kind") == "purchase_order" and not payload.get("quantity"):
        return "how_many"
    if args.get("kind") == "price" and not {"price", "change_pct"} & set(payload):
        return "which_price"
    return None


def _lacks_product(tool: str, args: dict[str, object], asked: str) -> bool:
    if tool == "propose_change":
        payload = args.get("payload")
        return not (isinstance(payload, dict) and payload.get("sku"))
    if tool == "match_suppliers" and not args and asks_whom_to_trust(asked):
        return False
    return tool in NEEDS_A_PRODUCT and not args.get("sku") and not _describes(tool, args)
