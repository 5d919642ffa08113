"""An indicator of a pack against its row of the document's table: number, name, unit, values, comparators, nature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bulou.engine.basics.problems import Problem
from bulou.engine.pack import model as m
from bulou.engine.plan.clauses import Clause
from bulou.engine.plan.model import Indicator, Value

STRICT = (">", "<")


def row_problems(indicator: m.Indicator, clauses: Sequence[Clause], file: str) -> list[Problem]:
    """Where the indicator says something else than the table row that its cite names."""
    return [
        Problem(
            "indicator-differs",
            indicator.origin,
            f"indicator {indicator.name} 的{what}：{ours}",
            f"{theirs}（{clause.id}，{file} 第{clause.line}行）",
            "对照原文的表改正",
        )
        for clause in clauses
        if clause.row
        for what, ours, theirs in _differences(indicator, clause.row)
    ]


def _differences(indicator: m.Indicator, row: Indicator) -> Iterator[tuple[str, str, str]]:
    pairs = (
        ("序号 no", indicator.number, row.no),
        ("名称 name", indicator.title, row.name),
        ("单位 unit", indicator.unit, row.unit or ""),
        ("属性 nature", indicator.nature, row.nature or ""),
    )
    for what, ours, theirs in pairs:
        if ours != theirs:
            yield what, str(ours), str(theirs)
    yield from _value_differences("基期 baseline", indicator.baseline or {}, row.baseline)
    yield from _value_differences("目标 target", indicator.target, row.target)


def _value_differences(what: str, ours: Mapping[str, Any], theirs: Value | None) -> Iterator[tuple[str, str, str]]:
    printed = theirs.printed if theirs else "——"
    if theirs is None or theirs.value is None:
        if ours:
            yield what, str(ours.get("value")), printed
        return
    if isinstance(theirs.value, str):
        if ours.get("comparator") != "in_step_with" and ours.get("value") != theirs.value:
            yield what, str(ours.get("value")), printed
        return
    if _number(ours.get("value")) != theirs.value or _number(ours.get("high")) != theirs.high:
        yield what, str(ours.get("value")), printed
    if ours and theirs.year and ours.get("year") not in (theirs.year, None):
        yield f"{what} 年份", str(ours.get("year")), str(theirs.year)
    comparator = str(ours.get("comparator", ""))
    if ours and (comparator in STRICT) != theirs.strict:
        yield f"{what} 比较符", comparator or "（无）", theirs.comparator or "（没有印比较符）"


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except ArithmeticError:
        return None
