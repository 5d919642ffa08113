"""Builds the typed tree from sqlglot's tree: an allow-list of node classes, each with its type rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from sqlglot import exp

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import nodes as n
from bulou.engine.language.functions import FUNCTIONS, ROLL_UPS
from bulou.engine.language.scope import Scope
from bulou.engine.language.types import BOOL, DATE, EXACT_LIMIT, WHOLE, Type

COMPARISONS: dict[type[exp.Expr], n.Comparison] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
ARITHMETIC = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}

INSTEAD = {
    "Is": ("IS (NULL)", "事实未知就保持未知；不要判断是否为空"),
    "Null": ("NULL", "事实未知就保持未知；不要写 NULL"),
    "Coalesce": ("COALESCE", "不允许用默认值代替未知事实"),
    "Select": ("SELECT", "表达式不能查询表"),
    "Subquery": ("子查询 subquery", "表达式不能查询表"),
    "Table": ("表 table", "表达式不能查询表"),
    "Exists": ("EXISTS", "对家庭成员请用 any_member(…)"),
    "Like": ("LIKE", "请用代码 IN (…) 比较"),
    "Div": ("/", "只能除以 10、100、1000 等整十倍数（只移小数点）"),
    "Cast": ("类型转换 CAST", "只允许 DATE '2025-01-31'"),
    "Window": ("OVER", "对家庭成员请用 count_members(…) 等"),
    "Star": ("*", "写出具体的事实名"),
    "Lambda": ("->", "不支持"),
    "Placeholder": ("占位符", "决定日请写 decision.day"),
    "Parameter": ("参数 @", "决定日请写 decision.day"),
    "Block": (";", "一处只写一个表达式"),
}


@dataclass
class Mismatch(Exception):
    """Something in an expression that is not allowed or does not fit; becomes a Problem with its place."""

    code: str
    got: str
    expected: str
    fix: str

    def problem(self, place: Place) -> Problem:
        return Problem(self.code, place, self.got, self.expected, self.fix)


def _refused(tree: exp.Expr) -> Mismatch:
    name = type(tree).__name__
    shown, instead = INSTEAD.get(name, (name.upper(), "见规则语言说明 docs/rule_language.md"))
    return Mismatch(
        "not-in-the-language",
        f"{shown}: {tree.sql(dialect='duckdb', comments=False)[:80]}",
        "比较、AND、OR、NOT、IN、BETWEEN、CASE、+ - *、列出的函数 the documented subset",
        instead,
    )


class Builder:
    """Turns one sqlglot tree into nodes within a scope; raises `Mismatch` at the first thing that does not fit."""

    def __init__(self, scope: Scope, readable: Sequence[str] | None = None) -> None:
        self.scope = scope
        self.readable = readable or scope.readable
        self._builders: dict[type[exp.Expr], Callable[[Any], n.Node]] = {
            exp.Paren: lambda tree: self.build(tree.this),
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
        builder = self._builders.get(type(tree))
        if builder is None:
            raise _refused(tree)
        return builder(tree)

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
        for side in (tree.this, tree.expression):
            parts += self._flat(side, kind) if type(side) is kind else (self._bool(side),)
        return tuple(parts)

    def _column(self, tree: exp.Column) -> n.Node:
        if tree.args.get("db") or any(part.args.get("quoted") for part in tree.parts):
            raise _refused(tree)
        name = ".".join(part.name for part in tree.parts)
        if name == "unknown":
            return self._unknown(tree)
        declared = self.scope.vocabulary.get(name)
        if declared is None:
            raise Mismatch("unknown-fact", name, "事实词汇表中的名字 a fact of the vocabulary", self._closest(name))
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

    def _closest(self, name: str) -> str:
        from difflib import get_close_matches

        close = get_close_matches(name, self.scope.vocabulary, n=3, cutoff=0.6)
        if close:
            return f"是否想写 did you mean {'、'.join(close)}？"
        return "在 facts 中声明这个事实，或改正名字 declare it or correct the name"

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
        return _date_literal(tree.this.this)

    def _compare(self, tree: exp.Binary) -> n.Node:
        left, right = _agree(self.build(tree.this), self.build(tree.expression), tree)
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
        value = self.build(tree.this)
        options: list[n.Literal] = []
        for item in tree.expressions:
            value, option = _agree(value, self.build(item), tree)
            if not isinstance(option, n.Literal):
                raise Mismatch("wrong-type", item.sql()[:60], "IN 里只能写具体的值 literals only", "改用 OR 连接的比较")
            options.append(option)
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
        values = [value for _, value in branches] + [self.build(tree.args["default"])]
        for position in range(1, len(values)):
            _, values[position] = _agree(values[0], values[position], tree)
        kind = max((value.type for value in values), key=lambda t: (t.kind == "money", t.decimals))
        decimals = max(value.type.decimals for value in values)
        conditions = [condition for condition, _ in branches]
        return n.Case(
            tuple(zip(conditions, values[:-1], strict=True)),
            values[-1],
            type=Type(kind.kind, decimals, kind.codes),
            limit=max(_limit_at(value, decimals) for value in values),
        )

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
        limit = _within(_limit_at(left, decimals) + _limit_at(right, decimals), tree)
        return n.Arithmetic(cast(Any, operator), left, right, type=Type(cast(Any, kind), decimals), limit=limit)

    def _divide(self, tree: exp.Div) -> n.Node:
        part, by = self.build(tree.this), self.build(tree.expression)
        text = str(by.value) if isinstance(by, n.Literal) else ""
        if not part.type.numeric or len(text) < 2 or text.strip("0") != "1" or text[0] != "1":
            raise _refused(tree)
        places = len(text) - 1
        return n.Divide(part, places, type=Type(part.type.kind, part.type.decimals + places), limit=part.limit)

    def _extreme(self, name: str, items: Sequence[exp.Expr]) -> n.Node:
        arguments = [self.build(item) for item in items]
        for other in arguments[1:]:
            _agree(arguments[0], other, items[0])
        if not arguments[0].type.ordered:
            raise Mismatch("wrong-type", items[0].sql()[:60], "数、金额或日期", f"{name} 只比较大小")
        decimals = max(argument.type.decimals for argument in arguments)
        kind = "money" if any(a.type.kind == "money" for a in arguments) else arguments[0].type.kind
        limit = max(_limit_at(argument, decimals) for argument in arguments)
        return n.Call(name, tuple(arguments), type=Type(kind, decimals), limit=limit)

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
                f"{'、'.join([*FUNCTIONS, *ROLL_UPS, 'greatest', 'least'])}",
                "只能用列出的函数 use one of these",
            )
        arguments = [self.build(item) for item in items]
        kinds = [argument.type.kind for argument in arguments]
        fits = len(arguments) == len(function.takes) and all(
            got == wanted.kind or (got == "text" and wanted.kind == "code")
            for got, wanted in zip(kinds, function.takes, strict=True)
        )
        if not fits:
            expected = "、".join(str(wanted) for wanted in function.takes)
            raise Mismatch("wrong-type", f"{name}({', '.join(kinds)})", f"{name}({expected})", "按所列参数书写")
        if name == "has_code":
            _known_code(arguments[0].type.codes, arguments[1])
        return n.Call(name, tuple(arguments), type=function.gives, limit=function.limit)

    def _first_known(self, items: Sequence[exp.Expr]) -> n.Node:
        if not self.scope.defines_a_fact or len(items) < 2:
            raise Mismatch(
                "not-in-the-language",
                "first_known(…)",
                "条件",
                "first_known 只能写在派生事实的定义里，至少两项",
            )
        parts = [self.build(item) for item in items]
        for other in parts[1:]:
            _agree(parts[0], other, items[0])
        decimals = max(part.type.decimals for part in parts)
        kind = Type(parts[0].type.kind, decimals, parts[0].type.codes)
        return n.FirstKnown(tuple(parts), type=kind, limit=max(_limit_at(part, decimals) for part in parts))

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
            if not isinstance(first, n.Literal) or first.type != WHOLE:
                raise Mismatch("wrong-type", items[0].sql(), "一个整数 a whole number", "at_least_members(2, 条件)")
            return n.OverMembers(kind, condition, at_least=int(cast(Decimal, first.value)), type=BOOL)
        if not first.type.numeric:
            raise Mismatch("wrong-type", items[0].sql(), "数或金额", "合计、最小、最大只用于数或金额")
        limit = _within(first.limit * (10**6 if kind == "sum" else 1), items[0])
        return n.OverMembers(kind, condition, first, type=first.type, limit=limit)


def _number(text: str) -> n.Literal:
    try:
        value = Decimal(text)
    except ArithmeticError:
        raise Mismatch("not-a-number", text, "十进制数 a decimal number", "如 1.5") from None
    decimals = max(0, -int(value.as_tuple().exponent))
    if "e" in text.lower() or decimals > 6 or abs(value) > 10**12:
        raise Mismatch("not-a-number", text, "不超过 6 位小数的十进制数", "写出完整的十进制数")
    return n.Literal(value, type=Type("number", decimals), limit=int(abs(value) * 10**decimals))


def _date_literal(text: str) -> n.Literal:
    try:
        return n.Literal(date.fromisoformat(text), type=DATE)
    except ValueError:
        raise Mismatch("no-such-date", text, "存在的日期 YYYY-MM-DD", "改正日期") from None


def _limit_at(node: n.Node, decimals: int) -> int:
    return int(node.limit * 10 ** (decimals - node.type.decimals))


def _within(limit: int, tree: exp.Expr) -> int:
    if limit > EXACT_LIMIT:
        raise Mismatch(
            "too-large-to-be-exact",
            tree.sql()[:60],
            f"不超过 {EXACT_LIMIT:.0e}",
            "给事实声明更小的上限，或减少相乘",
        )
    return limit


def _product(left: n.Node, right: n.Node, tree: exp.Expr) -> n.Node:
    if left.type.kind == right.type.kind == "money":
        raise Mismatch("wrong-type", tree.sql()[:60], "金额 × 数", "两个金额不能相乘")
    kind = "money" if "money" in (left.type.kind, right.type.kind) else "number"
    decimals = left.type.decimals + right.type.decimals
    limit = _within(left.limit * right.limit, tree)
    return n.Arithmetic("*", left, right, type=Type(cast(Any, kind), decimals), limit=limit)


def _known_code(codes: tuple[str, ...], literal: n.Node) -> None:
    if codes and isinstance(literal, n.Literal) and literal.value not in codes:
        raise Mismatch("unknown-code", repr(literal.value), "、".join(codes), "改用列出的代码 use a listed code")


def _agree(left: n.Node, right: n.Node, tree: exp.Expr) -> tuple[n.Node, n.Node]:
    """Both sides with one kind of type: text becomes a code or a date where the other side is one."""
    if left.type.kind == "text" and right.type.kind in ("code", "date"):
        right, left = _agree(right, left, tree)
        return left, right
    if left.type.kind == "code" and right.type.kind == "text" and isinstance(right, n.Literal):
        _known_code(left.type.codes, right)
        return left, n.Literal(right.value, type=left.type)
    if left.type.kind == "date" and right.type.kind == "text" and isinstance(right, n.Literal):
        return left, _date_literal(str(right.value))
    if left.type.numeric and right.type.numeric:
        return left, right
    if left.type.kind != right.type.kind:
        raise Mismatch(
            "wrong-type",
            f"{tree.sql()[:60]}（{left.type} 与 and {right.type}）",
            "同类的值 values of one type",
            "比较同类的事实和值",
        )
    return left, right
