"""Proposals on the page: what would change, the two buttons, and what was written."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pages.markup import folded, plain
from pages.texts import said, said_or
from shop import journal
from shop.errors import ShopError
from shop.journal import Entry, FiledProposal
from tools.contract import Proposal

PREVIEW_BYTES = 1200


def filed_by_id(folder: Path) -> dict[str, FiledProposal]:
    """Every proposal of the shop."""
    return {filed.id: filed for filed in journal.proposals(folder)}


def badges_html(proposals: Sequence[Proposal], filed: Mapping[str, FiledProposal], language: str) -> str:
    """One line a proposal, with how it stands now."""
    lines = []
    for proposal in proposals:
        now = filed.get(proposal.id or "")
        status = now.status if now else proposal.status
        lines.append(
            f'<p class="badge {status}"><b>{plain(proposal.id or "")}</b> '
            f"{plain(headline(proposal.kind, now.payload if now else proposal.payload, language))} "
            f'<span class="state">{plain(said(status, language))}</span></p>'
        )
    return "".join(lines)


def headline(kind: str, payload: Mapping[str, Any], language: str) -> str:
    """What kind of change, and about what."""
    about = [str(payload[name]) for name in ("sku", "supplier_id", "country", "channel") if payload.get(name)]
    return " · ".join([said_or(f"kind_{kind}", language, kind), *about])


def card_html(filed: FiledProposal, language: str) -> str:
    """The change field by field, old to new."""
    fields = "".join(
        f"<tr><th>{plain(_field(name, language))}</th><td>{_changed(filed.expected_before.get(name), value)}</td></tr>"
        for name, value in filed.payload.items()
        if value is not None
    )
    return (
        f'<div class="proposal"><p class="badge {filed.status}"><b>{filed.id}</b> '
        f"{plain(headline(filed.kind, filed.payload, language))} "
        f'<span class="state">{plain(said(filed.status, language))}</span></p>'
        f'<table class="change">{fields}</table></div>'
    )


def _field(name: str, language: str) -> str:
    told = name.replace("_", " ")
    return said_or(f"column_{told}", language, told)


def _changed(old: Any, new: Any) -> str:
    if old is None or str(old) == str(new):
        return plain(_text(new))
    return f'<span class="old">{plain(_text(old))}</span> → <b>{plain(_text(new))}</b>'


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def outcome_html(folder: Path, filed: FiledProposal, entries: Sequence[Entry], language: str) -> str:
    """What a decision wrote: the change files with their beginning, and the journal entry."""
    decision = next((e for e in reversed(entries) if e.proposal == filed.id and e.action == filed.status), None)
    if decision is None:
        return ""
    files = [written.file for written in decision.files]
    told = said("written", language, files=", ".join(files)) if files else said("nothing_changed", language)
    who = said_or(f"who_{decision.who}", language, decision.who)
    at = datetime.fromisoformat(decision.at).strftime("%Y-%m-%d %H:%M")
    entry = said("journal_entry", language, action=said_or(decision.action, language, decision.action), who=who, at=at)
    reason = f"<p>{plain(decision.reason)}</p>" if decision.reason else ""
    previews = "".join(folded(name, f"<pre>{plain(_preview(folder / name, language))}</pre>") for name in files)
    return f'<div class="outcome"><p>{plain(told)}</p><p class="quiet">{plain(entry)}</p>{reason}{previews}</div>'


def _preview(path: Path, language: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(PREVIEW_BYTES).decode("utf-8", "replace").replace("\r\n", "\n").rstrip()
    except OSError:
        return said("file_gone", language)


def decisions_made(folder: Path) -> int:
    """How many entries the journal has; cards are drawn afresh when there are more."""
    return len(journal.entries(folder))


def decide(folder: Path, act: Callable[[], object], language: str) -> int:
    """Run a decision; a refusal is shown as a notice. Gives the number of journal entries."""
    import gradio as gr

    try:
        act()
    except ShopError as refused:
        gr.Warning(plain(str(refused)))
    except Exception:
        logging.getLogger("pacer").exception("A decision failed")
        gr.Warning(plain(said("broken", language)))
    return decisions_made(folder)


def show_card(folder: Path, filed: FiledProposal, language: str, revision: Any, editable: bool) -> None:
    """A pending proposal with its buttons; inside a gr.render."""
    import gradio as gr

    def approve() -> int:
        return decide(folder, lambda: journal.approve(folder, filed.id, _now()), language)

    def reject(reason: str | None) -> int:
        return decide(folder, lambda: journal.reject(folder, filed.id, _now(), (reason or "").strip()), language)

    def save(content: str) -> int:
        return decide(folder, lambda: _edit(folder, filed.id, content, language), language)

    with gr.Column(elem_classes="card", key=f"card-{filed.id}"):
        gr.HTML(card_html(filed, language))
        reason = gr.Textbox(
            show_label=False,
            container=False,
            placeholder=said("reason", language),
            visible=editable,
            max_lines=3,
            interactive=True,
        )
        with gr.Row(elem_classes="decide"):
            yes = gr.Button(said("approve", language), variant="primary", size="md", elem_classes="approve")
            no = gr.Button(said("reject", language), variant="secondary", size="md", elem_classes="reject")
        if editable:
            with gr.Accordion(said("edit", language), open=False):
                content = gr.Textbox(
                    json.dumps(filed.payload, ensure_ascii=False, indent=2),
                    label=said("payload", language),
                    lines=6,
                    max_lines=20,
                    elem_classes="json",
                    interactive=True,
                )
                keep = gr.Button(said("save", language), size="sm")
            keep.click(save, content, revision, api_visibility="private")
        yes.click(approve, None, revision, api_visibility="private")
        no.click(reject, reason, revision, api_visibility="private")


def _edit(folder: Path, proposal_id: str, content: str, language: str) -> None:
    import gradio as gr

    try:
        payload = json.loads(content)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        raise ShopError(said("not_json", language))
    journal.edit(folder, proposal_id, payload, _now())
    gr.Info(plain(said("saved", language, id=proposal_id)))


def _now() -> datetime:
    return datetime.now().astimezone()
