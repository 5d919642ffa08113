"""Runs a forecast: each month's policy on what is known today, costs, who changes, and a projection if asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.months import month_of, months_after
from bulou.engine.basics.problems import Place, Problem, refuse_errors
from bulou.engine.entitlements.compile import compile_kind
from bulou.engine.entitlements.everyone import given_in, run_polars
from bulou.engine.facts.month_settings import DatedSetting
from bulou.engine.facts.tables import Tables
from bulou.engine.language import nodes as n
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack, Policy, policy_in_force
from bulou.engine.pack.policy import ActiveCondition, ActiveProgramme
from bulou.engine.simulation.breakdowns import group_programme
from bulou.engine.simulation.forecast.assumptions import Assumptions
from bulou.engine.simulation.forecast.changes import Watch, policy_changes
from bulou.engine.simulation.forecast.costs import Ledger
from bulou.engine.simulation.forecast.months import Month, Months, Numbered, numbered
from bulou.engine.simulation.forecast.moving import GIVEN, dates_first, given_apart, moving_facts
from bulou.engine.simulation.forecast.projection import BAND, LIKE, Projector
from bulou.engine.simulation.forecast.result import Carried, Forecast, Forecasted
from bulou.engine.simulation.population import Population
from bulou.engine.simulation.wishes import Wish, put_in_wishes

if TYPE_CHECKING:
    import polars as pl

MOST_MONTHS = 240


@dataclass(frozen=True)
class Look:
    """What to look ahead at: how many months after this one, wishes from `start` on, programmes (empty: all).

    `lists` asks for rows of single subjects.
    """

    months: int
    wishes: tuple[Wish, ...] = ()
    current: tuple[DatedSetting, ...] = ()
    start: date | None = None
    programmes: tuple[str, ...] = ()
    assumptions: Assumptions | None = None
    lists: bool = True


def forecast(
    pack: Pack, population: Population, on: date, look: Look, done: Callable[[str], None] = lambda _: None
) -> Forecast:
    """Decide this month on `on` and each coming month on its decision day, with the facts known today.

    Rolls, incomes and everything without a date stay as they are. Raises `Refused` for what cannot be looked at.
    """
    _check(pack, look)
    calendar = _Calendar(pack, population, on, look)
    first, last = calendar.policy(calendar.months[0]), calendar.policy(calendar.months[-1])
    moving = moving_facts(pack)
    coded = numbered(population.tables)
    tables, given = given_apart(
        coded.tables, moving, replace(last, definitions={**last.definitions, **first.definitions})
    )
    months = Months(tables, moving | {name + GIVEN for name in given})
    ledger, watch = Ledger(), Watch(pack, coded, population.areas, look.lists)
    projector = Projector(look.assumptions, coded.ids) if look.assumptions else None
    before: Month | None = None
    for month in calendar.months:
        policy = first if month == calendar.months[0] else calendar.policy(month)
        now = months.decide(month, dates_first(policy, given))
        ledger.enter(now)
        if before is not None:
            watch.compare(before, now)
        if projector:
            projector.enter(now)
        before = now
        done(month)
    carried = _carried(pack, coded, tables, first, given)
    return _result(calendar, _Gathered(ledger, watch, projector, carried, months))


@dataclass(frozen=True)
class _Gathered:
    ledger: Ledger
    watch: Watch
    projector: Projector | None
    carried: tuple[Carried, ...]
    months: Months


def _result(calendar: _Calendar, found: _Gathered) -> Forecast:
    from importlib.metadata import version

    pack, months = calendar.asked, calendar.months
    return Forecast(
        region=pack.region,
        region_name=pack.name,
        status=pack.status,
        months=tuple(months),
        on=calendar.on,
        decision_day=calendar.population.decision_day,
        digest=pack.digest,
        version=version("bulou"),
        says=calendar.says,
        programmes=tuple(_forecasted(one, found.ledger) for one in found.ledger.programmes.values()),
        subjects={kind: len(ids) for kind, ids in found.watch.coded.ids.items()},
        costs=found.ledger.frame(),
        events=found.watch.events(),
        changes=found.watch.changes(),
        policy=policy_changes(pack, [calendar.policies[month] for month in months], months),
        carried=found.carried,
        assumptions=calendar.look.assumptions,
        projection=found.projector.frame() if found.projector else None,
        without_age=found.projector.without_age if found.projector else 0,
        notes=(*calendar.population.notes, *calendar.notes),
        evaluated=found.months.evaluated,
        reused=found.months.reused,
    )


def _check(pack: Pack, look: Look) -> None:
    from difflib import get_close_matches

    problems = []
    if not 1 <= look.months <= MOST_MONTHS:
        place = Place("--months")
        problems.append(
            Problem("out-of-range", place, str(look.months), f"1–{MOST_MONTHS}", "改正 --months 或 --years")
        )
    for name in look.programmes:
        if name not in pack.programmes:
            close = get_close_matches(name, pack.programmes, n=3, cutoff=0.5) or list(pack.programmes)[:5]
            fix = f"是否想写 did you mean {'、'.join(close)}？"
            problems.append(Problem("unknown-programme", Place("--programme"), name, "地区包里的项目", fix))
    refuse_errors(problems)


class _Calendar:
    """The policy of each month: dated values and rules, the locality's settings, and what is wished."""

    def __init__(self, pack: Pack, population: Population, on: date, look: Look) -> None:
        self.asked, self.on, self.look, self.population = pack, on, look, population
        self.months = [months_after(month_of(on), step) for step in range(look.months + 1)]
        known = population.settings_on(on) | {one.fact: one.value for one in look.current}
        wished = put_in_wishes(pack, look.wishes, look.start, known)
        self.pack = _with_groups(wished.pack, look.assumptions)
        self.settings, self.says, self.notes = wished.settings, wished.says, wished.notes
        self.policies: dict[str, Policy] = {}

    def policy(self, month: str) -> Policy:
        """The policy in force on the month's decision day, with the programmes asked for."""
        if month not in self.policies:
            day = self.on if month == self.months[0] else self.population.day_of(month)
            policy = policy_in_force(self.pack, day, self._settings_on(day), self.population.rolls)
            self.policies[month] = self._only(policy)
        return self.policies[month]

    def _settings_on(self, day: date) -> dict[str, Value]:
        settings = self.population.settings_on(day) | {one.fact: one.value for one in self.look.current}
        settings |= {one.fact: one.value for one in self.settings if one.start is None or one.start <= day}
        return {name: value for name, value in settings.items() if name in self.pack.facts}

    def _only(self, policy: Policy) -> Policy:
        wanted = self.look.programmes
        if not wanted:
            return policy
        kept = tuple(p for p in policy.programmes if p.name in wanted or p.name.startswith("by."))
        return replace(policy, programmes=kept)


