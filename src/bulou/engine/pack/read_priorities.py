"""Priorities of a pack: who stands in line, and the keys that order the line, each with its clause."""

from __future__ import annotations

from bulou.engine.basics.toml_tables import Table
from bulou.engine.pack import model as m


def read_priority(table: Table, draft: bool) -> m.Priority:
    """A priority as its table says; its keys rank in the order of the file."""
    table.check_name()
    section = table.table("keys")
    priority = m.Priority(
        name=table.name,
        title=table.text("name"),
        subject=table.choice("subject", m.SUBJECTS, ""),
        programme=table.text("programme", ""),
        among=table.text("among", ""),
        among_says=table.text("among_says", ""),
        force=table.choice("force", m.FORCES),
        switch=table.text("switch", ""),
        duty=table.text("duty", ""),
        keys=tuple(_key(key) for key in section.tables()) if section else (),
        no_order=table.text("no_order", ""),
        cite=table.text("cite"),
        origin=table.place,
        draft=draft,
    )
    _check_shape(table, priority)
    table.done()
    return priority


def _check_shape(table: Table, priority: m.Priority) -> None:
    name = priority.name
    if bool(priority.keys) == bool(priority.no_order):
        expected = "[…keys.名字] 或 no_order 之一"
        table.problem("keys-or-reason", None, name, expected, "写出排序的键，或说明文件为什么排不出先后")
    if not priority.subject and not priority.no_order and "subject" not in table.content:
        table.problem("missing-key", None, f"{name} 没有 subject", "subject = " + "、".join(m.SUBJECTS), "补上 subject")
    if priority.programme and priority.among:
        table.problem("one-line", "among", name, "programme 或 among 之一", "名单只由一处定")
    if priority.among and not priority.among_says:
        table.problem("missing-key", "among", f"{name} 没有 among_says", 'among_says = "…"', "用大白话写谁在名单里")
    if priority.keys and priority.force != "must" and not priority.switch:
        got = f"{name}: force = {priority.force!r}"
        table.problem("no-switch", "force", got, 'switch = "region.offers_…"', "鼓励、探索的写明由哪个开关打开")


def _key(table: Table) -> m.PriorityKey:
    table.check_name()
    test, value = table.text("test", ""), table.text("value", "")
    if bool(test) == bool(value):
        table.problem("test-or-value", None, table.name, "test 或 value 之一", "是非写 test，数和日期写 value")
    first = table.choice("first", m.KEYS_FIRST[1:], "")
    if value and "first" not in table.content:
        table.problem("missing-key", None, f"{table.name} 没有 first", "、".join(m.KEYS_FIRST[1:]), "写明哪头在先")
    if first and not value:
        table.problem(
            "first-without-value", "first", f"first = {first!r}", "只和 value 一起写", "删去：test 成立的在先"
        )
    key = m.PriorityKey(
        id=table.name,
        expression=test or value,
        first=first if value else "true",
        says=table.text("says"),
        cite=table.text("cite"),
        period=table.period(),
        origin=table.place_of("test" if test else "value"),
    )
    table.done()
    return key
