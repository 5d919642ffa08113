"""`bulou synth`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def synthetic(
    region: Annotated[str, typer.Argument(help="地区代码 · region code", show_default=False)],
    out: Annotated[Path, typer.Argument(help="写到这个新文件夹 · new folder to write", show_default=False)],
    people: Annotated[int, typer.Option(help="持证残疾人数 · certificate holders")] = 52_000,
    seed: Annotated[int, typer.Option(help="随机种子，同种子同结果 · same seed, same bytes")] = 1,
    month: Annotated[str, typer.Option(help="第一个月 YYYY-MM · first month")] = "2025-06",
    months: Annotated[int, typer.Option(help="连续几个月 · how many months")] = 1,
    tables: Annotated[
        bool, typer.Option("--tables", help="只写人和家庭的事实表，供测算 · fact tables only, no department files")
    ] = False,
    dirt: Annotated[float, typer.Option(help="脏数据倍数，0 为干净 · fault rates times this, 0 is clean")] = 1.0,
) -> None:
    """造一个合成地区：不存在的人、部门报来的脏表格，真相另放。Make a synthetic region, its truth beside it."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TimeElapsedColumn

    from bulou import engine

    if tables:
        counts = engine.make_fact_tables(out, region=region, holders=people, seed=seed, month=month)
        typer.echo(f"{out}: 持证 {counts['holders']} 人，连家人 {counts['people']} 人，{counts['households']} 户")
        return
    columns = (SpinnerColumn(), "{task.description}", TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("造数中 making")
        summary = engine.make_synthetic(
            out,
            region=region,
            holders=people,
            seed=seed,
            month=month,
            months=months,
            dirt=dirt,
            done=lambda step: progress.update(task, description=step),
        )
    typer.echo(
        f"{out}: 持证 {summary['holders']} 人，连家人 {summary['people']} 人；表格 {summary['rows_in_files']} 行"
    )
    typer.echo(f"{out / 'truth'}: 真相；下列错误可用来量查全率、查准率 truth, to measure recall and precision:")
    for kind, counts in summary["faults"].items():
        typer.echo(f"  {kind}: {counts['all']}（其中安插 planted {counts['planted']}）")
