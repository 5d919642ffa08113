"""Puts who it is in front of every list, and says why in words rebuilt from the masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bulou.engine.differences.decide_month import DecidedMonth
from bulou.engine.differences.month import COLUMNS, PERSON_COLUMNS
from bulou.engine.entitlements.compile import MASK_BITS
from bulou.engine.entitlements.everyone import conditions_of

if TYPE_CHECKING:
    import polars as pl


def cards(decided: DecidedMonth, ids: pl.Series) -> pl.DataFrame:
    """One row each of these people with the columns that stand first in every list; sex and age as the ID number tells
    them."""
    import polars as pl

    id_no, on = pl.col("id_no"), decided.policy.on
    parts = [id_no.str.slice(start, size) for start, size in ((6, 4), (10, 2), (12, 2))]
    born = pl.concat_str(parts, separator="-").str.to_date("%Y-%m-%d", strict=False)
    had_birthday = (born.dt.month().cast(pl.Int64) * 100 + born.dt.day()) <= on.month * 100 + on.day
    age = (on.year - born.dt.year()).cast(pl.Int64) - (~had_birthday).cast(pl.Int64)
    digit = id_no.str.slice(16, 1).cast(pl.Int64, strict=False)
    sex = pl.when(digit % 2 == 1).then(pl.lit("男")).when(digit % 2 == 0).then(pl.lit("女"))
    people = decided.facts.people(ids)
    return people.with_columns(sex.alias("sex"), age.alias("age")).select(PERSON_COLUMNS)


def finished(rows: pl.DataFrame, people: pl.DataFrame, name: str) -> pl.DataFrame:
    """Rows of one list with the people's cards in front, in the list's columns; by place, questions by their worth."""
    import polars as pl

    wanted = COLUMNS[name]
    joined = rows.join(people, on="person", how="left", maintain_order="left")
    missing = [pl.lit(None, pl.String).alias(column) for column in wanted if column not in joined.columns]
    order = [
        column
        for column in ("county", "township", "village", "household", "person", "programme", "month")
        if column in wanted
    ]
    placed = joined.with_columns(missing).select(wanted).sort(order, nulls_last=True, maintain_order=True)
    if name != "questions":
        return placed
    return placed.sort("fen", "settles", descending=True, nulls_last=True, maintain_order=True)


def reasons(
    decided: DecidedMonth, programme: str, ids: Sequence[str] | pl.Series, states: tuple[str, ...]
) -> dict[str, tuple[str, str]]:
    """For each person the words and cites of the conditions of a programme that are in one of the states.

    People alike in these conditions, whatever holds of other programmes, are told the same.
    """
    import polars as pl

    own: dict[int, int] = {}
    for position in set(decided.compiled.positions[programme]):
        number = position // MASK_BITS + 1
        own[number] = own.get(number, 0) | 1 << position % MASK_BITS
    masks = {f"{state}_{number}": bits for number, bits in own.items() for state in ("failed", "unknown")}
    about = pl.Series("id", ids, dtype=pl.String)
    rows = decided.frame.filter(pl.col("id").is_in(about.implode()))
    rows = rows.select("id", *(pl.col(mask) & bits for mask, bits in masks.items()))
    alike = rows.select(*masks).unique(maintain_order=True)
    told = [_told(decided, programme, row, states) for row in alike.iter_rows(named=True)]
    which = alike.with_row_index("which")
    placed = (
        rows.join(which, on=list(masks), how="left", nulls_equal=True) if masks else rows.with_columns(which=pl.lit(0))
    )
    return {id: told[at] for id, at in placed.select("id", "which").iter_rows()}


def _told(decided: DecidedMonth, programme: str, row: Mapping[str, Any], states: tuple[str, ...]) -> tuple[str, str]:
    picked = [c for c in conditions_of(decided.compiled, programme, row) if c.state in states]
    cites = dict.fromkeys(part.strip() for c in picked for part in c.cite.split(";"))
    return "；".join(c.says for c in picked), "; ".join(cites)


def frame_of(rows: list[dict[str, Any]], types: Mapping[str, Any]) -> pl.DataFrame:
    """Rows as a frame whose columns exist even when there are none."""
    import polars as pl

    return pl.DataFrame(rows, schema=dict(types), orient="row") if rows else pl.DataFrame(schema=dict(types))
