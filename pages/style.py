"""The page's look: a theme with the system's own fonts, and one stylesheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

STYLESHEET = Path(__file__).resolve().with_name("style.css")
SANS = ("system-ui", "-apple-system", "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def theme() -> Any:
    """Teal on warm grey, soft corners, no web fonts."""
    import gradio as gr

    calm = gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        secondary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        radius_size=gr.themes.sizes.radius_lg,
        font=SANS,
        font_mono=MONO,
    )
    return calm.set(
        body_background_fill="#f7f8f8",
        body_background_fill_dark="#12171a",
        background_fill_primary_dark="#1a2124",
        background_fill_secondary="#f1f3f3",
        background_fill_secondary_dark="#20282b",
        border_color_primary="#e2e6e6",
        border_color_primary_dark="#2d383b",
        block_border_width="0px",
        block_shadow="none",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        input_background_fill="#ffffff",
        input_background_fill_dark="#1a2124",
        input_border_width="1px",
        button_primary_background_fill="#1f6f6a",
        button_primary_background_fill_hover="#185a56",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#20282b",
        button_secondary_background_fill_hover="#eef3f2",
        button_secondary_border_color="#d8dede",
        button_border_width="1px",
        color_accent="#1f6f6a",
        color_accent_soft="#e3f0ee",
        color_accent_soft_dark="#1d3a38",
    )
