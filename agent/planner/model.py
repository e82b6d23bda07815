"""A chat model that plans: bound tools become a grammar or a schema, its reply becomes tool calls.

`create_agent` cannot tell it from a model with native tool calling. With no client at all it plans from the
nearest worked example, so that Pacer answers without a model too.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict

from agent.model.source import ModelSource
from agent.planner.agreed import agreed_plan
from agent.planner.calls import UnreadablePlan, format_calls, parse_calls
from agent.planner.check import differences, mended
from agent.planner.clarify import clarification, left_out
from agent.planner.examples import Neighbours, neighbours
from agent.planner.form import TALK, PlanForm, plan_form
from agent.planner.grammar import grammar
from agent.planner.leaning import leans, names_only
from agent.planner.parts import parts_of
from agent.planner.prompt import Message, beginning, chat_turns
from agent.planner.said import Call, Said
from agent.planner.schema import json_schema
from agent.planner.shorthand import spelled_out
from agent.planner.unaided import carried, unaided_plan
from agent.reading import read
from shop.warehouse import Vocabulary

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForLLMRun

Turn = tuple[str, str]

PLAN_TOKENS = 320
ASKED_BACK = "asked_back"
WHOLE = frozenset({"what_if", *TALK})
"""What is never one of several parts: changes told together work together."""


class PlanningModel(BaseChatModel):
    """Plans one turn. `vocabulary` gives the shop's words as they are now; `source` None plans unaided."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    source: ModelSource | None
    vocabulary: Callable[[], Vocabulary]
    tools: Sequence[dict[str, Any]] = ()

    @property
    def _llm_type(self) -> str:
        return "pacer-planner"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """The same model planning over these tools."""
        return self.model_copy(update={"tools": [convert_to_openai_tool(tool) for tool in tools]})

    def beginning(self) -> list[Message]:
        """The fixed beginning of every plan of this shop, for the prompt cache."""
        return beginning(self.tools, self.vocabulary())

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        asked, turns = conversation(messages)
        question, before = spelled_out(asked), [(spelled_out(earlier), plan) for earlier, plan in turns]
        vocabulary = self.vocabulary()
        reading = read(question, vocabulary)
        before = before if leans(reading) else []
        said = Said(reading, vocabulary, tuple(call for _, plan in before for call in _calls(plan)))
        calls, text = self._plan_parts(said, before) or self._plan(question, before, said)
        message = as_message(calls, said)
        message.response_metadata = {"plan": text}
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _plan_parts(self, said: Said, before: list[Turn]) -> tuple[list[Call], str] | None:
        """Where a message asks several things, each of a tool of its own, the plans of its parts in order.

        A later part is about the products, countries and channels of the one before it where it names none.
        """
        readings = [read(part, said.vocabulary) for part in parts_of(said.reading.text)]
        if len(readings) < 2 or not _apart([neighbours(one.text, one.skus, (), of_one_tool=True) for one in readings]):
            return None
        calls: list[Call] = []
        for one in readings:
            earlier = said.earlier if not calls and leans(one) else ()
            planned, _ = self._plan(one.text, before if earlier else [], Said(one, said.vocabulary, earlier))
            calls += [carried(call, calls[-1][1], self._slots()) if calls else call for call in planned]
        return calls, format_calls(calls)

    def _plan(self, question: str, before: list[Turn], said: Said) -> tuple[list[Call], str]:
        slots = self._slots()
        near = neighbours(question, said.reading.skus, [asked for asked, _ in before])
        if near.far and not before and not said.names_something:
            return [], ""
        form = plan_form(self.tools, said, near.tools)
        settled = self._settled(form, near, slots, said)
        if settled is not None:
            return settled, format_calls(settled)
        if self.source is None:
            alone = neighbours(question, said.reading.skus, ()) if before else near
            calls = unaided_plan(near, alone, slots, said)
            return mended(calls, slots, said), format_calls(calls)
        messages = [*self.beginning(), *chat_turns(near.shown, before, question, set(slots))]
        text = self._ask(messages, form)
        calls = mended(self._read(text), slots, said)
        wrong = differences(calls, slots, said)
        if wrong and not _talk(calls):
            second = self._ask([*messages, *_second_look(format_calls(calls), wrong)], form)
            again = mended(self._read(second), slots, said)
            if len(differences(again, slots, said)) < len(wrong) and not _talk(again):
                return again, second
        return calls, text

    def _settled(
        self, form: PlanForm, near: Neighbours, slots: dict[str, tuple[str, ...]], said: Said
    ) -> list[Call] | None:
        """The plan where no model is needed: nothing to choose, the same again about others, or examples that agree."""
        only = form.only_plan
        if only and not said.earlier and not differences([only], slots, said):
            return [only]
        if names_only(said.reading) and len(said.earlier) == 1 and said.earlier[0][0] in slots:
            again = mended(list(said.earlier), slots, said)
            if not differences(again, slots, said):
                return again
        return agreed_plan(form, near, slots, said)

    def _slots(self) -> dict[str, tuple[str, ...]]:
        return {
            tool["function"]["name"]: tuple(tool["function"].get("parameters", {}).get("properties", {}))
            for tool in self.tools
        }

    def _ask(self, messages: list[Message], form: PlanForm) -> str:
        """One completion under the form."""
        assert self.source is not None
        options: dict[str, Any] = {"max_tokens": PLAN_TOKENS}
        if self.source.style() == "json_schema":
            schema = {"name": "plan", "schema": json_schema(form)}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        else:
            options["extra_body"] = {"grammar": grammar(form), **self.source.plan_options()}
        answer = self.source.client().invoke([(turn["role"], turn["content"]) for turn in messages], **options)
        return str(answer.content)

    def _read(self, text: str) -> list[Call]:
        try:
            if text.lstrip().startswith("{"):
                return [(call["tool"], call["args"]) for call in json.loads(text)["calls"]]
            return parse_calls(text)
        except (UnreadablePlan, ValueError, KeyError, TypeError):
            return []


