"""What named persons have decided about lines of earlier lists, read from the workbooks they filled in.

A list is filled in where it lies (`out/本月发放.xlsx`) or as a copy in the folder 决定 of the month. The yellow columns
count: what was decided, by whom, why. A decision without a name decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.intake import read_file
from bulou.engine.matching.review_book import BOOK

if TYPE_CHECKING:
    import polars as pl

FOLDER = "决定"
"""Folder of a month for filled-in copies of lists."""

PAY, DECLINE, LATER, DEDUCT = "pay", "decline", "later", "deduct"
WHO, WHY, ID_NO, PROGRAMME = "决定人", "理由", "身份证号", "项目"


@dataclass(frozen=True)
class FilledList:
    """A sheet that takes decisions: its file, its decision column, what may be chosen there and what that does.

    `because` is the column with the reason that was decided on, `line` and `month` those that name the line.
    """

    file: str
    sheet: str
    column: str
    effects: Mapping[str, str]
    because: str
    line: str = ""
    month: str = ""
    check: str = ""


WAITING = FilledList(
    "本月发放",
    "待决定",
    "决定",
    {"继续发": PAY, "停发": DECLINE, "补发": PAY, "不补发": DECLINE},
    "为什么等",
    line="本月或补发",
    month="所属月份",
)
SUSPECTED = FilledList(
    "疑似不应享",
    "疑似不应享",
    "核实结果",
    {"属实，停发": DECLINE, "不属实，继续发": PAY, "需再核实": LATER},
    "证据",
    check="疑点",
)
OWED = FilledList(
    "补发追缴",
    "补发追缴",
    "决定",
    {"同意补发": PAY, "从以后月份抵扣": DEDUCT, "追缴": LATER, "免予追缴": LATER, "不予补发": DECLINE},
    "原因",
    month="所属月份",
)
UNTOLD = FilledList(
    "应享未享",
    "应享未享",
    "办理结果",
    {"已申请": LATER, "联系不上": LATER, "本人不愿申请": DECLINE, "经核不符合": DECLINE},
    "为什么应享",
)
FILLED_LISTS = (WAITING, SUSPECTED, OWED, UNTOLD)

COLUMNS = ("list", "id_no", "title", "check", "line", "month", "because", "decision", "effect", "who", "why", "known")


def no_decisions() -> pl.DataFrame:
    """A frame of `COLUMNS` (all text) without rows.

    `list` is the sheet, `title` the programme's, `check` the suspicion's, `because` the reason decided on, `effect`
    pay, decline, deduct or later, `known` the month in which it was decided.
    """
    import polars as pl

    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


def read_decisions(files: Sequence[Path], month: str) -> tuple[pl.DataFrame, list[Problem]]:
    """Decisions of some workbooks, of several about one line the last; and rows that decide nothing, as problems."""
    import polars as pl

    rows: list[dict[str, str]] = []
    problems: list[Problem] = []
    for path in files:
        try:
            sheets = read_file(path)
        except Refused as refused:
            problems += refused.problems
            continue
        for sheet in sheets:
            taker = next((one for one in FILLED_LISTS if one.sheet == sheet.sheet), None)
            if taker is not None:
                for found in _decisions(path, sheet.grid, taker, month):
                    if isinstance(found, Problem):
                        problems.append(found)
                    else:
                        rows.append(found)
    keys = ["list", "id_no", "title", "check", "line", "month", "because"]
    frame = pl.DataFrame(rows, schema=no_decisions().schema)
    return frame.unique(keys, keep="last", maintain_order=True), problems


def _decisions(path: Path, grid: pl.DataFrame, taker: FilledList, known: str) -> Iterator[dict[str, str] | Problem]:
    rows = list(grid.iter_rows())
    at = next((number for number, row in enumerate(rows) if ID_NO in row and taker.column in row), None)
    if at is None:
        return
    columns = {str(head): place for place, head in enumerate(rows[at]) if head}
    for number, row in enumerate(rows[at + 1 :], at + 2):
        said = {head: (row[place] or "").strip() for head, place in columns.items()}
        if said.get(taker.column):
            yield _decision(said, taker, known, Place(str(path), row=number, column=taker.column, sheet=taker.sheet))


def _decision(said: Mapping[str, str], taker: FilledList, known: str, place: Place) -> dict[str, str] | Problem:
    decision, who = said[taker.column], said.get(WHO, "")
    if decision not in taker.effects:
        fix = "从下拉里选一个；这一行没有采用"
        return Problem("unknown-decision", place, decision, "、".join(taker.effects), fix)
    if not who:
        fix = "填上决定人再运行；这一行没有采用"
        return Problem("no-decider", place, f"“{decision}”没有写决定人", "决定人的姓名", fix)
    values: dict[str, Any] = {
        "list": taker.sheet,
        "id_no": said.get(ID_NO, "").lstrip("'"),
        "title": said.get(PROGRAMME, ""),
        "check": said.get(taker.check, ""),
        "line": said.get(taker.line, ""),
        "month": said.get(taker.month, ""),
        "because": said.get(taker.because, ""),
        "decision": decision,
        "effect": taker.effects[decision],
        "who": who,
        "why": said.get(WHY, ""),
        "known": known,
    }
    return values


def filled_in(folder: Path, out: Path, written: Mapping[str, str], aside: str) -> list[Path]:
    """Workbooks of a month that may hold decisions, the latest last: those put aside by earlier runs, those changed
    where they lie (their digest is not the one in `written`), and copies in the folder 决定."""
    from bulou.engine.basics.files import digest_of

    names = (*(one.file for one in FILLED_LISTS), Path(BOOK).stem)
    changed = [path for path in _books(out, names) if written.get(path.name) != digest_of(path)]
    return [*_books(out / aside, names), *changed, *_books(folder / FOLDER, names)]


def _books(folder: Path, names: tuple[str, ...]) -> list[Path]:
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.suffix == ".xlsx" and path.name.startswith(names)]
    return sorted(found, key=lambda path: (len(path.stem), path.name))
