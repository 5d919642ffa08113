"""Numbers of a text with what they measure, however they are written: 16—59周岁, 一、二级, 百分之三十, 20万, 一年以上.

Meant for asking whether a figure stands in a text; `figures` sorts what a plan promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from unicodedata import normalize

from bulou.engine.plan.numbering import number

Kind = Literal["age", "grade", "percent", "money", "months", "days", "count"]

_HAN = "〇零一二两三四五六七八九十百千"
_NUMBER = rf"(?:\d+(?:\.\d+)?|[{_HAN}]+)"
_UNIT = (
    r"%|个百分点|周?岁|元|个月|个工作日|工作日|年|天|人次|户次|场次|人|名|户|次|届|期|家|所|个"
    r"|项|件|处|辆|级|条|类|万|亿"
)
_QUANTITY = re.compile(
    rf"(?:百分之(?P<share>{_NUMBER})"
    rf"|(?P<low>{_NUMBER})(?:{_UNIT})?(?:[-–—―~]{{1,2}}|到|至)(?P<high>{_NUMBER})(?P<scale2>[万亿])?(?P<unit2>{_UNIT})?"
    rf"|(?P<one>{_NUMBER})(?P<scale>[万亿])?(?P<about>余|多)?(?P<unit>{_UNIT})?)"
)
_GRADES = re.compile(r"[一二三四1-4](?:级?(?:[、,和或及至到~—–-]|以及)?[一二三四1-4])*级")
_SPAN = re.compile("[至到~—–-]")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_SCALE = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


@dataclass(frozen=True)
class Quantity:
    """A number or range at offset `start` of its text; months and years are both in months."""

    kind: Kind
    low: Decimal
    high: Decimal | None
    unit: str
    printed: str
    start: int

    def holds(self, value: Decimal) -> bool:
        """Whether `value` is printed here: as the number itself or as an end of the range."""
        return value in (self.low, self.high)


def quantities(text: str) -> list[Quantity]:
    """All numbers of the text in order; calendar years are left out, Chinese numerals count before a unit only."""
    plain = "".join(_plain(character) for character in text)
    return sorted([*_grades(plain), *_others(plain)], key=lambda quantity: quantity.start)


def kind_of_unit(unit: str) -> Kind:
    """What a unit measures; units that are none of the named kinds count things."""
    for kind, words in _KINDS.items():
        if unit.startswith(words):
            return kind
    return "count"


_KINDS: dict[Kind, tuple[str, ...]] = {
    "percent": ("%", "‰", "个百分点"),
    "age": ("周岁", "岁"),
    "money": ("元",),
    "months": ("个月", "年", "月"),
    "days": ("个工作日", "工作日", "天", "日"),
    "grade": ("级",),
}


def _plain(character: str) -> str:
    """Full-width forms as the half-width ones; one character stays one character."""
    shown = normalize("NFKC", character)
    return "~" if shown in "〜∼～" else shown if len(shown) == 1 else character


def _grades(text: str) -> Iterator[Quantity]:
    for match in _GRADES.finditer(text):
        values = [Decimal(number(digit) or 0) for digit in re.findall("[一二三四1-4]", match.group())]
        if len(values) == 2 and _SPAN.search(match.group()):
            values = [Decimal(value) for value in range(int(values[0]), int(values[1]) + 1)]
        for value in values:
            yield Quantity("grade", value, None, "级", match.group(), match.start())


def _others(text: str) -> Iterator[Quantity]:
    for match in _QUANTITY.finditer(text):
        if match["share"]:
            low, high, unit, scale = _value(match["share"]), None, "%", None
        elif match["low"]:
            low, high = _value(match["low"]), _value(match["high"])
            unit, scale = match["unit2"] or "", match["scale2"]
        else:
            low, high, unit, scale = _value(match["one"]), None, match["unit"] or "", match["scale"]
        written = match["one"] or match["low"] or match["share"]
        if low is None or _no_quantity(written, unit, scale):
            continue
        kind = kind_of_unit(unit)
        factor = _SCALE.get(scale or "", Decimal(1)) * (12 if kind == "months" and unit == "年" else 1)
        yield Quantity(kind, low * factor, high * factor if high else None, unit, match.group(), match.start())


def _no_quantity(written: str, unit: str, scale: str | None) -> bool:
    if unit == "级":
        return True
    if not written[0].isdigit():
        return not unit and not scale
    return bool(_YEAR.match(written)) and unit in ("年", "")


def _value(written: str | None) -> Decimal | None:
    if not written:
        return None
    if written[0].isdigit():
        return Decimal(written)
    value = number(written)
    return None if value is None else Decimal(value)
