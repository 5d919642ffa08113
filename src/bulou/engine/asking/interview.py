"""An interview: what is known, what was answered with "I do not know", and the question that comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from bulou.engine.asking.choice import first
from bulou.engine.asking.places import Asked
from bulou.engine.asking.question import LISTS, Question, question_of
from bulou.engine.asking.standing import Standing
from bulou.engine.entitlements import Result, decide
from bulou.engine.entitlements.one_person import subjects_of
from bulou.engine.facts import check_document
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack, policy_in_force

Skipped = tuple[str, str, str]
"""Kind, id and fact that nobody can answer."""


class Interview:
    """Questions about the subjects of one document of `decide`, under one policy.

    `document` always holds what is known: it can be saved, decided, or opened again. A skipped question stays
    unknown and is not asked again. Raises `Refused` with all problems of the document.
    """

    def __init__(self, pack: Pack, document: Any, on: date, skipped: Iterable[Skipped] = (), file: str = "") -> None:
        checked = check_document(document, pack, file)
        self.pack, self.on, self.file = pack, on, file
        self.policy = policy_in_force(pack, on, checked.settings, checked.rolls)
        self.subjects = subjects_of(checked, self.policy)
        self.standing = Standing(self.policy, self.subjects, [Asked(*one) for one in skipped])
        self._taken: list[Asked] = []
        self.document = _with_every_subject(document, [(one.kind, one.id) for one in self.subjects])

    def next(self) -> Question | None:
        """The question that saves most; None when no answer could change any programme."""
        found = first(self.standing)
        if found is None:
            return None
        asked, gain = found
        changes = [
            (one.programme.name, one.programme.title) for one in self.standing.programmes if asked in one.questions()
        ]
        return question_of(self.pack, asked, gain, tuple(dict.fromkeys(changes)))

    def answer(self, asked: Asked, value: Value) -> None:
        """Take a value of the fact's type as known."""
        self.standing.learn(asked, value)
        self._row(asked)[asked.fact.partition(".")[2]] = _plain(value)
        self._taken.append(asked)

    def skip(self, asked: Asked) -> None:
        """Leave the fact unknown and do not ask again."""
        self.standing.skip(asked)
        self._taken.append(asked)

    @property
    def skipped(self) -> set[Asked]:
        """What was answered with "I do not know"."""
        return self.standing.askable.skipped

    @property
    def answered(self) -> int:
        """Questions answered or skipped so far."""
        return len(self._taken)

    def take_back(self) -> Asked | None:
        """Forget the last answer, so that it is asked again; None when there was none."""
        if not self._taken:
            return None
        asked = self._taken.pop()
        if asked in self.skipped:
            self.standing.skip(asked, False)
        else:
            self.standing.learn(asked, None)
        self._row(asked).pop(asked.fact.partition(".")[2], None)
        return asked

    def _row(self, asked: Asked) -> dict[str, Any]:
        return next(row for row in self.document[LISTS[asked.kind]] if str(row["id"]) == asked.id)

    def result(self) -> Result:
        """Every programme decided on what is known now."""
        return decide(check_document(self.document, self.pack, self.file), self.pack, self.policy)


def next_question(pack: Pack, document: Any, on: date, skipped: Iterable[Skipped] = ()) -> Question | None:
    """The next question worth asking about the subjects of a document; None when none can change anything.

    `skipped` are (kind, id, fact) that nobody can answer. Raises `Refused` with all problems of the document.
    """
    return Interview(pack, document, on, skipped).next()


def _with_every_subject(document: Mapping[str, Any], subjects: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A copy of the document in which every subject has its row, households named only by their people too."""
    copy = deepcopy(dict(document))
    for kind, id in subjects:
        rows = copy.setdefault(LISTS[kind], []) or []
        copy[LISTS[kind]] = rows
        if not any(str(row["id"]) == id for row in rows):
            rows.append({"id": id})
    return copy


def _plain(value: Value) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
