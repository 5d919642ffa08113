"""What a plan document is once it has been read: frozen values, each with the line it stands on.

Line numbers count from 1 as an editor shows them; for Word and web files a line is a paragraph or a table
row, for PDF a line of the extracted text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from bulou.engine.basics.problems import Problem

Role = Literal["target", "condition", "result", "reference"]
Force = Literal["must", "may", "explore"]
Status = Literal["issued", "draft"]
Sign = Literal[">", ">=", "<", "<=", "="]


@dataclass(frozen=True)
class Line:
    """One printed line: `text` is mended but keeps its spaces; `cells` where the source has a real table row.

    `boxed` says that the source itself frames the line (a one-cell table in Word or HTML).
    """

    no: int
    text: str
    page: int | None = None
    cells: tuple[str, ...] = ()
    boxed: bool = False


@dataclass(frozen=True)
class Chunk:
    """Printed text kept outside the clause tree: letter, title, distribution list or page furniture."""

    line: int
    text: str
    kind: str


@dataclass(frozen=True)
class Passage:
    """Running text rebuilt from printed lines; `starts` gives for each source line its offset in `text`."""

    text: str = ""
    starts: tuple[tuple[int, int], ...] = ()

    def line_at(self, offset: int) -> int | None:
        """The source line on which the character at `offset` stands; None for an empty passage."""
        at = bisect_right(self.starts, offset, key=lambda pair: pair[0])
        return self.starts[at - 1][1] if at else None


@dataclass(frozen=True)
class Section:
    """One node of the clause tree.

    `id` is the citation form (三(二)4), `number` what is printed before the title, `heading` the printed
    heading with number and punctuation, `title` the heading's words alone, `text` what stands in this node
    itself, without its children. `depth` is 0 for the preamble, 1 for chapters, and so on.
    """

    id: str
    depth: int
    number: str
    heading: str
    title: str
    line: int
    end_line: int
    body: Passage

    @property
    def text(self) -> str:
        """The running text, without the heading."""
        return self.body.text


@dataclass(frozen=True)
class Item:
    """One item of a box; `no` and `part` as numbers, `title` None where the item has no heading."""

    id: str
    no: int
    part: int | None
    heading: str
    title: str | None
    line: int
    body: Passage

    @property
    def text(self) -> str:
        """The running text, without the heading."""
        return self.body.text


@dataclass(frozen=True)
class Part:
    """A part of a box (一、资金类); `body` is text that stands in the part without an item number."""

    id: str
    no: int
    heading: str
    title: str
    line: int
    body: Passage


@dataclass(frozen=True)
class Box:
    """A box (专栏); `no` is None where the document gives none. `section` is the clause it stands in."""

    id: str
    no: int | None
    heading: str
    title: str
    line: int
    end_line: int
    section: str
    kind: Literal["items", "indicators", "past"]
    body: Passage
    parts: tuple[Part, ...] = ()
    items: tuple[Item, ...] = ()
    table: tuple[Chunk, ...] = ()


@dataclass(frozen=True)
class Value:
    """One cell of an indicator table.

    `value` is a number, or the cell's words where it holds words (in step with GDP), or None where nothing
    is set (——). `high` ends a range. `comparator` is exactly what is printed, `printed` the whole cell.
    """

    year: int | None
    value: Decimal | str | None
    comparator: str | None
    printed: str
    high: Decimal | None = None

    @property
    def strict(self) -> bool:
        """True when the value itself does not meet the target (＞90: 90 is not enough)."""
        return self.comparator in ("＞", ">", "＜", "<", "超过", "大于", "高于", "低于", "小于")


@dataclass(frozen=True)
class Indicator:
    """One row of an indicator table; `result` is filled only in tables of a past period."""

    no: int
    name: str
    unit: str | None
    baseline: Value | None
    target: Value | None
    nature: str | None
    section: str
    line: int
    category: str | None = None
    result: Value | None = None


@dataclass(frozen=True)
class Figure:
    """A quantity in running text.

    role: target (to be reached or paid), condition (who or when: ages, sizes), result (past or present),
    reference (years, document and telephone numbers, names). `value` and `high` are scaled (2.6万 = 26000);
    `printed` is the quantity as printed; `comparator` the printed word or sign, `sign` its meaning;
    `per` the printed period and bearer (每人每月); `by` the printed deadline and `by_year` its year;
    `force` must / may / explore with the printed `verb` it was read from; `what` is the clause around it.
    """

    role: Role
    section: str
    line: int
    value: Decimal
    high: Decimal | None
    unit: str
    printed: str
    comparator: str | None
    sign: Sign | None
    what: str
    per: str | None
    by: str | None
    by_year: int | None
    force: Force | None
    verb: str | None


@dataclass(frozen=True)
class Duty:
    """Units made responsible for a clause: lead 牵头, joint 责任 (equally), participating 参与、配合."""

    section: str
    line: int
    lead: tuple[str, ...]
    joint: tuple[str, ...]
    participating: tuple[str, ...]


@dataclass(frozen=True)
class Deadline:
    """A day by which replies are asked; `year_inferred` when the year was taken from the letter's date."""

    day: date
    time: str | None
    line: int
    printed: str
    year_inferred: bool


@dataclass(frozen=True)
class Citation:
    """Another document this one names; `number` where its document number follows the title."""

    title: str
    number: str | None
    line: int


@dataclass(frozen=True)
class DocumentFacts:
    """Facts about the document itself; None where the document does not say it."""

    title: str
    number: str | None = None
    issued: date | None = None
    issuer: str | None = None
    status: Status | None = None
    period: tuple[int, int] | None = None
    deadlines: tuple[Deadline, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Account:
    """Characters (spaces aside) read from the file, placed in the plan, and set aside as page furniture."""

    read: int
    placed: int
    furniture: int

    @property
    def balances(self) -> bool:
        """Whether every character read is accounted for."""
        return self.read == self.placed + self.furniture


@dataclass(frozen=True)
class Plan:
    """A plan document as data; see the README of this room for what each part means."""

    file: str
    facts: DocumentFacts
    front: tuple[Chunk, ...] = ()
    sections: tuple[Section, ...] = ()
    boxes: tuple[Box, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    past_indicators: tuple[Indicator, ...] = ()
    figures: tuple[Figure, ...] = ()
    duties: tuple[Duty, ...] = ()
    back: tuple[Chunk, ...] = ()
    furniture: tuple[Chunk, ...] = ()
    account: Account = field(default_factory=lambda: Account(0, 0, 0))
    problems: tuple[Problem, ...] = ()

    @property
    def targets(self) -> tuple[Figure, ...]:
        """The figures to be reached or paid."""
        return tuple(figure for figure in self.figures if figure.role == "target")

    @property
    def results(self) -> tuple[Figure, ...]:
        """The figures of the past period and of the situation at its end."""
        return tuple(figure for figure in self.figures if figure.role == "result")

    def section(self, clause: str) -> Section | None:
        """The section with this id, or None."""
        return next((section for section in self.sections if section.id == clause), None)
