"""The lists of a month as workbooks: who it is about, what, why, by which clause, what to do, by when.

The yellow columns at the right end are for the township to fill in by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from bulou.engine.basics.sheets import Column, Sheet, write_book
from bulou.engine.differences.decided import ANSWERED
from bulou.engine.differences.month import MonthResult
from bulou.engine.facts.decisions import OWED, SUSPECTED, UNTOLD, WHY, FilledList
from bulou.engine.facts.decisions import WHO as WHO_DECIDES
from bulou.engine.report.words import NO_TOWNSHIP, PRIVATE, count_words, month_words, yuan_words

if TYPE_CHECKING:
    import polars as pl

NUMBER = Column("序号", "", 6, "number")
COUNTY = Column("县（市、区）", "county", 12)
PLACE = (Column("乡镇（街道）", "township", 13, empty=NO_TOWNSHIP), Column("村（社区）", "village", 12))
WHO = (
    Column("姓名", "name", 9),
    Column("性别", "sex", 5),
    Column("年龄", "age", 5, "number"),
    Column("身份证号", "id_no", 20.5),
    Column("联系电话", "phone", 13),
)
PERSON = (NUMBER, *PLACE, *WHO)
PROGRAMME = Column("项目", "title", 18)
MONTHLY = Column("每月金额（元）", "fen", 11, "yuan")
CITE = Column("依据", "cite", 18)
ACTION = Column("怎么办", "action", 24)
DEADLINE = Column("什么时候前", "deadline", 12)
BY_HAND = (Column("经办人", width=9), Column("办理日期", width=11))


def decide_columns(taker: FilledList) -> tuple[Column, ...]:
    """The columns in which a person decides; `bulou month` reads them back."""
    decision = Column(taker.column, width=14, choices=tuple(taker.effects))
    return (decision, Column(WHO_DECIDES, width=9), Column(WHY, width=20))


MISSED = (
    *PERSON, PROGRAMME, MONTHLY, Column("为什么应享", "reason", 42), CITE, ACTION, DEADLINE,
    Column("以前的答复", "decision", 18), *decide_columns(UNTOLD),
)  # fmt: skip
SUSPICIONS = (
    *PERSON, Column("疑点", "check", 22), Column("项目", "title", 18), Column("证据", "evidence", 30),
    Column("出处", "source", 28), CITE, Column("谁来核实", "who", 18), ACTION, DEADLINE,
    Column("以前的决定", "decision", 18), *decide_columns(SUSPECTED),
)  # fmt: skip
QUESTIONS = (
    *PERSON, Column("要核实的事", "label", 16), Column("问什么", "question", 32), Column("谁能答", "who", 26),
    Column("能定下几个项目", "settles", 9, "number"), Column("涉及金额（元）", "fen", 11, "yuan"),
    Column("涉及项目", "programmes", 24), Column("核实结果", width=14), Column("凭据", width=14), *BY_HAND,
)  # fmt: skip
GAPS = (
    NUMBER, Column("缺的事实", "label", 20), Column("应由谁提供名册", "supplier", 22), Column("问什么", "question", 44),
    Column("谁能答", "who", 40), Column("涉及人数（户数）", "people", 10, "number"),
    Column("涉及项目", "programmes", 30),
)  # fmt: skip
SETTLEMENTS = (
    *PERSON, PROGRAMME, Column("所属月份", "month", 10), Column("应发（元）", "due_fen", 10, "yuan"),
    Column("实发（元）", "paid_fen", 10, "yuan"), Column("已抵扣（元）", "deducted_fen", 10, "yuan"),
    Column("差额（元）", "difference_fen", 10, "yuan"),
    Column("补发或追缴", "kind", 8), Column("可补发（元）", "payable_fen", 10, "yuan"),
    Column("原因", "reason", 34), CITE,
    Column("以前的决定", "decision", 18), *decide_columns(OWED),
)  # fmt: skip
HOUSEHOLD = (
    NUMBER, *PLACE, Column("户编号", "household", 11), Column("户主或持证人", "name", 10),
    Column("身份证号", "id_no", 20.5), Column("联系电话", "phone", 13), Column("家庭人数", "members", 7, "number"),
    Column("持证人数", "holders", 7, "number"),
)  # fmt: skip
HOMES_MISSED = (
    *HOUSEHOLD, PROGRAMME, Column("金额（元）", "fen", 10, "yuan"), Column("为什么应享", "reason", 34), CITE,
    Column("在册情况", "standing", 20), ACTION, DEADLINE, Column("办理结果", width=12), *BY_HAND,
)  # fmt: skip
HOMES_SUSPECTED = (
    *HOUSEHOLD, PROGRAMME, Column("证据", "evidence", 34), CITE, Column("谁来核实", "who", 18), ACTION, DEADLINE,
    Column("核实情况", width=16), *BY_HAND,
)  # fmt: skip
HOMES_ASKED = (
    *HOUSEHOLD, Column("哪一条定不下来", "says", 36), Column("谁能答", "who", 30),
    Column("涉及几个项目", "settles", 8, "number"), Column("涉及项目", "programmes", 24), Column("核实结果", width=14),
    *BY_HAND,
)  # fmt: skip
FORECAST = (
    *PERSON, PROGRAMME, Column("从哪个月起", "month", 10), Column("现在", "now", 9), Column("届时", "then", 9),
    Column("届时每月金额（元）", "fen", 11, "yuan"), Column("原因", "reason", 34), ACTION,
    Column("告知方式", width=12, choices=("当面", "电话", "短信", "书面", "家人转告")), *BY_HAND,
)  # fmt: skip

ASKED_NOTE = "最值钱的排在前面；金额按月算，问申请换证日期的按断发各月合计。"
BY_PLACE = ("county", "township", "village", "name", "id_no", "person")


def write_list(name: str, result: MonthResult, path: Path) -> Path:
    """Write the workbook called `name` (a key of `LISTS`)."""
    sheets = [with_county(sheet) for sheet in LISTS[name](result)]
    write_book(path, sheets, result.on, f"{PRIVATE}  {result.region_name} {month_words(result.month)}")
    return path


def ordered(frame: pl.DataFrame, *then: str) -> pl.DataFrame:
    """Sorted by place and person, then by the columns named; people of unknown place last."""
    return frame.sort(*BY_PLACE, *then, nulls_last=True, maintain_order=True)


def with_county(sheet: Sheet) -> Sheet:
    """The sheet with the county before the township, where its rows lie in more than one."""
    at = next((at for at, column in enumerate(sheet.columns) if column.source == "township"), None)
    if at is None or "county" not in sheet.frame.columns or sheet.frame["county"].drop_nulls().n_unique() < 2:
        return sheet
    return replace(sheet, columns=(*sheet.columns[:at], COUNTY, *sheet.columns[at:]))


def titled(result: MonthResult, what: str) -> str:
    draft = "（政策是草案，只供测算）" if result.pack_status == "draft" else ""
    return f"{result.region_name} {month_words(result.month)} {what}{draft}"


def _note(result: MonthResult, frame: pl.DataFrame, more: str = "") -> str:
    people = frame["person"].n_unique() if "person" in frame.columns else 0
    if not frame.height:
        return "本月没有这类情况。"
    who = f"，涉及 {count_words(people)} 人" if people else ""
    return f"共 {count_words(frame.height)} 行{who}。按 {result.on} 的情况判定。{more}"


def _missed(result: MonthResult) -> list[Sheet]:
    frame = ordered(result.missed, "programme").sort(answered(), maintain_order=True)
    more = f"每月合计 {yuan_words(int(frame['fen'].sum()))} 元；金额空白的是标准还没有定。"
    if said := frame.filter(answered()).height:
        more += f"最后 {count_words(said)} 行已有答复，不用再去告知。"
    homes = "按户享受的项目。家庭人数是各名册里出现过的人数。"
    return [
        Sheet("应享未享", titled(result, "应享未享名单"), _note(result, frame, more), MISSED, frame),
        *_homes(result, "missed", "家庭", "应享未享的家庭", homes, HOMES_MISSED),
    ]


def answered() -> pl.Expr:
    """Of people who are due and not enrolled: a named person has said why they will not apply."""
    import polars as pl

    return (pl.col("state") == ANSWERED).fill_null(False)


def _suspicions(result: MonthResult) -> list[Sheet]:
    frame = ordered(result.suspicions, "code", "programme", "source")
    more = "这些只是疑点，程序不停任何人的补贴；由人核实后决定。"
    return [
        Sheet("疑似不应享", titled(result, "疑似不应享名单"), _note(result, frame, more), SUSPICIONS, frame),
        *_homes(result, "suspicions", "家庭", "疑似不应享的家庭", "只是疑点，由人核实后决定。", HOMES_SUSPECTED),
    ]


def _questions(result: MonthResult) -> list[Sheet]:
    by_worth = [True, True, *[False] * (len(BY_PLACE) + 1)]
    asked = result.questions.sort("fen", "settles", *BY_PLACE, "fact", descending=by_worth, nulls_last=True)
    gaps = result.gaps.sort("people", "fact", descending=[True, False])
    return [
        Sheet("按人", titled(result, "待核实名单"), _note(result, asked, ASKED_NOTE), QUESTIONS, asked),
        *_homes(result, "questions", "按户", "待核实的家庭", "按户享受的项目，这些条件定不下来。", HOMES_ASKED),
        Sheet("来源缺口", titled(result, "来源缺口"),
              _note(result, gaps, "这些事实几乎人人都缺，是来源没有给，不用逐人去问。"), GAPS, gaps),
    ]  # fmt: skip


def _homes(
    result: MonthResult, name: str, sheet: str, title: str, more: str, columns: tuple[Column, ...]
) -> list[Sheet]:
    """The sheet of a list of households; none where there is no such household."""
    frame = result.households.get(name)
    if frame is None or not frame.height:
        return []
    note = f"共 {count_words(frame.height)} 行，涉及 {count_words(frame['household'].n_unique())} 户。{more}"
    return [Sheet(sheet, titled(result, title), note, columns, frame)]


def _settlements(result: MonthResult) -> list[Sheet]:
    frame = ordered(result.settlements, "programme", "month")
    back, over = (yuan_words(result.counts[name]) for name in ("fen_back_pay", "fen_recover"))
    sums = f"可补发合计 {back} 元，多发合计 {over} 元；差额 = 应发 − 实发 − 已抵扣。"
    more = f"{sums}补发、追缴、抵扣、免缴都要有人决定并写明理由。"
    return [Sheet("补发追缴", titled(result, "补发追缴清单"), _note(result, frame, more), SETTLEMENTS, frame)]


def _forecast(result: MonthResult) -> list[Sheet]:
    frame = ordered(result.forecast, "month", "programme")
    return [
        Sheet("变动预告", titled(result, "变动预告"), _note(result, frame, "提前告诉本人，免得断发。"), FORECAST, frame)
    ]


LISTS: Mapping[str, Callable[[MonthResult], list[Sheet]]] = MappingProxyType(
    {
        "应享未享.xlsx": _missed,
        "疑似不应享.xlsx": _suspicions,
        "待核实.xlsx": _questions,
        "补发追缴.xlsx": _settlements,
        "变动预告.xlsx": _forecast,
    }
)
"""The workbooks and what makes their sheets; the payroll has its own module."""
