"""The kinds of answers a question can get: values that differ in some open test, with even chances.

Nothing is known about how people answer, so chances are uniform: over yes and no, over codes, over the span of a
bounded number, over the last hundred years of a date, and over the kinds of answers elsewhere.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from bulou.engine.asking.places import Asked
from bulou.engine.entitlements.one_person import Subject
from bulou.engine.language import FactType, Node, evaluate, facts_in, walk
from bulou.engine.language import nodes as n
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Policy

Tests = Mapping[tuple[Node, int], Subject]
Answer = tuple[Value, float]
"""A value that stands for its kind, and the chance of that kind."""

Kind = tuple[tuple[bool, Value], ...]

PLAIN_NUMBERS = [Decimal(number) for number in (0, 1, 2, 3, 5, 10, 30, 31, 100, 1000, 10_000, 100_000)]
CENTURY = 100
LONGEST_AGE = 150


def possible_answers(asked: Asked, holder: Subject, tests: Tests) -> list[Answer]:
    """One value for each kind of answer that the tests tell apart, as things stand. `holder` is left unchanged."""
    kinds: dict[Kind, list[Answer]] = {}
    was = holder.given.get(asked.fact)
    for value, weight in _values(holder.policy.facts[asked.fact].type, tests, holder.policy):
        holder.learn(asked.fact, value)
        kinds.setdefault(kind_of(value, tests), []).append((value, weight))
    holder.learn(asked.fact, was)
    total = sum(weight for answers in kinds.values() for _, weight in answers)
    return [(answers[0][0], sum(weight for _, weight in answers) / total) for answers in kinds.values()]


def kind_of(value: Value, tests: Tests) -> Kind:
    """What the tests make of an answer just learnt; one that a test cannot settle yet is a kind of its own there."""
    seen = [evaluate(test, subject) for (test, _), subject in tests.items()]
    return tuple((found is None, value if found is None else found) for found in seen)


def _values(type: FactType, tests: Tests, policy: Policy) -> Iterable[Answer]:
    match type.kind:
        case "bool":
            return [(True, 1.0), (False, 1.0)]
        case "code":
            return [(code, 1.0) for code in type.codes]
        case "codes":
            return [*(((code,), 1.0) for code in type.codes), (type.codes, 1.0)]
        case "date":
            return _dates(tests, policy)
    return _numbers(type, tests, policy)


def _literals(tests: Tests, policy: Policy) -> Iterator[Value]:
    """Values written in the tests and in the definitions of the facts they read."""
    seen: set[str] = set()
    wanted: list[Node] = [test for test, _ in tests]
    while wanted:
        node = wanted.pop()
        for part in walk(node):
            if isinstance(part, n.Literal):
                yield part.value
            if isinstance(part, n.OneOf):
                yield from (option.value for option in part.options)
        for name in facts_in(node):
            if name not in seen and name in policy.definitions:
                seen.add(name)
                wanted.append(policy.definitions[name])
    yield from _known_numbers(tests)


def _known_numbers(tests: Tests) -> Iterator[Value]:
    """Known values that the open ones are compared with."""
    for (test, _), subject in tests.items():
        for name in facts_in(test):
            value = subject.value(name) if not name.startswith(("own.", "amount.")) else None
            if isinstance(value, Decimal | int | date) and not isinstance(value, bool):
                yield Decimal(value) if isinstance(value, int) else value


def _numbers(type: FactType, tests: Tests, policy: Policy) -> list[Answer]:
    step = Decimal(1).scaleb(-type.decimals)
    points = {*PLAIN_NUMBERS, *(type.low, type.high)} - {None}
    for value in _literals(tests, policy):
        if isinstance(value, Decimal):
            points |= {value - step, value, value + step}
    low, high = type.low, type.high
    whole = [p for p in points if p is not None and p == p.quantize(step)]
    inside = sorted(p for p in whole if (low is None or p >= low) and (high is None or p <= high))
    found: list[Value] = [int(point) if type.kind == "int" else point for point in inside]
    if low is None or high is None:
        return [(value, 1.0) for value in found]
    ends = [*inside[1:], high + step]
    return [(value, float(end - here)) for value, here, end in zip(found, inside, ends, strict=True)]


def _dates(tests: Tests, policy: Policy) -> list[Answer]:
    """Dates at which an age of the tests is reached, the days beside them, and dates written there."""
    points = {_years_before(policy.on, CENTURY), policy.on}
    for value in _literals(tests, policy):
        if isinstance(value, date):
            points |= {value, value + timedelta(days=1), value - timedelta(days=1)}
        elif isinstance(value, Decimal) and value == int(value) and 0 <= value <= LONGEST_AGE:
            for day in (_years_before(policy.on, int(value)), _years_before(policy.on, 0, int(value))):
                points |= {day, day + timedelta(days=1)}
    inside = sorted(points)
    return list(zip(inside, _spans(inside, policy.on), strict=True))


def _spans(days: Sequence[date], on: date) -> list[float]:
    """Days from each date to the next; those to come, and those before the century, count as one day."""
    ends = [*days[1:], days[-1] + timedelta(days=1)]
    first = _years_before(on, CENTURY)
    return [float((end - day).days) if first <= day < on else 1.0 for day, end in zip(days, ends, strict=True)]


def _years_before(day: date, years: int, months: int = 0) -> date:
    month = day.year * 12 + day.month - 1 - years * 12 - months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
