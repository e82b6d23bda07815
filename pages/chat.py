"""The chat tab: first questions, the conversation as it comes, and proposals to decide on the spot."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pages.messages import conversation, under_way
from pages.proposals import decisions_made, filed_by_id, outcome_html, show_card
from pages.texts import Wordings, said
from pages.turns import Conversations
from shop import journal
from shop.warehouse import Vocabulary
from tools.contract import Value
from tools.messages import catalogue_language, shown

if TYPE_CHECKING:
    import gradio as gr

SHOW_LAST_QUESTION = """() => setTimeout(() => {
  const asked = [...document.querySelectorAll('#conversation .message.user')].pop();
  if (asked) window.scrollTo({top: asked.getBoundingClientRect().top + window.scrollY - 16, behavior: 'smooth'});
}, 250)"""
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
        self.view = gr.State("")
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

        outputs = [self.messages, self.question, self.chip_row, self.view, revision]
        asking: list[tuple[Any, Any]] = [(self.question.submit, self.question), (send.click, self.question)]
        asking += [(chip.click, chip) for chip in self.chips]
        for begins, source in asking:
            begins(
                self.ask, [source, self.thread, language], outputs,
                api_visibility="private", show_progress="hidden", concurrency_limit=None,
            ).then(None, None, None, js=SHOW_LAST_QUESTION)  # fmt: skip
            begins(None, None, None, js=SHOW_LAST_QUESTION)
        new.click(lambda: (fresh_thread(), [], gr.update(visible=True), "", ""), None,
                  [self.thread, self.messages, self.chip_row, self.question, self.view],
                  api_visibility="private", show_progress="hidden")  # fmt: skip
        gr.on(
            [revision.change, self.view.change], self.redrawn, self.thread, self.messages,
            api_visibility="private", show_progress="hidden",
        )  # fmt: skip

    def ask(self, question: str, thread: str, language: str) -> Iterator[tuple[Any, ...]]:
        """Show the turn as it runs, then its full answer."""
        import gradio as gr

        thread = thread or fresh_thread()
        if not question.strip():
            yield (gr.skip(),) * 5
            return
        before = conversation(self.conversations.turns(thread), filed_by_id(self.folder))
        running = self.conversations.start(thread, question, language)
        yield (
            before + under_way(running.question, running.number, [], running.language),
            "",
            gr.update(visible=False),
            gr.skip(),
            gr.skip(),
        )
        for events in running.follow():
            shown_now = before + under_way(running.question, running.number, events, running.language)
            yield shown_now, *(gr.skip(),) * 4
        yield (
            self.shown(thread),
            gr.skip(),
            gr.skip(),
            self.seen(thread, language),
            decisions_made(self.folder),
        )

    def opened(self, thread: str) -> Iterator[Any]:
        """The conversation after a reload; a turn under way is followed to its end."""
        before = conversation(self.conversations.reopen(thread), filed_by_id(self.folder))
        yield before
        running = self.conversations.running(thread)
        if running is None:
            return
        for events in running.follow():
            yield before + under_way(running.question, running.number, events, running.language)
        yield self.shown(thread)

    def redrawn(self, thread: str) -> Any:
        """The conversation with proposals as they stand now; left alone while a turn runs."""
        import gradio as gr

        if not thread or self.conversations.running(thread):
            return gr.skip()
        return self.shown(thread)

    def shown(self, thread: str) -> list[Any]:
        """All finished turns as messages."""
        return conversation(self.conversations.turns(thread), filed_by_id(self.folder))

    def seen(self, thread: str, language: str) -> str:
        """What the conversation shows; proposals are drawn afresh when it changes."""
        return f"{thread} {language} {len(self.conversations.turns(thread))}"

    def _decisions(self, language: gr.Radio, revision: gr.State) -> None:
        import gradio as gr

        def decisions(thread: str, spoken: str) -> None:
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

        gr.render([self.thread, language], triggers=[revision.change, self.view.change], show_progress="hidden")(
            decisions
        )
