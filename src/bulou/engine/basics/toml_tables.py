"""Reads TOML so that every value knows its file and line, and gathers problems instead of stopping at the first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bulou.engine.basics.days import Period, day_of_text
from bulou.engine.basics.problems import Place, Problem

OPEN = "open"
"""Written for a day that no document gives: the period has no start (or end)."""

MISSING = object()
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,15})?")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
Lines = Mapping[tuple[str, ...], int]


@dataclass
class Table:
    """One TOML table with its place; reading a key marks it as used, `done` reports the ones nobody reads."""

    content: Mapping[str, Any]
    path: tuple[str, ...]
    file: str
    lines: Lines
    problems: list[Problem]
    used: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.path[-1] if self.path else ""

    def check_name(self, reserved: str = "") -> None:
        """Report a name that no expression and no column could bear; `reserved` is a pattern of taken ones."""
        if not _NAME.fullmatch(self.name) or (reserved and re.fullmatch(reserved, self.name)):
            expected = "小写字母、数字和单个下划线，以字母开头，不与系统的列重名 e.g. rural_elder"
            self.problem("bad-name", None, self.name, expected, "改名 rename it")

    @property
    def place(self) -> Place:
        return self.place_of()

    def place_of(self, key: str | None = None) -> Place:
        path = self.path if key is None else (*self.path, key)
        while path and path not in self.lines:
            below = [line for other, line in self.lines.items() if other[: len(path)] == path]
            if below:
                return Place(self.file, line=min(below))
            path = path[:-1]
        return Place(self.file, line=self.lines.get(path, 1))

    def problem(self, code: str, key: str | None, got: str, expected: str, fix: str) -> None:
        self.problems.append(Problem(code, self.place_of(key), got, expected, fix))

    def _take(self, key: str, kind: type | tuple[type, ...], shown: str, required: bool) -> Any:
        self.used.add(key)
        value = self.content.get(key, MISSING)
        if value is MISSING:
            if required:
                self.problem(
                    "missing-key", None, f"[{'.'.join(self.path)}] 没有 {key}", f"{key} = {shown}", f"补上 {key}"
                )
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.problem("wrong-type", key, f"{key} = {value!r}", shown, "按所需类型改写")
            return None
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required when there is no default."""
        value = self._take(key, str, '"文字"', required=default is None)
        return str(value) if value is not None else default or ""

    def flag(self, key: str) -> bool:
        return bool(self._take(key, bool, "true 或 false", required=False))

    def whole(self, key: str) -> int | None:
        value = self._take(key, int, "整数", required=False)
        return None if value is None else int(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        value = self._take(key, (list, str), '["文字", …]', required=False)
        items = [value] if isinstance(value, str) else value or []
        if not all(isinstance(item, str) for item in items):
            self.problem("wrong-type", key, f"{key} = {value!r}", '["文字", …]', "列表里只写文字")
            return ()
        return tuple(items)

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key, default)
        if value and value not in choices:
            self.problem("not-a-choice", key, f"{key} = {value!r}", "、".join(choices), "改为其中之一 use one of these")
        if value in choices:
            return value
        return choices[0] if default is None else default

    def must_have(self, key: str, code: str, expected: str, fix: str) -> None:
        """Report as `code` that the key is missing (or empty), where its absence has a name of its own."""
        self.used.add(key)
        if self.content.get(key, "") == "":
            self.problem(code, None, f"没有 {key}", expected, fix)

    def texts_by_key(self, key: str) -> dict[str, str]:
        """A table of texts under names that are free."""
        below = self.table(key)
        return {name: below.text(name) for name in below.content} if below else {}

    def given_texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts, or None where the key is not there at all."""
        found = self.texts(key)
        return found if key in self.content else None

    def any(self, key: str) -> Any:
        """A value of any type, or None."""
        self.used.add(key)
        return self.content.get(key)

    def number(self, key: str) -> Decimal | None:
        """An exact number, written as an integer or as text ("1.5"); TOML floats are not exact and are refused."""
        value = self._take(key, (int, str), '整数或 "1.5"', required=False)
        if value is None:
            return None
        if not _NUMBER.fullmatch(str(value)):
            self.problem("wrong-type", key, f"{key} = {value!r}", '整数或 "1.5"', "写成十进制数")
            return None
        return Decimal(str(value))

    def day(self, key: str) -> date | None:
        """A day written 2025-01-31 or "2025-01-31"; "open" and absence give None."""
        value = self._take(key, (date, str), "2025-01-31", required=False)
        if value is None or value == OPEN:
            return None
        try:
            return day_of_text(str(value))
        except ValueError:
            self.problem("no-such-date", key, f"{key} = {value!r}", "存在的日期 2025-01-31", "改正日期")
            return None

    def period(self) -> Period:
        """The half-open period of the keys `from` and `to`."""
        return self.checked_period(self.day("from"), self.day("to"))

    def checked_period(self, start: date | None, end: date | None) -> Period:
        if start and end and end <= start:
            self.problem("empty-period", "to", f"from {start}, to {end}", "to 晚于 from（to 当天不含在内）", "改正日期")
        return Period(start, end)

    def table(self, key: str) -> Table | None:
        value = self._take(key, dict, f"[{'.'.join((*self.path, key))}]", required=False)
        return None if value is None else self.below(key, value)

    def below(self, key: str, content: Mapping[str, Any]) -> Table:
        return Table(content, (*self.path, key), self.file, self.lines, self.problems)

    def tables(self, among: tuple[str, ...] = ()) -> Iterator[Table]:
        """Every table inside this one, in the order of the file; `among` names the only ones there may be."""
        for key, value in self.content.items():
            self.used.add(key)
            if among and key not in among:
                self.problem("not-a-choice", key, key, "、".join(among), "改为其中之一 use one of these")
            elif isinstance(value, dict):
                yield self.below(key, value)
            else:
                self.problem(
                    "not-a-table", key, f"{key} = {value!r}", f"[{'.'.join((*self.path, key))}] 表", "改成一个表"
                )

    def rows(self, key: str) -> Iterator[Table]:
        """The rows of [[key]]."""
        value = self._take(key, list, f"[[{'.'.join((*self.path, key))}]]", required=False) or []
        for number, row in enumerate(value):
            if isinstance(row, dict):
                yield Table(row, (*self.path, key, str(number)), self.file, self.lines, self.problems)
            else:
                self.problem("not-a-table", key, repr(row), f"[[{'.'.join((*self.path, key))}]]", "改成表的列表")

    def done(self) -> None:
        """Report every key that nobody asked for: a misspelt key must not be lost in silence."""
        for key in self.content:
            if key not in self.used:
                known = "、".join(sorted(self.used))
                self.problem("unknown-key", key, f"{'.'.join((*self.path, key))}", f"{known}", "改正或删去这个键")


def read_toml(path: Path, shown: str, problems: list[Problem]) -> Table:
    """The file as a table; a syntax error or wrong encoding becomes a problem and the table is empty."""
    text = ""
    content: dict[str, Any] = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except UnicodeDecodeError as error:
        problems.append(Problem("not-utf-8", Place(shown), f"第 {error.start} 字节不是 UTF-8", "UTF-8", "另存为 UTF-8"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        place = Place(shown, line=int(line[1]) if line else len(text.splitlines()))
        problems.append(Problem("toml-syntax", place, str(error), "正确的 TOML valid TOML", "检查引号、括号和等号"))
    return Table(content, (), shown, _lines(text), problems)


_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_\-."']+)\s*=""")


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Line of every header and key. Values that run over several lines are skipped by counting brackets."""
    found: dict[tuple[str, ...], int] = {}
    counts: dict[tuple[str, ...], int] = {}
    path: tuple[str, ...] = ()
    depth, quoted = 0, False
    for number, line in enumerate(text.splitlines(), 1):
        inside = depth > 0 or quoted
        if not inside and (header := _HEADER.match(line)):
            path = _path_of_header(_split(header[2]), header[1] == "[[", counts)
            found.setdefault(path[:-1] if header[1] == "[[" else path, number)
            found.setdefault(path, number)
            continue
        if not inside and (key := _KEY.match(line)):
            found.setdefault((*path, *_split(key[1])), number)
        if (line.count('"""') + line.count("'''")) % 2:
            quoted = not quoted
        bare = re.sub(r'"(\\.|[^"\\])*"|\'[^\']*\'|#.*$', "", line)
        depth = max(0, depth + bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}"))
    return found


def _path_of_header(names: tuple[str, ...], is_row: bool, counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """The path with the number of each row it lies in: [[a]] [[a.b]] is a, 0, b, 0. Counts the new row."""
    path: tuple[str, ...] = ()
    if not names:
        return path
    for name in names[:-1]:
        path = (*path, name)
        path = (*path, str(counts[path])) if path in counts else path
    path = (*path, names[-1])
    if not is_row:
        return path
    counts[path] = counts.get(path, -1) + 1
    return (*path, str(counts[path]))


def _split(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r'"[^"]*"|\'[^\']*\'|[^.]+', name))
