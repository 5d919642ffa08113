"""How a clean value is written: dates in six shapes and Excel serials, grades and categories in words or digits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

Cell = str | int | float | None

_EXCEL_EPOCH = date(1899, 12, 30).toordinal()
DATES: dict[str, Callable[[str], Cell]] = {
    "iso": lambda day: day,
    "dots": lambda day: f"{day[:4]}.{int(day[5:7])}.{int(day[8:])}",
    "digits": lambda day: day.replace("-", ""),
    "slashes": lambda day: f"{day[:4]}/{int(day[5:7])}/{int(day[8:])}",
    "words": lambda day: f"{day[:4]}年{int(day[5:7])}月{int(day[8:])}日",
    "padded": lambda day: f"{day[:4]}.{day[5:7]}.{day[8:]}",
    "serial": lambda day: date.fromisoformat(day).toordinal() - _EXCEL_EPOCH,
}
MONTHS: dict[str, Callable[[str], Cell]] = {
    "iso": lambda month: month,
    "digits": lambda month: month.replace("-", ""),
    "dots": lambda month: f"{month[:4]}.{month[5:7]}",
    "words": lambda month: f"{month[:4]}年{int(month[5:7])}月",
}
_GRADE_WORDS = {"1": "一级", "2": "二级", "3": "三级", "4": "四级"}
_GRADE_FORMAL = {"1": "壹级", "2": "贰级", "3": "叁级", "4": "肆级"}
_GRADE_ROMAN = {"1": "Ⅰ级", "2": "Ⅱ级", "3": "Ⅲ级", "4": "Ⅳ级"}
GRADES: dict[str, Callable[[str], Cell]] = {
    "words": _GRADE_WORDS.__getitem__,
    "digit": str,
    "number": int,
    "formal": _GRADE_FORMAL.__getitem__,
    "roman": _GRADE_ROMAN.__getitem__,
}
_CATEGORY = {"1": "视力", "2": "听力", "3": "言语", "4": "肢体", "5": "智力", "6": "精神", "7": "多重"}
CATEGORIES: dict[str, Callable[[str], Cell]] = {
    "words": _CATEGORY.__getitem__,
    "long": lambda digit: f"{_CATEGORY[digit]}残疾",
    "digit": str,
}
SHAPES = {"date": DATES, "month": MONTHS, "grade": GRADES, "category": CATEGORIES}
"""Shapes by kind of column; a file has one of them throughout, and a few cells another one."""
BASE = {
    "date": ("iso", "dots", "digits", "slashes", "words"),
    "month": tuple(MONTHS),
    "grade": ("words", "digit", "words"),
    "category": ("words", "long", "words"),
}
"""Shapes a whole file may have."""


def shaped(values: list[str], shape: Callable[[str], Cell]) -> list[Cell]:
    """Values in a shape; equal ones are worked out once, empty ones stay empty."""
    known = {value: shape(value) if value else "" for value in set(values)}
    return [known[value] for value in values]
