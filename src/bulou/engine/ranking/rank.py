"""Ranks by keys when some keys are unknown: the first and the last rank that anybody can get.

With every unknown key at its best and everybody else's at their worst one gets the first rank; the other way round
the last. Equal bounds are a rank that no further fact can change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bulou.engine.basics.problems import Place as Where
from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.entitlements import Subject, subjects_of
from bulou.engine.facts import CheckedDocument
from bulou.engine.language import evaluate
from bulou.engine.language.nodes import Value
from bulou.engine.pack import ActiveCondition, ActiveProgramme, Pack, Policy, policy_in_force
from bulou.engine.pack.model import Priority, PriorityKey
from bulou.engine.pack.wording import SUBJECT_WORDS

LINE, KEYS = "rank.line", "rank.keys"

Standing = tuple[tuple[int, Decimal], ...]
"""A value for each key, the smaller the earlier: (0, value); an unknown number is (-1, 0) at its best, (1, 0) at its
worst, an unknown test is true at its best, false at its worst."""


@dataclass(frozen=True)
class Place:
    """One subject in line.

    `first` and `last` are the ranks it can get; `in_line` is None while nobody knows whether it belongs to the line.
    `tied` counts those who are equal in every key, itself included (0: not ranked yet), `may_tie` those not ranked yet
    who may turn out equal. `values` are the keys' values in their order; `asks` names the unknown facts.
    """

    subject: str
    first: int
    last: int
    in_line: bool | None
    tied: int
    may_tie: int
    values: tuple[Value, ...]
    asks: tuple[str, ...]

    @property
    def settled(self) -> bool:
        return self.in_line is True and self.first == self.last and self.tied > 0


@dataclass(frozen=True)
class Ranking:
    """A line in its order. `left_out` are those who surely do not belong to it, each with the conditions that failed.

    `keys` are the keys in force on the day, `conditions` say who belongs to the line.
    """

    pack: Pack
    policy: Policy
    priority: Priority
    keys: tuple[PriorityKey, ...]
    conditions: tuple[ActiveCondition, ...]
    places: tuple[Place, ...]
    left_out: tuple[tuple[str, tuple[ActiveCondition, ...]], ...]


def rank(pack: Pack, name: str, document: CheckedDocument, on: date) -> Ranking:
    """Rank the document's subjects by a priority of the pack.

    Raises `Refused` when there is no such priority, it gives no order, its plan is a draft not in force, it is not
    switched on, no key is in force on the day, or the document holds nobody of its kind.
    """
    priority = _priority(pack, name)
    kept = {id: programme for id, programme in pack.programmes.items() if id == priority.programme}
    small = replace(pack, programmes=kept, groups={})
    policy = policy_in_force(small, on, document.settings, document.rolls, more=priority)
    keys = tuple(key for key in priority.keys if on in key.period)
    _check_in_force(priority, policy, keys)
    subjects = [subject for subject in subjects_of(document, policy) if subject.kind == priority.subject]
    if not subjects:
        got, expected = f"没有{_kind(priority)}", f"{_kind(priority)}的名单"
        raise Refused([Problem("nobody-to-rank", Where(), got, expected, "给出要排序的名单")])
    conditions = (*(_programme(policy, priority.programme or LINE).conditions),)
    states = [(subject, _in_line(subject, conditions)) for subject in subjects]
    out = tuple((subject.id, _failed(subject, conditions)) for subject, state in states if state is False)
    line = [(subject, state) for subject, state in states if state is not False]
    return Ranking(pack, policy, priority, keys, conditions, _places(line, policy, keys, conditions), out)


def _priority(pack: Pack, name: str) -> Priority:
    priority = pack.priorities.get(name)
    if priority is None:
        known = "、".join(one.name for one in pack.priorities.values() if one.keys) or "（无）"
        raise Refused([Problem("unknown-priority", Where("PRIORITY"), name, known, "改正名字，或看 bulou rank 地区")])
    if priority.no_order:
        fix = "这一条排不出次序；由人按文件办"
        raise Refused([Problem("no-order", priority.origin, priority.no_order, "有先后的规定", fix)])
    return priority


def _check_in_force(priority: Priority, policy: Policy, keys: Sequence[PriorityKey]) -> None:
    problem = None
    if priority.draft and policy.constants.get("region.plan_in_force") is not True:
        got, fix = f"{priority.title}：规划没有正式印发", "只想测算，加 --set plan_in_force=是；不能用来办事"
        problem = Problem("plan-not-in-force", priority.origin, got, "已经印发的规划", fix)
    elif priority.switch and policy.constants.get(priority.switch) is not True:
        switch = priority.switch.removeprefix("region.")
        got = f"{priority.title}：本地没有实行（{policy.facts[priority.switch].label}）"
        problem = Problem("not-switched-on", priority.origin, got, "本地已实行", f"已实行就加 --set {switch}=是")
    elif not keys:
        got = f"{priority.title}：{policy.on} 没有有效的次序"
        problem = Problem("no-key-in-force", priority.origin, got, "那一天有效的键", "核对日期")
    if problem:
        raise Refused([problem])


def _kind(priority: Priority) -> str:
    return SUBJECT_WORDS[priority.subject]


def _programme(policy: Policy, name: str) -> ActiveProgramme:
    found = next((programme for programme in policy.programmes if programme.name == name), None)
    if found is None:
        got, expected = f"{name} 在 {policy.on} 没有效力", "那一天有效的项目"
        raise Refused([Problem("programme-not-in-force", Where(), got, expected, "核对日期")])
    return found


def _in_line(subject: Subject, conditions: Sequence[ActiveCondition]) -> bool | None:
    states = [evaluate(condition.holds, subject) for condition in conditions]
    return False if False in states else None if None in states else True


def _failed(subject: Subject, conditions: Sequence[ActiveCondition]) -> tuple[ActiveCondition, ...]:
    return tuple(condition for condition in conditions if evaluate(condition.holds, subject) is False)


# ranks ------------------------------------------------------------------------------------------------------------


def _places(
    line: Sequence[tuple[Subject, bool | None]],
    policy: Policy,
    keys: Sequence[PriorityKey],
    conditions: Sequence[ActiveCondition],
) -> tuple[Place, ...]:
    """The line by first rank, then last, then as it was given."""
    active = _programme(policy, KEYS).conditions
    values = [tuple(evaluate(key.holds, subject) for key in active) for subject, _ in line]
    best = [_standing(one, keys, -1) for one in values]
    worst = [_standing(one, keys, 1) for one in values]
    sure = [state is True for _, state in line]
    ahead = sorted(standing for standing, belongs in zip(worst, sure, strict=True) if belongs)
    may_be_ahead = sorted(best)
    known = Counter(standing for standing, other, ok in zip(best, worst, sure, strict=True) if ok and standing == other)
    open_ = [at for at, ok in enumerate(sure) if not ok or best[at] < worst[at]]
    alike = _Alike([(values[at], best[at]) for at in open_])
    places = []
    for (subject, state), mine, low, high in zip(line, values, best, worst, strict=True):
        itself = 1 if low < high else 0
        first = 1 + bisect_left(ahead, low)
        last = 1 + bisect_left(may_be_ahead, high) - itself
        open_keys = [key.test for key, value in zip(active, mine, strict=True) if value is None]
        open_line = [condition.test for condition in conditions] if state is None else []
        asks = subject.missing_in([*open_line, *open_keys]) if first < last or state is None else ()
        tied = known[low] if low == high and state else 0
        may_tie = alike.count(low) if tied else 0
        places.append(Place(subject.id, first, last, state, tied, may_tie, mine, asks))
    return tuple(sorted(places, key=lambda place: (place.in_line is None, place.first, place.last)))


class _Alike:
    """Who may turn out equal to somebody: all that is known of their keys is the same."""

    def __init__(self, unsure: Iterable[tuple[Sequence[Value], Standing]]) -> None:
        self._by_known: dict[tuple[int, ...], Counter[Standing]] = {}
        for values, standing in unsure:
            known = tuple(at for at, value in enumerate(values) if value is not None)
            self._by_known.setdefault(known, Counter())[tuple(standing[at] for at in known)] += 1

    def count(self, standing: Standing) -> int:
        """How many may turn out to stand exactly so."""
        return sum(counts[tuple(standing[at] for at in known)] for known, counts in self._by_known.items())


def _standing(values: Iterable[Value], keys: Sequence[PriorityKey], unknown: int) -> Standing:
    return tuple(_one(value, key, unknown) for value, key in zip(values, keys, strict=True))


def _one(value: Value, key: PriorityKey, unknown: int) -> tuple[int, Decimal]:
    if value is None:
        return (0, Decimal(unknown > 0)) if key.first == "true" else (unknown, Decimal(0))
    if isinstance(value, bool):
        return (0, Decimal(0 if value else 1))
    number = Decimal(value.toordinal()) if isinstance(value, date) else Decimal(value)  # type: ignore[arg-type]
    return (0, number if key.first == "smallest" else -number)
