"""`bulou ask`."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.cli.decide import Packs, Region, day_of, pack_of


def ask(
    region: Region,
    file: Annotated[
        Path | None, typer.Argument(help="已经知道的情况，JSON 文档 · what is known so far", show_default=False)
    ] = None,
    on: Annotated[str, typer.Option(help="办理日 YYYY-MM-DD，默认今天 · decision day, today if left out")] = "",
    packs: Packs = None,
    save: Annotated[Path | None, typer.Option(help="边问边存到这个 JSON 文件 · save the answers here")] = None,
    next: Annotated[
        bool, typer.Option("--next", help="只给出下一问（JSON），给别的程序用 · print the next question as JSON")
    ] = False,
    skip: Annotated[
        list[str] | None,
        typer.Option(help="没人答得出的，主体:事实，如 p1:person.grade，可多次 · facts nobody can tell"),
    ] = None,
) -> None:
    """一次一问：先问最能定下结果的，问到再问也不会变为止。Ask one question at a time until nothing can change."""
    from bulou import engine
    from bulou.engine.cli.conversation import Conversation, first_document

    loaded, day = pack_of(region, packs), day_of(on) if on else date.today()
    if file is not None:
        document = engine.read_document(file)
    elif next or skip:
        raise Refused([_needs_a_file("--next" if next else "--skip")])
    else:
        document = {}
    _check_save(save, file)
    if file is None:
        document = first_document(_read, typer.echo)
    interview = engine.interview(loaded, document, day, _skipped(skip or []), file=str(file or ""))
    if next:
        question = interview.next()
        typer.echo(json.dumps({"next": question and question.as_json()}, ensure_ascii=False, indent=2))
        return
    Conversation(interview, _read, typer.echo, _saver(save)).run()


def _read() -> str | None:
    """A line that was typed; None at the end of the input."""
    try:
        return input("> ")
    except EOFError:
        return None


def _needs_a_file(option: str) -> Problem:
    expected = "一个 JSON 文档（写在命令后面） a JSON document"
    return Problem("no-document", Place(option), "没有给文件 no file", expected, "给出文件，或去掉这个选项")


def _skipped(texts: list[str]) -> list[tuple[str, str, str]]:
    """`subject:fact` as (kind, id, fact). Raises `Refused` with all that are not so."""
    found, problems = [], []
    for text in texts:
        id, colon, fact = text.rpartition(":")
        if not (colon and id and "." in fact):
            got = Problem("not-a-fact", Place("--skip"), text, "主体:事实，如 p1:person.grade", "改正 --skip")
            problems.append(got)
        found.append((fact.partition(".")[0], id, fact))
    if problems:
        raise Refused(problems)
    return found


def _check_save(save: Path | None, file: Path | None) -> None:
    """Raise `Refused` when saving would lose another file."""
    if save is None or (file is not None and save.resolve() == file.resolve()):
        return
    if save.exists():
        got = "文件已经存在 the file exists"
        fix = "换一个文件名；要接着上次问，就把它当作输入文件 give it as the input file"
        raise Refused([Problem("would-overwrite", Place(str(save)), got, "新的文件名 a new name", fix)])
    if not save.parent.is_dir():
        raise Refused([Problem("no-such-folder", Place(str(save)), "没有这个文件夹", "存在的文件夹", "改正路径")])


def _saver(save: Path | None) -> Any:
    """Writes the document in one step, so that a crash never leaves half a file."""

    def write(document: dict[str, Any]) -> None:
        if save is not None:
            half = save.with_name(f".{save.name}.{os.getpid()}")
            half.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            half.replace(save)

    return write
