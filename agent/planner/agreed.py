"""A plan that the nearest worked examples agree on, so that no model needs to be asked."""

from __future__ import annotations

from collections.abc import Mapping

from agent.planner.check import differences, mended
from agent.planner.examples import Neighbours
from agent.planner.form import LANGUAGE_NAMES, Argument, PlanForm
from agent.planner.said import Call, Said
from agent.planner.unaided import like

READ = frozenset({"changes", *LANGUAGE_NAMES})
"""Arguments that `mended` fills with everything the question says of them."""
ASKED = 3  # nearest examples of the settled tool that must lead to the same plan


def agreed_plan(
    form: PlanForm, near: Neighbours, slots: Mapping[str, tuple[str, ...]], said: Said
) -> list[Call] | None:
    """The plan where one tool is settled and what is left open in it is a choice the nearest examples make alike.

    None where a model has to write words, to pick among numbers, or where something said would be left out.
    """
    if said.earlier or said.unclear or form.talk or form.unavailable or len(form.tools) != 1 or form.tools[0].kind:
        return None
    if not all(_settles(argument) for argument in form.tools[0].arguments):
        return None
    plans = [mended(like(example, set(slots), said), slots, said) for example in near.alike[:ASKED]]
    plan = plans[0]
    if len(plans) < ASKED or any(other != plan for other in plans[1:]) or differences(plan, slots, said):
        return None
    return plan if len(plan) == 1 and _complete(plan[0]) else None


def _settles(argument: Argument) -> bool:
    """Whether no model is needed for it: its one said value or none, a choice of words, or what is read from the question."""
    return (
        argument.only_value is not None or argument.name in READ or (argument.kind == "choice" and not argument.numeric)
    )


def _complete(call: Call) -> bool:
    tool, args = call
    return tool != "what_if" or bool(args.get("changes"))
