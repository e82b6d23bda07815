"""A chat client for the chosen model, and every way it can fail in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from agent.model.choice import ModelChoice
from agent.model.errors import ModelError
from agent.model.server import PLAN_SLOT, BuiltinServer, Endpoint
from agent.model.weights import NAME, Say

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

PLAN_TIMEOUT_SECONDS = 90.0

Style = Literal["grammar", "json_schema", "native", "none"]


class ModelSource:
    """The chosen model: its client, how it calls tools, and what it is doing while it loads."""

    def __init__(self, choice: ModelChoice, say: Say = print) -> None:
        self.choice = choice
        self._server = BuiltinServer(say) if choice.kind == "builtin" else None
        self._client: tuple[Endpoint, BaseChatModel] | None = None
        self._remote: BaseChatModel | None = None
        self._style: Style | None = None
        self._loading: threading.Thread | None = None
        self.failure: str | None = None

    @property
    def name(self) -> str:
        """The model's name as shown to the operator."""
        if self.choice.kind == "builtin":
            return f"builtin ({NAME})"
        return "none" if self.choice.kind == "none" else f"{self.choice.provider}:{self.choice.name}"

    def style(self) -> Style:
        """How plans are asked for: under a grammar, under a JSON schema, natively, or not at all."""
        if self._style is None:
            self._style = self._find_style()
        return self._style

    def _find_style(self) -> Style:
        if self.choice.kind == "none":
            return "none"
        if self.choice.kind == "builtin":
            return "native" if self.choice.calling == "native" else "grammar"
        if self.choice.calling == "schema":
            return "json_schema"
        if self.choice.calling == "native" or (self.choice.provider == "openai" and not self.choice.base_url):
            return "native"
        return "native" if calls_tools_natively(self.client()) else "json_schema"

    def client(self) -> BaseChatModel:
        """A LangChain chat model for the endpoint as it is now. Raises ModelError."""
        if self._server is not None:
            endpoint = self._server.endpoint()
            if self._client is None or self._client[0] != endpoint:
                self._client = (endpoint, _openai_client(f"{endpoint.base_url}/v1", endpoint.api_key, "builtin"))
            return self._client[1]
        if self._remote is None:
            self._remote = self._make_remote()
        return self._remote

    def plan_options(self) -> dict[str, object]:
        """Request fields that keep the fixed beginning in the server's cache."""
        return {"id_slot": PLAN_SLOT, "cache_prompt": True} if self._server is not None else {}

    def load(self, beginning: Callable[[], list[dict[str, str]]]) -> None:
        """Load the built-in model and have the fixed beginning read. Raises ModelError."""
        if self._server is not None:
            self._server.prime(beginning())

    def load_in_background(self, beginning: Callable[[], list[dict[str, str]]]) -> None:
        """The same, while the page already answers; a failure is kept in `failure` and shown with answers."""
        if self._server is None or self._loading is not None:
            return

        def work() -> None:
            try:
                self.load(beginning)
            except ModelError as failed:
                self.failure = str(failed)

        self._loading = threading.Thread(target=work, name="load-model", daemon=True)
        self._loading.start()

    @property
    def loading(self) -> bool:
        """Whether a background load is under way."""
        return self._loading is not None and self._loading.is_alive()

    def wait_loaded(self) -> None:
        """Wait for a background load to end."""
        if self._loading is not None:
            self._loading.join()

    def _make_remote(self) -> BaseChatModel:
        if self.choice.provider == "openai":
            return _openai_client(self.choice.base_url, self.choice.api_key or "not-needed", self.choice.name)
        from langchain.chat_models import init_chat_model

        try:
            return init_chat_model(self.choice.name, model_provider=self.choice.provider)
        except (ImportError, ValueError) as unknown:
            raise ModelError(
                f"The provider {self.choice.provider!r} cannot be used ({unknown}): "
                "use openai with OPENAI_BASE_URL, or install its LangChain package."
            ) from unknown


def _openai_client(base_url: str | None, api_key: str, name: str) -> BaseChatModel:
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    return ChatOpenAI(
        model=name,
        base_url=base_url,
        api_key=SecretStr(api_key),
        temperature=0 if base_url else None,
        use_responses_api=False,
        stream_usage=True,
        timeout=PLAN_TIMEOUT_SECONDS,
        max_retries=0,
    )


def calls_tools_natively(client: BaseChatModel) -> bool:
    """Ask once for an obvious tool call; models that answer with plain text plan under a schema instead."""
    tool = {
        "type": "function",
        "function": {
            "name": "count_stock",
            "description": "Count the stock of one SKU.",
            "parameters": {"type": "object", "properties": {"sku": {"type": "string"}}, "required": ["sku"]},
        },
    }
    try:
        answer = client.bind_tools([tool]).invoke("How many units of SKU A-1 are in stock? Use the tool.")
    except Exception as failed:
        raise ModelError(in_one_sentence(failed)) from failed
    calls = getattr(answer, "tool_calls", [])
    return bool(calls) and calls[0]["name"] == "count_stock" and calls[0]["args"].get("sku") == "A-1"


def in_one_sentence(failed: BaseException) -> str:
    """What went wrong with a model request, and what to do about it; never holds a key."""
    import openai

    if isinstance(failed, ModelError):
        return str(failed)
    if isinstance(failed, openai.AuthenticationError | openai.PermissionDeniedError):
        return "The model's server refused the key: check OPENAI_API_KEY."
    if isinstance(failed, openai.NotFoundError):
        return "The model's server does not have this model: check PACER_MODEL and OPENAI_BASE_URL."
    if isinstance(failed, openai.APITimeoutError):
        return "The model's server took too long: try again."
    if isinstance(failed, openai.APIConnectionError):
        return "The model's server cannot be reached: check OPENAI_BASE_URL and the network."
    if isinstance(failed, openai.RateLimitError):
        return "The model's server has too many requests or the account is out of credit: try again later."
    if isinstance(failed, openai.APIStatusError):
        return f"The model's server failed with status {failed.status_code}: try again."
    return f"The model failed ({type(failed).__name__}): try again."
