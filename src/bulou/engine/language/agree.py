"""Values that meet in one expression get one type: text stands for a code or a date, numbers for money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from bulou.engine.basics.days import day_of_text
from bulou.engine.language import nodes as n
from bulou.engine.language.refusal import Mismatch
from bulou.engine.language.types import DATE, EXACT_LIMIT, Type


def agree(left: n.Node, right: n.Node, tree: exp.Expr) -> tuple[n.Node, n.Node]:
    """Both sides with one kind of type; raises `Mismatch` when they have nothing in common."""
    left, right = as_type(left, right.type), as_type(right, left.type)
    same_kind = left.type.kind == right.type.kind or (left.type.numeric and right.type.numeric)
    if not same_kind or no_common_code(left.type, right.type):
        raise Mismatch(
            "wrong-type",
            f"{tree.sql()[:60]}（{left.type} 与 and {right.type}）",
            "同类的值 values of one type",
            "比较同类的事实和值",
        )
    return left, right


def together(parts: Sequence[n.Node], tree: exp.Expr) -> tuple[list[n.Node], Type, int]:
    """Values of which one is taken: with one kind, the type that holds each of them, and its limit."""
    model = next((part for part in parts if not _waits_for_a_type(part)), parts[0])
    agreed = [agree(model, part, tree)[1] for part in parts]
    types = [part.type for part in agreed]
    decimals = within_at(agreed, tree)
    kind = "money" if any(type.kind == "money" for type in types) else types[0].kind
    codes = dict.fromkeys(code for type in types for code in type.codes)
    return agreed, Type(kind, decimals, tuple(codes)), max(limit_at(part, decimals) for part in agreed)


def as_type(node: n.Node, wanted: Type) -> n.Node:
    """The node as `wanted` where it has no type of its own yet: a text that stands for a code or date, or unknown."""
    match node:
        case n.Unknown():
            return replace(node, type=wanted)
        case n.Literal() if node.type.kind == "text" and wanted.kind == "code":
            _known_code(wanted.codes, node)
            return n.Literal(node.value, type=wanted)
        case n.Literal() if node.type.kind == "text" and wanted.kind == "date":
            return date_literal(str(node.value))
        case n.Case() if node.type.kind == "text" and wanted.kind in ("code", "date"):
            branches = tuple((condition, as_type(value, wanted)) for condition, value in node.branches)
            return replace(node, branches=branches, otherwise=as_type(node.otherwise, wanted), type=wanted)
    return node


def _waits_for_a_type(node: n.Node) -> bool:
    return isinstance(node, n.Unknown) or (node.type.kind == "text" and not isinstance(node, n.Fact))


def no_common_code(left: Type, right: Type) -> bool:
    """Whether two codes can never be the same."""
    return bool(left.codes and right.codes) and not set(left.codes) & set(right.codes)


def _known_code(codes: tuple[str, ...], literal: n.Node) -> None:
    """Raise `Mismatch` when a literal is not one of the codes."""
    if codes and isinstance(literal, n.Literal) and literal.value not in codes:
        raise Mismatch("unknown-code", repr(literal.value), "、".join(codes), "改用列出的代码 use a listed code")


def date_literal(text: str) -> n.Literal:
    try:
        return n.Literal(day_of_text(text), type=DATE)
    except ValueError:
        raise Mismatch("no-such-date", text, "存在的日期 YYYY-MM-DD", "改正日期") from None


def limit_at(node: n.Node, decimals: int) -> int:
    return int(node.limit * 10 ** (decimals - node.type.decimals))


def within(limit: int, tree: exp.Expr) -> int:
    """The limit, if whole numbers up to it are exact on every engine; else raises `Mismatch`."""
    if limit > EXACT_LIMIT:
        raise Mismatch(
            "too-large-to-be-exact",
            tree.sql()[:60],
            f"不超过 {EXACT_LIMIT:.0e}",
            "给事实声明更小的上限，或减少相乘",
        )
    return limit


def within_at(parts: Sequence[n.Node], tree: exp.Expr) -> int:
    """The number of decimals that all parts get when they meet; each must stay exact with it."""
    decimals = max(part.type.decimals for part in parts)
    within(max(limit_at(part, decimals) for part in parts), tree)
    return decimals
