"""For every person and month: due = paid + back pay − overpayment, whatever becomes known however late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bulou.engine.basics.months import first_day, last_day
from tests.differences.histories import LIVING, Told, compared, person, setting, two_subsidies

MONTHS = ["2025-01", "2025-02", "2025-03", "2025-04"]
PEOPLE = range(4)
PACK = two_subsidies()
DAYS = st.sampled_from([date(2025, 1, 20), date(2025, 2, 28), date(2025, 3, 1), date(2031, 1, 1)])


@st.composite
def stories(draw: st.DrawFn) -> dict[str, Any]:
    """Months of invented people: certificates renewed or shortened, dibao come and gone, deaths told late, odd pay."""
    deaths = {n: draw(DAYS) for n in draw(st.sets(st.sampled_from(PEOPLE), max_size=2))}
    told_in = {n: draw(st.sampled_from(MONTHS)) for n in deaths}
    months = [
        Told(
            month,
            {n: draw(DAYS) for n in PEOPLE},
            draw(st.sets(st.sampled_from(PEOPLE))),
            {n: day for n, day in deaths.items() if told_in[n] == month and day <= last_day(month)},
            {n: draw(st.sampled_from([100_00, 110_00, 55_50])) for n in draw(st.sets(st.sampled_from(PEOPLE)))},
        )
        for month in MONTHS
    ]
    raised = draw(st.none() | st.sampled_from(["2025-02-01", "2025-03-01"]))
    return {"months": months, "raised": raised}


def due_by_hand(story: dict[str, Any], number: int, month: str) -> int:
    """Fen of the living subsidy for a month, worked out again from everything told by the last month."""
    months: Sequence[Told] = story["months"]
    of_month = next(told for told in months if told.month == month)
    died = min((told.deaths[number] for told in months if number in told.deaths), default=None)
    alive = died is None or died > last_day(month)
    certified = of_month.holders[number] >= last_day(month)
    standard = 110_00 if story["raised"] and date.fromisoformat(story["raised"]) <= first_day(month) else 100_00
    return standard if alive and certified and number in of_month.dibao else 0


@settings(max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate])
@given(stories())
def test_due_is_paid_plus_differences(story: dict[str, Any]) -> None:
    standards = [setting("living_subsidy_standard", "100.00")]
    if story["raised"]:
        standards.append(setting("living_subsidy_standard", "110.00", story["raised"]))
    result = compared(story["months"], PEOPLE, standards, PACK)
    settled = {
        (row["person"], row["month"]): row["difference_fen"]
        for row in result.settlements.filter(pl.col("programme") == LIVING).iter_rows(named=True)
    }
    paid = {(n, months.month): fen for months in story["months"] for n, fen in months.paid.items()}
    about = dict(zip([told.month for told in story["months"]], ["2024-12", *MONTHS[:-1]], strict=True))
    for number in PEOPLE:
        enrolled = False
        for told in story["months"][1:]:
            month = about[told.month]
            given_fen = paid.get((number, told.month), 0)
            enrolled = enrolled or given_fen > 0 or number in story["months"][0].paid
            difference = settled.pop((person(number), month), 0)
            if enrolled:
                assert due_by_hand(story, number, month) == given_fen + difference, (number, month)
            else:
                assert difference == 0
    assert all(month == "2024-12" for _, month in settled)
