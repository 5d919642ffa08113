"""Checks an input document of `decide`: people, households, employers, institutions, settings, complete rolls.

The shape is the contract: fact names without their prefix; an absent fact is unknown. All problems are found in
one pass and refuse the document together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.facts.values import EXACT_FLOATS, Misfit, read_cell, read_value
from bulou.engine.language.nodes import Value
from bulou.engine.pack import Pack

KINDS = {"people": "person", "households": "household", "employers": "employer", "institutions": "institution"}
TOP_KEYS = (*KINDS, "region", "rolls")


@dataclass(frozen=True)
class GivenSubject:
    """Facts given for one subject, by full dotted name; `household` links a person to a household of the document."""

    kind: str
    id: str
    facts: Mapping[str, Value]
    household: str | None = None


@dataclass
class CheckedDocument:
    """A document whose every value has the type of its fact."""

    subjects: dict[str, list[GivenSubject]] = field(default_factory=lambda: {kind: [] for kind in KINDS.values()})
    settings: dict[str, Value] = field(default_factory=dict)
    rolls: frozenset[str] = frozenset()


def check_document(document: Any, pack: Pack, file: str = "", cells: bool = False) -> CheckedDocument:
    """The document with typed values. `cells` reads values as cells of a table (text stands for other types).

    Raises `Refused` with every problem: unknown columns, wrong types, codes outside the list, dates that do not
    exist, duplicate ids, households that are not there.
    """
    return _Checker(pack, file, cells).check(document)


def check_settings(pack: Pack, region: Any, rolls: Iterable[str]) -> tuple[dict[str, Value], frozenset[str]]:
    """Settings of the locality by full fact name and the complete rolls, checked. Raises `Refused`."""
    checker = _Checker(pack, "", cells=False)
    settings, complete = checker._settings(region), checker._rolls(list(rolls))
    if checker.problems:
        raise Refused(checker.problems)
    return settings, complete


class _Checker:
    def __init__(self, pack: Pack, file: str, cells: bool) -> None:
        self.pack, self.file, self.cells = pack, file, cells
        self.problems: list[Problem] = []
        self.rows: dict[str, int] = {}
        self.unknown: set[str] = set()

    def check(self, document: Any) -> CheckedDocument:
        if not isinstance(document, dict):
            self._problem("not-an-object", "", type(document).__name__, '{"people": […], …}', "按说明组织输入")
            raise Refused(self.problems)
        for key in document:
            if key not in TOP_KEYS:
                self._problem("unknown-key", key, str(key), "、".join(TOP_KEYS), self._closest(str(key), TOP_KEYS))
        checked = CheckedDocument(rolls=self._rolls(document.get("rolls")))
        checked.settings = self._settings(document.get("region"))
        for key, kind in KINDS.items():
            checked.subjects[kind] = self._subjects(document.get(key), key, kind)
        self._link_households(checked, "households" in document)
        if not any(checked.subjects.values()) and not self.problems:
            self._problem(
                "nothing-to-decide", "", "没有任何主体", "至少一个人、家庭、单位或机构", "在 people 等列表中加入主体"
            )
        if self.problems:
            raise Refused(self.problems)
        return checked

    def _problem(self, code: str, column: str, got: str, expected: str, fix: str, row: int | None = None) -> None:
        self.problems.append(Problem(code, Place(self.file, row=row, column=column), got, expected, fix))

    def _closest(self, name: str, names: Any) -> str:
        close = get_close_matches(name, names, n=3, cutoff=0.6)
        return f"是否想写 did you mean {'、'.join(close)}？" if close else "删去或改正 remove or correct it"

    def _rolls(self, raw: Any) -> frozenset[str]:
        if raw is None:
            return frozenset()
        known = self.pack.suppliers
        if not isinstance(raw, list) or not all(isinstance(roll, str) for roll in raw):
            self._problem("wrong-type", "rolls", repr(raw)[:80], '["dibao_roll", …]', "写成来源名称的列表")
            return frozenset()
        for roll in raw:
            if roll not in known:
                self._problem("unknown-roll", "rolls", roll, "、".join(known), self._closest(roll, known))
        return frozenset(raw)

    def _settings(self, raw: Any) -> dict[str, Value]:
        if raw is None:
            return {}
        if not isinstance(raw, dict):
            self._problem("wrong-type", "region", repr(raw)[:80], '{"dibao_standard": 600, …}', "写成对象")
            return {}
        return self._facts(raw, "region", None)

    def _subjects(self, raw: Any, key: str, kind: str) -> list[GivenSubject]:
        if raw is None:
            return []
        if not isinstance(raw, list) or not all(isinstance(row, dict) or self._is_blank(row) for row in raw):
            self._problem("wrong-type", key, type(raw).__name__, f'"{key}": [{{"id": …}}, …]', "写成对象的列表")
            return []
        subjects: dict[str, GivenSubject] = {}
        for number, row in enumerate(raw, 1):
            subject = None if self._is_blank(row) else self._subject(row, key, kind, number)
            if subject and subject.id in subjects:
                self._problem("duplicate-id", f"{key}.id", subject.id, "不重复的 id", "合并或改正重复的行", number)
            elif subject:
                subjects[subject.id] = subject
                self.rows.setdefault(f"{kind} {subject.id}", number)
        return list(subjects.values())

    def _is_blank(self, row: Any) -> bool:
        return self.cells and row is None

    def _key(self, raw: Any) -> Any:
        """An id as text; a spreadsheet holds short numbers as 1.0."""
        whole = self.cells and isinstance(raw, float) and raw.is_integer() and abs(raw) < EXACT_FLOATS
        return str(int(raw)) if whole else raw.strip() if self.cells and isinstance(raw, str) else raw

    def _subject(self, row: Mapping[str, Any], key: str, kind: str, number: int) -> GivenSubject | None:
        id = self._key(row.get("id"))
        if isinstance(id, bool) or not isinstance(id, str | int) or id == "":
            self._problem("no-id", f"{key}.id", repr(id), "每行一个 id（文字）", "给每个主体一个 id", number)
            return None
        linked = self._key(row.get("household")) if kind == "person" else None
        if linked is not None and (isinstance(linked, bool) or not isinstance(linked, str | int)):
            self._problem("wrong-type", "household", repr(linked), "家庭的 id（文字）", "写家庭的 id", number)
            linked = None
        skip = ("id", "household") if kind == "person" else ("id",)
        given = {name: value for name, value in row.items() if name not in skip}
        facts = self._facts(given, kind, number)
        return GivenSubject(kind, str(id), facts, None if linked in (None, "") else str(linked))

    def _facts(self, given: Mapping[str, Any], kind: str, number: int | None) -> dict[str, Value]:
        found: dict[str, Value] = {}
        seen: dict[str, str] = {}
        for name, raw in given.items():
            full = self._full_name(str(name), kind)
            if full is None:
                self._unknown_column(str(name), kind, number)
                continue
            if full in seen:
                self._column_twice(full, f"{seen[full]} 与 {name} 重复", number)
            seen[full] = str(name)
            try:
                value = self._value(raw, full)
            except Misfit as misfit:
                self._problem("wrong-value", full, repr(raw)[:60], misfit.expected, misfit.fix, number)
            else:
                if value is not None:
                    found[full] = value
        return found

    def _unknown_column(self, name: str, kind: str, number: int | None) -> None:
        """Told once, at the first row that has it."""
        if f"{kind}.{name}" in self.unknown:
            return
        self.unknown.add(f"{kind}.{name}")
        names = [fact.removeprefix(f"{kind}.") for fact in self.pack.facts if fact.startswith(f"{kind}.")]
        expected, fix = f"{kind} 的事实名 a fact of {kind}", self._closest(name, names)
        self._problem("unknown-column", f"{kind}.{name}", name, expected, fix, number)

    def _column_twice(self, fact: str, got: str, number: int | None) -> None:
        if fact not in self.unknown:
            self.unknown.add(fact)
            self._problem("column-twice", fact, got, "一个事实一列 one column a fact", "删去其中一列", number)

    def _value(self, raw: Any, name: str) -> Value:
        fact = self.pack.facts[name]
        return read_cell(raw, fact.type, dict(fact.codes_zh)) if self.cells else read_value(raw, fact.type)

    def _full_name(self, name: str, kind: str) -> str | None:
        full = f"{kind}.{name}"
        if full in self.pack.facts:
            return full
        if self.cells:
            labels = {fact.label: fact.name for fact in self.pack.facts.values() if fact.subject == kind}
            return labels.get(name)
        return None

    def _link_households(self, checked: CheckedDocument, declared: bool) -> None:
        """Households named by people but not listed: an error if the document lists households, else made."""
        known = {household.id for household in checked.subjects["household"]}
        for person in checked.subjects["person"]:
            if person.household is None or person.household in known:
                continue
            if declared:
                self._problem(
                    "no-such-household",
                    "household",
                    person.household,
                    "households 中列出的家庭 id",
                    "在 households 中补上这个家庭，或改正 id",
                    self.rows[f"person {person.id}"],
                )
            else:
                checked.subjects["household"].append(GivenSubject("household", person.household, {}))
                known.add(person.household)
