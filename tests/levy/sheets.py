"""Declaration sheets for tests, as columns of the form, and the levy worked out from them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bulou.engine import settings_said, work_out_levy
from bulou.engine.levy import LevyRun
from tests.packs.known import known_pack

HEADS = {
    "employer": "用人单位名称",
    "code": "统一社会信用代码",
    "kind": "单位性质",
    "period_from": "费款所属期起",
    "period_to": "费款所属期止",
    "wages": "(4) 上年在职职工工资总额",
    "staff": "(5) 上年在职职工人数",
    "ratio": "(6) 应安排残疾人就业比例",
    "heads": "(7) 上年实际安排残疾人就业人数",
    "double": "其中按两人计的人数",
    "wage": "(8)=4/5 上年在职职工年平均工资",
    "due": "(9)=(5x6-7)x8 本期应纳费额",
    "relief": "(10) 本期减免费额",
    "paid": "(11) 本期已缴费额",
    "balance": "(12)=9-10-11 本期应补(退)费额",
    "local": "当地社会平均工资",
    "registered_on": "登记日期",
    "due_by": "缴费期限",
    "paid_on": "缴款日期",
    "order": "责令限期已过",
}
ROW = {"employer": "甲厂", "kind": "民营企业", "period_from": "2024-01-01", "period_to": "2024-12-31",
       "wages": 12000000, "staff": 100, "ratio": "1.5%", "heads": 0, "paid": 0}  # fmt: skip
STAFF_HEADS = {
    "employer": "用人单位名称", "code": "统一社会信用代码", "person": "姓名", "id_no": "身份证号", "cert": "残疾人证号",
    "wage": "月工资", "insured": "单位缴社保", "insured_place": "社保缴纳地", "place": "单位所在地",
    "days": "全年出勤天数", "from": "合同开始", "to": "合同结束", "address": "联系地址", "phone": "联系电话",
}  # fmt: skip


def cells(rows: Sequence[Mapping[str, Any]], heads: Mapping[str, str] = HEADS) -> list[list[Any]]:
    """Heading and rows of a table with the columns that some row has."""
    columns = [name for name in heads if any(name in row for row in rows)]
    return [[heads[name] for name in columns], *([row.get(name, "") for name in columns] for row in rows)]


def csv_file(path: Path, table: Sequence[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table)
    return path


def book(path: Path, *sheets: tuple[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook; text that begins with = is a formula, with a result only where one is given as (formula, result)."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, table in sheets:
            page = made.add_worksheet(name)
            for at, row in enumerate(table):
                for column, cell in enumerate(row):
                    if isinstance(cell, tuple):
                        page.write_formula(at, column, cell[0], None, cell[1])
                    else:
                        page.write(at, column, cell, day if isinstance(cell, date) else None)
    return path


def levy(*files: Path, said: Sequence[str] = ("social_avg_wage=80000",), region: str = "cn", **more: Any) -> LevyRun:
    pack = known_pack(region)
    return work_out_levy(files, pack, settings=settings_said(said, pack), **more)


def of_rows(folder: Path, *rows: Mapping[str, Any], **more: Any) -> LevyRun:
    """The levy of rows, each a change of the good row."""
    made = [{**ROW, "employer": f"{number}厂", **row} for number, row in enumerate(rows, 1)]
    return levy(csv_file(folder / "申报.csv", cells(made)), **more)
