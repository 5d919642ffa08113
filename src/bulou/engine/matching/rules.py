"""Plain rules for rows whose number leads nowhere; each links only a person who alone fulfils it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import (
    Found,
    agree,
    alone,
    blocked,
    compared,
    conflict,
    is_grade,
    nothing_found,
    proposed,
    settled,
)
from bulou.engine.matching.evidence import LIKELY, said
from bulou.engine.matching.matched import Outcome, Stage
from bulou.engine.matching.names import CLOSE, SURE, simplified_names
from bulou.engine.matching.numbers import CUT, LONG, SHORT, VALID, WRONG

if TYPE_CHECKING:
    import polars as pl

MOST_PROPOSED = 3
"""Proposals a row that several persons fit."""
ABOUT_THEM, FEW_ROWS = 0.8, 20
"""A list is about registered people when this share of its rows with a number, or with birth date and village (so many
at least), found their person; in a list of all inhabitants a namesake of the village is as likely as the person."""
NEAR_DIGITS = 15
"""Characters that agree, from both ends, in two numbers which may be one number badly typed."""
FAR_DIGITS = 10
"""Fewer than these agree in numbers of two different people."""
FAR_TAIL = 3
"""So many of the last four characters differ in numbers of two people born on one day in one place."""
WRITTEN = (WRONG, SHORT, LONG)
PROPOSAL = ("at", "p", "stage", "name_grade", "evidence")


@dataclass(frozen=True)
class Rule:
    """`keys` both sides must share; `fits`: what else must hold for a pair; `says`: the evidence's opening; a rule
    that `only_asks` links nobody; one that `trusts` links only in a list that is evidently about registered people."""

    stage: Stage
    keys: tuple[str, ...]
    fits: Callable[[], pl.Expr]
    says: str
    only_asks: bool = False
    trusts: bool = False


RULES = (
    Rule(
        Stage.NAME_BIRTH_VILLAGE,
        ("simple", "born", "village"),
        lambda: is_grade(*SURE) & ~conflict("sex"),
        "出生日期和村相同",
    ),
    Rule(
        Stage.NAME_PHONE,
        ("simple", "phone"),
        lambda: is_grade(*SURE) & ~conflict("sex") & ~conflict("birth"),
        "电话相同",
    ),
    Rule(
        Stage.SOUND_BIRTH_PHONE,
        ("born", "phone"),
        lambda: is_grade(*CLOSE) & ~conflict("sex"),
        "出生日期和电话相同",
    ),
    Rule(
        Stage.SOUND_BIRTH_VILLAGE,
        ("born", "village"),
        lambda: is_grade(*CLOSE) & ~conflict("sex"),
        "出生日期和村相同",
    ),
    Rule(
        Stage.NAME_HOUSEHOLD,
        ("simple", "household"),
        lambda: is_grade(*SURE) & ~conflict("sex") & ~conflict("birth") & ~conflict("village"),
        "户号相同",
    ),
    Rule(Stage.NAME_NEAR_ID, ("name",), lambda: near_number() & ~conflict("sex"), "身份证号只差一两位"),
    Rule(
        Stage.NAME_BIRTH_COUNTY,
        ("name", "born"),
        lambda: ~conflict("sex") & (~conflict("village") | agree("county")),
        "出生日期相同，同名同日生的只有这一人",
    ),
    Rule(
        Stage.NAME_VILLAGE_SEX,
        ("name", "village"),
        lambda: agree("sex") & ~conflict("birth") & ~conflict("phone"),
        "同村同名的只有这一人",
        trusts=True,
    ),
    Rule(Stage.NAME_BIRTH_COUNTY, ("name", "born"), lambda: ~conflict("sex"), "出生日期相同", only_asks=True),
)
"""In the order in which they are tried, the safest first."""


def plain_rules(rows: pl.DataFrame, people: pl.DataFrame, before: pl.DataFrame | None = None) -> Found:
    """Rows without a usable number, by name and what else the row says.

    A rule that several persons fulfil links nobody; neither does one whose person's number has nothing in common with
    the number in the row, nor one by a surname that is all that is left of a name. Such persons are proposed.
    `before`: `list` and `found` of the rows that their numbers settled, whether they are somebody's.
    """
    import polars as pl

    if rows.is_empty():
        return nothing_found()
    waiting, theirs = _keyed(rows, WRITTEN), _keyed(people, (VALID,))
    tried = waiting.drop_nulls(["born", "village"]).select("at", "list")
    found = []
    for rule in RULES:
        if waiting.is_empty():
            break
        hits, capped = blocked(waiting, theirs, list(rule.keys), rule.stage, _keep(rule, waiting, theirs))
        link = hits.clear() if rule.only_asks else alone(hits).filter(_safe())
        if rule.trusts:
            link = link.join(_about_them(tried, waiting, before), on="at", how="semi", maintain_order="left")
        rest = hits.join(link, on="at", how="anti")
        asked = proposed(rest, rule.stage, said(rule.says if "name" in rule.keys[:1] else "", LIKELY)).group_by(
            "at", maintain_order=True
        )
        linked = settled(link, Outcome.LINKED, rule.stage, pl.lit(None), said(rule.says))
        found.append(Found(linked, asked.head(MOST_PROPOSED).select(PROPOSAL), capped))
        waiting = waiting.join(link, on="at", how="anti")
    proposals = pl.concat([one.proposals for one in found]).unique(["at", "p"], keep="first", maintain_order=True)
    return Found(
        pl.concat([one.settled for one in found]), proposals, tuple(block for one in found for block in one.capped)
    )


def _about_them(tried: pl.DataFrame, waiting: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """The waiting rows (`at`) of lists that are about registered people: of the rows that their number settled, or that
    say birth date and village (`tried`), most were found."""
    import polars as pl

    told = tried.select("list", (~pl.col("at").is_in(waiting["at"].implode())).alias("found"))
    every = told if before is None else pl.concat([before, told])
    lists = every.group_by("list").agg(pl.len().alias("rows"), pl.col("found").mean())
    them = lists.filter(pl.col("rows") >= FEW_ROWS, pl.col("found") >= ABOUT_THEM)
    return waiting.join(them, on="list", how="semi").select("at")


def _keyed(frame: pl.DataFrame, written: tuple[str, ...]) -> pl.DataFrame:
    """The frame with `simple` (the name in simplified characters), `born` (the birth date, else the one in the number),
    `stated` (the birth date, unless it may come from the wrong number by a formula), `county` and `number`."""
    import polars as pl

    text = pl.col("id_text")
    number = pl.when(pl.col("id_class").is_in(list(written))).then(text)
    inside = pl.when(pl.col("id_class").is_in([WRONG, CUT])).then(text.str.slice(6, 8))
    village = pl.col("village")
    by_code = pl.when(village.str.contains(r"^[0-9]{9,}$")).then(village.str.slice(0, 6))
    within = inside.str.to_date("%Y%m%d", strict=False)
    return frame.with_columns(
        simplified_names(frame["name"]).alias("simple"),
        pl.coalesce("birth", within).alias("born"),
        pl.when((pl.col("birth") != within).fill_null(True)).then("birth").alias("stated"),
        pl.coalesce(by_code, village.str.extract(r"^(.{2,9}?[县区旗])")).alias("county"),
        number.alias("number"),
    )


def _keep(rule: Rule, waiting: pl.DataFrame, theirs: pl.DataFrame) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def keep(pairs: pl.DataFrame) -> pl.DataFrame:
        return compared(pairs, waiting, theirs, ("county", "number", "stated")).filter(rule.fits())

    return keep


def _safe() -> pl.Expr:
    """True where a pair that fulfils a rule alone may be linked, and not only proposed."""
    elsewhere = conflict("village") & conflict("phone")
    return ~far_number() & enough_of_a_name() & ~conflict("stated") & ~elsewhere


def _from_both_ends() -> pl.Expr:
    """How many characters of two numbers agree, counted from both ends."""
    import polars as pl

    mine, theirs = pl.col("number"), pl.col("number_p")
    starts = [theirs.str.starts_with(mine.str.head(length)) for length in range(1, 18)]
    ends = [theirs.str.ends_with(mine.str.tail(length)) for length in range(1, 18)]
    return pl.sum_horizontal(*starts, *ends)


def _different() -> pl.Expr:
    """At how many places two numbers of one length differ; 18 when their lengths differ."""
    import polars as pl

    mine, theirs = pl.col("number"), pl.col("number_p")
    unlike = [mine.str.slice(at, 1) != theirs.str.slice(at, 1) for at in range(18)]
    return pl.when(mine.str.len_chars() == theirs.str.len_chars()).then(pl.sum_horizontal(*unlike)).otherwise(18)


def near_number() -> pl.Expr:
    """True where two numbers may well be one number badly typed; False where one side has none."""
    return _both_written() & ((_different() <= 2) | (_from_both_ends() >= NEAR_DIGITS))


def far_number() -> pl.Expr:
    """True where two numbers cannot be one number badly typed: little of them agrees; or what tells apart people born
    on one day in one place does not (of a twin, whose name is only like the row's, two such characters are enough)."""
    import polars as pl

    heads = _different() <= 4
    little = (_different() > 4) & (_from_both_ends() < FAR_DIGITS)
    allowed = pl.when(is_grade(*SURE)).then(FAR_TAIL).otherwise(FAR_TAIL - 1)
    return _both_written() & (little | (heads & (_tails_differ() >= allowed)))


def enough_of_a_name() -> pl.Expr:
    """True where at least two characters are known on both sides: a surname that is left of a name is nobody's."""
    import polars as pl

    mine, theirs = pl.col("name"), pl.col("name_p")
    lost = mine.str.count_matches("?", literal=True) + theirs.str.count_matches("?", literal=True)
    known = pl.min_horizontal(mine.str.len_chars(), theirs.str.len_chars()).cast(pl.Int64) - lost.cast(pl.Int64)
    return (known >= 2).fill_null(False)


def _tails_differ() -> pl.Expr:
    """How many of the last four characters differ in two numbers of one length."""
    import polars as pl

    mine, theirs = pl.col("number"), pl.col("number_p")
    unlike = [mine.str.slice(at, 1) != theirs.str.slice(at, 1) for at in range(14, 18)]
    return pl.when(mine.str.len_chars() == theirs.str.len_chars()).then(pl.sum_horizontal(*unlike)).otherwise(0)


def _both_written() -> pl.Expr:
    import polars as pl

    return pl.col("number").is_not_null() & pl.col("number_p").is_not_null()
