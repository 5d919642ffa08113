"""Where a pack says what its parent's words cannot bear: other subjects, other types, less than a floor."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bulou.engine.basics.problems import Problem
from bulou.engine.basics.toml_tables import Table
from bulou.engine.pack import model as m

CODE = "contradicts-parent"


def check_subject(table: Table, programme: m.Programme, base: m.Programme | None) -> None:
    """A programme that stands on its parent's keeps the subject: the inherited conditions speak about it."""
    if base and programme.subject != base.subject:
        got = f"{programme.name} 的对象 subject: 上级 {base.subject}（{base.origin}），这里 {programme.subject}"
        fix = "改回上级的对象，或写 replaces = true 从头写全条件 keep it, or start from nothing"
        table.problem(CODE, "subject", got, f"{base.subject}（继承的条件说的是它）", fix)


def check_fact(table: Table, fact: m.FactDefinition, inherited: m.FactDefinition | None) -> None:
    """A fact that replaces its parent's keeps type and codes: the parent's rules are written for them."""
    if inherited is None or inherited.origin.file.split("/")[0] == fact.origin.file.split("/")[0]:
        return
    if fact.type.kind != inherited.type.kind:
        got = f"{fact.name} 的类型 type: 上级 {inherited.type.kind}（{inherited.origin}），这里 {fact.type.kind}"
        table.problem(
            CODE, "type", got, inherited.type.kind, "改回上级的类型，或另起一个名字 keep it, or take another name"
        )
    lost = [code for code in inherited.type.codes if code not in fact.type.codes]
    if lost:
        got = f"{fact.name} 少了上级的代码 codes: {'、'.join(lost)}（{inherited.origin}）"
        table.problem(
            CODE, "codes", got, "、".join(inherited.type.codes), "补上这些代码；可以再加 add them; more are allowed"
        )


def check_floor(
    table: Table, parameter: m.Parameter, inherited: m.Parameter | None, programmes: Iterable[m.Programme]
) -> None:
    """A value that the parent calls a floor may be raised, not lowered, on any day that both speak of."""
    floors = [p for p in programmes if p.amount_is_floor and any(a.expression == parameter.name for a in p.amounts)]
    for value in parameter.values if inherited and floors else ():
        higher = [least for least in inherited.values if _lower(value, least)] if inherited else []
        if higher:
            least = max(higher, key=lambda one: one.value)
            got = f"{parameter.name} = {value.value}，低于上级的下限 {least.value}（{least.origin}）"
            expected = f"不低于 {least.value}：{floors[0].title} 是“至少” at least"
            fix = "改为不低于上级的数，或核对出处 raise it, or look at the source again"
            table.problems.append(Problem(CODE, value.origin, got, expected, fix))


def _lower(value: m.DatedValue, least: m.DatedValue) -> bool:
    numbers = isinstance(value.value, Decimal) and isinstance(least.value, Decimal)
    return numbers and value.period.overlaps(least.period) and value.value < least.value  # type: ignore[operator]
