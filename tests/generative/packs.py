"""Strategies for random packs and random people: expressions as text, so that the parser is part of the test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from bulou.engine.basics.days import Period
from bulou.engine.basics.problems import Place
from bulou.engine.language.types import FactType
from bulou.engine.pack import Pack
from bulou.engine.pack import model as m

HERE = Place("generated", line=1)
ON = date(2025, 6, 30)
DAYS = [date(1955, 6, 30), date(1960, 2, 29), date(2007, 7, 1), date(2025, 6, 30), date(2025, 7, 1)]
CODES = ("a", "b", "c")

GIVEN: dict[str, FactType] = {
    **{f"person.b{i}": FactType("bool") for i in range(3)},
    "person.i": FactType("int", low=Decimal(0), high=Decimal(9)),
    "person.n": FactType("number", low=Decimal(0), high=Decimal(1000)),
    "person.m": FactType("money", low=Decimal(0), high=Decimal(100_000)),
    "person.d": FactType("date"),
    "person.c": FactType("code", CODES),
    "person.cs": FactType("codes", CODES),
    "household.b": FactType("bool"),
    "household.i": FactType("int", low=Decimal(0), high=Decimal(9)),
    "household.m": FactType("money", low=Decimal(0), high=Decimal(100_000)),
    "region.b": FactType("bool"),
    "region.n": FactType("number", low=Decimal(0), high=Decimal(100)),
    "region.m": FactType("money", low=Decimal(0), high=Decimal(10_000)),
}
DERIVED: dict[str, FactType] = {
    "person.x": FactType("bool"),
    "person.y": FactType("number"),
    "household.x": FactType("bool"),
    "household.k": FactType("int"),
    "person.z": FactType("bool"),
    "household.z": FactType("bool"),
}
"""Later ones may read earlier ones: people and households in turns."""


def values_of(type: FactType) -> st.SearchStrategy[Any]:
    """Known values of a fact, many of them at the limits that expressions use."""
    match type.kind:
        case "bool":
            return st.booleans()
        case "int":
            return st.integers(0, 9)
        case "number":
            return st.sampled_from([Decimal("0"), Decimal("0.1"), Decimal("1.5"), Decimal("2"), Decimal("33.333333")])
        case "money":
            return st.sampled_from([Decimal("0"), Decimal("0.05"), Decimal("99.99"), Decimal("100"), Decimal("600.5")])
        case "date":
            return st.sampled_from(DAYS)
        case "code":
            return st.sampled_from(type.codes)
    return st.lists(st.sampled_from(type.codes), unique=True, max_size=3)


def numbers(facts: Iterable[str]) -> st.SearchStrategy[str]:
    """Numeric expressions that are never negative."""
    return _numbers(tuple(facts))


@cache
def _numbers(facts: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Made once for the same facts: making and checking a strategy costs far more than drawing from it."""
    numeric = [name for name in facts if known_type(name).type.numeric]
    leaf = st.sampled_from([*numeric, "0", "1", "2", "0.5", "100"])
    dates = [name for name in facts if known_type(name).kind == "date"]
    ages = [f"full_years({name}, decision.day)" for name in dates] + [f"year_of({name})" for name in dates]
    leaf = leaf if not ages else leaf | st.sampled_from(ages).map(lambda age: f"greatest(0, {age})")
    pair = st.tuples(leaf, leaf)
    return st.one_of(
        leaf,
        pair.map(lambda p: f"({p[0]} + {p[1]})"),
        pair.map(lambda p: f"greatest(0, {p[0]} - {p[1]})"),
        pair.map(lambda p: f"least({p[0]}, {p[1]})"),
        leaf.map(lambda n: f"({n} * 0.5)"),
        leaf.map(lambda n: f"({n} * region.n / 100)"),
    )


def tests(facts: Iterable[str], inner: Iterable[str] = ()) -> st.SearchStrategy[str]:
    """Boolean expressions over facts; `inner` are the people's facts a household may roll up."""
    return _tests(tuple(facts), tuple(inner))


@cache
def _tests(facts: tuple[str, ...], inner: tuple[str, ...]) -> st.SearchStrategy[str]:
    booleans = [name for name in facts if known_type(name).kind == "bool"]
    codes = [name for name in facts if known_type(name).kind == "code"]
    lists = [name for name in facts if known_type(name).kind == "codes"]
    dates = [name for name in facts if known_type(name).kind == "date"]
    number = numbers(facts)
    operator = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    atoms = [
        st.sampled_from(booleans),
        st.tuples(number, operator, number).map(" ".join),
        st.tuples(number, number, number).map(lambda t: f"{t[0]} BETWEEN {t[1]} AND {t[2]}"),
        number.map(lambda n: f"{n} IN (0, 1, 2.5)"),
    ]
    if codes:
        atoms.append(
            st.tuples(st.sampled_from(codes), st.sampled_from(["= 'a'", "<> 'b'", "IN ('a', 'c')"])).map(" ".join)
        )
    if lists:
        atoms.append(
            st.tuples(st.sampled_from(lists), st.sampled_from(CODES)).map(lambda t: f"has_code({t[0]}, '{t[1]}')")
        )
    if dates:
        atoms.append(st.tuples(st.sampled_from(dates), operator).map(lambda t: f"{t[0]} {t[1]} decision.day"))
    if inner:
        atoms.append(roll_ups(inner))
    return st.recursive(st.one_of(atoms), _combined, max_leaves=3)


def _combined(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(part, part).map(lambda p: f"({p[0]} AND {p[1]})"),
        st.tuples(part, part).map(lambda p: f"({p[0]} OR {p[1]})"),
        part.map(lambda p: f"(NOT {p})"),
        st.tuples(part, part, part).map(lambda p: f"(CASE WHEN {p[0]} THEN {p[1]} ELSE {p[2]} END)"),
    )


