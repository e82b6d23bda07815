"""How much one turn may do: so many asks of the model, so many tool calls, then it answers with what it has.

One wrapper round model and tools instead of LangChain's two limit middlewares: those are graph steps of their own,
six in a turn of one tool call, and cost more than all the rest of a turn outside model and tools.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain.agents.middleware.types import ModelRequest, ModelResponse, ToolCallRequest
from langchain_core.messages import AIMessage, ToolMessage
from langgraph.types import Command

from agent.compose import composed
from agent.words import own_words
from agent.workbench import Workbench


class LimitCalls(AgentMiddleware[AgentState[Any], Workbench]):
    """Past the limit the model is not asked again and tools are not run."""

    def __init__(self, model_calls: int, tool_calls: int) -> None:
        super().__init__()
        self._model_calls = model_calls
        self._tool_calls = tool_calls

    def wrap_model_call(
        self, request: ModelRequest[Workbench], handler: Callable[[ModelRequest[Workbench]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        bench = request.runtime.context
        if bench.count("model") <= self._model_calls:
            return handler(request)
        bench.notes.append(own_words("stopped", bench.language))
        return ModelResponse(result=[AIMessage(content=composed(bench) or own_words("stopped", bench.language))])

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        bench = cast(Workbench, request.runtime.context)
        if bench.count("tool") <= self._tool_calls:
            return handler(request)
        call = request.tool_call
        said = own_words("too_many_calls", bench.language, limit=self._tool_calls)
        return ToolMessage(said, tool_call_id=call["id"], name=call["name"], status="error")
