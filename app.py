"""The page: a chat over the shop's books, an inbox for decisions, the week, the data, the brand's knowledge."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pages.markup import day_text, plain
from pages.start import import_gradio
from pages.texts import Wordings, said

if TYPE_CHECKING:
    import gradio as gr

    from agent.copilot import Copilot

HOST = "127.0.0.1"
AT_ONCE = 8
UPLOADS_KEPT = (3600, 86400)  # seconds: looked at so often, removed when so old
LARGEST_UPLOAD = "220mb"  # a little above what can be learned, so that a larger file is refused in words
BROWSER_LANGUAGE = "(thread, chosen) => [thread, chosen || (navigator.language.startsWith('zh') ? 'zh' : 'en')]"
LANGUAGES = [("English", "en"), ("中文", "zh")]


def serve(folder: Path, port: int = 7860, open_browser: bool = True) -> None:
    """Open the page on 127.0.0.1 and stay until interrupted.

    Raises ShopError when the folder holds no shop or the port is taken.
    """
    _port_free(port)
    from agent.copilot import Copilot

    copilot = Copilot(folder, say=_say)
    page = build_page(copilot)
    launch(page, port)
    copilot.start_loading()
    address = f"http://{HOST}:{port}"
    _say(f"Pacer is at {address} (stop it with Ctrl+C).")
    threading.Thread(target=copilot.warm, name="warm", daemon=True).start()
    if open_browser:
        import webbrowser

        webbrowser.open(address)
    page.block_thread()


def launch(page: gr.Blocks, port: int) -> None:
    """Serve the page on 127.0.0.1 and come back as soon as it answers."""
    from pages.style import STYLESHEET, theme

    page.queue(default_concurrency_limit=AT_ONCE)
    page.launch(
        server_name=HOST,
        server_port=port,
        share=False,
        prevent_thread_lock=True,
        quiet=True,
        show_error=False,
        ssr_mode=False,
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
        mcp_server=False,
        max_file_size=LARGEST_UPLOAD,
        theme=theme(),
        css=STYLESHEET.read_text(encoding="utf-8"),
    )


def build_page(copilot: Copilot) -> gr.Blocks:
    """The page over a copilot and its shop."""
    import_gradio()
    import gradio as gr

    from pages.books import build_data, build_review
    from pages.chat import Chat, chips, fresh_thread
    from pages.inbox import build_inbox
    from pages.knowledge import build_knowledge
    from pages.proposals import decisions_made

    wordings = Wordings()
    with gr.Blocks(
        title=f"{copilot.shop().name} · Pacer", analytics_enabled=False, fill_width=True, delete_cache=UPLOADS_KEPT
    ) as page:
        spoken = gr.BrowserState("", storage_key="pacer-language", secret="pacer")
        revision = gr.State(-1)
        with gr.Row(elem_id="top"):
            header = gr.HTML(elem_id="header")
            language = gr.Radio(LANGUAGES, value="en", show_label=False, container=False, elem_id="language", scale=0)
        with gr.Tabs():
            with wordings.add(gr.Tab("Chat", id="chat"), label="tab_chat"):
                chat = Chat(copilot, wordings, language, revision)
            with wordings.add(gr.Tab("Inbox", id="inbox"), label="tab_inbox") as inbox_tab:
                build_inbox(copilot.folder, language, revision)
            with wordings.add(gr.Tab("Weekly review", id="review"), label="tab_review") as review_tab:
                build_review(copilot.shop, wordings, language)(review_tab)
            with wordings.add(gr.Tab("Data", id="data"), label="tab_data") as data_tab:
                build_data(copilot.shop, wordings, language)(data_tab)
            with wordings.add(gr.Tab("Knowledge", id="knowledge"), label="tab_knowledge") as knowledge_tab:
                build_knowledge(copilot.shop, copilot.folder, wordings, language)(knowledge_tab)
        watch = gr.Timer(1.5)

        worded = [header, chat.messages, *chat.chips, *wordings.components]

        def texts(chosen: str) -> list[Any]:
            asked = chips(copilot.shop().vocabulary, chosen)
            buttons = [
                gr.update(value=asked[n], visible=True) if n < len(asked) else gr.update(visible=False)
                for n in range(len(chat.chips))
            ]
            welcome = gr.update(placeholder=_welcome(copilot, chosen))
            return [header_html(copilot, chosen), welcome, *buttons, *wordings.updates(chosen)]

        def opened(thread: str, chosen: str) -> tuple[Any, ...]:
            thread = thread or fresh_thread()
            return thread, chosen, chosen, decisions_made(copilot.folder), *texts(chosen)

        def conversation(thread: str, chosen: str) -> Iterator[tuple[Any, ...]]:
            for messages in chat.opened(thread):
                yield messages, gr.update(visible=not messages), chat.seen(thread, chosen)

        page.load(
            opened, [chat.thread, spoken], [chat.thread, spoken, language, revision, *worded],
            api_visibility="private", show_progress="hidden", js=BROWSER_LANGUAGE,
        ).then(
            conversation, [chat.thread, language], [chat.messages, chat.chip_row, chat.view],
            api_visibility="private", show_progress="hidden", concurrency_limit=None,
        )  # fmt: skip
        language.input(
            lambda thread, chosen: (chosen, chat.seen(thread, chosen), *texts(chosen)),
            [chat.thread, language], [spoken, chat.view, *worded],
            api_visibility="private", show_progress="hidden",
        )  # fmt: skip
        inbox_tab.select(
            lambda: decisions_made(copilot.folder), None, revision, api_visibility="private", show_progress="hidden"
        )
        watch.tick(
            lambda chosen: (header_html(copilot, chosen), gr.Timer(active=copilot.source.loading)),
            language, [header, watch], api_visibility="private", show_progress="hidden",
        )  # fmt: skip
    return page  # type: ignore[no-any-return]


def header_html(copilot: Copilot, language: str) -> str:
    """The shop's name, the day its books end, and what the model is doing."""
    shop = copilot.shop()
    without = copilot.source.failure or copilot.source.name == "none"
    state = "failed" if without else "loading" if copilot.source.loading else "ready"
    day = said("as_of", language, day=day_text(shop.as_of, language))
    return (
        f'<div class="shop"><h1>{plain(shop.name)}</h1><span class="mark">{plain(said("title", language))}</span></div>'
        f'<div class="facts"><span>{plain(day)}</span><span title="{plain(copilot.source.name)}">'
        f'<i class="dot {state}"></i>{plain(said(f"model_{state}", language))}</span></div>'
    )


def _welcome(copilot: Copilot, language: str) -> str:
    title = plain(said("welcome", language, shop=copilot.shop().name))
    return f'<div class="welcome"><h2>{title}</h2><p>{plain(said("welcome_more", language))}</p></div>'


def _port_free(port: int) -> None:
    from shop.errors import ShopError

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as taken:
            raise ShopError(
                f"Port {port} on {HOST} is taken by another program: set PACER_PORT to a free port, such as {port + 1}."
            ) from taken


def _say(line: str) -> None:
    print(line, flush=True)
