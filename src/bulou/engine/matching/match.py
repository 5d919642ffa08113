"""Rows of a department's list to people of the registry, stage after stage; a row is settled once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import Found
from bulou.engine.matching.exact import exact_ids
from bulou.engine.matching.matched import Matched, Outcome, Stage
from bulou.engine.matching.people import prepared_registry, prepared_rows, registry_version
from bulou.engine.matching.unknown import unknown_ids

if TYPE_CHECKING:
    import polars as pl

STAGES: tuple[Callable[[pl.DataFrame, pl.DataFrame], Found], ...] = (exact_ids, unknown_ids)


def match_rows(registry: pl.DataFrame, rows: pl.DataFrame) -> Matched:
    """Each row's person, or none, with the stage that settled it and why.

    `registry`: `person_id`, `id_number`, `name`, and if known `sex` (男/女), `birth_date` (Date), `village`, `phone`,
    `relative_ids` (list). `rows`: `row`, and any of `id_number`, `name`, `sex`, `birth_date`, `village`, `phone`,
    `certificate_number`, as text as they come. The order of neither matters.
    """
    people, waiting = prepared_registry(registry), prepared_rows(rows)
    every = waiting.select("at", "row")
    found: list[Found] = []
    for stage in STAGES:
        found.append(stage(waiting, people))
        waiting = waiting.join(found[-1].settled, on="at", how="anti")
    return _matched(every, people, registry_version(registry), found)


def _matched(every: pl.DataFrame, people: pl.DataFrame, version: str, found: Sequence[Found]) -> Matched:
    """The result from what each stage found."""
    import polars as pl

    names = people.select("p", "person_id")
    all_settled = pl.concat([one.settled for one in found]).join(names, on="p", how="left")
    links = every.join(all_settled, on="at", how="left", maintain_order="left").select(
        "row",
        "person_id",
        pl.col("outcome").fill_null(str(Outcome.NONE)),
        pl.col("stage").fill_null(str(Stage.NOTHING)),
        "name_grade",
        pl.lit(None, pl.Float64).alias("score"),
        "repaired",
        pl.col("evidence").fill_null("登记册里没有找到这个人"),
        pl.lit(version).alias("registry_version"),
    )
    ranked = (
        pl.concat([one.proposals for one in found])
        .join(every, on="at")
        .join(names, on="p")
        .select("row", "person_id", (pl.int_range(pl.len()).over("at") + 1).alias("rank"), "name_grade", "evidence")
    )
    counted = links.group_by("stage", "outcome").len().sort("stage", "outcome")
    counts = {(stage, outcome): number for stage, outcome, number in counted.iter_rows()}
    return Matched(links, ranked, counts, tuple(block for one in found for block in one.capped), version)
