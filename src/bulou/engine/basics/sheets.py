"""Workbooks to hand on: a title, a note, a frozen head with filters, set up for A4 landscape.

xlsxwriter makes everything but the rows: styles, print set-up, filters, one blank row that carries the formats. At 16
microseconds a cell it would need ten seconds for a city's payroll, so the rows are made as columns by Polars and put
in the blank row's place. Equal input gives equal bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bulou.engine.basics.cells import column_letters, neutral, neutral_column, yuan_column

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["text", "yuan", "number", "decimal"]

UNDATED = date(2000, 1, 1)
"""For the properties of a workbook that is of no month: the same rows give the same bytes."""

_STANDING_OUT = ("bold", "mend")
_QUICK = 1
"""This level writes a payroll of 31,000 rows in 8 to 19 % less time than level 4, with 8 % more bytes."""
_AT_ONCE = 4_000
"""Rows held as text at a time."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STYLE = re.compile(r' s="(\d+)"')
_LONGEST = 32_767
"""Characters that a cell holds."""
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_x": "_x005F_x"} | {
    character: f"_x{ord(character):04X}_" for character in [*map(chr, range(32)), "\ufffe", "\uffff"]
    if character not in "\t\n"
}  # fmt: skip
"""As XML text. `_x000D_` is how workbooks write a character that XML has no place for, `_x005F_` a plain `_`."""


@dataclass(frozen=True)
class Column:
    """One column: its head, the frame's column (empty: left blank to be filled in by hand), width and kind.

    `yuan` takes whole fen and shows yuan with two decimals; `decimal` takes the text of a number; `empty` stands
    where the value is unknown; `choices` are offered for a column to be filled in. `mend` and `bold` name Boolean
    columns of the frame that say which cells stand out, empty ones too: yellow because they are to be mended, bold.

    Text is made harmless (see `cells`), for a list lives on as CSV. Only a column that the program itself reads back is
    `exact`: as text in a workbook it is no formula anyhow, and an apostrophe would come back as part of the value.
    """

    head: str
    source: str = ""
    width: float = 10
    kind: Kind = "text"
    empty: str = ""
    choices: tuple[str, ...] = ()
    exact: bool = False
    mend: str = ""
    bold: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet; the rows of `frame` are written in their order and numbered by a column 序号 that has no source.

    The lines of `note` stand under the title; `frozen` columns stay in sight.
    """

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    frozen: int = 4

    @property
    def head_row(self) -> int:
        """Rows before the head: the title, the note's lines."""
        return 1 + len(self.note.split("\n"))


def write_book(path: Path, sheets: Sequence[Sheet], on: date, footer: str) -> None:
    """Write a workbook. `on` is the date in its properties, so that the same month gives the same bytes."""
    template = zipfile.ZipFile(BytesIO(_template(sheets, on, footer)))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICK) as archive:
        for name in template.namelist():
            content = bytearray(template.read(name))
            if found := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name):
                content = _filled(content.decode(), sheets[int(found[1]) - 1])
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content, compresslevel=_QUICK)


def _template(sheets: Sequence[Sheet], on: date, footer: str) -> bytes:
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(on.year, on.month, on.day), "title": sheets[0].title})
        formats = _formats(book)
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            _set_up(page, sheet, footer)
            _head(page, sheet, formats)
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "border_color": "#808080", "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "note": book.add_format({"font_size": 11}),
        "head": book.add_format({**cell, "bold": True, "text_wrap": True, "bg_color": "#E8EEF4", "align": "center"}),
        "text": book.add_format({**cell, "num_format": "@", "text_wrap": True}),
        "yuan": book.add_format({**cell, "num_format": "#,##0.00"}),
        "number": book.add_format({**cell, "num_format": "0"}),
        "decimal": book.add_format({**cell, "num_format": "General"}),
        "fill": book.add_format({**cell, "num_format": "@", "text_wrap": True, "bg_color": "#FFF2CC"}),
        "mend": book.add_format({**cell, "num_format": "@", "text_wrap": True, "bg_color": "#FFE699"}),
        "bold": book.add_format({**cell, "num_format": "@", "text_wrap": True, "bold": True}),
    }


