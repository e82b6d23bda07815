"""The rules of a turn, one middleware each. `agent/build.py` puts them in order."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain.agents.middleware.types import ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, RemoveMessage, ToolMessage
from langgraph.config import get_stream_writer
from langgraph.runtime import Runtime
from langgraph.types import Command

from agent.compose import composed
from agent.events import Call, Step
from agent.model.errors import ModelError
from agent.model.source import in_one_sentence
from agent.planner.model import ASKED_BACK
from agent.proof import Verdict, prove, withhold
from agent.words import own_words
from agent.workbench import Workbench
from shop.errors import ShopError
from tools.contract import ToolError
from tools.progress import told_to

Handler = Callable[[ModelRequest[Workbench]], ModelResponse[Any]]
LONGEST_CONVERSATION = 48
KEPT_OF_IT = 24


class ShowSteps(AgentMiddleware[AgentState[Any], Workbench]):
    """Tell the page what is being done, and how long it took."""

    def wrap_model_call(self, request: ModelRequest[Workbench], handler: Handler) -> ModelResponse[Any]:
        bench = request.runtime.context
        planning = not answered_by_tools(request.messages)
        step = Step(
            id=f"model-{len(request.messages)}",
            kind="planning" if planning else "composing",
            title="Planning" if planning else "Writing the answer",
            status="started",
        )
        tell = get_stream_writer()
        tell(step)
        began = time.perf_counter()
        try:
            response = handler(request)
        finally:
            spent = time.perf_counter() - began
            if planning:
                bench.seconds.plan += spent
            else:
                bench.seconds.compose += spent
        calls = response.result[-1].tool_calls if isinstance(response.result[-1], AIMessage) else []
        for call in calls:  # in the order of the plan; tools start in any order
            bench.keep(str(call["id"]), Call(tool=call["name"], args=call["args"], ok=False, seconds=0.0), None)
        detail = ", ".join(call["name"] for call in calls) or None
        tell(step.model_copy(update={"status": "done", "seconds": spent, "detail": detail}))
        return response

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        name, args, call_id = request.tool_call["name"], request.tool_call["args"], str(request.tool_call["id"])
        step = Step(id=call_id, kind="tool", title=name, status="started", tool=name, args=args)
        tell = get_stream_writer()
        tell(step)
        bench = cast(Workbench, request.runtime.context)
        began = time.perf_counter()
        said: list[str] = []

        def progress(line: str) -> None:
            said.append(line)
            tell(step.model_copy(update={"detail": "\n".join(said)}))

        with told_to(progress):
            message = handler(request)
        spent = time.perf_counter() - began
        failed = isinstance(message, ToolMessage) and message.status == "error"
        error = str(message.content) if failed and isinstance(message, ToolMessage) else None
        result = None if failed or not isinstance(message, ToolMessage) else message.artifact
        bench.keep(call_id, Call(tool=name, args=args, ok=not failed, seconds=round(spent, 4), error=error), result)
        if isinstance(message, ToolMessage):
            message.artifact = None  # the workbench has it; checkpoints stay small
        tell(step.model_copy(update={"status": "failed" if failed else "done", "seconds": spent, "detail": error}))
        return message


class ToolErrorsAsMessages(AgentMiddleware[AgentState[Any], Workbench]):
    """A tool that refuses says why in one sentence; the run goes on."""

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        call = request.tool_call
        try:
            return handler(request)
        except ToolError as refused:
            said = refused.text(cast(Workbench, request.runtime.context).language)
        except ShopError as refused:
            said = str(refused)
        except Exception as broken:
            said = f"{call['name']} failed inside Pacer ({type(broken).__name__}); nothing was changed."
        return ToolMessage(said, tool_call_id=call["id"], name=call["name"], status="error")


class AnswerWithoutModel(AgentMiddleware[AgentState[Any], Workbench]):
    """When the model fails for good, plan from the nearest example and say so (law 5)."""

    def __init__(self, unaided: BaseChatModel) -> None:
        super().__init__()
        self._unaided = unaided

    def wrap_model_call(self, request: ModelRequest[Workbench], handler: Handler) -> ModelResponse[Any]:
        bench = request.runtime.context
        try:
            return handler(request)
        except Exception as failed:
            reason = in_one_sentence(failed)
        bench.planned_without_model = True
        if answered_by_tools(request.messages):
            note = AIMessage(content=composed(bench))
            response: ModelResponse[Any] = ModelResponse(result=[note])
        else:
            response = handler(request.override(model=self._unaided))
        bench.notes.append(own_words("without_model", bench.language, reason=reason.rstrip(".。")))
        return response


class ComposeFromFindings(AgentMiddleware[AgentState[Any], Workbench]):
    """Models that retell results wrongly do not retell them: the findings are the answer."""

    def wrap_model_call(self, request: ModelRequest[Workbench], handler: Handler) -> ModelResponse[Any]:
        if answered_by_tools(request.messages):
            return ModelResponse(result=[AIMessage(content=composed(request.runtime.context))])
        response = handler(request)
        plan = response.result[-1]
        if isinstance(plan, AIMessage) and plan.tool_calls:
            request.runtime.context.left_out = str(plan.text)
        return response


class ProveAnswer(AgentMiddleware[AgentState[Any], Workbench]):
    """Law 2: every number, date and SKU shown is proven; once repaired, else left out with a note."""

    def __init__(self, may_repair: bool) -> None:
        super().__init__()
        self._may_repair = may_repair

    def wrap_model_call(self, request: ModelRequest[Workbench], handler: Handler) -> ModelResponse[Any]:
        response = handler(request)
        answer = response.result[-1]
        if not isinstance(answer, AIMessage) or answer.tool_calls:
            return response
        bench = request.runtime.context
        verdict = _verdict(answer, bench)
        if self._may_repair and (unproven := [claim.text for claim in verdict.claims if not claim.proven]):
            wish = (
                f"Not in the tool results: {', '.join(unproven)}. Write the answer again with only numbers, dates "
                "and SKUs that the tool results hold, exactly as they stand there."
            )
            response = handler(request.override(messages=[*request.messages, HumanMessage(wish)]))
            answer = response.result[-1]
            if not isinstance(answer, AIMessage) or answer.tool_calls:
                return response
            verdict = _verdict(answer, bench)
        text = str(answer.text)
        if verdict.proven < verdict.shown:
            text, notes = withhold(text, verdict, bench.language)
            bench.notes.extend(notes)
            answer = AIMessage(content=text, id=answer.id)
            verdict = _verdict(answer, bench)
        bench.shown, bench.proven, bench.answer = verdict.shown, verdict.proven, text
        return ModelResponse(result=[*response.result[:-1], answer])


def _verdict(answer: AIMessage, bench: Workbench) -> Verdict:
    """A question back names products of the shop, in words of ours: they need no result to stand on."""
    asked_back = [str(answer.text)] if answer.additional_kwargs.get(ASKED_BACK) else []
    known = "\n".join([bench.question, *bench.errors.values(), *asked_back])
    return prove(str(answer.text), bench.found(), known, bench.shop.vocabulary, bench.language)


class ShortenLongConversation(AgentMiddleware[AgentState[Any], Workbench]):
    """Planning reads the last turns only, so old ones leave the model's view; the page keeps them."""

    def before_agent(self, state: AgentState[Any], runtime: Runtime[Workbench]) -> dict[str, Any] | None:
        messages = state["messages"]
        if len(messages) <= LONGEST_CONVERSATION:
            return None
        starts = [n for n, message in enumerate(messages) if isinstance(message, HumanMessage)]
        cut = next((n for n in starts if n >= len(messages) - KEPT_OF_IT), starts[-1])
        return {"messages": [RemoveMessage(id=str(message.id)) for message in messages[:cut]]}


def answered_by_tools(messages: list[Any]) -> bool:
    """Whether tools have run since the operator last spoke."""
    return bool(messages) and isinstance(messages[-1], ToolMessage)


def worth_retrying(failed: Exception) -> bool:
    """Time-outs, lost connections, full queues and server faults pass; a wrong key or model name does not."""
    import openai

    if isinstance(failed, openai.APIConnectionError | openai.APITimeoutError | openai.RateLimitError):
        return True
    if isinstance(failed, openai.APIStatusError):
        return failed.status_code >= 500
    return isinstance(failed, ConnectionError | TimeoutError) and not isinstance(failed, ModelError)
