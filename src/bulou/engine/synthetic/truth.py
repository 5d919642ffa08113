"""The truth about a month's payments: what was due, what was paid, and every fault with its kind and fen.

Faults are found by comparing payment with truth, not by repeating what was planted; so natural ones (a death nobody
reported, a late start) are counted too, and `planted` says which were put there.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from bulou.engine.synthetic.certificates import expires_in
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.due import PROGRAMMES, amount, due, registered
from bulou.engine.synthetic.months import last_day, month_text, months_of
from bulou.engine.synthetic.payments import Payer, fen_paid, paid_in
from bulou.engine.synthetic.population import Region

EVIDENCE = {
    "paid_after_death": "deaths",
    "moved_out_paid": "moves",
    "no_certificate_paid": "certificate_register",
    "certificate_not_valid_paid": "certificate_register",
    "expired_paid": "certificate_register",
    "tekun_and_subsidy": "tekun",
    "work_injury_and_subsidy": "work_injury",
    "orphan_and_living": "orphans",
    "left_dibao_paid": "dibao",
    "grade_lowered_paid": "certificate_register",
    "not_due_paid": "",
    "missed": "dibao",
    "wrong_amount": "payment_roll",
    "double_county": "payment_roll",
    "prisoner_paid": "prison",
    "elder_nursing_twice": "elder_care",
    "shared_account": "payment_roll",
}
"""Each kind of fault and the department file that shows it."""
FAULT_COLUMNS = (
    "person id_no programme month folder kind fen planted boundary known not_due evidence".split()  # noqa: SIM905 a list of words
)
SUSPICIONS = ("double_county", "prisoner_paid", "elder_nursing_twice", "shared_account")
"""Kinds that leave the payment due by the base rules, and ask for a person to look."""


def due_and_paid(region: Region, payer: Payer, month: int) -> pl.DataFrame:
    """Per person and programme of a month, where either is not nothing: fen due and fen paid."""
    return pl.concat([_due_and_paid(region, payer, programme, month) for programme in PROGRAMMES])


def _due_and_paid(region: Region, payer: Payer, programme: str, month: int) -> pl.DataFrame:
    owed = np.where(due(region.people, programme, month), amount(region.people, programme, month, region.rates), 0)
    paid = paid_in(region, payer, programme, month)
    given = np.where(paid, fen_paid(region, payer, programme, month) * (1 + payer.twice), 0)
    rows = np.flatnonzero((owed > 0) | (given > 0))
    return pl.DataFrame(
        {
            "person": rows,
            "id_no": region.people["id_no"][rows].tolist(),
            "programme": [programme] * len(rows),
            "month": [month_text(month)] * len(rows),
            "due_fen": owed[rows],
            "paid_fen": given[rows],
        }
    )


def faults_of(region: Region, payer: Payer, month: int) -> pl.DataFrame:
    """Every fault of the payment rolls of a month, which the folder of the next month brings."""
    found = [
        _rows(region, payer, programme, month, kind, np.flatnonzero(who)).with_columns(
            pl.Series("fen", fen[who], dtype=pl.Int64)
        )
        for programme in PROGRAMMES
        for kind, who, fen in _kinds(region, payer, programme, month)
    ]
    return pl.concat(found).select(FAULT_COLUMNS).sort("kind", "programme", "person")


def _kinds(region: Region, payer: Payer, programme: str, month: int) -> list[tuple[str, Array, Array]]:
    people = region.people
    owed = due(people, programme, month)
    paid = paid_in(region, payer, programme, month)
    right, given = amount(people, programme, month, region.rates), fen_paid(region, payer, programme, month)
    found = [(kind, paid & who, given) for kind, who in _reasons(region, programme, month, paid & ~owed)]
    found.append(("missed", owed & ~paid, -right))
    found.append(("wrong_amount", owed & paid & (given != right), given - right))
    found.append(("double_county", paid & payer.twice, given))
    found.append(("prisoner_paid", paid & people.during("prison", month), given))
    if programme == "nursing_subsidy":
        found.append(("elder_nursing_twice", paid & people.during("elder_nursing", month), given))
    found.append(("shared_account", paid & _shares_account(region, payer, month), given))
    return found


def _reasons(region: Region, programme: str, month: int, wrong: Array) -> list[tuple[str, Array]]:
    """Splits payments that were not due by the first reason that holds."""
    people = region.people
    struck = np.minimum.reduce([people["cancelled_month"], people["lost_month"], people["frozen_month"]])
    checks = [
        ("paid_after_death", people["death_month"] <= month),
        ("moved_out_paid", people["moved_out_month"] <= month),
        ("no_certificate_paid", ~registered(people, month)),
        ("certificate_not_valid_paid", struck <= month),
        ("expired_paid", expires_in(people, month) < last_day(month)),
        ("tekun_and_subsidy", people.during("tekun", month)),
        ("work_injury_and_subsidy", people.during("work_injury", month)),
    ]
    if programme == "living_subsidy":
        checks += [
            ("orphan_and_living", people.during("orphan", month)),
            ("left_dibao_paid", ~people.during("dibao", month)),
        ]
    else:
        checks += [("grade_lowered_paid", people["regraded_month"] <= month)]
    found, rest = [], wrong
    for kind, holds in checks:
        found.append((kind, rest & holds))
        rest = rest & ~holds
    return [*found, ("not_due_paid", rest)]


def _shares_account(region: Region, payer: Payer, month: int) -> Array:
    """Whose account gets money for three households or more."""
    people = region.people
    paid = np.logical_or.reduce([paid_in(region, payer, programme, month) for programme in PROGRAMMES])
    payees = np.flatnonzero(paid)
    pairs = pl.DataFrame({"account": people["account"][payees].tolist(), "household": people["household"][payees]})
    homes = pairs.with_columns(pl.col("household").n_unique().over("account").alias("homes"))["homes"].to_numpy()
    result = np.zeros(len(people), dtype=bool)
    result[payees] = homes >= 3
    return result


def _rows(region: Region, payer: Payer, programme: str, month: int, kind: str, rows: Array) -> pl.DataFrame:
    people = region.people
    planted = payer.planted.get(kind, np.array([], dtype=np.int64))
    return pl.DataFrame(
        {
            "person": pl.Series(rows, dtype=pl.Int64),
            "id_no": pl.Series(people["id_no"][rows].tolist(), dtype=pl.String),
            "planted": np.isin(rows, planted),
            "boundary": _boundary(region, programme, kind, rows, month),
            "known": _known(region, programme, kind, rows, month),
        }
    ).with_columns(
        pl.lit(programme).alias("programme"),
        pl.lit(month_text(month)).alias("month"),
        pl.lit(month_text(month + 1)).alias("folder"),
        pl.lit(kind).alias("kind"),
        pl.lit(kind not in (*SUSPICIONS, "missed", "wrong_amount")).alias("not_due"),
        pl.lit(EVIDENCE[kind]).alias("evidence"),
    )


def _known(region: Region, programme: str, kind: str, rows: Array, month: int) -> Array:
    """Whether the files of the next month show it.

    They do not when nobody has reported the death or written down the need of care, when things have changed again, or
    when no folder brought the rolls of the paid month.
    """
    people, after = region.people, month + 1
    if kind == "prisoner_paid":
        return np.asarray(people.during("prison", after)[rows])
    if kind == "elder_nursing_twice":
        return np.asarray(people.during("elder_nursing", after)[rows])
    said = people["care_known"][rows] if programme == "nursing_subsidy" else np.ones(len(rows), dtype=bool)
    if kind == "missed":
        return np.asarray(due(people, programme, after)[rows] & said)
    if kind == "wrong_amount":
        return said & (month >= region.setting.start)
    if kind == "paid_after_death":
        return np.asarray(people["death_known_month"][rows] <= after)
    if kind in SUSPICIONS:
        return np.ones(len(rows), dtype=bool)
    return np.asarray(~due(people, programme, after)[rows])


def _boundary(region: Region, programme: str, kind: str, rows: Array, month: int) -> Array:
    """Whether the cause fell into the paid month itself, where the local rule of the stop month decides."""
    people = region.people
    if kind == "paid_after_death":
        return np.asarray(people["death_month"][rows] == month)
    if kind == "expired_paid":
        return np.asarray(months_of(expires_in(people, month))[rows] == month)
    if kind == "missed":
        return np.asarray(~due(people, programme, month - 1)[rows])
    return np.zeros(len(rows), dtype=bool)
