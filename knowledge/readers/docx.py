"""Word documents: the words as printed, with headings and tables; deleted and hidden text is not read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.readers.document import Document, Outline, table_lines
from knowledge.readers.limits import LARGEST_UNPACKED, LARGEST_XML, MB, MOST_PARTS
from knowledge.refusals import Refusal

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _TABLE, _TEXT_BOX = f"{_W}p", f"{_W}tbl", f"{_W}txbxContent"
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_UNREAD = frozenset(
    {_FALLBACK, _TEXT_BOX, f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}rPr", f"{_W}pPr"}
)
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_DOCTYPES = tuple("<!DOCTYPE".encode(codec) for codec in ("utf-8", "utf-16-le", "utf-16-be"))
_XML = (".xml", ".rels")
_PROTECTED = b"\xd0\xcf\x11\xe0"  # the container of encrypted and of old Office files


def read_docx(path: Path) -> Document:
    """A Word document. Raises KnowledgeError when it is none, is protected, or would unpack to too much."""
    from docx import Document as open_docx
    from docx.opc.exceptions import PackageNotFoundError

    _check(path)
    try:
        opened = open_docx(str(path))
        outline, number = Outline(), 0
        names = _heading_levels(opened)
        for block in _blocks(opened.element.body):
            if block.tag == _TABLE:
                for row in table_lines([[_words(cell) for cell in row] for row in _rows(block)]):
                    number += 1
                    outline.paragraph(number, row)
                continue
            number += 1
            words, level = _words(block), names.get(_style(block))
            if level is not None and words.strip():
                outline.heading(level, " ".join(words.split()))
            else:
                outline.paragraph(number, words)
        for text in _notes(opened):
            number += 1
            outline.paragraph(number, text)
        properties = opened.core_properties
        changed = properties.modified or properties.created
        title, language = properties.title or "", properties.language or None
    except (
        PackageNotFoundError,
        KeyError,
        ValueError,
        SyntaxError,
        zipfile.BadZipFile,
        OSError,
        AttributeError,
    ) as broken:
        raise Refusal("docx_damaged", name=path.name) from broken
    day: date | None = changed.date() if changed else None
    return Document(outline.finish(), "paragraph", title.strip(), day, "document" if day else None, _tag(language))


def _check(path: Path) -> None:
    """Look at the sizes the zip states, and at its XML for entities, before anything is unpacked as a whole."""
    with path.open("rb") as file:
        head = file.read(4)
    if head == _PROTECTED:
        raise Refusal("docx_protected", name=path.name)
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise Refusal("docx_unpacks", name=path.name, most=LARGEST_UNPACKED // MB)
            if any(part.flag_bits & 1 for part in parts):
                raise Refusal("pdf_password", name=path.name)
            texts = [part for part in parts if part.filename.lower().endswith(_XML)]
            if sum(part.file_size for part in texts) > LARGEST_XML:
                raise Refusal("docx_long", name=path.name, most=LARGEST_XML // MB)
            for part in texts:
                if any(mark in packed.read(part) for mark in _DOCTYPES):
                    raise Refusal("docx_entities", name=path.name)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as broken:
        raise Refusal("docx_damaged", name=path.name) from broken


def _heading_levels(opened: Any) -> dict[str, int]:
    """Style ids that mean a heading, with their level; a title is above all. Names are English in any language of Word."""
    found: dict[str, int] = {}
    for style in opened.styles.element.iter(f"{_W}style"):
        id, name, outline = style.get(f"{_W}styleId"), style.find(f"{_W}name"), style.find(f".//{_W}outlineLvl")
        said = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        heading = _HEADING.fullmatch(said)
        if said == "title":
            found[id] = 0
        elif heading:
            found[id] = int(heading[1])
        elif outline is not None and (outline.get(f"{_W}val") or "").isdigit() and int(outline.get(f"{_W}val")) < 9:
            found[id] = int(outline.get(f"{_W}val")) + 1
    return found


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style.get(f"{_W}val") or "" if style is not None else ""


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also inside content controls and insertions; text boxes after their paragraph."""
    for child in element:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
            if child.tag == _PARAGRAPH:
                for box in child.iter(_TEXT_BOX):
                    if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
                        yield from _blocks(box)
        elif isinstance(child.tag, str) and child.tag not in _UNREAD:
            yield from _blocks(child)


def _words(element: Any) -> str:
    """The visible words of a paragraph or a table's cell; runs inserted under tracked changes count."""
    found: list[str] = []
    _gather(element, found)
    return "".join(found).strip()


def _gather(element: Any, found: list[str]) -> None:
    for child in element:
        if child.tag in _UNREAD or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}t":
            found.append(child.text or "")
        elif child.tag in _BREAKS:
            found.append(_BREAKS[child.tag])
        elif child.tag == f"{_W}r" and _hidden(child):
            continue
        else:
            _gather(child, found)
            if child.tag == _PARAGRAPH:
                found.append("\n")


def _hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and (vanish.get(f"{_W}val") or "true") not in ("0", "false", "off")


def _rows(table: Any) -> Iterator[list[Any]]:
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(_TABLE)) is table:
            yield [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]


def _notes(opened: Any) -> Iterator[str]:
    """Footnotes and endnotes, which python-docx keeps as bytes."""
    from docx.oxml.parser import parse_xml

    for relation in opened.part.rels.values():
        if relation.reltype.rsplit("/", 1)[-1] in ("footnotes", "endnotes") and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                if words := _words(note):
                    yield words


def _tag(language: str | None) -> str | None:
    from shop.readers.places import language as known

    return known(language) if language else None
