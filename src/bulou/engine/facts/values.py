"""One value of a fact: from JSON (`read_value`) or from a cell of a table (`read_cell`), checked against its type.

Both give the value (numbers exact, money in yuan) or what is wrong: a pair of what was expected and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bulou.engine.basics.days import day_of_text
from bulou.engine.basics.words import FALSE_WORDS, TRUE_WORDS
from bulou.engine.language.nodes import Value
from bulou.engine.language.types import FactType

EXACT_FLOATS = 2**53


@dataclass(frozen=True)
class Misfit(Exception):
    """A value that is not of the fact's type."""

    expected: str
    fix: str


def read_value(raw: Any, type: FactType) -> Value:
    """A JSON value as a fact's value; null is unknown. Raises `Misfit`."""
    if raw is None:
        return None
    return _READERS[type.kind](raw, type)


def read_cell(raw: Any, type: FactType, codes_zh: dict[str, str]) -> Value:
    """A cell of a spreadsheet or CSV file as a fact's value; an empty cell is unknown. Raises `Misfit`.

    Text stands for other types where it says the same: 是 for true, a Chinese code word, digits, a date.
    """
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or raw == "":
        return None
    match type.kind:
        case "bool":
            return _bool_cell(raw)
        case "int" | "number" | "money":
            return _number(_digits(raw), type)
        case "date":
            return raw.date() if isinstance(raw, datetime) else _date(str(raw).replace("/", "-"), type)
        case "code":
            return _code({zh: code for code, zh in codes_zh.items()}.get(str(raw), str(raw)), type)
        case "codes":
            words = str(raw).replace("、", ",").replace("，", ",").split(",")
            back = {zh: code for code, zh in codes_zh.items()}
            return _codes([back.get(word.strip(), word.strip()) for word in words if word.strip()], type)
    return _text_cell(raw, type)


def _text_cell(raw: Any, type: FactType) -> str:
    """Text as it stands; a whole number only while a spreadsheet keeps all of its digits."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < EXACT_FLOATS:
        return str(int(raw))
    return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else _text(raw, type)


def _bool_cell(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).lower().removesuffix(".0")
    if word in TRUE_WORDS or word in FALSE_WORDS:
        return word in TRUE_WORDS
    raise Misfit("是 或 否（也可以是 true/false、1/0）", "改为 是 或 否")


def _digits(raw: Any) -> Any:
    if not isinstance(raw, str):
        return Decimal(str(raw)) if isinstance(raw, float) else raw
    try:
        return Decimal(raw.replace(",", ""))
    except InvalidOperation:
        return raw


def _bool(raw: Any, type: FactType) -> bool:
    if isinstance(raw, bool):
        return raw
    raise Misfit("true 或 false", "去掉引号，写 true 或 false；不知道就不写")


def _number(raw: Any, type: FactType) -> Decimal | int:
    if isinstance(raw, str) and type.kind == "money":
        raw = _digits(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise Misfit(_numbers_wanted(type), "写成不带引号的数")
    try:
        value = Decimal(str(raw))
        if not value.is_finite():
            raise InvalidOperation
    except InvalidOperation:
        raise Misfit(_numbers_wanted(type), "写成普通的十进制数") from None
    if _decimals(value) > type.decimals:
        raise Misfit(_numbers_wanted(type), f"最多 {type.decimals} 位小数；请先按规定取舍")
    low, high = type.low, type.high
    if (
        (low is not None and value < low)
        or (high is not None and value > high)
        or abs(value) > Decimal(type.limit).scaleb(-type.decimals)
    ):
        raise Misfit(_numbers_wanted(type), "核对数值")
    return int(value) if type.kind == "int" else value


def _decimals(value: Decimal) -> int:
    """Decimals that are not zero, without arithmetic: a number of any length is only looked at."""
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    zeros = next((at for at, digit in enumerate(reversed(digits)) if digit), 0)
    return max(0, -exponent - zeros) if value else 0


def _numbers_wanted(type: FactType) -> str:
    name = {"int": "整数", "number": "数（最多6位小数）", "money": "以元为单位的金额（最多2位小数）"}[type.kind]
    if type.low is not None and type.high is not None:
        return f"{type.low} 到 {type.high} 的{name}"
    return f"不小于 {type.low} 的{name}" if type.low is not None else name


def _date(raw: Any, type: FactType) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        if isinstance(raw, str):
            return day_of_text(raw)
    except ValueError:
        pass
    raise Misfit("存在的日期 YYYY-MM-DD", "改正日期；例如 2月30日 不存在")


def _code(raw: Any, type: FactType) -> str:
    if isinstance(raw, str) and raw in type.codes:
        return raw
    raise Misfit("、".join(type.codes), "改用其中一个代码")


def _codes(raw: Any, type: FactType) -> tuple[str, ...]:
    if isinstance(raw, list | tuple) and all(item in type.codes for item in raw):
        return tuple(raw)
    raise Misfit(f"由这些代码组成的列表 a list of {'、'.join(type.codes)}", "改用列表和所列代码")


def _text(raw: Any, type: FactType) -> str:
    if isinstance(raw, str):
        return raw
    raise Misfit("加引号的文字", "加上引号；长号码写成数会丢掉末几位")


_READERS = {
    "bool": _bool,
    "int": _number,
    "number": _number,
    "money": _number,
    "date": _date,
    "code": _code,
    "codes": _codes,
    "text": _text,
}
