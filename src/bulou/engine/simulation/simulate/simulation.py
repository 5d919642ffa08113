"""What a simulation comes to, as tables of whole numbers that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Problem
from bulou.engine.simulation.breakdowns import Breakdown
from bulou.engine.simulation.parts import Pair

if TYPE_CHECKING:
    import polars as pl

STATES = ("gained", "lost", "kept", "same", "unsettled", "neither")
"""What happens to a subject in a programme; every subject is in exactly one.

- gained, lost: due only after, due only before. kept: due under both. neither: due under neither.
- same: nobody knows whether it is due, but it is the same under both policies.
- unsettled: unknown under one of them at least, and the two could differ.
"""

COUNTS = ("subjects", *STATES, "more", "less", "unset", "might_gain", "might_lose", "unbounded")
"""`more` and `less`: kept with another amount. `unset`: due, but an amount nobody has set. `might_gain`, `might_lose`:
the unsettled who could gain or lose the programme. `unbounded`: undecided money without a known bound."""

SUMS = ("fen_before", "fen_after", "fen_gained", "fen_lost", "fen_low", "fen_high")
"""Fen for each period that the programme pays by. The first four are of subjects whose amounts are known under both
policies; fen_low to fen_high is what the others could add to the difference, where a bound is known."""

MEASURES = (*COUNTS, *SUMS)
BALANCES = ("up", "down", "equal", "undecided")
"""Of people or households: more money in a year, less, as much, or not to be said."""

ALL = "all"
WHOLE = "全部"


@dataclass(frozen=True)
class Changed:
    """A programme that the two policies decide differently. `times_a_year`: 12 for months, 1 for years, 0 otherwise."""

    pair: Pair
    name: str
    title: str
    subject: str
    pays: str
    money: bool
    levy: bool

    @property
    def times_a_year(self) -> int:
        return {"month": 12, "year": 1}.get(self.pays, 0) if self.money and not self.levy else 0


@dataclass(frozen=True)
class Simulation:
    """Both policies side by side.

    `cells`: breakdown, group, programme and MEASURES. `people`, `households`: breakdown, group, BALANCES and the yuan
    gained and lost in a year by those whose balance is known (fen_up, fen_down). `lists` are rows of single subjects,
    only where somebody asked for them. `suppressed`: the smallest count that is shown (None: all are).
    """

    region: str
    region_name: str
    after_region: str
    on: date
    start: date | None
    policy_on: date | None
    status: str
    after_status: str
    digests: tuple[str, str]
    version: str
    says: tuple[str, ...]
    current: tuple[str, ...]
    programmes: tuple[Changed, ...]
    unchanged: int
    subjects: Mapping[str, int]
    breakdowns: tuple[Breakdown, ...]
    cells: pl.DataFrame
    people: pl.DataFrame
    households: pl.DataFrame
    lists: pl.DataFrame | None
    notes: tuple[Problem, ...]
    suppressed: int | None = None
    protected: tuple[str, ...] = ()

    @property
    def months_this_year(self) -> int | None:
        """Months from the first day of the change to the end of its calendar year; None without such a day."""
        return None if self.start is None else 13 - self.start.month

    def total(self, programme: str) -> dict[str, int]:
        """The measures of a programme over everybody."""
        import polars as pl

        rows = self.cells.filter(pl.col("breakdown") == ALL, pl.col("programme") == programme)
        return rows.select(MEASURES).row(0, named=True)
