"""One way to run a tool: kind parsing, the shop's own words, one-sentence errors, numbered findings."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from shop.warehouse import Shop
from tests.tiny_shop import build, tiny_tables
from tools.contract import ToolError
from tools.registry import TOOLS, run

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return build(tmp_path_factory.mktemp("registry"))


def said(shop: Shop, tool: str, arguments: dict[str, object]) -> str:
    with pytest.raises(ToolError) as refused:
        run(shop, tool, arguments)
    return str(refused.value)


def test_tools_are_those_of_the_contract() -> None:
    here = {
        "shop_status", "weekly_review", "forecast_demand", "check_fulfillment", "search_knowledge", "propose_change",
    }  # fmt: skip
    assert here <= set(TOOLS)
    assert all(name == tool.name and tool.description for name, tool in TOOLS.items())
    assert [tool.name for tool in TOOLS.values() if tool.effect == "propose"] == ["propose_change"]


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("guess", {}, "There is no tool guess; there are: "),
        ("weekly_review", {"week": 1}, "weekly_review has no argument week; it takes weeks_ago."),
        ("shop_status", {"sku": "BOT-750"}, "shop_status has no argument sku; it takes no arguments."),
        ("weekly_review", {"weeks_ago": "soon"}, "weeks_ago must be a whole number from 0 to 1040, not 'soon'."),
        ("check_fulfillment", {"horizon_days": 366}, "horizon_days must be a whole number from 1 to 365, not '366'."),
        ("check_fulfillment", {"horizon_days": 0}, "horizon_days must be a whole number from 1 to 365, not '0'."),
        ("check_fulfillment", {"demand_multiplier": 0}, "demand_multiplier must be a number above 0 and at most 20"),
        ("check_fulfillment", {"skus": [{}]}, "skus must be a list, each text, not '{}'."),
        ("propose_change", {"kind": "price"}, "propose_change needs payload: a JSON object."),
        ("propose_change", {"kind": "gift", "payload": {}}, "kind must be one of price, purchase_order, "),
        ("check_fulfillment", {"skus": ["BOT-900"]}, "There is no SKU BOT-900; nearest: BOT-500, BOT-750."),
        ("check_fulfillment", {"skus": ["bottle"]}, "“bottle” could be BOT-750 or BOT-500: name one of these SKUs."),
        ("check_fulfillment", {"skus": ["qqqq"]}, "There is no SKU qqqq; the shop sells BOT-750, BOT-500, CAP-UV."),
        ("check_fulfillment", {"countries": ["BR"]}, "This shop has no sales to BR; it sells to DE, US."),
        ("forecast_demand", {"channels": ["ebay"]}, "This shop does not sell through ebay; its channels are amazon, "),
    ],
)  # fmt: skip
def test_errors_name_what_is_allowed(shop: Shop, tool: str, arguments: dict[str, object], sentence: str) -> None:
    assert said(shop, tool, arguments).startswith(sentence)


def test_arguments_that_are_not_an_object_are_refused(shop: Shop) -> None:
    with pytest.raises(ToolError, match="JSON object"):
        run(shop, "shop_status", ["x"])  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["bot-750", "BOT750", "big bottle", "750 ml", "保温瓶 750", " BOT-750 "])
def test_a_product_is_known_by_code_name_or_alias(shop: Shop, name: str) -> None:
    found = run(shop, "check_fulfillment", {"skus": name, "horizon_days": None})
    assert {sku for told in found.findings for sku in told.about.skus} == {"BOT-750"}


@pytest.mark.parametrize("name", ["us", "USA", "United States", "美国", "Vereinigte Staaten"])
def test_a_country_is_known_by_code_or_name(shop: Shop, name: str) -> None:
    found = run(shop, "check_fulfillment", {"countries": [name, "US"]})
    assert found.findings[0].about.countries == ["US"]


def test_sold_skus_missing_from_products_are_accepted(tmp_path: Path) -> None:
    tables = tiny_tables()
    tables["products"] = [row for row in tables["products"] if row["sku"] != "BOT-500"]
    assert run(build(tmp_path, tables), "check_fulfillment", {"skus": ["bot-500"]}).findings


def test_findings_are_numbered_and_name_their_tool(shop: Shop) -> None:
    found = run(shop, "weekly_review", {})
    assert found.tool == "weekly_review"
    for prefix, listed in (("", found.findings), ("a", found.assumptions), ("w", found.warnings)):
        assert listed
        assert [told.id for told in listed] == [f"weekly_review.{prefix}{n}" for n in range(1, len(listed) + 1)]


def test_an_empty_shop_gives_sentences(tmp_path: Path) -> None:
    shop = build(tmp_path, {}, {})
    for tool, arguments in (
        ("shop_status", {}),
        ("weekly_review", {}),
        ("check_fulfillment", {}),
        ("check_fulfillment", {"skus": ["BOT-750"]}),
        ("propose_change", {"kind": "price", "payload": {"sku": "BOT-750", "price": 3}}),
    ):
        assert "import" in said(shop, tool, arguments)


def test_import_loads_nothing_heavy() -> None:
    heavy = [
        "numpy",
        "pandas",
        "duckdb",
        "chromadb",
        "babel",
        "yaml",
        "statsforecast",
        "plotly",
        "rapidfuzz",
        "langchain",
        "openai",
        "gradio",
    ]
    code = f"import sys, tools.registry; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_tool_can_decide_a_proposal() -> None:
    allowed = {"file_proposal", "proposals"}
    for path in [*(ROOT / "tools").rglob("*.py"), *(ROOT / "knowledge").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "shop.journal":
                assert {name.name for name in node.names} <= allowed, path
            if isinstance(node, ast.ImportFrom) and node.module == "shop":
                assert "journal" not in {name.name for name in node.names}, path
            if isinstance(node, ast.Import):
                assert "shop.journal" not in {name.name for name in node.names}, path
