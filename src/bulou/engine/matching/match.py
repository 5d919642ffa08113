"""Rows of a department's list to people of the registry, stage after stage; a row is settled once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import Found
from bulou.engine.matching.decisions import Said, decided, not_overridden
from bulou.engine.matching.exact import exact_ids
from bulou.engine.matching.matched import Matched, Outcome, Stage
from bulou.engine.matching.people import prepared_registry, prepared_rows, registry_version
from bulou.engine.matching.proposals import propose
from bulou.engine.matching.repair import repaired_ids
from bulou.engine.matching.rules import plain_rules
from bulou.engine.matching.unknown import cut_or_unknown, unknown_ids

if TYPE_CHECKING:
    import polars as pl

    from bulou.engine.matching.model import Model

NOBODY = "登记册里没有找到这个人"
STAGES: tuple[Callable[[pl.DataFrame, pl.DataFrame], Found], ...] = (
    exact_ids,
    unknown_ids,
    repaired_ids,
    cut_or_unknown,
)
"""By number; after them come the plain rules."""


def match_rows(
    registry: pl.DataFrame, rows: pl.DataFrame, decisions: pl.DataFrame | None = None, model: Model | None = None
) -> Matched:
    """Each row's person, or none, with the stage that settled it and why.

    `registry`: `person_id`, `id_number`, `name`, and if known `sex` (男/女), `birth_date` (Date), `village`, `phone`,
    `relative_ids` (list). `rows`: `row`, and any of `id_number`, `name`, `sex`, `birth_date`, `village`, `phone`,
    `certificate_number`, as text as they come, and `list` where rows come from several lists. The order of neither
    matters. `decisions` (see `decisions`) are what
    people decided before; they go before every stage. A `model` proposes persons for rows that the stages leave, and
    orders what is under review; it links nobody.
    """
    people, every = prepared_registry(registry), prepared_rows(rows)
    waiting, found, said = every, list[Found](), None
    if decisions is not None and decisions.height:
        said = decided(waiting, people, decisions)
        found.append(said.found)
        waiting = waiting.join(said.found.settled, on="at", how="anti")
    for stage in STAGES:
        found.append(stage(waiting, people))
        waiting = waiting.join(found[-1].settled, on="at", how="anti")
    found.append(plain_rules(waiting, people, _by_number(every, found)))
    result = _matched(every.select("at", "row"), people, registry_version(registry), found, said)
    return propose(result, people, every, model, said.barred if said else None) if model else result


def _by_number(every: pl.DataFrame, found: list[Found]) -> pl.DataFrame:
    """`list` and `found` of rows whose number was somebody's or is nobody's."""
    import polars as pl

    settled = pl.concat([one.settled.select("at", "outcome") for one in found])
    told = settled.filter(pl.col("outcome") != str(Outcome.REVIEW)).join(every.select("at", "list"), on="at")
    return told.select("list", (pl.col("outcome") != str(Outcome.NOT_REGISTERED)).alias("found"))


def _matched(every: pl.DataFrame, people: pl.DataFrame, version: str, found: list[Found], said: Said | None) -> Matched:
    """The result from what each stage found."""
    import polars as pl

    names = people.select("p", "person_id")
    settled = pl.concat([one.settled for one in found])
    offered = pl.concat([one.proposals for one in found]).unique(["at", "p"], keep="first", maintain_order=True)
    if said is not None:
        settled, offered = not_overridden(said, settled, offered)
    asked = offered.join(settled.filter(pl.col("outcome") != str(Outcome.REVIEW)), on="at", how="anti")
    both = pl.concat([settled, _still_open(asked, settled)]).join(names, on="p", how="left")
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
    ranked = _ranked(asked, every, names)
    counted = links.group_by("stage", "outcome").len().sort("stage", "outcome")
    counts = {(stage, outcome): number for stage, outcome, number in counted.iter_rows()}
    return Matched(links, ranked, counts, tuple(block for one in found for block in one.capped), version)


def _still_open(asked: pl.DataFrame, settled: pl.DataFrame) -> pl.DataFrame:
    """Rows that no stage settled and some stage proposed somebody for: a person has to say."""
    import polars as pl

    first = asked.unique("at", keep="first", maintain_order=True).join(settled, on="at", how="anti")
    review = first.with_columns(
        pl.lit(None, pl.UInt32).alias("p"),
        pl.lit(str(Outcome.REVIEW)).alias("outcome"),
        pl.lit(None, pl.String).alias("repaired"),
    )
    return review.select(settled.columns)


def _ranked(asked: pl.DataFrame, every: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    named = asked.join(every, on="at", maintain_order="left").join(names, on="p", maintain_order="left")
    rank = (pl.int_range(pl.len()).over("at") + 1).alias("rank")
    ranked = named.with_columns(rank).sort("at", "rank")
    return ranked.select("row", "person_id", "rank", "name_grade", "evidence")
