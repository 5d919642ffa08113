"""`bulou levy FILE…`: the levy's declaration sheet in, the sheet filled out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Set = Annotated[
    list[str] | None, typer.Option("--set", help="本地数值 名字=值，可多次 · local value, name=value, repeatable")
]


def levy(
    files: Annotated[
        list[Path],
        typer.Argument(help="残保金申报表，可另加残疾职工名单：xlsx、xls、csv · sheets", show_default=False),
    ],
    region: Annotated[str, typer.Option(help="地区代码，默认全国 · region code")] = "cn",
    year: Annotated[int | None, typer.Option(help="所属年度；表里有所属期就不用写 · fee year")] = None,
    on: Annotated[str, typer.Option(help="没缴的滞纳金算到哪天 YYYY-MM-DD · day of counting late fees")] = "",
    set_: Set = None,
    settings: Annotated[Path | None, typer.Option(help="写着 [settings] 的 TOML · file of dated local values")] = None,
    out: Annotated[Path | None, typer.Option(help="文件夹或 .xlsx，默认写在原表旁边 · folder or .xlsx")] = None,
    packs: Annotated[Path | None, typer.Option(help="另外存放地区包的文件夹 · folder with further packs")] = None,
) -> None:
    """残保金：按规定逐步算好申报表，说明理由和依据，提出疑点。Work out the levy, step by step."""
    from bulou import engine
    from bulou.engine.cli.decide import day_of, pack_of

    pack = pack_of(region, packs)
    run = engine.work_out_levy(
        files,
        pack,
        year=year,
        on=day_of(on) if on else None,
        settings=[*engine.read_settings(pack, settings), *engine.settings_said(set_ or [], pack)],
        out=out or files[0].parent,
    )
    for problem in run.problems:
        typer.echo(str(problem), err=True)
    for line in run.summary():
        typer.echo(line)
    raise typer.Exit(1 if any(problem.severity == "error" for problem in run.problems) else 0)
