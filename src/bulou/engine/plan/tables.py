"""Indicator tables, whether as real rows and cells or flattened into lines by a PDF.

A row is read only when its number, its name and as many values as the heading has columns can be told apart;
otherwise the row's printed text stays in the table and a problem says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.plan.cells import (
    NATURE,
    Column,
    is_header,
    read_columns,
    read_value,
    split_cells,
    split_name,
    value_unit,
)
from bulou.engine.plan.model import Indicator, Line, Value
from bulou.engine.plan.numbering import read_mark
from bulou.engine.plan.typesetting import clean

_ROW = re.compile(r"^(\d{1,2})\s*[.．、]\s*(?=\D)")
_HEADER_LINES = 6
_CATEGORY_LINES = 8
_LAST_ROW = 60


@dataclass
class TableRead:
    """What came of one table: lines start <= i < end belong to it."""

    start: int
    end: int
    rows: list[Indicator] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_header(lines: Sequence[Line], start: int) -> tuple[list[Column], int] | None:
    """The columns of a table whose heading begins at `start` and the index after the heading, or None."""
    if lines[start].cells:
        columns = _grid_columns(lines[start].cells)
        return (columns, start + 1) if columns and is_header(columns) else None
    found = None
    heading = ""
    for index in range(start, min(start + _HEADER_LINES, len(lines))):
        heading += lines[index].text
        columns_so_far = read_columns(heading)
        if columns_so_far is None:
            break
        if is_header(columns_so_far):
            found = (columns_so_far, index + 1)
    return found


def read_table(lines: Sequence[Line], start: int) -> TableRead | None:
    """The table whose heading begins at `start`, or None when no table begins there."""
    header = find_header(lines, start)
    if header is None:
        return None
    columns, body = header
    if lines[start].cells:
        return _read_grid(lines, start, body, columns)
    return _read_flat(lines, start, body, columns)


# Flattened tables


def _read_flat(lines: Sequence[Line], start: int, body: int, columns: list[Column]) -> TableRead:
    end = _flat_end(lines, body)
    table = TableRead(start, end)
    segments, category = _segments(lines[body:end])
    expected = 1
    for segment in segments:
        no = _row_number(segment[0])
        while no is not None and expected < no:
            table.problems.append(_problem("row-missing", segment[0].no, f"第{no}行", f"第{expected}行"))
            expected += 1
        row, rest = _flat_row(segment, columns, category, table.problems)
        table.rows.append(row)
        category = _next_category(rest, category, table.problems)
        expected += 1
    if not segments:
        table.problems.append(
            _problem("table-unread", lines[start].no, "没有带序号的指标行", "1. 指标名称（单位） 数值 属性")
        )
    return table


def _flat_end(lines: Sequence[Line], body: int) -> int:
    """Index after the last line of a flattened table."""
    end, last, since = body, 0, 0
    for index in range(body, len(lines)):
        line = lines[index]
        no = _row_number(line)
        if line.cells or _leaves_table(line.text, no, last):
            break
        if no is not None:
            last, since, end = no, 0, index + 1
        elif NATURE.search(line.text):
            since, end = 0, index + 1
        else:
            since += 1
            if since > _CATEGORY_LINES:
                break
    return end


def _leaves_table(text: str, no: int | None, last: int) -> bool:
    if no is not None:
        return no <= last or no > last + 5
    mark = read_mark(text.strip())
    if mark and mark.style in ("chapter", "part", "box"):
        return True
    return "。" in text or "，" in text


def _row_number(line: Line) -> int | None:
    match = _ROW.match(line.text.strip())
    return int(match.group(1)) if match else None


def _segments(lines: Sequence[Line]) -> tuple[list[list[Line]], str | None]:
    """The rows' lines, and the category printed before the first row."""
    first: list[Line] = []
    segments: list[list[Line]] = []
    for line in lines:
        if _row_number(line) is not None:
            segments.append([line])
        elif segments:
            segments[-1].append(line)
        else:
            first.append(line)
    return segments, clean("".join(line.text for line in first)) or None


def _flat_row(
    segment: list[Line], columns: list[Column], category: str | None, problems: list[Problem]
) -> tuple[Indicator, list[Line]]:
    """One row, and the lines after it that belong to the next category."""
    line = segment[0].no
    last = next((i for i, line in enumerate(segment) if NATURE.search(line.text)), None)
    if last is None:
        last = len(segment) - 1
        if any(column.kind == "nature" for column in columns):
            problems.append(_problem("nature-unclear", line, _printed(segment), "约束性或预期性"))
    no = _row_number(segment[0]) or 0
    text = _ROW.sub("", " ".join(line.text.strip() for line in segment[: last + 1]), count=1)
    nature = NATURE.search(text)
    before, after = (text[: nature.start()], text[nature.end() :]) if nature else (text, "")
    name, unit, rest = split_name(before)
    values = _values([*split_cells(rest), *split_cells(after)], columns)
    if values is None or not name:
        problems.append(_problem("row-unclear", line, _printed(segment), f"{len(_wanted(columns))}个数值格"))
    kind = clean(nature.group()) if nature else None
    row = Indicator(no, name, unit, None, None, kind, "", line, category)
    return _with_values(row, values or {}, columns), segment[last + 1 :]


