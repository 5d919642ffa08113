"""Decides one month of the history as it is known at another: verdicts, amounts and reasons of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.months import first_day, last_day
from bulou.engine.entitlements.compile import CompiledKind, compile_kind
from bulou.engine.entitlements.everyone import given_in, run_polars
from bulou.engine.facts.history import History
from bulou.engine.facts.month_settings import MonthSettings
from bulou.engine.facts.on_month import MonthFacts, facts_on
from bulou.engine.facts.tables import Tables
from bulou.engine.intake import Templates
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack, Policy, policy_in_force

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


@dataclass(frozen=True)
class Decider:
    """Decides months of one history under one pack; `known` is the month whose knowledge is used."""

    pack: Pack
    history: History
    templates: Templates
    known: str
    settings: MonthSettings
    _facts: dict[str, MonthFacts] = field(default_factory=dict, compare=False, repr=False)

    def facts(self, month: str) -> MonthFacts:
        """What is known of a month; worked out once, for forecasts ask for the same month again."""
        if month not in self._facts:
            self._facts[month] = facts_on(self.history, month, self.known, self.pack, self.templates)
        return self._facts[month]

    def day(self, month: str) -> date:
        """The day whose facts decide a month."""
        return first_day(month) if self.settings.decision_day == "first" else last_day(month)

    def settings_on(self, day: date) -> dict[str, Value]:
        """The locality's values in force on a day; of several the one that started last."""
        in_force = [setting for setting in self.settings.settings if setting.start is None or setting.start <= day]
        in_force.sort(key=lambda setting: setting.start or date.min)
        return {setting.fact: setting.value for setting in in_force}

    def decide(
        self,
        month: str,
        programmes: Sequence[str] | None = None,
        more: pl.DataFrame | None = None,
        facts_of: str | None = None,
    ) -> DecidedMonth:
        """Decide `month`; `facts_of` takes the facts of another month (for forecasts), `more` adds facts by person."""
        day = self.day(month)
        facts = self.facts(facts_of or month)
        tables = _with(facts.tables, more)
        policy = policy_in_force(self.pack, day, self.settings_on(day), facts.complete, checks=more is not None)
        policy = _only(policy, programmes)
        compiled = compile_kind(policy, "person", given_in(tables))
        return DecidedMonth(month, policy, facts, compiled, run_polars(compiled, tables).collect())


def _with(tables: Tables, more: pl.DataFrame | None) -> Tables:
    if more is None:
        return tables
    persons = tables.frames["person"].join(
        more.lazy(), left_on="id", right_on="person", how="left", maintain_order="left"
    )
    return Tables({**tables.frames, "person": persons}, tables.never_unknown)


def _only(policy: Policy, programmes: Sequence[str] | None) -> Policy:
    from dataclasses import replace

    if programmes is None:
        return policy
    kept: tuple[Any, ...] = tuple(p for p in policy.programmes if p.name in programmes)
    return replace(policy, programmes=kept)
