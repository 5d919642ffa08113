"""Rows whose number somebody has: the owner, with a look at the name; or a person whose relative's number it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import (
    Found,
    agree,
    blocked,
    compared,
    conflict,
    is_grade,
    nothing_found,
    proposed,
    settled,
)
from bulou.engine.matching.evidence import LIKELY, mended, said
from bulou.engine.matching.matched import Capped, Outcome, Stage
from bulou.engine.matching.names import CLOSE, SURE, Grade
from bulou.engine.matching.numbers import CUT

if TYPE_CHECKING:
    import polars as pl

OWN_NUMBER = "身份证号相同"
NEIGHBOUR = "号码是别人的，姓名是这个人的"
SHARED_NUMBER = "登记册里有几个人用这个号码"


TOLD = ("sex", "birth", "village", "phone")
"""What a row says besides number and name."""
BEST_FIRST = ("at", "name_grade", "name_p", "birth_p", "sex_p", "village_p", "phone_p")
"""Of several persons with one number the best named comes first, whatever the order of the registry."""


def exact_ids(rows: pl.DataFrame, people: pl.DataFrame) -> Found:
    """Rows whose number somebody in the registry has; every such row is settled here.

    - the owner, when the name agrees well enough and nobody near is named better;
    - a person near the owner (same village, phone or birth date) who bears exactly the row's name, when something says
      that the row is about that person and not about the owner: the row carries a relative's number;
    - else a person has to say: a machine takes no number with another's name.
    """
    import polars as pl

    if rows.is_empty() or people.is_empty():
        return nothing_found()
    hits = _hits(rows, people)
    hits = hits.filter(~((pl.col("id_class") == CUT) & ~is_grade(*CLOSE)))
    shared = hits.filter(pl.col("at").is_duplicated())
    if shared.height:
        alone = shared.filter("sure").filter(pl.col("at").is_unique())
        shared = shared.join(alone, on="at", how="anti").sort(BEST_FIRST)
        hits = pl.concat([hits.filter(pl.col("at").is_unique()), alone]).sort("at")
    weak = hits.filter(~pl.col("sure"))
    near, capped = _better_named(weak, rows, people)
    verdict = _verdict(hits, _with_lists(near, hits, rows, people))
    owner = settled(verdict.filter("linked"), Outcome.LINKED, Stage.EXACT_ID, mended(), said(OWN_NUMBER))
    about = near.join(verdict.filter("relative").select("at"), on="at", how="semi")
    relative = settled(about, Outcome.RELATIVE, Stage.RELATIVE_ID, pl.lit("号码换成本人的"), said(NEIGHBOUR, LIKELY))
    asked = verdict.filter(~pl.col("linked") & ~pl.col("relative"))
    review = settled(asked, Outcome.REVIEW, Stage.EXACT_ID, pl.lit(None), said(OWN_NUMBER))
    several = settled(
        shared.unique("at", keep="first", maintain_order=True),
        Outcome.REVIEW,
        Stage.EXACT_ID,
        pl.lit(None),
        said(SHARED_NUMBER),
    )
    rivals = near.join(asked.select("at"), on="at", how="semi")
    proposals = [
        proposed(asked, Stage.EXACT_ID, said(OWN_NUMBER, LIKELY)),
        proposed(rivals, Stage.RELATIVE_ID, said(NEIGHBOUR, LIKELY)),
    ]
    proposals.append(proposed(shared, Stage.EXACT_ID, said(SHARED_NUMBER, LIKELY)))
    return Found(pl.concat([owner, relative, review, several]), pl.concat(proposals), capped)


def _hits(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Rows with the owners of their numbers, compared; a number that is wrong on both sides is one number too."""
    import polars as pl

    owners = people.drop_nulls("id17").select("id17", "p")
    pairs = rows.drop_nulls("id17").select("at", "id17").join(owners, on="id17").select("at", "p")
    odd = (pl.col("id17").is_null()) & (pl.col("id_text").str.len_chars() >= ODD_NUMBER)
    wrong = people.filter(odd).select("id_text", "p")
    same = rows.filter(odd).select("at", "id_text").join(wrong, on="id_text").select("at", "p")
    both = compared(same, rows, people).filter(is_grade(*CLOSE)).select("at", "p")
    hits = compared(pl.concat([pairs, both]), rows, people)
    return hits.join(rows.select("at", "id_class"), on="at").with_columns(is_grade(*SURE).alias("sure"))


ODD_NUMBER = 15
"""Digits of a wrong number that are enough to be somebody's, if the name agrees as well."""


