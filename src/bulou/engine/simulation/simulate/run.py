"""`bulou simulate`: from files and options to a result, and from a result to the terminal and to files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bulou.engine.pack import Pack
from bulou.engine.simulation.simulate.simulate import Wanted, simulate
from bulou.engine.simulation.simulate.simulation import Simulation
from bulou.engine.simulation.start import start_from
from bulou.engine.simulation.wishes import Wish, read_settings


def simulate_policy(  # noqa: PLR0913 each wish is a keyword of its own
    files: Sequence[Path],
    *,
    region: str = "",
    on: date | None = None,
    packs: Sequence[Path] = (),
    rolls: Iterable[str] = (),
    wishes: Iterable[tuple[str, str]] = (),
    current: Sequence[str] = (),
    start: date | None = None,
    against: Pack | None = None,
    policy_on: date | None = None,
    suppress: int | None = None,
    lists: bool = False,
) -> Simulation:
    """Simulate a change for the people in files; `wishes` are (option, text) as on the command line.

    Without a day the last one of the input's month counts, else the first day of the change. Raises `Refused`.
    """
    begun = start_from(
        files, region=region, on=on or _start_alone(files, start), packs=packs, rolls=rolls, besides=against
    )
    wanted = Wanted(
        wishes=tuple(Wish(option, text) for option, text in wishes),
        current=read_settings(begun.pack, current, "current"),
        against=against,
        start=start,
        policy_on=policy_on,
        suppress=suppress,
        lists=lists,
        current_says=tuple(current),
    )
    return simulate(begun.pack, begun.population, begun.on, wanted)


def _start_alone(files: Sequence[Path], start: date | None) -> date | None:
    """The first day of the change, where the input is files that name no month."""
    return start if start and not any(path.is_dir() for path in files) else None


def write_simulation(result: Simulation, out: Path) -> list[Path]:
    """Write the workbook, the page and, where asked for, the list into a folder; gives the files."""
    from bulou.engine.simulation.files import write_files
    from bulou.engine.simulation.simulate.book import BOOK, LIST, PAGE, people_sheet, sheets
    from bulou.engine.simulation.simulate.page import page

    listed = people_sheet(result)
    foot = f"政策测算 {result.on}，不是判定"
    people = (LIST, listed) if listed else None
    return write_files(out, result.on, foot, (BOOK, sheets(result)), (PAGE, page(result)), people)


def simulation_text(result: Simulation) -> tuple[list[str], list[Any], list[str]]:
    """What a terminal shows: lines, tables (title, heads, rows), lines."""
    from bulou.engine.simulation.simulate.text import closing, grids, headline

    return list(headline(result)), list(grids(result)), list(closing(result))
