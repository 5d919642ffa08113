"""`bulou forecast`: from files and options to a forecast, and from it to the terminal and to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bulou.engine.simulation.forecast.assumptions import read_assumptions
from bulou.engine.simulation.forecast.forecast import Look, forecast
from bulou.engine.simulation.forecast.result import Forecast
from bulou.engine.simulation.start import start_from
from bulou.engine.simulation.wishes import Wish, read_settings


def forecast_policy(  # noqa: PLR0913 each wish is a keyword of its own
    files: Sequence[Path],
    *,
    months: int,
    region: str = "",
    on: date | None = None,
    packs: Sequence[Path] = (),
    rolls: Iterable[str] = (),
    wishes: Iterable[tuple[str, str]] = (),
    current: Sequence[str] = (),
    start: date | None = None,
    programmes: Sequence[str] = (),
    assume: Path | None = None,
    lists: bool = True,
    done: Callable[[str], None] = lambda _: None,
) -> Forecast:
    """Forecast for the people in files; `wishes` are (option, text) as on the command line. Raises `Refused`."""
    assumptions = read_assumptions(assume) if assume else None
    begun = start_from(files, region=region, on=on, packs=packs, rolls=rolls)
    look = Look(
        months=months,
        wishes=tuple(Wish(option, text) for option, text in wishes),
        current=read_settings(begun.pack, current, "current"),
        start=start,
        programmes=tuple(programmes),
        assumptions=assumptions,
        lists=lists,
    )
    return forecast(begun.pack, begun.population, begun.on, look, done)


def write_forecast(result: Forecast, out: Path, lists: bool = True) -> list[Path]:
    """Write the workbook, the list of who changes and the page into a folder; gives the files."""
    from bulou.engine.simulation.files import write_files
    from bulou.engine.simulation.forecast.book import BOOK, LIST, PAGE, people_sheet, sheets
    from bulou.engine.simulation.forecast.page import page

    people = (LIST, people_sheet(result)) if lists else None
    foot = f"变动预告 {result.on}，不是判定"
    return write_files(out, result.on, foot, (BOOK, sheets(result)), (PAGE, page(result)), people)


def forecast_text(result: Forecast) -> tuple[list[str], list[Any], list[str]]:
    """What a terminal shows: lines, tables (title, heads, rows), lines."""
    from bulou.engine.simulation.forecast.text import closing, grids, headline

    return list(headline(result)), list(grids(result)), list(closing(result))
