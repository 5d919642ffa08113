"""Verdicts of past months, for which only what they read is looked at, are those of the months decided whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bulou.engine.differences.decide_month import DecidedMonth, Decider
from bulou.engine.differences.lists import PAID
from bulou.engine.differences.people import reasons
from bulou.engine.facts.month_settings import DatedSetting, MonthSettings
from bulou.engine.intake import read_templates
from bulou.engine.pack import read_pack
from tests.differences.histories import COMPLETE, Told, history_of, person, setting

MONTHS = ("2025-01", "2025-02", "2025-03")
PEOPLE = range(6)
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


def says(decided: DecidedMonth, programme: str) -> tuple[dict[str, tuple[str, str]], list[tuple[Any, ...]]]:
    ids = [person(n) for n in PEOPLE]
    why = reasons(decided, programme, ids, ("failed", "unknown"))
    columns = ["id", *(name for name in decided.frame.columns if name.partition("__")[0] == programme)]
    return why, decided.frame.select(columns).sort("id").rows()


@pytest.mark.parametrize("stops", [None, "next_month"])
@pytest.mark.parametrize("month", MONTHS[:2])
def test_verdicts_and_reasons_are_those_of_the_whole_month(month: str, stops: str | None) -> None:
    by = decider(stops)
    whole, some = by.decide(month), by.decide(month, PAID)
    read = set(some.facts.tables.frames["person"].collect_schema())
    assert "person.grade" in read and "person.category" not in read
    for programme in PAID:
        assert says(some, programme) == says(whole, programme)
    assert len({str(row) for row in says(whole, PAID[0])[0].values()}) > 1
