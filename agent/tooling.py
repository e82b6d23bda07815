"""The contract's tools as LangChain tools: the model reads the findings, the workbench keeps everything."""

from __future__ import annotations

from typing import Any

from langchain_core.tools import StructuredTool
from langgraph.runtime import get_runtime

from agent.compose import for_model
from agent.workbench import Workbench
from tools import registry
from tools.contract import Result, Tool
from tools.copywriting.voice import speaking_with


def langchain_tools() -> list[StructuredTool]:
    """One LangChain tool per tool of the registry, described by its docstring and request model."""
    return [_langchain_tool(tool) for tool in registry.TOOLS.values()]


def _langchain_tool(tool: Tool) -> StructuredTool:
    def run(**arguments: Any) -> tuple[str, Result]:
        bench = get_runtime(Workbench).context
        with speaking_with(bench.voice):
            result = registry.run(bench.shop, tool.name, arguments)
        return for_model(result, bench.language, bench.names), result

    schema = tool.request.model_json_schema()
    schema.update(title=tool.name, description=tool.description)
    return StructuredTool.from_function(
        run, name=tool.name, description=tool.description, args_schema=schema, response_format="content_and_artifact"
    )
