"""A plan that the nearest worked examples agree on, so that no model needs to be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.planner.calls import parse_calls
from agent.planner.check import differences, mended
from agent.planner.cues import cued_tools
from agent.planner.examples import CLOSE, Neighbours
from agent.planner.form import LANGUAGE_NAMES, Argument, PlanForm
from agent.planner.said import Call, Said
from agent.planner.unaided import like
from agent.reading import language_of

READ = frozenset({"changes", *LANGUAGE_NAMES})
"""Arguments that `mended` fills with everything the question says of them."""
LEFT_OUT = frozenset({"requirement", "category", "persona"})
"""Words that narrow a plan and that a question seldom has; where near examples have them, their plans differ."""
NEEDS_WORDS = re.compile(
    r"certif\w*|\bBPA\b|\bOEKO\b|\bISO\b|\w+[- ]free\b|\borganic\b|\bmust\b|\ballows?\b|\binspect\w*|\bterms\b|\bfor (?!the\b|a\b|our\b)\w+(?: \w+)?s\b|"
    r"认证|证书|检测|账期|付款|验货|必须|要求|环保|无\w|给[^我他她你]+(?:看|的|写)", re.I
)  # fmt: skip
ASKED = 3  # nearest examples of the settled tool that are compared
ENOUGH = 2  # of them, the nearest among these, must lead to the same plan


def agreed_plan(
    form: PlanForm, near: Neighbours, slots: Mapping[str, tuple[str, ...]], said: Said
) -> list[Call] | None:
    """The plan where one tool is settled and what is left open in it is a choice the nearest examples make alike.

    None where a model has to write words, or where something said would be left out.
    """
    if said.earlier or said.unclear or form.unavailable:
        return None
    if near.settled == "reply" and near.score >= CLOSE:
        return _reply(near, said)
    named = cued_tools(said.reading.text)
    if named and near.settled not in named:
        return None
    if form.talk or len({tool.name for tool in form.tools}) != 1:
        return None
    if not all(_settles(argument, said) for tool in form.tools for argument in tool.arguments):
        return None
    plans = [mended(like(example, set(slots), said), slots, said) for example in near.alike[:ASKED]]
    plan = plans[0]
    if sum(other == plan for other in plans) < min(ENOUGH, len(near.alike)) or differences(plan, slots, said):
        return None
    return plan if all(_complete(call) for call in plan) else None


def _reply(near: Neighbours, said: Said) -> list[Call] | None:
    """What the nearest example answers to small talk in the question's language."""
    same = [one for one in near.alike if language_of(one.question) == said.reading.language]
    return parse_calls(same[0].plan) if same else None


def _settles(argument: Argument, said: Said) -> bool:
    """Whether no model is needed for it: a choice among what was said, what is read from the question, or left out."""
    if argument.name in LEFT_OUT:
        return not NEEDS_WORDS.search(said.reading.text)
    if argument.kind == "object":
        return argument.name in READ or all(_settles(field, said) for field in argument.fields)
    item = argument.item or argument
    return argument.name in READ or item.kind == "choice"


def _complete(call: Call) -> bool:
    tool, args = call
    return tool != "what_if" or bool(args.get("changes"))
