"""A pack as data: what a region's policy says, where each line stands, and nothing computed.

Expressions are still text here; `policy` types them for a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bulou.engine.basics.days import Period
from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language.plain_chinese import FactWords
from bulou.engine.language.types import FactType

SUBJECTS = ("person", "household", "employer", "institution")
FORCES = ("must", "may", "explore")
STATUSES = ("issued", "draft")
GIVES = (
    "cash",
    "service",
    "list_inclusion",
    "premium",
    "fee_waiver",
    "insurance",
    "reward",
    "education",
    "training",
    "job",
    "priority",
    "device",
    "adaptation",
    "legal_aid",
    "levy",
)
PERIODS = ("month", "year", "once", "trip", "visit", "event", "none")
ABSENT = ("unknown", "false", "false_if_roll_complete", "none_if_roll_complete", "plan_in_force")
CHECK_RUNS = ("month", "levy")
KEYS_FIRST = ("true", "smallest", "largest")
CONFIDENCES = ("seen", "seen-secondary", "memory")
NEEDS = {
    "assistance": ("社会救助", "Social assistance"),
    "subsidies": ("补贴津贴", "Subsidies"),
    "care": ("照护和住房", "Care and housing"),
    "rehabilitation": ("康复和健康", "Rehabilitation and health"),
    "education": ("教育", "Education"),
    "employment": ("就业创业", "Employment"),
    "employers": ("用人单位和残保金", "Employers and levy"),
    "insurance": ("社会保险", "Social insurance"),
    "concessions": ("优惠和便利", "Concessions"),
    "accessibility": ("无障碍", "Accessibility"),
    "culture": ("文化体育", "Culture and sport"),
    "rights": ("权益维护", "Rights"),
    "institutions": ("服务机构", "Service bodies"),
    "organisation": ("组织和经费", "Organisation and funds"),
}
"""What rules are for, with Chinese and English words, in the order in which they are told; a programme's need is that
of its file's name."""

DUTY_KINDS = ("quota", "duty", "funding_floor", "priority")

Origin = Place
"""File and line from which a resolved line comes; the file begins with the pack's region code."""


@dataclass(frozen=True)
class Document:
    id: str
    title: str
    number: str
    issued_on: date | None
    origin: Origin
    issuer: str = ""
    link: str = ""
    note: str = ""


@dataclass(frozen=True)
class DatedValue:
    """One value of a parameter; `confidence` 'memory' means that the source was not checked."""

    period: Period
    value: bool | Decimal | date | str
    cite: str
    confidence: str
    origin: Origin
    note: str = ""


@dataclass(frozen=True)
class Parameter:
    """Dated values of region.<name>. Without a value it is unset: `set_by` says who has to set it."""

    name: str
    unit: str
    set_by: str
    values: tuple[DatedValue, ...]
    origin: Origin
    note: str = ""

    def on(self, day: date) -> DatedValue | None:
        return next((value for value in self.values if day in value.period), None)


@dataclass(frozen=True)
class Derivation:
    """Definitions tried in order while a fact is not given; the first that is known wins."""

    period: Period
    texts: tuple[str, ...]
    origin: Origin
    cite: str = ""


@dataclass(frozen=True)
class FactDefinition:
    """A fact as a pack declares it. `yes` and `no` say a true and a false one in words, `unit` follows its number."""

    name: str
    type: FactType
    label: str
    label_en: str
    question: str
    supplier: str
    absent: str
    codes_zh: Mapping[str, str]
    derivations: tuple[Derivation, ...]
    cite: str
    origin: Origin
    yes: str = ""
    no: str = ""
    unit: str = ""

    @property
    def words(self) -> FactWords:
        """How a sentence about the fact speaks of it."""
        return FactWords(
            self.label, self.yes, self.no, self.unit, self.codes_zh, low=self.type.low, high=self.type.high
        )

    @property
    def subject(self) -> str:
        return self.name.partition(".")[0]

    def derivation_on(self, day: date) -> Derivation | None:
        return next((found for found in self.derivations if day in found.period), None)


@dataclass(frozen=True)
class Supplier:
    id: str
    label: str
    label_en: str
    who: str


@dataclass(frozen=True)
class Condition:
    """One test of a programme; with `excludes` a true test speaks against it."""

    id: str
    test: str
    says: str
    cite: str
    period: Period
    excludes: bool
    origin: Origin


@dataclass(frozen=True)
class AmountRule:
    """Expression of the amount in yuan while `period` lasts."""

    period: Period
    expression: str
    cite: str
    origin: Origin


@dataclass(frozen=True)
class Programme:
    """Something one can be entitled to or liable for.

    `amount_set_by` names who has to set the amount when no expression gives it. `inherited` is the parent
    pack's version, used while this pack is a draft whose plan is not in force. `lasts_months` is how long it lasts
    as the document says it ("6", "12-18"), empty when it does not.
    """

    name: str
    title: str
    subject: str
    gives: str
    force: str
    pays: str
    period: Period
    switch: str
    amounts: tuple[AmountRule, ...]
    amount_set_by: str
    amount_is_floor: bool
    conditions: tuple[Condition, ...]
    cite: str
    covers: tuple[str, ...]
    stacks_with: tuple[str, ...]
    not_with: tuple[str, ...]
    lasts_months: str
    confidence: str
    note: str
    origin: Origin
    need: str = ""
    draft: bool = False
    inherited: Programme | None = None


