"""Duties, processes, indicators, rules and worked examples of a pack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from bulou.engine.basics.toml_tables import Table
from bulou.engine.pack import model as m
from bulou.engine.pack.process_details import read_details

COMPARATORS = (">=", ">", "<=", "<", "=", "in_step_with")


def read_duties(file: Table) -> Iterator[m.Duty]:
    """Duties by kind; each has a test, or the reason why it cannot be computed."""
    for kind in file.tables(m.DUTY_KINDS):
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
                need=table.choice("need", tuple(m.NEEDS), ""),
            )
            if bool(duty.test) == bool(duty.not_computable):
                table.problem(
                    "test-or-reason", None, duty.name, "test 或 not_computable 之一", "写出可算的条件，或说明为何算不了"
                )
            table.done()
            yield duty


def read_process(table: Table) -> m.Process:
    """A process; what the document fixes beyond the common keys stays as data."""
    process = m.Process(
        name=table.name,
        title=table.text("name"),
        subject=table.choice("subject", (*m.SUBJECTS, "region"), ""),
        cite=table.text("cite"),
        covers=table.texts("covers"),
        details=read_details(table),
        origin=table.place,
        need=table.choice("need", tuple(m.NEEDS), ""),
    )
    table.done()
    return process


def read_indicator(table: Table) -> m.Indicator:
    """An indicator with baseline and target, and how it is counted or why it cannot be."""
    indicator = m.Indicator(
        name=table.name,
        number=table.whole("no"),
        title=table.text("name"),
        unit=table.text("unit", ""),
        nature=table.text("nature", ""),
        baseline=_measure(table.table("baseline")),
        target=_measure(table.table("target")) or {},
        programmes=table.texts("programme"),
        numerator=table.text("numerator", ""),
        denominator=table.text("denominator", ""),
        test=table.text("test", ""),
        not_computable=table.text("not_computable", ""),
        cite=table.text("cite"),
        covers=table.texts("covers"),
        origin=table.place,
        need=table.choice("need", tuple(m.NEEDS), ""),
        note=table.text("note", ""),
    )
    table.done()
    return indicator


def _measure(table: Table | None) -> dict[str, Any] | None:
    """What an indicator was or shall be: the keys that are there, `value` as the document prints it."""
    if table is None:
        return None
    table.whole("year")
    table.choice("comparator", COMPARATORS, "")
    table.text("value")
    table.choice("per", ("year",), "")
    table.done()
    return dict(table.content)


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
        added=table.flag("added"),
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
    row.must_have("on", "missing-key", "on = 2025-06-30", "写明哪一天")
    return row.day("on") or date.min


def _expectation(row: Table) -> m.Expectation:
    expectation = m.Expectation(
        programme=row.text("programme"),
        subject=row.text("subject"),
        verdict=row.choice("verdict", ("yes", "no", "unknown")),
        amount=row.text("amount", "") or None,
        failed=row.given_texts("failed"),
        missing=row.given_texts("missing"),
    )
    row.done()
    return expectation