def _apart(near: list[Neighbours]) -> bool:
    """Whether every part settles on one tool, and no two on the same kind of call."""
    kinds = [(one.settled, parse_calls(one.best.plan)[0][1].get("kind")) for one in near]
    return all(tool and tool not in WHOLE for tool, _ in kinds) and len(set(kinds)) == len(kinds)


def conversation(messages: Sequence[BaseMessage]) -> tuple[str, list[tuple[str, str]]]:
    """The last question, and earlier questions each with the plan that answered it.

    The answer to a question that Pacer asked back completes the question before it.
    """
    pending = ""
    turns: list[tuple[str, list[Call], str]] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            turns.append((str(message.text), [], ""))
        elif isinstance(message, AIMessage) and turns:
            asked, calls, said = turns[-1]
            calls.extend((call["name"], call["args"]) for call in message.tool_calls)
            turns[-1] = (asked, calls, said or str(message.text))
            if message.additional_kwargs.get(ASKED_BACK):
                pending = asked
        if isinstance(message, HumanMessage) and pending:
            turns[-2:] = [(f"{pending} {turns[-1][0]}", [], "")]
            pending = ""
    if not turns:
        return "", []
    earlier = [(asked, format_calls(calls) if calls else _talked(said)) for asked, calls, said in turns[:-1]]
    return turns[-1][0], earlier


def _talked(said: str) -> str:
    shown = said.replace('"', "'").replace("\\", "").replace("\n", " ")[:80]
    return f'reply("{shown}")'


def _calls(plan: str) -> list[Call]:
    try:
        return [call for call in parse_calls(plan) if call[0] not in ("reply", "ask", "unavailable")]
    except UnreadablePlan:
        return []


def _talk(calls: list[Call]) -> bool:
    return not calls or calls[0][0] in ("reply", "ask", "unavailable")


def _second_look(plan: str, wrong: list[str]) -> list[Message]:
    return [
        {"role": "assistant", "content": plan},
        {"role": "user", "content": f"Check: {'; '.join(wrong)}. Write the whole plan again."},
    ]


def as_message(calls: list[Call], said: Said) -> AIMessage:
    """Tool calls as LangChain wants them, or the words of a reply, a question back, or an honest no.

    Beside calls, the words say which part of the question no tool answers.
    """
    lacking = [call for call in calls if call[0] == "unavailable"]
    able = [call for call in calls if call not in lacking]
    words = clarification(able or calls, said)
    if words is not None:
        return AIMessage(content=words.text, additional_kwargs={ASKED_BACK: True} if words.asks_back else {})
    return AIMessage(
        content="\n".join(left_out(call, said.reading.language) for call in lacking),
        tool_calls=[{"name": tool, "args": args, "id": f"call_{uuid.uuid4().hex[:12]}"} for tool, args in able],
    )
