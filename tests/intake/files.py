"""Files as departments send them, made on the fly; every person in them is invented."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from bulou.engine.intake import Cleaned, clean, read_file, read_templates, recognise
from bulou.engine.intake.resident_id import check_character

HEAD = [
    "序号",
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "残疾证号",
    "残疾类别",
    "残疾等级",
    "发证日期",
    "有效期至",
    "证件状态",
]


def id_of(number: int, born: str = "19800101") -> str:
    """A valid number with an obviously made-up sequence."""
    first17 = f"620602{born}{number:03d}"
    return first17 + check_character(first17)


def holder(number: int, **changes: Any) -> list[Any]:
    """A clean row of the register; `changes` by heading."""
    id_no = id_of(number)
    row = {
        "序号": str(number),
        "姓名": "测试" + "甲乙丙丁戊己庚辛壬癸"[number % 10],
        "性别": "男" if int(id_no[16]) % 2 else "女",
        "出生日期": "1980-01-01",
        "身份证号": id_no,
        "残疾证号": f"{id_no}43",
        "残疾类别": "肢体",
        "残疾等级": "三级",
        "发证日期": "2020-03-04",
        "有效期至": "2030-03-03",
        "证件状态": "有效",
    }
    return list((row | changes).values())


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[Any]]], merges: Sequence[tuple[int, ...]] = ()) -> Path:
    """A workbook; strings stay strings, numbers numbers. `merges` are (top, left, bottom, right) of the first sheet."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        for place, (name, rows) in enumerate(sheets.items()):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for merge in merges if place == 0 else ():
                sheet.merge_range(*merge, rows[merge[0]][merge[1]])
    return path


def write_csv(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def register(path: Path, *rows: Sequence[Any], head: Sequence[Any] = HEAD, title: str = "持证残疾人名册") -> Path:
    return write_xlsx(path, {"Sheet1": [[title], head, *rows]})


def cleaned(path: Path, sheet: int = 0) -> Cleaned:
    result = clean(recognise(read_file(path)[sheet], read_templates()))
    assert result.counts.adds_up()
    assert result.counts.read == result.recognised.sheet.grid.height
    return result
