"""Runs a table: by the plain meaning, and by everyone's evaluator on the SQL engines through a pack made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

from bulou.engine import decide_document, read_pack
from bulou.engine.basics.money import fen_of_yuan
from bulou.engine.entitlements.everyone import compile_everyone, run_duckdb, run_polars
from bulou.engine.facts.tables import tables_of_document
from bulou.engine.language import FactType, Node, Type, evaluate
from bulou.engine.language.meaning import EXACT
from bulou.engine.language.nodes import Value
from tests.spec.tables import FACTS, Column, Table, members_of, node_of, value_of

DAY = date(2025, 6, 30)
MOST, ONE = Decimal(10**18), Decimal(1)


@dataclass
class Given:
    """What a row gives: facts by name, and facts of each member."""

    facts: dict[str, Value] = field(default_factory=dict)
    people: list[dict[str, Value]] = field(default_factory=list)

    def value(self, name: str) -> Value:
        return self.facts.get(name)

    def members(self) -> Sequence[Given]:
        return [Given({**self.facts, **person}) for person in self.people]


def given_in(table: Table, row: tuple[str, ...]) -> Given:
    given = Given({"decision.day": DAY})
    for column, cell in zip(table.columns, row, strict=True):
        if column.kind == "given":
            given.facts[column.text] = value_of(cell, FACTS[column.text].type)
        if column.kind == "members":
            values = members_of(cell, FACTS[column.text].type)
            given.people = given.people or [{} for _ in values]
            for person, value in zip(given.people, values, strict=True):
                person[column.text] = value
    return given


@dataclass(frozen=True)
class Answer:
    """A column to be worked out: its expression, and the values that stand in the table."""

    column: Column
    node: Node
    expected: tuple[Value, ...]


def answers(table: Table) -> list[Answer]:
    found = []
    for at, column in enumerate(table.columns):
        if column.kind not in ("given", "members"):
            node = node_of(column, table)
            type = Type("number") if column.kind == "fen" else node.type
            found.append(Answer(column, node, tuple(value_of(row[at], type) for row in table.rows)))
    return found


def differences_of_the_plain_meaning(table: Table) -> Iterator[str]:
    rows = [given_in(table, row) for row in table.rows]
    for answer in answers(table):
        for number, (given, expected) in enumerate(zip(rows, answer.expected, strict=True), 1):
            got = evaluate(answer.node, given)
            if answer.column.kind == "fen" and got is not None:
                assert isinstance(got, int | Decimal)
                got = fen_of_yuan(Decimal(got))
            if got != expected or isinstance(got, bool) != isinstance(expected, bool):
                yield f"row {number}: {answer.column.text} is {got}, not {expected}"


def differences_of_an_engine(table: Table, engine: str, folder: Path) -> Iterator[str]:
    """Every row as a subject of a pack whose programmes ask whether each expression has the value it should have."""
    found = answers(table)
    write_pack(table, found, folder / "spec")
    pack = read_pack("spec", [folder])
    assert not pack.problems, pack.problems
    rows: dict[str, dict[str, Any]] = {}
    for day, document in documents(table, found):
        result = decide_document(pack, document, day)
        tables = tables_of_document(result.document, pack)
        compiled = compile_everyone(result.policy, tables)[table.subject]
        frame = run_duckdb(compiled, tables) if engine == "duckdb" else run_polars(compiled, tables).collect()
        rows.update({row["id"]: row for row in frame.to_dicts()})
    for at, answer in enumerate(found):
        for number, expected in enumerate(answer.expected, 1):
            got, wanted = compared(rows[f"r{number}"], at, answer, expected)
            if got != wanted:
                yield f"row {number}: {answer.column.text} is not {expected}: {got}"


def compared(row: dict[str, Any], at: int, answer: Answer, expected: Value) -> tuple[Any, Any]:
    """What the engine says, and what it should say."""
    if answer.column.kind == "fen":
        return row[f"pays_{at}__fen"], expected
    if answer.node.type.kind == "bool":
        return row[f"is_{at}"], expected
    known = None if expected is None else True
    return (row[f"is_{at}"], row[f"known_{at}"]), (known, known)


# the pack -----------------------------------------------------------------------------------------------------


def write_pack(table: Table, found: list[Answer], folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(
        'region = "spec"\nname = "spec"\nstatus = "issued"\n[document.doc]\ntitle = "doc"\n'
    )
    facts = [fact_table(name, type) for name, type in FACTS.items() if name != "decision.day"]
    programmes = []
    for at, answer in enumerate(found):
        facts += further_facts(table.subject, at, answer)
        programmes += list(programmes_of(table.subject, at, answer))
    (folder / "facts.toml").write_text("\n".join(facts), encoding="utf-8")
    (folder / "programmes.toml").write_text("\n".join(programmes), encoding="utf-8")


def fact_table(name: str, type: FactType, derive: str = "") -> str:
    codes = ", ".join(f'{code} = "{code}"' for code in type.codes)
    lines = [f"[{name}]", f'type = "{type.kind}"', f'label = "{name}"']
    lines += [f"codes = {{ {codes} }}"] if codes else []
    lines += [f"decimals = {type.places}"] if type.places is not None else []
    lines += [f'{key} = "{value}"' for key, value in (("min", type.low), ("max", type.high)) if value is not None]
    lines += [f"derive = {text(derive)}"] if derive else []
    return "\n".join(lines) + "\n"


def text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def further_facts(subject: str, at: int, answer: Answer) -> Iterator[str]:
    """The value that is wanted, a number as its whole and its part; and for a definition the fact it defines."""
    type = answer.node.type
    kind: Any = type.kind
    if type.numeric:
        yield fact_table(f"{subject}.want_{at}", FactType("number", low=-MOST, high=MOST, places=0))
        yield fact_table(f"{subject}.part_{at}", FactType("number", low=-ONE, high=ONE, places=type.decimals))
    else:
        yield fact_table(f"{subject}.want_{at}", FactType(kind, type.codes))
    if answer.column.kind == "definition":
        yield fact_table(f"{subject}.answer_{at}", FactType(kind, type.codes), answer.column.text)


def wanted_facts(subject: str, at: int, answer: Answer, expected: Value) -> dict[str, Value]:
    if not answer.node.type.numeric or expected is None:
        return {f"{subject}.want_{at}": expected}
    assert isinstance(expected, Decimal)
    whole = expected.to_integral_value(ROUND_DOWN)
    return {f"{subject}.want_{at}": whole, f"{subject}.part_{at}": EXACT.subtract(expected, whole)}


def programmes_of(subject: str, at: int, answer: Answer) -> Iterator[str]:
    expression = f"({answer.column.text})"
    if answer.column.kind == "definition":
        expression = f"{subject}.answer_{at}"
    if answer.column.kind == "fen":
        yield programme(f"pays_{at}", subject, "1 = 1", answer.column.text)
    elif answer.node.type.kind == "bool":
        yield programme(f"is_{at}", subject, expression)
    else:
        wanted = f"{subject}.want_{at}" + (f" + {subject}.part_{at}" if answer.node.type.numeric else "")
        yield programme(f"is_{at}", subject, f"{expression} = {wanted}")
        yield programme(f"known_{at}", subject, f"{expression} = {expression}")


def programme(name: str, subject: str, test: str, amount: str = "") -> str:
    return f"""
