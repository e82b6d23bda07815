"""Plans that need no model: what the nearest examples agree on and the question says whole."""

from __future__ import annotations

from typing import Any

import pytest

from agent.planner.agreed import agreed_plan
from agent.planner.examples import neighbours
from agent.planner.form import plan_form
from agent.planner.model import PlanningModel
from agent.planner.said import Call, Said
from agent.reading import read
from agent.tooling import langchain_tools
from tests.test_follow_ups import NORTHLANE


def agreed(asked: str) -> list[Call] | None:
    planner = PlanningModel(source=None, vocabulary=lambda: NORTHLANE).bind_tools(langchain_tools())
    assert isinstance(planner, PlanningModel)
    said = Said(read(asked, NORTHLANE), NORTHLANE)
    near = neighbours(asked, said.reading.skus, ())
    return agreed_plan(plan_form(planner.tools, said, near.tools), near, planner._slots(), said)


@pytest.mark.parametrize(
    ("asked", "tool", "args"),
    [
        ("What if freight costs rise 20%?", "what_if", {"changes": [{"lever": "freight", "value": 20}]}),
        (
            "Write a Shopify listing for the cooling towel in English and Chinese",
            "write_listing",
            {"sku": "TOW-ICE", "languages": ["en", "zh"], "channel": "shopify"},
        ),
        ("Cash for the next 10 weeks please", "project_cash", {"weeks": 10}),
        (
            "Who can make 2000 band sets in 25 days?",
            "match_suppliers",
            {"sku": "BAND-SET", "quantity": 2000, "max_lead_time_days": 25},
        ),
        (
            "Change the Amazon US price of the 750 ml bottle to 29.90",
            "propose_change",
            {"kind": "price", "payload": {"sku": "BOT-750", "country": "US", "channel": "amazon", "price": 29.9}},
        ),
        (
            "hello",
            "reply",
            {"text": "Hey! What shall we look at?"},
        ),
    ],
)
def test_what_all_near_examples_lead_to_is_the_plan(asked: str, tool: str, args: dict[str, Any]) -> None:
    assert agreed(asked) == [(tool, args)]


@pytest.mark.parametrize(
    "asked",
    [
        "Which reviews mention the smell of the mat?",  # the words to search for have to be chosen
        "FAQ for the speed rope for gift givers",  # so have those of a persona
        "Write an Amazon listing for the bottle",  # two products are bottles
        "What if things change?",  # no change is said
    ],
)
def test_where_words_or_products_are_to_be_chosen_the_model_is_asked(asked: str) -> None:
    assert agreed(asked) is None
