"""Writes plain .xlsx tables: strings and numbers, one merged title row, nothing else.

Why not xlsxwriter: a city's month has over a million cells, at 16 microseconds each there and under one here; and
equal input must give equal bytes, so that a region can be made again from its seed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

from bulou.engine.basics.cells import column_letters
from bulou.engine.synthetic.shapes import Cell

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NEEDS_ESCAPE = re.compile(r"[<>&]")
_ROWS_AT_ONCE = 2000


def write_workbook(path: Path, pages: Iterable[tuple[str, Sequence[int], Iterable[Sequence[Cell]]]]) -> None:
    """Pages are name, column widths, rows; the first row holds the title, merged over all columns."""
    names = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, (name, widths, rows) in enumerate(pages, 1):
            names.append(name)
            _add(archive, f"xl/worksheets/sheet{number}.xml", _sheet(widths, rows))
        _add(archive, "xl/workbook.xml", [_workbook(names)])
        _add(archive, "xl/_rels/workbook.xml.rels", [_relations(len(names))])
        _add(archive, "_rels/.rels", [_root()])
        _add(archive, "[Content_Types].xml", [_types(len(names))])


def _add(archive: zipfile.ZipFile, name: str, chunks: Iterable[str]) -> None:
    """Opened by name, an entry gets the date 1980-01-01: no clock in the bytes."""
    with archive.open(name, "w") as entry:
        entry.write(_HEAD.encode())
        for chunk in chunks:
            entry.write(chunk.encode())


def _sheet(widths: Sequence[int], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    letters = [column_letters(position) for position in range(len(widths))]
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1)
    )
    yield f'<worksheet xmlns="{_MAIN}"><cols>{columns}</cols><sheetData>'
    numbered = enumerate(rows, 1)
    while some := list(islice(numbered, _ROWS_AT_ONCE)):
        yield "".join([_row(number, letters, row) for number, row in some])
    yield "</sheetData>"
    if len(letters) > 1:
        yield f'<mergeCells count="1"><mergeCell ref="A1:{letters[-1]}1"/></mergeCells>'
    yield "</worksheet>"


def _row(number: int, letters: list[str], row: Sequence[Cell]) -> str:
    cells = []
    for letter, cell in zip(letters, row, strict=False):
        if isinstance(cell, str):
            if cell:
                text = escape(cell) if _NEEDS_ESCAPE.search(cell) else cell
                keep = ' xml:space="preserve"' if " " in cell else ""
                cells.append(f'<c r="{letter}{number}" t="inlineStr"><is><t{keep}>{text}</t></is></c>')
        elif cell is not None:
            cells.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def _workbook(names: list[str]) -> str:
    sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _relations(count: int) -> str:
    lines = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, count + 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _root() -> str:
    target = f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{target}</Relationships>'


def _types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{sheets}</Types>'
    )
