"""Which encoding a text file is in, decided from all of its bytes before a row is read."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from shop.errors import ShopError

CHUNK = 1 << 20
LONGEST_LINE = 64 << 20
SAMPLE = 200_000
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Encoding:
    """A codec and how it treats bytes it cannot read; `warning` says what may be lost."""

    codec: str
    errors: str = "strict"
    warning: str | None = None


def detect(path: Path) -> Encoding:
    """BOM, else strict UTF-8, else Japanese or Chinese where plausible, else Western (cp1252).

    Raises ShopError when the file is missing, a folder, empty, binary, or has no line breaks for 64 MB.
    """
    head = _head(path)
    for bom, codec in BOMS:
        if head.startswith(bom):
            if len(head) <= len(bom):
                raise ShopError(f"{path.name} is empty.")
            return _replacing(path, codec)
    if b"\0" in head:
        raise ShopError(f"{path.name} is not a text file: give a CSV file (in a spreadsheet: Save as, CSV UTF-8).")
    if _decodes(path, "utf-8"):
        return Encoding("utf-8")
    sample = _non_ascii_lines(path)
    if _mostly_utf8(sample):
        return Encoding("utf-8", "replace", _lost(path, "utf-8"))
    if _looks_japanese(sample) and _decodes(path, "cp932"):
        return Encoding("cp932", warning="Read as Japanese (cp932) because it is not UTF-8.")
    if _looks_chinese(sample) and _decodes(path, "gb18030"):
        return Encoding("gb18030", warning="Read as Chinese (GB18030) because it is not UTF-8.")
    warning = "Read as Western European (cp1252) because it is not UTF-8."
    lost = _lost(path, "cp1252")
    return Encoding("cp1252", "replace", f"{warning} {lost}" if lost else warning)


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise ShopError(f"{path} is a folder: name the files in it.")
    try:
        with path.open("rb") as file:
            head = file.read(64 << 10)
    except FileNotFoundError:
        raise ShopError(f"There is no file {path}.") from None
    except OSError as refused:
        raise ShopError(f"{path} cannot be read: {refused.strerror or 'not a readable file'}.") from None
    if not head.strip():
        raise ShopError(f"{path.name} is empty.")
    return head


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    unbroken = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
                last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
                unbroken = unbroken + len(chunk) if last < 0 else len(chunk) - last
                if unbroken > LONGEST_LINE:
                    raise ShopError(f"{path.name} has a line of more than 64 MB: it is not a table.")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _replacing(path: Path, codec: str) -> Encoding:
    if _decodes(path, codec):
        return Encoding(codec)
    return Encoding(codec, "replace", _lost(path, codec))


def _lost(path: Path, codec: str) -> str | None:
    """How many characters a decoding with replacement loses, as a warning."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    lost = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            lost += decoder.decode(chunk).count("\ufffd")
    lost += decoder.decode(b"", final=True).count("\ufffd")
    return f"{lost:,} characters could not be read as {codec} and were replaced." if lost else None


def _non_ascii_lines(path: Path) -> bytes:
    found = bytearray()
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                found += line[:SAMPLE]
                if len(found) > SAMPLE:
                    break
    return bytes(found)


def _mostly_utf8(sample: bytes) -> bool:
    """Many good multi-byte characters and few broken ones: UTF-8 that was damaged or cut."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - broken
    return good > broken


def _looks_japanese(sample: bytes) -> bool:
    """Kana, and kanji whose second byte is no ASCII, make up most of what is not ASCII."""
    text = sample.decode("cp932", "replace")
    others = [character for character in text if character > "\x7f"]
    kana = sum("\u3041" <= character <= "\u30fe" for character in others)
    kanji = sum("\u4e00" <= character <= "\u9fff" and _second_byte(character, "cp932") > 0x7F for character in others)
    half_width = sum("\uff61" <= character <= "\uff9f" for character in others)
    return bool(others) and 2 * (kana + kanji) >= len(others) and 3 * half_width <= len(others)


def _looks_chinese(sample: bytes) -> bool:
    """The common hanzi (GB 2312 level 1) make up most of what is not ASCII."""
    text = sample.decode("gb18030", "replace")
    others = [character for character in text if character > "\x7f"]
    common = sum(
        "\u4e00" <= character <= "\u9fff" and 0xB0 <= character.encode("gb18030")[0] <= 0xD7 for character in others
    )
    return bool(others) and 10 * common >= 6 * len(others)


def _second_byte(character: str, codec: str) -> int:
    encoded = character.encode(codec, "ignore")
    return encoded[1] if len(encoded) > 1 else 0
