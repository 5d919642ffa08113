"""The columns that the two kinds of sheets can have, as `form.toml` lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.basics.toml_tables import Table, read_toml
from bulou.engine.intake.headings import Heading, normal_forms

KINDS = (
    "text", "name", "code", "id", "cert", "phone", "date", "year", "number", "percent", "money", "result", "bool",
    "kind",
)  # fmt: skip
DECLARATION, STAFF = "declaration", "staff"


@dataclass(frozen=True)
class Column:
    """A column by its meaning. `worked_out` columns are results of the form: only compared with ours."""

    id: str
    label: str
    kind: str
    number: str = ""
    worked_out: bool = False
    signed: bool = False


@dataclass(frozen=True)
class Form:
    """One kind of sheet: its columns by id, and normalised headings that stand for them."""

    id: str
    columns: Mapping[str, Column]
    headings: Mapping[str, str]

    def column_of(self, heading: Heading) -> str | None:
        """The id of the column a heading names."""
        return next((self.headings[name] for name in heading.candidates if name in self.headings), None)


@dataclass(frozen=True)
class Forms:
    """Both kinds of sheets, what a credit code says of its bearer, and the words for kinds of employers."""

    declaration: Form
    staff: Form
    code_kinds: Mapping[str, str]
    kind_words: Mapping[str, str]

    @property
    def known(self) -> frozenset[str]:
        return frozenset((*self.declaration.headings, *self.staff.headings))


@cache
def read_form() -> Forms:
    """The columns of `form.toml`. Raises `Refused` with every mistake in it."""
    problems: list[Problem] = []
    table = read_toml(Path(__file__).with_name("form.toml"), "form.toml", problems)
    codes, words = table.table("code_kinds"), table.table("kind_words")
    assert codes is not None and words is not None
    forms = Forms(
        _form(table, DECLARATION),
        _form(table, STAFF),
        MappingProxyType({code: codes.text(code) for code in codes.content}),
        MappingProxyType({word: kind for kind in words.content for word in (kind, *words.texts(kind))}),
    )
    if problems:
        raise Refused(problems)
    return forms


def _form(table: Table, name: str) -> Form:
    section = table.table(name)
    assert section is not None
    columns: dict[str, Column] = {}
    headings: dict[str, str] = {}
    for row in section.tables():
        column, number, formula = _column(row), row.text("number", ""), row.text("formula", "")
        columns[column.id] = column
        for word in (column.label, *row.texts("headings")):
            for form in _as_printed(word, number, formula):
                headings.setdefault(form, column.id)
        row.done()
    return Form(name, MappingProxyType(columns), MappingProxyType(headings))


def _column(row: Table) -> Column:
    return Column(
        row.name,
        row.text("label"),
        row.choice("kind", KINDS),
        row.text("number", ""),
        row.choice("role", ("given", "worked_out"), "given") == "worked_out",
        row.flag("signed"),
    )


def _as_printed(word: str, number: str, formula: str) -> Iterator[str]:
    """The heading as it may be printed: (8) before or after it, with the form's formula 8=4/5 or without."""
    signs = [number, f"{number}={formula}", f"({number})={formula}"] if formula else [number]
    printed = [word]
    for sign in signs if number else ():
        printed += [f"{sign} {word}", f"({sign}){word}", f"{word} {sign}", f"{word}({sign})"]
        printed += [text.replace("*", mark) for text in printed for mark in "x×" if "*" in text]
    for text in printed:
        yield from (form for form in normal_forms(text) if form)