def _wanted(columns: list[Column]) -> list[int]:
    """Indexes of the columns that hold cells between the name and the end of the row, its nature aside."""
    return [index for index, column in enumerate(columns) if column.kind in ("value", "result", "other")]


def _values(cells: list[str], columns: list[Column]) -> dict[int, Value] | None:
    """Column index → value; None when the cells do not fit the columns."""
    wanted = _wanted(columns)
    if len(cells) != len(wanted):
        return None
    values: dict[int, Value] = {}
    for index, cell in zip(wanted, cells, strict=True):
        if columns[index].kind == "other":
            continue
        value = read_value(cell, columns[index].year)
        if value is None:
            return None
        values[index] = value
    return values


def _next_category(rest: list[Line], category: str | None, problems: list[Problem]) -> str | None:
    if not rest:
        return category
    printed = clean("".join(line.text for line in rest))
    if NATURE.search(printed) or any(character.isdigit() for character in printed):
        problems.append(_problem("row-without-number", rest[0].no, printed, "带序号的指标行"))
        return None
    return printed


# Tables with real cells


def _grid_columns(cells: Sequence[str]) -> list[Column] | None:
    columns: list[Column] = []
    for cell in cells:
        read = read_columns(cell)
        if not read or len(read) > 1:
            columns.append(Column("other"))
        else:
            columns.append(read[0])
    return columns


def _read_grid(lines: Sequence[Line], start: int, body: int, columns: list[Column]) -> TableRead:
    table = TableRead(start, body)
    category: str | None = None
    for index in range(body, len(lines)):
        line = lines[index]
        if not line.cells:
            break
        table.end = index + 1
        if len(line.cells) != len(columns):
            table.problems.append(_problem("row-unclear", line.no, clean(line.text), f"{len(columns)}格"))
            continue
        by_kind: dict[str, str] = {column.kind: clean(cell) for column, cell in zip(columns, line.cells, strict=True)}
        category = by_kind.get("category") or category
        no, row = _grid_row(line, by_kind, len(table.rows) + 1)
        if row is None:
            table.problems.append(_problem("row-unclear", line.no, clean(line.text), "指标名称"))
            continue
        if no is not None and no != len(table.rows) + 1:
            table.problems.append(_problem("row-number", line.no, f"第{no}行", f"第{len(table.rows) + 1}行"))
        values = _values([line.cells[i] or "——" for i in _wanted(columns)], columns)
        if values is None:
            table.problems.append(_problem("row-unclear", line.no, clean(line.text), "数值格"))
        table.rows.append(_with_values(replace(row, category=category), values or {}, columns))
    return table


def _grid_row(line: Line, by_kind: dict[str, str], position: int) -> tuple[int | None, Indicator | None]:
    """(printed number, row); a table without numbers is counted by position."""
    printed = by_kind.get("name", "")
    no = _row_number(Line(line.no, printed)) or _digits(by_kind.get("no", ""))
    name, unit, rest = split_name(_ROW.sub("", printed, count=1))
    if not name or rest:
        return no, None
    unit = unit or by_kind.get("unit") or None
    return no, Indicator(no or position, name, unit, None, None, by_kind.get("nature") or None, "", line.no)


def _digits(text: str) -> int | None:
    return int(text) if text.isdigit() else None


# Both


def _with_values(row: Indicator, values: dict[int, Value], columns: list[Column]) -> Indicator:
    """The row with its cells sorted into baseline (earliest year), target (latest) and result."""
    dated = [index for index, column in enumerate(columns) if column.kind == "value"]
    dated.sort(key=lambda index: columns[index].year or 0)
    target = values.get(dated[-1])
    return replace(
        row,
        unit=row.unit or value_unit(target),
        baseline=values.get(dated[0]) if len(dated) > 1 else None,
        target=target,
        result=next((values.get(i) for i, column in enumerate(columns) if column.kind == "result"), None),
    )


def _printed(lines: Sequence[Line]) -> str:
    return clean(" ".join(line.text for line in lines))[:80]


def _problem(code: str, line: int, got: str, expected: str) -> Problem:
    return Problem(
        code=code,
        place=Place(line=line),
        got=got[:80],
        expected=expected,
        fix="对照原件核对这一行；读不准的格子留空，没有补写",
        severity="note",
    )
