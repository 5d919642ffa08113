"""From SQL text to the typed tree. What is not in the subset is refused by name, with what to write instead."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import nodes as n
from bulou.engine.language.agree import as_type
from bulou.engine.language.build import Builder
from bulou.engine.language.refusal import Mismatch
from bulou.engine.language.scope import Scope
from bulou.engine.language.tokens import check_tokens
from bulou.engine.language.types import Type


def parse(text: str, scope: Scope, place: Place, wants: Type | None = None) -> n.Node | Problem:
    """The typed tree of an expression, or the problem that makes it unusable.

    `wants` is the type the expression must have (only its kind is compared; numbers may stand for money).
    """
    try:
        check_tokens(text, scope)
        tree = _tree(text)
        node = Builder(scope).build(tree)
        return node if wants is None else _as_wanted(node, wants)
    except Mismatch as mismatch:
        return mismatch.problem(place)
    except SqlglotError as error:
        return _unreadable(text, error, place)


def _as_wanted(node: n.Node, wants: Type) -> n.Node:
    node = as_type(node, wants)
    if not _fits(node.type, wants):
        raise Mismatch("wrong-type", str(node.type), str(wants), "改写表达式，使其结果为所需类型")
    return node


@cache
def _tree(text: str) -> exp.Expr:
    """sqlglot's tree of a text; the same few hundred texts are read again for every day and region."""
    return sqlglot.parse_one(text, dialect="duckdb")


def _fits(got: Type, wanted: Type) -> bool:
    if got.codes and wanted.codes and not set(got.codes) <= set(wanted.codes):
        return False
    return got.kind == wanted.kind or (got.kind == "number" and wanted.kind == "money")


def _unreadable(text: str, error: Any, place: Place) -> Problem:
    details = getattr(error, "errors", None) or [{}]
    column, found = details[0].get("col"), details[0].get("highlight")
    where = f"第 {column} 个字符附近 near character {column}: {found!r}" if column else repr(text[:80])
    return Problem(
        "not-an-expression",
        place,
        got=f"读不懂的表达式 unreadable expression, {where}",
        expected="一个 SQL 布尔或数值表达式，如 person.grade <= 2 AND person.cert_valid",
        fix="检查括号、引号和运算符 check brackets, quotes and operators",
    )
