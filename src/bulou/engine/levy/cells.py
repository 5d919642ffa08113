"""Reads one cell of a levy sheet by the kind of its column: the value, or what is wrong with the cell.

Dates, numbers of IDs and amounts are read as intake reads them; here are counts with decimals, ratios, credit codes
and kinds of employers. Nothing is guessed: a text in a number column has no value.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bulou.engine.intake import cells
from bulou.engine.intake.templates import Field
from bulou.engine.levy.form import Column, Forms

Value = str | Decimal | date | bool | int
MOST = Decimal(10**9)
DECIMALS = 6

FAULTS = {
    "not-a-number": ("数字，如 100 或 99.5", "改成数字；不知道就空着"),
    "not-a-ratio": ("百分比，如 1.5% 或 1.5", "改成百分比"),
    "negative": ("不小于 0 的数", "核对正负号；退费不写在这一栏"),
    "too-many-decimals": (f"最多 {DECIMALS} 位小数", "按规定取舍后再填"),
    "too-large": (f"不超过 {MOST} 的数", "核对单位是不是元、人"),
    "cell-error": ("算得出的值", "单元格里的公式出错了，改好公式或直接填数"),
    "not-a-kind": (
        "企业、国企、民企、事业单位、党政机关、社会组织、民非、个体工商户",
        "改成其中一种",
    ),
    "not-a-year": ("年份，如 2024", "写四位数的年份"),
    "credit-code-shape": ("18 位统一社会信用代码", "核对代码，不要丢掉开头或末尾"),
    "credit-code-check": ("校验码相符的 18 位代码", "核对代码，可能抄错了一位"),
}


@dataclass(frozen=True)
class Read:
    """What a cell says: a value, or a fault (a key of FAULTS, or of intake's words); `how` says what was read in."""

    value: Value | None = None
    fault: str = ""
    how: str = ""


def read_cell(text: str, column: Column, forms: Forms) -> Read:
    """A cell that is not empty, as a value of the column."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.startswith("#") and column.kind not in ("text", "name"):
        return Read(fault="cell-error")
    match column.kind:
        case "text":
            return Read(text.strip())
        case "number":
            return _number(plain)
        case "result":
            return _result(plain, column)
        case "percent":
            return _percent(plain)
        case "kind":
            found = forms.kind_words.get(re.sub(r"\s+", "", plain))
            return Read(found) if found else Read(fault="not-a-kind")
        case "code":
            return _code(plain)
        case "year":
            return _year(plain)
    return _as_intake(plain, column)


def _as_intake(plain: str, column: Column) -> Read:
    reading = cells.read_cell(plain, Field(column.id, column.label, column.kind, (), {}))
    if reading.value is None:
        fault = "not-a-number" if reading.fault == "amount-shape" else reading.fault or ""
        return Read(fault=fault or ("" if reading.repair == "placeholder" else "not-a-number"))
    if column.kind == "date":
        return Read(date.fromisoformat(reading.value))
    if column.kind == "bool":
        return Read(reading.value == "true")
    if column.kind == "money":
        amount = Decimal(reading.value)
        return Read(fault="negative") if amount < 0 and not column.signed else Read(amount)
    return Read(reading.value)


_NUMBER = re.compile(r"(-?[\d,]*\.?\d+)\s*[人名位]?")


def _number(plain: str) -> Read:
    found = _NUMBER.fullmatch(plain)
    if not found:
        return Read(fault="not-a-number")
    value = Decimal(found[1].replace(",", ""))
    if value < 0:
        return Read(fault="negative")
    if value > MOST:
        return Read(fault="too-large")
    if value != round(value, DECIMALS):
        return Read(fault="too-many-decimals")
    return Read(value)


_AMOUNT = re.compile(r"[¥￥]?(-?[\d,]*\.?\d+)\s*元?")


def _result(plain: str, column: Column) -> Read:
    """A result of the form: an amount in yuan that may have more than two decimals."""
    found = _AMOUNT.fullmatch(plain)
    if not found:
        return Read(fault="not-a-number")
    value = Decimal(found[1].replace(",", ""))
    return Read(fault="negative") if value < 0 and not column.signed else Read(value)


_RATIO = re.compile(r"(-?\d{0,3}(?:\.\d+)?)\s*(%?)")
_FRACTION = Decimal("0.1")
"""A ratio below this many percent is the share itself: 0.015 is how a spreadsheet keeps 1.5 %."""


def _percent(plain: str) -> Read:
    found = _RATIO.fullmatch(plain)
    if not found or not re.search(r"\d", found[1]):
        return Read(fault="not-a-ratio")
    value = Decimal(found[1])
    if value < 0:
        return Read(fault="negative")
    if not found[2] and 0 < value < _FRACTION:
        return Read(value * 100, how=f"{plain} 读作 {(value * 100).normalize():f}%")
    return Read(value) if value <= 100 else Read(fault="not-a-ratio")


_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _code(plain: str) -> Read:
    bare = re.sub(r"[\s'’-]", "", plain).upper()
    if not _CODE.fullmatch(bare):
        return Read(fault="credit-code-shape")
    return Read(bare) if _check_character(bare) == bare[17] else Read(bare, fault="credit-code-check")


def _check_character(code: str) -> str:
    """The 18th character of a credit code (GB 32100-2015): weights are powers of 3 modulo 31."""
    total = sum(_DIGITS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return _DIGITS[-total % 31]


def _year(plain: str) -> Read:
    found = re.fullmatch(r"((?:19|20)\d\d)\s*(?:年度?)?", plain.removesuffix(".0"))
    return Read(int(found[1])) if found else Read(fault="not-a-year")
