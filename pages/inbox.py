"""The inbox tab: what waits for the operator, and what was decided."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pages.markup import plain
from pages.proposals import card_html, outcome_html, show_card
from pages.texts import said
from shop import journal

if TYPE_CHECKING:
    import gradio as gr

MOST_DECIDED = 30


def build_inbox(folder: Path, language: gr.Radio, revision: gr.State) -> None:
    """Draw the tab's content; it is drawn afresh whenever `revision` or the language changes."""
    import gradio as gr

    def inbox(spoken: str) -> None:
        filed = journal.proposals(folder)
        waiting = [one for one in filed if one.status == "pending"]
        gr.HTML(f"<h3>{plain(said('waiting', spoken))}</h3>")
        if not waiting:
            gr.HTML(f'<p class="quiet">{plain(said("nothing_pending", spoken))}</p>')
        for one in waiting:
            show_card(folder, one, spoken, revision, editable=True)
        entries = journal.entries(folder)
        decided = [one for one in reversed(filed) if one.status != "pending"][:MOST_DECIDED]
        cards = "".join(
            f'<div class="card decided">{card_html(one, spoken)}{outcome_html(folder, one, entries, spoken)}</div>'
            for one in decided
        )
        gr.HTML(
            f"<h3>{plain(said('decided', spoken))}</h3>"
            + (cards or f'<p class="quiet">{plain(said("nothing_decided", spoken))}</p>')
        )

    gr.render([language], triggers=[revision.change, language.change], show_progress="hidden")(inbox)
