"""Last month's payment rolls: what the county pays when all goes well, and with the faults planted in it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bulou.engine.synthetic.certificates import expires_in
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.due import PROGRAMMES, amount, due
from bulou.engine.synthetic.lives import village_in
from bulou.engine.synthetic.months import months_of
from bulou.engine.synthetic.population import Region


@dataclass
class Payer:
    """How the county pays: who waits for a start, who is paid in spite of all, who is passed over, odd amounts."""

    start_lag: Array
    forced: dict[str, Array]
    withheld: dict[str, Array]
    odd_fen: dict[str, Array]
    twice: Array
    planted: dict[str, Array] = field(default_factory=dict)


def careful_payer(region: Region) -> Payer:
    """A payer without planted faults; some starts are late."""
    size = len(region.people)
    lag = (
        region.setting.draws("start lag")
        .key(region.setting.calibration.parts("start_lag_share"), size)
        .astype(np.int64)
    )
    none = {programme: np.zeros(size, dtype=bool) for programme in PROGRAMMES}
    return Payer(
        start_lag=lag,
        forced={name: hits.copy() for name, hits in none.items()},
        withheld=none,
        odd_fen={programme: np.zeros(size, dtype=np.int64) for programme in PROGRAMMES},
        twice=np.zeros(size, dtype=bool),
    )


def paid_in(region: Region, payer: Payer, programme: str, month: int) -> Array:
    """Who is on the payment roll of a month."""
    people = region.people
    now = due(people, programme, month)
    before = due(people, programme, month - 1)
    waiting = now & (payer.start_lag >= 1) & ~before
    waiting |= now & (payer.start_lag >= 2) & ~due(people, programme, month - 2)
    unheard = (people["death_month"] <= month) & (people["death_known_month"] > month)
    ghost = unheard & due(people, programme, month, though_dead=True)
    this_month = before & ~now & _ended_in(region, month)
    paid: Array = ((now & ~waiting) | ghost | this_month | payer.forced[programme]) & ~payer.withheld[programme]
    return paid


def _ended_in(region: Region, month: int) -> Array:
    """Died or expired in the month itself: the roll was made before."""
    people = region.people
    return np.asarray((people["death_month"] == month) | (months_of(expires_in(people, month)) == month))


def fen_paid(region: Region, payer: Payer, programme: str, month: int) -> Array:
    """What each person gets if on the roll."""
    fen = amount(region.people, programme, month, region.rates)
    if programme == "nursing_subsidy":
        first = np.where(region.people["grade"] == 1, region.rates.nursing_grade1, region.rates.nursing_grade2)
        fen = np.where(payer.forced[programme], first, fen)
    return np.where(payer.odd_fen[programme] > 0, payer.odd_fen[programme], fen)


def payment_roll(region: Region, payer: Payer, programme: str, month: int) -> pl.DataFrame:
    """One row a payment: person, village of the paying place, fen; who is paid by two counties has two rows."""
    paid = np.flatnonzero(paid_in(region, payer, programme, month))
    fen = fen_paid(region, payer, programme, month)
    village = village_in(region.people, month)
    again = paid[payer.twice[paid]]
    return pl.DataFrame(
        {
            "person": np.r_[paid, again],
            "village": np.r_[village[paid], region.people["village"][again]],
            "fen": np.r_[fen[paid], fen[again]],
        }
    )
