"""A plan as JSON values; the keys are a contract (docs: README of this room)."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from bulou.engine.basics.problems import Problem
from bulou.engine.plan.model import Box, Chunk, Duty, Figure, Indicator, Plan, Section, Value


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The whole plan as dicts, lists, strings and numbers, ready for `json.dumps`."""
    facts = plan.facts
    return {
        "file": plan.file,
        "title": facts.title,
        "number": facts.number,
        "issued": facts.issued.isoformat() if facts.issued else None,
        "issuer": facts.issuer,
        "status": facts.status,
        "period": list(facts.period) if facts.period else None,
        "deadlines": [{**asdict(deadline), "day": deadline.day.isoformat()} for deadline in facts.deadlines],
        "citations": [asdict(citation) for citation in facts.citations],
        "indicators": [_indicator(row) for row in plan.indicators],
        "past_indicators": [_indicator(row) for row in plan.past_indicators],
        "targets": _figures(plan, "target"),
        "conditions": _figures(plan, "condition"),
        "results": _figures(plan, "result"),
        "references": [
            {"section": f.section, "line": f.line, "printed": f.printed} for f in plan.figures if f.role == "reference"
        ],
        "sections": [_section(section) for section in plan.sections],
        "boxes": [_box(box) for box in plan.boxes],
        "duties": [_duty(duty) for duty in plan.duties],
        "front": [_chunk(chunk) for chunk in plan.front],
        "back": [_chunk(chunk) for chunk in plan.back],
        "furniture": [_chunk(chunk) for chunk in plan.furniture],
        "characters": {**asdict(plan.account), "balances": plan.account.balances},
        "problems": [problem_as_json(problem) for problem in plan.problems],
    }


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """A problem with its place, as every JSON output of this room lists it."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": problem.place.file,
        "line": problem.place.line,
        "got": problem.got,
        "expected": problem.expected,
        "fix": problem.fix,
    }


def plain(value: Decimal | str | None) -> int | float | str | None:
    """A decimal as the JSON number a reader expects: whole numbers without a point."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


def value_as_json(value: Value | None) -> dict[str, Any] | None:
    """A table cell, or None where the table has no such column."""
    if value is None:
        return None
    return {
        "year": value.year,
        "value": plain(value.value),
        "comparator": value.comparator,
        "high": plain(value.high),
        "printed": value.printed,
    }


def _indicator(row: Indicator) -> dict[str, Any]:
    read: dict[str, Any] = {
        "no": row.no,
        "name": row.name,
        "unit": row.unit,
        "baseline": value_as_json(row.baseline),
        "target": value_as_json(row.target),
        "nature": row.nature,
        "category": row.category,
        "section": row.section,
        "line": row.line,
    }
    return read | ({"result": value_as_json(row.result)} if row.result else {})


def _figures(plan: Plan, role: str) -> list[dict[str, Any]]:
    return [figure_as_json(figure) for figure in plan.figures if figure.role == role]


def figure_as_json(figure: Figure) -> dict[str, Any]:
    """A quantity of the running text without its role."""
    read = asdict(figure)
    del read["role"]
    return read | {"value": plain(figure.value), "high": plain(figure.high)}


def _section(section: Section) -> dict[str, Any]:
    return {
        "path": section.id,
        "depth": section.depth,
        "number": section.number,
        "title": section.title,
        "heading": section.heading,
        "line": section.line,
        "end_line": section.end_line,
        "text": section.text,
    }


def _box(box: Box) -> dict[str, Any]:
    return {
        "id": box.id,
        "no": box.no,
        "title": box.title,
        "heading": box.heading,
        "kind": box.kind,
        "section": box.section,
        "line": box.line,
        "end_line": box.end_line,
        "text": box.body.text,
        "parts": [
            {
                "id": part.id,
                "no": part.no,
                "title": part.title,
                "heading": part.heading,
                "line": part.line,
                "text": part.body.text,
            }
            for part in box.parts
        ],
        "items": [
            {
                "id": item.id,
                "no": item.no,
                "part": item.part,
                "title": item.title,
                "heading": item.heading,
                "line": item.line,
                "text": item.text,
            }
            for item in box.items
        ],
        "table": [_chunk(chunk) for chunk in box.table],
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "section": duty.section,
        "line": duty.line,
        "lead": list(duty.lead),
        "joint": list(duty.joint),
        "participating": list(duty.participating),
    }


def _chunk(chunk: Chunk) -> dict[str, Any]:
    return {"line": chunk.line, "kind": chunk.kind, "text": chunk.text}
