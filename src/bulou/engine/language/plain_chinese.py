"""The tree in plain Chinese: the third reading of a rule, beside its value and its SQL, made from the tree alone.

Words of facts come from the pack (`FactWords`); everything between them stands in `PHRASES`. NOT is carried down to
the facts, which in three-valued logic changes nothing, so that no sentence has two negatives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bulou.engine.language import nodes as n

PHRASES = {
    # true or false
    "true": "“{a}”为是",
    "false": "“{a}”为否",
    "always": "总是成立",
    "never": "不会成立",
    "unknown": "尚不知道",
    "and": "，且",
    "or": "，或",
    "group": "（{a}）",
    "cases": "依次看：{a}；其余的，{b}",
    "case": "{a}的，{b}",
    "case separator": "；",
    "first known": "依次看：{a}，取第一个知道的",
    "first known separator": "；",
    "if known": "{a}（不知道的按{b}算）",
    "holds": "成立",
    "fails": "不成立",
    "or unknown": "{a}的成立，其余的还不能断定",
    "and unknown": "{a}的不成立，其余的还不能断定",
    "same": "“{a}”与“{b}”相同",
    "different": "“{a}”与“{b}”不同",
    # comparisons
    "=": "{a}为{b}",
    "<>": "{a}不是{b}",
    "<": "{a}低于{b}",
    "<=": "{a}不超过{b}",
    ">": "{a}超过{b}",
    ">=": "{a}不低于{b}",
    "between": "{a}在{b}至{c}之间（含两端）",
    "count =": "{a}为{b}",
    "count <>": "{a}不是{b}",
    "count <": "{a}少于{b}",
    "count <=": "{a}不超过{b}",
    "count >": "{a}超过{b}",
    "count >=": "{a}不少于{b}",
    "count between": "{a}在{b}至{c}之间（含两端）",
    "enumeration separator": "、",
    "enumeration end": "或",
    "date =": "{a}是{b}",
    "date <>": "{a}不是{b}",
    "date <": "{a}早于{b}",
    "date <=": "{a}不晚于{b}",
    "date >": "{a}晚于{b}",
    "date >=": "{a}不早于{b}",
    "date between": "{a}在{b}至{c}之间（含两端）",
    "age =": "年龄为{b}",
    "age <>": "年龄不是{b}",
    "age <": "未满{b}",
    "age <=": "年龄不超过{b}",
    "age >": "年龄超过{b}",
    "age >=": "年满{b}",
    "age between": "年龄在{b}至{c}之间（含两端）",
    "limit =": "年龄等于“{b}”",
    "limit <>": "年龄不等于“{b}”",
    "limit <": "年龄低于“{b}”",
    "limit <=": "年龄不超过“{b}”",
    "limit >": "年龄超过“{b}”",
    "limit >=": "年龄不低于“{b}”",
    "time =": "{a}正好满{b}",
    "time <>": "{a}不是正好满{b}",
    "time <": "{a}未满{b}",
    "time <=": "{a}至多满{b}",
    "time >": "{a}超过{b}",
    "time >=": "{a}已满{b}",
    "time between": "{a}已满{b}，至多满{c}",
    "share": "{a}的{b}%",
    "share of": "{a}乘以{b}（%）",
    "contains": "{a}包括{b}",
    "lacks": "{a}不包括{b}",
    # people of a household
    "any": "有家庭成员{a}",
    "none": "没有家庭成员{a}",
    "at least": "至少有{b}名家庭成员{a}",
    "fewer": "不到{b}名家庭成员{a}",
    "any of": "有家庭成员符合{a}",
    "none of": "没有家庭成员符合{a}",
    "at least of": "至少有{b}名家庭成员符合{a}",
    "fewer of": "不到{b}名家庭成员符合{a}",
    "count": "{a}的家庭成员人数",
    "sum": "{a}的家庭成员的{b}合计",
    "min": "{a}的家庭成员中最小的{b}",
    "max": "{a}的家庭成员中最大的{b}",
    "whoever": "全部",
    # numbers, money, dates
    "+": "{a}加{b}",
    "-": "{a}减{b}",
    "*": "{a}乘以{b}",
    "divide": "{a}除以{b}",
    "greatest": "{a}中最大的",
    "least": "{a}中最小的",
    "not below zero": "{a}（不足0的按0）",
    "extremes separator": "、",
    "value cases": "{a}；其余的，为{b}",
    "value case": "{a}的，为{b}",
    "date": "{y}年{m}月{d}日",
    "yuan": "元",
    "years": "年",
    "months": "个月",
    "years of age": "周岁",
    "grade": "级",
    "full_years": "从{a}到{b}的周年数",
    "full_months": "从{a}到{b}的足月数",
    "period": "从{a}到{b}",
    "year_of": "{a}的年份",
    "has_code": "{a}包括{b}",
    "birth_date_in": "{a}里的出生日期",
    "sex_in": "{a}里的性别",
    "category_in": "{a}里的残疾类别",
    "grade_in": "{a}里的残疾等级",
    "decision.day": "判定当天",
    "digits": "零一二三四五六七八九",
    "text": "“{a}”",
}
"""Every word that is not a fact's, by what it says; {a}, {b}, {c} are the parts."""

