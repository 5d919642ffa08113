"""Days are read in one form only; years and months are counted as people count birthdays."""

from __future__ import annotations

from datetime import date

import pytest

from bulou.engine.basics.days import day_of_text, full_months, full_years


def test_a_day_is_written_year_month_day() -> None:
    assert day_of_text("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-02-29",
        "2025-1-31",
        "20250131",
        "2025-W05-5",
        "2025/01/31",
        "2025-01-31 ",
        "２０２５-01-31",
        "0000-01-01",
    ],
)
def test_anything_else_is_no_day(text: str) -> None:
    with pytest.raises(ValueError):
        day_of_text(text)


@pytest.mark.parametrize(
    ("start", "day", "years", "months"),
    [
        ("2009-07-01", "2025-06-30", 15, 191),
        ("2009-07-01", "2025-07-01", 16, 192),
        ("2008-02-29", "2025-02-28", 16, 203),
        ("2008-02-29", "2025-03-01", 17, 204),
        ("2025-01-31", "2025-02-28", 0, 0),
        ("2025-06-30", "2025-06-30", 0, 0),
        ("2025-06-30", "2025-06-29", -1, -1),
    ],
)
def test_full_years_and_months(start: str, day: str, years: int, months: int) -> None:
    from_day, to_day = day_of_text(start), day_of_text(day)
    assert (full_years(from_day, to_day), full_months(from_day, to_day)) == (years, months)
