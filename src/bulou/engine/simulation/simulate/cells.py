"""Adds outcomes up by programme and group, and refuses to go on unless everything adds up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.simulation.breakdowns import SEVERAL, Breakdown
from bulou.engine.simulation.simulate.simulation import ALL, BALANCES, MEASURES, STATES, WHOLE, Changed

if TYPE_CHECKING:
    import polars as pl


def cells_of(
    outcomes: Mapping[str, pl.DataFrame],
    groups: Mapping[str, pl.DataFrame],
    programmes: Sequence[Changed],
    breakdowns: Sequence[Breakdown],
) -> pl.DataFrame:
    """breakdown, group, programme and MEASURES: for everybody together and for every group of every breakdown.

    `outcomes` by programme leave out those in state `neither`; `groups` by kind of subject have `id`, one column a
    breakdown, and every subject.
    """
    import polars as pl

    found = []
    everybody = {(kind, name): _sizes(frame, name) for kind, frame in groups.items() for name in _names(breakdowns)}
    for one in programmes:
        frame = outcomes[one.name].join(groups[one.subject], on="id", how="left")
        for name in _names(breakdowns):
            sums = frame.group_by(pl.col(name).alias("group")).agg(pl.col(MEASURES).sum())
            found.append(_completed(sums, everybody[one.subject, name], name, one.name))
    schema = {"breakdown": pl.String, "group": pl.String, "programme": pl.String} | dict.fromkeys(MEASURES, pl.Int64)
    return pl.concat([pl.DataFrame(schema=schema), *found])


def _names(breakdowns: Sequence[Breakdown]) -> list[str]:
    return [ALL, *(one.name for one in breakdowns)]


def _sizes(groups: pl.DataFrame, name: str) -> pl.DataFrame:
    import polars as pl

    return groups.group_by(pl.col(name).alias("group")).agg(pl.len().cast(pl.Int64).alias("size"))


def _completed(sums: pl.DataFrame, sizes: pl.DataFrame, breakdown: str, programme: str) -> pl.DataFrame:
    """Every group of the breakdown, those without anybody concerned too; the rest of each are `neither`."""
    import polars as pl

    every = sizes.join(sums, on="group", how="left").with_columns(pl.col(MEASURES).fill_null(0))
    return every.select(
        pl.lit(breakdown).alias("breakdown"),
        "group",
        pl.lit(programme).alias("programme"),
        *(pl.col(name) for name in MEASURES),
    ).with_columns(
        (every["size"] - every["subjects"]).alias("neither"),
        every["size"].alias("subjects"),
    )


def balances(
    outcomes: Mapping[str, pl.DataFrame],
    groups: pl.DataFrame,
    programmes: Sequence[Changed],
    of: str,
    breakdowns: Sequence[Breakdown],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(balance of each concerned subject, sums by breakdown and group) in fen a year, of `of`: person or household.

    Programmes paid by month or year count; a balance is undecided when one of its differences is not known.
    """
    import polars as pl

    each = _yearly(outcomes, groups, programmes, of)
    whole = groups.select(pl.col("id"), *_names(breakdowns)) if of == "person" else _homes(groups, breakdowns)
    joined = whole.join(each, on="id", how="left").with_columns(pl.col("undecided").fill_null(False))
    net = pl.when(~pl.col("undecided")).then(pl.col("net").fill_null(0))
    known = joined.with_columns(net.alias("net"))
    numbers = {
        "up": known["net"] > 0,
        "down": known["net"] < 0,
        "equal": known["net"] == 0,
        "undecided": known["undecided"],
        "fen_up": known.select(pl.when(pl.col("net") > 0).then("net")).to_series(),
        "fen_down": known.select(pl.when(pl.col("net") < 0).then(-pl.col("net"))).to_series(),
    }
    counted = known.with_columns(series.cast(pl.Int64).fill_null(0).alias(name) for name, series in numbers.items())
    found = [
        counted.group_by(pl.col(name).alias("group")).agg(pl.col(*numbers).sum(), pl.len().cast(pl.Int64).alias("of"))
        .select(pl.lit(name).alias("breakdown"), "group", "of", *numbers)
        for name in _names(breakdowns)
    ]  # fmt: skip
    concerned = known.filter(pl.col("undecided") | (pl.col("net") != 0)).select("id", "net", "undecided")
    return concerned, pl.concat(found)


def _yearly(
    outcomes: Mapping[str, pl.DataFrame], groups: pl.DataFrame, programmes: Sequence[Changed], of: str
) -> pl.DataFrame:
    """id, net in fen a year, undecided; of those whom some paid programme concerns."""
    import polars as pl

    found = [pl.DataFrame(schema={"id": pl.String, "difference": pl.Int64})]
    for one in programmes:
        if not one.times_a_year or one.subject not in ("person", of):
            continue
        rows = outcomes[one.name].select("id", pl.col("difference") * one.times_a_year)
        if of == "household" and one.subject == "person":
            rows = rows.join(groups.select("id", "household"), on="id", how="left").select(
                pl.col("household").alias("id"), "difference"
            )
        found.append(rows.drop_nulls("id"))
    together = pl.concat(found)
    return together.group_by("id").agg(
        pl.col("difference").sum().alias("net"), pl.col("difference").is_null().any().alias("undecided")
    )


