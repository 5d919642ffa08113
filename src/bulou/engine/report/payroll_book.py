"""本月发放.xlsx: what may be paid, what waits for a decision, and the totals that must agree with them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.sheets import Column, Sheet, write_book
from bulou.engine.differences.deductions import DEDUCTION
from bulou.engine.differences.lists import DECLINED, HELD, PAYABLE, UNSET
from bulou.engine.differences.month import MonthResult
from bulou.engine.facts.decisions import WAITING as WAITING_LIST
from bulou.engine.report.lists import (
    NUMBER,
    PERSON,
    PLACE,
    PROGRAMME,
    WHO,
    decide_columns,
    ordered,
    titled,
    with_county,
)
from bulou.engine.report.words import PRIVATE, count_words, month_words, town, yuan_words

if TYPE_CHECKING:
    import polars as pl

NAME = "本月发放.xlsx"
LINE = (
    PROGRAMME,
    Column("本月或补发", "line", 8),
    Column("所属月份", "month", 10),
    Column("金额（元）", "fen", 11, "yuan"),
)
PAID = (
    NUMBER, *PLACE, WHO[0], WHO[3], *LINE, Column("开户银行", "bank_name", 16), Column("账号", "bank_account", 22),
    Column("户名", "account_name", 9), Column("谁的决定", "decided", 18), Column("备注", "remark", 20),
)  # fmt: skip
WAITING = (
    *PERSON, *LINE, Column("状态", "state", 10), Column("为什么等", "reason", 40),
    Column("以前的决定", "decided", 18), *decide_columns(WAITING_LIST),
)  # fmt: skip
DECLINED_LINES = (
    *PERSON, *LINE, Column("为什么等", "reason", 40), Column("谁的决定", "decided", 30),
)  # fmt: skip
DECIDED_NOTE = "原因没有变，决定就一直有效；原因一变，这一行重新等人决定。"
TOTALS = (
    Column("人数", "people", 10, "number"), Column("可发放行数", "lines", 11, "number"),
    Column("可发放金额（元）", "fen", 16, "yuan"), Column("待决定行数", "held", 11, "number"),
    Column("待决定金额（元）", "held_fen", 16, "yuan"),
)  # fmt: skip
TOTAL = "合计"


def write_payroll_book(result: MonthResult, out: Path, remarks: pl.DataFrame) -> Path:
    """Write the workbook. `remarks` (person, programme, line, month, remark) says what kept lines from the bank."""
    footer = f"{PRIVATE}  {result.region_name} {month_words(result.month)}"
    sheets = [with_county(sheet) for sheet in payroll_sheets(result, remarks)]
    write_book(out / NAME, sheets, result.on, footer)
    return out / NAME


def payroll_sheets(result: MonthResult, remarks: pl.DataFrame) -> list[Sheet]:
    """发放明细, 待决定, 决定不发, 乡镇汇总, 项目汇总."""
    import polars as pl

    keys = ["person", "programme", "line", "month"]
    lines = ordered(result.payroll, "programme", "line", "month")
    payable = lines.filter(state=PAYABLE).join(remarks, on=keys, how="left", maintain_order="left")
    waiting = lines.filter(pl.col("state").is_in([HELD, UNSET]))
    declined = lines.filter(state=DECLINED)
    money = f"共 {count_words(payable.height)} 行，合计 {yuan_words(int(payable['fen'].sum()))} 元。"
    if taken := -int(payable.filter(line=DEDUCTION)["fen"].sum()):
        money += f"已减去抵扣以前多发的 {yuan_words(taken)} 元；银行文件和公示里是抵扣后的实发数。"
    wait = f"共 {count_words(waiting.height)} 行。程序不停任何人的补贴，每一行都由人决定；补发也要人确认。"
    agree = _agreement(result, payable)
    return [
        Sheet("发放明细", titled(result, "发放明细"), money + "只有这张表里的行进银行文件。", PAID, payable),
        Sheet("待决定", titled(result, "发放待决定"),
              wait, WAITING, waiting),
        Sheet("决定不发", titled(result, "经人决定不发"), DECIDED_NOTE, DECLINED_LINES, declined),
        _totals(result, "乡镇汇总", "township", "乡镇（街道）", agree),
        _totals(result, "项目汇总", "title", "项目", agree),
    ]  # fmt: skip


def _agreement(result: MonthResult, payable: pl.DataFrame) -> str:
    """The sentence that says the sheets agree, after working them out one by one."""
    found = {
        "明细": int(payable["fen"].sum()),
        "乡镇": int(summed(result, "township")["fen"].sum()),
        "项目": int(summed(result, "title")["fen"].sum()),
    }
    assert len({*found.values(), result.counts["fen_payable"]}) == 1, found
    sides = " = ".join(f"{name}合计 {yuan_words(fen)}" for name, fen in found.items())
    return f"核对：{sides} 元，相符。同一人领两个项目时，各行人数之和大于合计人数。"


def _totals(result: MonthResult, name: str, by: str, head: str, agree: str) -> Sheet:
    import polars as pl

    groups = summed(result, by)
    whole = _counted(result.payroll.with_columns(pl.lit(TOTAL).alias(by)), by)
    frame = pl.concat([groups, whole]) if groups.height else groups
    columns = (NUMBER, Column(head, by, 26), *TOTALS)
    return Sheet(name, titled(result, f"发放{name}"), agree, columns, frame)


def summed(result: MonthResult, by: str) -> pl.DataFrame:
    """People, lines and fen that may be paid, and lines and fen that wait, for each township or programme."""
    import polars as pl

    return _counted(result.payroll.with_columns(town(result) if by == "township" else pl.col(by)), by).sort(by)


def _counted(lines: pl.DataFrame, by: str) -> pl.DataFrame:
    import polars as pl

    payable = pl.col("state") == PAYABLE
    return lines.group_by(by).agg(
        pl.col("person").filter(payable).n_unique().cast(pl.Int64).alias("people"),
        payable.sum().cast(pl.Int64).alias("lines"),
        pl.col("fen").filter(payable).sum().alias("fen"),
        (~payable).sum().cast(pl.Int64).alias("held"),
        pl.col("fen").filter(~payable).sum().alias("held_fen"),
    )
