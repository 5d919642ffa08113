"""A small vocabulary with one fact of each type, and `read`, which parses a text within it."""

from __future__ import annotations

from decimal import Decimal

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import FactType, Node, Scope, Type, parse

HERE = Place("gen/programmes/a.toml", line=7)
SIGHT = ("vision", "hearing", "none")

FACTS: dict[str, FactType] = {
    "person.ok": FactType("bool"),
    "person.rural": FactType("bool"),
    "person.grade": FactType("int", low=Decimal(1), high=Decimal(4)),
    "person.rate": FactType("number"),
    "person.income": FactType("money", low=Decimal(0)),
    "person.born": FactType("date"),
    "person.category": FactType("code", SIGHT),
    "person.work": FactType("code", ("none", "full")),
    "person.sex": FactType("code", ("f", "m")),
    "person.categories": FactType("codes", SIGHT),
    "person.name": FactType("text"),
    "household.size": FactType("int"),
    "employer.staff": FactType("int"),
    "region.standard": FactType("money"),
    "decision.day": FactType("date"),
}


def read(text: str, subject: str = "person", *, defines: bool = False, wants: Type | None = None) -> Node | Problem:
    return parse(text, Scope(subject, FACTS, defines), HERE, wants)
