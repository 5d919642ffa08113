"""`bulou simulate` and `bulou forecast`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.cli.decide import Packs, Rolls, day_of, pack_of

Files = Annotated[
    list[Path],
    typer.Argument(
        help="人员表（CSV、XLSX、Parquet）、JSON 文档，或一个月的文件夹 · tables, a document, a folder",
        show_default=False,
    ),
]
Region = Annotated[str, typer.Option(help="地区代码；文件夹里的 month.toml 有就不用写 · region code")]
On = Annotated[str, typer.Option(help="判定日 YYYY-MM-DD；文件夹有月份就用月末 · decision day")]
Current = Annotated[
    list[str] | None, typer.Option("--current", help="本地现行的值，名=值，两边都用 · the locality's own values")
]
SetTo = Annotated[list[str] | None, typer.Option("--set", help="试一个值，名=值 · try a region value")]
Condition = Annotated[
    list[str] | None, typer.Option(help="改一个条件，项目.条件=SQL · replace a condition", metavar="TEXT")
]
AddCondition = Annotated[list[str] | None, typer.Option(help="加一个条件，项目.新名=SQL · add a condition")]
DropCondition = Annotated[list[str] | None, typer.Option(help="去掉一个条件，项目.条件 · drop a condition")]
Amount = Annotated[list[str] | None, typer.Option(help="改金额，项目=元或式子 · replace the amount in yuan")]
Enable = Annotated[list[str] | None, typer.Option(help="开办一个可选项目 · switch a programme on")]
Disable = Annotated[list[str] | None, typer.Option(help="停办一个项目 · switch off or end a programme")]
From = Annotated[str, typer.Option("--from", help="改变从哪天起 YYYY-MM-DD；开关必须写 · day the change begins")]
Out = Annotated[Path | None, typer.Option(help="写出 xlsx 和 html 的文件夹 · write workbook and page here")]
Lists = Annotated[bool, typer.Option("--lists", help="另写名单，含个人信息 · also write a list of people")]


def simulate(
    files: Files,
    region: Region = "",
    on: On = "",
    packs: Packs = None,
    roll: Rolls = None,
    current: Current = None,
    set_to: SetTo = None,
    condition: Condition = None,
    add_condition: AddCondition = None,
    drop_condition: DropCondition = None,
    amount: Amount = None,
    enable: Enable = None,
    disable: Disable = None,
    start: From = "",
    against: Annotated[str, typer.Option(help="与另一个地区包比 · compare with another pack")] = "",
    policy_on: Annotated[str, typer.Option(help="试另一天的政策 · try the policy of another day")] = "",
    suppress: Annotated[int | None, typer.Option(help="人数小于它的组合并，供公布 · merge groups below this")] = None,
    out: Out = None,
    lists: Lists = False,
) -> None:
    """政策测算：改一个值、条件或开关，谁多得、谁少得、多花多少。Simulate a change of policy."""
    from bulou import engine

    wishes = wishes_of(
        set=set_to, condition=condition, add_condition=add_condition, drop_condition=drop_condition,
        amount=amount, enable=enable, disable=disable,
    )  # fmt: skip
    if lists and suppress is not None:
        fix = "名单只供内部使用；公布的结果不带名单"
        raise Refused([Problem("options-apart", Place("--lists"), "--lists 与 --suppress", "只用其中一个", fix)])
    with _progress("测算中 simulating"):
        result = engine.simulate_policy(
            files,
            region=region,
            on=_day("--on", on),
            packs=[packs] if packs else [],
            rolls=roll or [],
            wishes=wishes,
            current=current or [],
            start=_day("--from", start),
            against=pack_of(against, packs) if against else None,
            policy_on=_day("--policy-on", policy_on),
            suppress=suppress,
            lists=lists,
        )
        written = engine.write_simulation(result, out) if out else []
    _say(result.notes, *engine.simulation_text(result), written)


def forecast(
    files: Files,
    region: Region = "",
    on: On = "",
    packs: Packs = None,
    roll: Rolls = None,
    months: Annotated[int | None, typer.Option(help="今后几个月，默认 12 · how many months")] = None,
    years: Annotated[int | None, typer.Option(help="今后几年 · how many years")] = None,
    programme: Annotated[list[str] | None, typer.Option(help="只看这些项目 · only these programmes")] = None,
    assume: Annotated[
        Path | None, typer.Option(help="推算的假设，TOML 或 CSV，要有出处 · assumptions of a projection")
    ] = None,
    current: Current = None,
    set_to: SetTo = None,
    condition: Condition = None,
    add_condition: AddCondition = None,
    drop_condition: DropCondition = None,
    amount: Amount = None,
    enable: Enable = None,
    disable: Disable = None,
    start: From = "",
    out: Out = None,
    no_lists: Annotated[bool, typer.Option("--no-lists", help="不写名单 · without the list of people")] = False,
) -> None:
    """变动预告：今后几个月谁会变、为什么、要多少钱；另可按假设推算。Forecast from what is known."""
    from bulou import engine

    if months is not None and years is not None:
        place = Place("--months")
        raise Refused([Problem("options-apart", place, "--months 与 --years", "只用其中一个", "删去一个")])
    wishes = wishes_of(
        set=set_to, condition=condition, add_condition=add_condition, drop_condition=drop_condition,
        amount=amount, enable=enable, disable=disable,
    )  # fmt: skip
    progress = _progress("预告中 forecasting")
    with progress:
        result = engine.forecast_policy(
            files,
            months=12 * years if years is not None else 12 if months is None else months,
            region=region,
            on=_day("--on", on),
            packs=[packs] if packs else [],
            rolls=roll or [],
            wishes=wishes,
            current=current or [],
            start=_day("--from", start),
            programmes=programme or [],
            assume=assume,
            lists=out is not None and not no_lists,
            done=lambda month: progress.update(progress.task_ids[0], description=month),
        )
        written = engine.write_forecast(result, out, not no_lists) if out else []
    _say(result.notes, *engine.forecast_text(result), written)


def wishes_of(**options: list[str] | None) -> list[tuple[str, str]]:
    """(option, text) of everything asked for, in the order of the options; `add_condition` is --add-condition."""
    return [(name.replace("_", "-"), text) for name, texts in options.items() for text in texts or ()]


def _day(option: str, text: str) -> date | None:
    return day_of(text, option) if text else None


def _progress(words: str) -> Any:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn

    console = Console(stderr=True)
    progress = Progress(SpinnerColumn(), "{task.description}", TimeElapsedColumn(), console=console, transient=True)
    progress.add_task(words)
    return progress


def _say(
    notes: Iterable[Problem],
    head: Iterable[str],
    grids: Iterable[Any],
    foot: Iterable[str],
    written: Iterable[Path],
) -> None:
    """Print notes to standard error, lines, tables, lines and files; the exit code tells whether there were notes."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    notes = list(notes)
    for problem in notes:
        typer.echo(str(problem), err=True)
    for line in head:
        typer.echo(line)
    console = Console(highlight=False, soft_wrap=False)
    for title, heads, rows in grids:
        table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
        for at, name in enumerate(heads):
            table.add_column(name, justify="right" if at else "left", overflow="fold")
        for row in rows:
            table.add_row(*(cell.replace("[", r"\[") for cell in row))
        console.print(table)
    for line in foot:
        typer.echo(line)
    for path in written:
        typer.echo(str(path))
    raise typer.Exit(1 if notes else 0)