def _homes(groups: pl.DataFrame, breakdowns: Sequence[Breakdown]) -> pl.DataFrame:
    """One row a household with its groups; where its people stand in several groups it says so."""
    import polars as pl

    names = _names(breakdowns)
    coded = groups.filter(pl.col("household").is_not_null()).with_columns(
        pl.col(name).cast(pl.Categorical).to_physical().alias(f"{name}#") for name in names
    )
    several = [(pl.col(f"{name}#").min() != pl.col(f"{name}#").max()).alias(f"{name}#") for name in names]
    homes = coded.group_by(pl.col("household").alias("id")).agg(*(pl.col(name).first() for name in names), *several)
    if {"county", "township"} <= set(names):
        homes = homes.with_columns((pl.col("county#") | pl.col("township#")).alias("county#"))
    return homes.select(
        "id", *(pl.when(f"{name}#").then(pl.lit(SEVERAL)).otherwise(name).alias(name) for name in names)
    )


# adding up ------------------------------------------------------------------------------------------------


def refuse_unless_it_adds_up(
    cells: pl.DataFrame, balances: Mapping[str, pl.DataFrame], outcomes: Mapping[str, pl.DataFrame] | None = None
) -> None:
    """Raise `Refused` unless gained − lost = difference of totals in every cell and all breakdowns agree."""
    problems = [*_in_cells(cells), *_across_breakdowns(cells), *_of_balances(balances)]
    if outcomes is not None:
        problems += _against_subjects(cells, outcomes)
    if problems:
        raise Refused(problems)


def _problem(where: str, got: str, expected: str) -> Problem:
    fix = "这是程序的错误：没有写出任何结果，请报告 please report it"
    return Problem("does-not-add-up", Place(where), got, expected, fix)


def _in_cells(cells: pl.DataFrame) -> Iterator[Problem]:
    import polars as pl

    people = pl.sum_horizontal(STATES) != pl.col("subjects")
    money = pl.col("fen_gained") - pl.col("fen_lost") != pl.col("fen_after") - pl.col("fen_before")
    for row in cells.filter(people | money).head(5).iter_rows(named=True):
        where = f"{row['programme']} {row['breakdown']} {row['group']}"
        yield _problem(
            where, str({name: row[name] for name in MEASURES}), "增加 − 减少 = 总额之差；各类人数之和 = 总数"
        )


def _across_breakdowns(cells: pl.DataFrame) -> Iterator[Problem]:
    import polars as pl

    sums = cells.group_by("programme", "breakdown").agg(pl.col(MEASURES).sum())
    whole = sums.filter(pl.col("breakdown") == ALL).drop("breakdown")
    both = sums.join(whole, on="programme", suffix="_all")
    differs = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_all") for name in MEASURES)
    for row in both.filter(differs).head(5).iter_rows(named=True):
        yield _problem(f"{row['programme']} {row['breakdown']}", "分组之和与总数不等", "每种分组的和都等于总数")


def _of_balances(balances: Mapping[str, pl.DataFrame]) -> Iterator[Problem]:
    import polars as pl

    names = ("of", *BALANCES, "fen_up", "fen_down")
    for kind, table in balances.items():
        if table.filter(pl.sum_horizontal(BALANCES) != pl.col("of")).height:
            yield _problem(kind, "增加、减少、不变、不定之和与总数不等", "四类之和等于总数")
        sums = table.group_by("breakdown").agg(pl.col(names).sum())
        if sums.select(names).unique().height > 1:
            yield _problem(kind, "各种分组的总数不等", "每种分组的和都等于总数")


def _against_subjects(cells: pl.DataFrame, outcomes: Mapping[str, pl.DataFrame]) -> Iterator[Problem]:
    """The total of every programme once more, straight from the single subjects."""
    import polars as pl

    for name, rows in outcomes.items():
        whole = cells.filter(pl.col("breakdown") == ALL, pl.col("programme") == name)
        states = dict(rows.group_by("state").len().iter_rows())
        counted = {state: states.get(state, 0) for state in STATES if state != "neither"}
        said = whole.select(*counted).row(0, named=True) if whole.height else counted
        settled = rows.filter(pl.col("fen_gained") > 0)["difference"].sum()
        lost = rows.filter(pl.col("fen_lost") > 0)["difference"].sum()
        fens = (settled, -lost)
        if said != counted or (whole.height and whole.select("fen_gained", "fen_lost").row(0) != fens):
            yield _problem(name, f"{said}，{fens}", f"{counted}（逐人相加）")


__all__ = ["WHOLE", "balances", "cells_of", "refuse_unless_it_adds_up"]
