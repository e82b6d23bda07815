"""The catalogue is whole in both languages, and values come out in each language's own form."""

from __future__ import annotations

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import contract
from tools.contract import Value, finding
from tools.messages import MessageError, harmless, placeholders, render, severity_word, shown, wordings

TOOLS_FOLDER = Path(__file__).resolve().parent.parent / "tools"
MINE = ("shop_status.", "check_fulfillment.", "weekly_review.", "propose_change.", "errors.")


def calls() -> list[tuple[str, ast.Call]]:
    """Every call of `finding` in tools/, with the file it is in."""
    found = []
    for path in sorted(TOOLS_FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "finding":
                found.append((path.name, node))
    return found


def texts() -> tuple[set[str], list[re.Pattern[str]]]:
    """String constants and f-strings in tools/ that look like message keys."""
    exact: set[str] = set()
    patterns = []
    for path in sorted(TOOLS_FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(MINE):
                exact.add(node.value)
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z_]*" for p in node.values]
                if "".join(parts).startswith(tuple(re.escape(name) for name in MINE)):
                    patterns.append(re.compile("".join(parts)))
    return exact, patterns


@pytest.mark.parametrize("key", sorted(wordings()))
def test_both_languages_say_the_same(key: str) -> None:
    wording = wordings()[key]
    assert wording["en"]
    assert wording["zh"]
    assert placeholders(wording["en"]) == placeholders(wording["zh"])
    filled = finding(key, **{name: contract.units(3) for name in placeholders(wording["en"])})
    for language in ("en", "zh"):
        text = render(filled, language)
        assert "{" not in text
        assert "}" not in text
    if key != "severity.act" and len(wording["zh"]) > 6:
        assert re.search(r"[\u4e00-\u9fff]", wording["zh"])


@pytest.mark.parametrize("key", sorted(wordings()))
def test_digits_come_from_values_so_that_they_can_be_proven(key: str) -> None:
    for language, wording in wordings()[key].items():
        own_words = re.sub(r"\{[^}]*\}", "", wording)
        assert not re.search(r"\d", own_words), f"{key} in {language} holds a digit of its own: {own_words}"


def test_every_key_used_in_the_tools_is_worded() -> None:
    known = wordings()
    for file, call in calls():
        key = call.args[0]
        if isinstance(key, ast.Constant):
            assert key.value in known, f"{file}: {key.value}"
            if all(word.arg for word in call.keywords):
                needed = placeholders(known[str(key.value)]["en"])
                given_names = {str(word.arg) for word in call.keywords}
                if str(key.value).startswith("propose_change.filed"):
                    needed = needed - {"proposal"}  # added when the proposal is filed
                assert needed <= given_names, f"{file}: {key.value} needs {needed - given_names}"
    exact, patterns = texts()
    for text in exact:
        assert any(key.startswith(text) for key in known), text
    for pattern in patterns:
        assert any(pattern.match(key) for key in known), pattern.pattern


def test_every_wording_is_used() -> None:
    exact, patterns = texts()
    for key in (key for key in wordings() if key.startswith(MINE)):
        used = key in exact or any(pattern.match(key) for pattern in patterns)
        used = used or any(key.startswith(text) and text.count(".") == 1 and text[-1] != "." for text in exact)
        assert used, key


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (contract.units(1234), "1,234 units", "1,234 件"),
        (contract.units(1), "1 unit", "1 件"),
        (contract.count(1234), "1,234", "1,234"),
        (contract.money(Decimal("1234.5"), "USD"), "$1,234.50", "US$1,234.50"),
        (contract.money(Decimal("1234"), "JPY"), "¥1,234", "JP¥1,234"),
        (contract.money(Decimal("9.9"), "CNY"), "CN¥9.90", "¥9.90"),
        (contract.money(Decimal("9.9"), "CHF"), "CHF\xa09.90", "CHF\xa09.90"),
        (contract.percent(12.5), "12.5%", "12.5%"),
        (contract.ratio(1.4), "1.4×", "1.4×"),
        (contract.days(12), "12 days", "12 天"),
        (contract.days(1), "1 day", "1 天"),
        (contract.weeks(3), "3 weeks", "3 周"),
        (contract.on(date(2026, 11, 27)), "Nov 27, 2026", "2026年11月27日"),
        (contract.country("DE"), "Germany", "德国"),
        (contract.language("ja") if hasattr(contract, "language") else Value(kind="language", value="ja"), "Japanese", "日语"),
        (contract.channel("alibaba"), "Alibaba.com", "阿里国际站"),
        (contract.channel("shop"), "online shop", "网店"),
        (contract.channel("rakuten"), "rakuten", "rakuten"),
        (contract.sku("CAP-UV"), "CAP-UV", "CAP-UV"),
        (contract.several([contract.sku("A"), contract.sku("B"), contract.sku("C")]), "A, B, and C", "A、B和C"),
    ],
)  # fmt: skip
def test_values_in_both_languages(value: Value, english: str, chinese: str) -> None:
    assert shown(value, "en") == english
    assert shown(value, "zh") == chinese


def test_a_sku_is_shown_with_its_name_where_names_are_given() -> None:
    told = finding(
        "shop_status.low", sku=contract.sku("BOT-750"), warehouse=contract.warehouse("US-LAX"),
        units=contract.units(1), cover=contract.days(1),
    )  # fmt: skip
    names = {"BOT-750": "Insulated Steel Bottle 750 ml"}
    assert render(told, "en", names).startswith("BOT-750 Insulated Steel Bottle 750 ml is low in US-LAX: 1 unit left")
    assert render(told, "zh-Hans") == render(told, "zh")
    assert render(told, "de") == render(told, "en")


def test_unknown_keys_and_missing_values_are_clear_errors() -> None:
    with pytest.raises(MessageError, match=r"no wording for nothing\.here"):
        render(finding("nothing.here"), "en")
    with pytest.raises(MessageError, match="needs the value sku"):
        render(finding("shop_status.out", warehouse=contract.warehouse("X")), "en")
    with pytest.raises(MessageError, match="there are act, watch, good, info"):
        severity_word("bad", "en")
    assert (severity_word("act", "en"), severity_word("act", "zh")) == ("Act now", "需要处理")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("see [here](https://evil.example/x) now", "see (here)((link) now"),
        ("<img src=x onerror=alert(1)>", "‹img src=x onerror=alert(1)›"),
        ("a\u202eb\u200bc\x00d", "abcd"),
        ("line\n# head\t**bold**", "line ＃ head ∗∗bold∗∗"),
        ("mail me: a@b.co or www.evil.example", "mail me: (link) or (link)"),
        ("say “yes” `now`", "say 'yes' 'now'"),
        ("$$x$$", "＄＄x＄＄"),
    ],
)
def test_strangers_text_is_harmless(said: str, told: str) -> None:
    assert harmless(said) == told
    assert shown(contract.quote(said), "en") == f"“{told}”"


@given(st.text(max_size=900))
def test_no_stranger_writes_markup(text: str) -> None:
    told = harmless(text)
    assert len(told) <= 300
    assert not re.search(r"[<>\[\]`*_#|~\\$\"“”\x00-\x1f\u200b-\u200f\u202a-\u202e]|://", told)


def test_long_quotes_are_shortened() -> None:
    assert len(harmless("word " * 200)) <= 300
    assert harmless("word " * 200).endswith("…")
