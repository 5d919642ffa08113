"""Numbers that nobody in the registry has: a registered person's relative, a filled-in number, or not registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import Found, compared, is_grade, proposed, settled
from bulou.engine.matching.evidence import said
from bulou.engine.matching.matched import Outcome, Stage
from bulou.engine.matching.names import SURE
from bulou.engine.matching.numbers import CERTIFICATE, VALID

if TYPE_CHECKING:
    import polars as pl

NOT_REGISTERED = "号码有效，登记册里没有这个人"


def unknown_ids(rows: pl.DataFrame, people: pl.DataFrame) -> Found:
    """Rows with a valid number that is nobody's: final, they are never compared by name.

    Only a number that the registry itself knows as somebody's guardian's or relative's may lead to that person, and
    only when exactly one such person bears the row's name.
    """
    import polars as pl

    valid = rows.filter(pl.col("id_class").is_in([VALID, CERTIFICATE]))
    ward = _wards(valid, people)
    rest = valid.join(ward, on="at", how="anti").select(
        "at", pl.lit(None, pl.UInt32).alias("p"), pl.lit(None, pl.String).alias("name_grade")
    )
    relative = settled(
        ward, Outcome.RELATIVE, Stage.RELATIVE_ID, pl.lit("号码换成本人的"), said("号码是登记的监护人或亲属的")
    )
    final = settled(rest, Outcome.NOT_REGISTERED, Stage.UNKNOWN_ID, pl.lit(None), pl.lit(NOT_REGISTERED))
    return Found(pl.concat([relative, final]), proposed(ward.clear(), Stage.RELATIVE_ID, pl.lit("")))


def _wards(valid: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Persons who have the row's number as a relative's, and bear the row's name."""
    import polars as pl

    known = people.filter(pl.col("relative_ids").list.len() > 0).select("p", "relative_ids")
    held = known.explode("relative_ids").rename({"relative_ids": "id_text"}).unique()
    pairs = valid.select("at", "id_text").join(held, on="id_text").select("at", "p")
    named = compared(pairs, valid, people).filter(is_grade(*SURE))
    return named.filter(pl.col("at").is_unique())
