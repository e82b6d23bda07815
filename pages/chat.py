"""The chat tab: first questions, the conversation as it comes, and proposals to decide on the spot."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pages.messages import conversation, under_way
from pages.proposals import filed_by_id, outcome_html, show_card
from pages.texts import Wordings, said
from pages.turns import Conversations
from shop import journal
from shop.warehouse import Vocabulary
from tools.contract import Value
from tools.messages import catalogue_language, shown

if TYPE_CHECKING:
    import gradio as gr

CHIPS = ("chip_week", "chip_forecast", "chip_stock", "chip_reviews", "chip_price", "chip_data")


def fresh_thread() -> str:
    """A new conversation's id."""
    return f"page-{uuid.uuid4().hex[:16]}"


def chips(words: Vocabulary, language: str) -> list[str]:
    """First questions about the shop's own best seller and largest market; only general ones for an empty shop."""
    if not (words.products and words.countries and words.channels):
        return [said(key, language) for key in CHIPS if "{" not in said(key, language, **_named("", "", "", language))]
    values = _named(words.products[0].sku, words.countries[0], words.channels[0], language)
    return [said(key, language, **values) for key in CHIPS]


def _named(sku: str, country: str, channel: str, language: str) -> dict[str, str]:
    spoken = catalogue_language(language)
    return {
        "sku": sku,
        "country": shown(Value(kind="country", value=country), spoken),
        "channel": shown(Value(kind="channel", value=channel), spoken),
    }


class Chat:
    """The tab's components and what they do."""

    def __init__(self, copilot: Any, wordings: Wordings, language: gr.Radio, revision: gr.State) -> None:
        import gradio as gr

        self.copilot = copilot
        self.conversations = Conversations(copilot)
        self.folder: Path = copilot.folder
        self.thread = gr.BrowserState("", storage_key="pacer-conversation", secret="pacer")
        self.messages = gr.Chatbot(
            show_label=False,
            container=False,
            elem_id="conversation",
            height=None,
            layout="bubble",
            buttons=[],
            feedback_options=None,
            sanitize_html=True,
            allow_tags=False,
            latex_delimiters=[],
            allow_file_downloads=False,
            render_markdown=True,
        )
        self._decisions(language, revision)
        with gr.Row(elem_id="chips") as self.chip_row:
            self.chips = [gr.Button("", size="sm", elem_classes="chip") for _ in CHIPS]
        with gr.Row(elem_id="ask-row"):
            self.question = gr.Textbox(
                show_label=False, container=False, lines=1, max_lines=6, max_length=20_000, autofocus=True, scale=9,
                elem_id="ask", placeholder=" ",
            )  # fmt: skip
            wordings.add(self.question, placeholder="ask", label="question")
            send = wordings.add(gr.Button("", variant="primary", scale=1, min_width=88, elem_id="send"), value="send")
        new = wordings.add(gr.Button("", variant="secondary", size="sm", elem_id="new"), value="new_conversation")

        outputs = [self.messages, self.question, self.chip_row, revision]
        inputs = [self.question, self.thread, language]
        gr.on([self.question.submit, send.click], self.ask, inputs, outputs, api_visibility="private",
              show_progress="hidden", concurrency_limit=None)  # fmt: skip
        for chip in self.chips:
            chip.click(self.ask, [chip, self.thread, language], outputs, api_visibility="private",
                       show_progress="hidden", concurrency_limit=None)  # fmt: skip
        new.click(lambda: (fresh_thread(), [], gr.update(visible=True), ""), None,
                  [self.thread, self.messages, self.chip_row, self.question],
                  api_visibility="private", show_progress="hidden")  # fmt: skip
        self.thread.change(lambda: _stamp(), None, revision, api_visibility="private", show_progress="hidden")
        revision.change(self.redrawn, [self.thread, language], self.messages, api_visibility="private",
                        show_progress="hidden")  # fmt: skip

    def ask(self, question: str, thread: str, language: str) -> Iterator[tuple[Any, ...]]:
        """Show the turn as it runs, then its full answer."""
        import gradio as gr

        thread = thread or fresh_thread()
        if not question.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        before = conversation(self.conversations.turns(thread), filed_by_id(self.folder), language)
        running = self.conversations.start(thread, question, language)
        yield (
            before + under_way(running.question, running.number, [], language),
            "",
            gr.update(visible=False),
            gr.skip(),
        )
        for events in running.follow():
            shown_now = before + under_way(running.question, running.number, events, language)
            yield shown_now, gr.skip(), gr.skip(), gr.skip()
        yield self.shown(thread, language), gr.skip(), gr.skip(), _stamp()

    def opened(self, thread: str, language: str) -> Iterator[Any]:
        """The conversation after a reload; a turn under way is followed to its end."""
        before = conversation(self.conversations.reopen(thread), filed_by_id(self.folder), language)
        yield before
        running = self.conversations.running(thread)
        if running is None:
            return
        for events in running.follow():
            yield before + under_way(running.question, running.number, events, language)
        yield self.shown(thread, language)

    def redrawn(self, thread: str, language: str) -> Any:
        """The conversation with proposals as they stand now; left alone while a turn runs."""
        import gradio as gr

        if not thread or self.conversations.running(thread):
            return gr.skip()
        return self.shown(thread, language)

    def shown(self, thread: str, language: str) -> list[Any]:
        """All finished turns as messages."""
        return conversation(self.conversations.turns(thread), filed_by_id(self.folder), language)

    def _decisions(self, language: gr.Radio, revision: gr.State) -> None:
        import gradio as gr

        @gr.render(inputs=[self.thread, language, revision], triggers=[revision.change], show_progress="hidden")
        def decisions(thread: str, spoken: str, _: object) -> None:
            if not thread:
                return
            turns = [turn for turn in self.conversations.turns(thread) if turn.proposals]
            filed = filed_by_id(self.folder)
            here = dict.fromkeys(p.id for turn in turns for p in turn.proposals if p.id in filed)
            last = {p.id for turn in turns[-1:] for p in turn.proposals}
            entries = journal.entries(self.folder)
            for proposal_id in here:
                one = filed[str(proposal_id)]
                if one.status == "pending":
                    show_card(self.folder, one, spoken, revision, editable=False)
                elif proposal_id in last:
                    gr.HTML(
                        f'<div class="card decided"><p class="badge {one.status}"><b>{one.id}</b> '
                        f'<span class="state">{said(one.status, spoken)}</span></p>'
                        f"{outcome_html(self.folder, one, entries, spoken)}</div>"
                    )


def _stamp() -> int:
    import time

    return time.time_ns()
