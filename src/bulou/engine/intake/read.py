"""Reads a department's file, or a folder of them, as sheets of text."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bulou.engine.basics.files import content_kind, presence_problem
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.progress import Say, silent, told
from bulou.engine.intake.sheet import SheetRead
from bulou.engine.intake.text_files import read_text_file
from bulou.engine.intake.workbooks import read_workbook

ENDINGS = (".xlsx", ".xls", ".csv", ".txt")
READERS = 2
"""Files read at a time; each holds its workbook in memory."""


def read_file(path: Path) -> list[SheetRead]:
    """Every sheet of a workbook, or the one sheet of a text table, with all cells as text.

    The content decides how a file is read, not its ending: departments rename .xls to .xlsx and back.
    Raises `Refused`: no such file, empty, another format, truncated, password-protected, too large.
    """
    problem = presence_problem(path, ENDINGS)
    if problem:
        raise Refused([problem])
    match content_kind(path):
        case ".xlsx":
            return read_workbook(path, zipped=True)
        case ".xls":
            return read_workbook(path, zipped=False)
        case None if path.suffix.lower() in (".csv", ".txt"):
            return [read_text_file(path)]
        case other:
            got = f"内容像 {other or '文本或网页 text or HTML'}"
            place = Place(str(path))
            fix = "用表格软件打开后另存为 xlsx"
            raise Refused([Problem("not-what-its-name-says", place, got, f"{path.suffix} 文件", fix)])


def read_folder(folder: Path, say: Say = silent) -> tuple[list[SheetRead], list[Problem]]:
    """Sheets of all files directly in the folder, by file name, and what could not be read.

    Traces of open programs (~$…, .~lock…, hidden files) are passed over; another kind of file is noted.
    """
    paths = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(("~$", "."))]
    tables = [path for path in paths if path.suffix.lower() in ENDINGS]
    sheets: list[SheetRead] = []
    problems: list[Problem] = []
    # the workbook reader works outside the interpreter's lock
    with ThreadPoolExecutor(READERS) as readers:
        largest_first = sorted(tables, key=lambda path: path.stat().st_size, reverse=True)
        reading = {path: readers.submit(_sheets_or_problems, path) for path in largest_first}
        for path in told(paths, len(paths), "读入表格 reading", say):
            found, refused = reading[path].result() if path in reading else ([], [_not_read(path)])
            sheets += found
            problems += refused
    return sheets, problems


def _sheets_or_problems(path: Path) -> tuple[list[SheetRead], Sequence[Problem]]:
    try:
        return read_file(path), ()
    except Refused as refused:
        return [], refused.problems


def _not_read(path: Path) -> Problem:
    got = path.suffix or "（没有后缀）"
    return Problem("not-read", Place(str(path)), got, "、".join(ENDINGS), "不是表格，略过", "note")
