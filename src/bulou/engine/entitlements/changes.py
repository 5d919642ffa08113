"""The nearest change that would turn a no into a yes: the fewest facts with other values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import combinations, product

from bulou.engine.entitlements.one_person import Subject
from bulou.engine.language import Node, evaluate, walk
from bulou.engine.language import nodes as n
from bulou.engine.language.meaning import Known
from bulou.engine.language.nodes import Value
from bulou.engine.pack import ActiveProgramme

UNCHANGEABLE = ("decision.", "own.", "amount.")
MOST_FACTS = 2


@dataclass(frozen=True)
class Change:
    """One fact with another value than the known one."""

    fact: str
    known: Value
    needed: Value


def nearest_change(programme: ActiveProgramme, subject: Subject) -> tuple[Change, ...]:
    """The first smallest set of changed facts (at most two) with which every condition is met; empty if none.

    It is a hint for people, not advice: it looks at facts as the conditions name them, one value each.
    """
    failed = [c for c in programme.conditions if evaluate(c.holds, subject) is False]
    options: dict[str, list[Value]] = {}
    for condition in failed:
        for name, value in _candidates(condition.test):
            if subject.value(name) is not None and value != subject.value(name):
                options.setdefault(name, []).append(value)
    for size in range(1, MOST_FACTS + 1):
        for names in combinations(options, size):
            for values in product(*(options[name] for name in names)):
                changed = _Changed(subject, dict(zip(names, values, strict=True)))
                settled = all(evaluate(condition.holds, changed) for condition in failed)
                if settled and _no_longer_fails(programme, changed):
                    return tuple(Change(name, subject.value(name), changed.value(name)) for name in names)
    return ()


def _no_longer_fails(programme: ActiveProgramme, changed: Known) -> bool:
    return all(evaluate(c.holds, changed) is not False for c in programme.conditions)


class _Changed:
    """A subject as it is, but for some facts."""

    def __init__(self, subject: Subject, values: dict[str, Value]) -> None:
        self._subject, self._values = subject, values

    def value(self, name: str) -> Value:
        return self._values[name] if name in self._values else self._subject.value(name)

    def members(self) -> Sequence[Known]:
        return self._subject.members()


def _candidates(test: Node) -> Iterator[tuple[str, Value]]:
    """Facts of a test with the values at which it can turn: both truths, each code, either side of a limit."""
    for part in walk(test):
        if isinstance(part, n.Fact) and not part.name.startswith(UNCHANGEABLE):
            if part.type.kind == "bool":
                yield part.name, True
                yield part.name, False
            for code in part.type.codes if part.type.kind == "code" else ():
                yield part.name, code
        if isinstance(part, n.Compare):
            yield from _at_the_limit(part.left, part.right)
            yield from _at_the_limit(part.right, part.left)


def _at_the_limit(fact: Node, limit: Node) -> Iterator[tuple[str, Value]]:
    if not (isinstance(fact, n.Fact) and isinstance(limit, n.Literal)) or fact.name.startswith(UNCHANGEABLE):
        return
    if isinstance(limit.value, Decimal):
        step = Decimal(1).scaleb(-fact.type.decimals)
        yield from ((fact.name, limit.value + sign * step) for sign in (0, -1, 1))
    elif fact.type.kind == "date":
        yield from ((fact.name, limit.value + timedelta(days=sign)) for sign in (0, -1, 1))  # type: ignore[operator]
