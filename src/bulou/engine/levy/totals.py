"""Totals by fee year and outcome; they add up or nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bulou.engine.levy.assess import FAULTY, OUTCOMES, UNKNOWN, Assessment

ALL = "合计"
NO_YEAR = "（年度不明）"


@dataclass(frozen=True)
class Total:
    """One line of the totals: fen over rows of which the amount is known, None where it is of none.

    `employers` counts all rows.
    """

    year: str
    outcome: str
    employers: int
    due: int | None = None
    relief: int | None = None
    payable: int | None = None
    paid: int | None = None
    balance: int | None = None
    late: int | None = None


def totals(found: Sequence[Assessment]) -> list[Total]:
    """A line for each year and outcome, one for each year, one for everything."""
    years = sorted({_year(one) for one in found})
    lines = []
    for year in years:
        of_year = [one for one in found if _year(one) == year]
        outcomes = [outcome for outcome in OUTCOMES if any(one.outcome == outcome for one in of_year)]
        lines += [_total(year, outcome, [one for one in of_year if one.outcome == outcome]) for outcome in outcomes]
        lines.append(_total(year, ALL, of_year))
    if len(years) > 1:
        lines.append(_total(ALL, ALL, list(found)))
    _check(lines, found)
    return lines


def _year(found: Assessment) -> str:
    return f"{found.day.year}年" if found.day else NO_YEAR


def _total(year: str, outcome: str, found: Sequence[Assessment]) -> Total:
    if outcome in (UNKNOWN, FAULTY):
        return Total(year, outcome, len(found))
    known = [one for one in found if one.outcome not in (UNKNOWN, FAULTY)]
    names = ("due", "relief", "payable", "paid", "balance", "late_fen")
    amounts = [[getattr(one, name) for one in known] for name in names]
    return Total(year, outcome, len(found), *(None if set(each) <= {None} else _sum(each) for each in amounts))


def _sum(amounts: Sequence[int | None]) -> int:
    return sum(amount for amount in amounts if amount is not None)


def _check(lines: Sequence[Total], found: Sequence[Assessment]) -> None:
    """Parts add up to their years, years to the whole, and each row's columns to its balance."""
    parts = [line for line in lines if line.outcome != ALL]
    wholes = [line for line in lines if line.year == ALL] or [line for line in lines if line.outcome == ALL]
    for name in ("employers", "due", "relief", "payable", "paid", "balance", "late"):
        if _sum([getattr(line, name) for line in parts]) != _sum([getattr(line, name) for line in wholes]):
            raise ArithmeticError(f"totals of {name} do not add up")
    for one in found:
        complete = None not in (one.due, one.relief, one.paid, one.balance)
        if complete and one.due - one.relief - one.paid != one.balance:  # type: ignore[operator]
            raise ArithmeticError(f"columns 9 to 12 do not add up: {one.row.where}")
