"""From the tree to SQL text that Polars, DuckDB and Spark read alike.

Numbers are whole: an expression of type decimals d yields its value × 10**d. What SQL does not treat as Kleene
logic (CASE, GREATEST, aggregates) is spelt out here, so that authors never meet it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from bulou.engine.language import nodes as n
from bulou.engine.language.functions import FUNCTIONS
from bulou.engine.language.types import Type

INT64 = 2**63 - 1

FEW = 4
"""Up to this many options, comparisons joined by OR are cheaper than IN on Polars; the meaning is the same."""


class Columns(Protocol):
    """What the steps before have made."""

    def column(self, node: n.Node) -> str:
        """SQL of a fact or a roll-up: the name of the column that holds it."""
        ...

    def maybe_unknown(self, node: n.Node) -> bool:
        """Whether an expression can be NULL over these columns."""
        ...


TYPE_NAMES = {
    "bool": "BOOLEAN",
    "number": "BIGINT",
    "money": "BIGINT",
    "date": "DATE",
    "code": "VARCHAR",
    "text": "VARCHAR",
    "codes": "VARCHAR[]",
}


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def unknown_of(type: Type) -> str:
    return f"CAST(NULL AS {TYPE_NAMES[type.kind]})"


def sql(node: n.Node, columns: Columns) -> str:
    """SQL text of an expression; `column` names what is already computed."""
    match node:
        case n.Fact() | n.OverMembers():
            return columns.column(node)
        case n.Literal():
            return _literal(node.value, node.type.decimals)
        case n.Unknown():
            return unknown_of(node.type)
        case n.Not():
            return f"(NOT {sql(node.part, columns)})"
        case n.And():
            return "(" + " AND ".join(sql(part, columns) for part in node.parts) + ")"
        case n.Or():
            return "(" + " OR ".join(sql(part, columns) for part in node.parts) + ")"
        case n.Compare():
            left, right = _aligned([node.left, node.right], columns)
            return f"({left} {node.operator} {right})"
        case n.OneOf():
            value, *options = _aligned([node.value, *node.options], columns)
            if len(options) <= FEW:
                return "(" + " OR ".join(f"{value} = {option}" for option in options) + ")"
            return f"({value} IN ({', '.join(options)}))"
        case n.Case():
            return _case(node, columns)
        case n.Arithmetic():
            return _arithmetic(node, columns)
        case n.Divide():
            return sql(node.part, columns)
        case n.Call():
            return _call(node, columns)
        case n.FirstKnown():
            return "COALESCE(" + ", ".join(_aligned(node.parts, columns)) + ")"
    raise TypeError(f"no SQL for {type(node).__name__}")


def _literal(value: bool | Decimal | date | str, decimals: int) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        whole = int(value * 10**decimals)
        return str(whole) if abs(whole) <= INT64 else f"CAST({whole} AS HUGEINT)"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return text_literal(value)


def _aligned(parts: Sequence[n.Node], columns: Columns) -> list[str]:
    """SQL of several expressions with the same number of decimals."""
    decimals = max(part.type.decimals for part in parts)
    return [_with_decimals(part, decimals, columns) for part in parts]


def _with_decimals(node: n.Node, decimals: int, columns: Columns) -> str:
    if not node.type.numeric or node.type.decimals == decimals:
        return sql(node, columns)
    if isinstance(node, n.Literal):
        return _literal(node.value, decimals)
    factor = 10 ** (decimals - node.type.decimals)
    return _operation("*", _full_width(node, columns), str(factor), node.limit * factor)


def _full_width(node: n.Node, columns: Columns) -> str:
    """A fact's column may be held in fewer bits; before arithmetic it is widened, so that nothing wraps."""
    text = sql(node, columns)
    return f"CAST({text} AS BIGINT)" if isinstance(node, n.Fact) and node.limit <= INT64 else text


def _wide_with_decimals(node: n.Node, decimals: int, columns: Columns) -> str:
    if node.type.decimals == decimals:
        return _full_width(node, columns)
    return _with_decimals(node, decimals, columns)


def _operation(operator: str, left: str, right: str, limit: int) -> str:
    """`limit` bounds the result: beyond 64 bits both sides are widened first."""
    if limit > INT64:
        left, right = (f"CAST({side} AS HUGEINT)" for side in (left, right))
    return f"({left} {operator} {right})"


def _case(node: n.Case, columns: Columns) -> str:
    decimals = node.type.decimals
    branches = []
    for condition, value in node.branches:
        test = sql(condition, columns)
        if columns.maybe_unknown(condition):
            branches.append(f"WHEN {test} IS NULL THEN NULL")
        branches.append(f"WHEN {test} THEN {_with_decimals(value, decimals, columns)}")
    return f"(CASE {' '.join(branches)} ELSE {_with_decimals(node.otherwise, decimals, columns)} END)"


def _arithmetic(node: n.Arithmetic, columns: Columns) -> str:
    if node.operator == "*":
        left, right = _full_width(node.left, columns), _full_width(node.right, columns)
    else:
        decimals = node.type.decimals
        left, right = (_wide_with_decimals(part, decimals, columns) for part in (node.left, node.right))
    return _operation(node.operator, left, right, node.limit)


def _call(node: n.Call, columns: Columns) -> str:
    if node.function not in ("greatest", "least"):
        return "(" + FUNCTIONS[node.function].sql([sql(argument, columns) for argument in node.arguments]) + ")"
    arguments = _aligned(node.arguments, columns)
    if not columns.maybe_unknown(node):
        return f"{node.function.upper()}({', '.join(arguments)})"
    unknown = " OR ".join(f"{argument} IS NULL" for argument in arguments)
    return f"(CASE WHEN {unknown} THEN NULL ELSE {node.function.upper()}({', '.join(arguments)}) END)"


def roll_up(node: n.OverMembers, true: str, unknown: str, value: str) -> str:
    """SQL of a roll-up from its aggregates: true members, unknown ones (empty: there can be none), the value taken."""
    if not unknown:
        return {"any": value, "at_least": f"{true} >= {node.at_least}", "count": true}.get(node.kind, value)
    match node.kind:
        case "any":
            return f"CASE WHEN {value} THEN TRUE WHEN {unknown} > 0 THEN NULL ELSE FALSE END"
        case "at_least":
            most = f"{true} + {unknown}"
            return (
                f"CASE WHEN {true} >= {node.at_least} THEN TRUE WHEN {most} >= {node.at_least} THEN NULL ELSE FALSE END"
            )
        case "count":
            return f"CASE WHEN {unknown} > 0 THEN NULL ELSE {true} END"
    return f"CASE WHEN {unknown} > 0 THEN NULL ELSE {value} END"
