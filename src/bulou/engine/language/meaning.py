"""The plain meaning of the tree for one subject: Kleene logic, exact numbers, None for unknown.

This is the reference that the SQL of `sql` is held against.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from functools import reduce
from typing import Any, Protocol

from bulou.engine.language import nodes as n
from bulou.engine.language.functions import FUNCTIONS

EXACT = Context(prec=80)
"""Far more digits than any bounded expression needs, so that no result is ever rounded."""


class Known(Protocol):
    """What is known about a subject: values of facts by dotted name, None for unknown."""

    def value(self, name: str) -> n.Value: ...

    def members(self) -> Sequence[Known]:
        """The people of the household in the file (empty: nothing is known about the members)."""
        ...


def evaluate(node: n.Node, known: Known) -> n.Value:
    """Value of an expression; numbers exact, money in yuan, None when unknown."""
    return _MEANINGS[type(node)](node, known)


def open_facts(node: n.Node, known: Known) -> list[str]:
    """Unknown facts that could still change the value of an expression that is now unknown.

    A fact beside a part that already decides (false in AND, true in OR) is left out.
    Facts are named as the expression names them; roll-ups name the facts of the members' condition.
    """
    if evaluate(node, known) is not None:
        return []
    if isinstance(node, n.Fact):
        return [node.name]
    if isinstance(node, n.OverMembers):
        found = [name for member in known.members() for part in node.children for name in open_facts(part, member)]
        return list(dict.fromkeys(found))
    if isinstance(node, n.Case):
        return _open_in_case(node, known)
    return list(dict.fromkeys(name for child in node.children for name in open_facts(child, known)))


def _open_in_case(node: n.Case, known: Known) -> list[str]:
    found: list[str] = []
    for condition, value in node.branches:
        holds = evaluate(condition, known)
        found += open_facts(condition, known)
        if holds is not False:
            found += open_facts(value, known)
        if holds is True:
            return list(dict.fromkeys(found))
    return list(dict.fromkeys(found + open_facts(node.otherwise, known)))


def _not(node: n.Not, known: Known) -> bool | None:
    value = evaluate(node.part, known)
    return None if value is None else not value


def _and(node: n.And, known: Known) -> bool | None:
    result: bool | None = True
    for part in node.parts:
        value = evaluate(part, known)
        if value is False:
            return False
        if value is None:
            result = None
    return result


def _or(node: n.Or, known: Known) -> bool | None:
    result: bool | None = False
    for part in node.parts:
        value = evaluate(part, known)
        if value is True:
            return True
        if value is None:
            result = None
    return result


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def _compare(node: n.Compare, known: Known) -> bool | None:
    left, right = evaluate(node.left, known), evaluate(node.right, known)
    if left is None or right is None:
        return None
    return _COMPARE[node.operator](left, right)


def _one_of(node: n.OneOf, known: Known) -> bool | None:
    value = evaluate(node.value, known)
    if value is None:
        return None
    return any(value == option.value for option in node.options)


def _case(node: n.Case, known: Known) -> n.Value:
    for condition, value in node.branches:
        holds = evaluate(condition, known)
        if holds is None:
            return None
        if holds:
            return evaluate(value, known)
    return evaluate(node.otherwise, known)


def _arithmetic(node: n.Arithmetic, known: Known) -> n.Value:
    left, right = evaluate(node.left, known), evaluate(node.right, known)
    if left is None or right is None:
        return None
    a, b = Decimal(left), Decimal(right)  # type: ignore[arg-type]
    if node.operator == "+":
        return EXACT.add(a, b)
    return EXACT.subtract(a, b) if node.operator == "-" else EXACT.multiply(a, b)


def _divide(node: n.Divide, known: Known) -> n.Value:
    value = evaluate(node.part, known)
    return None if value is None else Decimal(value).scaleb(-node.places, EXACT)  # type: ignore[arg-type]


def _call(node: n.Call, known: Known) -> n.Value:
    values = [evaluate(argument, known) for argument in node.arguments]
    if any(value is None for value in values):
        return None
    if node.function == "greatest":
        return max(values)  # type: ignore[type-var]
    if node.function == "least":
        return min(values)  # type: ignore[type-var]
    result: n.Value = FUNCTIONS[node.function].meaning(*values)
    return result


def _first_known(node: n.FirstKnown, known: Known) -> n.Value:
    for part in node.parts:
        value = evaluate(part, known)
        if value is not None:
            return value
    return None


def _over_members(node: n.OverMembers, known: Known) -> n.Value:
    members = known.members()
    if not members:
        return None
    holds = [evaluate(node.condition, member) for member in members]
    true, unknown = holds.count(True), holds.count(None)
    if node.kind == "any":
        return True if true else None if unknown else False
    if node.kind == "at_least":
        return True if true >= node.at_least else None if true + unknown >= node.at_least else False
    if unknown:
        return None
    if node.kind == "count":
        return true
    assert node.value is not None
    values = [evaluate(node.value, member) for member, held in zip(members, holds, strict=True) if held]
    if any(value is None for value in values):
        return None
    if node.kind == "sum":
        return reduce(EXACT.add, map(Decimal, values), Decimal(0))  # type: ignore[arg-type]
    if not values:
        return None
    return min(values) if node.kind == "min" else max(values)  # type: ignore[type-var]


_MEANINGS: dict[type[n.Node], Callable[[Any, Known], n.Value]] = {
    n.Fact: lambda node, known: known.value(node.name),
    n.Literal: lambda node, known: node.value,
    n.Unknown: lambda node, known: None,
    n.Not: _not,
    n.And: _and,
    n.Or: _or,
    n.Compare: _compare,
    n.OneOf: _one_of,
    n.Case: _case,
    n.Arithmetic: _arithmetic,
    n.Divide: _divide,
    n.Call: _call,
    n.FirstKnown: _first_known,
    n.OverMembers: _over_members,
}
