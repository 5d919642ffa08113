"""Adds each month up by programme: people due, undecided, and fen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulou.engine.pack import ActiveProgramme
from bulou.engine.simulation.forecast.months import Month
from bulou.engine.simulation.forecast.result import KNOWN

if TYPE_CHECKING:
    import polars as pl


@dataclass
class Ledger:
    """Sums by month and programme. `paid` are the programmes that have an amount in some month."""

    programmes: dict[str, ActiveProgramme] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    _rows: list[tuple[str, str, int, int, int, int, int]] = field(default_factory=list)
    _last: dict[str, tuple[int, int, int, int, int]] = field(default_factory=dict)

    def enter(self, month: Month) -> None:
        """Enter a decided month; programmes that did not change keep their sums."""
        for one in month.split.programmes:
            if one.name not in month.verdicts:
                continue
            self.programmes[one.name] = one
            if one.name in month.fens:
                self.paid.add(one.name)
            if one.name in month.fresh or one.name not in self._last:
                self._last[one.name] = sums(month.verdicts[one.name], month.fens.get(one.name))
            self._rows.append((month.month, one.name, *self._last[one.name]))

    def frame(self) -> pl.DataFrame:
        """month, programme and KNOWN."""
        import polars as pl

        schema = {"month": pl.String, "programme": pl.String} | dict.fromkeys(KNOWN, pl.Int64)
        return pl.DataFrame(self._rows, schema=schema, orient="row")


def sums(verdict: pl.Series, fen: pl.Series | None) -> tuple[int, int, int, int, int]:
    """Due, undecided, due without an amount, fen due, fen more if all undecided were due (amounts where known)."""
    due, unknown = int(verdict.sum()), verdict.null_count()
    if fen is None:
        return due, unknown, 0, 0, 0
    of_due = fen.filter(verdict)
    unset = of_due.null_count()
    more = int(fen.filter(verdict.is_null()).sum()) if unknown else 0
    return due, unknown, unset, int(of_due.sum()), more
