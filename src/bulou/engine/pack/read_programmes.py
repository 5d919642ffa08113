"""Programmes and groups. A child pack's programme stands on the parent's of the same name, condition by condition."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from bulou.engine.basics.days import Period
from bulou.engine.basics.toml_tables import Table
from bulou.engine.pack import model as m
from bulou.engine.pack.against_parent import check_subject

SWITCHED_ON = "switched_on"
PLAN_IN_FORCE = "plan_in_force"
COLUMNS = r"id|failed_\d+|unknown_\d+"
"""Names of columns that the results have beside those of the programmes."""


def read_programme(table: Table, inherited: m.Programme | None, draft: bool) -> m.Programme:
    """A programme as its table says, on top of `inherited` unless it says `replaces = true`."""
    table.check_name(reserved=COLUMNS)
    base = None if table.flag("replaces") else inherited
    start = base.period.start if base and "from" not in table.content else table.day("from")
    end = base.period.end if base and "to" not in table.content else table.day("to")
    table.used |= {"from", "to"}
    conditions = _conditions(table, base)
    programme = m.Programme(
        name=table.name,
        title=table.text("name", base.title if base else None),
        subject=table.choice("subject", m.SUBJECTS, base.subject if base else None),
        gives=table.choice("gives", m.GIVES, base.gives if base else None),
        force=table.choice("force", m.FORCES, base.force if base else None),
        pays=table.choice("period", m.PERIODS, base.pays if base else "none"),
        period=table.checked_period(start, end),
        switch=table.text("switch", base.switch if base else ""),
        amounts=_amounts(table) or (base.amounts if base else ()),
        amount_set_by=table.text("amount_set_by", base.amount_set_by if base else ""),
        amount_is_floor=table.flag("amount_is_floor"),
        conditions=conditions,
        cite=table.text("cite", base.cite if base else None),
        covers=table.texts("covers"),
        stacks_with=table.texts("stacks_with") or (base.stacks_with if base else ()),
        not_with=table.texts("not_with") or (base.not_with if base else ()),
        lasts_months=table.text("lasts_months", ""),
        confidence=table.choice("confidence", m.CONFIDENCES, base.confidence if base else "seen"),
        note=table.text("note", ""),
        origin=table.place,
        need=table.choice("need", tuple(m.NEEDS), base.need if base and base.need else _need_of_file(table)),
        draft=draft,
        inherited=inherited if draft else None,
    )
    check_subject(table, programme, base)
    table.done()
    return programme


def _need_of_file(table: Table) -> str:
    """The need for which the file is named: programmes/care.toml holds care."""
    stem = PurePosixPath(table.file).stem
    return stem if stem in m.NEEDS else ""


def _amounts(table: Table) -> tuple[m.AmountRule, ...]:
    always = table.text("amount", "")
    found = [m.AmountRule(Period(), always, table.text("cite", ""), table.place_of("amount"))] if always else []
    for row in table.rows("amounts"):
        found.append(m.AmountRule(row.period(), row.text("amount"), row.text("cite"), row.place))
        row.done()
    return tuple(found)


def _conditions(table: Table, base: m.Programme | None) -> tuple[m.Condition, ...]:
    """Inherited conditions in their order, replaced where the table names them again, then the new ones."""
    own = {condition.id: condition for condition in _own_conditions(table)}
    dropped = table.texts("drops")
    inherited = {condition.id: condition for condition in base.conditions} if base else {}
    for id in dropped:
        if id not in inherited:
            table.problem("nothing-to-drop", "drops", id, "、".join(inherited) or "（无）", "改正条件名")
    kept = {id: own.get(id, condition) for id, condition in inherited.items() if id not in dropped}
    new = {id: condition for id, condition in own.items() if id not in kept}
    together = [*kept.values(), *new.values()]
    return (*[c for c in together if not c.excludes], *[c for c in together if c.excludes])


def _own_conditions(table: Table) -> list[m.Condition]:
    found: list[m.Condition] = []
    for key, excludes in (("when", False), ("unless", True)):
        section = table.table(key)
        for condition in section.tables() if section else ():
            if any(other.id == condition.name for other in found):
                condition.problem("defined-twice", None, condition.name, "条件名不重复", "改名")
            found.append(_condition(condition, excludes))
    return found


def _condition(table: Table, excludes: bool) -> m.Condition:
    condition = m.Condition(
        id=table.name,
        test=table.text("test"),
        says=table.text("says"),
        cite=table.text("cite", ""),
        period=table.period(),
        excludes=excludes,
        origin=table.place,
    )
    table.must_have("cite", "condition-without-cite", 'cite = "文件 条款"', "写明条件的出处")
    table.done()
    return condition


def read_group(table: Table) -> m.Group:
    """Programmes of one class of which only the highest is due, also against a benefit from elsewhere."""
    against = table.table("against")
    group = m.Group(
        name=table.name,
        programmes=table.texts("programmes"),
        has=against.text("has") if against else "",
        amount=against.text("amount") if against else "",
        condition=table.text("condition"),
        says=table.text("says"),
        cite=table.text("cite"),
        origin=table.place,
    )
    if against:
        against.done()
    table.choice("take", ("highest",))
    table.done()
    return group


def switch_condition(programme: m.Programme) -> m.Condition:
    """The first condition of an optional programme: the locality has switched it on."""
    return m.Condition(
        SWITCHED_ON, programme.switch, "本地已开办", programme.cite, Period(), excludes=False, origin=programme.origin
    )


def draft_condition(programme: m.Programme) -> m.Condition:
    """The first condition of what a draft says: the plan has been issued."""
    return m.Condition(
        PLAN_IN_FORCE,
        "region.plan_in_force",
        "规划已正式印发",
        programme.cite,
        Period(),
        excludes=False,
        origin=programme.origin,
    )


def with_all_conditions(programme: m.Programme) -> m.Programme:
    """The programme with the conditions that its switch and its pack's draft status put first."""
    first = [draft_condition(programme)] if programme.draft else []
    if programme.switch:
        first.append(switch_condition(programme))
    return replace(programme, conditions=(*first, *programme.conditions))
