"""A folder of departments' files: every file read, its sheets recognised and those of a known kind cleaned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.progress import Say, silent, told
from bulou.engine.basics.workers import Workers
from bulou.engine.intake.clean import clean
from bulou.engine.intake.cleaned import Cleaned
from bulou.engine.intake.read import ENDINGS, read_file
from bulou.engine.intake.recognise import Recognised, recognise
from bulou.engine.intake.sheet import SheetRead
from bulou.engine.intake.templates import Templates

WORKBOOKS, WORKBOOK_EFFORT = (".xlsx", ".xls"), 6
"""A byte of a workbook takes about as long as so many of a text table."""


@dataclass(frozen=True)
class FolderRead:
    """The sheets of files by name: cleaned, of no kind that anybody could tell, or set aside unread; and the files
    that could not be read. Cells as they came are packed (see `SheetRead`)."""

    cleaned: tuple[Cleaned, ...] = ()
    unknown: tuple[Recognised, ...] = ()
    aside: tuple[SheetRead, ...] = ()
    problems: tuple[Problem, ...] = ()

    def with_more(self, other: FolderRead) -> FolderRead:
        return FolderRead(
            (*self.cleaned, *other.cleaned),
            (*self.unknown, *other.unknown),
            (*self.aside, *other.aside),
            (*self.problems, *other.problems),
        )


def _none(sheet: SheetRead) -> bool:
    return False


class FolderReading:
    """The files directly in a folder, being read by `workers` while the caller does something else.

    Traces of open programs (~$…, .~lock…, hidden files) are passed over; another kind of file is noted. Sheets for
    which `aside` is true are no rolls and come back as they are.
    """

    def __init__(
        self, folder: Path, templates: Templates, workers: Workers, aside: Callable[[SheetRead], bool] = _none
    ) -> None:
        files = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith(("~$", ".")))
        self._paths = sorted(files)
        tables = [path for path in self._paths if path.suffix.lower() in ENDINGS]
        longest_first = sorted(tables, key=_effort, reverse=True)
        self._coming = {path: workers.submit(clean_file, path, templates, aside) for path in longest_first}

    def finish(self, say: Say = silent) -> FolderRead:
        """Help from the other end, and wait for the last file. What was found comes in the order of the names; it is
        kept nowhere else, so ask once."""
        shortest_first = [*reversed(self._coming)]
        several = told(shortest_first, len(shortest_first), "读入整理 reading", say)
        read = {path: self._coming.pop(path)() for path in several}
        found = FolderRead()
        for path in self._paths:
            found = found.with_more(read[path] if path in read else FolderRead(problems=(_not_read(path),)))
        return found


def clean_file(path: Path, templates: Templates, aside: Callable[[SheetRead], bool] = _none) -> FolderRead:
    """One file read and its sheets cleaned; why it cannot be read is among the problems."""
    try:
        sheets = read_file(path)
    except Refused as refused:
        return FolderRead(problems=tuple(refused.problems))
    set_aside = tuple(sheet for sheet in sheets if aside(sheet))
    recognised = [recognise(sheet, templates) for sheet in sheets if not any(sheet is one for one in set_aside)]
    return FolderRead(
        cleaned=tuple(_packed(clean(one)) for one in recognised if one.template is not None),
        unknown=tuple(one for one in recognised if one.template is None),
        aside=set_aside,
    )


def _effort(path: Path) -> int:
    """What reading a file costs beside others, in bytes of text."""
    return path.stat().st_size * (WORKBOOK_EFFORT if path.suffix.lower() in WORKBOOKS else 1)


def _packed(one: Cleaned) -> Cleaned:
    return replace(one, recognised=replace(one.recognised, sheet=one.recognised.sheet.packed()))


def _not_read(path: Path) -> Problem:
    got = path.suffix or "（没有后缀）"
    return Problem("not-read", Place(str(path)), got, "、".join(ENDINGS), "不是表格，略过", "note")
