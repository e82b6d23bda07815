"""The page in a real browser over a scripted copilot: what is seen, what is kept, what is written."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shop import journal
from tests.scripted_copilot import Plan, ScriptedCopilot
from tools.contract import Column as TableColumn
from tools.contract import DataUsed, Result, Table, finding, quote

pytestmark = pytest.mark.slow

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
ABORTED = re.compile(
    r"^AbortError|Connection errored out|network error|ERR_ABORTED|Failed to fetch"
)  # a reload cuts a stream
FORECAST: Plan = [("forecast_demand", {"skus": ["BOT-750"], "countries": ["DE"], "channels": [], "horizon_days": 30})]
EVIL = (
    "<img src=x onerror=alert(1)> [x](http://evil.example/a) ![](http://evil.example/b.png) "
    "https://evil.example/c www.evil.example me@evil.example <script>alert(2)</script> "
    "<a href='http://evil.example/d'>d</a> <iframe src='http://evil.example/e'></iframe> ```mermaid\ngraph``` $$x$$"
)


def price(country: str, percent: int) -> Plan:
    payload = {"sku": "BOT-750", "country": country, "channel": "shopify", "change_pct": percent}
    return [("propose_change", {"kind": "price", "payload": payload})]


PLANS: dict[str, Plan] = {
    "How many": FORECAST,
    "卖多少": FORECAST,
    "by 5%": price("DE", 5),
    "by 6%": price("FR", 6),
    "by 7%": price("US", 7),
    "by 8%": price("GB", 8),
    "last week": [("weekly_review", {"weeks_ago": 1})],
    "evil": [("shop_status", {})],
}


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from shop.demo import build

    folder = tmp_path_factory.mktemp("page") / "shop"
    build(folder)
    return folder


@pytest.fixture(scope="session")
def copilot(books: Path) -> ScriptedCopilot:
    scripted = ScriptedCopilot(books, PLANS, {"evil": f"A customer wrote: {EVIL}"})
    scripted.results = lambda tool, result: _evil(result) if tool == "shop_status" else result
    return scripted


def _evil(result: Result) -> Result:
    found = finding("search_knowledge.nothing", "watch", query=quote(EVIL)).model_copy(update={"id": "x.1"})
    kinds = ("quote", "words", "code", "sku")
    columns = [TableColumn(name=f"column {EVIL}", kind=kind) for kind in kinds]
    table = Table(title=EVIL, columns=columns, rows=[[EVIL] * len(kinds)])
    return Result(
        tool="shop_status", findings=[found], warnings=[found], assumptions=[found], tables=[table],
        data_used=DataUsed(as_of=date(2026, 11, 15), version=1, tables={EVIL: 1}, reference=[EVIL]),
    )  # fmt: skip


@pytest.fixture(scope="session")
def address(copilot: ScriptedCopilot) -> Iterator[str]:
    from app import build_page, launch

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = build_page(copilot)  # type: ignore[arg-type]
    launch(page, port)
    yield f"http://127.0.0.1:{port}"
    page.close(verbose=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if BROWSER is None:
        pytest.skip("no chromium, chromium-browser or google-chrome on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    """A fresh profile in English; the test fails on a console error or a request that leaves this machine."""
    yield from _visit(browser, address, "en-US", {"width": 1200, "height": 860})


CONTEXTS: dict[str, Any] = {}  # one profile a language: the page's files are read once


def _visit(browser: Any, address: str, locale: str, viewport: dict[str, int]) -> Iterator[Any]:
    if locale not in CONTEXTS:
        CONTEXTS[locale] = browser.new_context(locale=locale)
    context = CONTEXTS[locale]
    visited = context.new_page()
    visited.set_viewport_size(viewport)
    visited.set_default_timeout(20_000)
    errors: list[str] = []
    outside: list[str] = []
    visited.on(
        "console",
        lambda said: errors.append(said.text) if said.type == "error" and not ABORTED.search(said.text) else None,
    )
    visited.on("pageerror", lambda error: errors.append(str(error)))
    visited.on("dialog", lambda dialog: (errors.append(f"dialog {dialog.message}"), dialog.dismiss()))
    local = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:|about:")
    visited.on("request", lambda request: None if local.match(request.url) else outside.append(request.url))
    visited.goto(address)
    visited.wait_for_selector(".welcome h2")
    yield visited
    visited.evaluate("localStorage.clear()")
    visited.close()
    assert errors == []
    assert outside == []


def ask(page: Any, question: str) -> None:
    before = page.locator(".foundation").count()
    page.fill("#ask textarea", question)
    page.press("#ask textarea", "Enter")
    page.locator(".foundation").nth(before).wait_for()


def open_tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def decided(folder: Path, status: str) -> dict[str, int]:
    """Entries of a status by proposal."""
    counts: dict[str, int] = {}
    for entry in journal.entries(folder):
        if entry.action == status:
            counts[entry.proposal] = counts.get(entry.proposal, 0) + 1
    return counts


def test_question_shows_step_answer_chart_and_what_it_stands_on(page: Any) -> None:
    ask(page, "How many bottles will Germany buy?")
    log = page.locator("#conversation")
    assert "How many bottles will Germany buy?" in log.locator(".user").first.inner_text()
    step = log.locator(".thought-group").inner_text()
    assert "Forecast demand — BOT-750 · DE" in step
    assert re.search(r"\d(\.\d)?\s?s", step)
    assert "BOT-750 Insulated Steel Bottle 750 ml" in log.locator(".answer").inner_text()
    page.wait_for_selector("#conversation .js-plotly-plot .scatterlayer .trace")
    page.get_by_text("Assumptions and data used").click()
    assert "as of 2026-11-15" in log.locator(".foundation").inner_text()
    page.get_by_text("Tables", exact=True).click()
    assert log.locator(".sheet").first.locator("tbody tr").count() == 1
    assert "6 of 6 numbers proven · scripted · 0.9 s" in log.inner_text()
    assert page.locator("#chips").is_hidden()


def test_step_is_seen_while_it_runs_and_a_reload_meanwhile_loses_nothing(page: Any, copilot: ScriptedCopilot) -> None:
    copilot.hold.clear()
    try:
        page.fill("#ask textarea", "How many soon?")
        page.press("#ask textarea", "Enter")
        page.get_by_text("Forecast demand — BOT-750").wait_for()
        assert page.locator(".answer").count() == 0
        page.reload()
        page.get_by_text("Forecast demand — BOT-750").wait_for()
    finally:
        copilot.hold.set()
    page.wait_for_selector(".foundation")
    assert page.locator("#conversation .user-row").count() == 1
    assert [question for question, _, _ in copilot.asked].count("How many soon?") == 1


def test_conversation_and_language_are_kept_on_reload_and_a_new_one_is_empty(page: Any) -> None:
    ask(page, "How many for the reload?")
    page.locator("#language label", has_text="中文").click()
    page.get_by_role("tab", name="每周复盘").wait_for()
    page.reload()
    page.get_by_role("tab", name="每周复盘").wait_for()
    page.wait_for_selector(".foundation")
    assert "How many for the reload?" in page.locator("#conversation").inner_text()
    page.wait_for_selector("#conversation .js-plotly-plot .scatterlayer .trace")
    page.click("#new")
    page.wait_for_selector(".welcome h2")
    page.reload()
    page.wait_for_selector(".welcome h2")
    assert page.locator(".foundation").count() == 0


def test_chinese_page_asks_and_answers_in_chinese(browser: Any, address: str, copilot: ScriptedCopilot) -> None:
    visits = _visit(browser, address, "zh-CN", {"width": 390, "height": 844})
    page = next(visits)
    assert page.locator(".welcome h2").inner_text() == "想了解 Northlane 的什么？"
    page.locator("#chips button", has_text="卖多少").click()
    page.wait_for_selector(".foundation")
    assert re.search(r"[一-鿿]", page.locator(".answer").inner_text())
    assert "6 个数字中 6 个已核对" in page.locator("#conversation").inner_text()
    assert copilot.asked[-1][2] == "zh"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    next(visits, None)


def test_language_switch_changes_the_texts_and_the_language_passed_on(page: Any, copilot: ScriptedCopilot) -> None:
    page.locator("#language label", has_text="中文").click()
    page.get_by_role("tab", name="品牌资料").wait_for()
    assert page.locator("#send").inner_text() == "发送"
    assert page.locator("#ask textarea").get_attribute("placeholder", timeout=5000).startswith("问问")
    ask(page, "BOT-750?")
    assert copilot.asked[-1][2] == "zh"
    page.locator("#language label", has_text="English").click()
    page.get_by_role("tab", name="Knowledge").wait_for()
    page.get_by_text("numbers proven").wait_for()


def test_approving_twice_writes_once_and_is_shown_everywhere(page: Any, books: Path) -> None:
    ask(page, "Raise it by 5%")
    page.locator(".approve").wait_for()
    page.locator(".approve").dblclick()
    page.locator(".card.decided").wait_for()
    proposal = next(p for p in journal.proposals(books) if p.payload["country"] == "DE")
    assert decided(books, "approved")[proposal.id] == 1
    written = sorted(path.name for path in (books / "changes").iterdir() if path.name.startswith(proposal.id))
    assert len(written) == len(set(written)) == 1
    assert written[0] in page.locator(".card.decided").inner_text()
    page.reload()
    page.locator("#conversation .badge.approved", has_text=proposal.id).wait_for()
    assert page.locator(".approve:visible").count() == 0
    open_tab(page, "Inbox")
    card = page.locator(".card.decided:visible", has_text=proposal.id)
    card.wait_for()
    card.locator("summary").click()
    assert "BOT-750,DE,shopify" in card.locator("pre").inner_text()


def test_rejecting_writes_nothing(page: Any, books: Path) -> None:
    ask(page, "Raise it by 6%")
    page.locator(".reject").click()
    page.locator(".card.decided .badge.rejected").wait_for()
    proposal = next(p for p in journal.proposals(books) if p.payload["country"] == "FR")
    assert proposal.status == "rejected"
    assert not list((books / "changes").glob(f"{proposal.id}-*")) if (books / "changes").exists() else True


def test_inbox_edits_refuses_nonsense_and_rejects_with_a_reason(page: Any, books: Path) -> None:
    ask(page, "Raise it by 7%")
    open_tab(page, "Inbox")
    proposal = next(p for p in journal.proposals(books) if p.payload["country"] == "US")
    card = page.locator(".card:visible", has_text=proposal.id)
    card.get_by_text("Edit before deciding").click()
    card.locator(".json textarea").fill("{price: ")
    card.get_by_text("Save the change").click()
    page.get_by_text("That is no JSON object").wait_for()
    card.locator(".json textarea").fill('{"price": "31.00"}')
    card.get_by_text("Save the change").click()
    card.locator(".change b", has_text="31.00").wait_for()
    card.get_by_placeholder("Why not? (optional)").fill("Too soon <b>now</b>")
    card.locator(".reject").click()
    page.locator(".card.decided:visible", has_text="Too soon <b>now</b>").wait_for()
    entry = [e for e in journal.entries(books) if e.proposal == proposal.id][-1]
    assert (entry.action, entry.reason) == ("rejected", "Too soon <b>now</b>")


def test_a_decision_made_elsewhere_is_a_notice_not_a_second_decision(page: Any, books: Path) -> None:
    from datetime import UTC, datetime

    ask(page, "Raise it by 8%")
    page.locator(".approve").wait_for()
    proposal = next(p for p in journal.proposals(books) if p.payload["country"] == "GB")
    journal.reject(books, proposal.id, datetime(2026, 11, 15, tzinfo=UTC))
    page.locator(".approve").click()
    page.get_by_text("is already rejected; a proposal is decided once").wait_for()
    page.locator(".card.decided .badge.rejected").wait_for()
    assert proposal.id not in decided(books, "approved")


def test_words_of_strangers_stay_words(page: Any) -> None:
    ask(page, f"evil {EVIL}")
    for summary in page.locator("#conversation summary").all():
        summary.click()
    shown = page.locator("#conversation")
    assert "<img src=x onerror=alert(1)> [x](http://evil.example/a)" in shown.inner_text()
    open_tab(page, "Data")
    page.locator(".result:visible").wait_for()
    assert page.locator("#conversation").locator("img, a, iframe, script, form, .katex, .mermaid").count() == 0
    assert page.locator("[href*='evil'], [src*='evil']").count() == 0


def test_tabs_show_the_week_the_data_and_a_clear_word_where_nothing_is_learned(page: Any) -> None:
    open_tab(page, "Weekly review")
    page.get_by_text("The week in figures", exact=True).wait_for()
    page.wait_for_selector(".js-plotly-plot .barlayer .trace")
    open_tab(page, "Data")
    page.get_by_text("The books hold").wait_for()
    open_tab(page, "Knowledge")
    page.fill("#query textarea", "lid")
    page.click("#search")
    page.get_by_text("Nothing of the brand's material is learned yet").wait_for()


@pytest.fixture
def empty_memory(tmp_path: Path) -> Iterator[str]:
    """A page over a tiny shop of its own, whose memory may be changed."""
    from app import build_page, launch
    from knowledge import close_stores
    from tests.tiny_shop import build, tiny_tables

    build(tmp_path / "shop", tiny_tables())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    page = build_page(ScriptedCopilot(tmp_path / "shop", {}))  # type: ignore[arg-type]
    launch(page, port)
    yield f"http://127.0.0.1:{port}"
    page.close(verbose=False)
    close_stores()


def test_material_is_added_listed_found_and_forgotten(browser: Any, empty_memory: str, tmp_path: Path) -> None:
    from tests import written_files as files

    visits = _visit(browser, empty_memory, "en-US", {"width": 1200, "height": 860})
    page = next(visits)
    open_tab(page, "Knowledge")
    open_tab(page, "What is known")
    page.get_by_text("Nothing has been learned yet.").wait_for()
    open_tab(page, "Add material")
    page.click("#learn")
    page.get_by_text("Choose a file or paste a text first.").wait_for()
    (tmp_path / "reviews.csv").write_text(f'rating,text,sku\n5,"The lid {EVIL} is tight.",BOT-750\n9,bad row,BOT-750\n')
    (tmp_path / "junk.txt").write_bytes(b"\x01\x02" * 99)
    sheet = files.docx(tmp_path / "bottle-evidence.docx")
    page.set_input_files(
        "#learn-files input[type=file]", [str(sheet), str(tmp_path / "reviews.csv"), str(tmp_path / "junk.txt")]
    )
    page.locator("#learn-files").get_by_text("junk").wait_for()
    page.fill("#learn-text textarea", "We sold from a garage in Lund.")
    page.fill("#learn-title textarea, #learn-title input", "Garage")
    page.click("#learn")
    told = page.locator("#learned .result")
    told.wait_for()
    assert (
        "bottle-evidence.docx: learned as Evidence · passages: 1 · en · BOT-750 · 2026-03-01 (file properties)"
        in told.inner_text()
    )
    assert "reviews.csv: 2 rows, 1 learned, 1 not learned" in told.inner_text()
    assert "Not learned: junk.txt is not a text file" in told.inner_text()
    assert "Garage does not say what it is" in told.inner_text()
    told.locator("summary").click()
    told.get_by_text("Line 4: rating is not 1 to 5").wait_for()
    page.locator("#learn-kind label", has_text="Story").click()
    page.get_by_label("Remove this file").last.click()  # what was refused is kept, to be said better or taken out
    page.locator("#learn-files").get_by_text("junk").wait_for(state="detached")
    page.click("#learn")
    page.get_by_text("Garage: learned as Story · passages: 1").wait_for()
    page.wait_for_function("document.querySelector('#learn-text textarea').value === ''")
    open_tab(page, "What is known")
    page.locator("#known td", has_text="Garage").wait_for()
    assert page.locator("#known tbody tr").count() == 3
    open_tab(page, "Search")
    page.fill("#query textarea", "is the lid tight")
    page.click("#search")
    page.locator(".result:visible", has_text="is tight").wait_for()
    assert page.locator("[href*='evil'], [src*='evil']").count() == 0
    open_tab(page, "What is known")
    page.click("#forget-which input")
    page.get_by_role("option", name="Garage").click()
    page.click("#forget")
    page.get_by_text("Garage is forgotten; passages taken out: 1.").wait_for()
    page.locator("#known td", has_text="Garage").wait_for(state="detached")
    next(visits, None)
