"""`bulou pack check | show | test | coverage`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulou.engine.basics.problems import Problem
from bulou.engine.cli.decide import check_programmes, day_of, found_pack, pack_of

app = typer.Typer(
    help="地区包：检查、显示、测试、覆盖、编辑器的 schema · check, show, test, cover packs; schemas for editors",
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
        for problem in found + (notes if questions else []):
            typer.echo(str(problem), err=problem.severity == "error")
        errors += len(found)
        hint = "" if questions or not notes else "（--questions 查看）"
        typer.echo(f"{region}: {len(found)} 个问题 problems, {len(notes)} 处未定 open{hint}")
    raise typer.Exit(2 if errors else 0)


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


@app.command()
def coverage(region: Annotated[str, typer.Argument(help="地区代码 region code")], packs: Packs = None) -> None:
    """规划里的每条规则由哪里实现。Where each rule of the document is implemented."""
    from bulou import engine

    covered = engine.pack_coverage(pack_of(region, packs))
    for found in covered:
        where = f"{found.kind}.{found.name}  {found.place}" if found.kind else "✘ 没有实现 not covered"
        typer.echo(f"{found.rule.id}  [{found.rule.clause}]  {found.rule.about}  → {where}")
    done = sum(1 for found in covered if found.kind)
    typer.echo(f"{region}: {done} / {len(covered)} 条规则有着落 rules accounted for")
    raise typer.Exit(0 if done == len(covered) else 1)


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
