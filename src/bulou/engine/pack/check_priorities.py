"""What is wrong with a pack's priorities, each with its place."""

from __future__ import annotations

from collections.abc import Iterator

from bulou.engine.basics.problems import Problem
from bulou.engine.language import BOOL
from bulou.engine.pack import model as m
from bulou.engine.pack.expressions import parsed
from bulou.engine.pack.model import is_own
from bulou.engine.pack.reach import never_and_always


def priority_problems(pack: m.Pack) -> Iterator[Problem]:
    """Lists, switches and keys one by one; then duties that speak of priority and have no order.

    Duties are those of one document and are not inherited, so an inherited priority names none of this pack.
    """
    for priority in pack.priorities.values():
        yield from _line_problems(priority, pack)
        for key in priority.keys:
            yield from _key_problems(key, priority, pack)
    ordered = {priority.duty for priority in pack.priorities.values()}
    for duty in pack.duties.values():
        if duty.kind == "priority" and duty.name not in ordered:
            fix = "在 priorities.toml 里写出次序，或写 no_order 说明为什么排不出"
            yield Problem("priority-without-order", duty.origin, duty.name, f'duty = "{duty.name}" 的次序', fix)


def _line_problems(priority: m.Priority, pack: m.Pack) -> Iterator[Problem]:
    programme = pack.programmes.get(priority.programme)
    if priority.programme and programme is None:
        yield Problem("unknown-programme", priority.origin, priority.programme, "本包的项目", "改正名字")
    if programme is not None and programme.subject != priority.subject:
        got = f"{priority.name}（{priority.subject}）与 {programme.name}（{programme.subject}）"
        yield Problem("different-subjects", priority.origin, got, "同类主体", "改 subject，或改用 among")
    if priority.duty and is_own(priority.origin, pack) and f"priority.{priority.duty}" not in pack.duties:
        known = "、".join(duty.name for duty in pack.duties.values() if duty.kind == "priority") or "（无）"
        yield Problem("unknown-duty", priority.origin, priority.duty, known, "改正名字，或先在 duties.toml 写这条职责")
    for text in (priority.among, priority.switch):
        tree = parsed(pack, text, priority.subject, priority.origin, BOOL) if text else None
        if isinstance(tree, Problem):
            yield tree


def _key_problems(key: m.PriorityKey, priority: m.Priority, pack: m.Pack) -> Iterator[Problem]:
    tree = parsed(pack, key.expression, priority.subject, key.origin, BOOL if key.first == "true" else None)
    if isinstance(tree, Problem):
        yield tree
        return
    shown = f"{priority.name}.{key.id}: {key.expression}"
    if key.first != "true":
        if not tree.type.ordered:
            yield Problem("wrong-type", key.origin, shown, "数、金额或日期", "是非写 test")
        return
    never, always = never_and_always(tree, pack.vocabulary)
    if never or always:
        word = "永远不成立 can never be met" if never else "永远成立 can never fail"
        yield Problem("key-decides-nothing", key.origin, f"{shown} {word}", "分得出先后的条件", "改正或删去")
