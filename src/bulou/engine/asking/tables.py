"""What every combination of answers makes of one undecided condition, and how many questions it still takes.

A state is one answer (or none yet) for each question of the condition; its outcome is True, False or None (unknown).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from bulou.engine.asking.answers import Answer
from bulou.engine.asking.places import Asked

LARGEST = 600
"""States a table may have; a condition with more questions is reckoned with roughly."""
USUAL_SHARE = 0.6
"""Of the questions of a large condition, the share that it usually takes."""

State = tuple[int, ...]
NOT_YET = -1


class Prospect(NamedTuple):
    """What is to come in a state: expected questions to settle it, or to refute it, and the chances of both ends."""

    questions: float
    refuting: float
    false: float
    can_be_true: bool
    can_be_false: bool


class Table:
    """A condition with few questions.

    For each question `answers` are the kinds that the condition tells apart, and `kinds` says which of them each
    possible answer (`told`) is of. `outcome` works out one state.
    """

    def __init__(
        self,
        asked: Sequence[Asked],
        answers: Sequence[Sequence[Answer]],
        kinds: Sequence[Sequence[int]],
        outcome: Callable[[State], bool | None],
        told: Mapping[Asked, Sequence[Answer]],
    ) -> None:
        self.asked, self.answers, self.kinds, self._outcome, self.told = tuple(asked), answers, kinds, outcome, told
        self.start: State = (NOT_YET,) * len(self.asked)
        self._outcomes: dict[State, bool | None] = {}
        self._matters: dict[State, frozenset[tuple[int, bool]]] = {}
        self._prospects: dict[State, Prospect] = {}

    def outcome(self, state: State) -> bool | None:
        if state not in self._outcomes:
            self._outcomes[state] = self._outcome(state)
        return self._outcomes[state]

    def after(self, state: State, question: int, answer: int) -> State:
        return (*state[:question], answer, *state[question + 1 :])

    def matters(self, state: State) -> frozenset[tuple[int, bool]]:
        """Questions that can, after some answers to the others, decide the condition, each with the outcome."""
        if state not in self._matters:
            found: set[tuple[int, bool]] = set()
            if self.outcome(state) is None:
                for question, answer in self._open(state):
                    then = self.after(state, question, answer)
                    outcome = self.outcome(then)
                    if outcome is None:
                        found |= self.matters(then)
                    else:
                        found.add((question, outcome))
            self._matters[state] = frozenset(found)
        return self._matters[state]

    def _open(self, state: State) -> list[tuple[int, int]]:
        unasked = [question for question, answer in enumerate(state) if answer == NOT_YET]
        return [(question, answer) for question in unasked for answer in range(len(self.answers[question]))]

    def prospect(self, state: State) -> Prospect:
        """What is to come in a state, when the shortest way is taken."""
        if state not in self._prospects:
            self._prospects[state] = self._look_ahead(state)
        return self._prospects[state]

    def _look_ahead(self, state: State) -> Prospect:
        outcome = self.outcome(state)
        if outcome is not None:
            return Prospect(0.0, 0.0, 0.0 if outcome else 1.0, outcome, not outcome)
        matters = self.matters(state)
        if not matters:
            return Prospect(0.0, 0.0, 0.0, False, False)
        ways = [self._way(state, question) for question in sorted({question for question, _ in matters})]
        refuting = [way.refuting for way in ways if way.can_be_false]
        return Prospect(
            min(way.questions for way in ways),
            min(refuting, default=0.0),
            ways[0].false,
            any(way.can_be_true for way in ways),
            any(way.can_be_false for way in ways),
        )

    def _way(self, state: State, question: int) -> Prospect:
        """The prospect when this question comes next."""
        then = [
            (chance, self.prospect(self.after(state, question, answer)))
            for answer, (_, chance) in enumerate(self.answers[question])
        ]
        return Prospect(
            1 + sum(chance * one.questions for chance, one in then),
            1 + sum(chance * one.refuting for chance, one in then),
            sum(chance * one.false for chance, one in then),
            any(one.can_be_true for _, one in then),
            any(one.can_be_false for _, one in then),
        )


class LargeTable(Table):
    """A condition with many questions: each is taken to matter, and both ends to be as likely."""

    def matters(self, state: State) -> frozenset[tuple[int, bool]]:
        if self.outcome(state) is not None:
            return frozenset()
        unasked = [question for question, answer in enumerate(state) if answer == NOT_YET]
        return frozenset((question, outcome) for question in unasked for outcome in (True, False))

    def _look_ahead(self, state: State) -> Prospect:
        outcome, left = self.outcome(state), state.count(NOT_YET)
        if outcome is not None:
            return Prospect(0.0, 0.0, 0.0 if outcome else 1.0, outcome, not outcome)
        if not left:
            return Prospect(0.0, 0.0, 0.0, False, False)
        return Prospect(USUAL_SHARE * left, USUAL_SHARE * left, 0.5, True, True)
