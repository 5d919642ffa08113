"""Reads the files of `decide`: JSON documents, JSON lines, and tables (CSV, XLSX, XLS, Parquet).

A file whose content is not what its name says is refused with what it seems to be. Nothing is guessed.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bulou.engine.basics.files import TABLE_ENDINGS, check_file
from bulou.engine.basics.problems import Place, Problem, Refused

LINE_ENDINGS = (".jsonl", ".json")
HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
TABLE_NAMES = {
    "people": ("people", "person", "persons", "人员", "残疾人"),
    "households": ("households", "household", "家庭"),
    "employers": ("employers", "employer", "单位", "用人单位"),
    "institutions": ("institutions", "institution", "机构"),
}


def read_json(path: Path) -> Any:
    """A JSON document with exact numbers. Raises `Refused` with line and column of a syntax error."""
    check_file(path, (".json", ".jsonl"))
    return parse_json(path.read_bytes(), str(path))


def _decoded(raw: bytes, place: Place) -> str:
    """UTF-8 text; raises `Refused` with the encoding that it seems to be."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        seems = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "GBK" if _reads_as_gbk(raw) else ""
        got = f"像是 {seems} 编码 looks like {seems}" if seems else f"第 {error.start + 1} 字节不是 UTF-8"
        raise Refused([Problem("not-utf-8", place, got, "UTF-8 文本", "另存为 UTF-8 save as UTF-8")]) from None
    if "\0" in text:
        problem = Problem("not-text", place, "含有空字节 nought bytes", "UTF-8 文本", "核对文件，或重新导出")
        raise Refused([problem])
    return text


def _reads_as_gbk(raw: bytes) -> bool:
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return "\0" not in text and all(character.isprintable() or character.isspace() for character in text)


def parse_json(raw: str | bytes, file: str, line: int | None = None) -> Any:
    """JSON text with numbers as int and Decimal; `line` is set when the text is one line of a longer file."""
    place = Place(file, line=line)
    text = _decoded(raw, place) if isinstance(raw, bytes) else raw
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_object)
        if HALF_CHARACTER.search(text):
            json.dumps(found, ensure_ascii=False, default=str).encode()
    except json.JSONDecodeError as error:
        place = Place(file, line=line or error.lineno, column=f"第 {error.colno} 列 column {error.colno}")
        problem = Problem("json-syntax", place, error.msg, "正确的 JSON valid JSON", "检查引号、逗号和括号")
    except _Constant as constant:
        problem = Problem("not-a-number", place, str(constant), "普通的数", "不知道就写 null")
    except _KeyTwice as key:
        problem = Problem("key-twice", place, f"重复的键 {key}", "一个对象里每个键只写一次", "删去其中一个")
    except RecursionError:
        problem = Problem("json-too-deep", place, "嵌套过深", "普通的对象和列表", "核对文件")
    except UnicodeEncodeError:
        problem = Problem("not-text", place, "不成对的 \\ud800–\\udfff half a character", "完整的字符", "核对导出程序")
    except ValueError:
        problem = Problem("not-a-number", place, "位数过多的数 a number of too many digits", "普通的数", "核对数值")
    else:
        return found
    raise Refused([problem])


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        raise _KeyTwice(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return found


class _KeyTwice(Exception):
    pass


class _Constant(Exception):
    pass


def _no_constant(name: str) -> Any:
    raise _Constant(name)


def read_json_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and bytes of each line that is not blank; a line is decoded when it is parsed."""
    check_file(path, LINE_ENDINGS)
    with path.open("rb") as lines:
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


Cells = list[list[Any]]
Rows = list[dict[str, Any] | None]
"""Rows by column name; None is a row without any content, kept so that rows are counted as they stand."""


def _sheets(path: Path) -> Iterator[tuple[str, Rows]]:
    check_file(path, TABLE_ENDINGS)
    match path.suffix.lower():
        case ".csv":
            yield path.stem, _rows(_csv(path), Place(str(path)))
        case ".parquet":
            import polars as pl

            frame = pl.read_parquet(path)
            yield path.stem, _rows([frame.columns, *map(list, frame.rows())], Place(str(path)))
        case _:
            yield from _workbook(path)


def _csv(path: Path) -> Cells:
    text = _decoded(path.read_bytes(), Place(str(path)))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        place = Place(str(path), line=reader.line_num)
        raise Refused([Problem("csv-syntax", place, str(error), "正确的 CSV valid CSV", "检查引号和逗号")]) from None


def _rows(cells: Cells, place: Place) -> Rows:
    """The rows under the head. Raises `Refused` when a column has no name, two have one, or a row has no column."""
    head = [str(cell or "").strip() for cell in cells[0]] if cells else []
    while head and not head[-1]:
        head.pop()
    problems = list(_head_problems(head, place))
    for number, row in enumerate(cells[1:], 1):
        beyond = [cell for cell in row[len(head) :] if cell not in ("", None)]
        if beyond:
            got, there = f"多出的格 {beyond[0]!r}", Place(place.file, row=number)
            problems.append(Problem("row-too-long", there, got, f"{len(head)} 列", "核对引号和逗号，或补上列名"))
    if problems:
        raise Refused(problems)
    empty = ("", None)
    return [None if all(cell in empty for cell in row) else dict(zip(head, row, strict=False)) for row in cells[1:]]


def _head_problems(head: list[str], place: Place) -> Iterator[Problem]:
    if "id" not in head:
        got = "、".join(head)[:80] or "没有表头 no head"
        yield Problem("no-id-column", place, got, "第一行是列名，其中有 id", "给每行一个 id，列名写 id")
    for at, name in enumerate(head):
        if not name:
            yield Problem(
                "column-without-name", place, f"第 {at + 1} 列没有列名", "每列一个列名", "补上列名，或删去这一列"
            )
        elif name in head[:at]:
            yield Problem(
                "column-twice", Place(place.file, column=name), f"{name} 重复 twice", "每列一次", "删去其中一列"
            )


def _workbook(path: Path) -> Iterator[tuple[str, Rows]]:
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
    if not filled:
        problem = Problem(
            "empty-file", Place(str(path)), "空工作簿 empty workbook", "有内容的工作表", "核对导出是否成功"
        )
        raise Refused([problem])
    for name, cells in filled:
        named = path.stem if len(filled) == 1 and kind_of(name) is None else name
        yield named, _rows(cells, Place(f"{path} [{name}]" if len(filled) > 1 else str(path)))
