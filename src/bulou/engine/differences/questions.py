"""Questions of a month: which missing fact of which person would settle what; gaps said once for a whole source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bulou.engine.differences.decide_month import DecidedMonth
from bulou.engine.differences.people import frame_of
from bulou.engine.entitlements.one_person import Subject
from bulou.engine.facts.absence import kinds_stating
from bulou.engine.intake import Templates
from bulou.engine.pack import ActiveProgramme, Pack

if TYPE_CHECKING:
    import polars as pl

GAP_SHARE, GAP_PEOPLE = 0.5, 50
"""A fact missing for more than this share of the people it could settle (and so many at least) is a gap of its
source, not a question each."""


def questions(
    decided: DecidedMonth, pack: Pack, names: Sequence[str], templates: Templates, renewed: tuple[pl.DataFrame, int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(questions, gaps) of the programmes named: one line a person and missing fact, most valuable first.

    `renewed` are the dates of application that renewals lack, and how many people there are (see `renewals`).
    """
    import polars as pl

    programmes = [p for p in decided.compiled.programmes if p.name in names]
    asked = _asked(decided, programmes)
    totals, open_people = _totals(asked), max(1, asked["person"].n_unique())
    gaps = totals.filter(pl.Series([is_gap(people, open_people) for people in totals["people"]], dtype=pl.Boolean))
    lines = _lines(asked.filter(~pl.col("fact").is_in(gaps["fact"].to_list())))
    worded = lines.join(_words(lines["fact"].unique().to_list(), pack), on="fact", how="left", maintain_order="left")
    dates, of_all = renewed
    if is_gap(dates["person"].n_unique(), of_all):
        gaps = pl.concat([gaps, _totals(dates)])
    else:
        own = dates.select("person", "fact", own="question").unique(maintain_order=True)
        own = _lines(dates).join(own, on=["person", "fact"], how="left", maintain_order="left")
        own = own.join(_words([*dates["fact"].unique()], pack), on="fact", how="left", maintain_order="left")
        worded = pl.concat([worded, own.with_columns(question="own").select(worded.columns)])
    return worded, _worded_gaps(gaps, pack, templates)


def is_gap(people: int, of_all: int) -> bool:
    """Whether so many of all lack a fact that its source has to be asked, not each of them."""
    return people >= GAP_PEOPLE and people > GAP_SHARE * of_all


def _totals(asked: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return asked.group_by("fact", maintain_order=True).agg(
        pl.col("person").n_unique().alias("people"), pl.col("programme").unique(maintain_order=True).alias("programmes")
    )


def _lines(asked: pl.DataFrame) -> pl.DataFrame:
    """One line a person and fact: how many programmes it would settle, and what they are worth."""
    import polars as pl

    return asked.group_by("person", "fact", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("settles"),
        pl.col("fen").sum().alias("fen"),
        pl.col("title").unique(maintain_order=True).str.join("、").alias("programmes"),
    )


def _asked(decided: DecidedMonth, programmes: Sequence[ActiveProgramme]) -> pl.DataFrame:
    """person, fact, programme, title, fen: every missing base fact that could still settle an undecided verdict.

    People who look alike in everything the open conditions read are asked alike, so each pattern is worked out once.
    """
    import polars as pl

    table = decided.facts.tables.frames["person"].collect()
    homes = decided.facts.tables.frames["household"].collect()
    found: list[dict[str, Any]] = []
    for programme in programmes:
        open_ids = decided.frame.filter(pl.col(programme.name).is_null())["id"]
        read = decided.policy.read_by(condition.holds for condition in programme.conditions)
        here = [name for name in read if name in table.columns]
        at_home = [name for name in read if name in homes.columns]
        people = table.filter(pl.col("id").is_in(open_ids.to_list())).select("id", "household", *here)
        people = people.join(
            homes.select(household="id", **{n: pl.col(n) for n in at_home}), on="household", how="left"
        )
        fen = _worth(decided, programme)
        for row in people.group_by([*here, *at_home], maintain_order=True).agg("id").iter_rows(named=True):
            missing = _missing(decided, programme, row)
            found += [
                {"person": id, "fact": fact, "programme": programme.name, "title": programme.title, "fen": fen}
                for id in row["id"]
                for fact in missing
            ]
    types = {"person": pl.String, "fact": pl.String, "programme": pl.String, "title": pl.String, "fen": pl.Int64}
    return frame_of(found, types).sort("person", "fact", "programme")


def _missing(decided: DecidedMonth, programme: ActiveProgramme, row: dict[str, Any]) -> list[str]:
    """Base facts of the person (not of others) that could settle the programme for somebody like this row."""
    policy = decided.policy
    given = {name: value for name, value in row.items() if "." in name and value is not None}
    person = Subject(policy, "person", "person", {k: v for k, v in given.items() if k.startswith("person.")})
    home = Subject(policy, "household", "home", {k: v for k, v in given.items() if k.startswith("household.")})
    person.household, home.people = home, [person]
    named = person.missing(programme.conditions)
    return [name for name in named if name in policy.facts and name not in policy.definitions]


def _worth(decided: DecidedMonth, programme: ActiveProgramme) -> int | None:
    """Fen a month that the programme usually gives: the median of those who get it."""
    column = f"{programme.name}__fen"
    if column not in decided.frame.columns:
        return None
    usual = decided.frame[column].drop_nulls().median()
    return None if usual is None else int(usual)  # type: ignore[arg-type]


def _words(facts: Sequence[str], pack: Pack) -> pl.DataFrame:
    import polars as pl

    rows = []
    for name in facts:
        fact = pack.facts[name]
        supplier = pack.suppliers.get(fact.supplier)
        rows.append(
            {"fact": name, "label": fact.label, "question": fact.question, "who": supplier.who if supplier else ""}
        )
    return frame_of(rows, dict.fromkeys(("fact", "label", "question", "who"), pl.String))


def _worded_gaps(gaps: pl.DataFrame, pack: Pack, templates: Templates) -> pl.DataFrame:
    import polars as pl

    words = _words(gaps["fact"].to_list(), pack)
    sources = [_source_of(name, pack, templates) for name in gaps["fact"]]
    titles = {name: programme.title for name, programme in pack.programmes.items()}
    named = pl.col("programmes").list.eval(pl.element().replace(titles)).list.join("、")
    supplier = pl.Series("supplier", sources, dtype=pl.String)
    return (
        gaps.join(words, on="fact", how="left", maintain_order="left")
        .with_columns(supplier, named.alias("programmes"), pl.col("people").cast(pl.Int64))
        .select("fact", "label", "supplier", "question", "who", "people", "programmes")
        .sort("people", "fact", descending=[True, False])
    )


def _source_of(name: str, pack: Pack, templates: Templates) -> str:
    """The supplier of a fact, and the rolls that would state it where they are called otherwise."""
    supplier = pack.suppliers.get(pack.facts[name].supplier)
    label = supplier.label if supplier else ""
    rolls = [kind.label for kind in kinds_stating(name, templates) if kind.label != label]
    return f"{label}（{'、'.join(rolls)}）" if rolls else label
