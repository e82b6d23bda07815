"""The brand's knowledge: search it, add files and texts to it, see what is known, and forget a source."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import KnowledgeError
from knowledge.report import LearnReport, Step
from pages.books import run_shown
from pages.learned import known_html, report_html, step_html
from pages.markup import plain
from pages.texts import Wordings, said
from shop.errors import ShopError
from shop.warehouse import Shop

if TYPE_CHECKING:
    import gradio as gr

KINDS = ("story", "evidence", "review", "policy")
FOUND = ""  # the kind a file states itself
LONGEST_PASTED = 200_000
TOLD_EVERY = 0.4  # seconds


def build_knowledge(
    open_shop: Callable[[], Shop], folder: Path, wordings: Wordings, language: gr.Radio
) -> Callable[..., Any]:
    """The three parts of the tab; gives back what makes the tab list its sources when it is opened."""
    import gradio as gr

    with gr.Tabs(elem_id="knowledge-parts"):
        with wordings.add(gr.Tab("Search", id="knowledge-search"), label="search_tab"):
            _build_search(open_shop, wordings, language)
        with wordings.add(gr.Tab("Add", id="knowledge-add"), label="add_tab"):
            learned = _build_learning(open_shop, folder, wordings, language)
        with wordings.add(gr.Tab("Known", id="knowledge-known"), label="known_tab") as known_tab:
            listed = _build_known(folder, wordings, language)
    choose = learned(listed)

    def opened(tab: gr.Tab) -> None:
        listed([tab.select, known_tab.select, language.change])
        choose([tab.select, language.change])

    return opened


def _build_search(open_shop: Callable[[], Shop], wordings: Wordings, language: gr.Radio) -> None:
    import gradio as gr

    wordings.add(gr.Markdown(elem_classes="intro"), value="knowledge_intro")
    with gr.Row(elem_classes="controls"):
        query = gr.Textbox(show_label=False, container=False, max_length=2000, scale=4, elem_id="query")
        wordings.add(query, placeholder="search_for", label="search")
        go = wordings.add(gr.Button("", variant="primary", scale=1, min_width=100, elem_id="search"), value="search")
    kinds = wordings.add(gr.CheckboxGroup(list(KINDS), container=False), label="kinds")
    shown = gr.HTML()

    def search(asked: str, chosen: list[str], spoken: str) -> str:
        if not asked.strip():
            return ""
        return run_shown(open_shop, "search_knowledge", {"query": asked, "kinds": chosen}, spoken)[0]

    gr.on([go.click, query.submit], search, [query, kinds, language], shown, api_visibility="private")
    language.change(lambda spoken: gr.update(choices=[(said(f"kind_of_{kind}", spoken), kind) for kind in KINDS]),
                    language, kinds, api_visibility="private", show_progress="hidden")  # fmt: skip


def _build_learning(
    open_shop: Callable[[], Shop], folder: Path, wordings: Wordings, language: gr.Radio
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    import gradio as gr

    from knowledge.readers.formats import SUFFIXES

    def choices(spoken: str) -> tuple[Any, Any]:
        kinds = [(said("kind_found", spoken), FOUND), *((said(f"kind_one_{one}", spoken), one) for one in KINDS)]
        products = [(f"{product.sku} {product.name}", product.sku) for product in open_shop().vocabulary.products]
        return gr.update(choices=kinds), gr.update(choices=products)

    wordings.add(gr.Markdown(elem_classes="intro"), value="add_intro")
    files = gr.File(
        file_count="multiple", file_types=list(SUFFIXES), type="filepath", height=130, elem_id="learn-files"
    )
    wordings.add(files, label="files")
    with gr.Row(elem_classes="controls"):
        pasted = gr.Textbox(lines=4, max_lines=14, max_length=LONGEST_PASTED, scale=3, elem_id="learn-text")
        wordings.add(pasted, label="pasted_text")
        title = wordings.add(gr.Textbox(max_length=120, scale=1, elem_id="learn-title"), label="pasted_title")
    kind = gr.Radio([(said("kind_found", "en"), FOUND)], value=FOUND, elem_id="learn-kind")
    wordings.add(kind, label="said_kind")
    with gr.Row(elem_classes="controls"):
        skus = gr.Dropdown([], multiselect=True, scale=3, elem_id="learn-skus")
        wordings.add(skus, label="said_skus")
        day = wordings.add(gr.Textbox(max_length=10, scale=2, elem_id="learn-day"), label="said_day")
    go = wordings.add(gr.Button("", variant="primary", elem_id="learn"), value="learn")
    told = gr.HTML(elem_id="learned")

    def learn(
        uploads: list[str] | None, text: str, named: str, of_kind: str, about: list[str], from_day: str, spoken: str
    ) -> Iterator[tuple[Any, ...]]:
        keep = (gr.skip(), gr.skip(), gr.skip())
        try:
            asked = {"kind": of_kind or None, "skus": about or (), "day": _day(from_day, spoken)}
        except ValueError as wrong:
            yield (f'<p class="notice warning">{plain(wrong)}</p>', *keep)
            return
        if not uploads and not text.strip():
            yield (f'<p class="notice warning">{plain(said("nothing_to_learn", spoken))}</p>', *keep)
            return
        done = False
        for shown, settled in _learning(folder, uploads or [], text, named, asked, spoken):
            done = settled
            yield (shown, *keep)
        if done:
            for path in uploads or []:
                Path(path).unlink(missing_ok=True)
            yield (gr.skip(), None, "", "")

    def choose(occasions: list[Any]) -> None:
        for occasion in occasions:
            occasion(choices, language, [kind, skus], api_visibility="private", show_progress="hidden")

    def connect(listed: Callable[..., None]) -> Callable[..., None]:
        done = go.click(
            learn, [files, pasted, title, kind, skus, day, language], [told, files, pasted, title],
            api_visibility="private", show_progress="hidden",
        )  # fmt: skip
        listed([done.then])
        return choose

    return connect


def _learning(
    folder: Path, uploads: list[str], text: str, title: str, asked: dict[str, Any], spoken: str
) -> Iterator[tuple[str, bool]]:
    """How far it is, and at the end what became of each and whether nothing is left to say about any.

    The work goes on when the page is left.
    """
    from knowledge import learn_pasted, learn_uploads

    steps: queue.SimpleQueue[Step] = queue.SimpleQueue()
    ended: list[tuple[str, bool]] = []

    def work() -> None:
        try:
            sources = []
            if uploads:
                named = [(Path(path).name, Path(path)) for path in uploads]
                sources += learn_uploads(folder, named, watch=steps.put, **asked).sources
            if text.strip():
                sources += learn_pasted(folder, text, title=title, watch=steps.put, **asked).sources
            settled = not any(one.status == "refused" or one.unlinked for one in sources)
            ended.append((report_html(LearnReport(sources=sources), spoken), settled))
        except (KnowledgeError, ShopError) as refused:
            ended.append((f'<p class="notice warning">{plain(refused)}</p>', False))
        except Exception:
            logging.getLogger("pacer").exception("Learning failed on the page")
            ended.append((f'<p class="notice warning">{plain(said("broken", spoken))}</p>', False))

    worker = threading.Thread(target=work, name="learn", daemon=True)
    worker.start()
    yield f'<p class="quiet">{plain(said("step_waiting", spoken))}</p>', False
    while worker.is_alive():
        worker.join(TOLD_EVERY)
        latest = None
        while not steps.empty():
            latest = steps.get()
        if latest and worker.is_alive():
            yield step_html(latest, spoken), False
    yield ended[0]


def _build_known(folder: Path, wordings: Wordings, language: gr.Radio) -> Callable[..., None]:
    import gradio as gr

    from knowledge import forget, known_sources

    with gr.Row(elem_classes="controls"):
        which = gr.Dropdown([], scale=4, elem_id="forget-which")
        wordings.add(which, label="forget_which")
        go = wordings.add(gr.Button("", variant="secondary", scale=1, min_width=110, elem_id="forget"), value="forget")
    told = gr.HTML()
    shown = gr.HTML(elem_id="known")

    def known(spoken: str) -> tuple[str, Any]:
        try:
            sources = known_sources(folder)
        except KnowledgeError as refused:
            return f'<p class="notice warning">{plain(refused)}</p>', gr.update()
        return known_html(sources, spoken), gr.update(choices=[one.source for one in sources], value=None)

    def forgotten(source: str | None, spoken: str) -> str:
        if not source:
            return ""
        try:
            gone = forget(folder, source)
        except KnowledgeError as refused:
            return f'<p class="notice warning">{plain(refused)}</p>'
        return f'<p class="notice note">{plain(said("forgotten", spoken, source=source, n=gone))}</p>'

    def listed(occasions: list[Any]) -> None:
        for occasion in occasions:
            occasion(known, language, [shown, which], api_visibility="private", show_progress="hidden")

    done = go.click(forgotten, [which, language], told, api_visibility="private")
    listed([done.then])
    return listed


def _day(written: str, spoken: str) -> date | None:
    if not written.strip():
        return None
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise ValueError(said("bad_day", spoken, day=written.strip())) from None
