"""Where an undecided expression is open: the questions behind it, and the smallest tests that read each of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bulou.engine.entitlements.one_person import Subject
from bulou.engine.language import Node, evaluate, walk
from bulou.engine.language import nodes as n
from bulou.engine.language.simplify import can_be_unknown
from bulou.engine.pack import Policy


class Asked(NamedTuple):
    """One fact of one subject."""

    kind: str
    id: str
    fact: str


@dataclass
class Open:
    """The questions behind an open expression, each with the smallest tests (and their subjects) that read it."""

    tests: dict[Asked, dict[tuple[Node, int], Subject]] = field(default_factory=dict)

    def add(self, asked: Asked, test: Node, subject: Subject) -> None:
        self.tests.setdefault(asked, {})[test, id(subject)] = subject


class Askable:
    """Which facts a question may be about, while `skipped` were answered with "I do not know".

    A fact has a question in the pack and is not text (numbers of documents decide nothing). A fact that is worked
    out from others is asked only where they cannot settle it: the birth date rather than the age.
    """

    def __init__(self, policy: Policy, skipped: Collection[Asked]) -> None:
        self.policy, self.skipped = policy, set(skipped)
        self._derived: dict[tuple[str, bool, frozenset[str]], bool] = {}

    def __call__(self, holder: Subject, name: str) -> bool:
        fact = self.policy.facts.get(name)
        if fact is None or not fact.question or fact.type.kind == "text":
            return False
        if Asked(holder.kind, holder.id, name) in self.skipped:
            return False
        definition = self.policy.definitions.get(name)
        return definition is None or self._stays_open(name, definition, holder)

    def _stays_open(self, name: str, definition: Node, holder: Subject) -> bool:
        here = {(one.kind, one.id) for one in holder.family()}
        lost = frozenset(asked.fact for asked in self.skipped if (asked.kind, asked.id) in here)
        key = (name, bool(holder.people), lost)
        if key not in self._derived:
            known: set[object] = {name for name in self.policy.facts if name not in lost}
            if holder.people:
                inside = [part for part in walk(definition) if isinstance(part, n.OverMembers)]
                known.update(part for part in inside if not any(can_be_unknown(c, known) for c in part.children))
            self._derived[key] = can_be_unknown(definition, known)
        return self._derived[key]


def open_places(node: Node, subject: Subject, askable: Askable) -> Open:
    """What an expression that is unknown for a subject waits for."""
    found = Open()
    _logic(node, subject, askable, found)
    return found


def _logic(node: Node, subject: Subject, askable: Askable, found: Open) -> None:
    """Goes down through AND, OR, NOT, members and defined facts to the tests that cannot be split."""
    if evaluate(node, subject) is not None:
        return
    if isinstance(node, n.And | n.Or | n.Not) or (isinstance(node, n.FirstKnown) and node.type.kind == "bool"):
        for child in node.children:
            _logic(child, subject, askable, found)
    elif isinstance(node, n.OverMembers) and node.value is None:
        for member in subject.people:
            _logic(node.condition, member, askable, found)
    elif isinstance(node, n.Fact) and node.type.kind == "bool":
        _fact(node, subject, askable, found)
    else:
        for asked in _read(node, subject, askable):
            found.add(asked, node, subject)


def _holder(name: str, subject: Subject) -> Subject | None:
    kind = name.partition(".")[0]
    if kind == "household" and subject.kind == "person":
        return subject.household
    return subject if kind == subject.kind else None


def _of_a_rival(name: str, subject: Subject) -> list[Node]:
    """What own.<programme> and amount.<programme> of the same subject are worked out from."""
    kind, _, programme = name.partition(".")
    rival = subject.programme(programme) if kind in ("own", "amount") else None
    if rival is None:
        return []
    if kind == "amount":
        return [rival.amount] if rival.amount is not None else []
    return [condition.holds for condition in rival.conditions if not condition.rivalry]


def _fact(node: n.Fact, subject: Subject, askable: Askable, found: Open) -> None:
    for part in _of_a_rival(node.name, subject):
        _logic(part, subject, askable, found)
    holder = _holder(node.name, subject)
    if holder is None or node.name in askable.policy.constants:
        return
    if askable(holder, node.name):
        found.add(Asked(holder.kind, holder.id, node.name), node, subject)
    definition = askable.policy.definitions.get(node.name)
    if definition is not None:
        _logic(definition, holder, askable, found)


def _read(node: Node, subject: Subject, askable: Askable) -> Iterator[Asked]:
    """Every question that a test reads, through definitions too."""
    if evaluate(node, subject) is not None:
        return
    if isinstance(node, n.OverMembers):
        for member in subject.people:
            for child in node.children:
                yield from _read(child, member, askable)
    elif isinstance(node, n.Fact):
        for part in _of_a_rival(node.name, subject):
            yield from _read(part, subject, askable)
        holder = _holder(node.name, subject)
        if holder is None or node.name in askable.policy.constants:
            return
        if askable(holder, node.name):
            yield Asked(holder.kind, holder.id, node.name)
        definition = askable.policy.definitions.get(node.name)
        if definition is not None:
            yield from _read(definition, holder, askable)
    else:
        for child in node.children:
            yield from _read(child, subject, askable)
