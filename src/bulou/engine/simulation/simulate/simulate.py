"""Runs a simulation: two policies, one query over the people, sums that are checked before anybody sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, refuse_errors
from bulou.engine.entitlements.compile import CompiledKind, compile_kind
from bulou.engine.entitlements.everyone import given_in, run_polars
from bulou.engine.facts.month_settings import DatedSetting
from bulou.engine.facts.tables import Tables
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack, policy_in_force
from bulou.engine.pack.region import RegionFacts
from bulou.engine.simulation.breakdowns import (
    AREAS,
    SEVERAL,
    UNKNOWN,
    WITHIN,
    Breakdown,
    breakdowns_of,
    group_column,
    with_groups,
)
from bulou.engine.simulation.parts import Merged, merged
from bulou.engine.simulation.population import Population
from bulou.engine.simulation.simulate.cells import balances, cells_of, refuse_unless_it_adds_up
from bulou.engine.simulation.simulate.lists import list_of
from bulou.engine.simulation.simulate.outcome import changed_programmes, outcomes
from bulou.engine.simulation.simulate.simulation import ALL, WHOLE, Simulation
from bulou.engine.simulation.simulate.small_cells import programmes_to_leave_out, without_small_cells
from bulou.engine.simulation.wishes import Wish, WishedPolicy, put_in_wishes

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Wanted:
    """What to compare: wishes from `start` on, on top of the pack or of the pack `against`.

    `policy_on` takes the policy of another day for the changed side, the facts staying those of `on`. `suppress` is
    the smallest count that may be shown; `lists` asks for rows of single subjects.
    """

    wishes: tuple[Wish, ...] = ()
    current: tuple[DatedSetting, ...] = ()
    against: Pack | None = None
    start: date | None = None
    policy_on: date | None = None
    suppress: int | None = None
    lists: bool = False
    current_says: tuple[str, ...] = ()


def simulate(pack: Pack, population: Population, on: date, wanted: Wanted) -> Simulation:
    """Compare the policy of `pack` on a day with the policy that is wanted, for the people of `population`.

    Raises `Refused` for wishes that cannot be met, for packs with errors, and when the sums do not agree.
    """
    from importlib.metadata import version

    import polars as pl

    _check(on, wanted)
    areas = [name for name in ("county", "township") if population.areas[name].is_not_null().any()]
    breakdowns = breakdowns_of(pack, areas)
    both, wished = _policies(pack, population, on, wanted, breakdowns)
    frames = decide_both(both, population)
    groups = {kind: _groups(frame, kind, population, breakdowns) for kind, frame in frames.items()}
    concerned = [kind for kind, frame in frames.items() if frame.height]
    programmes = [one for one in changed_programmes(both.pairs) if one.subject in concerned]
    found = {one.name: outcomes(frames[one.subject], one) for one in programmes}
    cells = cells_of(found, groups, programmes, breakdowns)
    left_out = programmes_to_leave_out(cells, wanted.suppress) if wanted.suppress else []
    programmes = [one for one in programmes if one.name not in left_out]
    found = {one.name: found[one.name] for one in programmes}
    cells = cells.filter(~pl.col("programme").is_in(left_out))
    people = groups.get("person", _nobody(breakdowns))
    _, by_person = balances(found, people, programmes, "person", breakdowns)
    homes, by_home = balances(found, people, programmes, "household", [b for b in breakdowns if b.name not in _OF_ONE])
    refuse_unless_it_adds_up(cells, {"people": by_person, "households": by_home}, found)
    other = wanted.against or pack
    result = Simulation(
        region=pack.region,
        region_name=pack.name,
        after_region=other.region,
        on=on,
        start=wanted.start,
        policy_on=wanted.policy_on,
        status=pack.status,
        after_status=other.status,
        digests=(pack.digest, other.digest),
        version=version("bulou"),
        says=wished.says,
        current=wanted.current_says,
        programmes=tuple(programmes),
        unchanged=sum(pair.same for pair in both.pairs),
        subjects={kind: frame.select(pl.len()).collect().item() for kind, frame in population.tables.frames.items()},
        breakdowns=tuple(breakdowns),
        cells=cells,
        people=by_person,
        households=by_home,
        lists=list_of(found, groups, programmes, homes) if wanted.lists else None,
        notes=(*population.notes, *wished.notes),
        protected=(f"{len(left_out)} 个项目变动的人太少，没有列出，也不在总数里。",) if left_out else (),
    )
    return result if wanted.suppress is None else without_small_cells(result, wanted.suppress)


def _policies(
    pack: Pack, population: Population, on: date, wanted: Wanted, breakdowns: Sequence[Breakdown]
) -> tuple[Merged, WishedPolicy]:
    """Both policies as one, with the groups of the breakdowns; and the wishes in words."""
    other = wanted.against or pack
    settings = population.settings_on(on) | {one.fact: one.value for one in wanted.current}
    wished = put_in_wishes(other, wanted.wishes, wanted.start, _known(other, on, settings, population.rolls))
    tried = _of(other, settings) | {one.fact: one.value for one in wished.settings}
    before = policy_in_force(with_groups(pack, breakdowns), on, _of(pack, settings), population.rolls)
    policy_on = wanted.policy_on or on
    after = policy_in_force(wished.pack, policy_on, tried, population.rolls, decision_day=on)
    return merged(before, after), wished


_OF_ONE = ("category", "grade", "age")
"""Breakdowns by what one person is; households are not broken down by them."""


def _check(on: date, wanted: Wanted) -> None:
    problems = []
    policy_on = wanted.policy_on or on
    if wanted.start and policy_on < wanted.start:
        option = "--policy-on" if wanted.policy_on else "--on"
        got = f"{policy_on} 早于改变的日期 {wanted.start}"
        problems.append(
            Problem("before-the-change", Place(option), got, f"{wanted.start} 或以后", f"改 {option} 或 --from")
        )
    if not (wanted.wishes or wanted.against or wanted.policy_on):
        got, expected = "没有要试的改变 nothing to try", "--set、--condition、--enable、--against 等"
        problems.append(Problem("nothing-wanted", Place("simulate"), got, expected, "至少写一项"))
    if wanted.suppress is not None and wanted.suppress < 2:
        got, expected = str(wanted.suppress), "2 或更大的整数"
        problems.append(Problem("out-of-range", Place("--suppress"), got, expected, "例如 --suppress 5"))
    refuse_errors(problems)


def _of(pack: Pack, settings: Mapping[str, Value]) -> dict[str, Value]:
    """The settings that the pack knows."""
    return {name: value for name, value in settings.items() if name in pack.facts}


def _known(pack: Pack, on: date, settings: Mapping[str, Value], rolls: frozenset[str]) -> dict[str, Value]:
    refuse_errors(pack.problems)
    return RegionFacts(pack, on, _of(pack, settings), rolls).values()


def compile_both(both: Merged, tables: Tables) -> dict[str, CompiledKind]:
    """One SQL text for each kind of subject that has programmes and a table."""
    policy, given = both.policy, given_in(tables)
    concerned = {pair.either.subject for pair in both.pairs if not pair.same} | {"person"}
    kinds = [
        kind for kind in ("person", "household", "employer", "institution") if kind in concerned and policy.of(kind)
    ]
    homes = "household" in given or "person" in given
    present = [kind for kind in kinds if kind in given or (kind == "household" and homes)]
    return {kind: compile_kind(policy, kind, given, masks=False) for kind in present}


def decide_both(both: Merged, population: Population) -> dict[str, pl.DataFrame]:
    """Everybody decided under both policies at once; a frame for each kind concerned, and always one of people."""
    tables = both.tables(population.tables)
    found = {kind: run_polars(one, tables).collect() for kind, one in compile_both(both, tables).items()}
    if "person" in tables.frames and "person" not in found:
        found["person"] = tables.frames["person"].select("id").collect()
    return found


def _groups(frame: pl.DataFrame, kind: str, population: Population, breakdowns: Sequence[Breakdown]) -> pl.DataFrame:
    """id, household, and one column a breakdown for everybody of a kind."""
    import polars as pl

    ids = frame.select("id", *(name for name in frame.columns if name.startswith("by."))).with_columns(
        pl.col("id").cast(pl.String)
    )
    if kind == "person":
        homes = population.tables.frames["person"].select(pl.col("id", "household").cast(pl.String)).collect()
        ids = ids.join(homes, on="id", how="left").join(_areas(population), on="id", how="left")
    elif kind == "household":
        ids = ids.with_columns(pl.col("id").alias("household")).join(_areas_of_homes(population), on="id", how="left")
    else:
        ids = ids.with_columns(pl.lit(None, pl.String).alias("household"))
    columns = [group_column(one, kind, ids.columns) for one in breakdowns]
    return ids.select("id", "household", pl.lit(WHOLE).alias(ALL), *columns)


def _areas(population: Population) -> pl.DataFrame:
    """Where people live; a township is named with its county, for many counties have townships of one name."""
    import polars as pl

    areas = population.areas
    if not areas["county"].is_not_null().any():
        return areas
    both = pl.concat_str(pl.col("county", "township").fill_null(UNKNOWN), separator=WITHIN)
    known = pl.col("county").is_not_null() | pl.col("township").is_not_null()
    return areas.with_columns(pl.when(known).then(both).alias("township"))


def _areas_of_homes(population: Population) -> pl.DataFrame:
    """Where a household lives: where its people do, if that is one place."""
    import polars as pl

    schema = dict.fromkeys(("id", "county", "township"), pl.String)
    if "person" not in population.tables.frames:
        return pl.DataFrame(schema=schema)
    people = population.tables.frames["person"].select(pl.col("id", "household").cast(pl.String)).collect()
    placed = people.join(_areas(population), on="id", how="left").drop_nulls("household")
    together = pl.struct("county", "township").n_unique() == 1
    one = [pl.when(together).then(pl.col(name).first()).otherwise(pl.lit(SEVERAL)).alias(name) for name in AREAS]
    return placed.group_by(pl.col("household").alias("id")).agg(one)


def _nobody(breakdowns: Sequence[Breakdown]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema=dict.fromkeys(("id", "household", ALL, *(one.name for one in breakdowns)), pl.String))


__all__ = ["Wanted", "compile_both", "decide_both", "simulate"]
