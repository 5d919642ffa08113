"""Finds conditions that can never be met or never fail, by trying the values at which they can turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import islice, product

from bulou.engine.language import Node, evaluate, walk
from bulou.engine.language import nodes as n
from bulou.engine.language.meaning import Known
from bulou.engine.language.nodes import Value

MOST_COMBINATIONS = 20_000


class _Trial:
    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def value(self, name: str) -> Value:
        return self._values[name]

    def members(self) -> Sequence[Known]:
        return ()


def never_and_always(tree: Node) -> tuple[bool, bool]:
    """(can never be met, can never fail), over all combinations of the values that matter.

    Each fact takes both truths, every code, and the values at and beside each limit of the expression. Where
    combinations are too many, or facts are lists of codes or roll-ups, nothing is claimed.
    """
    if any(isinstance(part, n.OverMembers) for part in walk(tree)):
        return False, False
    choices = _choices(tree)
    size = 1
    for values in choices.values():
        size *= max(1, len(values))
    if size > MOST_COMBINATIONS or not all(choices.values()):
        return False, False
    seen = set()
    for values in islice(product(*choices.values()), MOST_COMBINATIONS):
        seen.add(evaluate(tree, _Trial(dict(zip(choices, values, strict=True)))))
        if {True, False} <= seen:
            return False, False
    return True not in seen, False not in seen


def _choices(tree: Node) -> dict[str, Sequence[Value]]:
    limits = _limits(tree)
    found: dict[str, Sequence[Value]] = {}
    for part in walk(tree):
        if isinstance(part, n.Fact) and part.name not in found:
            found[part.name] = _values_of(part, limits)
    return found


def _limits(tree: Node) -> list[n.Literal]:
    literals = [part for part in walk(tree) if isinstance(part, n.Literal)]
    return literals + [option for part in walk(tree) if isinstance(part, n.OneOf) for option in part.options]


def _values_of(fact: n.Fact, limits: list[n.Literal]) -> Sequence[Value]:
    kind = fact.type.kind
    if kind == "bool":
        return [True, False]
    if kind == "code":
        return list(fact.type.codes)
    if kind == "text":
        return ["", *{str(limit.value) for limit in limits if limit.type.kind == "text"}]
    if kind == "date":
        days = {limit.value for limit in limits if limit.type.kind == "date"}
        return sorted({day + timedelta(days=step) for day in days for step in (-1, 0, 1)})  # type: ignore[operator]
    if fact.type.numeric:
        numbers = {limit.value for limit in limits if isinstance(limit.value, Decimal)} | {Decimal(0)}
        return sorted(
            {number + step for number in numbers for step in (-1, 0, 1) if number + step >= 0} | {Decimal(10**6)}
        )
    return []
