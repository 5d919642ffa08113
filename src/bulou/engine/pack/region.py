"""Facts of the region on a day: the locality's settings, then the pack's dated values, then definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.language import Scope, evaluate, parse
from bulou.engine.language.meaning import Known
from bulou.engine.language.nodes import Value
from bulou.engine.pack import model as m


class RegionFacts:
    """What is known about the region; also the `Known` in which its own definitions are worked out."""

    def __init__(self, pack: m.Pack, on: date, settings: Mapping[str, Value], rolls: frozenset[str]) -> None:
        self._pack, self._on, self._settings, self._rolls = pack, on, settings, rolls
        self._vocabulary = pack.vocabulary
        self._values: dict[str, Value] = {}

    def values(self) -> dict[str, Value]:
        """Every region fact by its full name; None where nobody has set it."""
        return {name: self.value(name) for name in self._pack.facts if name.startswith("region.")}

    def value(self, name: str) -> Value:
        if name == "decision.day":
            return self._on
        if name not in self._values:
            self._values[name] = None
            self._values[name] = self._work_out(name)
        return self._values[name]

    def members(self) -> Sequence[Known]:
        return ()

    def _work_out(self, name: str) -> Value:
        if self._settings.get(name) is not None:
            return self._settings[name]
        parameter = self._pack.parameters.get(name.removeprefix("region."))
        dated = parameter.on(self._on) if parameter else None
        if dated is not None:
            return dated.value
        fact = self._pack.facts[name]
        derived = self._derived(fact)
        return absent_value(fact, self._rolls, self._pack.status) if derived is None else derived

    def _derived(self, fact: m.FactDefinition) -> Value:
        derivation = fact.derivation_on(self._on)
        for text in derivation.texts if derivation else ():
            tree = parse(text, Scope("region", self._vocabulary, True), fact.origin, fact.type.type)
            if isinstance(tree, Problem):
                raise Refused([tree])
            value = evaluate(tree, self)
            if value is not None:
                return value
        return None


def absent_value(fact: m.FactDefinition, complete_rolls: frozenset[str], status: str = "issued") -> Value:
    """What the absence of a fact means: unknown, unless its declaration says otherwise.

    Absent from a roll means false (or code none) only when that roll is declared complete for the month.
    `complete_rolls` names suppliers, or facts where completeness is known fact by fact.
    """
    whole = fact.supplier in complete_rolls or fact.name in complete_rolls
    match fact.absent:
        case "false":
            return False
        case "false_if_roll_complete" if whole:
            return False
        case "none_if_roll_complete" if whole:
            return "none"
        case "plan_in_force":
            return status == "issued"
    return None
