"""HTML pages: what a visitor sees, with headings and source lines; never scripts, styles or hidden text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.readers.document import Document, Outline, table_lines
from knowledge.readers.text import decoded
from knowledge.refusals import Refusal

UNSEEN = frozenset(
    ("script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas", "audio", "video",
     "select", "datalist", "textarea", "button", "nav", "head", "noframes", "map", "applet", "frameset")
)  # fmt: skip
BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
     "figcaption", "figure", "footer", "form", "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre",
     "section", "summary", "tbody", "td", "th", "tr", "ul")
)  # fmt: skip
DEEPEST = 2000  # nesting that libxml2 reads; recursion is not used
_HEADING = re.compile(r"h[1-6]")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0+(?![.\d])|"
    r"font-size\s*:\s*0*\.?0+(?:px|em|rem|pt|%)?\s*(?:!|;|$)|text-indent\s*:\s*-\d{3,}|"
    r"(?:left|top|right|bottom)\s*:\s*-\d{4,}|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%|"
    r"(?<![-\w])color\s*:\s*transparent|(?<![-\w])(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:!|;|$)",
    re.IGNORECASE,
)
_COLOR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DATES = ("article:modified_time", "og:updated_time", "last-modified", "article:published_time", "date", "dcterms.modified",
          "dc.date", "datepublished", "datemodified")  # fmt: skip


def read_html(path: Path) -> Document:
    """A saved web page. Raises KnowledgeError when it is no HTML or has no visible text."""
    from lxml import etree

    words, notes = _characters(path)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(words.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise Refusal("html_none", name=path.name) from broken
    if root is None:
        raise Refusal("html_none", name=path.name)
    if any(error.type_name == "ERR_INTERNAL_ERROR" or "depth" in error.message.lower() for error in parser.error_log):
        raise Refusal("html_deep", name=path.name)
    title, stated_date = _title(root), _date(root)
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    hidden = _remove_hidden(root)
    if hidden:
        notes = (*notes, f"Text that the page hides from its readers was left out ({hidden} places).")
    return Document(
        _parts(root), title=title, date=stated_date, dated_by="document" if stated_date else None,
        language=_language(language), notes=notes,
    )  # fmt: skip


def _characters(path: Path) -> tuple[str, tuple[str, ...]]:
    """By the page's own charset when its bytes fit it, else as any text file."""
    content = path.read_bytes()
    said = _CHARSET.search(content[:4096])
    if said and b"\0" not in content:
        try:
            return content.decode(said[1].decode("ascii")), ()
        except (LookupError, UnicodeDecodeError):
            pass
    return decoded(path)


def _remove_hidden(root: Any) -> int:
    """Take out what no visitor sees; how many of those places held words."""
    white = _white_page(root)
    hidden = [e for e in root.iter() if isinstance(e.tag, str) and e.tag not in UNSEEN and _hides_itself(e, white)]
    for selector in _hiding_selectors(root):
        hidden += selector(root)
    counted = sum(1 for e in hidden if e.getparent() is not None and "".join(e.itertext()).strip())
    for element in [*hidden, *(e for e in root.iter() if e.tag in UNSEEN)]:
        parent = element.getparent()
        if parent is None:
            continue
        _keep_tail(element, parent)
        parent.remove(element)
    return counted


def _keep_tail(element: Any, parent: Any) -> None:
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = f"{before.tail or ''}{element.tail}"
        else:
            parent.text = f"{parent.text or ''}{element.tail}"


def _hides_itself(element: Any, white_page: bool) -> bool:
    if element.tag in ("body", "html"):
        return False
    if element.get("hidden") is not None or (element.tag == "dialog" and element.get("open") is None):
        return True
    return hides(element.get("style") or "", white_page)


def hides(declarations: str, white_page: bool = False) -> bool:
    """Whether CSS declarations make text unreadable: not displayed, off the page, or in its background's color."""
    if not declarations:
        return False
    if _HIDING.search(declarations):
        return True
    color, background = _COLOR.search(declarations), _BACKGROUND.search(declarations)
    if color is None:
        return False
    behind = _plain(background[1]) if background else "white" if white_page else None
    return behind is not None and _color(_plain(color[1])) == _color(behind)


