"""Rows of a department's list to people of the registry, stage after stage; a row is settled once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import Found
from bulou.engine.matching.exact import exact_ids
from bulou.engine.matching.matched import Matched, Outcome, Stage
from bulou.engine.matching.people import prepared_registry, prepared_rows, registry_version
from bulou.engine.matching.repair import repaired_ids
from bulou.engine.matching.rules import plain_rules
from bulou.engine.matching.unknown import unknown_ids

if TYPE_CHECKING:
    import polars as pl

NOBODY = "登记册里没有找到这个人"
STAGES: tuple[Callable[[pl.DataFrame, pl.DataFrame], Found], ...] = (exact_ids, unknown_ids, repaired_ids, plain_rules)


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
    settled = pl.concat([one.settled for one in found]).join(names, on="p", how="left").drop("p")
    offered = pl.concat([one.proposals for one in found]).unique(["at", "p"], keep="first", maintain_order=True)
    asked = offered.join(settled.filter(pl.col("outcome") != str(Outcome.REVIEW)), on="at", how="anti")
    first = asked.unique("at", keep="first", maintain_order=True).drop("p")
    open_rows = first.join(settled, on="at", how="anti").with_columns(
        pl.lit(str(Outcome.REVIEW)).alias("outcome"),
        *(pl.lit(None, pl.String).alias(n) for n in ("repaired", "person_id")),
    )
    both = pl.concat([settled, open_rows.select(settled.columns)])
    links = every.join(both, on="at", how="left", maintain_order="left").select(
        "row",
        "person_id",
        pl.col("outcome").fill_null(str(Outcome.NONE)),
        pl.col("stage").fill_null(str(Stage.NOTHING)),
        "name_grade",
        pl.lit(None, pl.Float64).alias("score"),
        "repaired",
        pl.col("evidence").fill_null(NOBODY),
        pl.lit(version).alias("registry_version"),
    )
    ranked = (
        asked.join(every, on="at", maintain_order="left")
        .join(names, on="p", maintain_order="left")
        .select("row", "person_id", (pl.int_range(pl.len()).over("at") + 1).alias("rank"), "name_grade", "evidence")
    )
    counted = links.group_by("stage", "outcome").len().sort("stage", "outcome")
    counts = {(stage, outcome): number for stage, outcome, number in counted.iter_rows()}
    return Matched(links, ranked, counts, tuple(block for one in found for block in one.capped), version)
