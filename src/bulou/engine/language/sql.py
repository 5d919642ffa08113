"""From the tree to SQL text that Polars, DuckDB and Spark read alike.

Numbers are whole: an expression of type decimals d yields its value × 10**d. What SQL does not treat as Kleene
logic (CASE, GREATEST, aggregates) is spelt out here, so that authors never meet it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from bulou.engine.language import nodes as n
from bulou.engine.language.functions import FUNCTIONS
from bulou.engine.language.types import Type

INT64 = 2**63 - 1

Column = Callable[[n.Node], str]
"""Gives the SQL of a fact or a roll-up: the name of the column that holds it."""

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


def sql(node: n.Node, column: Column) -> str:
    """SQL text of an expression; `column` names what is already computed."""
    match node:
        case n.Fact() | n.OverMembers():
            return column(node)
        case n.Literal():
            return _literal(node.value, node.type.decimals)
        case n.Unknown():
            return unknown_of(node.type)
        case n.Not():
            return f"(NOT {sql(node.part, column)})"
        case n.And():
            return "(" + " AND ".join(sql(part, column) for part in node.parts) + ")"
        case n.Or():
            return "(" + " OR ".join(sql(part, column) for part in node.parts) + ")"
        case n.Compare():
            left, right = _aligned([node.left, node.right], column)
            return f"({left} {node.operator} {right})"
        case n.OneOf():
            value, *options = _aligned([node.value, *node.options], column)
            return f"({value} IN ({', '.join(options)}))"
        case n.Case():
            return _case(node, column)
        case n.Arithmetic():
            return _arithmetic(node, column)
        case n.Divide():
            return sql(node.part, column)
        case n.Call():
            return _call(node, column)
        case n.FirstKnown():
            return "COALESCE(" + ", ".join(_aligned(node.parts, column)) + ")"
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


def _aligned(parts: Sequence[n.Node], column: Column) -> list[str]:
    """SQL of several expressions with the same number of decimals."""
    decimals = max(part.type.decimals for part in parts)
    return [_with_decimals(part, decimals, column) for part in parts]


def _with_decimals(node: n.Node, decimals: int, column: Column) -> str:
    if not node.type.numeric or node.type.decimals == decimals:
        return sql(node, column)
    if isinstance(node, n.Literal):
        return _literal(node.value, decimals)
    factor = 10 ** (decimals - node.type.decimals)
    return _operation("*", sql(node, column), str(factor), node.limit * factor)


def _operation(operator: str, left: str, right: str, limit: int) -> str:
    """`limit` bounds the result: beyond 64 bits both sides are widened first."""
    if limit > INT64:
        left, right = (f"CAST({side} AS HUGEINT)" for side in (left, right))
    return f"({left} {operator} {right})"


def _case(node: n.Case, column: Column) -> str:
    decimals = node.type.decimals
    branches = []
    for condition, value in node.branches:
        test = sql(condition, column)
        branches.append(f"WHEN {test} IS NULL THEN NULL WHEN {test} THEN {_with_decimals(value, decimals, column)}")
    return f"(CASE {' '.join(branches)} ELSE {_with_decimals(node.otherwise, decimals, column)} END)"


def _arithmetic(node: n.Arithmetic, column: Column) -> str:
    if node.operator == "*":
        left, right = sql(node.left, column), sql(node.right, column)
    else:
        left, right = _aligned([node.left, node.right], column)
    return _operation(node.operator, left, right, node.limit)


def _call(node: n.Call, column: Column) -> str:
    if node.function not in ("greatest", "least"):
        return "(" + FUNCTIONS[node.function].sql([sql(argument, column) for argument in node.arguments]) + ")"
    arguments = _aligned(node.arguments, column)
    unknown = " OR ".join(f"{argument} IS NULL" for argument in arguments)
    return f"(CASE WHEN {unknown} THEN NULL ELSE {node.function.upper()}({', '.join(arguments)}) END)"


def roll_up(node: n.OverMembers, true: str, unknown: str, value: str) -> str:
    """SQL of a roll-up from its aggregates: how many members are true, how many unknown, the value taken."""
    match node.kind:
        case "any":
            return f"CASE WHEN {true} > 0 THEN TRUE WHEN {unknown} > 0 THEN NULL ELSE FALSE END"
        case "at_least":
            size = node.at_least
            return f"CASE WHEN {true} >= {size} THEN TRUE WHEN {true} + {unknown} >= {size} THEN NULL ELSE FALSE END"
        case "count":
            return f"CASE WHEN {unknown} > 0 THEN NULL ELSE {true} END"
    return f"CASE WHEN {unknown} > 0 THEN NULL ELSE {value} END"
