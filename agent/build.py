"""The copilot's assembly. The middleware list reads as its policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    ModelRetryMiddleware,
    SummarizationMiddleware,
)
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph

from agent.limits import LimitCalls
from agent.model.source import ModelSource
from agent.planner.examples import PROMPTS
from agent.planner.model import PlanningModel
from agent.policy import (
    AnswerWithoutModel,
    ComposeFromFindings,
    ProveAnswer,
    ShortenLongConversation,
    ShowSteps,
    ToolErrorsAsMessages,
    worth_retrying,
)
from agent.tooling import langchain_tools
from agent.workbench import Workbench
from shop.warehouse import Vocabulary

MODEL_CALLS_A_TURN = 6
TOOL_CALLS_A_TURN = 8
MODEL_RETRIES = 2
SUMMARISE_AT_TOKENS = 24_000
MESSAGES_KEPT = 20


def build_agent(
    source: ModelSource, vocabulary: Callable[[], Vocabulary], saver: BaseCheckpointSaver[Any]
) -> CompiledStateGraph[Any, Workbench, Any, Any]:
    """An agent for the chosen model: capable ones call tools and word answers themselves, others plan under a form."""
    native = source.style() == "native"
    unaided = PlanningModel(source=None, vocabulary=vocabulary)
    planner = unaided if source.style() == "none" else PlanningModel(source=source, vocabulary=vocabulary)
    return create_agent(
        model=source.client() if native else planner,
        tools=langchain_tools(),
        system_prompt=(PROMPTS / "policy.md").read_text(encoding="utf-8") if native else None,
        middleware=[*(_for_capable(source) if native else _for_planned()), *_for_all(unaided, native)],
        context_schema=Workbench,
        checkpointer=saver,
        name="pacer",
    )


def _for_capable(source: ModelSource) -> list[AgentMiddleware[Any, Any]]:
    return [
        SummarizationMiddleware(
            source.client(), trigger=("tokens", SUMMARISE_AT_TOKENS), keep=("messages", MESSAGES_KEPT)
        )
    ]


def _for_planned() -> list[AgentMiddleware[Any, Any]]:
    return [ShortenLongConversation()]


def _for_all(unaided: PlanningModel, native: bool) -> list[AgentMiddleware[Any, Any]]:
    return [
        ProveAnswer(may_repair=native),
        LimitCalls(MODEL_CALLS_A_TURN, TOOL_CALLS_A_TURN),
        ShowSteps(),
        AnswerWithoutModel(unaided),
        *([] if native else [ComposeFromFindings()]),
        ModelRetryMiddleware(max_retries=MODEL_RETRIES, retry_on=worth_retrying, on_failure="error", initial_delay=0.5),
        ToolErrorsAsMessages(),
    ]
