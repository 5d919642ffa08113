"""What a forecast comes to. What is known and what is projected never stand in one table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Problem
from bulou.engine.simulation.forecast.assumptions import Assumptions

if TYPE_CHECKING:
    import polars as pl

KNOWN = ("due", "unknown", "unset", "fen", "fen_if_all")
"""People due, undecided, due with an amount nobody has set; fen due, and fen more if all undecided were due."""


@dataclass(frozen=True)
class Forecasted:
    """A programme that is in force in some month of the forecast."""

    name: str
    title: str
    subject: str
    pays: str
    money: bool
    levy: bool


@dataclass(frozen=True)
class Carried:
    """A given fact that time would change, for as many subjects as nobody knows the date of: it stays as given."""

    fact: str
    label: str
    subjects: int


@dataclass(frozen=True)
class Forecast:
    """The months from the first (what holds now, on `on`) to the last, each decided on its first or last day.

    `costs`: month, programme and KNOWN. `changes`: one row a subject, month and reason: id, household, county,
    township, month, programmes, now, then, reason, fen (difference a month, NULL: not known). `events`: month,
    programme, starts, ends, doubts (people who become due, are no longer due, become undecided), amounts. `policy`:
    month, words — what changes because a dated value or rule begins. `projection`: month, programme, people, fen,
    fen_after_deaths, fen_inflow, fen_projected.
    """

    region: str
    region_name: str
    status: str
    months: tuple[str, ...]
    on: date
    decision_day: str
    digest: str
    version: str
    says: tuple[str, ...]
    programmes: tuple[Forecasted, ...]
    subjects: dict[str, int]
    costs: pl.DataFrame
    events: pl.DataFrame
    changes: pl.DataFrame
    policy: pl.DataFrame
    carried: tuple[Carried, ...]
    assumptions: Assumptions | None
    projection: pl.DataFrame | None
    without_age: int
    notes: tuple[Problem, ...]
    evaluated: int
    reused: int
