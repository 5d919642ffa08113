"""`bulou match REGISTRY FILE --out DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def match(
    registry: Annotated[
        Path, typer.Argument(help="登记册：姓名、身份证号，及性别、出生日期、村、电话 · registry", show_default=False)
    ],
    file: Annotated[Path, typer.Argument(help="部门报来的名单 · a department's list", show_default=False)],
    out: Annotated[Path, typer.Option(help="写到这个文件夹 · output folder", show_default=False)],
    review: Annotated[
        list[Path] | None, typer.Option(help="填过的《待判断.xlsx》；放在输出文件夹里的自动读 · filled review list")
    ] = None,
) -> None:
    """名单的每一行对应到登记册里的哪个人：号码写错、缺号、姓名异写。Match a list with a registry."""
    from bulou import engine

    run = engine.match_files(registry, file, out, review or [])
    for problem in run.problems:
        typer.echo(str(problem), err=True)
    for line in run.summary():
        typer.echo(line)
    raise typer.Exit(1 if run.problems else 0)
