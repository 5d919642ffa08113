"""The report page as data: sections of paragraphs, tables and charts. Counts only, nobody's name or number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bulou.engine.report.charts import Chart

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is its head. `numbers` are the columns set right; `total` is a last row."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    numbers: frozenset[int] = frozenset()
    total: Row | None = None


@dataclass(frozen=True)
class Part:
    """A table with an own heading where there are several, and the chart of its numbers."""

    table: Table
    chart: Chart | None = None
    title: str = ""


@dataclass(frozen=True)
class Step:
    """One thing to do: what, why, who, by when, in which file."""

    what: str
    why: str
    who: str
    until: str
    file: str


@dataclass(frozen=True)
class Section:
    """A section of the page; `id` is the target of the table of contents."""

    id: str
    title: str
    says: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    steps: tuple[Step, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    figures: tuple[tuple[str, str, str], ...] = field(default=())


def table(caption: str, heads: Sequence[str], rows: Sequence[Row], numbers: Sequence[int] = (),
          total: Row | None = None) -> Table:  # fmt: skip
    return Table(caption, tuple(heads), tuple(rows), frozenset(numbers), total)
