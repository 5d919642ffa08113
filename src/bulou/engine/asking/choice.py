"""Which question comes next: the one that saves the most questions, over all undecided programmes by their worth.

A programme's conditions are taken in the order that refutes it soonest (fewest questions for the chance of a no), and
what that takes on average is its expected number of questions. A question is worth the fall of that number over the
answers it can get, times the programme's worth, summed over the programmes. A question that only makes sense after
another one (how much is the other subsidy: is there one?) waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulou.engine.asking.places import Asked
from bulou.engine.asking.standing import OpenProgramme, Standing
from bulou.engine.asking.tables import State

LOOKS = 400
"""Combinations of answers to look through for one that a question decides."""

Chances = dict[Asked, list[float]]


def ranked(standing: Standing) -> list[tuple[Asked, float]]:
    """Every question that may come next with its gain, best first; equal ones in the pack's order."""
    gains: dict[Asked, float] = {}
    earlier: dict[Asked, set[Asked]] = {}
    chances = {asked: [chance for _, chance in answers] for asked, answers in standing.answers.items()}
    for one in standing.programmes:
        questions = list(dict.fromkeys(one.questions()))
        for asked in questions:
            if asked not in one.saved:
                one.saved[asked] = one.worth * _saved(one, asked, chances)
            gains[asked] = gains.get(asked, 0.0) + one.saved[asked]
            before = {o for o in _standing_before(one, asked, questions) if _can_end(one, o, asked, chances)}
            earlier[asked] = earlier[asked] & before if asked in earlier else before
    order = {name: at for at, name in enumerate(standing.policy.facts)}
    people = {key: at for at, key in enumerate(standing.holders)}
    free = [(asked, gain) for asked, gain in gains.items() if not earlier[asked]]
    return sorted(free, key=lambda g: (-round(g[1], 9), order[g[0].fact], people[g[0].kind, g[0].id]))


def first(standing: Standing) -> tuple[Asked, float] | None:
    """The next question with its gain; None when no question can change anything."""
    return next((found for found in ranked(standing) if can_change(standing, found[0])), None)


def can_change(standing: Standing, asked: Asked) -> bool:
    """Whether some answer to this question, after some answers to others, settles an undecided programme."""
    chances = {other: [1.0] * len(answers) for other, answers in standing.answers.items()}
    return any(_settles(one, asked, chances) for one in standing.programmes if asked in one.questions())


def _settles(one: OpenProgramme, asked: Asked, chances: Chances) -> bool:
    """Looks through the answers to the programme's questions, those beside `asked` first, at most LOOKS of them.

    Each condition alone can still turn; here they have to turn together. When the looks are used up, they can.
    """
    beside = [table.asked for table in one.tables if asked in table.asked]
    others = [table.asked for table in one.tables if asked not in table.asked]
    rest = list(dict.fromkeys(other for names in [*beside, *others] for other in names if other != asked))
    looks = 0

    def found(states: Sequence[State], at: int) -> bool:
        nonlocal looks
        looks += 1
        ends = _end(one, states)
        if ends is not None:
            return False
        if looks > LOOKS or any(_end(one, then) is not None for _, then in _answered(one, asked, chances, states)):
            return True
        return any(
            found(then, later + 1)
            for later in range(at, len(rest))
            for _, then in _answered(one, rest[later], chances, states)
        )

    return found([table.start for table in one.tables], 0)


def _end(one: OpenProgramme, states: Sequence[State]) -> bool | None:
    """How the programme ends in these states, None while it is open."""
    outcomes = [table.outcome(state) for table, state in zip(one.tables, states, strict=True)]
    if any(outcome is False for outcome in outcomes):
        return False
    return None if one.refutable_only or None in outcomes else True


def _standing_before(one: OpenProgramme, asked: Asked, questions: Sequence[Asked]) -> list[Asked]:
    """The programme's open yes-or-no questions that its conditions name before this one, which asks for more."""
    if _kind(one, asked) == "bool":
        return []
    named = list(dict.fromkeys(other for table in one.tables for other in table.asked))
    return [o for o in named[: named.index(asked)] if o in questions and _kind(one, o) == "bool"]


def _kind(one: OpenProgramme, asked: Asked) -> str:
    return one.subject.policy.facts[asked.fact].type.kind


def _can_end(one: OpenProgramme, first: Asked, asked: Asked, chances: Chances) -> bool:
    """Whether some answer to the first question leaves nothing that the other one could change in the programme."""
    return any(not _matters(one, asked, then) for _, then in _answered(one, first, chances))


def _matters(one: OpenProgramme, asked: Asked, states: Sequence[State]) -> bool:
    outcomes = [table.outcome(state) for table, state in zip(one.tables, states, strict=True)]
    if any(outcome is False for outcome in outcomes):
        return False
    return any(
        table.asked[question] == asked
        for table, state in zip(one.tables, states, strict=True)
        for question, _ in table.matters(state)
    )


def _saved(one: OpenProgramme, asked: Asked, chances: Chances) -> float:
    """By how much the programme's expected number of questions falls when this one is answered."""
    before = _expected(one, [table.start for table in one.tables])
    return before - sum(chance * _expected(one, then) for chance, then in _answered(one, asked, chances))


def _answered(
    one: OpenProgramme, asked: Asked, chances: Chances, states: Sequence[State] = ()
) -> Iterator[tuple[float, list[State]]]:
    """The states of the programme's conditions after each kind of answer that they tell apart, with its chance."""
    states = states or [table.start for table in one.tables]
    reading = [(at, table.asked.index(asked)) for at, table in enumerate(one.tables) if asked in table.asked]
    grouped: dict[tuple[int, ...], float] = {}
    for answer, chance in enumerate(chances[asked]):
        kinds = tuple(one.tables[at].kinds[question][answer] for at, question in reading)
        grouped[kinds] = grouped.get(kinds, 0.0) + chance
    for kinds, chance in grouped.items():
        then = list(states)
        for (at, question), kind in zip(reading, kinds, strict=True):
            then[at] = one.tables[at].after(then[at], question, kind)
        yield chance, then


def _expected(one: OpenProgramme, states: Sequence[State]) -> float:
    """Expected questions until the programme is settled."""
    outcomes = [table.outcome(state) for table, state in zip(one.tables, states, strict=True)]
    if any(outcome is False for outcome in outcomes):
        return 0.0
    prospects = [table.prospect(state) for table, state in zip(one.tables, states, strict=True)]
    dead = one.refutable_only or any(not prospect.can_be_true for prospect in prospects)
    costs = [
        (prospect.refuting if dead else prospect.questions, prospect.false)
        for prospect in prospects
        if prospect.can_be_false or not dead
    ]
    total, still_open = 0.0, 1.0
    for cost, false in sorted(costs, key=lambda pair: pair[0] / max(pair[1], 1e-9)):
        total += still_open * cost
        still_open *= 1 - false
    return total
