"""Duties, processes, indicators, rules and worked examples of a pack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bulou.engine.pack import model as m
from bulou.engine.pack.tables import Table

FREE_KEYS_OF_PROCESSES = ("name", "subject", "cite", "covers")


def read_duties(file: Table) -> Iterator[m.Duty]:
    """Duties by kind; each has a test, or the reason why it cannot be computed."""
    for kind in file.tables():
        if kind.name not in m.DUTY_KINDS:
            kind.problem("not-a-choice", None, kind.name, "、".join(m.DUTY_KINDS), "改为其中一类")
        for table in kind.tables():
            duty = m.Duty(
                kind=kind.name,
                name=table.name,
                title=table.text("name"),
                who=table.text("who"),
                force=table.choice("force", m.FORCES),
                says=table.text("says"),
                subject=table.choice("subject", (*m.SUBJECTS, "region")),
                applies=table.text("applies", ""),
                test=table.text("test", ""),
                not_computable=table.text("not_computable", ""),
                cite=table.text("cite"),
                covers=table.texts("covers"),
                origin=table.place,
            )
            if bool(duty.test) == bool(duty.not_computable):
                table.problem(
                    "test-or-reason", None, duty.name, "test 或 not_computable 之一", "写出可算的条件，或说明为何算不了"
                )
            table.done()
            yield duty


def read_process(table: Table) -> m.Process:
    """A process; what the document fixes beyond the common keys stays as data."""
    details = {key: value for key, value in table.content.items() if key not in FREE_KEYS_OF_PROCESSES}
    return m.Process(
        name=table.name,
        title=table.text("name"),
        subject=table.text("subject", ""),
        cite=table.text("cite"),
        covers=table.texts("covers"),
        details=details,
        origin=table.place,
    )


def read_indicator(table: Table) -> m.Indicator:
    """An indicator with baseline and target, and how it is counted or why it cannot be."""
    indicator = m.Indicator(
        name=table.name,
        number=table.whole("no"),
        title=table.text("name"),
        unit=table.text("unit", ""),
        nature=table.text("nature", ""),
        baseline=table.any("baseline"),
        target=table.any("target") or {},
        programmes=table.texts("programme"),
        numerator=table.text("numerator", ""),
        denominator=table.text("denominator", ""),
        test=table.text("test", ""),
        not_computable=table.text("not_computable", ""),
        cite=table.text("cite"),
        covers=table.texts("covers"),
        origin=table.place,
    )
    table.text("note", "")
    table.done()
    return indicator


def read_check(table: Table) -> m.Check:
    """A named check as its table says it."""
    check = m.Check(
        name=table.name,
        title=table.text("title"),
        programme=table.text("programme", ""),
        test=table.text("test"),
        shows=table.texts("shows"),
        rolls=table.texts("from"),
        who=table.text("who"),
        action=table.text("action"),
        cite=table.text("cite"),
        origin=table.place,
        run=table.choice("run", m.CHECK_RUNS, "month"),
    )
    table.done()
    return check


def read_question(table: Table) -> m.Question:
    """What a document leaves open, with the rules that wait for the answer."""
    question = m.Question(
        name=table.name,
        says=table.text("says"),
        about=table.texts("about"),
        cite=table.text("cite"),
        covers=table.texts("covers"),
        origin=table.place,
    )
    table.done()
    return question


def read_rule(table: Table) -> m.Rule:
    """A rule found in the document, by the id that `covers` names."""
    rule = m.Rule(
        id=table.name,
        clause=table.text("clause"),
        lines=table.text("lines", ""),
        about=table.text("about"),
        not_computable=table.text("not_computable", ""),
        origin=table.place,
    )
    table.done()
    return rule


def read_example(row: Table, region: str) -> m.Example:
    """One worked example; its keys people, households, employers, institutions, region and rolls are an input."""
    document = {key: row.any(key) for key in ("people", "households", "employers", "institutions", "region", "rolls")}
    example = m.Example(
        title=row.text("title"),
        region=region,
        on=_day_of_example(row),
        document={key: value for key, value in document.items() if value is not None},
        expects=tuple(_expectation(expected) for expected in row.rows("expect")),
        origin=row.place,
    )
    if not example.expects:
        row.problem("example-without-expectation", None, example.title, "[[example.expect]]", "写明应得的结果")
    row.done()
    return example


def _day_of_example(row: Table) -> date:
    day = row.day("on")
    if "on" not in row.content:
        row.problem("missing-key", None, "没有 on", "on = 2025-06-30", "写明哪一天")
    return day or date.min


def _expectation(row: Table) -> m.Expectation:
    expectation = m.Expectation(
        programme=row.text("programme"),
        subject=row.text("subject"),
        verdict=row.choice("verdict", ("yes", "no", "unknown")),
        amount=row.text("amount", "") or None,
        failed=row.texts("failed") if "failed" in row.content else None,
        missing=row.texts("missing") if "missing" in row.content else None,
    )
    row.used |= {"failed", "missing"}
    row.done()
    return expectation
