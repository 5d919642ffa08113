"""How the programmes stand: which are undecided, what each of their conditions waits for, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import prod

from bulou.engine.asking.answers import Answer, Kind, Tests, kind_of, possible_answers
from bulou.engine.asking.places import Askable, Asked, Open, open_places
from bulou.engine.asking.tables import LARGEST, NOT_YET, LargeTable, State, Table
from bulou.engine.entitlements.one_person import Subject
from bulou.engine.language import Node, evaluate, facts_in
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
    saved: dict[Asked, float] = field(default_factory=dict, compare=False)
    """What was worked out of it; it stays while the programme stands so."""

    def questions(self) -> Iterator[Asked]:
        """The questions that can still change it."""
        for table in self.tables:
            for question, outcome in table.matters(table.start):
                if not (self.refutable_only and outcome):
                    yield table.asked[question]


class Standing:
    """Every undecided programme of the subjects as things stand, with the answers that could change it.

    What was worked out is kept from one question to the next; an answer only drops what reads its fact.
    """

    def __init__(self, policy: Policy, subjects: Sequence[Subject], skipped: Iterable[Asked] = ()) -> None:
        self.policy, self.subjects = policy, list(subjects)
        self.askable = Askable(policy, set(skipped))
        self.holders = {(one.kind, one.id): one for one in subjects}
        self.answers: dict[Asked, list[Answer]] = {}
        self._answered_tests: dict[Asked, set[tuple[Node, int]]] = {}
        self._reads: dict[Node, frozenset[str]] = {}
        self._waiting: dict[tuple[str, int], list[tuple[Node, bool]]] = {}
        self._open: dict[tuple[Node, int], Open] = {}
        self._tables: dict[tuple[Node, int, bool], Table] = {}
        self._built: dict[tuple[str, int], OpenProgramme] = {}
        self.programmes: list[OpenProgramme] = []
        self._work_out()

    def learn(self, asked: Asked, value: Value) -> None:
        """Take an answer (None: unknown again) and see how the programmes stand then."""
        self.holder(asked).learn(asked.fact, value)
        self._forget(asked.fact)
        self._work_out()

    def skip(self, asked: Asked, skipped: bool = True) -> None:
        """Nobody can answer this one (or somebody can, after all)."""
        (self.askable.skipped.add if skipped else self.askable.skipped.discard)(asked)
        self.askable = Askable(self.policy, self.askable.skipped)
        self._forget(asked.fact)
        self._work_out()

    def _work_out(self) -> None:
        waiting = [
            (programme, subject, nodes)
            for subject in self.subjects
            for programme in self.policy.of(subject.kind)
            if (nodes := self._nodes(programme, subject))
        ]
        for _, subject, nodes in waiting:
            for node, _ in nodes:
                if (node, id(subject)) not in self._open:
                    self._open[node, id(subject)] = open_places(node, subject, self.askable)
        self._renew_answers({(node, id(subject)) for _, subject, nodes in waiting for node, _ in nodes})
        self.programmes = self._programmes(waiting)

    def _nodes(self, programme: ActiveProgramme, subject: Subject) -> list[tuple[Node, bool]]:
        key = (programme.name, id(subject))
        if key not in self._waiting:
            self._waiting[key] = _waiting(programme, subject)
        return self._waiting[key]

    def _forget(self, fact: str) -> None:
        """Drop everything that reads a fact."""
        for subject in self.subjects:
            for programme in self.policy.of(subject.kind):
                if fact in self._facts_of(programme):
                    self._waiting.pop((programme.name, id(subject)), None)
        for node, subject_id in [key for key in self._open if fact in self._closure(key[0])]:
            del self._open[node, subject_id]
            for is_amount in (False, True):
                self._tables.pop((node, subject_id, is_amount), None)
        for asked, tests in list(self._answered_tests.items()):
            if asked.fact == fact or any(fact in self._closure(test) for test, _ in tests):
                del self._answered_tests[asked], self.answers[asked]

    def _facts_of(self, programme: ActiveProgramme) -> frozenset[str]:
        nodes = [condition.holds for condition in programme.conditions]
        nodes += [programme.amount] if programme.amount is not None else []
        return frozenset[str]().union(*(self._closure(node) for node in nodes))

    def _closure(self, node: Node) -> frozenset[str]:
        """Every fact that an expression reads, through definitions and other programmes too."""
        if node not in self._reads:
            found: set[str] = set()
            wanted = [node]
            while wanted:
                for name in facts_in(wanted.pop()):
                    if name not in found:
                        found.add(name)
                        wanted += self._behind(name)
            self._reads[node] = frozenset(found)
        return self._reads[node]

    def _behind(self, name: str) -> list[Node]:
        if name in self.policy.definitions:
            return [self.policy.definitions[name]]
        kind, _, rival = name.partition(".")
        if kind not in ("own", "amount"):
            return []
        found = [programme for programme in self.policy.programmes if programme.name == rival]
        conditions = [condition.holds for programme in found for condition in programme.conditions]
        return conditions + [programme.amount for programme in found if programme.amount is not None]

    def _renew_answers(self, places: set[tuple[Node, int]]) -> None:
        """The kinds of answers of every open question; tests that are no longer open may stay told apart."""
        tests: dict[Asked, dict[tuple[Node, int], Subject]] = {}
        for place in places:
            for asked, read_by in self._open[place].tests.items():
                tests.setdefault(asked, {}).update(read_by)
        for asked, read_by in tests.items():
            if asked not in self.answers or not read_by.keys() <= self._answered_tests[asked]:
                self.answers[asked] = possible_answers(asked, self.holder(asked), read_by)
                self._answered_tests[asked] = set(read_by)

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
            key = (programme.name, id(subject))
            one = OpenProgramme(programme, subject, useful, stuck, worth(programme, subject))
            if self._built.get(key) != one:
                self._built[key] = one
            found.append(self._built[key])
        return [one for one in found if next(one.questions(), None)]

    def _table(self, node: Node, subject: Subject, is_amount: bool) -> Table:
        key = (node, id(subject), is_amount)
        known = self._tables.get(key)
        if known is None or any(self.answers[one] is not told for one, told in known.told.items()):
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
        universe = {one: self.answers[one] for one in asked}
        return (Table if states <= LARGEST else LargeTable)(asked, answers, kinds, outcome, universe)

    def _told_apart(self, asked: Asked, tests: Tests) -> tuple[list[Answer], list[int]]:
        """The kinds of answers that matter to one condition, and of which kind each possible answer is."""
        holder, kinds = self.holder(asked), []
        number: dict[Kind, int] = {}
        told: list[Answer] = []
        for value, chance in self.answers[asked]:
            holder.learn(asked.fact, value)
            kind = number.setdefault(kind_of(value, tests), len(number))
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
