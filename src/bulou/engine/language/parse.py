"""From SQL text to the typed tree. What is not in the subset is refused by name, with what to write instead."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import nodes as n
from bulou.engine.language.build import Builder, Mismatch
from bulou.engine.language.scope import Scope
from bulou.engine.language.types import Type

MAX_LENGTH = 2_000
MAX_DEPTH = 40


def parse(text: str, scope: Scope, place: Place, wants: Type | None = None) -> n.Node | Problem:
    """The typed tree of an expression, or the problem that makes it unusable.

    `wants` is the type the expression must have (only its kind is compared; numbers may stand for money).
    """
    problem = _too_large(text, place)
    if problem:
        return problem
    try:
        tree = _tree(text)
    except (SqlglotError, RecursionError) as error:
        return _unreadable(text, error, place)
    try:
        node = Builder(scope).build(tree)
        if wants is not None and not _fits(node.type, wants):
            raise Mismatch("wrong-type", str(node.type), str(wants), "改写表达式，使其结果为所需类型")
    except Mismatch as mismatch:
        return mismatch.problem(place)
    return node


@cache
def _tree(text: str) -> exp.Expr:
    """sqlglot's tree of a text; the same few hundred texts are read again for every day and region."""
    return sqlglot.parse_one(text, dialect="duckdb")


def _fits(got: Type, wanted: Type) -> bool:
    return got.kind == wanted.kind or (got.kind == "number" and wanted.kind == "money")


def _too_large(text: str, place: Place) -> Problem | None:
    deepest = depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if len(text) <= MAX_LENGTH and deepest <= MAX_DEPTH:
        return None
    return Problem(
        "expression-too-large",
        place,
        got=f"{len(text)} 个字符、{deepest} 层括号 characters and levels of brackets",
        expected=f"不超过 {MAX_LENGTH} 个字符、{MAX_DEPTH} 层括号 at most",
        fix="拆成几个有名字的条件或派生事实 split it into named conditions or derived facts",
    )


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
