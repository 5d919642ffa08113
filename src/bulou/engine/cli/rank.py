"""`bulou rank CODE PRIORITY FILE…`: who comes first, why, and who cannot be ranked yet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bulou.engine.cli.levy import Set


def rank(
    region: Annotated[str, typer.Argument(help="地区代码 region code", show_default=False)],
    priority: Annotated[str, typer.Argument(help="哪一条优先；不写就列出全部 · which priority")] = "",
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="名单：JSON 文档，或 CSV、XLSX、Parquet 表 · the line", show_default=False),
    ] = None,
    on: Annotated[str, typer.Option(help="哪一天 YYYY-MM-DD · day")] = "",
    roll: Annotated[list[str] | None, typer.Option("--roll", help="已完整载入的名册，可多次 · complete roll")] = None,
    set_: Set = None,
    out: Annotated[Path | None, typer.Option(help="写成 .xlsx 或 .csv · write here")] = None,
    packs: Annotated[Path | None, typer.Option(help="另外存放地区包的文件夹 · folder with further packs")] = None,
) -> None:
    """优先次序：按规定的先后排名单，写明理由；并列照列，缺事实的不猜。Rank a line by the pack's keys."""
    from bulou import engine
    from bulou.engine.basics.problems import Place, Problem, Refused
    from bulou.engine.cli.decide import day_of, pack_of

    pack = pack_of(region, packs)
    if not priority:
        for line in engine.priorities_of(pack):
            typer.echo(line)
        return
    if not files or not on:
        got = "没有名单" if not files else "没有 --on"
        raise Refused([Problem("incomplete-command", Place("bulou rank"), got, "名单和 --on 日期", "补上")])
    if out is not None and any(out.resolve() == file.resolve() for file in files):
        raise Refused([Problem("would-overwrite", Place("--out"), str(out), "不是输入文件", "换一个文件名")])
    ranking = engine.rank_files(pack, priority, files, day_of(on), roll or [], engine.settings_said(set_ or [], pack))
    if out is None:
        for line in engine.ranking_text(ranking):
            typer.echo(line)
        return
    engine.write_ranking(ranking, out)
    typer.echo(f"{out}：{engine.ranking_text(ranking)[1]}")
