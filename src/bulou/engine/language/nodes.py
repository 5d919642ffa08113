"""The typed tree: what a rule says, apart from how it was written and how it is computed.

Nodes are frozen and carry their type. Nothing here reads text or computes a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal as OneOfThese

from bulou.engine.language.types import BOOL, Type

Value = bool | int | Decimal | date | str | tuple[str, ...] | None
"""A value in Python: numbers are exact (int or Decimal), money is in yuan, None is unknown."""

Comparison = OneOfThese["=", "<>", "<", "<=", ">", ">="]
RollUp = OneOfThese["any", "count", "at_least", "sum", "min", "max"]


@dataclass(frozen=True)
class Node:
    """One part of an expression; `limit` bounds the magnitude of a numeric value × 10**type.decimals."""

    type: Type = field(default=BOOL, kw_only=True)
    limit: int = field(default=0, kw_only=True, compare=False)

    @property
    def children(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True)
class Fact(Node):
    """A fact by its dotted name, e.g. person.grade."""

    name: str

    @property
    def subject(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Literal(Node):
    """A value written in the expression."""

    value: bool | Decimal | date | str


@dataclass(frozen=True)
class Unknown(Node):
    """The unknown value, allowed only where a fact is defined."""


@dataclass(frozen=True)
class Not(Node):
    part: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)


@dataclass(frozen=True)
class And(Node):
    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True)
class Or(Node):
    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True)
class Compare(Node):
    operator: Comparison
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class OneOf(Node):
    """value IN (literals)."""

    value: Node
    options: tuple[Literal, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.value,)


@dataclass(frozen=True)
class Case(Node):
    """First branch whose condition is true; an unknown condition before that makes the whole unknown."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (*(part for branch in self.branches for part in branch), self.otherwise)


@dataclass(frozen=True)
class Arithmetic(Node):
    operator: OneOfThese["+", "-", "*"]
    left: Node
    right: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Divide(Node):
    """Exact division by 10**places: it only moves the decimal point."""

    part: Node
    places: int

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.part,)


@dataclass(frozen=True)
class Call(Node):
    """A named function of `functions.FUNCTIONS`; unknown if any argument is unknown."""

    function: str
    arguments: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.arguments


@dataclass(frozen=True)
class FirstKnown(Node):
    """The first part that is known, allowed only where a fact is defined."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


@dataclass(frozen=True)
class OverMembers(Node):
    """A roll-up over the people of a household for whom `condition` holds.

    `value` is what sum, min and max take; `at_least` is the number asked for by at_least.
    """

    kind: RollUp
    condition: Node
    value: Node | None = None
    at_least: int = 0

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.condition,) if self.value is None else (self.condition, self.value)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in node.children:
        yield from walk(child)


def facts_in(node: Node) -> list[str]:
    """Names of the facts the expression reads, each once, in order of appearance."""
    return list(dict.fromkeys(part.name for part in walk(node) if isinstance(part, Fact)))
