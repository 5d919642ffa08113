"""The rule language means what its tables say: by the plain evaluator, on Polars and on DuckDB.

The same tables are the page docs/rule_language.md.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import BOOL, Node, Scope, parse, walk
from bulou.engine.language import nodes as n
from bulou.engine.language.tokens import CALLABLE
from tests.spec.page import PAGE, page
from tests.spec.run import differences_of_an_engine, differences_of_the_plain_meaning
from tests.spec.tables import FACTS, Table, node_of, refusals, tables

TABLES = tables()
each_table = pytest.mark.parametrize("table", TABLES, ids=str)


@each_table
def test_the_plain_meaning_is_what_the_table_says(table: Table) -> None:
    assert list(differences_of_the_plain_meaning(table)) == []


@each_table
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_an_engine_gives_what_the_table_says(table: Table, engine: str, tmp_path: Path) -> None:
    assert list(differences_of_an_engine(table, engine, tmp_path)) == []


@pytest.mark.parametrize(("wrong", "right"), refusals())
def test_what_the_page_says_is_refused_is_refused_and_what_it_advises_is_not(wrong: str, right: str) -> None:
    scope, place = Scope("person", FACTS), Place("page")
    assert isinstance(parse(wrong, scope, place, BOOL), Problem)
    assert isinstance(parse(right, scope, place, BOOL), Node)


def expressions() -> list[Node]:
    return [
        node_of(column, table)
        for table in TABLES
        for column in table.columns
        if column.kind not in ("given", "members")
    ]


def test_every_function_stands_in_a_table() -> None:
    headings = " ".join(column.text for table in TABLES for column in table.columns)
    assert [name for name in CALLABLE if f"{name}(" not in headings] == []


def test_every_kind_of_node_and_operator_stands_in_a_table() -> None:
    found = [part for tree in expressions() for part in walk(tree)]
    assert {type(part) for part in found} == set(n.Node.__subclasses__())
    assert {part.operator for part in found if isinstance(part, n.Compare)} == {"=", "<>", "<", "<=", ">", ">="}
    assert {part.operator for part in found if isinstance(part, n.Arithmetic)} == {"+", "-", "*"}
    assert {part.kind for part in found if isinstance(part, n.OverMembers)} == {
        "any",
        "count",
        "at_least",
        "sum",
        "min",
        "max",
    }


def test_every_table_with_unknown_facts_says_what_follows() -> None:
    """A table that never leaves a cell empty does not show what the unknown does."""
    assert [str(table) for table in TABLES if not any("" in row or "?" in "".join(row) for row in table.rows)] == []


def test_the_page_of_the_language_is_made_from_these_tables() -> None:
    """If this fails, run `python -m tests.spec.page --write`."""
    assert PAGE.read_text(encoding="utf-8") == page()
