"""Verdicts of past months, for which only what they read is looked at, are those of the months decided whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from bulou.engine.differences.decide_month import DecidedMonth, Decider, kept_through_the_month
from bulou.engine.differences.lists import PAID
from bulou.engine.differences.people import reasons
from bulou.engine.facts.month_settings import DatedSetting, MonthSettings
from bulou.engine.intake import read_templates
from bulou.engine.pack import read_pack
from tests.differences.histories import COMPLETE, Told, history_of, person, setting

MONTHS = ("2025-01", "2025-02", "2025-03")
PEOPLE, FEW = range(6), (1, 3)
OLD, NEW = date(2025, 2, 10), date(2035, 2, 10)


def told(month: str) -> Told:
    """A death told late, certificates that end and are renewed, dibao come and gone."""
    late = month == MONTHS[-1]
    return Told(
        month,
        {1: NEW, 2: OLD, 3: NEW if late else OLD, 4: NEW},
        {1, 2, 3} if late else {2, 3, 4, 5},
        {1: date(2025, 2, 20), 4: date(2025, 1, 2)} if late else {},
        {1: 100_00, 2: 100_00},
        applied={3: date(2025, 2, 1)} if late else {},
        issued={3: date(2025, 3, 1)} if late else {},
    )


def decider(stops: str | None) -> Decider:
    chosen = [setting("living_subsidy_standard", "100.00"), setting("nursing_subsidy_grade34", "60.00")]
    chosen += [DatedSetting("region.renewal_pays_from", "application", None, "测试")]
    chosen += [DatedSetting("region.stops_from", stops, None, "测试")] if stops else []
    settings = MonthSettings(COMPLETE, tuple(chosen), "last", None, {})
    history = history_of([told(month) for month in MONTHS], PEOPLE)
    return Decider(read_pack("cn"), history, read_templates(), MONTHS[-1], settings)


def says(
    decided: DecidedMonth, programme: str, people: Sequence[int] = PEOPLE
) -> tuple[dict[str, tuple[str, str]], list[tuple[Any, ...]]]:
    ids = [person(n) for n in people]
    why = reasons(decided, programme, ids, ("failed", "unknown"))
    columns = ["id", *(name for name in decided.frame.columns if name.partition("__")[0] == programme)]
    return why, decided.frame.filter(pl.col("id").is_in(ids)).select(columns).sort("id").rows()


@pytest.mark.parametrize("stops", [None, "next_month"])
@pytest.mark.parametrize("month", MONTHS[:2])
def test_verdicts_and_reasons_are_those_of_the_whole_month(month: str, stops: str | None) -> None:
    by = decider(stops)
    whole, some = by.decide(month), by.decide(month, PAID)
    read = set(some.facts.tables.frames["person"].collect_schema())
    assert "person.grade" in read and "person.category" not in read
    few = by.decide(month, PAID, people=pl.Series([person(n) for n in FEW]))
    assert few.frame.height == len(FEW)
    for programme in PAID:
        assert says(some, programme) == says(whole, programme)
        assert says(few, programme) == says(whole, programme, FEW)
    assert len({str(row) for row in says(whole, PAID[0])[0].values()}) > 1


def test_nobody_is_left_out_where_households_decide() -> None:
    by = decider(None)
    people = pl.Series([person(n) for n in FEW])
    few = by.decide(MONTHS[0], ("child_rehab_aid",), people=people)
    assert any(name.startswith("household.") for name in few.policy.reads())
    assert few.frame.height == len(PEOPLE)


def test_the_day_a_month_began_is_laid_beside_its_end_person_by_person() -> None:
    """Rows come in no fixed order: some runs once took the verdict of another person for that of the first day."""
    frame, compiled = (decided := decider(None).decide(MONTHS[0])).frame, decided.compiled
    assert frame[PAID[0]].n_unique() > 1
    same, turned = (kept_through_the_month(frame, start, compiled) for start in (frame, frame.reverse()))
    assert turned.equals(same)
    assert not same[f"{PAID[0]}__ends"].any()
