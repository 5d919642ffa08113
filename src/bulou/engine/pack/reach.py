"""Finds conditions that can never be met or never fail, by trying the values at which they can turn.

Only what is sure is claimed: a pack that is right must not be refused for a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from math import prod

from bulou.engine.language import FactType, Node, evaluate, facts_in, walk
from bulou.engine.language import nodes as n
from bulou.engine.language.meaning import Known
from bulou.engine.language.nodes import Value

MOST_COMBINATIONS = 20_000
SOME_DAY = date(2000, 1, 1)


class _Trial:
    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def value(self, name: str) -> Value:
        return self._values[name]

    def members(self) -> Sequence[Known]:
        return ()


def never_and_always(tree: Node, vocabulary: Mapping[str, FactType]) -> tuple[bool, bool]:
    """(can never be met, can never fail), over all combinations of the values that matter within the facts' bounds.

    Nothing is claimed where facts go through arithmetic or functions, or where combinations are too many.
    """
    names = facts_in(tree)
    if names and not _is_plain(tree):
        return False, False
    choices = {name: list(_values_of(name, tree, vocabulary)) for name in names}
    if not all(choices.values()) or prod(map(len, choices.values())) > MOST_COMBINATIONS:
        return False, False
    seen = set()
    for values in product(*choices.values()):
        seen.add(evaluate(tree, _Trial(dict(zip(names, values, strict=True)))))
        if {True, False} <= seen:
            return False, False
    return True not in seen, False not in seen


def _is_plain(node: Node) -> bool:
    """Whether facts are only compared with written values and with each other."""
    match node:
        case n.Fact() | n.Literal():
            return True
        case n.OneOf():
            return isinstance(node.value, n.Fact)
        case n.Compare():
            return all(isinstance(side, n.Fact | n.Literal) for side in node.children)
        case n.Not() | n.And() | n.Or():
            return all(_is_plain(child) for child in node.children)
    return False


def _values_of(name: str, tree: Node, vocabulary: Mapping[str, FactType]) -> Iterable[Value]:
    """Values on both sides of everything the fact is compared with, as many as there are facts to tell apart."""
    fact = vocabulary[name]
    alike = [other for other in facts_in(tree) if vocabulary[other].type.numeric == fact.type.numeric]
    literals = [part.value for part in _literals(tree)]
    if fact.kind == "bool":
        return [True, False]
    if fact.kind == "code":
        return fact.codes
    if fact.kind == "text":
        return ["", *("某" * times for times in range(1, len(alike) + 1)), *(v for v in literals if isinstance(v, str))]
    if fact.kind == "date":
        days = [value for value in literals if isinstance(value, date)] or [SOME_DAY]
        return {day for found in days for day in _days_around(found, len(alike))}
    if fact.type.numeric:
        numbers = [value for value in literals if isinstance(value, Decimal)]
        bounds = [bound for other in alike for bound in _bounds(vocabulary[other])]
        return {value for number in [*numbers, *bounds] for value in _numbers_around(number, fact, len(alike))}
    return []


def _literals(tree: Node) -> Iterator[n.Literal]:
    for part in walk(tree):
        if isinstance(part, n.Literal):
            yield part
        if isinstance(part, n.OneOf):
            yield from part.options


def _days_around(day: date, times: int) -> Iterator[date]:
    for step in range(-times, times + 1):
        if timedelta(step) <= date.max - day and timedelta(-step) <= day - date.min:
            yield day + timedelta(step)


def _bounds(fact: FactType) -> tuple[Decimal, Decimal]:
    most = Decimal(fact.limit).scaleb(-fact.decimals)
    return (-most if fact.low is None else fact.low, most if fact.high is None else fact.high)


def _numbers_around(number: Decimal, fact: FactType, times: int) -> Iterator[Decimal]:
    low, high = _bounds(fact)
    unit = Decimal(1).scaleb(-fact.decimals)
    nearest = number // unit * unit
    for step in range(-times, times + 2):
        if low <= nearest + step * unit <= high:
            yield nearest + step * unit