def _set_up(page: Any, sheet: Sheet, footer: str) -> None:
    head, first = sheet.head_row, sheet.head_row + 1
    last = max(first, head + sheet.frame.height)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, head)
    page.set_footer(f"&L{footer}&R第 &P 页，共 &N 页")
    page.freeze_panes(first, min(sheet.frozen, len(sheet.columns) - 1))
    page.autofilter(head, 0, last, len(sheet.columns) - 1)
    page.ignore_errors({"number_stored_as_text": f"A{first + 1}:{column_letters(len(sheet.columns) - 1)}{last + 1}"})
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        if column.choices:
            offered = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            page.data_validation(first, at, last, at, offered)


def _head(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    page.write_string(0, 0, neutral(sheet.title), formats["title"])
    for row, line in enumerate(sheet.note.split("\n"), 1):
        page.write_string(row, 0, neutral(line), formats["note"])
    page.set_row(sheet.head_row, 32)
    for at, column in enumerate(sheet.columns):
        page.write_string(sheet.head_row, at, column.head, formats["head"])
        page.write_blank(sheet.head_row + 1, at, None, formats["fill" if _filled_in(column) else column.kind])
    if sheet.frame.height:
        for at, name in enumerate(_STANDING_OUT, len(sheet.columns)):
            page.write_blank(sheet.head_row + 1, at, None, formats[name])


def _numbers(column: Column) -> bool:
    return column.head == "序号" and not column.source


def _filled_in(column: Column) -> bool:
    return not column.source and not _numbers(column)


def _filled(xml: str, sheet: Sheet) -> bytearray:
    """The sheet's XML with its blank row replaced by all rows of the frame."""
    sample = re.search(rf'<row r="{sheet.head_row + 2}".*?</row>', xml, re.DOTALL)
    assert sample is not None
    if not sheet.frame.height:
        return bytearray(xml.encode())
    size = f"A1:{column_letters(len(sheet.columns) - 1)}{sheet.head_row + 1 + sheet.frame.height}"
    head = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="{size}"/>', xml[: sample.start()], count=1)
    content = bytearray(head.encode())
    for rows in _rows(sheet, _STYLE.findall(sample[0])):
        content += rows.encode()
    return content + xml[sample.end() :].encode()


def _rows(sheet: Sheet, styles: Sequence[str]) -> Iterator[str]:
    """All rows as XML, some at a time; `styles` are the numbers of the columns' formats and then of those that stand
    out."""
    import polars as pl

    frame = sheet.frame.with_row_index("__at", 1)
    row = (pl.col("__at") + (sheet.head_row + 1)).cast(pl.String)
    standing_out = dict(zip(_STANDING_OUT, styles[len(sheet.columns) :], strict=True))
    cells = [
        cell
        for at, (column, style) in enumerate(zip(sheet.columns, styles, strict=False))
        for cell in _cell(column, column_letters(at), row, style, standing_out)
    ]
    lines = pl.concat_str(pl.lit('<row r="'), row, pl.lit('">'), *cells, pl.lit("</row>"))
    for some in frame.iter_slices(_AT_ONCE):
        yield str(some.select(lines.str.join("")).item())


def _cell(
    column: Column, letter: str, row: pl.Expr, style: str, standing_out: Mapping[str, str]
) -> tuple[pl.Expr, ...]:
    """The pieces of one cell's XML; a missing value leaves a cell with its format only."""
    import polars as pl

    value = _value(column)
    opening, kind, end = "<v>", "", "</v></c>"
    if column.kind == "text":
        opening, kind, end = '<is><t xml:space="preserve">', ' t="inlineStr"', "</t></is></c>"

    def shaped(text: str) -> pl.Expr:
        shape: pl.Expr = pl.lit(text.format(style))
        for name, other in standing_out.items():
            if said := getattr(column, name):
                shape = pl.when(pl.col(said)).then(pl.lit(text.format(other))).otherwise(shape)
        return shape

    full = pl.concat_str(shaped(f'"{kind} s="{{}}">{opening}'), value, pl.lit(end))
    return pl.lit(f'<c r="{letter}'), row, full.fill_null(shaped('" s="{}"/>'))


def _value(column: Column) -> pl.Expr:
    """The value as it stands in the XML; NULL for a blank cell."""
    import polars as pl

    if _numbers(column):
        return pl.col("__at").cast(pl.String)
    if not column.source:
        return pl.lit(None, pl.String)
    given = pl.col(column.source)
    if column.kind == "yuan":
        return yuan_column(column.source)
    if column.kind in ("number", "decimal"):
        return given.cast(pl.String)
    text = given.cast(pl.String)
    if column.empty:
        text = text.fill_null(column.empty)
    text = text.str.slice(0, _LONGEST) if column.exact else neutral_column(text)
    return text.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
