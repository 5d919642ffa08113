"""The named functions of the language: what they take, give and mean.

Each has a Python meaning and a SQL text that agree on every engine; the spec tables prove it.
An unknown argument makes the result unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bulou.engine.basics.days import full_months, full_years
from bulou.engine.language.types import BOOL, DATE, TEXT, WHOLE, Type

CATEGORIES = ("vision", "hearing", "speech", "physical", "intellectual", "mental", "multiple")
"""Disability categories in the order of the digits 1 to 7 of the certificate number (GB/T 26341-2010)."""

SEX = Type("code", codes=("f", "m"))
CATEGORY = Type("code", codes=CATEGORIES)
ANY_CODES = Type("codes")
ANY_CODE = Type("code")


@dataclass(frozen=True)
class Function:
    """`meaning` takes known Python values; `sql` takes SQL texts of the arguments."""

    takes: tuple[Type, ...]
    gives: Type
    says: str
    meaning: Callable[..., Any]
    sql: Callable[[Sequence[str]], str]
    limit: int = 0


def _birth_date(id_no: str) -> date | None:
    digits = id_no[6:14]
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()) or not "18" <= digits[:2] <= "20":
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _sex(id_no: str) -> str | None:
    digit = id_no[16:17]
    return ("f", "m")[int(digit) % 2] if digit in tuple("0123456789") else None


def _category(cert_no: str) -> str | None:
    digit = cert_no[18:19]
    return CATEGORIES[int(digit) - 1] if digit in tuple("1234567") else None


def _grade(cert_no: str) -> int | None:
    digit = cert_no[19:20]
    return int(digit) if digit in tuple("1234") else None


def _whole(part: str, day: str) -> str:
    return f"CAST(EXTRACT({part} FROM {day}) AS BIGINT)"


def _full_years_sql(arguments: Sequence[str]) -> str:
    start, day = arguments
    month_day = [f"({_whole('MONTH', d)} * 100 + {_whole('DAY', d)})" for d in (day, start)]
    return (
        f"({_whole('YEAR', day)} - {_whole('YEAR', start)}"
        f" - CASE WHEN {month_day[0]} < {month_day[1]} THEN 1 ELSE 0 END)"
    )


def _full_months_sql(arguments: Sequence[str]) -> str:
    start, day = arguments
    return (
        f"(({_whole('YEAR', day)} - {_whole('YEAR', start)}) * 12 + {_whole('MONTH', day)}"
        f" - {_whole('MONTH', start)}"
        f" - CASE WHEN {_whole('DAY', day)} < {_whole('DAY', start)} THEN 1 ELSE 0 END)"
    )


def _date_sql(arguments: Sequence[str]) -> str:
    """Only eight digits reach the cast to a date: of other text each engine has its own reading."""
    (text,) = arguments
    parts = " || '-' || ".join(f"SUBSTR({text}, {start}, {size})" for start, size in ((7, 4), (11, 2), (13, 2)))
    digits = f"TRY_CAST(SUBSTR({text}, 7, 8) AS BIGINT)"
    return f"TRY_CAST(CASE WHEN {digits} BETWEEN 18000101 AND 20991231 THEN {parts} END AS DATE)"


def _has_code_sql(arguments: Sequence[str]) -> str:
    """Polars finds an unknown code in no list; a code that is written out is never unknown."""
    codes, code = arguments
    contains = f"ARRAY_CONTAINS({codes}, {code})"
    return contains if code.startswith("'") else f"CASE WHEN {code} IS NULL THEN NULL ELSE {contains} END"


def _pick_sql(text: str, position: int, picks: dict[str, str]) -> str:
    branches = " ".join(f"WHEN '{digit}' THEN {value}" for digit, value in picks.items())
    return f"CASE SUBSTR({text}, {position}, 1) {branches} END"


FUNCTIONS: dict[str, Function] = {
    "full_years": Function(
        (DATE, DATE),
        WHOLE,
        "满几周岁：从第一个日期到第二个日期的足年数，生日当天算满 · years completed, the birthday itself counts",
        full_years,
        _full_years_sql,
        limit=10_000,
    ),
    "full_months": Function(
        (DATE, DATE),
        WHOLE,
        "满几个月 · months completed, the same day of the month counts",
        full_months,
        _full_months_sql,
        limit=120_000,
    ),
    "year_of": Function(
        (DATE,),
        WHOLE,
        "日期的年份 · the year of a date",
        lambda day: day.year,
        lambda a: _whole("YEAR", a[0]),
        10_000,
    ),
    "has_code": Function(
        (ANY_CODES, ANY_CODE),
        BOOL,
        "代码集中是否含某代码 · whether a list of codes holds a code",
        lambda codes, code: code in codes,
        _has_code_sql,
    ),
    "birth_date_in": Function(
        (TEXT,), DATE, "身份证号中的出生日期 · birth date in an ID number", _birth_date, _date_sql
    ),
    "sex_in": Function(
        (TEXT,),
        SEX,
        "身份证号中的性别 · sex in an ID number",
        _sex,
        lambda a: _pick_sql(a[0], 17, {str(d): ("'f'", "'m'")[d % 2] for d in range(10)}),
    ),
    "category_in": Function(
        (TEXT,),
        CATEGORY,
        "残疾人证号中的类别 · category in a certificate number",
        _category,
        lambda a: _pick_sql(a[0], 19, {str(n): f"'{c}'" for n, c in enumerate(CATEGORIES, 1)}),
    ),
    "grade_in": Function(
        (TEXT,),
        WHOLE,
        "残疾人证号中的等级 · grade in a certificate number",
        _grade,
        lambda a: _pick_sql(a[0], 20, {str(n): str(n) for n in range(1, 5)}),
        limit=4,
    ),
}

ROLL_UPS: dict[str, str] = {
    "any_member": "任一成员符合 · any member",
    "count_members": "符合的成员数；有一人不明即不明 · number of members; unknown if one is unknown",
    "at_least_members": "至少 n 名成员符合 · at least n members",
    "sum_members": "符合的成员的合计 · sum over members for whom the condition holds",
    "min_members": "符合的成员中的最小值 · least value",
    "max_members": "符合的成员中的最大值 · greatest value",
}
