"""Workbooks (.xlsx, .xls) through calamine, after a look that they will not fill the memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.intake.sheet import Merge, SheetRead, grid_of

MAX_UNPACKED = 1 << 30
MAX_CELLS = 20_000_000
NARROW = 26
"""Columns with a name of one letter."""
BLOCK = 1 << 20
OVERLAP = 64
_WIDE = re.compile(rb' r="[A-Z]{2}')
_CELL = re.compile(rb' r="([A-Z]{1,3})\d')
_ROW = re.compile(rb' r="[A-Z]{0,3}(\d+)"')
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path, zipped: bool) -> list[SheetRead]:
    """Every sheet of the workbook, hidden ones and empty ones too, in its order. Raises `Refused`."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    if zipped:
        _refuse_bombs(path)
    elif _ENCRYPTED in path.read_bytes():
        raise _refused(path, "password-protected", "加了密码的工作簿", "没有密码的工作簿", "取消密码后另存")
    try:
        # from_filelike looks at the content; from_path would go by the ending
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            return list(_sheets(book, path))
    except PasswordError:
        raise _refused(path, "password-protected", "加了密码的工作簿", "没有密码的工作簿", "取消密码后另存") from None
    except (CalamineError, OSError) as error:
        raise _unreadable(path, str(error)[:100] or type(error).__name__) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(path, "内容损坏") from None


def _sheets(book: object, path: Path) -> Iterator[SheetRead]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    assert isinstance(book, CalamineWorkbook)
    for place, about in enumerate(book.sheets_metadata):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(place)
        left = sheet.start[1] if sheet.start else 0
        grid = grid_of(sheet.iter_rows(), left)
        merges = tuple(Merge(*first, *last) for first, last in sheet.merged_cell_ranges or ())
        yield SheetRead(path.name, about.name, grid, merges, hidden=about.visible != SheetVisibleEnum.Visible)


def _refuse_bombs(path: Path) -> None:
    """Refuse a workbook that unpacks to more than a laptop holds, or whose cells lie absurdly far apart."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > MAX_UNPACKED:
                got = f"解开后 {unpacked >> 20} MiB"
                raise _refused(path, "too-large", got, f"不超过 {MAX_UNPACKED >> 20} MiB", "分成几个文件再导出")
            for member in archive.infolist():
                if member.filename.startswith("xl/worksheets/"):
                    _refuse_far_cells(path, archive, member.filename)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise _unreadable(path, f"压缩包损坏：{str(error)[:80]}") from None


def _refuse_far_cells(path: Path, archive: zipfile.ZipFile, member: str) -> None:
    """A reader holds the whole rectangle of cells: one stray cell far away would fill the memory."""
    rows, wide = 0, False
    for window in _windows(archive, member):
        wide = wide or _WIDE.search(window) is not None
        named = _ROW.search(window, window.rfind(b"<row "))
        rows = max(rows, int(named[1]) if named else 0)
    columns = _columns(archive, member) if wide else NARROW
    if rows * columns > MAX_CELLS:
        got = f"表格延伸到第 {rows} 行、第 {columns} 列"
        raise _refused(path, "cells-too-far", got, f"最多 {MAX_CELLS} 个单元格", "删去表格下面和右边的空白后另存")


def _columns(archive: zipfile.ZipFile, member: str) -> int:
    """Width of a sheet in columns, by its widest cell name."""
    names = {name for window in _windows(archive, member) for name in set(_CELL.findall(window))}
    widest = max(names, key=lambda name: (len(name), name), default=b"A")
    number = 0
    for character in widest:
        number = number * 26 + character - 64
    return number


def _windows(archive: zipfile.ZipFile, member: str) -> Iterator[bytes]:
    """A member of the archive in blocks that overlap, so that no cell's name is cut."""
    tail = b""
    with archive.open(member) as content:
        while block := content.read(BLOCK):
            yield tail + block
            tail = block[-OVERLAP:]


def _unreadable(path: Path, got: str) -> Refused:
    fix = "文件可能被截断：请重新导出，或用表格软件打开后另存"
    return _refused(path, "unreadable-workbook", got, "完好的工作簿", fix)


def _refused(path: Path, code: str, got: str, expected: str, fix: str) -> Refused:
    return Refused([Problem(code, Place(str(path)), got, expected, fix)])
