"""Days and half-open periods; an open end is None. No clock: the day always comes in as an argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Period:
    """All days d with start <= d < end; None leaves that side open."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: Period) -> bool:
        """True when some day lies in both periods."""
        starts_before_end = self.start is None or other.end is None or self.start < other.end
        ends_after_start = self.end is None or other.start is None or other.start < self.end
        return starts_before_end and ends_after_start

    def __str__(self) -> str:
        return f"[{self.start or '…'}, {self.end or '…'})"


def full_years(start: date, day: date) -> int:
    """Years completed from `start` to `day`; the anniversary itself counts, 29 February on 1 March."""
    return day.year - start.year - ((day.month, day.day) < (start.month, start.day))


def full_months(start: date, day: date) -> int:
    """Months completed from `start` to `day`; the same day of the month counts as completed."""
    return (day.year - start.year) * 12 + day.month - start.month - (day.day < start.day)


def day_of_text(text: str) -> date:
    """The day of a text YYYY-MM-DD and of no other form. Raises `ValueError`."""
    if not _DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)
