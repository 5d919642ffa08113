"""Reads a department's file as sheets of text."""

from __future__ import annotations

from pathlib import Path

from bulou.engine.basics.files import content_kind, presence_problem
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.intake.sheet import SheetRead
from bulou.engine.intake.text_files import read_text_file
from bulou.engine.intake.workbooks import read_workbook

ENDINGS = (".xlsx", ".xls", ".csv", ".txt")


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