def _with_groups(pack: Pack, assumptions: Assumptions | None) -> Pack:
    """The pack with the age bands and the likeness of the assumptions as programmes."""
    if assumptions is None:
        return pack
    tests = {
        f"{BAND}{at}": f"person.age BETWEEN {rate.low} AND {rate.high}" for at, rate in enumerate(assumptions.mortality)
    }
    if assumptions.inflow:
        tests[LIKE] = assumptions.inflow.like
    more: dict[str, Any] = {name: group_programme(name, name, "person", test, test) for name, test in tests.items()}
    if assumptions.mortality:
        more[f"{BAND}known"] = group_programme(f"{BAND}known", "", "person", "", "person.age >= 0")
    for name, programme in more.items():
        place = Place(assumptions.file, column="inflow.like" if name == LIKE else "mortality")
        conditions = tuple(replace(condition, origin=place) for condition in programme.conditions)
        more[name] = replace(programme, conditions=conditions, origin=place)
    return replace(pack, programmes={**pack.programmes, **more})


def _forecasted(one: ActiveProgramme, ledger: Ledger) -> Forecasted:
    money = one.name in ledger.paid
    return Forecasted(one.name, one.title, one.subject, one.pays, money, one.gives == "levy")


def _carried(pack: Pack, coded: Numbered, tables: Tables, policy: Policy, given: Sequence[str]) -> tuple[Carried, ...]:
    """How many subjects have a moving fact only as somebody gave it."""
    found = []
    for kind, names in _by_kind(given):
        frame = coded.tables.frames[kind]
        derived = _known_by_definition(tables, policy, kind, names)
        there = frame.select("id", *names).collect()
        both = there.join(derived, on="id", how="left")
        for name in names:
            count = both.filter(both[name].is_not_null() & both[f"known.{name}"].is_null()).height
            if count:
                found.append(Carried(name, pack.facts[name].label, count))
    return tuple(found)


def _by_kind(names: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for kind in dict.fromkeys(name.partition(".")[0] for name in names):
        yield kind, [name for name in names if name.startswith(f"{kind}.")]


def _known_by_definition(tables: Tables, policy: Policy, kind: str, names: Sequence[str]) -> pl.DataFrame:
    """id and known.<fact>: true where the definition alone gives the fact, NULL where it does not."""
    programmes = []
    for name in names:
        type = policy.vocabulary[name]
        fact = n.Fact(name, type=type.type, limit=type.limit)
        itself = n.Compare("=", fact, fact)
        condition = ActiveCondition("known", "", "", itself, itself)
        programmes.append(
            ActiveProgramme(f"known.{name}", "", kind, "check", "none", None, False, "", (condition,), "", False)
        )
    compiled = compile_kind(replace(policy, programmes=tuple(programmes)), kind, given_in(tables), masks=False)
    return run_polars(compiled, tables).collect()
