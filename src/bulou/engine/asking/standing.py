"""How the programmes stand: which are undecided, what each of their conditions waits for, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from bulou.engine.asking.answers import Answer, Tests, possible_answers
from bulou.engine.asking.places import Askable, Asked, Open, open_places
from bulou.engine.asking.tables import LARGEST, NOT_YET, LargeTable, State, Table
from bulou.engine.entitlements.one_person import Subject
from bulou.engine.language import Node, evaluate
from bulou.engine.language.nodes import Value
from bulou.engine.pack import ActiveProgramme, Policy

Waiting = list[tuple[ActiveProgramme, Subject, list[tuple[Node, bool]]]]
"""Programme, subject, and the undecided expressions; the amount is marked."""


@dataclass(frozen=True)
class OpenProgramme:
    """An undecided programme of a subject, or one that is due with an amount still unknown.

    `tables` are its conditions that wait for answers, and its amount where that does.
    `refutable_only` means that something it waits for cannot be asked: it can end in a no, but not in a yes.
    """

    programme: ActiveProgramme
    subject: Subject
    tables: tuple[Table, ...]
    refutable_only: bool
    worth: float

    def questions(self) -> Iterator[Asked]:
        """The questions that can still change it."""
        for table in self.tables:
            for question, outcome in table.matters(table.start):
                if not (self.refutable_only and outcome):
                    yield table.asked[question]


class Standing:
    """Every undecided programme of the subjects as things stand, with the answers that could change it."""

    def __init__(self, policy: Policy, subjects: list[Subject], askable: Askable) -> None:
        self.policy, self.askable = policy, askable
        self.holders = {(one.kind, one.id): one for one in subjects}
        waiting = [
            (programme, subject, nodes)
            for subject in subjects
            for programme in policy.of(subject.kind)
            if (nodes := _waiting(programme, subject))
        ]
        self._open: dict[tuple[Node, int], Open] = {}
        for _, subject, nodes in waiting:
            for node, _ in nodes:
                self._open.setdefault((node, id(subject)), open_places(node, subject, askable))
        self.answers = self._all_answers()
        self._tables: dict[tuple[Node, int, bool], Table] = {}
        self.programmes = self._programmes(waiting)

    def _all_answers(self) -> dict[Asked, list[Answer]]:
        tests: dict[Asked, dict[tuple[Node, int], Subject]] = {}
        for found in self._open.values():
            for asked, read_by in found.tests.items():
                tests.setdefault(asked, {}).update(read_by)
        return {asked: possible_answers(asked, self.holder(asked), read_by) for asked, read_by in tests.items()}

    def holder(self, asked: Asked) -> Subject:
        return self.holders[asked.kind, asked.id]

    def _programmes(self, waiting: Waiting) -> list[OpenProgramme]:
        found = []
        for programme, subject, nodes in waiting:
            tables = [self._table(node, subject, is_amount) for node, is_amount in nodes]
            can_be_true = [any(outcome for _, outcome in table.matters(table.start)) for table in tables]
            useful = tuple(
                table
                for table, (_, is_amount), can in zip(tables, nodes, can_be_true, strict=True)
                if table.matters(table.start) and (can or not is_amount)
            )
            stuck = any(not (can or is_amount) for (_, is_amount), can in zip(nodes, can_be_true, strict=True))
            found.append(OpenProgramme(programme, subject, useful, stuck, worth(programme, subject)))
        return [one for one in found if next(one.questions(), None)]

    def _table(self, node: Node, subject: Subject, is_amount: bool) -> Table:
        key = (node, id(subject), is_amount)
        if key not in self._tables:
            tests = self._open[node, id(subject)].tests
            self._tables[key] = self._make_table(node, subject, is_amount, tests)
        return self._tables[key]

    def _make_table(self, node: Node, subject: Subject, is_amount: bool, tests: Mapping[Asked, Tests]) -> Table:
        asked = list(tests)
        told = [self._told_apart(one, tests[one]) for one in asked]
        answers, kinds = [answers for answers, _ in told], [kinds for _, kinds in told]

        def outcome(state: State) -> bool | None:
            given = [(at, choice) for at, choice in enumerate(state) if choice != NOT_YET]
            for at, choice in given:
                self.holder(asked[at]).learn(asked[at].fact, answers[at][choice][0])
            value = evaluate(node, subject)
            for at, _ in given:
                self.holder(asked[at]).learn(asked[at].fact, None)
            return (None if value is None else True) if is_amount else value  # type: ignore[return-value]

        states = prod(len(choices) + 1 for choices in answers)
        return (Table if states <= LARGEST else LargeTable)(asked, answers, kinds, outcome)

    def _told_apart(self, asked: Asked, tests: Tests) -> tuple[list[Answer], list[int]]:
        """The kinds of answers that matter to one condition, and of which kind each possible answer is."""
        holder, kinds = self.holder(asked), []
        number: dict[tuple[Value, ...], int] = {}
        told: list[Answer] = []
        for value, chance in self.answers[asked]:
            holder.learn(asked.fact, value)
            seen = [evaluate(test, subject) for (test, _), subject in tests.items()]
            kind = number.setdefault(tuple(value if one is None else one for one in seen), len(number))
            if kind == len(told):
                told.append((value, 0.0))
            told[kind] = (told[kind][0], told[kind][1] + chance)
            kinds.append(kind)
        holder.learn(asked.fact, None)
        return told, kinds


def _waiting(programme: ActiveProgramme, subject: Subject) -> list[tuple[Node, bool]]:
    """The undecided conditions, and the amount (marked) while it is unknown; empty when nothing is open."""
    held = [(condition.holds, evaluate(condition.holds, subject)) for condition in programme.conditions]
    if any(value is False for _, value in held):
        return []
    nodes = [(node, False) for node, value in held if value is None]
    if programme.amount is not None and evaluate(programme.amount, subject) is None:
        nodes.append((programme.amount, True))
    return nodes


def worth(programme: ActiveProgramme, subject: Subject) -> float:
    """How much a programme weighs: 1, and 1 more for every hundred yuan a month where the amount is known, at most 11.

    An amount paid by the year, once, or for an event counts a twelfth of it a month.
    """
    amount = evaluate(programme.amount, subject) if programme.amount is not None else None
    if not isinstance(amount, Decimal | int):
        return 1.0
    monthly = Decimal(amount) if programme.pays == "month" else Decimal(amount) / 12
    return 1.0 + float(min(monthly, Decimal(1000))) / 100