def _better_named(
    weak: pl.DataFrame, rows: pl.DataFrame, people: pl.DataFrame
) -> tuple[pl.DataFrame, tuple[Capped, ...]]:
    """Persons other than the owner who bear exactly the row's name and share its village, phone or birth date, or
    the owner's village or phone."""
    import polars as pl

    owner = weak.select("at", *(pl.col(f"{name}_p").alias(f"{name}_o") for name in TOLD))

    def keep(pairs: pl.DataFrame) -> pl.DataFrame:
        both = compared(pairs, rows, people).join(owner, on="at")
        same = [pl.col(f"{name}_o") == pl.col(f"{name}_p") for name in ("village", "phone")]
        return both.filter(pl.any_horizontal(*same, *map(agree, ("birth", "village", "phone"))).fill_null(False))

    waiting = rows.join(weak.select("at"), on="at", how="semi")
    return blocked(waiting, people, ["name"], Stage.RELATIVE_ID, keep)


def _with_lists(near: pl.DataFrame, hits: pl.DataFrame, rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """`near` with what the list as a whole says: `owner_there`, the row's number stands in another row of its list
    under the owner's own name; `there`, the person's number stands in another row."""
    import polars as pl

    own = people.join(near.select("p").unique(), on="p", how="semi").select("p", number="id17")
    mine = near.select("at", "p").join(rows.select("at", "list", "id17"), on="at", maintain_order="left")
    mine = mine.join(own, on="p", how="left", maintain_order="left")
    looked_for = pl.concat([mine["id17"], mine["number"]]).drop_nulls().unique()
    place = rows.select("at", "list", "id17").filter(pl.col("id17").is_in(looked_for.implode()))
    firm = place.join(hits.filter("sure").select("at"), on="at", how="semi").select("list", "id17").unique()
    any_row = place.select("list", number="id17").unique()
    owners = mine.join(firm, on=["list", "id17"], how="semi").select("at").unique().with_columns(owner_there=True)
    there = mine.join(any_row, on=["list", "number"], how="semi").select("at", "p").with_columns(there=True)
    known = near.join(owners, on="at", how="left", maintain_order="left")
    both = known.join(there, on=["at", "p"], how="left", maintain_order="left")
    return both.with_columns(pl.col("owner_there", "there").fill_null(False))


def _rather(field: str) -> pl.Expr:
    """True where the row says of a field what is the person's and not the owner's."""
    import polars as pl

    return agree(field) & (pl.col(field) != pl.col(f"{field}_o")).fill_null(False)


def _verdict(hits: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """The hits with `linked` and `relative`; where neither holds a person has to say.

    A row is a relative's when it says the birth date or phone of the one who bears its name and not the owner's (or sex
    or village, when the owner's name is far off), or when the owner stands in the list already and the other does not;
    and says no other sex or birth date.
    """
    import polars as pl

    against = conflict("sex") | conflict("birth")
    clearly = _rather("birth") | _rather("phone") | (pl.col("owner_there") & ~pl.col("there"))
    rival = near.filter(pl.col("at").is_unique()).select(
        "at",
        pl.lit(True).alias("rival"),
        (clearly & ~against).alias("strong"),
        ((_rather("sex") | _rather("village")) & ~against).alias("weak"),
        (pl.col("birth_p") == pl.col("birth_o")).fill_null(False).alias("twin"),
    )
    several = near.filter(pl.col("at").is_duplicated()).select("at").unique().with_columns(several=pl.lit(True))
    both = hits.join(rival, on="at", how="left", maintain_order="left").join(several, on="at", how="left")
    flags = [pl.col(name).fill_null(False) for name in ("rival", "strong", "weak", "twin", "several")]
    known = both.with_columns(flags)
    elsewhere = conflict("village") & conflict("phone")
    fair = is_grade(Grade.ONE_DIFFERS, Grade.ONE_MISSING, Grade.UNKNOWN) & ~against & ~elsewhere
    alone = ~pl.col("rival") & ~pl.col("several")
    linked = pl.col("sure") | (alone & (is_grade(*CLOSE) | fair))
    poor = is_grade(Grade.SURNAME, Grade.OTHER)
    other = pl.col("strong") & ~is_grade(*CLOSE) | pl.col("weak") & poor
    relative = pl.col("rival") & ~pl.col("several") & ~pl.col("twin") & other
    return known.with_columns(linked.alias("linked"), (relative & ~linked).alias("relative"))
