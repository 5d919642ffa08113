"""A forecast in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bulou.engine.report.words import count_words, yuan_words
from bulou.engine.simulation.forecast.result import Forecast
from bulou.engine.simulation.forecast.summary import DAYS, by_month, by_programme, by_year, projected_by_month, title_of

MOST_MONTHS = 24
MOST_ROWS = 30
Grid = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def headline(result: Forecast) -> Iterator[str]:
    """What was looked at."""
    people = count_words(result.subjects.get("person"))
    months = f"从 {result.months[0]} 到 {result.months[-1]}，按{DAYS[result.decision_day]}判定"
    yield f"{title_of(result)} · {months} · {people} 人"
    yield "只用已知的日期和规定；名册等没有日期的事实按现在的算，不含死亡和新增。"
    yield from (f"  · {words}" for words in result.says)
    for one in result.carried:
        yield f"  {one.label}：{count_words(one.subjects)} 个没有日期，一直按给定的值"


def grids(result: Forecast) -> Iterator[Grid]:
    """Months (or years), programmes, what the policy changes, and the projection last."""
    heads = ("月份", "按月发放（元）", "若待核实都应享再加", "开始应享", "不再符合", "变为待核实")
    if len(result.months) <= MOST_MONTHS:
        yield "每月", heads, [_month(row) for row in by_month(result).iter_rows(named=True)]
    rows: list[tuple[str, ...]] = [
        (row["year"], str(row["months"]), yuan_words(row["fen"]), yuan_words(row["fen_if_all"]))
        for row in by_year(result).iter_rows(named=True)
    ]
    yield "每年（只含预告里的月份）", ("年", "月数", "金额（元）", "若待核实都应享再加"), rows
    titles = {one.name: one.title for one in result.programmes}
    programmes = [
        (
            titles[row["programme"]],
            *(count_words(row[n]) for n in ("due_first", "due_last", "starts", "ends", "unknown")),
        )
        for row in by_programme(result).iter_rows(named=True)
    ]
    shown = sorted(programmes, key=lambda row: -int(row[4].replace(",", "")))[:MOST_ROWS]
    which = f"按项目（变动最多的 {len(shown)} 个）" if len(shown) < len(programmes) else "按项目"
    yield which, ("项目", "现在应享", "期末应享", "开始", "不再符合", "待核实"), shown
    if result.policy.height:
        yield "政策从这些月份起改变", ("月份", "内容"), [tuple(row) for row in result.policy.rows()]
    if result.assumptions is not None:
        yield from _projection(result)


def _month(row: dict[str, Any]) -> tuple[str, ...]:
    counts = (count_words(row[name]) for name in ("starts", "ends", "doubts"))
    return (row["month"], yuan_words(row["fen"]), yuan_words(row["fen_if_all"]), *counts)


def _projection(result: Forecast) -> Iterator[Grid]:
    assert result.assumptions is not None
    yield "推算 projection：以下不是已知，全凭这些假设", ("假设", "数值", "出处"), list(result.assumptions.words())
    rows = [
        (row["month"], *(yuan_words(row[n]) for n in ("fen", "fen_after_deaths", "fen_inflow", "fen_projected")))
        for row in projected_by_month(result).iter_rows(named=True)
        if len(result.months) <= MOST_MONTHS or row["month"].endswith("-12") or row["month"] == result.months[-1]
    ]
    yield "推算 projection：每月（元）", ("月份", "已知", "扣除死亡后", "新增的人", "推算合计"), rows


def closing(result: Forecast) -> Iterator[str]:
    """How much had to be worked out."""
    yield f"判定 {len(result.months)} 个月：运行 {result.evaluated} 次查询，{result.reused} 次不变、不必重算"
    if result.without_age:
        yield f"推算中有 {count_words(result.without_age)} 人不知道年龄，没有扣除死亡"
