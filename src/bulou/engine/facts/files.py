"""Reads the files of `decide`: JSON documents, JSON lines, and tables (CSV, XLSX, XLS, Parquet).

A file whose content is not what its name says is refused with what it seems to be. Nothing is guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bulou.engine.basics.files import TABLE_ENDINGS, check_file
from bulou.engine.basics.problems import Place, Problem, Refused

TABLE_NAMES = {
    "people": ("people", "person", "persons", "人员", "残疾人"),
    "households": ("households", "household", "家庭"),
    "employers": ("employers", "employer", "单位", "用人单位"),
    "institutions": ("institutions", "institution", "机构"),
}


def read_json(path: Path) -> Any:
    """A JSON document with exact numbers. Raises `Refused` with line and column of a syntax error."""
    check_file(path, (".json", ".jsonl"))
    return parse_json(_text(path), str(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(
            "not-utf-8", Place(str(path)), f"第 {error.start} 字节不是 UTF-8", "UTF-8 文本", "另存为 UTF-8"
        )
        raise Refused([problem]) from None


def parse_json(text: str, file: str, line: int | None = None) -> Any:
    """JSON text with numbers as int and Decimal; `line` is set when the text is one line of a longer file."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = Place(file, line=line or error.lineno, column=f"第 {error.colno} 列 column {error.colno}")
        raise Refused(
            [Problem("json-syntax", place, error.msg, "正确的 JSON valid JSON", "检查引号、逗号和括号")]
        ) from None
    except _Constant as constant:
        place = Place(file, line=line)
        raise Refused([Problem("not-a-number", place, str(constant), "普通的数", "不知道就写 null")]) from None
    except RecursionError:
        raise Refused(
            [Problem("json-too-deep", Place(file, line=line), "嵌套过深", "普通的对象和列表", "核对文件")]
        ) from None


class _Constant(Exception):
    pass


def _no_constant(name: str) -> Any:
    raise _Constant(name)


def read_json_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Number (from 1) and text of each line that is not blank."""
    check_file(path, (".jsonl", ".json"))
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, line


def is_table(path: Path) -> bool:
    return path.suffix.lower() in TABLE_ENDINGS


def read_tables_as_document(paths: list[Path]) -> dict[str, Any]:
    """Several tables as one document of cells: each sheet or file is one kind of subject, told by its name.

    A single table of another name holds people. Raises `Refused` when two tables hold the same kind.
    """
    document: dict[str, Any] = {}
    problems: list[Problem] = []
    for path in paths:
        for name, rows in _sheets(path):
            kind = kind_of(name) or ("people" if len(paths) == 1 else None)
            if kind is None or kind in document:
                known = "、".join(words[0] for words in TABLE_NAMES.values())
                got = f"表 {name}" + ("（重复）" if kind else "")
                problems.append(
                    Problem("which-table", Place(str(path)), got, f"{known}，每种一张", "按内容给文件或工作表命名")
                )
            else:
                document[kind] = rows
    if problems:
        raise Refused(problems)
    return document


def kind_of(name: str) -> str | None:
    return next((kind for kind, words in TABLE_NAMES.items() if name.lower() in words), None)


def _sheets(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    check_file(path, TABLE_ENDINGS)
    match path.suffix.lower():
        case ".csv":
            import csv

            yield path.stem, list(csv.DictReader(_text(path).splitlines()))
        case ".parquet":
            import polars as pl

            yield path.stem, pl.read_parquet(path).to_dicts()
        case _:
            yield from _workbook(path)


def _workbook(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except CalamineError as error:
        problem = Problem(
            "unreadable-workbook", Place(str(path)), str(error)[:100], "完好的工作簿", "用表格软件打开后另存"
        )
        raise Refused([problem]) from None
    filled = [(name, rows) for name, rows in sheets if rows]
    for name, rows in filled:
        header = [str(cell).strip() for cell in rows[0]]
        named = path.stem if len(filled) == 1 and kind_of(name) is None else name
        yield named, [dict(zip(header, row, strict=False)) for row in rows[1:] if any(cell != "" for cell in row)]