def _white_page(root: Any) -> bool:
    """Whether nothing on the page gives it another background than the browser's white, as far as the page tells."""
    return not any(
        (element.tag == "link" and "stylesheet" in (element.get("rel") or "").lower())
        or (element.tag == "style" and "background" in "".join(element.itertext()).lower())
        or element.get("bgcolor") is not None
        or "background" in (element.get("style") or "").lower()
        for element in root.iter()
        if isinstance(element.tag, str)
    )


def _color(written: str) -> str:
    return "white" if written in {"white", "#fff", "#ffffff", "rgb(255,255,255)"} else written


def _plain(color: str) -> str:
    return re.sub(r"\s+", "", color).lower()


def _hiding_selectors(root: Any) -> Iterator[Any]:
    """The page's own style rules that hide elements."""
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    for style in root.iter("style"):
        for rule in _RULE.finditer(_CSS_COMMENT.sub("", "".join(style.itertext()))):
            if not _HIDING.search(rule[2]) or ":" in rule[1]:  # :hover and the like show it again
                continue
            for selector in rule[1].split(","):
                try:
                    yield CSSSelector(selector.strip(), translator="html")
                except (SelectorError, ValueError):
                    continue


def _title(root: Any) -> str:
    for element in root.iter("title"):
        return " ".join("".join(element.itertext()).split())
    return ""


def _date(root: Any) -> date | None:
    stated: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (
            meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        ).lower()
        stated.setdefault(name, meta.get("content") or "")
    found = [stated[name] for name in _DATES if name in stated]
    for script in root.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            found += _linked_dates("".join(script.itertext()))
    return next((day for day in map(_day, found) if day), None)


def _linked_dates(text: str) -> list[str]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return []
    things = data if isinstance(data, list) else [data]
    return [
        thing[name]
        for name in ("dateModified", "datePublished")
        for thing in things
        if isinstance(thing, dict) and isinstance(thing.get(name), str)
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def _language(tag: str | None) -> str | None:
    from shop.readers.places import language

    return language(tag.strip()) if tag else None


def _parts(root: Any) -> tuple[Any, ...]:
    """The visible text in reading order, without recursion: pages may be nested a thousand deep."""
    from lxml import etree

    outline, written = Outline(), _Written()
    inside_table = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if not isinstance(tag, str):
            continue
        if event == "start":
            if tag == "table" and not _nested(element):
                written.flush(outline)
                for line in table_lines(_rows(element)):
                    outline.paragraph(element.sourceline or 0, line)
            inside_table += tag == "table"
            if not inside_table:
                if tag in BLOCKS or _HEADING.fullmatch(tag):
                    written.flush(outline)
                if tag == "br":
                    written.add("\n", element.sourceline)
                written.add(element.text, element.sourceline)
            continue
        if not inside_table:
            if _HEADING.fullmatch(tag):
                outline.heading(int(tag[1]), written.take()[1])
            elif tag in BLOCKS:
                written.flush(outline)
        inside_table -= tag == "table"
        if not inside_table:
            written.add(element.tail, element.sourceline)
    written.flush(outline)
    return outline.finish()


class _Written:
    """The paragraph being read: its first line in the file and its words."""

    def __init__(self) -> None:
        self._line, self._words = 0, [""]

    def add(self, text: str | None, line: int | None) -> None:
        if text:
            if not self._line and text.strip():
                self._line = line or 0
            self._words.append(text if text == "\n" else re.sub(r"\s+", " ", text))

    def take(self) -> tuple[int, str]:
        line, words = self._line, "".join(self._words)
        self._line, self._words = 0, [""]
        return line, re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", words)).strip()

    def flush(self, outline: Outline) -> None:
        line, words = self.take()
        outline.paragraph(line, words)


def _nested(table: Any) -> bool:
    return any(ancestor.tag == "table" for ancestor in table.iterancestors())


def _rows(table: Any) -> list[list[str]]:
    return [
        ["".join(cell.itertext()) for cell in row if cell.tag in ("td", "th")]
        for row in table.iter("tr")
        if next(row.iterancestors("table"), None) is table
    ]
