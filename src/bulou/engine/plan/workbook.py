"""Plans and comparisons as workbooks for the office that answers for them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from bulou.engine.plan.model import Plan
from bulou.engine.plan.typesetting import width
from bulou.engine.plan.wording import Cell, Sheet, sheets

_WIDEST = 60
_NO_CLOCK = datetime(2000, 1, 1)


def write_workbook(plan: Plan, path: str | Path) -> None:
    """Write the whole plan: indicators, targets, duties by unit, clauses, boxes, past results, doubts."""
    write_sheets(sheets(plan), path, title=plan.facts.title)


def write_sheets(content: Iterable[Sheet], path: str | Path, *, title: str) -> None:
    """Write (name, headings, rows) sheets; texts are never taken for formulas, and the clock is not used."""
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "created": _NO_CLOCK})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#E8E8E8"})
        cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        for name, headings, rows in content:
            sheet = book.add_worksheet(name)
            for column, heading in enumerate(headings):
                sheet.write_string(0, column, heading, head)
                sheet.set_column(column, column, _column_width(heading, column, rows))
            for at, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    _write(sheet, at, column, value, cell)
            sheet.freeze_panes(1, 0)
            if rows:
                sheet.autofilter(0, 0, len(rows), len(headings) - 1)
            sheet.set_landscape()
            sheet.repeat_rows(0)
            sheet.fit_to_pages(1, 0)
    Path(path).write_bytes(buffer.getvalue())


def _write(sheet: object, row: int, column: int, value: Cell, form: object) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)  # type: ignore[attr-defined]
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:32_000], form)  # type: ignore[attr-defined]
    else:
        sheet.write_number(row, column, value, form)  # type: ignore[attr-defined]


def _column_width(heading: str, column: int, rows: Sequence[Sequence[Cell]]) -> float:
    longest = max([width(heading), *(width(str(row[column] or "")) for row in rows)])
    return min(_WIDEST, 2 * longest + 3)