@cache
def roll_ups(inner: tuple[str, ...]) -> st.SearchStrategy[str]:
    condition, number = tests(inner), numbers(inner)
    return st.one_of(
        condition.map(lambda c: f"any_member({c})"),
        condition.map(lambda c: f"count_members({c}) >= 2"),
        condition.map(lambda c: f"at_least_members(2, {c})"),
        st.tuples(number, condition).map(lambda t: f"sum_members({t[0]}, {t[1]}) > 100"),
        st.tuples(number, condition).map(lambda t: f"min_members({t[0]}, {t[1]}) < 2"),
        st.tuples(number, condition).map(lambda t: f"max_members({t[0]}, {t[1]}) >= 2"),
    )


def known_type(name: str) -> FactType:
    return (GIVEN | DERIVED)[name]


def readable(subject: str, upto: str | None = None) -> list[str]:
    """Facts that an expression about a subject may read, up to (without) a derived fact."""
    order = [*GIVEN, *DERIVED]
    names = order[: order.index(upto)] if upto else order
    scopes = ("person.", "household.", "region.") if subject == "person" else ("household.", "region.")
    return [name for name in names if name.startswith(scopes)]


@st.composite
def definitions(draw: st.DrawFn, name: str) -> str:
    subject = name.partition(".")[0]
    facts = readable(subject, name)
    if name in ("person.x", "person.y"):
        facts = [fact for fact in facts if not fact.startswith("household.")]
    people = [fact for fact in readable("person", name) if fact.startswith(("person.", "region."))]
    if known_type(name).kind == "bool":
        text = draw(tests(facts, people if subject == "household" else ()))
        return draw(st.sampled_from([text, f"({text}) OR unknown", f"first_known({text}, region.b)"]))
    if name == "household.k":
        return f"count_members({draw(tests(people))})"
    return draw(numbers([fact for fact in facts if known_type(fact).kind != "money"]))


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    facts = {}
    for name, type in (GIVEN | DERIVED).items():
        absent = draw(st.sampled_from(m.ABSENT[:3])) if type.kind == "bool" else "unknown"
        derivations = (m.Derivation(Period(), (draw(definitions(name)),), HERE),) if name in DERIVED else ()
        words = {code: code for code in type.codes}
        facts[name] = m.FactDefinition(name, type, name, name, "？", "roll", absent, words, derivations, "", HERE)
    programmes = {}
    names = [f"p{i}" for i in range(draw(st.integers(1, 3)))] + [f"h{i}" for i in range(draw(st.integers(0, 2)))]
    for name in names:
        programmes[name] = draw(programme(name, [other for other in programmes if other[0] == name[0]]))
    people = tuple(name for name in names if name.startswith("p") and programmes[name].amounts)
    groups = {}
    if people and draw(st.booleans()):
        against = draw(st.sampled_from([("", ""), ("person.b0", "person.m")]))
        if len(people) > 1 or against[0]:
            groups["class"] = m.Group("class", people, *against, "higher", "另有更高的", "doc", HERE)
    roll = m.Supplier("roll", "名册", "roll", "")
    return Pack(
        region="gen", name="gen", status="issued", chain=("gen",), documents={}, suppliers={"roll": roll},
        facts=facts, parameters={}, programmes=programmes, groups=groups, duties={}, processes={}, indicators={},
        checks={}, questions={}, rules={}, examples=(), digest="gen",
    )  # fmt: skip


@st.composite
def programme(draw: st.DrawFn, name: str, earlier: list[str]) -> m.Programme:
    subject = "person" if name.startswith("p") else "household"
    facts = readable(subject)
    inner = (
        [fact for fact in readable("person") if fact.startswith(("person.", "region."))]
        if subject == "household"
        else []
    )
    conditions = tuple(
        m.Condition(f"c{i}", draw(tests(facts, inner)), f"c{i}", "doc", Period(), draw(st.booleans()), HERE)
        for i in range(draw(st.integers(1, 3)))
    )
    amounts = (m.AmountRule(Period(), draw(numbers(facts)), "doc", HERE),) if draw(st.booleans()) else ()
    not_with = tuple(draw(st.lists(st.sampled_from(earlier), max_size=1))) if earlier else ()
    return m.Programme(
        name=name, title=name, subject=subject, gives="cash", force="must", pays="month", period=Period(), switch="",
        amounts=amounts, amount_set_by="", amount_is_floor=False, conditions=conditions, cite="doc", covers=(),
        stacks_with=(), not_with=not_with, lasts_months="", confidence="seen", note="", origin=HERE,
    )  # fmt: skip


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def subjects(draw: st.DrawFn, kind: str, id: str) -> dict[str, Any]:
    names = [name for name in (GIVEN | DERIVED) if name.startswith(f"{kind}.")]
    given = draw(st.lists(st.sampled_from(names), unique=True))
    row: dict[str, Any] = {"id": id}
    for name in given:
        value = draw(_maybe(values_of(known_type(name))))
        row[name.partition(".")[2]] = value.isoformat() if isinstance(value, date) else value
    return row


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    homes = [draw(subjects("household", f"h{i}")) for i in range(draw(st.integers(0, 2)))]
    people = [draw(subjects("person", f"p{i}")) for i in range(draw(st.integers(1, 4)))]
    for person in people:
        person["household"] = draw(st.sampled_from([None, *(home["id"] for home in homes)]))
    region = draw(subjects("region", "r"))
    region.pop("id")
    return {"people": people, "households": homes, "region": region, "rolls": draw(st.sampled_from([[], ["roll"]]))}
