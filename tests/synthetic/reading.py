"""Reads the department files of a synthetic folder back, by the layouts they were written with."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from bulou.engine.synthetic.calibration import data


def pages(file: Path) -> dict[str, list[list[Any]]]:
    """All rows of every sheet; a .csv has one sheet without a name."""
    if file.suffix == ".csv":
        return {"": list(csv.reader(file.read_text(encoding="gbk").splitlines()))}
    book = CalamineWorkbook.from_path(file)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def rows(out: Path, month: str, kind: str) -> list[dict[str, Any]]:
    """The people of a list, by field, with the sheet they stand on."""
    files = pl.read_parquet(out / "truth" / "files.parquet")
    found = files.filter((pl.col("folder") == month) & (pl.col("kind") == kind)).row(0, named=True)
    fields = [column["field"] for column in data("layouts.toml")[kind]["columns"]]
    answer = []
    for sheet, lines in pages(out / month / found["file"]).items():
        assert [str(word) for word in lines[found["header_row"] - 1]] == found["headers"].split("|")
        assert lines[-1][0] == "合计"
        for line in lines[found["header_row"] : -1]:
            answer.append({**dict(zip(fields, line, strict=True)), "sheet": sheet})
    assert len(answer) == found["rows"]
    return answer
