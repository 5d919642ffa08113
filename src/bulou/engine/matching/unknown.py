"""Numbers that nobody in the registry has: a registered person's relative, a filled-in number, or not registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import (
    Found,
    agree,
    alone,
    compared,
    conflict,
    is_grade,
    nothing_found,
    proposed,
    settled,
)
from bulou.engine.matching.evidence import LIKELY, said
from bulou.engine.matching.exact import exact_ids
from bulou.engine.matching.matched import Outcome, Stage
from bulou.engine.matching.names import SURE
from bulou.engine.matching.numbers import CERTIFICATE, CUT, VALID, birth_of

if TYPE_CHECKING:
    import polars as pl

KIN = "号码是登记的监护人或亲属的"
NOT_REGISTERED = "号码有效，登记册里没有这个人"


def cut_or_unknown(rows: pl.DataFrame, people: pl.DataFrame) -> Found:
    """Valid numbers ending in 000, in a file with cut numbers, that lead to nobody as cut ones: taken as they stand.

    Somebody's number is treated as any number of somebody (a name that does not agree is asked about), and a number of
    nobody is not registered.
    """
    import polars as pl

    rest = rows.filter(pl.col("id_class") == CUT, pl.col("id17").is_not_null())
    whole = rest.with_columns(pl.lit(VALID).alias("id_class"))
    owned = exact_ids(whole, people)
    nobody = unknown_ids(whole.join(owned.settled, on="at", how="anti"), people)
    return Found(
        pl.concat([owned.settled, nobody.settled]),
        pl.concat([owned.proposals, nobody.proposals]),
        (*owned.capped, *nobody.capped),
    )


def unknown_ids(rows: pl.DataFrame, people: pl.DataFrame) -> Found:
    """Rows with a valid number that is nobody's: final, they are never compared with the registry by name.

    Only a number that the registry itself knows as a guardian's or relative's may lead to the person who has it, and
    only when that person alone bears the row's name, and the row's birth date or sex is that person's and not the
    number's; when the row says neither, a person is asked.
    """
    import polars as pl

    valid = rows.filter(pl.col("id_class").is_in([VALID, CERTIFICATE]))
    if valid.is_empty():
        return nothing_found()
    ward = _wards(valid, people)
    about = ward.filter("about")
    asked = ward.filter(~pl.col("about"))
    final = valid.join(ward, on="at", how="anti").select(
        "at", pl.lit(None, pl.UInt32).alias("p"), pl.lit(None, pl.String).alias("name_grade")
    )
    found = [
        settled(about, Outcome.RELATIVE, Stage.RELATIVE_ID, pl.lit("号码换成本人的"), said(KIN, LIKELY)),
        settled(asked, Outcome.REVIEW, Stage.RELATIVE_ID, pl.lit(None), said(KIN)),
        settled(final, Outcome.NOT_REGISTERED, Stage.UNKNOWN_ID, pl.lit(None), pl.lit(NOT_REGISTERED)),
    ]
    return Found(pl.concat(found), proposed(asked, Stage.RELATIVE_ID, said(KIN, LIKELY)))


def _wards(valid: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Persons who have the row's number as a relative's and bear the row's name, with `about`: what the row says is
    about them. Rows that say the number's own birth date or sex are about its owner and left out."""
    import polars as pl

    known = people.filter(pl.col("relative_ids").list.len() > 0).select("p", "relative_ids")
    held = known.explode("relative_ids").rename({"relative_ids": "id_text"}).unique()
    pairs = valid.select("at", "id_text").join(held, on="id_text").select("at", "p")
    named = alone(compared(pairs, valid, people).filter(is_grade(*SURE))).join(valid.select("at", "id17"), on="at")
    born, man = birth_of(pl.col("id17")), (pl.col("id17") % 2 == 1)
    own_sex = pl.when(man).then(pl.lit("m")).otherwise(pl.lit("f"))
    theirs = (agree("birth") & (pl.col("birth") != born)) | (agree("sex") & (pl.col("sex") != own_sex))
    owners = (conflict("birth") & (pl.col("birth") == born)) | (conflict("sex") & (pl.col("sex") == own_sex))
    told = named.with_columns(theirs.fill_null(False).alias("about"), owners.fill_null(False).alias("owners"))
    return told.filter(~pl.col("owners"))
