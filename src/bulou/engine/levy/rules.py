"""The levy's policy on a day, taken from the pack, and what of it is used, with clause and dates.

Only the employer's programmes and the checks of the levy are compiled; the rest of the pack costs nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bulou.engine.basics.days import Period
from bulou.engine.facts.month_settings import DatedSetting
from bulou.engine.facts.settings import settings_on, values_of
from bulou.engine.language.nodes import Value
from bulou.engine.levy.wording import plain, yuan
from bulou.engine.pack import Pack, Policy, policy_in_force
from bulou.engine.pack.expressions import definition_words, rule_words
from bulou.engine.pack.wording import cited, since, titles

LEVY, LATE_FEE = "employment_levy", "levy_late_fee"
RATIO, SOCIAL_WAGE, MULTIPLE = "region.quota_percent", "region.social_avg_wage", "region.levy_wage_cap_multiple"
FLOOR = "region.quota_floor_percent"
LATE_RATE, MINIMUM_WAGE = "region.levy_late_fee_per_mille", "region.min_monthly_wage"
RULES_FROM, READ_UNTIL = "region.levy_rules_from", "region.levy_rules_read_until"
STEPS = ("employer.quota_required", "employer.levy_gap", "employer.levy_wage_base", "employer.levy_due",
         "employer.levy_rate_percent", "employer.disabled_credited")  # fmt: skip
VALUES = (RATIO, FLOOR, MULTIPLE, SOCIAL_WAGE, LATE_RATE, MINIMUM_WAGE)


@dataclass(frozen=True, order=True)
class Used:
    """A rule or value that was used: what it says, from when to when, where it stands, how sure its source is."""

    what: str
    says: str
    period: Period
    clause: str
    title: str
    sure: str

    @property
    def clause_words(self) -> str:
        """The clause with its dates, as it stands in a reason."""
        return f"〔{'，'.join(part for part in (self.clause, since(self.period)) if part)}〕"


class Rules:
    """The levy's rules by day. `settings` are the locality's values, which go before the pack's."""

    def __init__(self, pack: Pack, settings: Sequence[DatedSetting] = ()) -> None:
        kept = {name: programme for name, programme in pack.programmes.items() if programme.subject == "employer"}
        self.pack = replace(pack, programmes=kept, groups={})
        self.settings = tuple(settings)
        self._used: dict[tuple[str, str, date | None], Used | None] = {}
        self._days: dict[date, list[Used]] = {}
        self._policies: dict[tuple[date, tuple[tuple[str, Value], ...]], Policy] = {}

    def policy(self, day: date, said: Mapping[str, Value]) -> Policy:
        """The policy of a day; `said` are region values of one row that nobody else has set."""
        key = (day, tuple(sorted(said.items(), key=lambda item: item[0])))
        if key not in self._policies:
            given = {**said, **values_of(settings_on(self.settings, day))}
            self._policies[key] = policy_in_force(self.pack, day, given, more="levy")
        return self._policies[key]

    def value(self, name: str, day: date) -> Value:
        """A region value that a setting or the pack gives for a day; None when nobody has set it."""
        return self.policy(day, {}).constants.get(name)

    def _kept(self, what: str, name: str, day: date | None, find: Callable[[], Used | None]) -> Used | None:
        """Found once for all rows: thousands of rows use the same few rules."""
        key = (what, name, day)
        if key not in self._used:
            self._used[key] = find()
        return self._used[key]

    def dated(self, name: str, day: date) -> Used | None:
        """Where a region value comes from on a day: a setting or the pack; None when nobody has set it."""
        return self._kept("value", name, day, lambda: self._dated(name, day))

    def _dated(self, name: str, day: date) -> Used | None:
        setting = settings_on(self.settings, day).get(name)
        label = self.pack.facts[name].label
        if setting is not None and setting.value is not None:
            source = setting.source or "本地设定，没有写出处"
            return Used(label, self._shown(name, setting.value), Period(setting.start), source, "", "本地设定")
        parameter = self.pack.parameters.get(name.removeprefix("region."))
        value = parameter.on(day) if parameter else None
        if value is None:
            return None
        clause, title = cited(self.pack, value.cite), titles(self.pack, value.cite)
        return Used(label, self._shown(name, value.value), value.period, clause, title, sure(value.confidence))

    def step(self, name: str, day: date) -> Used | None:
        """The definition of a derived fact on a day, with its clause."""
        return self._kept("step", name, day, lambda: self._step(name, day))

    def _step(self, name: str, day: date) -> Used | None:
        fact = self.pack.facts[name]
        derivation = fact.derivation_on(day)
        if derivation is None:
            return None
        cite = derivation.cite or fact.cite
        says = "；".join(definition_words(self.pack, text, fact) for text in derivation.texts)
        return Used(fact.label, says, derivation.period, cited(self.pack, cite), titles(self.pack, cite), sure("seen"))

    def condition(self, programme: str, id: str) -> Used:
        """A condition of a programme."""
        about = self.pack.programmes[programme]
        found = next(condition for condition in about.conditions if condition.id == id)
        what = f"{about.title}：{'不适用于' if found.excludes else '适用于'}"
        clause, title = cited(self.pack, found.cite), titles(self.pack, found.cite)
        return Used(what, found.says, found.period, clause, title, sure(about.confidence))

    def in_force(self, day: date) -> list[Used]:
        """Everything that the levy of a day uses: conditions, steps, values."""
        if day not in self._days:
            self._days[day] = list(self._in_force(day))
        return self._days[day]

    def _in_force(self, day: date) -> Iterator[Used]:
        for programme in (LEVY, LATE_FEE):
            about = self.pack.programmes.get(programme)
            for condition in about.conditions if about and day in about.period else ():
                if day in condition.period:
                    yield self.condition(programme, condition.id)
            for amount in about.amounts if about else ():
                says = rule_words(self.pack, amount.expression, "employer")
                cite = amount.cite or about.cite if about else ""
                title = about.title if about else ""
                yield Used(f"{title}：金额", says, amount.period, cited(self.pack, cite), titles(self.pack, cite), "")
        steps = (self.step(name, day) for name in STEPS)
        values = (self.dated(name, day) for name in VALUES)
        yield from (found for found in (*steps, *values) if found is not None)

    def changes_within(self, start: date, day: date) -> list[Used]:
        """Values and steps of `day` that did not hold yet at the start of the fee period."""
        return [used for used in self.in_force(day) if used.period.start is not None and start < used.period.start]

    def _shown(self, name: str, value: Value) -> str:
        kind = self.pack.facts[name].type.kind
        if isinstance(value, Decimal | int) and not isinstance(value, bool):
            return f"{yuan(value)} 元" if kind == "money" else f"{plain(value)}{self._unit(name)}"
        return str(value)

    def _unit(self, name: str) -> str:
        parameter = self.pack.parameters.get(name.removeprefix("region."))
        return parameter.unit if parameter else ""


def sure(confidence: str) -> str:
    """How sure the source is, in words."""
    return {"seen": "", "seen-secondary": "只见转引，原文待核", "memory": "没有读到原文，待核"}.get(
        confidence, confidence
    )