FLIPPED: dict[str, n.Comparison] = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED: dict[str, n.Comparison] = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
MOST_LISTED = 6
"""Whole numbers within bounds this narrow are named one by one: 一级或二级."""

COUNTED = frozenset(["人", "个", "户", "次", "处", "所", "家", "项", "块", "笔", "天", "个月", "人次"])
"""Units of what is counted: of them there are fewer or more, while others are lower or higher."""


@dataclass(frozen=True)
class FactWords:
    """How a fact is spoken of. `yes` and `no` are said of a true-or-false fact, `unit` stands after its number.

    `codes` gives the word of each code, `low` and `high` the inclusive bounds of a whole number.
    """

    label: str
    yes: str = ""
    no: str = ""
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    low: Decimal | None = None
    high: Decimal | None = None


Words = Callable[[str], FactWords]


def in_chinese(node: n.Node, words: Words) -> str:
    """The expression as a phrase of Chinese: a statement if it is true or false, else the name of a value.

    `words` gives the words of a fact by its dotted name; the decision day has its own.
    """
    chinese = _Chinese(words)
    return chinese.said(node, True) if node.type.kind == "bool" else chinese.value(node)


def _is_compound(node: n.Node, holds: bool) -> bool:
    match node:
        case n.Not():
            return _is_compound(node.part, not holds)
        case n.And() | n.Or():
            return True
        case n.FirstKnown():
            return len(node.parts) > 2 or not isinstance(node.parts[-1], n.Literal)
    return isinstance(node, n.Case)


