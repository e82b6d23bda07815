"""The worked examples and the development tasks speak the contract, and the tasks are not in the examples."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.planner.calls import parse_calls

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "prompts" / "examples.yaml"
TASKS = ROOT / "evals" / "tasks.jsonl"

CONTRACT: dict[str, tuple[str, ...]] = {
    "shop_status": (),
    "weekly_review": ("weeks_ago",),
    "forecast_demand": ("skus", "countries", "channels", "horizon_days"),
    "plan_replenishment": ("skus", "horizon_days", "service_level", "budget"),
    "find_opportunities": ("countries", "category", "horizon_days"),
    "match_suppliers": (
        "sku", "requirement", "quantity", "max_lead_time_days", "max_landed_cost", "destination",
    ),
    "optimize_prices": ("skus", "countries", "channels", "min_margin_pct", "objective"),
    "plan_promotions": ("goal", "skus", "countries", "segment", "start", "end", "max_discount_pct"),
    "check_fulfillment": ("skus", "countries", "horizon_days", "demand_multiplier"),
    "screen_orders": ("days", "order_ids"),
    "explain_returns": ("skus", "days"),
    "project_cash": ("weeks", "purchase_amount", "purchase_week"),
    "what_if": ("changes", "horizon_days"),
    "segment_customers": ("countries", "days"),
    "recommend_products": ("customer_id", "segment", "sku", "count"),
    "plan_ads": ("channels", "budget", "horizon_days"),
    "search_knowledge": ("query", "kinds", "sku"),
    "write_listing": ("sku", "languages", "channel", "country", "price_tier", "variants"),
    "write_faq": ("sku", "language", "persona"),
    "triage_tickets": ("days", "ticket_ids"),
    "track_goals": ("action", "metric", "target", "due"),
    "propose_change": ("kind", "payload"),
}  # fmt: skip
NEEDED: dict[str, tuple[str, ...]] = {
    "what_if": ("changes",),
    "search_knowledge": ("query",),
    "write_listing": ("sku",),
    "write_faq": ("sku",),
    "track_goals": ("action",),
    "propose_change": ("kind", "payload"),
}
CHANGE = ("lever", "target", "value", "start", "end")
PAYLOADS: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "price": ({"sku"}, ("sku", "country", "channel", "price", "change_pct", "currency", "effective_from")),
    "purchase_order": ({"sku", "quantity"}, ("sku", "quantity", "supplier_id", "warehouse", "ordered_on")),
    "promotion": ({"sku", "discount_pct"}, ("sku", "country", "channel", "discount_pct", "start", "end")),
    "ad_budget": ({"budget"}, ("channel", "country", "budget")),
}
SKUS = {
    "BOT-750", "BOT-500", "BAND-SET", "BAND-LOOP", "SOCK-3P", "MAT-TPE", "ROLL-45", "TOW-ICE", "BELT-RUN", "CAP-UV",
    "VEST-HI", "GEL-24", "ROPE-SPD", "BOX-GIFT",
}  # fmt: skip
COUNTRIES = {"US", "DE", "FR", "GB", "JP"}
CHANNELS = {"shopify", "amazon", "alibaba"}
CHOICES: dict[str, set[str]] = {
    "sku": SKUS,
    "skus": SKUS,
    "country": COUNTRIES,
    "countries": COUNTRIES,
    "destination": COUNTRIES,
    "channel": CHANNELS,
    "channels": CHANNELS,
    "language": {"en", "zh", "de", "fr", "es", "ja"},
    "languages": {"en", "zh", "de", "fr", "es", "ja"},
    "kinds": {"story", "evidence", "review", "policy"},
    "objective": {"profit", "revenue", "clear_stock"},
    "goal": {"conversion", "profit", "clear_stock"},
    "price_tier": {"value", "core", "premium"},
    "action": {"list", "set"},
    "segment": {"follower", "functional", "price_sensitive"},
    "category": {"bottles", "bands", "apparel", "mats", "recovery", "accessories", "nutrition", "gifts"},
    "kind": {"price", "purchase_order", "listing", "promotion", "ad_budget", "refund_policy"},
    "currency": {"USD", "EUR", "GBP", "JPY"},
    "warehouse": {"CN-NGB", "US-LAX", "EU-RTM"},
    "supplier_id": {f"SUP-0{n}" for n in range(1, 10)},
    "lever": {
        "demand", "price", "unit_cost", "freight", "duty", "fx", "lead_time", "supplier_out", "ad_budget",
        "return_rate", "promotion", "purchase",
    },
}  # fmt: skip
LISTS = {"skus", "countries", "channels", "languages", "kinds", "order_ids", "ticket_ids", "changes"}
WHOLE = {
    "weeks_ago", "horizon_days", "days", "weeks", "purchase_week", "quantity", "max_lead_time_days", "count", "variants",
}  # fmt: skip
NUMBERS = WHOLE | {
    "service_level", "budget", "max_landed_cost", "min_margin_pct", "max_discount_pct", "demand_multiplier",
    "purchase_amount", "target", "price", "change_pct", "discount_pct", "value",
}  # fmt: skip
DATES = {"start", "end", "due", "effective_from"}

Entry = dict[str, Any]
examples: list[Entry] = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
tasks: list[Entry] = [json.loads(line) for line in TASKS.read_text(encoding="utf-8").splitlines()]
conversations = [[(turn["q"], turn["a"]) for turn in (*e.get("before", []), e)] for e in examples]


def faults(text: str) -> list[str]:
    """What is wrong with a plan, in the words of the contract."""
    calls = parse_calls(text)
    if any(name in ("reply", "ask") for name, _ in calls):
        said = calls[0][1].get("text", "")
        return [] if len(calls) == 1 and said.strip() else ["reply and ask stand alone and say something"]
    return [fault for name, args in calls for fault in call_faults(name, args, partial=False)]


def call_faults(tool: str, args: Entry, partial: bool) -> list[str]:
    """Faults of one call; a partial one, as tasks expect it, may lack arguments that are needed."""
    if tool not in CONTRACT:
        return [f"no tool {tool}"]
    found = [] if partial else [f"{tool} needs {name}" for name in NEEDED.get(tool, ()) if name not in args]
    found += named_faults(args, CONTRACT[tool], tool)
    for change in args.get("changes", []):
        found += named_faults(change, CHANGE, "a change", skip={"target"})
        if "lever" not in change or not (partial or "value" in change or change["lever"] == "supplier_out"):
            found.append(f"a change needs lever and value: {change}")
    if tool == "propose_change" and "payload" in args:
        needed, allowed = PAYLOADS[args["kind"]]
        found += named_faults(args["payload"], allowed, f"the payload of {args['kind']}")
        found += [f"the payload needs {name}" for name in needed - set(args["payload"]) if not partial]
        if args["kind"] == "price" and len({"price", "change_pct"} & set(args["payload"])) != 1:
            found.append("a price payload needs price or change_pct, not both")
    return found


def named_faults(args: Entry, allowed: tuple[str, ...], where: str, skip: set[str] | None = None) -> list[str]:
    found = [f"{where} has no {name}" for name in args if name not in allowed]
    if not found and list(args) != sorted(args, key=allowed.index):
        found.append(f"{where} takes its arguments in the order {allowed}, not {list(args)}")
    for name, value in args.items():
        if name in (skip or ()) or name in ("payload", "changes"):
            continue
        if (name in LISTS) != isinstance(value, list) or value == []:
            found.append(f"{where}: {name}={value!r} should {'' if name in LISTS else 'not '}be a list with entries")
        for one in value if isinstance(value, list) else [value]:
            found += value_faults(name, one, where)
    return found


def value_faults(name: str, value: Any, where: str) -> list[str]:
    if name in CHOICES and value not in CHOICES[name]:
        return [f"{where}: {value!r} is no {name}"]
    if name == "value" and re.fullmatch(r"\d+ days", str(value)):
        return []
    if name in NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float)):
        return [f"{where}: {name}={value!r} is no number"]
    if name in WHOLE and not isinstance(value, int):
        return [f"{where}: {name}={value!r} is not whole"]
    if name in DATES:
        date.fromisoformat(value)
    if name not in NUMBERS and (not isinstance(value, str) or not value.strip()):
        return [f"{where}: {name}={value!r} is no text"]
    return []


def bare(question: str) -> str:
    """A question without case, width, spaces and punctuation."""
    return "".join(c for c in unicodedata.normalize("NFKC", question).casefold() if c.isalnum())


def is_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and not re.search(r"[\u3040-\u30ff]", text)


@pytest.mark.parametrize(
    ("plan", "fault"),
    [
        ('forecast_demand(skus=["BOT-999"])', "is no skus"),
        ('forecast_demand(skus="BOT-750")', "be a list"),
        ('forecast_demand(horizon_days=30, skus=["BOT-750"])', "order"),
        ('forecast_demand(countries=["UK"])', "is no countries"),
        ('check_fulfillment(channels=["amazon"])', "has no channels"),
        ('propose_change(kind="price", payload={sku="BOT-750"})', "needs price or change_pct"),
        ('what_if(changes=[{lever="weather", value=3}])', "is no lever"),
        ("sell_everything()", "no tool"),
    ],
)
def test_a_plan_outside_the_contract_is_seen(plan: str, fault: str) -> None:
    assert any(fault in found for found in faults(plan))


def test_examples_have_only_their_three_fields() -> None:
    for entry in examples:
        assert {"q", "a"} <= set(entry) <= {"q", "a", "before"}
        assert all(set(turn) == {"q", "a"} for turn in entry.get("before", []))


def test_every_example_is_a_plan_of_the_contract() -> None:
    wrong = {f"{q} -> {a}": found for turns in conversations for q, a in turns if (found := faults(a))}
    assert wrong == {}


def test_examples_cover_tools_languages_and_conversation() -> None:
    used = Counter(name for entry in examples for name, _ in parse_calls(entry["a"]))
    assert set(used) == {*CONTRACT, "reply", "ask"}
    assert min(used.values()) >= 6
    chinese = sum(is_chinese(entry["q"]) for entry in examples)
    assert len(examples) >= 170
    assert 0.3 <= chinese / len(examples) <= 0.5
    assert sum("before" in entry for entry in examples) >= 15
    assert sum(len(parse_calls(entry["a"])) > 1 for entry in examples) >= 15


def test_no_question_has_two_answers() -> None:
    plans: dict[tuple[str, ...], set[str]] = {}
    for turns in conversations:
        for last in range(1, len(turns) + 1):
            plans.setdefault(tuple(bare(q) for q, _ in turns[:last]), set()).add(turns[last - 1][1])
    assert {key: answers for key, answers in plans.items() if len(answers) > 1} == {}


def test_examples_are_not_repeated() -> None:
    seen = Counter(tuple(bare(q) for q, _ in turns) for turns in conversations)
    assert [key for key, times in seen.items() if times > 1] == []


def test_numbers_in_a_single_question_come_back_in_its_plan() -> None:
    """A figure that was said and then dropped would teach the model to drop figures."""
    for turns in conversations:
        if len(turns) > 1 or turns[0][1].startswith(("ask(", "reply(")):
            continue
        question, plan = turns[0]
        unnamed = re.sub(
            r"\b(?:BOT|GEL|ROLL|SOCK)[- ]?\d+P?|\b[A-Z]{1,3}-\d+|\b(?:bot)?(?:750|500)\b|Q1\b", " ", question
        )
        said = [n.replace(",", ".") for n in re.findall(r"\d+(?:[.,]\d+)?", unnamed)]
        written = {float(n) for n in re.findall(r"\d+(?:\.\d+)?", plan)}
        if re.search(r"[%x]|week|Wochen|semana|wks|周|月|倍|日|万|k\b", question):
            continue  # a unit is converted on the way
        assert {float(n) for n in said} <= written, (question, plan)


def test_task_lines_have_the_task_format() -> None:
    assert [task["id"] for task in tasks] == [f"d{n:03}" for n in range(1, len(tasks) + 1)]
    for task in tasks:
        assert set(task) == {"id", "lang", "shop", "turns", "expect"}
        assert set(task["expect"]) == {"calls", "forbid", "proposals"}
        assert task["shop"] == "demo"
        assert task["turns"]
        assert set(task["expect"]["forbid"]) <= set(CONTRACT)


def test_tasks_expect_only_what_the_contract_allows() -> None:
    for task in tasks:
        for call in task["expect"]["calls"]:
            assert call_faults(call["tool"], call["args"], partial=True) == [], task["id"]
            assert call["tool"] not in task["expect"]["forbid"], task["id"]
        proposed = [c["args"] for c in task["expect"]["calls"] if c["tool"] == "propose_change"]
        wanted = [{"kind": change["kind"], "sku": change["payload"]["sku"]} for change in proposed]
        assert task["expect"]["proposals"] == wanted, task["id"]


def test_tasks_cover_tools_languages_and_conversation() -> None:
    first = {
        "shop_status", "forecast_demand", "check_fulfillment", "weekly_review", "propose_change", "search_knowledge",
    }  # fmt: skip
    called = [{call["tool"] for call in task["expect"]["calls"]} for task in tasks]
    assert len(tasks) >= 120
    assert set().union(*called) == set(CONTRACT)
    assert sum(tools <= first for tools in called) >= 70
    assert sum(bool(tools - first) for tools in called) >= 45
    assert sum(not tools for tools in called) >= 11
    assert sum(len(task["turns"]) > 1 for task in tasks) >= 12
    languages = Counter(task["lang"] for task in tasks)
    assert languages["zh"] >= 35
    assert len(tasks) - languages["zh"] - languages["en"] >= 6


def test_no_task_is_among_the_examples() -> None:
    shown = {bare(q) for turns in conversations for q, _ in turns}
    asked = {bare(task["turns"][0]): task["id"] for task in tasks}
    assert [asked[question] for question in asked.keys() & shown] == []


def test_no_task_is_nearly_an_example() -> None:
    from rapidfuzz import fuzz

    shown = [bare(turns[0][0]) for turns in conversations if len(turns) == 1]
    for task in tasks:
        asked = bare(task["turns"][0])
        nearest = max(shown, key=lambda question: fuzz.ratio(asked, question))
        assert fuzz.ratio(asked, nearest) < 85, (task["id"], nearest)
