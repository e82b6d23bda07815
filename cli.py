"""The `pacer` command. Exit 0 good, 1 a clear error, 2 bad usage."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from agent.events import Event, Turn
    from knowledge.report import Step
    from shop.readers import ImportReport

ShopOption = Annotated[
    Path | None,
    typer.Option("--shop", help="Folder of the shop. Default: $PACER_HOME, or ./.pacer.", show_default=False),
]
REFUSALS_SHOWN = 5
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

app = typer.Typer(
    name="pacer", help="An operations copilot for people who sell across borders.", pretty_exceptions_enable=False
)


def main() -> None:
    """Run the command; every known fault becomes one sentence and exit code 1."""
    from agent.model.errors import ModelError
    from knowledge.errors import KnowledgeError
    from shop.errors import ShopError
    from tools.contract import ToolError

    try:
        app()
    except (ShopError, ToolError, ModelError, KnowledgeError, OSError) as known:
        _fail(str(known))
    except KeyboardInterrupt:
        sys.exit(130)


@app.callback(invoke_without_command=True)
def page(
    context: typer.Context,
    shop: ShopOption = None,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = int(os.environ.get("PACER_PORT", "7860")),
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the page."""
    if shop:
        os.environ["PACER_HOME"] = str(shop)
    if context.invoked_subcommand is None:
        from app import serve

        serve(_folder(shop), port=port, open_browser=browser)


@app.command()
def demo(
    shop: ShopOption = None,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Do nothing when the folder holds a shop.")] = False,
    brand: Annotated[str, typer.Option(help="northlane, or the small second brand tauernruh.")] = "northlane",
    as_json: JsonOption = False,
) -> None:
    """Build a demo shop, Northlane: two years of books, and its stories, evidence, policies and reviews."""
    from knowledge import learn_demo
    from shop.demo.brands import demo_brand
    from shop.warehouse import Shop, current_version

    folder, wanted = _folder(shop), demo_brand(brand)
    if current_version(folder):
        name = Shop.open(folder).name
        if if_missing:
            _say(f"Using the shop {name} in {folder}.", as_json, {"shop": str(folder), "name": name, "built": False})
            return
        if name != wanted.name:
            _fail(f"{folder} holds the shop {name}: choose another folder with --shop.")
    _tell(as_json, f"Building the demo shop {wanted.name} …")
    wanted.build(folder)
    _tell(as_json, "Learning the brand's texts and reviews …")
    learn_demo(folder, brand)
    books = Shop.open(folder)
    rows = {table: books.count(table) for table in ("products", "orders", "order_lines", "reviews")}
    shown = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in rows.items())
    text = f"The demo shop {books.name} is in {folder}: {shown}; as of {books.as_of}."
    _say(
        text, as_json, {"shop": str(folder), "name": books.name, "built": True, "as_of": str(books.as_of), "rows": rows}
    )


@app.command("import")
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files to import; docs/plain-csv.md has the layouts.")],
    kind: Annotated[str | None, typer.Option("--as", help="Table, where the columns do not tell it.")] = None,
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import plain CSV files. Every row not loaded is reported with file, line and reason."""
    from shop.readers import import_files

    report = import_files(_folder(shop), paths, kind, progress=None if as_json else _note)
    if any("reviews" in file.tables for file in report.files):
        _learn_reviews(_folder(shop), as_json)
    _say(_import_text(report), as_json, report)
    if report.rows_loaded == 0:
        raise typer.Exit(1)


@app.command()
def learn(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; - reads a text from standard input.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--as", help="story, evidence, review or policy.")] = None,
    sku: Annotated[list[str] | None, typer.Option("--sku", help="Product they are about; may be repeated.")] = None,
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Day they are from.")] = None,
    name: Annotated[str, typer.Option(help="What a text from standard input is called.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="List what has been learned.")] = False,
    forgotten: Annotated[str | None, typer.Option("--forget", help="Source to take out, as --list names it.")] = None,
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> None:
    """Learn stories, evidence, reviews and policies: Markdown, text, HTML, PDF, DOCX and CSV reviews."""
    from knowledge import forget, known_sources, learn_pasted, learn_paths
    from knowledge.telling import known_text, report_text

    folder = _folder(shop)
    if listed:
        sources = known_sources(folder)
        _say(known_text(sources), as_json, sources)
        return
    if forgotten is not None:
        gone = forget(folder, forgotten)
        _say(f"Forgotten: {forgotten}, {gone:,} passages.", as_json, {"source": forgotten, "passages": gone})
        return
    if not paths:
        _fail("Name at least one file or folder: pacer learn PATH…", 2)
    asked = {"skus": sku or (), "day": day.date() if day else None, "watch": _Watching(as_json)}
    if paths == [Path("-")]:
        said = sys.stdin.buffer.read().decode("utf-8", "replace")
        report = learn_pasted(folder, said, kind, name, **asked)  # type: ignore[arg-type]
    else:
        report = learn_paths(folder, paths, kind, **asked)  # type: ignore[arg-type]
    _say(report_text(report), as_json, report)
    if report.refused:
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In English or Chinese; - reads standard input.")],
    thread: Annotated[str | None, typer.Option(help="Conversation to go on with; without one, a new one.")] = None,
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a question and print the proven answer."""
    import uuid

    copilot = _copilot(shop, as_json)
    copilot.start_loading()
    said = sys.stdin.buffer.read().decode("utf-8", "replace") if question == "-" else question
    turn = _followed(copilot.stream(said, thread or f"cli-{uuid.uuid4().hex[:12]}"), quiet=as_json)
    _say(_turn_text(turn), as_json, turn)


