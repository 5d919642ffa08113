"""Files as departments send them, good and spoilt."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

PERSON: dict[str, Any] = {"id": "甲", "dibao": True, "age": 40, "category": "vision"}
DOCUMENT: dict[str, Any] = {"people": [PERSON], "rolls": ["dibao_roll"]}
CSV = "id,dibao,age\n甲,是,40\n"


def json_with(**changes: Any) -> str:
    """The good document with other facts of its person; a key with a double underscore changes the document."""
    person = {**PERSON, **{key: value for key, value in changes.items() if not key.startswith("__")}}
    document = {"people": [person], **{key[2:]: value for key, value in changes.items() if key.startswith("__")}}
    return json.dumps(document, ensure_ascii=False)


def xlsx(rows: list[list[Any]], *more: tuple[str, list[list[Any]]]) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, cells in (("people", rows), *more):
            sheet = book.add_worksheet(name)
            for at, row in enumerate(cells):
                for column, cell in enumerate(row):
                    sheet.write(at, column, cell, days if isinstance(cell, date) else None)
    return file.getvalue()


def parquet(columns: dict[str, Any]) -> bytes:
    import polars as pl

    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()
