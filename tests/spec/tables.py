"""Reads the tables of this folder's pages: a column is a given fact or an expression, an empty cell is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast, get_args

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import BOOL, FactType, Node, Scope, Type, parse
from bulou.engine.language.nodes import Value
from bulou.engine.language.types import FactKind

PAGES = sorted(Path(__file__).parent.glob("*.md"))
NOBODY, NO_CODES, UNKNOWN_MEMBER = "nobody", "none of them", "?"

ColumnKind = Literal["given", "members", "expression", "definition", "fen"]
_HEADS: dict[ColumnKind, str] = {
    "members": r"members: `(.+)`",
    "definition": r"definition: `(.+)`",
    "fen": r"amount of `(.+)` in fen",
    "expression": r"`(.+)`",
}


@dataclass(frozen=True)
class Column:
    kind: ColumnKind
    text: str


@dataclass(frozen=True)
class Table:
    """A table of a page: its heading, where it starts, and its cells by column."""

    heading: str
    place: Place
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def subject(self) -> str:
        return "household" if any(column.kind == "members" for column in self.columns) else "person"

    def __str__(self) -> str:
        return f"{self.heading.lower()} line {self.place.line}"


@dataclass(frozen=True)
class Block:
    """Any table of a page, with the line of its head."""

    heading: str
    file: str
    line: int
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def blocks() -> Iterator[Block]:
    """All tables of all pages in order."""
    for page in PAGES:
        heading, lines = "", page.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if line.startswith("#"):
                heading = line.strip("# ")
            elif line.startswith("|") and not lines[number - 1].startswith("|"):
                end = next(
                    at for at in range(number, len(lines) + 1) if at == len(lines) or not lines[at].startswith("|")
                )
                cells = [split(row) for row in lines[number:end]]
                yield Block(heading, page.name, number + 1, cells[0], tuple(cells[2:]))


def split(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))


def _fact_types() -> dict[str, FactType]:
    block = next(block for block in blocks() if block.head[:2] == ("fact", "type"))
    for _, kind, *_ in block.rows:
        assert kind in get_args(FactKind), kind
    found = {name: FactType(cast(FactKind, kind), tuple(codes.split())) for name, kind, _, codes in block.rows}
    return {**found, "decision.day": FactType("date")}


FACTS: Mapping[str, FactType] = _fact_types()


def tables() -> list[Table]:
    """The tables that give expressions a meaning."""
    found = []
    for block in blocks():
        columns = [_column(head) for head in block.head]
        if all(columns):
            known = tuple(column for column in columns if column)
            found.append(Table(block.heading, Place(block.file, line=block.line), known, block.rows))
    return found


def _column(head: str) -> Column | None:
    for kind, pattern in _HEADS.items():
        if match := re.fullmatch(pattern, head):
            text = match[1]
            return Column("given" if kind == "expression" and text in FACTS else kind, text)
    return None


def refusals() -> list[tuple[str, str]]:
    """Pairs of an expression that is refused and one that may be written instead."""
    rows = [row for block in blocks() if block.head == ("not", "but", "because") for row in block.rows]
    return [(wrong.strip("`"), right.strip("`")) for wrong, right, _ in rows]


def node_of(column: Column, table: Table) -> Node:
    """The expression of a column as a typed tree."""
    scope = Scope(table.subject, FACTS, defines_a_fact=column.kind == "definition")
    found = parse(column.text, scope, table.place, Type("money", 2) if column.kind == "fen" else None)
    assert not isinstance(found, Problem), found
    return found


def value_of(cell: str, type: Type) -> Value:
    """A cell as a value; an empty cell is unknown."""
    if cell == "":
        return None
    if type.kind == "bool":
        return {"true": True, "false": False}[cell]
    if type.numeric:
        return Decimal(cell)
    if type.kind == "date":
        return date.fromisoformat(cell)
    if type.kind == "codes":
        return () if cell == NO_CODES else tuple(cell.split(", "))
    return cell


def members_of(cell: str, type: Type) -> list[Value]:
    """A cell of several members as their values."""
    if cell == NOBODY:
        return []
    return [None if part == UNKNOWN_MEMBER else value_of(part, type) for part in cell.split(", ")]


__all__ = [
    "BOOL",
    "FACTS",
    "Block",
    "Column",
    "Table",
    "blocks",
    "members_of",
    "node_of",
    "refusals",
    "tables",
    "value_of",
]
