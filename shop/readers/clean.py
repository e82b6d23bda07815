"""Text as it may enter the books: no control or invisible characters, no spreadsheet guards."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
FORMULA_TEXT = re.compile(r'^="(.*)"$', re.DOTALL)
LOST_DIGITS = re.compile(r"\d[.,]\d+E\+\d+")


def clean(text: str, breaks: bool = False, code: bool = False) -> str | None:
    """The text without what nobody can see; None when nothing is left.

    `breaks` keeps line breaks (long texts); `code` is for SKUs and ids, which have neither tabs nor a leading '.
    """
    text = CONTROL.sub("", BREAKS.sub("\n", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    if not breaks:
        text = text.replace("\n", " ")
    text = text.replace("\t", "" if code else " ").strip()
    quoted = FORMULA_TEXT.match(text)
    if quoted:
        text = quoted[1].replace('""', '"').strip()
    if text.startswith("'") and (code or text[1:2].isdigit() or text[1:2] in ("=", "+", "-", "@")):
        text = text[1:].strip()
    return text or None