@dataclass(frozen=True)
class Group:
    """Programmes of one class of which only the highest is due, also against a benefit from elsewhere.

    `has` and `amount` are the facts that tell of the benefit from elsewhere (empty: none).
    """

    name: str
    programmes: tuple[str, ...]
    has: str
    amount: str
    condition: str
    says: str
    cite: str
    origin: Origin


@dataclass(frozen=True)
class Duty:
    """A quota, duty, funding floor or priority: something an office has to keep, not a right of a subject.

    `test` looks at one `subject` at a time; `applies` says whom it concerns (empty: all of them).
    """

    kind: str
    name: str
    title: str
    who: str
    force: str
    says: str
    subject: str
    applies: str
    test: str
    not_computable: str
    cite: str
    covers: tuple[str, ...]
    origin: Origin
    need: str = ""


@dataclass(frozen=True)
class PriorityKey:
    """One key of an order: `expression` is a test (`first` is "true") or a value ("smallest" or "largest" first)."""

    id: str
    expression: str
    first: str
    says: str
    cite: str
    period: Period
    origin: Origin


@dataclass(frozen=True)
class Priority:
    """Where a document says "first": who stands in line, and by which keys, the weightiest first.

    In line are those of `programme`, or those for whom `among` holds, or everybody given. `duty` is the duty of kind
    priority that it carries out; `no_order` says why a document that speaks of priority gives no order to rank by.
    """

    name: str
    title: str
    subject: str
    programme: str
    among: str
    among_says: str
    force: str
    switch: str
    duty: str
    keys: tuple[PriorityKey, ...]
    no_order: str
    cite: str
    origin: Origin
    draft: bool = False


@dataclass(frozen=True)
class Process:
    """Steps and time limits; `details` keeps what the document fixes beyond them, as data."""

    name: str
    title: str
    subject: str
    cite: str
    covers: tuple[str, ...]
    details: Mapping[str, Any]
    origin: Origin
    need: str = ""


@dataclass(frozen=True)
class Indicator:
    """A target of the plan. `numerator` and `denominator` count people; `test` compares the region's own figures."""

    name: str
    number: int | None
    title: str
    unit: str
    nature: str
    baseline: Mapping[str, Any] | None
    target: Mapping[str, Any]
    programmes: tuple[str, ...]
    numerator: str
    denominator: str
    test: str
    not_computable: str
    cite: str
    covers: tuple[str, ...]
    origin: Origin
    need: str = ""
    note: str = ""


@dataclass(frozen=True)
class Check:
    """A named check: a true `test` is a suspicion for a person to look at.

    `run` says what asks it: the month, or the levy about each disabled employee on a list. `programme` is the
    payment it concerns (empty: none), `shows` the facts that are its evidence, `rolls` the kinds of rolls in which
    the evidence stands.
    """

    name: str
    title: str
    programme: str
    test: str
    shows: tuple[str, ...]
    rolls: tuple[str, ...]
    who: str
    action: str
    cite: str
    origin: Origin
    run: str = "month"


@dataclass(frozen=True)
class Question:
    """What a document leaves open: `says` what is unclear, `about` the programmes or duties it touches.

    `covers` are rules of which nobody has decided yet what they are; the open question accounts for them.
    """

    name: str
    says: str
    about: tuple[str, ...]
    cite: str
    covers: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True)
class Rule:
    """A rule found in the region's document: it has to be covered exactly once.

    `added` marks what a further reading of the document found; it is counted apart.
    """

    id: str
    clause: str
    lines: str
    about: str
    not_computable: str
    added: bool
    origin: Origin


@dataclass(frozen=True)
class Expectation:
    programme: str
    subject: str
    verdict: str
    amount: str | None
    failed: tuple[str, ...] | None
    missing: tuple[str, ...] | None


@dataclass(frozen=True)
class Example:
    """A worked example: an input of `decide` and what must come out."""

    title: str
    region: str
    on: date
    document: Mapping[str, Any]
    expects: tuple[Expectation, ...]
    origin: Origin


@dataclass(frozen=True)
class Pack:
    """A region's policy with what it inherits; `chain` runs from the national pack to this one."""

    region: str
    name: str
    status: str
    chain: tuple[str, ...]
    documents: Mapping[str, Document]
    suppliers: Mapping[str, Supplier]
    facts: Mapping[str, FactDefinition]
    parameters: Mapping[str, Parameter]
    programmes: Mapping[str, Programme]
    groups: Mapping[str, Group]
    duties: Mapping[str, Duty]
    processes: Mapping[str, Process]
    indicators: Mapping[str, Indicator]
    checks: Mapping[str, Check]
    questions: Mapping[str, Question]
    rules: Mapping[str, Rule]
    examples: tuple[Example, ...]
    digest: str
    problems: tuple[Problem, ...] = field(default=(), compare=False)
    priorities: Mapping[str, Priority] = field(default_factory=dict)

    def words(self, name: str) -> FactWords:
        """The words of a fact, for sentences made from expressions; an undeclared one is called by its name."""
        return self.facts[name].words if name in self.facts else FactWords(name)

    @property
    def vocabulary(self) -> dict[str, FactType]:
        """Every fact that an expression may read: those declared, and the day of the decision."""
        return {**{name: fact.type for name, fact in self.facts.items()}, "decision.day": FactType("date")}


def is_own(place: Place, pack: Pack) -> bool:
    """Whether a line stands in the pack's own files, not in those of a pack it extends."""
    return place.file.partition("/")[0] == pack.region
