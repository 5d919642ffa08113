"""Rows of single subjects whose result changes or could change: for inner use, never together with suppression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bulou.engine.simulation.simulate.simulation import Changed

if TYPE_CHECKING:
    import polars as pl

STATE_WORDS = {"gained": "增加", "lost": "减少", "kept": "金额变化", "same": "未知但不变", "unsettled": "待核实"}
AREA_OF = ("county", "township")


def list_of(
    outcomes: Mapping[str, pl.DataFrame],
    groups: Mapping[str, pl.DataFrame],
    programmes: Sequence[Changed],
    homes: pl.DataFrame,
) -> pl.DataFrame:
    """One row a subject and programme that changes or could; `home_net` is its household's balance in fen a year.

    `home_net` is NULL where the household's balance is not known or does not change.
    """
    import polars as pl

    names = ("id", "household", "county", "township", "title", "state")
    types = dict.fromkeys(names, pl.String) | dict.fromkeys(("difference", "home_net"), pl.Int64)
    found = [pl.DataFrame(schema=types)]
    nets = homes.filter(~pl.col("undecided")).select(pl.col("id").alias("household"), pl.col("net").alias("home_net"))
    for one in programmes:
        moved = pl.col("state").is_in(["gained", "lost", "unsettled"]) | (pl.col("difference").fill_null(0) != 0)
        rows = outcomes[one.name].filter(moved)
        who = groups[one.subject]
        areas = [(pl.col(area) if area in who.columns else pl.lit(None, pl.String)).alias(area) for area in AREA_OF]
        placed = rows.join(who.select("id", "household", *areas), on="id", how="left").join(
            nets, on="household", how="left"
        )
        stated = placed.with_columns(pl.col("state").replace(STATE_WORDS), pl.lit(one.title).alias("title"))
        found.append(stated.select(list(types)))
    return pl.concat(found).sort("county", "township", "household", "id", "title", nulls_last=True)
