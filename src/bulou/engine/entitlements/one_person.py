"""The plain evaluator: one subject at a time, Kleene logic, each condition explained.

It is the reference for `everyone`. A given fact wins; else its definition; else what its absence means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bulou.engine.entitlements.determination import STATES, ConditionState, Determination, verdict_of
from bulou.engine.facts.document import CheckedDocument
from bulou.engine.language import Node, evaluate, open_facts
from bulou.engine.language.meaning import Known
from bulou.engine.language.nodes import Value
from bulou.engine.pack import ActiveCondition, ActiveProgramme, Policy, absent_value, fen_of


class Subject:
    """What is known about a person, household, employer or institution under a policy; values are worked out once."""

    def __init__(self, policy: Policy, kind: str, id: str, given: Mapping[str, Value]) -> None:
        self.policy, self.kind, self.id, self.given = policy, kind, id, dict(given)
        self.household: Subject | None = None
        self.people: list[Subject] = []
        self._values: dict[str, Value] = {}

    def value(self, name: str) -> Value:
        if name in self.policy.constants:
            return self.policy.constants[name]
        kind = name.partition(".")[0]
        if kind == "household" and self.kind == "person":
            return self.household.value(name) if self.household else _nothing_known(self.policy, name)
        if name not in self._values:
            self._values[name] = None
            self._values[name] = self._rival(kind, name) if kind in ("own", "amount") else self._work_out(name)
        return self._values[name]

    def members(self) -> Sequence[Known]:
        return self.people

    def family(self) -> list[Subject]:
        """The subject's household with everybody in it, or the subject alone: all that one fact of it can change."""
        home = self.household or self
        return [home, *home.people]

    def learn(self, name: str, value: Value) -> None:
        """Take a fact as given from now on (None: unknown again); what was worked out of it is forgotten."""
        if value is None:
            self.given.pop(name, None)
        else:
            self.given[name] = value
        for one in self.family():
            one._values.clear()

    def _work_out(self, name: str) -> Value:
        value = self.given.get(name)
        if value is None and name in self.policy.definitions:
            value = evaluate(self.policy.definitions[name], self)
        return absent_value(self.policy.facts[name], self.policy.rolls) if value is None else value

    def _rival(self, kind: str, name: str) -> Value:
        programme = self.programme(name.partition(".")[2])
        if programme is None:
            return False if kind == "own" else None
        if kind == "amount":
            return None if programme.amount is None else evaluate(programme.amount, self)
        states = [evaluate(condition.holds, self) for condition in programme.conditions if not condition.rivalry]
        return False if False in states else None if None in states else True

    def programme(self, name: str) -> ActiveProgramme | None:
        """The programme of that name for this kind of subject, if one is in force."""
        return next((found for found in self.policy.of(self.kind) if found.name == name), None)

    def missing(self, conditions: Sequence[ActiveCondition]) -> tuple[str, ...]:
        """Unknown facts that matter to the conditions, then the facts behind the derived ones."""
        return self.missing_in([condition.test for condition in conditions])

    def missing_in(self, trees: Sequence[Node]) -> tuple[str, ...]:
        """Unknown facts that matter to expressions that are now unknown, then the facts behind the derived ones."""
        named = [name for tree in trees for name in open_facts(tree, self)]
        found = dict.fromkeys(name for name in named if not name.startswith(("own.", "amount.")))
        for name in named:
            found.update(dict.fromkeys(self._behind(name)))
        return tuple(found)

    def _behind(self, name: str) -> list[str]:
        if name.startswith("own."):
            programme = self.programme(name.partition(".")[2])
            return list(self.missing([c for c in programme.conditions if not c.rivalry])) if programme else []
        if name.startswith("amount."):
            programme = self.programme(name.partition(".")[2])
            return open_facts(programme.amount, self) if programme and programme.amount else []
        definition = self.policy.definitions.get(name)
        if definition is None:
            return []
        holder = self.household if name.startswith("household.") and self.kind == "person" else self
        if holder is None or name.partition(".")[0] != holder.kind:
            return []
        behind = open_facts(definition, holder)
        return behind + [further for deeper in behind for further in holder._behind(deeper)]


def _nothing_known(policy: Policy, name: str) -> Value:
    """A household fact of a person without a household: only what absence itself means."""
    return absent_value(policy.facts[name], policy.rolls)


def subjects_of(document: CheckedDocument, policy: Policy) -> list[Subject]:
    """The document's subjects, people linked with their households, in the order of the file, people first."""
    made = {
        kind: [Subject(policy, kind, given.id, given.facts) for given in subjects]
        for kind, subjects in document.subjects.items()
    }
    households = {household.id: household for household in made["household"]}
    for person, given in zip(made["person"], document.subjects["person"], strict=True):
        if given.household is not None:
            person.household = households[given.household]
            person.household.people.append(person)
    return [subject for kind in ("person", "household", "employer", "institution") for subject in made[kind]]


def determine(programme: ActiveProgramme, subject: Subject) -> Determination:
    """The verdict with the state of every condition."""
    held = [evaluate(condition.holds, subject) for condition in programme.conditions]
    states = [STATES[value] for value in held]  # type: ignore[index]
    verdict = verdict_of(states)
    unknown = [c for c, state in zip(programme.conditions, states, strict=True) if state == "unknown"]
    amount = None
    if verdict == "yes" and programme.amount is not None:
        amount = fen_of(evaluate(programme.amount, subject))
    return Determination(
        programme=programme.name,
        title=programme.title,
        subject_kind=subject.kind,
        subject=subject.id,
        verdict=verdict,
        amount=amount,
        amount_is_floor=programme.amount_is_floor,
        amount_note=_amount_note(programme, subject) if verdict == "yes" and amount is None else "",
        pays=programme.pays,
        conditions=tuple(
            ConditionState(c.id, c.says, state, c.cite) for c, state in zip(programme.conditions, states, strict=True)
        ),
        missing=subject.missing(unknown) if verdict == "unknown" else (),
    )


def _amount_note(programme: ActiveProgramme, subject: Subject) -> str:
    """Why somebody who is entitled cannot be paid yet; empty when the programme pays no money."""
    if programme.amount is not None:
        unset = "、".join(_label(subject.policy, name) for name in open_facts(programme.amount, subject))
        return f"符合条件，金额未定：缺 {unset or '金额的依据'}，暂不能发放"
    if programme.amount_set_by:
        return "符合条件，金额未定：文件没有规定金额，由当地确定，暂不能发放"
    return ""


def _label(policy: Policy, name: str) -> str:
    return f"{policy.facts[name].label}（{name}）" if name in policy.facts else name
