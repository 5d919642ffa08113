"""Finds the header of a sheet: title rows above it, one to three header rows, headings under merged groups."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from bulou.engine.intake.sheet import SheetRead

SEARCHED_ROWS = 15
DEEPEST_HEADER = 3
FEWEST_HEADINGS = 2

_BRACKETS = re.compile(r"[(\[{【〔].*?[)\]}】〕]")
_MARKS = re.compile(r"[\s\u200b\ufeff:;,.、。·*#/\\\-—_\"'“”()\[\]{}【】〔〕]+")
_QUESTION = re.compile(r"^(?:r\d+|\d+[.、])(?=.*[\u4e00-\u9fff])")
"""Number of a question in a survey, before its words."""
_DATA = re.compile(r"\d{6}")


@dataclass(frozen=True)
class Heading:
    """What stands above a column: its letter and its texts from top to bottom, a group first."""

    letter: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        return "·".join(self.parts)

    @property
    def candidates(self) -> tuple[str, ...]:
        """Normalised names to look up, the most telling first: the whole, the lowest part, the group."""
        names = ["".join(self.parts), *(reversed(self.parts) if len(self.parts) > 1 else ())]
        found = [form for name in names for form in normal_forms(name)]
        return tuple(dict.fromkeys(form for form in found if form))


@dataclass(frozen=True)
class Layout:
    """Where the header stands (rows from 0, both inside), its columns, and the text of the rows above."""

    first: int
    last: int
    headings: tuple[Heading, ...]
    titles: tuple[str, ...]


@cache
def normal_forms(name: str) -> tuple[str, ...]:
    """A heading without blanks, marks, width and question number; then also without what stands in brackets."""
    plain = unicodedata.normalize("NFKC", name).lower()
    plain = _QUESTION.sub("", plain.strip())
    return _MARKS.sub("", plain), _MARKS.sub("", _BRACKETS.sub("", plain))


def find_header(sheet: SheetRead, known: Collection[str]) -> Layout | None:
    """The header: the rows whose headings match the most known words, the fewest and highest rows on a tie.

    None when no row holds two known headings: then the sheet is not a table we know, and nothing is guessed.
    """
    rows = [sheet.row_text(index) for index in range(min(SEARCHED_ROWS, sheet.grid.height))]
    best: tuple[int, int] = FEWEST_HEADINGS, -DEEPEST_HEADER
    layout: Layout | None = None
    for first in range(len(rows)):
        for last in range(first, min(first + DEEPEST_HEADER, len(rows))):
            if last > first and not _is_header_row(rows[last], sheet, first, last):
                break
            headings = _headings(rows, sheet, first, last)
            count = sum(any(form in known for form in heading.candidates) for heading in headings)
            if (count, first - last) > best:
                best = count, first - last
                layout = Layout(first, last, headings, tuple(_titles(rows[:first])))
    return layout


def _is_header_row(cells: list[str], sheet: SheetRead, first: int, last: int) -> bool:
    """A further header row carries words, no long numbers, and stands under a merged or empty cell."""
    filled = [cell for cell in cells if cell]
    if not filled or any(_DATA.search(cell) or cell.isdigit() for cell in filled):
        return False
    if any(merge.top < last <= merge.bottom and merge.top >= first for merge in sheet.merges):
        return True
    return any(merge.top == last - 1 == merge.bottom and merge.right > merge.left for merge in sheet.merges) or any(
        cell and not above for cell, above in zip(cells, sheet.row_text(last - 1), strict=True)
    )


def _headings(rows: list[list[str]], sheet: SheetRead, first: int, last: int) -> tuple[Heading, ...]:
    above = [_spread(rows[row], rows[last], sheet, row) if row < last else rows[row] for row in range(first, last + 1)]
    names = sheet.grid.columns
    columns = zip(names, zip(*above, strict=True), strict=True)
    return tuple(Heading(name, tuple(dict.fromkeys(part for part in parts if part))) for name, parts in columns)


def _spread(cells: list[str], lowest: list[str], sheet: SheetRead, row: int) -> list[str]:
    """A group's name over all of its columns: by its merged cell, or, in a text table, over empty cells with
    headings below."""
    spread = list(cells)
    for merge in sheet.merges:
        if merge.top <= row <= merge.bottom and merge.left < len(cells):
            for place in range(merge.left, min(merge.right + 1, len(cells))):
                spread[place] = cells[merge.left]
    if not sheet.merges:
        for place in range(1, len(spread)):
            if not spread[place] and lowest[place] and lowest[place - 1]:
                spread[place] = spread[place - 1]
    return spread


def _titles(rows: list[list[str]]) -> Iterator[str]:
    for row in rows:
        yield from (cell for cell in row if cell)
