"""What a simulation or forecast leaves in a folder: a workbook, a page, and apart from both a list of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.sheets import Sheet, write_book

INTERNAL = "内部资料，含个人信息，不得外传"


def write_files(
    out: Path,
    on: date,
    foot: str,
    book: tuple[str, Iterable[Sheet]],
    page: tuple[str, str],
    people: tuple[str, Sheet] | None,
) -> list[Path]:
    """Write a workbook, a list of people (if any) and a page, each with its name, into `out`; gives the files.

    `on` is the day of the result, `foot` stands under every sheet. Raises `Refused` when `out` is a file.
    """
    if out.exists() and not out.is_dir():
        raise Refused([Problem("not-a-folder", Place(str(out)), "这是一个文件", "文件夹", "换一个名字")])
    sheets = list(book[1])
    out.mkdir(parents=True, exist_ok=True)
    write_book(out / book[0], sheets, on, foot)
    if people:
        write_book(out / people[0], [people[1]], on, f"{foot}；{INTERNAL}")
    (out / page[0]).write_text(page[1], encoding="utf-8", newline="\n")
    return [out / name for name in (book[0], *([people[0]] if people else []), page[0])]