class _Chinese:
    def __init__(self, words: Words) -> None:
        self._words = words

    def words(self, name: str) -> FactWords:
        return FactWords(PHRASES["decision.day"]) if name == "decision.day" else self._words(name)

    # statements ------------------------------------------------------------------------------------------------

    def said(self, node: n.Node, holds: bool) -> str:
        """The statement that a true-or-false expression holds, or does not."""
        match node:
            case n.Fact():
                words = self.words(node.name)
                given = words.yes if holds else words.no
                return given or _say("true" if holds else "false", words.label)
            case n.Literal():
                return PHRASES["always" if node.value is holds else "never"]
            case n.Not():
                return self.said(node.part, not holds)
            case n.And() | n.Or():
                return self._joined(node, holds)
            case n.Compare():
                return self._compared(node.operator if holds else FLIPPED[node.operator], node.left, node.right)
            case n.OneOf():
                options = self._one_of([self._literal(option, node.value) for option in node.options])
                return _say(self._style(node.value) + ("=" if holds else "<>"), self._left(node.value), options)
            case n.Case():
                branches = [_say("case", self.part(test), self.part(value, holds)) for test, value in node.branches]
                return _say("cases", PHRASES["case separator"].join(branches), self.part(node.otherwise, holds))
            case n.FirstKnown():
                return self._first_known(node, [self.part(part, holds) for part in node.parts], holds)
            case n.OverMembers():
                return self._over_members(node, holds)
            case n.Call():
                return _say("contains" if holds else "lacks", *self._arguments(node))
        return PHRASES["unknown"]

    def part(self, node: n.Node, holds: bool = True) -> str:
        """A statement as a part of another: in brackets when it has parts itself."""
        said = self.said(node, holds)
        return _say("group", said) if _is_compound(node, holds) and self._has_parts(node, holds) else said

    def _has_parts(self, node: n.Node, holds: bool) -> bool:
        while isinstance(node, n.Not):
            node, holds = node.part, not holds
        return not isinstance(node, n.And | n.Or) or len(self._statements(node, holds)) > 1

    def _first_known(self, node: n.FirstKnown, parts: list[str], holds: bool) -> str:
        last = node.parts[-1]
        if isinstance(last, n.Literal):
            told = parts[-1] if last.type.kind != "bool" else PHRASES["holds" if last.value is holds else "fails"]
            listed = (
                parts[0] if len(parts) == 2 else _say("first known", PHRASES["first known separator"].join(parts[:-1]))
            )
            return _say("if known", listed, told)
        return _say("first known", PHRASES["first known separator"].join(parts))

    def _joined(self, node: n.And | n.Or, holds: bool) -> str:
        known = tuple(part for part in node.parts if not isinstance(part, n.Unknown))
        if len(known) == len(node.parts) - 1:
            return self._half_known(node, known, holds)
        joiner = "and" if isinstance(node, n.And) is holds else "or"
        return PHRASES[joiner].join(self._statements(node, holds))

    def _half_known(self, node: n.And | n.Or, known: tuple[n.Node, ...], holds: bool) -> str:
        """x OR unknown holds where x does; x AND unknown fails where x does; nothing else can be told."""
        rest = known[0] if len(known) == 1 else type(node)(known)
        decides = isinstance(node, n.Or)
        said = self.part(rest, decides)
        return _say("or unknown" if decides is holds else "and unknown", said)

    def _statements(self, node: n.And | n.Or, holds: bool) -> list[str]:
        """The parts one by one; a lower and an upper bound of the same thing are one statement."""
        found: list[str] = []
        parts = list(node.parts)
        while parts:
            first = parts.pop(0)
            bounds = self._bounds(first, parts[0]) if parts and isinstance(node, n.And) and holds else ""
            if bounds:
                parts.pop(0)
            found.append(bounds or self.part(first, holds))
        return found

    def _bounds(self, low: n.Node, high: n.Node) -> str:
        if not (isinstance(low, n.Compare) and isinstance(high, n.Compare)):
            return ""
        if (low.operator, high.operator) != (">=", "<=") or low.left != high.left or isinstance(low.left, n.Literal):
            return ""
        if low.left.type.kind == "bool" or self._shares(">=", low.left, low.right):
            return ""
        sides = [self._right(low.right, low.left), self._right(high.right, low.left)]
        return _say(self._style(low.left) + "between", self._left(low.left), *sides)

    def _compared(self, operator: n.Comparison, left: n.Node, right: n.Node) -> str:
        if isinstance(left, n.Literal) and not isinstance(right, n.Literal):
            operator, left, right = MIRRORED[operator], right, left
        if left.type.kind == "bool":
            return _say("same" if operator == "=" else "different", self.part(left), self.part(right))
        shares = self._shares(operator, left, right)
        sides = self._left(left), self._right(right, left)
        return (
            shares
            or self._listed(operator, left, right)
            or _say(self._style(left, isinstance(right, n.Literal)) + operator, *sides)
        )

    def _style(self, left: n.Node, written: bool = True) -> str:
        """Which phrases compare this value; `written` tells a number in the text from another fact."""
        unit = self.words(left.name).unit if isinstance(left, n.Fact) else ""
        if unit == PHRASES["years of age"] and isinstance(left, n.Fact) and left.subject == "person":
            return "age " if written else "limit "
        if unit in COUNTED and written:
            return "count "
        if isinstance(left, n.Call) and left.function in ("full_years", "full_months"):
            return "time "
        return "date " if left.type.kind == "date" else ""

    def _left(self, left: n.Node) -> str:
        if isinstance(left, n.Call) and left.function in ("full_years", "full_months"):
            return _say("period", *self._arguments(left))
        return self._side(left)

    def _right(self, right: n.Node, left: n.Node) -> str:
        return self._literal(right, left) if isinstance(right, n.Literal) else self._side(right)

    def _side(self, node: n.Node) -> str:
        return self.factor(node) if isinstance(node, n.Case | n.FirstKnown) else self.value(node)

    def _shares(self, operator: n.Comparison, left: n.Node, right: n.Node) -> str:
        """x * 100 >= 1.5 * y: x is not less than 1.5 % of y."""
        hundred = Decimal(100)
        if not (isinstance(left, n.Arithmetic) and left.operator == "*" and _literal_value(left.right) == hundred):
            return ""
        if isinstance(left.left, n.Literal):
            return ""
        whole, percent = right, "1"
        if isinstance(right, n.Arithmetic) and right.operator == "*":
            share, whole = right.left, right.right
            if not isinstance(share, n.Literal):
                return _say(operator, self.factor(left.left), _say("share of", self.factor(whole), self.factor(share)))
            percent = _number(share.value)
        return _say(operator, self.factor(left.left), _say("share", self.factor(whole), percent))

    def _listed(self, operator: n.Comparison, left: n.Node, right: n.Node) -> str:
        """A whole number between narrow bounds: the values it may then have, one by one."""
        value = _literal_value(right)
        if not isinstance(left, n.Fact) or operator in ("=", "<>") or value is None:
            return ""
        words = self.words(left.name)
        if words.low is None or words.high is None or words.high - words.low >= MOST_LISTED or left.type.decimals:
            return ""
        within = [Decimal(number) for number in range(int(words.low), int(words.high) + 1)]
        fits = [number for number in within if _holds(operator, number, value)]
        if not fits or len(fits) == len(within):
            return ""
        return _say("=", self.value(left), self._one_of([self._count(number, left) for number in fits]))

    def _one_of(self, options: Sequence[str]) -> str:
        if len(options) == 1:
            return options[0]
        listed = PHRASES["enumeration separator"].join(options[:-1])
        return listed + PHRASES["enumeration end"] + options[-1]

    def _over_members(self, node: n.OverMembers, holds: bool) -> str:
        kind = ("any" if holds else "none") if node.kind == "any" else ("at least" if holds else "fewer")
        compound = _is_compound(node.condition, True) and self._has_parts(node.condition, True)
        return _say(f"{kind} of" if compound else kind, self.part(node.condition), str(node.at_least))

    # values ----------------------------------------------------------------------------------------------------

    def value(self, node: n.Node) -> str:
        """The name of a value: of a number, an amount, a date, a code."""
        match node:
            case n.Fact():
                return self.words(node.name).label
            case n.Literal():
                return self._literal(node, node)
            case n.Arithmetic():
                return _say(node.operator, self.factor(node.left), self.factor(node.right))
            case n.Divide():
                return _say("divide", self.factor(node.part), str(10**node.places))
            case n.Case():
                branches = [_say("value case", self.part(test), self.factor(value)) for test, value in node.branches]
                return _say("value cases", PHRASES["case separator"].join(branches), self.factor(node.otherwise))
            case n.FirstKnown():
                return self._first_known(node, [self.factor(part) for part in node.parts], True)
            case n.OverMembers():
                condition = PHRASES["whoever"] if _is_true(node.condition) else self.part(node.condition)
                taken = "" if node.value is None else self.factor(node.value)
                return _say(node.kind, condition, taken)
            case n.Call():
                return self._called(node)
            case n.Unknown():
                return PHRASES["unknown"]
        return self.said(node, True)

    def factor(self, node: n.Node) -> str:
        """A value as a part of another: in brackets when it has parts itself."""
        whole = isinstance(node, n.Arithmetic | n.Divide | n.Case | n.FirstKnown)
        return _say("group", self.value(node)) if whole else self.value(node)

    def _called(self, node: n.Call) -> str:
        arguments = self._arguments(node)
        if node.function == "greatest" and len(arguments) == 2 and _literal_value(node.arguments[0]) == 0:
            return _say("not below zero", arguments[1])
        if node.function in ("greatest", "least"):
            return _say(node.function, PHRASES["extremes separator"].join(arguments))
        return _say(node.function, *arguments)

    def _arguments(self, node: n.Call) -> list[str]:
        like = node.arguments[0]
        return [
            self._literal(part, like) if isinstance(part, n.Literal) else self.factor(part) for part in node.arguments
        ]

    def _literal(self, literal: n.Literal, like: n.Node) -> str:
        """A written value as it is said of the thing it is compared with: with its unit, or the word of its code."""
        value = literal.value
        if isinstance(value, bool):
            return PHRASES["always" if value else "never"]
        if isinstance(value, date):
            return PHRASES["date"].format(y=value.year, m=value.month, d=value.day)
        if isinstance(value, str):
            word = self._codes(like).get(value, "")
            return _say("text", word or value) if not word or set(word) & set("或、，") else word
        return self._count(value, like)

    def _codes(self, like: n.Node) -> Mapping[str, str]:
        for part in n.walk(like):
            if isinstance(part, n.Fact) and self.words(part.name).codes:
                return self.words(part.name).codes
        return {}

    def _count(self, value: Decimal | int, like: n.Node) -> str:
        """A number with its unit; a grade has its number in Chinese."""
        if isinstance(like, n.Call) and like.function in ("full_years", "full_months"):
            return _number(value) + PHRASES["years" if like.function == "full_years" else "months"]
        if isinstance(like, n.Fact):
            unit = self.words(like.name).unit
            if unit == PHRASES["grade"] and value in range(10):
                return PHRASES["digits"][int(value)] + unit
            return _number(value) + (unit or (PHRASES["yuan"] if like.type.kind == "money" else ""))
        return _number(value) + (PHRASES["yuan"] if like.type.kind == "money" else "")


def _say(phrase: str, *parts: str) -> str:
    """The phrase with its parts put in; parts it does not use are left out."""
    named = dict(zip("abc", parts, strict=False))
    return re.sub(r"\{([abc])\}", lambda found: named[found[1]], PHRASES[phrase])


def _literal_value(node: n.Node) -> Decimal | None:
    value = node.value if isinstance(node, n.Literal) else None
    return Decimal(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else None


def _holds(operator: n.Comparison, left: Decimal, right: Decimal) -> bool:
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]


def _number(value: object) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _is_true(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and node.value is True
