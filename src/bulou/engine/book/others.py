"""Duties, processes, indicators, orders of priority and checks as entries of the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bulou.engine.book import phrases
from bulou.engine.book.model import Entry, Grid, Lines, Pairs, Part, Statement
from bulou.engine.book.phrases import say
from bulou.engine.book.speech import Speech, clauses_of
from bulou.engine.language import in_chinese
from bulou.engine.language import nodes as n
from bulou.engine.pack import model as m
from bulou.engine.pack.process_details import DETAILS, STEP, VARIANT, Detail


def duty_entry(duty: m.Duty, speech: Speech) -> Entry:
    """A quota, duty, funding floor or priority."""
    applies, test = speech.said(duty.applies, duty.subject), _reached(duty, speech)
    pairs = [
        (say("office"), duty.who),
        (say("force"), phrases.FORCES[duty.force]),
        (say("whom"), phrases.SUBJECTS[duty.subject][0]),
        (say("says"), duty.says),
        (say("applies"), applies),
        (say("test"), test),
        (say("not computable"), duty.not_computable),
    ]
    texts = [(text, duty.subject) for text in (duty.applies, duty.test)]
    return _entry(
        duty.kind,
        duty,
        speech,
        subject=duty.subject,
        status="draft" if _is_draft(duty.origin, speech) else "in_force",
        summary=say("join").join(filter(None, (duty.says, test))),
        parts=[Pairs(_filled(pairs)), *_values(texts, speech)],
    )


def _reached(duty: m.Duty, speech: Speech) -> str:
    """What a duty asks of those it applies to: of "not them, or it is so" only that it is so."""
    if not duty.test:
        return ""
    tree = speech.tree(duty.test, duty.subject)
    if duty.applies and isinstance(tree, n.Or) and tree.parts[0] == n.Not(speech.tree(duty.applies, duty.subject)):
        tree = tree.parts[1] if len(tree.parts) == 2 else n.Or(tree.parts[1:])
    return in_chinese(tree, speech.pack.words)


def process_entry(process: m.Process, speech: Speech) -> Entry:
    """A process with its steps, limits and what else its document fixes."""
    subject = process.subject or "person"
    pairs = [(say("whom"), phrases.SUBJECTS[process.subject][0])] if process.subject else []
    pairs += list(_details(process.details, DETAILS, subject, speech))
    parts: list[Part] = [Pairs(tuple(pairs))] if pairs else []
    steps = _steps(process.details.get("steps", ()))
    variants = _variants(process.details, subject, speech)
    return _entry(
        "process",
        process,
        speech,
        subject=process.subject,
        status="draft" if _is_draft(process.origin, speech) else "in_force",
        summary=str(process.details.get("says", "")) or say("join").join(row[2] for row in steps.rows),
        parts=[*parts, *(part for part in (steps, variants) if part.rows)],
    )


def indicator_entry(indicator: m.Indicator, speech: Speech) -> Entry:
    """An indicator with baseline and target, and how it is counted."""
    titles = [speech.pack.programmes[name].title for name in indicator.programmes if name in speech.pack.programmes]
    target = measure_words(indicator.target, indicator.unit)
    pairs = [
        (say("number"), "" if indicator.number is None else str(indicator.number)),
        (say("unit"), indicator.unit),
        (say("nature"), indicator.nature),
        (say("baseline"), measure_words(indicator.baseline or {}, indicator.unit)),
        (say("target"), target),
        (say("numerator"), speech.said(indicator.numerator, "person")),
        (say("denominator"), speech.said(indicator.denominator, "person")),
        (say("figures"), speech.said(indicator.test, "region")),
        (say("programmes"), say("join").join(titles)),
        (say("not computable"), indicator.not_computable),
        (say("note"), indicator.note),
    ]
    year = indicator.target.get("year")
    ended = isinstance(year, int) and year < speech.on.year
    texts = [(indicator.numerator, "person"), (indicator.denominator, "person"), (indicator.test, "region")]
    return _entry(
        "indicator",
        indicator,
        speech,
        subject="region",
        status="draft" if _is_draft(indicator.origin, speech) else "ended" if ended else "in_force",
        summary=target,
        parts=[Pairs(_filled(pairs)), *_values(texts, speech)],
    )


def order_entry(priority: m.Priority, speech: Speech) -> Entry:
    """Where a document says "first": who stands in line, and what comes first, the weightiest first."""
    programme = speech.pack.programmes.get(priority.programme)
    duty = speech.pack.duties.get(f"priority.{priority.duty}")
    line = programme.title if programme else priority.among_says
    pairs = [
        (say("force"), phrases.FORCES[priority.force]),
        (say("whom"), phrases.SUBJECTS[priority.subject][0]),
        (say("line"), line or ("" if priority.no_order else say("everybody"))),
        (say("applies"), speech.said(priority.among, priority.subject)),
        (say("duty"), duty.title if duty else ""),
        (say("no order"), priority.no_order),
    ]
    keys = tuple(_key(key, priority, speech) for key in priority.keys)
    texts = [(text, priority.subject) for text in (priority.among, *(key.expression for key in priority.keys))]
    clauses = clauses_of([priority.cite, *(key.cite for key in priority.keys)])
    questions = speech.questions([priority.name])
    parts: list[Part] = [Pairs(_filled(pairs)), *([Lines("order", keys)] if keys else []), *_values(texts, speech)]
    return Entry(
        kind="order",
        code=priority.name,
        title=priority.title,
        need=programme.need if programme else duty.need if duty else "",
        subject=priority.subject,
        status="draft" if priority.draft else _status_of_switch(priority.switch, speech),
        summary=say("join").join(key.text for key in keys) or priority.no_order,
        parts=(*parts, *([questions] if questions else []), speech.sources(clauses)),
        clauses=clauses,
        cites=speech.clauses(clauses),
    )


def _key(key: m.PriorityKey, priority: m.Priority, speech: Speech) -> Statement:
    text = phrases.put_in(phrases.FIRST[key.first], speech.said(key.expression, priority.subject))
    return Statement(text, say("own words", key.says), speech.cite(key.cite), speech.source(key.origin))


def _status_of_switch(switch: str, speech: Speech) -> str:
    parameter = speech.pack.parameters.get(switch.removeprefix("region.")) if switch else None
    value = parameter.on(speech.on) if parameter else None
    return "off" if switch and not (value and value.value is True) else "in_force"


def check_entry(check: m.Check, speech: Speech) -> Entry:
    """A named check of the month."""
    programme = speech.pack.programmes.get(check.programme)
    said = speech.said(check.test, "person")
    pairs = [
        (say("run"), phrases.RUNS[check.run]),
        (say("suspicious"), said),
        (say("programmes"), programme.title if programme else ""),
        (say("evidence"), say("join").join(speech.pack.words(name).label for name in check.shows)),
        (say("office"), check.who),
        (say("action"), check.action),
    ]
    clauses = clauses_of([check.cite])
    parts = (Pairs(_filled(pairs)), speech.sources(clauses))
    return Entry(
        "check", check.name, check.title, "", "person", "in_force", said, parts, clauses, speech.clauses(clauses)
    )


def measure_words(measure: Mapping[str, Any], unit: str) -> str:
    """A baseline or target: 2025年：不低于97%."""
    if not measure:
        return ""
    figure = str(measure.get("value", ""))
    figure += unit if figure[-1:].isdigit() else ""
    words = phrases.COMPARATORS.get(str(measure.get("comparator", "")), "") + figure
    words = say("per year", words) if measure.get("per") == "year" else words
    return say("year", str(measure["year"]), words) if "year" in measure else words


def _entry(  # noqa: PLR0913 the parts of an entry are keywords of its own
    kind: str, thing: Any, speech: Speech, *, subject: str, status: str, summary: str, parts: Iterable[Part]
) -> Entry:
    """The entry of a thing that has name, cite, need and covers."""
    clauses = clauses_of([thing.cite])
    cites = speech.clauses(clauses)
    more = (speech.questions([thing.name]), speech.rules(thing.covers), speech.sources(clauses))
    whole = (*parts, *(part for part in more if part))
    return Entry(kind, thing.name, thing.title, thing.need, subject, status, summary, whole, clauses, cites)


def _is_draft(origin: m.Origin, speech: Speech) -> bool:
    return speech.pack.status == "draft" and not speech.source(origin)


def _filled(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((term, text) for term, text in pairs if text)


def _values(texts: list[tuple[str, str]], speech: Speech) -> list[Part]:
    tables = [speech.value_table(parameter) for parameter in speech.parameters_in(texts)]
    return [Lines("values", ()), *tables] if tables else []


def _details(
    details: Mapping[str, Any], known: Mapping[str, Detail], subject: str, speech: Speech
) -> Iterator[tuple[str, str]]:
    for key, detail in known.items():
        if key in details and key != "variants_unit":
            yield detail.words, _detail(details[key], detail, subject, speech)


def _detail(value: Any, detail: Detail, subject: str, speech: Speech) -> str:
    match detail.kind:
        case "code":
            return detail.codes.get(str(value), str(value))
        case "flag":
            return say("yes") if value else ""
        case "texts":
            return say("join").join(value) if isinstance(value, list) else str(value)
        case "test":
            return speech.said(str(value), subject)
    return f"{value}{detail.unit}"


def _steps(steps: Iterable[Mapping[str, Any]]) -> Grid:
    rows = []
    for number, step in enumerate(steps, 1):
        limits = [f"{step[key]}{STEP[key].unit}" for key in ("working_days", "days") if key in step]
        limit = say("join").join(limits) or say("no limit")
        rows.append((str(number), str(step.get("who", "")), str(step.get("does", "")), limit))
    heads = tuple(say(head) for head in ("order head", "step who", "step does", "step limit"))
    return Grid("", heads, tuple(rows), heading="steps")


def _variants(details: Mapping[str, Any], subject: str, speech: Speech) -> Grid:
    unit = DETAILS["variants_unit"].codes.get(str(details.get("variants_unit", "")), "")
    rows = []
    for variant in details.get("variants", ()):
        known = {key: detail for key, detail in VARIANT.items() if key not in ("place", "source")}
        told = [
            say("given", words, text + (unit if text.isdigit() else ""))
            for words, text in _details(variant, known, subject, speech)
        ]
        rows.append((str(variant.get("place", "")), say("join").join(told)))
    return Grid("", (say("place"), say("how")), tuple(rows), heading="variants")
