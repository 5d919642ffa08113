"""`bulou plan`: read a plan document, compare several, check a pack against one, draft a pack from one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bulou.engine.basics.problems import Place, Problem, Refused, errors

if TYPE_CHECKING:
    from bulou.engine.pack import Pack
    from bulou.engine.plan import Plan

app = typer.Typer(
    name="plan", help="读规划文件、比较、核对地区包、起草地区包。Read, compare, check and draft.", no_args_is_help=True
)

_Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]
_Xlsx = Annotated[Path | None, typer.Option("--xlsx", help="另写 Excel 工作簿")]
_Html = Annotated[Path | None, typer.Option("--html", help="另写无障碍网页")]
_Packs = Annotated[Path | None, typer.Option("--packs", help="另外存放地区包的文件夹")]
_Out = Annotated[Path | None, typer.Option("--out", help="结果写入文件，不写到屏幕")]


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="规划文件：.txt .md .docx .html .pdf")],
    as_json: _Json = False,
    xlsx: _Xlsx = None,
    html: _Html = None,
    out: _Out = None,
) -> None:
    """读一个规划：条款、指标、正文目标、专栏、责任单位、存疑。"""
    from bulou.engine.plan import plan_as_json, plan_page, read_plan, write_workbook

    document = _read(file, read_plan)
    _write(xlsx, lambda path: write_workbook(document, path))
    _write(html, lambda path: path.write_text(plan_page(document), encoding="utf-8"))
    text = _dumped(plan_as_json(document)) if as_json else _summary(document)
    _deliver(text, out)
    _say_problems(document.problems, quiet=as_json and out is None)
    raise typer.Exit(1 if document.problems else 0)


@app.command()
def compare(
    files: Annotated[list[Path], typer.Argument(help="两个或更多规划文件")],
    as_json: _Json = False,
    xlsx: _Xlsx = None,
    html: _Html = None,
    out: _Out = None,
) -> None:
    """按概念对齐各规划的指标和目标；读不了的文件列出，其余照比。"""
    from bulou.engine.plan import (
        compare_plans,
        comparison_as_json,
        comparison_page,
        read_plan,
        write_comparison_workbook,
    )

    plans: list[Plan] = []
    refused: list[Problem] = []
    for file in files:
        try:
            plans.append(read_plan(file))
        except Refused as refusal:
            refused.extend(refusal.problems)
    if not plans:
        _refuse(refused)
    comparison = compare_plans(plans, refused)
    _write(xlsx, lambda path: write_comparison_workbook(comparison, path))
    _write(html, lambda path: path.write_text(comparison_page(comparison), encoding="utf-8"))
    text = _dumped(comparison_as_json(comparison)) if as_json else _side_by_side(comparison)
    _deliver(text, out)
    _say_problems(comparison.problems, quiet=as_json and out is None)
    raise typer.Exit(1 if comparison.problems else 0)


@app.command()
def check(
    pack: Annotated[str, typer.Argument(help="地区代码")],
    file: Annotated[Path, typer.Argument(help="地区包所依据的规划文件")],
    against: Annotated[Path | None, typer.Option(help="旧稿：逐条比较，列出触及的规则")] = None,
    updated: Annotated[bool, typer.Option("--updated", help="地区包的条款号已经按新稿改过")] = False,
    document: Annotated[str, typer.Option(help="文件代号；标题对不上时用")] = "",
    cites: Annotated[bool, typer.Option("--cites", help="列出每一处引用和找到的数字")] = False,
    packs: _Packs = None,
    as_json: _Json = False,
    out: _Out = None,
) -> None:
    """核对地区包：所引条款都在，规则用的数字都印在条款里；文件写了数、地区包没有的也列出。"""
    from bulou.engine.pack import against_plan_out as wording
    from bulou.engine.pack.against_plan import check_against_plan
    from bulou.engine.pack.touched import check_editions
    from bulou.engine.plan import read_plan

    found, parent = _pack_and_parent(pack, packs)
    plan, old = _read(file, read_plan), _read(against, read_plan) if against else None
    try:
        checked = check_against_plan(found, plan, parent, document)
    except Refused as refusal:
        _refuse(list(refusal.problems))
        raise
    editions = check_editions(found, checked, old, parent, updated) if old else None
    problems = [*checked.problems, *(editions.problems if editions else ())]
    lines = list(wording.cite_lines(checked)) if cites else []
    lines += list(wording.edition_lines(editions)) if editions else []
    lines += [str(note) for note in checked.notes] + [wording.summary(checked)]
    _deliver(_dumped(wording.check_as_json(checked, editions)) if as_json else "\n".join(lines), out)
    if not as_json or out is not None:
        for problem in problems:
            typer.echo(str(problem), err=True)
    raise typer.Exit(1 if problems else 0)


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="新地区的规划文件")],
    region: Annotated[str, typer.Option(help="地区代码")],
    out: Annotated[Path, typer.Option(help="地区包文件夹放在哪里")],
    extends: Annotated[str, typer.Option(help="继承哪个地区包")] = "cn",
    packs: _Packs = None,
) -> None:
    """从规划文件起草地区包骨架：指标填好，有数字的条款列为问题，条件和金额留给人写。"""
    from bulou import engine
    from bulou.engine.pack.skeleton import draft_skeleton, write_skeleton
    from bulou.engine.plan import read_plan

    parent, _ = _pack_and_parent(extends, packs)
    plan = _read(file, read_plan)
    try:
        skeleton = draft_skeleton(plan, region, parent)
        folder = write_skeleton(skeleton, out)
    except Refused as refusal:
        _refuse(list(refusal.problems))
        raise
    except OSError as error:
        place = Place(file=str(out))
        _refuse([Problem("cannot-write", place, error.strerror or str(error), "可以写入的位置", "检查目录和权限")])
        raise
    found = errors(engine.check_pack(engine.read_pack(region, [out, *_folders(packs)])))
    for problem in found:
        typer.echo(str(problem), err=True)
    typer.echo(
        f"{folder}: {skeleton.indicators} 个指标, {skeleton.questions} 个待定的条款；先看 {folder / 'README.md'}"
    )
    raise typer.Exit(1 if found else 0)


def _folders(packs: Path | None) -> list[Path]:
    return [packs] if packs else []


def _pack_and_parent(region: str, packs: Path | None) -> tuple[Pack, Pack | None]:
    """A pack and the one it extends; a pack that cannot be read is refused."""
    from bulou import engine

    try:
        found = engine.read_pack(region, _folders(packs))
        broken = errors(found.problems)
        if broken:
            _refuse(broken)
        return found, engine.read_pack(found.chain[-2], _folders(packs)) if len(found.chain) > 1 else None
    except Refused as refusal:
        _refuse(list(refusal.problems))
        raise


def _read(file: Path, reader: Callable[[Path], Plan]) -> Plan:
    try:
        return reader(file)
    except Refused as refusal:
        _refuse(list(refusal.problems))
        raise


def _refuse(problems: list[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)
    raise typer.Exit(2)


def _write(path: Path | None, writer: Callable[[Path], object]) -> None:
    """Write an extra file; a place that cannot be written to is refused like any other bad input."""
    if path is None:
        return
    try:
        writer(path)
    except OSError as error:
        place = Place(file=str(path))
        _refuse([Problem("cannot-write", place, error.strerror or str(error), "可以写入的位置", "检查目录和权限")])


def _deliver(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text)
    else:
        _write(out, lambda path: path.write_text(text + "\n", encoding="utf-8"))


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _say_problems(problems: tuple[Problem, ...], *, quiet: bool) -> None:
    if quiet or not problems:
        return
    typer.echo(f"\n存疑 {len(problems)} 处（其中错误 {len(errors(problems))} 处）：", err=True)
    for problem in problems:
        typer.echo(str(problem), err=True)


def _summary(document: Plan) -> str:
    from bulou.engine.plan.wording import (
        FIGURE_HEADINGS,
        INDICATOR_HEADINGS,
        figure_row,
        indicator_row,
        overview,
    )

    lines = [f"{name}：{content}" for name, content in overview(document)]
    lines += ["", "主要指标", " | ".join(INDICATOR_HEADINGS)]
    lines += [" | ".join(_shown(cell) for cell in indicator_row(row)) for row in document.indicators]
    lines += ["", "正文目标", " | ".join(FIGURE_HEADINGS)]
    lines += [" | ".join(_shown(cell) for cell in figure_row(figure)) for figure in document.targets]
    return "\n".join(lines)


def _side_by_side(comparison: Any) -> str:
    from bulou.engine.plan.comparison_out import side_by_side

    headings, rows = side_by_side(comparison)
    return "\n".join([" | ".join(headings), *(" | ".join(_shown(cell) for cell in row) for row in rows)])


def _shown(cell: object) -> str:
    return "" if cell is None else str(cell)
