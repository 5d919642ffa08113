"""`bulou pack check | show | test | coverage | compare`."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bulou.engine.basics.problems import Place, Problem, refuse_errors
from bulou.engine.cli.decide import check_programmes, day_of, found_pack, pack_of

app = typer.Typer(
    help="地区包：检查、显示、测试、覆盖、政策书、schema · check, show, test, count, policy book, schemas",
    no_args_is_help=True,
)

Regions = Annotated[list[str], typer.Argument(help="地区代码 region codes", show_default=False)]
Packs = Annotated[Path | None, typer.Option(help="另外存放地区包的文件夹 · folder with further packs")]


@app.command()
def check(
    regions: Regions,
    packs: Packs = None,
    questions: Annotated[
        bool, typer.Option("--questions", help="也列出未定的值和未核对的出处 · show what is open")
    ] = False,
) -> None:
    """检查地区包，一次列出全部问题。Check packs; all problems at once."""
    from bulou import engine

    errors = 0
    for region, pack in [(region, found_pack(region, packs)) for region in regions]:
        problems = engine.check_pack(pack)
        found = [problem for problem in problems if problem.severity == "error"]
        notes = [problem for problem in problems if problem.severity == "note"]
        for problem in found:
            typer.echo(str(problem), err=True)
        if questions:
            _write_open(notes)
        errors += len(found)
        hint = "" if questions or not notes else "（--questions 查看）"
        typer.echo(f"{region}: {len(found)} 个问题 problems, {len(notes)} 处未定 open{hint}")
    raise typer.Exit(2 if errors else 0)


OPEN = {
    "open-question": "文件没有说清，请有权解释的部门答复 · the documents leave open",
    "value-not-set": "还没有值，有了文件再填 · values nobody has set",
    "not-verified": "没有核对原文，核对后去掉 confidence · sources not checked",
}
"""Kinds of notes in the order in which they are told, with what is to be done about them."""


def _write_open(notes: list[Problem]) -> None:
    """What is open, one line each under what is to be done about it, with the clause or setter and the place."""
    for code, head in OPEN.items():
        found = [note for note in notes if note.code == code]
        if found:
            typer.echo(f"{head}（{len(found)}）")
        for number, note in enumerate(found, 1):
            typer.echo(f"  {number}. {note.got}  {note.expected}  {note.place}")
    for note in notes:
        if note.code not in OPEN:
            typer.echo(str(note))


@app.command()
def test(regions: Regions, packs: Packs = None) -> None:
    """在每个引擎上运行地区包的例子。Run the worked examples on every evaluator."""
    from bulou import engine

    problems: list[Problem] = []
    for region, pack in [(region, pack_of(region, packs)) for region in regions]:
        found = list(engine.test_pack(pack))
        problems += found
        expected = sum(len(example.expects) for example in pack.examples)
        typer.echo(
            f"{region}: {len(pack.examples)} 个例子 examples, {expected} 个结果 results, {len(found)} 处不符 differ"
        )
    for problem in problems:
        typer.echo(str(problem), err=True)
    raise typer.Exit(1 if problems else 0)


KINDS = {
    "programme": "项目",
    "quota": "比例",
    "duty": "职责",
    "process": "流程",
    "indicator": "指标",
    "funding_floor": "资金下限",
    "priority": "优先事项",
    "question": "待定的问题",
    "not_computable": "算不了的",
}


@app.command()
def coverage(
    regions: Regions,
    packs: Packs = None,
    counts: Annotated[bool, typer.Option("--counts", help="只看数目 · counts only")] = False,
) -> None:
    """规划里的每条规则由哪里实现，各类多少条。Where each rule is implemented, and how many of each kind."""
    from bulou import engine

    everything: list[Any] = []
    for region, pack in [(region, pack_of(region, packs)) for region in regions]:
        covered = engine.pack_coverage(pack)
        everything += covered
        for found in () if counts else covered:
            where = f"{found.kind}.{found.name}  {found.place}" if found.kind else "✘ 没有实现 not covered"
            typer.echo(f"{found.rule.id}  [{found.rule.clause}]  {found.rule.about}  → {where}")
        _write_counts(region, covered)
    if len(regions) > 1:
        _write_counts("合计 total", everything)
    raise typer.Exit(0 if all(found.kind for found in everything) else 1)


def _write_counts(title: str, covered: list[Any]) -> None:
    """The rules first found in the document, and apart from them those that a further reading added."""
    first = [found for found in covered if not found.rule.added]
    added = [found for found in covered if found.rule.added]
    for words, some in (("条规则有着落 rules accounted for", first), ("条再读补上的 added on further reading", added)):
        if some or some is first:
            done = [found for found in some if found.kind]
            kinds = Counter(found.kind for found in done)
            shown = "、".join(f"{words} {kind} {kinds[kind]}" for kind, words in KINDS.items() if kinds[kind])
            typer.echo(f"{title}: {len(done)} / {len(some)} {words}" + (f"（{shown}）" if shown else ""))


@app.command()
def show(
    region: Annotated[str, typer.Argument(help="地区代码 region code")],
    on: Annotated[str, typer.Option(help="哪一天 YYYY-MM-DD · day")],
    programme: Annotated[list[str] | None, typer.Option(help="只看这些项目 · only these")] = None,
    packs: Packs = None,
) -> None:
    """显示某天的政策：每一行来自哪个文件哪一行。The resolved policy of a day, each line with its origin."""
    from bulou.engine.cli.policy_text import write_policy

    loaded, only = pack_of(region, packs), set(programme or ())
    check_programmes(loaded, only)
    write_policy(loaded, day_of(on), only, typer.echo)


@app.command()
def compare(
    regions: Regions,
    on: Annotated[str, typer.Option(help="哪一天 YYYY-MM-DD · day")],
    programme: Annotated[list[str] | None, typer.Option(help="只看这些项目 · only these")] = None,
    html: Annotated[Path | None, typer.Option(help="写成网页 · write an HTML page")] = None,
    packs: Packs = None,
) -> None:
    """同一件事，各地怎么办：条件、年龄、金额、生效没有，差别用话说。Several regions side by side."""
    from bulou import engine
    from bulou.engine.cli.comparison_text import write_comparison

    day, only = day_of(on), list(programme or ())
    refuse_errors(_too_few(regions) + ([html_problem] if (html_problem := _no_place(html)) else []))
    loaded = [pack_of(region, packs) for region in regions]
    _check_known(loaded, only)
    found = engine.compare_packs(loaded, day, only)
    if html is None:
        write_comparison(found, typer.echo)
        return
    engine.write_comparison(found, html)
    typer.echo(f"{html}: {len(found.needs)} 件事 needs, {len(regions)} 个地区 regions")


def _too_few(regions: list[str]) -> list[Problem]:
    if len(set(regions)) == len(regions) > 1:
        return []
    expected, fix = "两个或更多不同的地区代码 two or more different regions", "写出要比的地区代码"
    return [Problem("regions-to-compare", Place("REGIONS"), "、".join(regions), expected, fix)]


def _no_place(html: Path | None) -> Problem | None:
    if html is None or (html.parent.is_dir() and not html.is_dir()):
        return None
    return Problem("no-such-folder", Place(str(html)), "不能写在这里", "存在的文件夹里的一个文件名", "改正 --html")


def _check_known(loaded: list[Any], only: list[str]) -> None:
    """Raise `Refused` for a programme that none of the packs has."""
    nowhere = [name for name in only if not any(name in pack.programmes for pack in loaded)]
    for pack in loaded[:1] if nowhere else []:
        check_programmes(pack, set(nowhere))


@app.command()
def book(
    region: Annotated[str, typer.Argument(help="地区代码 region code")],
    out: Annotated[Path, typer.Option(help="写进这个文件夹 · folder of the book")],
    on: Annotated[
        str | None, typer.Option(help="状态按哪一天看，不写就是今天 YYYY-MM-DD · status as of this day")
    ] = None,
    packs: Packs = None,
) -> None:
    """政策书：每条规则用大白话写出，连同数值、例子、问题和依据。The policy book as a web site."""
    from bulou import engine

    day = date.today() if on is None else day_of(on)
    written = engine.write_book(pack_of(region, packs), out, day, [packs] if packs else [])
    typer.echo(f"{written[0]}: {len(written)} 页 pages")


@app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option(help="写进这个文件夹，连同 taplo.toml；不写就打印 · write into this folder")
    ] = None,
) -> None:
    """地区包文件的 JSON Schema，编辑器用它补全和检查。JSON Schemas of pack files, for editors."""
    import json

    from bulou import engine

    if out is None:
        typer.echo(json.dumps(engine.pack_schemas(), ensure_ascii=False, indent=2))
        return
    for path in engine.write_schemas(out):
        typer.echo(str(path))
