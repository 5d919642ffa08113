"""`bulou decide` and `bulou explain`."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from bulou.engine.basics.days import day_of_text
from bulou.engine.basics.problems import Place, Problem, Refused, refuse_errors

Files = Annotated[
    list[Path], typer.Argument(help="JSON 文档，或 CSV、XLSX、Parquet 表 · documents or tables", show_default=False)
]
Region = Annotated[str, typer.Option(help="地区代码，如 620600；cn 是国家基线 · region code")]
On = Annotated[str, typer.Option(help="决定日 YYYY-MM-DD · decision day")]
Packs = Annotated[Path | None, typer.Option(help="另外存放地区包的文件夹 · folder with further packs")]
Rolls = Annotated[
    list[str] | None, typer.Option("--roll", help="本月已完整载入的名册，可多次 · complete roll, repeatable")
]


def decide(
    files: Files,
    region: Region,
    on: On,
    packs: Packs = None,
    roll: Rolls = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="每行一个输入，每行一个结果 · one input and one result a line")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="写成 Parquet 的文件夹，不打印 · write Parquet into this folder")
    ] = None,
) -> None:
    """谁应享什么：逐人逐项给出 是、否、未知，以及理由。Decide who is due what."""
    from bulou import engine

    loaded, day = pack_of(region, packs), day_of(on)
    if jsonl:
        _alone_with_lines({"--roll": roll, "--out": out})
        problems = engine.decide_lines(loaded, files, day, write=typer.echo)
        for problem in problems:
            typer.echo(str(problem), err=True)
        raise typer.Exit(1 if problems else 0)
    if out is not None:
        _write_parquet(loaded, files, day, out, roll or [])
        return
    results = [engine.as_json(result) for result in _results(loaded, files, day, roll or [])]
    typer.echo(_json(results[0] if len(results) == 1 else results))


def _results(loaded: Any, files: list[Path], day: date, rolls: list[str]) -> list[Any]:
    """One result for each JSON document, one for all tables together; problems of all files are shown together."""
    from bulou import engine

    problems: list[Problem] = []
    results = []
    for group in engine.documents_in(files):
        try:
            results.append(engine.decide_files(loaded, group, day, rolls))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return results


def _write_parquet(loaded: Any, files: list[Path], day: date, out: Path, rolls: list[str]) -> None:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn

    from bulou import engine

    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(), "{task.description}", TimeElapsedColumn(), console=console, transient=True
    ) as progress:
        progress.add_task("计算中 computing")
        counts = engine.decide_to_parquet(loaded, files, day, out, rolls)
    for kind, count in counts.items():
        typer.echo(f"{out / kind}.parquet: {count}")


def explain(
    files: Files,
    region: Region,
    on: On,
    packs: Packs = None,
    roll: Rolls = None,
    programme: Annotated[list[str] | None, typer.Option(help="只看这些项目 · only these programmes")] = None,
    all: Annotated[
        bool, typer.Option("--all", help="也列出不符合的项目的全部条件 · all conditions of refusals too")
    ] = False,
) -> None:
    """为什么：逐条说明每个条件、依据和缺的事实。Explain every condition with its source and clause."""
    from bulou.engine.cli.explanation import write_explanation

    loaded, day, only = pack_of(region, packs), day_of(on), set(programme or ())
    check_programmes(loaded, only)
    for result in _results(loaded, files, day, roll or []):
        write_explanation(result, only, all, typer.echo)


def _alone_with_lines(options: dict[str, Any]) -> None:
    """Each line has its own rolls and gives its own result: options that would be lost are refused."""
    taken = [name for name, value in options.items() if value]
    if taken:
        got = f"--jsonl 与 {'、'.join(taken)}"
        fix = "名册写在每一行的 rolls 里；结果从标准输出取 rolls in each line, results from standard output"
        raise Refused([Problem("options-apart", Place("--jsonl"), got, "--jsonl 单独使用", fix)])


def pack_of(region: str, packs: Path | None) -> Any:
    """The pack of an option; raises `Refused` when it is not there or one of its files has an error."""
    pack = found_pack(region, packs)
    refuse_errors(pack.problems)
    return pack


def found_pack(region: str, packs: Path | None) -> Any:
    """The pack of an option with whatever is wrong with it; raises `Refused` when it is not there."""
    from bulou import engine

    if packs is not None and not packs.is_dir():
        place = Place("--packs")
        raise Refused([Problem("no-such-folder", place, str(packs), "放地区包的文件夹 a folder of packs", "改正路径")])
    return engine.read_pack(region, [packs] if packs else [])


def check_programmes(pack: Any, names: set[str]) -> None:
    """Raise `Refused` when the pack has no programme of a name."""
    problems = []
    for name in sorted(names - set(pack.programmes)):
        close = get_close_matches(name, pack.programmes, n=3, cutoff=0.5) or list(pack.programmes)
        place, expected = Place("--programme"), "、".join(close)
        problems.append(Problem("unknown-programme", place, name, expected, "改正项目名 correct the name"))
    if problems:
        raise Refused(problems)


def day_of(text: str, option: str = "--on") -> date:
    """The day of an option; raises `Refused` when there is no such day."""
    try:
        return day_of_text(text)
    except ValueError:
        problem = Problem("no-such-date", Place(option), text, "存在的日期 YYYY-MM-DD", f"改正 {option}")
        raise Refused([problem]) from None


def _json(shown: Any) -> str:
    import json

    return json.dumps(shown, ensure_ascii=False, indent=2)
