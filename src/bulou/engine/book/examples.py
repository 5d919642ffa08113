"""Worked examples in words: what is known about each subject, and what the pack promises to come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bulou.engine.book.model import Case, Cases
from bulou.engine.book.phrases import say
from bulou.engine.book.speech import Speech
from bulou.engine.pack import model as m
from bulou.engine.pack.read_programmes import PLAN_IN_FORCE, SWITCHED_ON, with_all_conditions

KINDS = {"people": "person", "households": "household", "employers": "employer", "institutions": "institution"}


def examples_of(programme: m.Programme, groups: list[m.Group], speech: Speech) -> Cases | None:
    """The pack's examples that expect something of a programme; only its own results are told."""
    cases = []
    for example in speech.pack.examples:
        expected = [one for one in example.expects if one.programme == programme.name]
        if expected:
            results = tuple(_result(one, programme, groups, speech) for one in expected)
            cases.append(
                Case(example.title, say("on", example.on.isoformat()), tuple(_given(example, speech)), results)
            )
    return Cases(tuple(cases)) if cases else None


def _given(example: m.Example, speech: Speech) -> Iterator[str]:
    for kind, subject in KINDS.items():
        for row in example.document.get(kind) or ():
            if isinstance(row, Mapping):
                yield _subject(row, subject, speech)
    settings = example.document.get("region")
    if isinstance(settings, Mapping):
        yield say("given", say("region given"), _facts(settings, "region", speech))
    rolls = example.document.get("rolls") or ()
    labels = [speech.pack.suppliers[roll].label if roll in speech.pack.suppliers else str(roll) for roll in rolls]
    if labels:
        yield say("rolls", say("join").join(labels))


def _subject(row: Mapping[str, Any], kind: str, speech: Speech) -> str:
    facts = {key: value for key, value in row.items() if key not in ("id", "household")}
    name = say("and").join(str(row[key]) for key in ("household", "id") if key in row)
    return say("given", name, _facts(facts, kind, speech)) if facts else name


def _facts(facts: Mapping[str, Any], kind: str, speech: Speech) -> str:
    return say("and").join(speech.given(f"{kind}.{name}", value) for name, value in facts.items())


def _result(expected: m.Expectation, programme: m.Programme, groups: list[m.Group], speech: Speech) -> str:
    who = expected.subject
    if expected.verdict == "yes":
        if expected.amount is not None:
            return say("result amount", who, expected.amount)
        return say("result amount open" if _has_amount(programme) else "result yes", who)
    if expected.verdict == "no":
        failed = say("join").join(_condition_words(id, programme, groups, speech) for id in expected.failed or ())
        return say("result failed", who, failed) if failed else say("result no", who)
    labels = [speech.pack.words(name).label for name in expected.missing or ()]
    return say("result missing", who, say("join").join(labels)) if labels else say("result unknown", who)


def _has_amount(programme: m.Programme) -> bool:
    return bool(programme.amounts or programme.amount_set_by)


def _condition_words(id: str, programme: m.Programme, groups: list[m.Group], speech: Speech) -> str:
    """What the condition of an id says; an exclusion that speaks against is told as it is."""
    versions = [programme] if programme.inherited is None else [programme, programme.inherited]
    for version in versions:
        for condition in with_all_conditions(version).conditions:
            if condition.id == id:
                made = id in (SWITCHED_ON, PLAN_IN_FORCE)
                return speech.said(condition.test, version.subject) if made else condition.says
    for group in groups:
        if group.condition == id:
            return group.says
    other = speech.pack.programmes.get(id.removeprefix("not_with_"))
    return say("gives way", other.title) if other else id
