"""Rewrites that keep the meaning: known facts put in, decided parts folded away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bulou.engine.language import nodes as n
from bulou.engine.language.meaning import Known, evaluate


class _Nothing:
    """Knows no fact at all: enough to work out expressions that read none."""

    def value(self, name: str) -> n.Value:
        raise KeyError(name)

    def members(self) -> list[Known]:
        return []


_NOTHING = _Nothing()


def put_in(node: n.Node, values: Mapping[str, n.Value]) -> n.Node:
    """The expression with the named facts replaced by their values (None: unknown), then folded."""
    if isinstance(node, n.Fact):
        return _constant(values[node.name], node) if node.name in values else node
    if isinstance(node, n.Literal | n.Unknown):
        return node
    rebuilt = with_children(node, [put_in(child, values) for child in node.children])
    return _fold(rebuilt)


def _constant(value: n.Value, like: n.Node) -> n.Node:
    if value is None:
        return n.Unknown(type=like.type, limit=like.limit)
    if isinstance(value, tuple):
        raise TypeError("a list of codes is not a constant of the language")
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if isinstance(value, Decimal):
        return n.Literal(value, type=like.type, limit=int(abs(value) * 10**like.type.decimals))
    return n.Literal(value, type=like.type)


def with_children(node: n.Node, children: list[n.Node]) -> n.Node:
    """The node with its children replaced, in the order of `Node.children`."""
    match node:
        case n.Not() | n.Divide():
            return replace(node, part=children[0])
        case n.And() | n.Or() | n.FirstKnown():
            return replace(node, parts=tuple(children))
        case n.Compare() | n.Arithmetic():
            return replace(node, left=children[0], right=children[1])
        case n.OneOf():
            return replace(node, value=children[0])
        case n.Call():
            return replace(node, arguments=tuple(children))
        case n.Case():
            pairs = tuple(zip(children[:-1:2], children[1:-1:2], strict=True))
            return replace(node, branches=pairs, otherwise=children[-1])
        case n.OverMembers():
            return replace(node, condition=children[0], value=children[1] if node.value is not None else None)
    raise TypeError(f"no rule for {type(node).__name__}")


def _is(node: n.Node, value: bool) -> bool:
    return isinstance(node, n.Literal) and node.value is value


def _fold(node: n.Node) -> n.Node:
    if isinstance(node, n.And | n.Or):
        return _fold_logic(node, decides=isinstance(node, n.Or))
    if isinstance(node, n.Case):
        return _fold_case(node)
    constant = all(isinstance(child, n.Literal | n.Unknown) for child in node.children)
    if constant and not isinstance(node, n.OverMembers):
        return _constant(evaluate(node, _NOTHING), node)
    return node


def _fold_logic(node: n.And | n.Or, decides: bool) -> n.Node:
    if any(_is(part, decides) for part in node.parts):
        return n.Literal(decides)
    parts = tuple(part for part in node.parts if not _is(part, not decides))
    if not parts:
        return n.Literal(not decides)
    return parts[0] if len(parts) == 1 else replace(node, parts=parts)


def _fold_case(node: n.Case) -> n.Node:
    branches: list[tuple[n.Node, n.Node]] = []
    for condition, value in node.branches:
        if _is(condition, False):
            continue
        if isinstance(condition, n.Unknown) and not branches:
            return n.Unknown(type=node.type, limit=node.limit)
        if _is(condition, True):
            return _rest(node, branches, value)
        branches.append((condition, value))
    return _rest(node, branches, node.otherwise)


def _rest(node: n.Case, branches: list[tuple[n.Node, n.Node]], otherwise: n.Node) -> n.Node:
    if branches:
        return replace(node, branches=tuple(branches), otherwise=otherwise)
    if isinstance(otherwise, n.Literal | n.Unknown):
        value = otherwise.value if isinstance(otherwise, n.Literal) else None
        return _constant(value, node)
    return otherwise


def can_be_unknown(node: n.Node, always_known: Collection[object]) -> bool:
    """Whether the expression can be unknown when the facts (by name) and roll-ups of `always_known` never are."""
    match node:
        case n.Literal():
            return False
        case n.Unknown():
            return True
        case n.OverMembers():
            return node not in always_known
        case n.Fact():
            return node.name not in always_known
        case n.Call() if node.function.endswith("_in"):
            return True
        case n.FirstKnown():
            return all(can_be_unknown(part, always_known) for part in node.parts)
    return any(can_be_unknown(child, always_known) for child in node.children)


Substitution = Callable[[n.Fact], n.Node]


def replace_facts(node: n.Node, substitution: Substitution) -> n.Node:
    """The expression with each fact replaced by what `substitution` gives for it."""
    if isinstance(node, n.Fact):
        return substitution(node)
    if not node.children:
        return node
    children: list[Any] = [replace_facts(child, substitution) for child in node.children]
    return with_children(node, children)


def replace_roll_ups(node: n.Node, substitution: Callable[[n.OverMembers], n.Node]) -> n.Node:
    """The expression with each roll-up over members replaced by what `substitution` gives for it."""
    if isinstance(node, n.OverMembers):
        return substitution(node)
    if not node.children:
        return node
    return with_children(node, [replace_roll_ups(child, substitution) for child in node.children])
