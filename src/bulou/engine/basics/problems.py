"""Problems as values: each says where, what was found, what was expected and what to do.

A run gathers all of its problems and shows them together; only the command line turns them into an exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "note"]


@dataclass(frozen=True, order=True)
class Place:
    """Where in an input something stands; `row` and `line` count from 1 as a person would.

    With `sheet` the row is the row of that sheet as a spreadsheet program numbers it, else the row of data.
    """

    file: str = ""
    line: int | None = None
    row: int | None = None
    column: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        parts = [self.file, f"工作表 sheet {self.sheet}" if self.sheet else ""]
        if self.line is not None:
            parts.append(f"第{self.line}行 line {self.line}")
        if self.row is not None:
            parts.append(f"第{self.row}行{'' if self.sheet else '数据'} row {self.row}")
        if self.column:
            parts.append(self.column)
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong or doubtful in an input.

    `code` is a stable kebab-case name; `got`, `expected` and `fix` are plain sentences or values.
    An `error` makes the input unusable; a `note` is shown and the work goes on.
    """

    code: str
    place: Place
    got: str
    expected: str
    fix: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return (
            f"{self.place}: [{self.code}]\n"
            f"  发现 got: {self.got}\n"
            f"  应为 expected: {self.expected}\n"
            f"  处理 do: {self.fix}"
        )

    def at(self, place: Place) -> Problem:
        return replace(self, place=place)


class Refused(Exception):
    """The input cannot be used; `problems` says everything that is wrong with it (at least one error)."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def refuse_errors(problems: Iterable[Problem]) -> list[Problem]:
    """Raise `Refused` with all problems if one of them is an error, else give the notes back."""
    problems = list(problems)
    if errors(problems):
        raise Refused(problems)
    return problems
