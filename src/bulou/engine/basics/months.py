"""Months as text "2025-06": their days and neighbours."""

from __future__ import annotations

from datetime import date, timedelta


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def months_after(month: str, count: int) -> str:
    """The month `count` months later (earlier when negative)."""
    years, index = divmod(int(month[:4]) * 12 + int(month[5:7]) - 1 + count, 12)
    return f"{years:04d}-{index + 1:02d}"


def first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:7]), 1)


def last_day(month: str) -> date:
    return first_day(months_after(month, 1)) - timedelta(days=1)


def quarter_of(month: str) -> tuple[str, str, str]:
    """The three months of the quarter that a month lies in."""
    start = months_after(month, -((int(month[5:7]) - 1) % 3))
    return start, months_after(start, 1), months_after(start, 2)


def is_month(text: str) -> bool:
    """Whether the text is an existing month written 2025-06."""
    try:
        return len(text) == 7 and bool(date.fromisoformat(f"{text}-01"))
    except ValueError:
        return False
