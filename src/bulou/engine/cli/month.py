"""`bulou month DIR`: a folder of department spreadsheets in, lists, payroll and report out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

PROCESSES = 1
"""Beside the one that runs the month; each holds a department's workbook in memory."""

LARGE = 4 << 20
"""Bytes in a month's files from which further processes save more time than it takes to start them."""


def month(
    folder: Annotated[
        Path, typer.Argument(help="放着各部门表格的文件夹 · folder of department files", show_default=False)
    ],
    region: Annotated[str, typer.Option(help="地区代码；month.toml 里有就不用写 · region code")] = "",
    month: Annotated[str, typer.Option(help="月份 YYYY-MM；month.toml 里有就不用写 · month")] = "",
    out: Annotated[Path | None, typer.Option(help="写到哪里，默认 DIR/out · output folder")] = None,
    packs: Annotated[Path | None, typer.Option(help="另外存放地区包的文件夹 · folder with further packs")] = None,
) -> None:
    """每月比对：应享未享、疑似不应享、待核实、本月发放、补发追缴、变动预告。Run a month."""
    import gc
    import time

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    from bulou import engine
    from bulou.engine.basics.workers import RARELY, Workers

    processes = PROCESSES if _size(folder) >= LARGE else 0
    # Polars reads it when it is imported: threads beyond the processors only get in each other's way
    os.environ.setdefault("POLARS_MAX_THREADS", str(max(1, (os.cpu_count() or 1) - processes)))
    usual = gc.get_threshold()
    gc.set_threshold(*RARELY)
    begun = time.monotonic()
    console = Console(stderr=True)
    steps = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*steps, console=console, transient=True) as progress:
        task = progress.add_task("开始 starting", total=None)

        def say(step: str, done: int, whole: int) -> None:
            progress.update(task, description=step, completed=done, total=whole or None)

        try:
            with Workers(processes, prepare) as workers:
                other_packs = [packs] if packs else []
                run = engine.run_month(
                    folder, region=region, month=month, packs=other_packs, out=out, say=say, workers=workers
                )
        finally:
            gc.set_threshold(*usual)
    for problem in run.problems:
        typer.echo(str(problem), err=True)
    for line in run.summary():
        typer.echo(line)
    typer.echo(_cost(time.monotonic() - begun))
    raise typer.Exit(1 if run.problems else 0)


def _cost(seconds: float) -> str:
    """Time and, where the system tells it, the peak memory of the largest process."""
    try:
        import resource
    except ImportError:
        return f"用时 {seconds:.1f} 秒"
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    mebibytes = peak >> (20 if sys.platform == "darwin" else 10)
    return f"用时 {seconds:.1f} 秒 · 内存最多 {mebibytes} MiB"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) if folder.is_dir() else 0


def prepare() -> None:
    """What a process that reads needs, loaded while the main one still loads the packs."""
    import polars
    import python_calamine

    from bulou.engine.intake import folder

    assert polars and python_calamine and folder