[{name}]
name = "{name}"
subject = "{subject}"
gives = "{"cash" if amount else "service"}"
force = "must"
cite = "doc 1"
{f"amount = {text(amount)}" if amount else ""}
[{name}.when.it]
test = {text(test)}
says = "it"
cite = "doc 1"
"""


# the documents ------------------------------------------------------------------------------------------------


def documents(table: Table, found: list[Answer]) -> Iterator[tuple[date, dict[str, Any]]]:
    """Rows of one decision day and one set of the region's values together."""
    together: dict[tuple[Any, ...], dict[str, Any]] = {}
    for number, row in enumerate(table.rows, 1):
        given = given_in(table, row)
        region = {name: value for name, value in given.facts.items() if name.startswith("region.")}
        empty: dict[str, Any] = {"people": [], "households": [], "region": facts_of("region", region)}
        document = together.setdefault((given.facts["decision.day"], *region.items()), empty)
        for at, answer in enumerate(found):
            given.facts.update(wanted_facts(table.subject, at, answer, answer.expected[number - 1]))
        add(document, table.subject, f"r{number}", given)
    for (day, *_), document in together.items():
        yield day, document


def add(document: dict[str, Any], subject: str, id: str, given: Given) -> None:
    """The row as a household with its members, or as a person in a household of their own."""
    document["households"].append({"id": id, **facts_of("household", given.facts)})
    if subject == "person":
        document["people"].append({"id": id, "household": id, **facts_of("person", given.facts)})
    for number, person in enumerate(given.people, 1):
        document["people"].append({"id": f"{id}m{number}", "household": id, **facts_of("person", person)})


def facts_of(subject: str, values: dict[str, Value]) -> dict[str, Any]:
    """The facts of one kind of subject as an input gives them; the unknown are left out."""
    own = {name.partition(".")[2]: value for name, value in values.items() if name.startswith(f"{subject}.")}
    return {name: plain(value) for name, value in own.items() if value is not None}


def plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
