"""Decides one month of the history as it is known at another: verdicts, amounts and reasons of everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.months import first_day, last_day, months_after
from bulou.engine.basics.workers import Workers
from bulou.engine.entitlements.compile import CompiledKind, compile_kind
from bulou.engine.entitlements.everyone import given_in, run_polars
from bulou.engine.facts.history import History, load_history
from bulou.engine.facts.month_settings import MonthSettings
from bulou.engine.facts.on_month import MonthFacts, Renewals, Wanted, facts_on
from bulou.engine.facts.settings import settings_on, values_of
from bulou.engine.facts.tables import Tables
from bulou.engine.intake import Templates
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack, Policy, policy_in_force
from bulou.engine.pack.region import RegionFacts

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class DecidedMonth:
    """The result frame of people (`id`, verdicts, amounts, masks) with all it was computed from."""

    month: str
    policy: Policy
    facts: MonthFacts
    compiled: CompiledKind
    frame: pl.DataFrame

    def without_facts(self) -> DecidedMonth:
        """The verdicts alone: facts of many months together would fill the memory."""
        for roll in self.facts.rolls:
            roll.let_go()
        return replace(self, facts=replace(self.facts, tables=Tables({}, frozenset()), rolls=(), contacts=()))


@dataclass(frozen=True)
class Decider:
    """Decides months of one history under one pack; `known` is the month whose knowledge is used.

    `workers` may decide past months meanwhile, when the history lies `kept` in a folder (see `save_history`).
    """

    pack: Pack
    history: History
    templates: Templates
    known: str
    settings: MonthSettings
    workers: Workers = field(default_factory=Workers, compare=False, repr=False)
    kept: Path | None = None
    _facts: dict[str, MonthFacts] = field(default_factory=dict, compare=False, repr=False)

    def facts(self, month: str, wanted: Wanted | None = None) -> MonthFacts:
        """What is known of a month, at least what is wanted; all of the month itself, kept for the forecasts."""
        if month in self._facts:
            return self._facts[month]
        some = None if month == self.known else wanted
        about = (self.history, month, self.known, self.pack, self.templates)
        found = facts_on(*about, renewals=self.renewals(), wanted=some)
        if month == self.known:
            self._facts[month] = found
        return found

    def day(self, month: str) -> date:
        """The day whose facts decide a month."""
        return first_day(month) if self.settings.decision_day == "first" else last_day(month)

    def settings_on(self, day: date) -> dict[str, Value]:
        """The locality's values in force on a day; of several the one that started last."""
        return values_of(settings_on(self.settings.settings, day))

    def rule(self, name: str, month: str) -> Value:
        """What the region has settled about its method for a month (`region.<name>`); None where nobody has."""
        day = self.day(month)
        return RegionFacts(self.pack, day, self.settings_on(day), frozenset()).value(f"region.{name}")

    def renewals(self) -> Renewals | None:
        """Certificates renewed after a month that count for it already, where payment starts with the application."""
        if self.rule("renewal_pays_from", self.known) != "application":
            return None
        most = self.rule("renewal_back_pay_months", self.known)
        return Renewals(None if most is None else months_after(self.known, -int(str(most))))

    def decide(
        self,
        month: str,
        programmes: Sequence[str] | None = None,
        more: pl.DataFrame | None = None,
        facts_of: str | None = None,
        people: pl.Series | None = None,
    ) -> DecidedMonth:
        """Decide `month`; `facts_of` takes the facts of another month (for forecasts), `more` adds facts by person.

        With `programmes` given, the facts may be those alone that these read; with `people`, whoever else is left out
        unless facts of households decide.
        """
        goes_on = self.rule("stops_from", month) == "next_month"
        days = [self.day(month), *([first_day(month)] if goes_on else [])]
        policies = [self._policy(day, facts_of or month, programmes, more is not None) for day in days]
        read = frozenset(name for policy in policies for name in policy.reads())
        alone = people if not any(name.startswith("household.") for name in read) else None
        facts = self.facts(facts_of or month, None if programmes is None else Wanted(read, alone))
        facts = replace(facts, tables=_with(facts.tables, more))
        policies = [replace(policy, rolls=facts.complete) for policy in policies]
        compiled, frame = _evaluated(policies[0], facts.tables)
        if goes_on:
            frame = kept_through_the_month(frame, _evaluated(policies[1], facts.tables)[1], compiled)
        return DecidedMonth(month, policies[0], facts, compiled, frame)

    def verdicts_of(self, month: str, programmes: Sequence[str], people: pl.Series) -> Callable[[], DecidedMonth]:
        """The month of these people at least, without its facts, decided by another process meanwhile or when it is
        asked for."""
        if self.kept is None or not self.workers.processes:
            return lambda: self.decide(month, programmes, people=people).without_facts()
        how = (self.pack, self.kept, self.templates, self.known, self.settings)
        return self.workers.submit(_verdicts_of_kept, *how, month, programmes, people)

    def _policy(self, day: date, month: str, programmes: Sequence[str] | None, checks: bool) -> Policy:
        """The policy of a day before the facts of a month are looked at: of completeness it knows what was declared
        of the region, on which no roll says anything."""
        declared = self.history.complete.get(month, frozenset())
        of_region = frozenset(name for name in declared if name.startswith("region."))
        more = "month" if checks else ""
        return policy_in_force(self.pack, day, self.settings_on(day), of_region, more, programmes=programmes)


def _evaluated(policy: Policy, tables: Tables) -> tuple[CompiledKind, pl.DataFrame]:
    compiled = compile_kind(policy, "person", given_in(tables))
    return compiled, run_polars(compiled, tables).collect()


def _verdicts_of_kept(  # noqa: PLR0913, PLR0917 what another process needs to know
    pack: Pack,
    kept: Path,
    templates: Templates,
    known: str,
    settings: MonthSettings,
    month: str,
    names: Sequence[str],
    people: pl.Series,
) -> DecidedMonth:
    history = load_history(kept)
    assert history is not None
    return Decider(pack, history, templates, known, settings).decide(month, names, people=people).without_facts()


def kept_through_the_month(at_end: pl.DataFrame, at_start: pl.DataFrame, compiled: CompiledKind) -> pl.DataFrame:
    """Where a payment stops from the following month, who was due when the month began stays due in it.

    `<programme>__ends` is True for those who are due for that reason alone.
    """
    import polars as pl

    paid = [p.name for p in compiled.programmes if p.pays == "month" and f"{p.name}__fen" in at_end.columns]
    begun = at_start.select("id", *paid, *(f"{name}__fen" for name in paid))
    both = at_end.join(begun, on="id", how="left", maintain_order="left", suffix=BEGUN)
    columns: list[pl.Expr] = []
    for name in paid:
        fen, was_due = f"{name}__fen", pl.col(f"{name}{BEGUN}")
        ends = was_due.fill_null(False) & ~pl.col(name).fill_null(False)
        columns.append(ends.alias(f"{name}__ends"))
        columns.append((pl.col(name) | was_due).alias(name))
        columns.append(pl.when(ends).then(f"{fen}{BEGUN}").otherwise(fen).alias(fen))
    return both.with_columns(columns).select(pl.exclude(f"^.*{BEGUN}$"))


BEGUN = "#begun"
"""Ends the columns of the day on which a month began beside those of the day that decides it."""


def _with(tables: Tables, more: pl.DataFrame | None) -> Tables:
    if more is None:
        return tables
    persons = (
        tables.frames["person"].collect().join(more, left_on="id", right_on="person", how="left", maintain_order="left")
    )
    return Tables({**tables.frames, "person": persons.lazy()}, tables.never_unknown)
