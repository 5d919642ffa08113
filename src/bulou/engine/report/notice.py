"""The list for public notice: made with masks, never copied, and checked before it is written.

The law asks for publication and for protection of privacy at once. So columns are allowed by name, not forbidden by
name, and every value is looked at: nothing that could be an ID, a certificate, a phone or an account number gets out.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.sheets import Column, Sheet, write_book
from bulou.engine.differences.deductions import paid_out
from bulou.engine.differences.lists import PAYABLE
from bulou.engine.differences.month import MonthResult
from bulou.engine.differences.payroll import OWN_MONTHS
from bulou.engine.report.bank import draft_problem
from bulou.engine.report.lists import BY_PLACE, NUMBER, with_county
from bulou.engine.report.words import count_words, month_words

if TYPE_CHECKING:
    import polars as pl

NAME = "公示名单.xlsx"
ALLOWED = ("county", "township", "village", "name", "title", "line", "month", "fen")
COLUMNS = (
    NUMBER, Column("乡镇（街道）", "township", 18), Column("村（社区）", "village", 18), Column("姓名", "name", 10),
    Column("补贴类型", "title", 24), Column("本月或补发", "line", 10), Column("所属月份", "month", 10),
    Column("补贴金额（元）", "fen", 14, "yuan"),
)  # fmt: skip
_MASKED = re.compile(r"\S\*+")
_SEPARATORS = re.compile(r"[\s\-_.·,，、()（）*]+")
_DIAGNOSES = re.compile(
    r"癌|肿瘤|白血病|尿毒症|肾衰|精神分裂|抑郁|艾滋|癫痫|脑瘫|(视力|听力|言语|肢体|智力|精神)残疾|残疾证"
)


def notice_rows(result: MonthResult) -> pl.DataFrame:
    """The money that goes out with masked names and only what may be published; who owes what is nobody's business."""
    import polars as pl

    payable = paid_out(result.payroll.filter(state=PAYABLE), OWN_MONTHS).sort(
        *BY_PLACE, "programme", "month", nulls_last=True
    )
    masked = pl.concat_str(pl.col("name").str.replace_all(r"\s", "").str.slice(0, 1).fill_null(""), pl.lit("*"))
    return payable.with_columns(masked.str.replace(r"^\*$", "某*").alias("name")).select(ALLOWED)


def notice_problems(rows: pl.DataFrame) -> list[Problem]:
    """Why the rows may not be published; empty when they may."""
    found = [_column(name) for name in rows.columns if name not in ALLOWED]
    for name in rows.columns:
        if rows.schema[name].is_numeric() and name == "fen":
            continue
        leaks = {value: leak_in(name, "" if value is None else str(value)) for value in rows[name].unique()}
        found += [_value(name, row, leaks[value]) for row, value in enumerate(rows[name], 1) if leaks[value]]
    return found


def leak_in(column: str, value: str) -> str:
    """What the value seems to give away; empty when nothing."""
    if column == "name" and not _MASKED.fullmatch(value):
        return "没有遮盖的姓名"
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", value))
    runs = [len(run) for run in re.findall(r"\d+[Xx]?", plain)]
    longest = max(runs, default=0)
    if longest >= 7:
        kinds = ((20, "残疾人证号或账号"), (18, "身份证号或账号"), (12, "账号"), (11, "手机号"), (7, "电话号码"))
        return next(kind for least, kind in kinds if longest >= least)
    return "疾病或残疾情况" if _DIAGNOSES.search(value) else ""


def write_notice(result: MonthResult, out: Path) -> Path:
    """Write the list. Raises `Refused` for a draft and for anything that must not be published."""
    rows = notice_rows(result)
    draft = draft_problem(result)
    problems = [draft] if draft else notice_problems(rows)
    if problems:
        raise Refused(problems)
    title = f"{result.region_name} {month_words(result.month)} 残疾人补贴发放公示"
    note = f"共 {count_words(rows.height)} 行。公示时间：　　　　至　　　　　有异议请联系：　　　　　　　　"
    write_book(out / NAME, [with_county(Sheet("公示", title, note, COLUMNS, rows))], result.on, title)
    return out / NAME


def _column(name: str) -> Problem:
    return Problem(
        "forbidden-column", Place(NAME, column=name), f"列 {name}", "、".join(ALLOWED), "公示名单里去掉这一列"
    )


def _value(column: str, row: int, leak: str) -> Problem:
    """Says what it looks like and where, never the value itself."""
    return Problem(
        "personal-data", Place(NAME, row=row, column=column), f"像{leak}", "遮盖后的内容", "核对来源表这一栏"
    )