@app.command()
def tool(
    name: Annotated[str | None, typer.Argument(help="Tool to run.")] = None,
    arguments: Annotated[str, typer.Argument(help="Its arguments as a JSON object.")] = "{}",
    list_tools: Annotated[bool, typer.Option("--list", help="List the tools with their arguments.")] = False,
    language: Annotated[str, typer.Option(help="en or zh.")] = "en",
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run one tool and print what it found."""
    from agent.model.choice import choose
    from agent.model.source import ModelSource
    from agent.voice import voice_of
    from shop.warehouse import Shop
    from tools.copywriting.voice import speaking_with
    from tools.messages import render
    from tools.progress import told_to
    from tools.registry import TOOLS, run

    if list_tools or name is None:
        listed = {
            n: {"description": t.description, "arguments": t.request.model_json_schema()} for n, t in TOOLS.items()
        }
        lines = [f"{n}({', '.join(t.request.model_fields)}): {t.description}" for n, t in TOOLS.items()]
        _say("\n".join(lines), as_json, listed)
        return
    try:
        parsed = json.loads(arguments)
    except ValueError as wrong:
        _fail(f"The arguments are no JSON object: {wrong}.", 2)
    books = Shop.open(_folder(shop))
    source = ModelSource(choose(os.environ), say=(lambda line: None) if as_json else _note)
    with speaking_with(voice_of(source)), told_to(None if as_json else lambda line: _note(f"  {line}")):
        result = run(books, name, parsed)
    names = {product.sku: product.name for product in books.vocabulary.products}
    found = (*result.findings, *result.assumptions, *result.warnings)
    _say("\n".join(f"[{f.severity}] {render(f, language, names)}" for f in found), as_json, result)


@app.command()
def inbox(
    action: Annotated[str | None, typer.Argument(help="approve, reject or edit; without one, list.")] = None,
    proposal: Annotated[str | None, typer.Argument(help="Id of the proposal, such as P-0001.")] = None,
    payload: Annotated[str | None, typer.Argument(help="For edit: the new payload as JSON.")] = None,
    reason: Annotated[str, typer.Option(help="For reject: why.")] = "",
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> None:
    """List proposals, or decide one. Approving writes a change file and a journal entry, once."""
    from shop import journal

    folder = _folder(shop)
    now = datetime.now().astimezone()
    if action is None:
        filed = journal.proposals(folder)
        lines = [
            f"{p.id}  {p.status:8}  {p.kind}  {json.dumps(p.payload, ensure_ascii=False, default=str)}" for p in filed
        ]
        _say("\n".join(lines) or "The inbox is empty.", as_json, filed)
        return
    if action not in ("approve", "reject", "edit") or proposal is None:
        _fail("Use: pacer inbox [approve|reject|edit ID].", 2)
    if action == "approve":
        written = journal.approve(folder, proposal, now)
        _say(
            f"{proposal} is approved; written: {', '.join(str(folder / file.file) for file in written)}.",
            as_json,
            written,
        )
    elif action == "reject":
        journal.reject(folder, proposal, now, reason)
        _say(f"{proposal} is rejected; nothing was changed.", as_json, {"id": proposal, "status": "rejected"})
    else:
        try:
            fresh = json.loads(payload or "")
        except ValueError:
            _fail("Give the new payload as a JSON object: pacer inbox edit ID '{...}'.", 2)
        journal.edit(folder, proposal, fresh)
        _say(f"{proposal} is changed and still waits for approval.", as_json, {"id": proposal, "status": "pending"})


@app.command("eval")
def evaluate(
    tasks: Annotated[Path, typer.Argument(help="Task file, JSON lines.")],
    repeat: Annotated[int, typer.Option(min=1, help="Repeats; a task passes when it passes in all of them.")] = 1,
    shop: ShopOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run operator tasks on the demo shop and print how many pass."""
    from evals.run import run_tasks
    from evals.tasks import TaskFileError, read_tasks
    from tools.registry import TOOLS

    try:
        read = read_tasks(tasks)
    except TaskFileError as wrong:
        _fail(str(wrong))
    copilot = _copilot(shop, as_json)
    copilot.start_loading()
    report = run_tasks(copilot, read, set(TOOLS), repeat, _note if not as_json else lambda line: None)
    text = (
        f"{report.passed_all} of {report.tasks} tasks passed in all {report.repeats} repeats ({report.share:.1%}); "
        f"each repeat {report.passed_each_repeat}; {report.left_out} left out (tools this version lacks); "
        f"median {report.median_plan_seconds:.2f} s to plan, {report.median_total_seconds:.2f} s a turn; {report.model}."
    )
    _say(text, as_json, report)


def _learn_reviews(folder: Path, as_json: bool) -> None:
    """What buyers wrote can be searched at once; another process may hold the memory, which costs no import."""
    from knowledge import KnowledgeLocked, learn_shop
    from shop.warehouse import Shop

    try:
        learn_shop(Shop.open(folder), _Watching(as_json))
    except KnowledgeLocked as locked:
        _note(f"The reviews are imported and not yet learned: {locked}")


class _Watching:
    """Says how far a long piece of learning is, every two seconds."""

    def __init__(self, silent: bool) -> None:
        self._silent = silent
        self._said = time.monotonic()

    def __call__(self, step: Step) -> None:
        if not self._silent and time.monotonic() - self._said > 2:
            self._said = time.monotonic()
            _note(f"{step.source}: {step.doing}, {step.done:,} of {step.whole:,}")


def _followed(events: Iterator[Event], quiet: bool) -> Turn:
    """The finished turn; what its tools tell while they work is shown as it comes."""
    from agent.events import Step, Turn

    told = 0
    for event in events:
        if isinstance(event, Turn):
            return event
        if isinstance(event, Step) and event.kind == "tool" and event.status == "started":
            lines = (event.detail or "").split("\n") if event.detail else []
            for line in [] if quiet else lines[told:]:
                _note(f"  {line}")
            told = len(lines)
    raise AssertionError("a turn always ends")


def _copilot(shop: Path | None, as_json: bool) -> Any:
    from agent.copilot import Copilot

    return Copilot(_folder(shop), say=(lambda line: None) if as_json else _note)


def _folder(shop: Path | None) -> Path:
    return shop or Path(os.environ.get("PACER_HOME") or ".pacer")


def _turn_text(turn: Turn) -> str:
    lines = [turn.answer]
    lines += [f"! {line}" for line in (*turn.warnings, *turn.notes)]
    asked = "; ".join(f"{call.tool}({json.dumps(call.args, ensure_ascii=False)})" for call in turn.calls)
    proven = f"{turn.numbers.proven} of {turn.numbers.shown} figures proven"
    lines.append(f"\n{proven} · {turn.seconds.total:.1f} s · {turn.model}" + (f"\n{asked}" if asked else ""))
    return "\n".join(lines)


def _import_text(report: ImportReport) -> str:
    lines = []
    for file in report.files:
        into = ", ".join(file.tables)
        lines.append(
            f"{file.path}: {file.rows_in:,} rows in, {file.rows_loaded:,} loaded into {into}, {file.rows_refused:,} refused"
        )
        lines += [f"  {count:,} × {reason}" for reason, count in file.reasons.items()]
        lines += [f"  line {refusal.line}: {refusal.reason}" for refusal in file.refusals[:REFUSALS_SHOWN]]
        lines += [f"  note: {warning}" for warning in file.warnings]
    if report.refused_file:
        lines.append(f"Every row not loaded, with file, line and reason: {report.refused_file}")
    return "\n".join(lines)


def _say(text: str, as_json: bool, content: BaseModel | Any) -> None:
    from pydantic import TypeAdapter

    print(TypeAdapter(Any).dump_json(content, indent=2).decode() if as_json else text)


def _tell(as_json: bool, line: str) -> None:
    if not as_json:
        _note(line)


def _note(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _fail(sentence: str, code: int = 1) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
