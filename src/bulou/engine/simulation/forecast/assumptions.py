"""Assumptions of a projection, as somebody states them with their source. None is built in.

    [mortality]
    source = "…"
    rates = [ { ages = [0, 59], per_1000_a_year = "4.1" }, { ages = [60, 150], per_1000_a_year = "38" } ]

    [inflow]
    source = "…"
    new_people_a_year = 5200
    like = "person.is_disabled_member"

Or as CSV with the columns kind, from_age, to_age, value, like, source.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.basics.toml_tables import read_toml

OLDEST = 150
COLUMNS = ("kind", "from_age", "to_age", "value", "like", "source")


@dataclass(frozen=True)
class Rate:
    """Deaths a year among a thousand people of these ages, both ends included."""

    low: int
    high: int
    per_1000_a_year: Decimal
    source: str


@dataclass(frozen=True)
class Inflow:
    """New people a year, who resemble those of today for whom the test `like` is true."""

    new_people_a_year: int
    like: str
    source: str


@dataclass(frozen=True)
class Assumptions:
    """What a projection assumes; None or empty: nothing is assumed about it."""

    mortality: tuple[Rate, ...]
    inflow: Inflow | None
    file: str

    def words(self) -> list[tuple[str, str, str]]:
        """(what, value, source) of every assumption."""
        rows = [
            (f"死亡率 {rate.low}–{rate.high} 岁", f"每年每千人 {rate.per_1000_a_year}", rate.source)
            for rate in self.mortality
        ]
        if self.inflow:
            value = f"每年 {self.inflow.new_people_a_year} 人，像现在符合 {self.inflow.like} 的人"
            rows.append(("新增", value, self.inflow.source))
        return rows


def read_assumptions(path: Path) -> Assumptions:
    """The assumptions in a TOML or CSV file. Raises `Refused` with everything that is missing or cannot be."""
    problems: list[Problem] = []
    if not path.is_file():
        raise Refused([Problem("no-such-file", Place(str(path)), "没有这个文件", ".toml 或 .csv 文件", "核对路径")])
    match path.suffix.lower():
        case ".toml":
            found = _of_toml(read_toml(path, str(path), problems).content, _Teller(str(path), problems))
        case ".csv":
            found = _of_csv(path, _Teller(str(path), problems))
        case other:
            got = other or "（没有后缀）"
            raise Refused([Problem("unknown-file-kind", Place(str(path)), got, ".toml 或 .csv", "另存为其中一种")])
    problems += _overlaps(found)
    if not problems and not found.mortality and not found.inflow:
        problems.append(
            _Teller(str(path), []).of("no-assumptions", "", "没有任何假设", "[mortality] 或 [inflow]", "写明假设")
        )
    if problems:
        raise Refused(problems)
    return found


@dataclass(frozen=True)
class _Teller:
    file: str
    problems: list[Problem]

    def of(self, code: str, column: str, got: str, expected: str, fix: str, row: int | None = None) -> Problem:
        return Problem(code, Place(self.file, column=column, row=row), got, expected, fix)

    def tell(self, code: str, column: str, got: str, expected: str, fix: str, *, row: int | None = None) -> None:
        self.problems.append(self.of(code, column, got, expected, fix, row))

    def source(self, raw: Any, what: str, row: int | None = None) -> str:
        if isinstance(raw, str) and raw.strip():
            return raw.strip()
        self.tell("assumption-without-source", f"{what}.source", "没有出处", "出处 source", "写明假设从哪里来", row=row)
        return ""

    def number(self, raw: Any, what: str, top: int, row: int | None = None) -> Decimal:
        try:
            value = Decimal(str(raw).strip())
            if value.is_finite() and 0 <= value <= top and not isinstance(raw, bool):
                return value
        except InvalidOperation:
            pass
        self.tell("wrong-value", what, repr(raw), f"0 到 {top} 的数", "改正数值", row=row)
        return Decimal(0)

    def age(self, raw: Any, what: str, row: int | None = None) -> int:
        value = self.number(raw, what, OLDEST, row)
        if value != int(value):
            self.tell("wrong-value", what, str(raw), "整岁", "改正年龄", row=row)
        return int(value)


def _of_toml(content: Mapping[str, Any], teller: _Teller) -> Assumptions:
    for key in content:
        if key not in ("mortality", "inflow"):
            teller.tell("unknown-key", key, key, "mortality、inflow", "改正或删去")
    rates: list[Rate] = []
    deaths, arrivals = content.get("mortality"), content.get("inflow")
    if isinstance(deaths, Mapping):
        source = teller.source(deaths.get("source"), "mortality")
        for at, entry in enumerate(deaths.get("rates") or (), 1):
            ages = entry.get("ages") if isinstance(entry, Mapping) else None
            if not (isinstance(ages, list) and len(ages) == 2):
                teller.tell("wrong-value", "mortality.rates", str(entry)[:80], "ages = [从, 到]", "改正", row=at)
                continue
            low, high = (teller.age(age, "ages", at) for age in ages)
            rates.append(
                Rate(low, high, teller.number(entry.get("per_1000_a_year"), "per_1000_a_year", 1000, at), source)
            )
    inflow = None
    if isinstance(arrivals, Mapping):
        inflow = _inflow(arrivals.get("new_people_a_year"), arrivals.get("like"), arrivals.get("source"), teller)
    return Assumptions(tuple(rates), inflow, teller.file)


def _inflow(people: Any, like: Any, source: Any, teller: _Teller, row: int | None = None) -> Inflow:
    count = teller.number(people, "new_people_a_year", 10**8, row)
    if not isinstance(like, str) or not like.strip():
        expected = '现在的哪些人，如 "person.is_disabled_member"'
        teller.tell("no-likeness", "like", str(like), expected, "写明新增的人像谁", row=row)
        like = ""
    return Inflow(int(count), like, teller.source(source, "inflow", row))


def _of_csv(path: Path, teller: _Teller) -> Assumptions:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = teller.of("not-utf-8", "", "不是 UTF-8", "UTF-8 文本", "另存为 UTF-8")
        raise Refused([problem]) from None
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    missing = [name for name in COLUMNS if name not in (rows[0] if rows else {})]
    if missing:
        raise Refused([teller.of("column-missing", "", "、".join(missing), "、".join(COLUMNS), "补上这些列")])
    rates: list[Rate] = []
    inflow = None
    for at, row in enumerate(rows, 1):
        if row["kind"] == "mortality":
            low, high = (teller.age(row[name], name, at) for name in ("from_age", "to_age"))
            source = teller.source(row["source"], "mortality", at)
            rates.append(Rate(low, high, teller.number(row["value"], "value", 1000, at), source))
        elif row["kind"] == "inflow" and inflow is None:
            inflow = _inflow(row["value"], row["like"], row["source"], teller, at)
        else:
            teller.tell("wrong-value", "kind", str(row["kind"]), "mortality，或一行 inflow", "改正", row=at)
    return Assumptions(tuple(rates), inflow, teller.file)


def _overlaps(found: Assumptions) -> list[Problem]:
    """Ages the wrong way round, or covered by two rates."""
    problems = []
    last = -1
    for rate in sorted(found.mortality, key=lambda rate: rate.low):
        if rate.high < rate.low or rate.low <= last:
            got, place = f"{rate.low}–{rate.high} 岁", Place(found.file, column="ages")
            problems.append(Problem("ages-overlap", place, got, "从小到大、互不重叠的年龄段", "改正年龄段"))
        last = max(last, rate.high)
    return problems
