"""What a document quantifies and a pack does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.pack.evidence import Checked
from bulou.engine.plan.clauses import chapters_looking_back, is_or_holds
from bulou.engine.plan.model import Figure, Plan
from bulou.engine.plan.quantities import Kind, kind_of_unit, quantities

SURE: tuple[Kind, ...] = ("age", "money", "percent", "months")
"""Kinds of which a clause cited for one figure should print no other that the pack does not know."""
_SAME_UNITS = (("人", "名"), ("家", "所", "个", "座"))


def unheld_figures(plan: Plan, checked: Sequence[Checked]) -> tuple[list[Problem], list[Problem]]:
    """(problems, notes) about targets, conditions and table rows that nothing citing their clause holds.

    It is a problem where something citing the clause uses a figure of the same kind: one of the two has changed.
    Chapters that only look back promise nothing and are left out.
    """
    problems: list[Problem] = []
    notes: list[Problem] = []
    past = chapters_looking_back(plan)
    for figure in plan.figures:
        if figure.role not in ("target", "condition") or figure.section[0] in past:
            continue
        citing = [one for one in checked if any(is_or_holds(c.id, figure.section) for c in one.clauses)]
        if not _held(figure, citing):
            differs = any(_uses(one, figure) for one in citing)
            (problems if differs else notes).append(_said(figure, plan.file, citing, differs))
    return problems, [*notes, *_rows(plan, checked)]


def _held(figure: Figure, citing: Iterable[Checked]) -> bool:
    kind = kind_of_unit(figure.unit)
    values = {value * _months(figure) for value in (figure.value, figure.high) if value}
    values |= {quantity.low for quantity in quantities(figure.printed) if quantity.kind == kind and quantity.low}
    held: set[Decimal] = set()
    for one in citing:
        held.update(found.wanted.value for found in one.evidence if found.wanted.kind == kind)
        for quantity in quantities(one.mention.words):
            if quantity.kind == kind:
                held.update(value for value in (quantity.low, quantity.high) if value is not None)
    return bool(values) and values <= held


def _months(figure: Figure) -> int:
    return 12 if figure.unit == "年" else 1


def _uses(one: Checked, figure: Figure) -> bool:
    """Whether a cite uses figures of the same kind in the same clause; counts must be counts of the same thing."""
    kind = kind_of_unit(figure.unit)
    for found in one.evidence:
        here = found.how == "printed" and is_or_holds(found.clause, figure.section) and found.wanted.kind == kind
        if here and (kind in SURE or any(_same_unit(q.unit, figure.unit) for q in quantities(found.printed))):
            return True
    said = quantities(one.mention.words)
    return any(q.kind == kind and (kind in SURE or _same_unit(q.unit, figure.unit)) for q in said)


def _same_unit(first: str, second: str) -> bool:
    return first == second or any(first in units and second in units for units in _SAME_UNITS)


def _said(figure: Figure, file: str, citing: Sequence[Checked], differs: bool) -> Problem:
    place = Place(file, line=figure.line)
    got = f"{figure.section} 写到 {figure.printed}：{figure.what}"
    near = [one for one in citing if one.mention.sort != "rule" and (not differs or _uses(one, figure))]
    who = "、".join(dict.fromkeys(one.mention.thing for one in near)) or "没有"
    if differs:
        fix = "核对是文件改了还是地区包写错了；两个数都对的，在地区包里各写各的"
        return Problem("figure-differs", place, got, f"引用这一条、用到同类数字的 {who} 里有这个数", fix)
    fix = "要执行的写进地区包；只作说明的不用管"
    return Problem("figure-not-held", place, got, f"地区包里有这个数（引用这一条的：{who}）", fix, "note")


def _rows(plan: Plan, checked: Sequence[Checked]) -> Iterator[Problem]:
    cited = {clause.id for one in checked for clause in one.clauses if one.mention.sort == "indicator"}
    for row in plan.indicators:
        if row.section not in cited:
            got = f"{row.section} 指标 {row.no} {row.name}"
            expected = "indicators.toml 里有引用它的指标"
            yield Problem("indicator-not-held", Place(plan.file, line=row.line), got, expected, "补上这个指标", "note")
