"""A programme as an entry of the book: whom it is for, what it gives, its conditions, values, examples, questions."""

from __future__ import annotations

from collections.abc import Iterator

from bulou.engine.basics.days import Period
from bulou.engine.book import phrases
from bulou.engine.book.examples import examples_of
from bulou.engine.book.model import Entry, Lines, Pairs, Part, Statement
from bulou.engine.book.phrases import say
from bulou.engine.book.speech import Speech, clauses_of, period_words
from bulou.engine.pack import model as m
from bulou.engine.pack.read_programmes import PLAN_IN_FORCE, SWITCHED_ON, with_all_conditions

ANY_TIME = Period()
MADE = (SWITCHED_ON, PLAN_IN_FORCE)
"""Conditions that the pack does not write itself: its switch and its draft status make them."""


def programme_entry(programme: m.Programme, speech: Speech) -> Entry:
    """The entry of one programme."""
    whole = with_all_conditions(programme)
    groups = [group for group in speech.pack.groups.values() if programme.name in group.programmes]
    cites = [c.cite for c in whole.conditions] + [a.cite for a in programme.amounts] + [g.cite for g in groups]
    clauses = clauses_of([programme.cite, *cites])
    met = [said_of(condition, programme, speech) for condition in whole.conditions if not condition.excludes]
    parts: list[Part | None] = [
        Pairs(tuple(_facts(programme, speech))),
        _conditions(whole, speech, excludes=False),
        _conditions(whole, speech, excludes=True),
        _relations(programme, groups, speech),
        *_values(whole, speech),
        _before(programme, speech),
        examples_of(programme, groups, speech),
        speech.questions([programme.name, *(p.name.removeprefix("region.") for p in _parameters(whole, speech))]),
        speech.rules(programme.covers),
        speech.sources(clauses),
    ]
    return Entry(
        kind="programme",
        code=programme.name,
        title=programme.title,
        need=programme.need,
        subject=programme.subject,
        status=status_of(programme, speech),
        summary=say("join").join(met),
        parts=tuple(part for part in parts if part),
        clauses=clauses,
        cites=speech.clauses(clauses),
    )


def status_of(programme: m.Programme, speech: Speech) -> str:
    """draft, ended, planned, off (until the locality offers it) or in_force on the book's day."""
    if programme.draft:
        return "draft"
    if programme.period.end and programme.period.end <= speech.on:
        return "ended"
    if programme.period.start and programme.period.start > speech.on:
        return "planned"
    if programme.switch:
        parameter = speech.pack.parameters.get(programme.switch.removeprefix("region."))
        value = parameter.on(speech.on) if parameter else None
        return "in_force" if value and value.value is True else "off"
    return "in_force"


def said_of(condition: m.Condition, programme: m.Programme, speech: Speech) -> str:
    """The condition in plain Chinese, made from its test."""
    return speech.said(condition.test, programme.subject)


def _facts(programme: m.Programme, speech: Speech) -> Iterator[tuple[str, str]]:
    yield say("who"), phrases.SUBJECTS[programme.subject][0]
    yield say("gives"), phrases.GIVES[programme.gives]
    if programme.pays != "none":
        yield say("pays"), phrases.PERIODS[programme.pays]
    yield say("force"), phrases.FORCES[programme.force]
    no_start = programme.period == ANY_TIME
    yield say("period"), say("no start") if no_start else period_words(programme.period)
    yield from _amounts(programme, speech)
    if programme.lasts_months:
        yield say("lasts"), say("months", programme.lasts_months)
    if programme.note:
        yield say("note"), programme.note


def _amounts(programme: m.Programme, speech: Speech) -> Iterator[tuple[str, str]]:
    for rule in programme.amounts:
        words = speech.said(rule.expression, programme.subject)
        told = say("at least", words) if programme.amount_is_floor else words
        term = say("amount") if rule.period == ANY_TIME else say("amount from", period_words(rule.period))
        yield term, told
    if not programme.amounts and programme.amount_set_by:
        setter = say("locality") if programme.amount_set_by == "locality" else programme.amount_set_by
        yield say("amount"), say("set by", setter)


def _conditions(programme: m.Programme, speech: Speech, excludes: bool) -> Lines | None:
    items = tuple(
        _statement(condition, programme, speech) for condition in programme.conditions if condition.excludes is excludes
    )
    return Lines("exclusions" if excludes else "conditions", items) if items else None


def _statement(condition: m.Condition, programme: m.Programme, speech: Speech) -> Statement:
    text = said_of(condition, programme, speech)
    own = condition.says != text and condition.id not in MADE
    notes = [say("own words", condition.says)] if own else []
    if condition.period != ANY_TIME:
        notes.append(say("dated", period_words(condition.period)))
    return Statement(text, say("join").join(notes), speech.cite(condition.cite), speech.source(condition.origin))


def _relations(programme: m.Programme, groups: list[m.Group], speech: Speech) -> Lines | None:
    titles = {name: other.title for name, other in speech.pack.programmes.items()}
    items = [Statement(say("stacks", titles[name])) for name in programme.stacks_with if name in titles]
    items += [Statement(say("gives way", titles[name])) for name in programme.not_with if name in titles]
    items += [Statement(say("highest", group.says), cite=speech.cite(group.cite)) for group in groups]
    return Lines("relations", tuple(items)) if items else None


def _parameters(programme: m.Programme, speech: Speech) -> list[m.Parameter]:
    texts = [rule.expression for rule in programme.amounts] + [c.test for c in programme.conditions]
    return list(speech.parameters_in((text, programme.subject) for text in texts))


def _values(programme: m.Programme, speech: Speech) -> list[Part]:
    tables = [speech.value_table(parameter) for parameter in _parameters(programme, speech)]
    return [Lines("values", ()), *tables] if tables else []


def _before(programme: m.Programme, speech: Speech) -> Lines | None:
    """What the parent's pack says, and applies while this one is a draft."""
    inherited = programme.inherited
    if inherited is None:
        return None
    whole = with_all_conditions(inherited)
    items = [_statement(c, inherited, speech) for c in whole.conditions if not c.excludes]
    return Lines("before", tuple(items))
