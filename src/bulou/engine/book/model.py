"""What a page of the book holds, before it is written as HTML: entries of rules, made of a few kinds of parts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """One sentence of a rule, with what else the pack says to it, its cite, and the pack it comes from."""

    text: str
    note: str = ""
    cite: str = ""
    source: str = ""


@dataclass(frozen=True)
class Lines:
    """A list of statements under a heading of `phrases.HEADINGS`."""

    heading: str
    items: tuple[Statement, ...]
    intro: str = ""
    form: str = "lines"


@dataclass(frozen=True)
class Pairs:
    """Terms with what stands to them."""

    items: tuple[tuple[str, str], ...]
    form: str = "pairs"


@dataclass(frozen=True)
class Grid:
    """A table; with `heading` it opens a part of its own."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    heading: str = ""
    note: str = ""
    form: str = "grid"


@dataclass(frozen=True)
class Case:
    """A worked example: what is known, and what comes out."""

    title: str
    on: str
    given: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True)
class Cases:
    items: tuple[Case, ...]
    form: str = "cases"


Part = Lines | Pairs | Grid | Cases


@dataclass(frozen=True)
class Entry:
    """One rule of the book. `code` is its name in the pack, `summary` one line for indexes.

    `clauses` are the documents and clauses it rests on, `cites` the same in words.
    """

    kind: str
    code: str
    title: str
    need: str
    subject: str
    status: str
    summary: str
    parts: tuple[Part, ...]
    clauses: tuple[tuple[str, str], ...]
    cites: str

    @property
    def anchor(self) -> str:
        return f"{self.kind}-{self.code}"

    @property
    def page(self) -> str:
        return f"{page_of(self)}.html"


def page_of(entry: Entry) -> str:
    """The chapter in which an entry stands."""
    return "checks" if entry.kind == "check" else f"need-{entry.need or 'other'}"
