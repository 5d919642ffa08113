"""Histories built by hand: registers, rolls, deaths and payments of a few invented people, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import polars as pl

from bulou.engine.basics.months import months_after
from bulou.engine.differences import MonthResult, compare_month
from bulou.engine.differences.decide_month import Decider
from bulou.engine.facts.history import History, RollRead
from bulou.engine.facts.month_settings import DatedSetting, MonthSettings
from bulou.engine.intake import read_templates
from bulou.engine.pack import Pack, read_pack

COMPLETE = frozenset({
    "certificate_register", "dibao_roll", "tekun_roll", "payment_roll", "person.has_other_living_benefit",
})  # fmt: skip
EMPTY = {
    "tekun_roll": (),
    "orphan_roll": ("child_kind",),
    "work_injury_roll": (),
    "disability_pension_roll": (),
    "elder_care_roll": ("elder_benefit", "amount"),
}
"""Rolls on which nobody stands, by kind, with the columns beside the person."""
LIVING = "living_subsidy"


def id_no(number: int) -> str:
    """A valid, obviously synthetic ID: Liangzhou district, 1 January 1980, running number."""
    body = f"620602{1980 + number // 1000:04d}0101{number % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def person(number: int) -> str:
    return f"p{number:08d}"


@dataclass
class Told:
    """What departments tell in one month's folder: holders (person → expiry), dibao, deaths, last month's payments."""

    month: str
    holders: dict[int, date]
    dibao: set[int]
    deaths: dict[int, date] = field(default_factory=dict)
    paid: dict[int, int] = field(default_factory=dict)
    applied: dict[int, date] = field(default_factory=dict)
    issued: dict[int, date] = field(default_factory=dict)

    def rolls(self) -> list[RollRead]:
        before = months_after(self.month, -1)
        frames = {
            "certificate_register": (
                self.month,
                {
                    "person": [person(n) for n in self.holders],
                    "cert_status": ["valid"] * len(self.holders),
                    "category": ["physical"] * len(self.holders),
                    "grade": [3] * len(self.holders),
                    "expires_on": list(self.holders.values()),
                    "renewal_applied_on": [self.applied.get(n) for n in self.holders],
                    "issued_on": [self.issued.get(n) for n in self.holders],
                },
            ),
            "dibao_roll": (self.month, {"person": [person(n) for n in sorted(self.dibao)]}),
            **{kind: (self.month, nobody(columns)) for kind, columns in EMPTY.items()},
            "deaths": (
                self.month,
                {"person": [person(n) for n in self.deaths], "event_date": list(self.deaths.values())},
            ),
            "payment_roll": (
                before,
                {
                    "person": [person(n) for n in self.paid],
                    "programme": [LIVING] * len(self.paid),
                    "amount": list(self.paid.values()),
                },
            ),
        }
        return [RollRead(kind, about, self.month, placed(kind, data)) for kind, (about, data) in frames.items()]


def nobody(columns: Sequence[str]) -> dict[str, object]:
    """The columns of a roll put in with its header alone."""
    return {name: pl.Series([], dtype=pl.String) for name in ("person", *columns)}


def placed(kind: str, data: dict[str, object]) -> pl.DataFrame:
    types = {
        "person": pl.String,
        "event_date": pl.Date,
        "expires_on": pl.Date,
        "renewal_applied_on": pl.Date,
        "issued_on": pl.Date,
        "amount": pl.Int64,
        "programme": pl.String,
    }
    frame = pl.DataFrame(data, schema_overrides={name: types[name] for name in data if name in types})
    number = pl.int_range(1, pl.len() + 1).cast(pl.UInt32).alias("row")
    return frame.with_columns(pl.lit(f"{kind}.xlsx").alias("file"), pl.lit("Sheet1").alias("sheet"), number)


def history_of(told: Sequence[Told], people: Sequence[int]) -> History:
    registry = pl.DataFrame(
        {"person": [person(n) for n in people], "id_no": [id_no(n) for n in people], "name": [f"试{n}" for n in people]}
    )
    history = History()
    for one in told:
        history = history.with_month(one.rolls(), registry, one.month, COMPLETE, one.month)
    return history


def setting(fact: str, yuan: str, start: str | None = None) -> DatedSetting:
    return DatedSetting(f"region.{fact}", Decimal(yuan), date.fromisoformat(start) if start else None, "测试")


def two_subsidies() -> Pack:
    """The national pack cut down to the two subsidies, without checks: quick to decide many times."""
    pack = read_pack("cn")
    kept = {name: pack.programmes[name] for name in ("living_subsidy", "nursing_subsidy")}
    return replace(pack, programmes=kept, checks={})


def compared(  # noqa: PLR0917 the month told, and what is known beside it
    told: Sequence[Told],
    people: Sequence[int],
    standards: Sequence[DatedSetting],
    pack: Pack | None = None,
    back_pay_months: int | None = None,
    decisions: pl.DataFrame | None = None,
    deductions: pl.DataFrame | None = None,
) -> MonthResult:
    """The last month of what was told, compared."""
    settings = MonthSettings(COMPLETE, tuple(standards), "last", back_pay_months, {})
    history = history_of(told, people)
    history = history if decisions is None else history.with_decisions(decisions)
    history = replace(history, deductions=deductions)
    decider = Decider(pack or two_subsidies(), history, read_templates(), told[-1].month, settings)
    return compare_month(decider, (), "test")
