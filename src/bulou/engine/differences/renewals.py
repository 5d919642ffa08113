"""Renewed certificates of which nobody knows when the renewal was applied for, where payment starts with that month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bulou.engine.differences.decide_month import DecidedMonth, Decider
from bulou.engine.differences.lists import PAID, verdicts
from bulou.engine.facts.on_month import REGISTER

if TYPE_CHECKING:
    import polars as pl

APPLIED_ON = "person.renewal_applied_on"


def unknown_applications(decider: Decider, months: Iterable[str], now: DecidedMonth) -> tuple[pl.DataFrame, int]:
    """Whose application date would settle past months, and how many people renewed after a gap in all.

    `months` are those that can be settled. In a month of the gap the certificate of that month's register had ended
    and the new one was not issued yet. One row a person and programme they are due now: person, fact, programme,
    title, question, fen (of all their gap months together).
    """
    import polars as pl

    texts = dict.fromkeys(("person", "fact", "programme", "title", "question"), pl.String)
    none = pl.DataFrame(schema=texts | {"fen": pl.Int64})
    renewals, new = decider.renewals(), _newest(decider)
    if renewals is None or new is None:
        return none, 0
    settled = [month for month in months if renewals.oldest is None or renewals.oldest <= month < decider.known]
    gaps = pl.concat([_gap(decider, month, new) for month in sorted(settled)] or [none.select("person", month="fact")])
    without = gaps.join(new.filter(pl.col("applied").is_null()), on="person", maintain_order="left")
    by_person = without.group_by("person", maintain_order=True).agg(pl.col("month"))
    rows = [none]
    for programme in (one for one in now.compiled.programmes if one.name in PAID):
        due = verdicts(now, programme.name).filter(pl.col("due"), pl.col("fen") > 0)
        rows.append(
            by_person.join(due, on="person", maintain_order="left").select(
                "person",
                pl.lit(APPLIED_ON).alias("fact"),
                pl.lit(programme.name).alias("programme"),
                pl.lit(programme.title).alias("title"),
                pl.format("换证断档 {}：补发从哪个月算起？要知道申请换证的日期。", pl.col("month").list.join("、"))
                .alias("question"),
                (pl.col("fen") * pl.col("month").list.len()).cast(pl.Int64).alias("fen"),
            )
        )  # fmt: skip
    return pl.concat(rows), gaps["person"].n_unique()


def _newest(decider: Decider) -> pl.DataFrame | None:
    """person, issued, applied of everybody's newest certificate, from the register that stands now."""
    import polars as pl

    register = decider.history.standing(REGISTER, decider.known, decider.known)
    if register is None or not {"issued_on", "expires_on"} <= set(register.frame.columns):
        return None
    known = "renewal_applied_on" in register.frame.columns
    applied = pl.col("renewal_applied_on").cast(pl.Date) if known else pl.lit(None, pl.Date)
    rows = register.frame.filter(pl.col("person").is_not_null(), pl.col("issued_on").is_not_null())
    newest = rows.sort("issued_on", maintain_order=True).unique("person", keep="last", maintain_order=True)
    return newest.select("person", issued="issued_on", applied=applied)


def _gap(decider: Decider, month: str, new: pl.DataFrame) -> pl.DataFrame:
    """person, month of those whose certificate had ended by the day that decides the month, before the new one."""
    import polars as pl

    register, day = decider.history.standing(REGISTER, month, decider.known), decider.day(month)
    assert register is not None
    if register.month > month or "expires_on" not in register.frame.columns:
        return pl.DataFrame(schema={"person": pl.String, "month": pl.String})
    later = new.filter(pl.col("issued") > day).select("person")
    ended = register.frame.group_by("person").agg(pl.col("expires_on").max()).filter(pl.col("expires_on") < day)
    found = later.join(ended, on="person", maintain_order="left")
    return found.select("person", pl.lit(month).alias("month"))
