"""The tabs that show one tool each: the weekly review and the data."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pages.charts import figure
from pages.markup import plain, result_html
from pages.texts import Wordings, said
from shop.errors import ShopError
from shop.warehouse import Shop
from tools.contract import Result, ToolError

if TYPE_CHECKING:
    import gradio as gr

EARLIEST_WEEK = 52


def run_shown(open_shop: Callable[[], Shop], tool: str, arguments: Mapping[str, Any], language: str) -> tuple[str, Result | None]:  # fmt: skip
    """A tool's result as HTML; a refusal becomes one sentence, and so does a fault."""
    from tools.registry import run

    try:
        shop = open_shop()
        result = run(shop, tool, arguments)
        names = {product.sku: product.name for product in shop.vocabulary.products}
        return result_html(result, language, names), result
    except ToolError as refused:
        return f'<p class="notice warning">{plain(refused.text(language))}</p>', None
    except ShopError as refused:
        return f'<p class="notice warning">{plain(str(refused))}</p>', None
    except Exception:
        logging.getLogger("pacer").exception("%s failed on the page", tool)
        return f'<p class="notice warning">{plain(said("broken", language))}</p>', None


def build_review(open_shop: Callable[[], Shop], wordings: Wordings, language: gr.Radio) -> Callable[..., Any]:
    """The weekly review; gives back what the tab runs when it is opened, with its inputs and outputs."""
    import gradio as gr

    wordings.add(gr.Markdown(elem_classes="intro"), value="review_intro")
    with gr.Row(elem_classes="controls"):
        week = wordings.add(gr.Slider(1, EARLIEST_WEEK, 1, step=1, scale=4), label="weeks_ago")
        go = wordings.add(gr.Button("", variant="primary", scale=1, min_width=100), value="show")
    charts = [gr.Plot(show_label=False, container=False, visible=False) for _ in range(2)]
    shown = gr.HTML()

    def review(weeks_ago: float, spoken: str) -> list[Any]:
        text, result = run_shown(open_shop, "weekly_review", {"weeks_ago": int(weeks_ago)}, spoken)
        drawn = [one for chart in (result.charts if result else []) if (one := figure(chart, spoken)) is not None]
        plots = [
            gr.update(value=drawn[n], visible=True) if n < len(drawn) else gr.update(visible=False) for n in (0, 1)
        ]
        return [text, *plots]

    go.click(review, [week, language], [shown, *charts], api_visibility="private")
    return lambda tab: tab.select(review, [week, language], [shown, *charts], api_visibility="private")


def build_data(open_shop: Callable[[], Shop], wordings: Wordings, language: gr.Radio) -> Callable[..., Any]:
    """What the books hold."""
    import gradio as gr

    wordings.add(gr.Markdown(elem_classes="intro"), value="data_intro")
    shown = gr.HTML()

    def status(spoken: str) -> str:
        return run_shown(open_shop, "shop_status", {}, spoken)[0]

    return lambda tab: tab.select(status, language, shown, api_visibility="private")
