"""Months as whole numbers (year × 12 + month − 1) and days as numpy dates; a spell is [from, to) in months."""

from __future__ import annotations

from datetime import date

import numpy as np

from bulou.engine.synthetic.draws import Array

ALWAYS = 0
NEVER = 1_000_000


def month_of(text: str) -> int:
    """'2025-06' as a number. Raises ValueError when there is no such month."""
    day = date.fromisoformat(f"{text}-01")
    return day.year * 12 + day.month - 1


def month_text(month: int) -> str:
    """A month number as '2025-06'."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def month_words(month: int) -> str:
    """A month number as '2025年6月'."""
    return f"{month // 12}年{month % 12 + 1}月"


def first_day(month: int) -> np.datetime64:
    """The first day of a month."""
    return np.datetime64(f"{month_text(month)}-01", "D")


def last_day(month: int) -> np.datetime64:
    """The last day of a month: the decision day."""
    return first_day(month + 1) - np.timedelta64(1, "D")


def days_in(months: Array, uniform: Array) -> Array:
    """A day inside each month, by a number in [0, 1); NaT where the month never comes."""
    known = months < NEVER
    start = np.where(known, months, 2000 * 12) - 1970 * 12
    first = start.astype("datetime64[M]").astype("datetime64[D]")
    length = ((start + 1).astype("datetime64[M]").astype("datetime64[D]") - first).astype(np.int64)
    day = first + np.floor(uniform * length).astype(np.int64).astype("timedelta64[D]")
    return np.where(known, day, np.datetime64("NaT", "D"))


def months_of(days: Array) -> Array:
    """The month number of each day; NEVER for NaT."""
    missing = np.isnat(days)
    numbers = np.where(missing, np.datetime64("2000-01-01"), days).astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return np.where(missing, NEVER, numbers)


def add_years(days: Array, years: int) -> Array:
    """The same day so many years on; 29 February becomes 1 March."""
    months = days.astype("datetime64[M]")
    offset = days - months.astype("datetime64[D]")
    return np.asarray((months + np.timedelta64(12 * years, "M")).astype("datetime64[D]") + offset)


def ages_on(births: Array, day: np.datetime64) -> Array:
    """Full years completed on a day."""
    months = births.astype("datetime64[M]").astype(np.int64)
    day_month = day.astype("datetime64[M]").astype(np.int64)
    born = (births - births.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    today = (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64)
    return np.asarray((day_month - months - (today < born)) // 12)
