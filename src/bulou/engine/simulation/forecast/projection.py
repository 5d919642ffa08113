"""What the known months become under stated assumptions: deaths and newcomers. Whole numbers throughout.

Each person has a weight, the chance of being alive, in parts of 10⁹; it shrinks every month by a twelfth of the yearly
rate for the age the person then has. Newcomers arrive evenly and are due what people like them are due today, on
average; nobody of them dies within the forecast. Households, employers and institutions keep their weight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.simulation.forecast.assumptions import Assumptions
from bulou.engine.simulation.forecast.months import Month

if TYPE_CHECKING:
    import polars as pl

BAND, LIKE = "by.band.", "by.like"
CERTAIN = 10**9
_COARSE = 10**6
"""Weights in sums of money: parts of a million, so that fen × weight × people stays a 64-bit number."""


@dataclass
class Projector:
    """Carries the weights from month to month and the sums of each."""

    assumptions: Assumptions
    ids: dict[str, pl.Series]
    _weights: pl.Series | None = None
    _like: dict[str, tuple[int, int]] = field(default_factory=dict)
    _alike: int = 0
    _past: int = -1
    _rows: list[tuple[str, str, int, int, int, int, int]] = field(default_factory=list)
    without_age: int = 0

    def enter(self, month: Month) -> None:
        """Enter the next month. Raises `Refused` when somebody's age has no rate."""
        self._past += 1
        if self._past == 0:
            self._begin(month)
        else:
            self._age(month)
        for one in month.split.programmes:
            if one.name in month.fens and one.gives != "levy" and one.pays in ("month", "year"):
                self._rows.append((month.month, one.name, *self._sums(month, one.name, one.subject)))

    def frame(self) -> pl.DataFrame:
        """month, programme, people (expected), fen known, after deaths, of newcomers, and both together."""
        import polars as pl

        names = ("people", "fen", "fen_after_deaths", "fen_inflow", "fen_projected")
        schema = {"month": pl.String, "programme": pl.String} | dict.fromkeys(names, pl.Int64)
        return pl.DataFrame(self._rows, schema=schema, orient="row")

    def _begin(self, month: Month) -> None:
        import polars as pl

        people = len(self.ids.get("person", ()))
        self._weights = pl.repeat(CERTAIN, people, dtype=pl.Int64, eager=True)
        if not self.assumptions.inflow:
            return
        like = month.moving["person"][LIKE].fill_null(False)
        self._alike = int(like.sum())
        if not self._alike:
            place = Place(self.assumptions.file, column="inflow.like")
            got, fix = f"没有人符合 {self.assumptions.inflow.like}", "改写 like，或去掉 [inflow]"
            raise Refused([Problem("nobody-alike", place, got, "现在有人符合的条件", fix)])
        for name, fen in month.fens.items():
            verdict = month.verdicts[name]
            if len(verdict) == people:
                due = verdict.fill_null(False) & like
                self._like[name] = (int(due.sum()), int(fen.filter(due).sum()))

    def _age(self, month: Month) -> None:
        """A month's deaths, by the band everybody is in now."""
        import polars as pl

        assert self._weights is not None
        if not self.assumptions.mortality:
            return
        frame = month.moving["person"]
        bands = [f"{BAND}{at}" for at in range(len(self.assumptions.mortality))]
        covered = pl.any_horizontal(pl.col(band).fill_null(False) for band in bands)
        known = frame.select(pl.col(f"{BAND}known").fill_null(False).alias("known"), covered.alias("covered"))
        outside = known.filter(pl.col("known") & ~pl.col("covered")).height
        if outside:
            got, fix = f"{month.month} 有 {outside} 人的年龄没有死亡率", "补上这些年龄的死亡率，写明出处"
            raise Refused([Problem("age-without-rate", Place(self.assumptions.file), got, "所有年龄都有死亡率", fix)])
        self.without_age = max(self.without_age, known.filter(~pl.col("known")).height)
        stays = pl.lit(CERTAIN)
        for band, rate in zip(bands, self.assumptions.mortality, strict=True):
            stays = pl.when(pl.col(band)).then(CERTAIN - _monthly(rate.per_1000_a_year)).otherwise(stays)
        weighted = frame.select((pl.lit(self._weights) * stays // CERTAIN).cast(pl.Int64).alias("w"))
        self._weights = weighted["w"]

    def _sums(self, month: Month, name: str, subject: str) -> tuple[int, int, int, int, int]:
        verdict, fen = month.verdicts[name].fill_null(False), month.fens[name]
        known = int(fen.filter(verdict).sum())
        if subject != "person" or self._weights is None:
            return int(verdict.sum()), known, known, 0, known
        weights = self._weights.filter(verdict)
        people = int(weights.sum()) // CERTAIN
        left = int((fen.filter(verdict) * (weights // (CERTAIN // _COARSE))).sum()) // _COARSE
        more_people, more = self._newcomers(name)
        return people + more_people, known, left, more, left + more

    def _newcomers(self, name: str) -> tuple[int, int]:
        """Newcomers due and their fen by now: arrived so far × what people like them are due on average today."""
        if not self.assumptions.inflow:
            return 0, 0
        due, fen = self._like.get(name, (0, 0))
        arrived = self.assumptions.inflow.new_people_a_year * self._past
        return due * arrived // (12 * self._alike), fen * arrived // (12 * self._alike)


def _monthly(per_1000_a_year: Decimal) -> int:
    """A twelfth of a yearly rate, in parts of 10⁹."""
    return int((per_1000_a_year * CERTAIN / 12_000).quantize(Decimal(1), ROUND_HALF_UP))
