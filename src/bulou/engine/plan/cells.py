"""The cells of an indicator table: column headings, values with their comparators, names with their units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bulou.engine.plan.glyphs import is_strange
from bulou.engine.plan.model import Value
from bulou.engine.plan.typesetting import clean

ColumnKind = Literal["category", "no", "name", "unit", "value", "nature", "result", "other"]

NATURE = re.compile(r"(约\s*束\s*性|预\s*期\s*性|指\s*导\s*性)")

_LABELS: tuple[tuple[ColumnKind, str], ...] = (
    ("category", "类别|分类|领域"),
    ("no", "序号"),
    ("nature", "目标属性|指标属性|指标性质|属性|性质"),
    ("result", "完成情况|完成值|实际完成|实际值|实现情况"),
    ("value", r"(?P<year>20\d\d)年?(?:末|底)?(?:目标值|目标|基数|基期值|实际|现状)?(?:（[^）]*）)?"),
    ("value", "目标值|规划目标值?|基期值|基数|现状值"),
    ("name", "指标名称|主要指标|具体指标|指标|项目名称"),
    ("unit", "(?:计量)?单位"),
    ("other", "年均增速（?%?）?|年均增长|累计|备注|数据来源|牵头部门|责任单位"),
)
_UNIT = (
    r"%|‰|[万亿]?(?:人次?|户次?|个|元|名|家|所|件|例|张|套|处|辆|台|床|场|期|年|岁|平方米|公里|吨|次|项|座|支|条|级|分|天|小时|亩|辆次|台套)"
    r"(?:[/／](?:人|户|年|月|万人|千人)){0,2}"
)
_NAME_AND_UNIT = re.compile(rf"^(?P<name>.*?)[（(]\s*(?P<unit>{_UNIT})\s*[）)]\s*(?P<rest>.*)$")
_NOTHING = re.compile(r"^(?:[—–－-]{1,3}|/|／|无|空)$")
_BEFORE = r"＞=|≥|＞|>=|>|＜=|≤|＜|<=|<|=|不低于|不少于|不高于|不超过|超过|大于|高于|低于|小于|达到|达|至少|约"
_NUMBER = r"\d+(?:\.\d+)?"
_VALUE = re.compile(
    rf"^(?P<before>{_BEFORE})?(?P<low>{_NUMBER})(?:[%％]?[—–－~～-]+(?P<high>{_NUMBER}))?"
    rf"(?P<scale>[万亿])?(?P<unit>{_UNIT})?(?P<after>以上|以下|以内|左右|及以上)?$"
)
_SCALE = {"万": Decimal(10_000), "亿": Decimal(100_000_000), None: Decimal(1)}


@dataclass(frozen=True)
class Column:
    """One column of a table; `year` where the heading names one."""

    kind: ColumnKind
    year: int | None = None


def read_columns(heading: str) -> list[Column] | None:
    """The columns that a heading line names, or None when it holds anything else."""
    rest = re.sub(r"\s+", "", heading)
    columns: list[Column] = []
    while rest:
        for kind, label in _LABELS:
            if match := re.match(label, rest):
                year = match.groupdict().get("year")
                columns.append(Column(kind, int(year) if year else None))
                rest = rest[match.end() :]
                break
        else:
            return None
    return columns


def is_header(columns: list[Column] | None) -> bool:
    """True when columns name at least the indicator and one value."""
    kinds = {column.kind for column in columns or ()}
    return "name" in kinds and "value" in kinds


def split_name(text: str) -> tuple[str, str | None, str]:
    """A row's text as (name, unit or None, the rest that holds the values)."""
    if match := _NAME_AND_UNIT.match(text):
        return clean(match["name"]), match["unit"], match["rest"]
    tokens = text.split()
    for index, token in enumerate(tokens):
        if index and (_VALUE.match(token) or _NOTHING.match(token)):
            return clean("".join(tokens[:index])), None, " ".join(tokens[index:])
    return clean(text), None, ""


def split_cells(rest: str) -> list[str]:
    """The value cells of a flattened row; neighbouring words that are no values are one cell."""
    dense = re.sub(r"(?<=\d)\s+(?=[%％])", "", rest)
    dense = re.sub(rf"({_BEFORE})\s+(?=\d)", r"\1", dense)
    cells: list[str] = []
    words_open = False
    for token in dense.split():
        if _VALUE.match(token) or _NOTHING.match(token):
            cells.append(token)
            words_open = False
        elif words_open:
            cells[-1] += token
        else:
            cells.append(token)
            words_open = True
    return cells


def read_value(cell: str, year: int | None) -> Value | None:
    """A cell as a value; None when it can be neither a number, nor nothing, nor plain words."""
    printed = clean(cell)
    if not printed or _NOTHING.match(printed):
        return Value(year, None, None, printed)
    if match := _VALUE.match(re.sub(r"\s+", "", printed)):
        scale = _SCALE[match["scale"]]
        high = Decimal(match["high"]) * scale if match["high"] else None
        return Value(year, Decimal(match["low"]) * scale, match["before"] or match["after"], printed, high)
    if len(printed) >= 3 and not any(c.isdigit() or is_strange(c) for c in printed):
        return Value(year, printed, None, printed)
    return None


def value_unit(value: Value | None) -> str | None:
    """The unit printed inside a value cell (97.2 %), or None."""
    if value is None or not (match := _VALUE.match(re.sub(r"\s+", "", value.printed))):
        return None
    return match["unit"]
