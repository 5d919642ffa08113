"""Builds the typed tree from sqlglot's tree: an allow-list of node classes, each with its type rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from sqlglot import exp

from bulou.engine.language import nodes as n
from bulou.engine.language.agree import (
    agree,
    as_type,
    date_literal,
    limit_at,
    no_common_code,
    together,
    within,
    within_at,
)
from bulou.engine.language.functions import FUNCTIONS, ROLL_UPS, Function
from bulou.engine.language.refusal import SEE_PAGE, Mismatch, not_in_the_language, too_large
from bulou.engine.language.scope import Scope
from bulou.engine.language.tokens import CALLABLE, MAX_DEPTH
from bulou.engine.language.types import BOOL, WHOLE, Type

COMPARISONS: dict[type[exp.Expr], n.Comparison] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}

CHAINED = (*COMPARISONS, exp.In, exp.Between)

INSTEAD = {
    exp.In: ("IN", "括号里写一个或几个具体的值 IN (1, 2)"),
    exp.Between: ("BETWEEN", "写 BETWEEN 下限 AND 上限"),
    exp.Tuple: ("(…, …)", "逗号只用在 IN 和函数里"),
    exp.Div: ("除法 /", "只能除以 10、100、1000 等整十倍数（只移小数点）"),
    exp.Neg: ("负号 -", "负号只写在数字前；相反数写 0 - x"),
    exp.Star: ("星号 *", "乘号两边各写一个数"),
}


def _refused(tree: exp.Expr) -> Mismatch:
    shown, instead = INSTEAD.get(type(tree), (type(tree).__name__.upper(), SEE_PAGE))
    return not_in_the_language(f"{shown}: {_shown(tree)}", instead)


def _shown(tree: exp.Expr) -> str:
    return tree.sql(dialect="duckdb", comments=False)[:80]


class Builder:
    """Turns one sqlglot tree into nodes within a scope; raises `Mismatch` at the first thing that does not fit."""

    def __init__(self, scope: Scope, readable: Sequence[str] | None = None) -> None:
        self.scope = scope
        self.readable = readable or scope.readable
        self.depth = -1
        self._builders: dict[type[exp.Expr], Callable[[Any], n.Node]] = {
            exp.Column: self._column,
            exp.Boolean: lambda tree: n.Literal(bool(tree.this), type=BOOL),
            exp.Literal: self._literal,
            exp.Neg: self._negative,
            exp.Cast: self._date,
            exp.Not: lambda tree: n.Not(self._bool(tree.this)),
            exp.And: lambda tree: n.And(self._flat(tree, exp.And)),
            exp.Or: lambda tree: n.Or(self._flat(tree, exp.Or)),
            exp.In: self._in,
            exp.Between: self._between,
            exp.Case: self._case,
            exp.Div: self._divide,
            exp.Anonymous: lambda tree: self._call(str(tree.this).lower(), tree.expressions),
            exp.Greatest: lambda tree: self._extreme("greatest", [tree.this, *tree.expressions]),
            exp.Least: lambda tree: self._extreme("least", [tree.this, *tree.expressions]),
            **dict.fromkeys(COMPARISONS, self._compare),
            **dict.fromkeys(ARITHMETIC, self._arithmetic),
        }

    def build(self, tree: exp.Expr) -> n.Node:
        while type(tree) is exp.Paren:
            tree = tree.this
        builder = self._builders.get(type(tree))
        if builder is None:
            raise _refused(tree)
        if self.depth == MAX_DEPTH:
            raise too_large(
                f"超过 more than {MAX_DEPTH} 层 levels", f"不超过 {MAX_DEPTH} 层运算 operations inside one another"
            )
        self.depth += 1
        node = builder(tree)
        self.depth -= 1
        return node

    def _bool(self, tree: exp.Expr) -> n.Node:
        node = self.build(tree)
        if node.type.kind != "bool":
            raise Mismatch(
                "wrong-type",
                f"{tree.sql()[:60]} 是 is {node.type}",
                str(BOOL),
                "AND、OR、NOT 和条件只接受是/否；数值请先比较",
            )
        return node

    def _flat(self, tree: exp.Expr, kind: type[exp.Expr]) -> tuple[n.Node, ...]:
        parts: list[n.Node] = []
        left = [tree]
        while left:
            side = left.pop()
            if type(side) is kind:
                left += [side.expression, side.this]
            else:
                parts.append(self._bool(side))
        return tuple(parts)

    def _column(self, tree: exp.Column) -> n.Node:
        if tree.args.get("db") or any(part.args.get("quoted") for part in tree.parts):
            raise _refused(tree)
        name = ".".join(part.name for part in tree.parts)
        if name == "unknown":
            return self._unknown(tree)
        declared = self.scope.vocabulary.get(name)
        if declared is None:
            expected = "事实词汇表中的名字 a fact of the vocabulary"
            raise Mismatch("unknown-fact", name, expected, self.scope.suggestion(name))
        if name.partition(".")[0] not in self.readable:
            raise Mismatch(
                "fact-out-of-reach",
                name,
                f"{'、'.join(self.readable)} 的事实 facts of these only",
                "家庭条件中的个人事实须放在 any_member(…) 等成员函数里",
            )
        return n.Fact(name, type=declared.type, limit=declared.limit)

    def _unknown(self, tree: exp.Expr) -> n.Node:
        if not self.scope.defines_a_fact:
            raise Mismatch("not-in-the-language", "unknown", "条件中的事实", "unknown 只能写在派生事实的定义里")
        return n.Unknown(type=BOOL)

    def _literal(self, tree: exp.Literal) -> n.Node:
        if tree.is_string:
            return n.Literal(tree.this, type=Type("text"))
        return _number(tree.this)

    def _negative(self, tree: exp.Neg) -> n.Node:
        if type(tree.this) is not exp.Literal or tree.this.is_string:
            raise _refused(tree)
        return _number("-" + tree.this.this)

    def _date(self, tree: exp.Cast) -> n.Node:
        is_date = type(tree.this) is exp.Literal and tree.this.is_string and tree.to.is_type("date")
        if not is_date:
            raise _refused(tree)
        return date_literal(tree.this.this)

    def _compare(self, tree: exp.Binary) -> n.Node:
        if isinstance(tree.this, CHAINED) or isinstance(tree.expression, CHAINED):
            raise not_in_the_language(f"连写的比较 chain: {_shown(tree)}", "拆开用 AND 连接，或加括号")
        left, right = agree(self.build(tree.this), self.build(tree.expression), tree)
        within_at((left, right), tree)
        operator = COMPARISONS[type(tree)]
        if operator not in ("=", "<>") and not left.type.ordered:
            raise Mismatch(
                "wrong-type", f"{tree.sql()[:60]}（{left.type}）", "可比大小的数、金额或日期", "改用 = 或 IN"
            )
        if left.type.kind == "codes":
            raise Mismatch("wrong-type", tree.sql()[:60], "单个代码", "代码集请用 has_code(…, '代码')")
        return n.Compare(operator, left, right)

    def _in(self, tree: exp.In) -> n.Node:
        if not tree.expressions or any(tree.args.get(other) for other in ("query", "unnest", "field", "is_global")):
            raise _refused(tree)
        if isinstance(tree.this, CHAINED):
            raise not_in_the_language(f"连写的比较 chain: {_shown(tree)}", "拆开用 AND 连接，或加括号")
        value = self.build(tree.this)
        options: list[n.Literal] = []
        for item in tree.expressions:
            value, option = agree(value, self.build(item), tree)
            if not isinstance(option, n.Literal):
                raise Mismatch("wrong-type", item.sql()[:60], "IN 里只能写具体的值 literals only", "改用 OR 连接的比较")
            options.append(option)
        within_at((value, *options), tree)
        return n.OneOf(value, tuple(options))

    def _between(self, tree: exp.Between) -> n.Node:
        if tree.args.get("symmetric"):
            raise _refused(tree)
        low = exp.GTE(this=tree.this, expression=tree.args["low"])
        high = exp.LTE(this=tree.this, expression=tree.args["high"])
        return n.And((self._compare(low), self._compare(high)))

    def _case(self, tree: exp.Case) -> n.Node:
        if tree.args.get("default") is None:
            raise Mismatch("case-without-else", tree.sql()[:60], "CASE … ELSE … END", "写出 ELSE，说明其余情况的值")
        branches = [
            (self._case_condition(tree, branch), self.build(branch.args["true"])) for branch in tree.args["ifs"]
        ]
        values, type, limit = together([*(v for _, v in branches), self.build(tree.args["default"])], tree)
        conditions = [condition for condition, _ in branches]
        return n.Case(tuple(zip(conditions, values[:-1], strict=True)), values[-1], type=type, limit=limit)

    def _case_condition(self, tree: exp.Case, branch: exp.If) -> n.Node:
        if tree.this is None:
            return self._bool(branch.this)
        return self._compare(exp.EQ(this=tree.this, expression=branch.this))

    def _arithmetic(self, tree: exp.Binary) -> n.Node:
        left, right = self.build(tree.this), self.build(tree.expression)
        operator = ARITHMETIC[type(tree)]
        if not (left.type.numeric and right.type.numeric):
            raise Mismatch(
                "wrong-type",
                tree.sql()[:60],
                "数或金额 numbers or money",
                "日期请用 full_years 或 full_months",
            )
        if operator == "*":
            return _product(left, right, tree)
        kind = "money" if "money" in (left.type.kind, right.type.kind) else "number"
        decimals = max(left.type.decimals, right.type.decimals)
        limit = within(limit_at(left, decimals) + limit_at(right, decimals), tree)
        return n.Arithmetic(cast(Any, operator), left, right, type=Type(cast(Any, kind), decimals), limit=limit)

    def _divide(self, tree: exp.Div) -> n.Node:
        part, by = self.build(tree.this), self.build(tree.expression)
        text = str(by.value) if isinstance(by, n.Literal) else ""
        if not part.type.numeric or len(text) < 2 or text.strip("0") != "1" or text[0] != "1":
            raise _refused(tree)
        places = len(text) - 1
        return n.Divide(part, places, type=Type(part.type.kind, part.type.decimals + places), limit=part.limit)

    def _extreme(self, name: str, items: Sequence[exp.Expr]) -> n.Node:
        arguments, type, limit = together([self.build(item) for item in items], items[0].parent or items[0])
        if not type.ordered or len(arguments) < 2:
            got = f"{name}({', '.join(str(argument.type) for argument in arguments)})"
            raise Mismatch("wrong-type", got, "两个以上的数、金额或日期", f"{name} 只比较大小")
        return n.Call(name, tuple(arguments), type=type, limit=limit)

    def _call(self, name: str, items: Sequence[exp.Expr]) -> n.Node:
        if name in ROLL_UPS:
            return self._roll_up(name, items)
        if name == "first_known":
            return self._first_known(items)
        function = FUNCTIONS.get(name)
        if function is None:
            raise Mismatch(
                "unknown-function",
                f"{name}(…)",
                "、".join(CALLABLE),
                "只能用列出的函数 use one of these",
            )
        arguments = _as_taken(name, function, [self.build(item) for item in items])
        return n.Call(name, tuple(arguments), type=function.gives, limit=function.limit)

    def _first_known(self, items: Sequence[exp.Expr]) -> n.Node:
        if not self.scope.defines_a_fact or len(items) < 2:
            raise Mismatch(
                "not-in-the-language",
                "first_known(…)",
                "条件",
                "first_known 只能写在派生事实的定义里，至少两项",
            )
        parts, type, limit = together([self.build(item) for item in items], items[0].parent or items[0])
        return n.FirstKnown(tuple(parts), type=type, limit=limit)

    def _roll_up(self, name: str, items: Sequence[exp.Expr]) -> n.Node:
        if self.scope.subject != "household":
            raise Mismatch("roll-up-out-of-place", f"{name}(…)", "家庭的条件或派生事实", "成员函数只用于家庭 household")
        inner = Builder(replace(self.scope, subject="person"), ("person", "region", "decision"))
        kind = cast(n.RollUp, {"any_member": "any"}.get(name, name.removesuffix("_members")))
        takes = {"any": 1, "count": 1}.get(kind, 2)
        if len(items) != takes:
            raise Mismatch("wrong-type", f"{name} 有 {len(items)} 个参数", f"{takes} 个参数", "按说明书写参数")
        condition = inner._bool(items[-1])
        if kind == "any":
            return n.OverMembers(kind, condition, type=BOOL)
        if kind == "count":
            return n.OverMembers(kind, condition, type=WHOLE, limit=10**6)
        first = inner.build(items[0])
        if kind == "at_least":
            if not isinstance(first, n.Literal) or first.type != WHOLE or cast(Decimal, first.value) < 1:
                expected = "一个正整数 a whole number above 0"
                raise Mismatch("wrong-type", items[0].sql()[:60], expected, "at_least_members(2, 条件)")
            return n.OverMembers(kind, condition, at_least=int(cast(Decimal, first.value)), type=BOOL)
        if not first.type.numeric:
            raise Mismatch("wrong-type", items[0].sql()[:60], "数或金额", "合计、最小、最大只用于数或金额")
        limit = within(first.limit * (10**6 if kind == "sum" else 1), items[0])
        return n.OverMembers(kind, condition, first, type=first.type, limit=limit)


def _as_taken(name: str, function: Function, arguments: list[n.Node]) -> list[n.Node]:
    """The arguments as the function takes them; a code must be one that the list of codes can hold."""
    takes = list(function.takes)
    if name == "has_code" and arguments:
        takes[1] = replace(takes[1], codes=arguments[0].type.codes)
    if len(arguments) == len(takes):
        arguments = [as_type(argument, wanted) for argument, wanted in zip(arguments, takes, strict=True)]
    got = [argument.type for argument in arguments]
    if [type.kind for type in got] != [type.kind for type in takes] or any(map(no_common_code, got[1:], takes[1:])):
        shown = "、".join(str(type) for type in got)
        expected = "、".join(str(type) for type in takes)
        raise Mismatch("wrong-type", f"{name}({shown})", f"{name}({expected})", "按所列参数书写")
    return arguments


def _number(text: str) -> n.Literal:
    try:
        value = Decimal(text)
    except ArithmeticError:
        raise Mismatch("not-a-number", text, "十进制数 a decimal number", "如 1.5") from None
    decimals = max(0, -int(value.as_tuple().exponent))
    if "e" in text.lower() or decimals > 6 or abs(value) > 10**12:
        raise Mismatch("not-a-number", text, "不超过 6 位小数的十进制数", "写出完整的十进制数")
    return n.Literal(value, type=Type("number", decimals), limit=int(abs(value) * 10**decimals))


def _product(left: n.Node, right: n.Node, tree: exp.Expr) -> n.Node:
    if left.type.kind == right.type.kind == "money":
        raise Mismatch("wrong-type", tree.sql()[:60], "金额 × 数", "两个金额不能相乘")
    kind = "money" if "money" in (left.type.kind, right.type.kind) else "number"
    decimals = left.type.decimals + right.type.decimals
    limit = within(left.limit * right.limit, tree)
    return n.Arithmetic("*", left, right, type=Type(cast(Any, kind), decimals), limit=limit)
