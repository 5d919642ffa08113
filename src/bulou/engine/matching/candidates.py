"""Pairs of a row and a person, what speaks for them and against them, and the cap on how many are looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulou.engine.matching.matched import Capped, Outcome
from bulou.engine.matching.names import grades

if TYPE_CHECKING:
    import polars as pl

LARGEST_BLOCK = 500
"""Persons who share a blocking key; a larger block says nothing and is left out, and said."""
LARGEST_NAMELESS = 30
"""The same for a key without the name: so many of one village or phone are not born on one day."""
PAIRS_A_ROW, PAIRS_AT_LEAST = 2, 100_000
"""Pairs of a rule: so many for each row that is looked at, and at least so many; the largest blocks are left out."""
MOST_SAID = 20
"""Blocks of a rule that are named when they are left out; the others are counted together."""
MOST_PAIRS = 100_000
"""Pairs in one block of several persons."""
AT_ONCE = 3_000_000
"""Pairs held in memory at a time."""

COMPARED = ("name", "sex", "birth", "village", "phone")


@dataclass(frozen=True)
class Found:
    """What a stage found.

    `settled`: at, p, outcome, stage, name_grade, repaired, evidence; each `at` once. `proposals`: at, p, name_grade,
    evidence, best first within a row. `capped`: blocks that were left out.
    """

    settled: pl.DataFrame
    proposals: pl.DataFrame
    capped: tuple[Capped, ...] = field(default=())


def compared(pairs: pl.DataFrame, rows: pl.DataFrame, people: pl.DataFrame, more: tuple[str, ...] = ()) -> pl.DataFrame:
    """Pairs (at, p) with both sides' `COMPARED` and `more` columns (the person's with `_p`) and `name_grade`."""
    columns = (*COMPARED, *more)
    mine = pairs.join(rows.select("at", *columns), on="at", how="left", maintain_order="left")
    theirs = people.select("p", *(pl_col(name).alias(f"{name}_p") for name in columns))
    both = mine.join(theirs, on="p", how="left", maintain_order="left")
    return both.with_columns(grades(both, "name", "name_p"))


def pl_col(name: str) -> pl.Expr:
    import polars as pl

    return pl.col(name)


def agree(field: str) -> pl.Expr:
    """True where both sides say the same; False where one side says nothing."""
    return (pl_col(field) == pl_col(f"{field}_p")).fill_null(False)


def conflict(field: str) -> pl.Expr:
    """True where both sides say it, and not the same."""
    return (pl_col(field) != pl_col(f"{field}_p")).fill_null(False)


def is_grade(*wanted: str) -> pl.Expr:
    return pl_col("name_grade").cast(str).is_in([str(one) for one in wanted])


def blocked(
    rows: pl.DataFrame, people: pl.DataFrame, keys: list[str], stage: str, keep: Callable[[pl.DataFrame], pl.DataFrame]
) -> tuple[pl.DataFrame, tuple[Capped, ...]]:
    """Pairs (at, p) that agree on all keys, as `keep` leaves them; too large blocks are left out and said.

    `keep` is given no more than about AT_ONCE pairs. The cost is bounded by rows × PAIRS_A_ROW whatever the data:
    nothing compares all with all.
    """
    import polars as pl

    key = pl.struct(keys).hash(0).alias("key")
    named = rows.select("at", *keys).drop_nulls(keys)
    wanted = named.select("at", key)
    if wanted.is_empty() or people.is_empty():
        return keep(pl.DataFrame(schema={"at": pl.UInt32, "p": pl.UInt32})), ()
    asked = wanted.group_by("key").agg(pl.len().alias("rows"))
    # most people differ in the first key already, and to look at one costs less than to hash all
    maybe = people.select("p", *keys).filter(pl.col(keys[0]).is_in(named[keys[0]].unique().implode()))
    theirs = maybe.drop_nulls(keys).select("p", key).join(asked.select("key"), on="key", how="semi")
    sizes = theirs.group_by("key").agg(pl.len().alias("persons")).join(asked, on="key")
    largest = LARGEST_BLOCK if {"name", "simple"} & set(keys) else LARGEST_NAMELESS
    too_many = _too_many(sizes.filter(pl.col("persons") > 1), largest, wanted.height)
    paired = wanted.join(sizes.join(too_many, on="key", how="anti").select("key", "persons"), on="key").sort("at")
    part = (pl.col("persons").cast(pl.Int64).cum_sum() // AT_ONCE).alias("part")
    found = [keep(pl.DataFrame(schema={"at": pl.UInt32, "p": pl.UInt32}))]
    for piece in paired.with_columns(part).partition_by("part", include_key=False):
        found.append(keep(piece.drop("persons").join(theirs, on="key").select("at", "p")))
    return pl.concat(found), _said(too_many, theirs, people, keys, stage)


def _too_many(sizes: pl.DataFrame, largest: int, rows: int) -> pl.DataFrame:
    """The blocks of several persons that are left out; the smaller ones are kept first."""
    import polars as pl

    pairs = pl.col("persons").cast(pl.Int64) * pl.col("rows").cast(pl.Int64)
    one = (pl.col("persons") > largest) | (pairs > MOST_PAIRS)
    ordered = sizes.with_columns(one.alias("alone"), pairs.alias("pairs")).sort("alone", "persons", "key")
    over = pl.col("pairs").cum_sum() > max(PAIRS_AT_LEAST, PAIRS_A_ROW * rows)
    return ordered.filter(pl.col("alone") | over).select("key", "persons", "rows")


def _said(
    large: pl.DataFrame, theirs: pl.DataFrame, people: pl.DataFrame, keys: list[str], stage: str
) -> tuple[Capped, ...]:
    """The blocks that were left out, the largest by name."""
    import polars as pl

    if large.is_empty():
        return ()
    first = theirs.join(large, on="key").group_by("key").agg(pl.col("p").min(), pl.col("persons", "rows").first())
    named = pl.concat_str([pl.col(key).cast(pl.String) for key in keys], separator=" ").alias("block")
    told = first.join(people, on="p").select(named, "persons", "rows")
    ordered = told.sort("persons", "block", descending=[True, False])
    shown, rest = ordered.head(MOST_SAID), ordered.slice(MOST_SAID)
    said = [Capped(stage, *block) for block in shown.iter_rows()]
    if rest.height:
        said.append(Capped(stage, f"其余 {rest.height} 组", int(rest["persons"].sum()), int(rest["rows"].sum())))
    return tuple(said)


def settled(pairs: pl.DataFrame, outcome: Outcome, stage: str, repaired: pl.Expr, evidence: pl.Expr) -> pl.DataFrame:
    """Compared pairs as settled rows; a row under review has no person yet."""
    import polars as pl

    person = pl.lit(None, pl.UInt32).alias("p") if outcome == Outcome.REVIEW else pl.col("p")
    return pairs.select(
        "at",
        person,
        pl.lit(str(outcome)).alias("outcome"),
        pl.lit(str(stage)).alias("stage"),
        pl.col("name_grade").cast(pl.String),
        repaired.cast(pl.String).alias("repaired"),
        evidence.alias("evidence"),
    )


def proposed(pairs: pl.DataFrame, stage: str, evidence: pl.Expr) -> pl.DataFrame:
    """Compared pairs as proposals for a person to judge, the better name first; equal ones in the registry's order."""
    import polars as pl

    ordered = pairs.sort("at", "name_grade", "p")
    return ordered.select(
        "at", "p", pl.lit(str(stage)).alias("stage"), pl.col("name_grade").cast(pl.String), evidence.alias("evidence")
    )


def alone(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs whose row has no other pair."""
    import polars as pl

    return pairs.filter(pl.col("at").is_unique())


def nothing_found() -> Found:
    """What a stage found that had nothing to look at."""
    import polars as pl

    text = dict.fromkeys(("outcome", "stage", "name_grade", "repaired", "evidence"), pl.String())
    settled_rows = pl.DataFrame(schema={"at": pl.UInt32(), "p": pl.UInt32(), **text})
    return Found(settled_rows, settled_rows.select("at", "p", "stage", "name_grade", "evidence"))
