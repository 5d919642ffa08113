"""Puts who it is in front of every list, and says why in words rebuilt from the masks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bulou.engine.differences.decide_month import DecidedMonth
from bulou.engine.differences.month import COLUMNS, PERSON_COLUMNS
from bulou.engine.entitlements.everyone import conditions_of
from bulou.engine.language.functions import FUNCTIONS

if TYPE_CHECKING:
    import polars as pl


def cards(decided: DecidedMonth) -> pl.DataFrame:
    """One row a person with the columns that stand first in every list."""
    import polars as pl

    people = decided.facts.people
    sex, birth = FUNCTIONS["sex_in"].meaning, FUNCTIONS["birth_date_in"].meaning
    years, on = FUNCTIONS["full_years"].meaning, decided.policy.on
    words = {"f": "女", "m": "男", None: None}
    ids = people["id_no"].to_list()
    born = [birth(id_no) if id_no else None for id_no in ids]
    return people.with_columns(
        pl.Series("sex", [words[sex(id_no)] if id_no else None for id_no in ids], dtype=pl.String),
        pl.Series("age", [None if day is None else years(day, on) for day in born], dtype=pl.Int64),
    ).select(PERSON_COLUMNS)


def finished(rows: pl.DataFrame, people: pl.DataFrame, name: str) -> pl.DataFrame:
    """Rows of one list with the people's cards in front, in the list's columns and in a stable order."""
    import polars as pl

    wanted = COLUMNS[name]
    joined = rows.join(people, on="person", how="left", maintain_order="left")
    missing = [pl.lit(None, pl.String).alias(column) for column in wanted if column not in joined.columns]
    order = [
        column for column in ("township", "village", "household", "person", "programme", "month") if column in wanted
    ]
    return joined.with_columns(missing).select(wanted).sort(order, nulls_last=True, maintain_order=True)


def reasons(
    decided: DecidedMonth, programme: str, ids: Iterable[str], states: tuple[str, ...]
) -> dict[str, tuple[str, str]]:
    """For each person the words and cites of the conditions of a programme that are in one of the states."""
    import polars as pl

    masks = [name for name in decided.frame.columns if name.startswith(("failed_", "unknown_"))]
    rows = decided.frame.filter(pl.col("id").is_in(list(ids))).select("id", *masks)
    by_mask: dict[tuple[Any, ...], tuple[str, str]] = {}
    found = {}
    for row in rows.iter_rows(named=True):
        key = tuple(row[mask] for mask in masks)
        if key not in by_mask:
            picked = [c for c in conditions_of(decided.compiled, programme, row) if c.state in states]
            cites = dict.fromkeys(part.strip() for c in picked for part in c.cite.split(";"))
            by_mask[key] = ("；".join(c.says for c in picked), "; ".join(cites))
        found[row["id"]] = by_mask[key]
    return found


def frame_of(rows: list[dict[str, Any]], types: Mapping[str, Any]) -> pl.DataFrame:
    """Rows as a frame whose columns exist even when there are none."""
    import polars as pl

    return pl.DataFrame(rows, schema=dict(types), orient="row") if rows else pl.DataFrame(schema=dict(types))
