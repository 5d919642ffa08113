"""The numbering styles of Chinese official documents: what a line's first characters say about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal["chapter", "part", "point", "subpoint", "dash", "box"]

_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN = "一二三四五六七八九十百"
_NUMERALS = {*_DIGITS, *_UNITS}

_MARKS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ("box", re.compile(rf"^专\s*栏\s*(?P<n>\d{{1,2}}|[{_HAN}]{{1,3}})?\s*[:：.]?\s*(?=\S)")),
    ("chapter", re.compile(rf"^第\s*(?P<n>[{_HAN}]{{1,3}})\s*[章部]\s*(?:分\s*)?")),
    ("part", re.compile(rf"^第\s*(?P<n>[{_HAN}]{{1,3}})\s*节\s*")),
    ("chapter", re.compile(rf"^(?P<n>[{_HAN}]{{1,3}})\s*、\s*")),
    ("part", re.compile(rf"^[（(]\s*(?P<n>[{_HAN}]{{1,3}})\s*[）)]\s*")),
    ("subpoint", re.compile(r"^[（(]\s*(?P<n>\d{1,2})\s*[）)]\s*")),
    ("point", re.compile(r"^(?P<n>\d{1,2})\s*[.．、]\s*(?=\D|\d+\s*(?:周?岁|个|项))")),
    ("dash", re.compile(r"^(?:——|—|－－|--)\s*(?=[^\s\d—－-])")),
)


@dataclass(frozen=True)
class Mark:
    """How a line begins: style, number (0 for dashes, None for an unnumbered box) and what is printed."""

    style: Style
    no: int | None
    printed: str


def read_mark(text: str) -> Mark | None:
    """The numbering mark at the start of `text`, or None."""
    for style, pattern in _MARKS:
        if match := pattern.match(text):
            if style == "dash":
                return Mark(style, 0, match.group())
            digits = match.group("n")
            return Mark(style, number(digits) if digits else None, match.group())
    return None


def number(text: str) -> int | None:
    """一百二十三 or 123 as a number; None when `text` is neither."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(character not in _NUMERALS for character in text):
        return None
    total, digit = 0, 0
    for character in text:
        if character in _UNITS:
            total += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def han(value: int) -> str:
    """1 to 99 in Chinese numerals, as citations write them."""
    names = "〇一二三四五六七八九"
    tens, ones = divmod(value, 10)
    if not tens:
        return names[ones]
    return ("" if tens == 1 else names[tens]) + "十" + (names[ones] if ones else "")
