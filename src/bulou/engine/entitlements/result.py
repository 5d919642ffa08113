"""The result of one input: determinations with the policy and subjects they came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bulou.engine.entitlements.changes import nearest_change
from bulou.engine.entitlements.determination import Determination
from bulou.engine.entitlements.one_person import Subject, determine, subjects_of
from bulou.engine.facts import CheckedDocument
from bulou.engine.language import facts_in
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack, Policy


@dataclass(frozen=True)
class Result:
    """Everything decided for one input; `determinations` are in the order of the subjects, then of the pack."""

    pack: Pack
    policy: Policy
    document: CheckedDocument = field(repr=False)
    subjects: tuple[Subject, ...]
    determinations: tuple[Determination, ...] = field(repr=False)

    def of(self, subject: Subject) -> list[Determination]:
        return [d for d in self.determinations if d.subject == subject.id and d.subject_kind == subject.kind]

    def as_json(self) -> dict[str, Any]:
        """The contract's output of `decide`."""
        return {
            "region": self.policy.region,
            "on": self.policy.on.isoformat(),
            "pack": {
                "id": self.policy.region,
                "digest": self.policy.pack_digest,
                "status": self.policy.status,
            },
            "determinations": [determination.as_json() for determination in self.determinations],
        }

    def reasons(self, determination: Determination) -> Iterator[str]:
        """Lines that say which facts decided, which are missing and whom to ask, and what would change a no."""
        subject = next(
            s for s in self.subjects if (s.kind, s.id) == (determination.subject_kind, determination.subject)
        )
        programme = next(p for p in self.policy.programmes if p.name == determination.programme)
        states = {state.id: state.state for state in determination.conditions}
        if determination.verdict == "no":
            for condition in programme.conditions:
                if states[condition.id] == "failed":
                    for name in facts_in(condition.test):
                        if subject.value(name) is not None and name in self.pack.facts:
                            yield f"{condition.id}: {self._known(name, subject.value(name), subject)}"
            for change in nearest_change(programme, subject):
                label = self.pack.facts[change.fact].label
                yield f"若 {label} 为 {self.shown(change.fact, change.needed)}，这些条件就都不再不符"
        for name in determination.missing:
            yield from self._question(name)

    def _known(self, name: str, value: Value, subject: Subject) -> str:
        source = "给定" if name in subject.given else "推算"
        return f"{self.pack.facts[name].label} = {self.shown(name, value)}（{source}）"

    def _question(self, name: str) -> Iterator[str]:
        fact = self.pack.facts.get(name)
        if fact is None or name in self.policy.definitions:
            return
        supplier = self.pack.suppliers.get(fact.supplier)
        who = f"（问：{supplier.who or supplier.label}）" if supplier else ""
        yield f"缺 {fact.label}：{fact.question or name}{who}"

    def shown(self, name: str, value: Value) -> str:
        """A value in words: 是, a code's Chinese word, an amount with 元."""
        fact = self.pack.facts[name]
        match value:
            case None:
                return "未知"
            case bool():
                return "是" if value else "否"
            case tuple():
                return "、".join(fact.codes_zh.get(code, code) for code in value)
            case date():
                return value.isoformat()
            case Decimal() if fact.type.kind == "money":
                return f"{value:.2f} 元"
            case str():
                return fact.codes_zh.get(value, value)
        return str(value)


def decide(document: CheckedDocument, pack: Pack, policy: Policy) -> Result:
    """Decide every programme in force for every subject of a checked document."""
    subjects = tuple(subjects_of(document, policy))
    found = (determine(programme, subject) for subject in subjects for programme in policy.of(subject.kind))
    return Result(pack, policy, document, subjects, tuple(found))
