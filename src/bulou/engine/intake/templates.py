"""Kinds of rolls as data: `fields.toml` says what columns mean, `templates/<kind>.toml` what a kind of roll holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.basics.toml_tables import Table, read_toml
from bulou.engine.intake.headings import normal_forms

HERE = Path(__file__).parent
KINDS = ("id", "cert", "name", "date", "month", "money", "int", "code", "bool", "phone", "account", "text", "serial")
REPEATS = ("merge", "keep")


@dataclass(frozen=True)
class Field:
    """What a column can mean.

    `kind` decides how its cells are read; `words` maps accepted words (lower case, half width) to codes;
    `headings` are its usual names; a field that is `everywhere` may stand in any roll. A month without a day
    means its first day, or its last with `month_end`, and is no damage with `month_enough`; `open_end` accepts
    长期 as "no end".
    """

    id: str
    label: str
    kind: str
    headings: tuple[str, ...]
    words: Mapping[str, str]
    everywhere: bool = False
    month_end: bool = False
    month_enough: bool = False
    open_end: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Supply:
    """A fact that a row of the roll states: by a field or as a constant, when its conditions (field: code) hold."""

    fact: str
    field: str | None
    value: bool | str | None
    when: Mapping[str, str]


@dataclass(frozen=True)
class Template:
    """A kind of roll.

    `required` are columns a roll must have ("a|b": one of them) and values without which a row cannot be used (but
    for the name); `key` says what makes two rows
    of a file the same entry, `repeats` whether an identical row is merged or kept (two equal payments are two
    payments). `complete`: normally everybody of the region whom the roll concerns is on it. `evidence` weighs
    fields when a sheet's kind is recognised; `from_title` sets a field from words in the title of a sheet.
    `enrols` names programmes that the roll tells who has: everybody on it (""), or those of whom the field says so.
    """

    id: str
    label: str
    label_en: str
    supplier: str
    complete: bool
    titles: tuple[str, ...]
    weak_titles: tuple[str, ...]
    required: tuple[str, ...]
    key: tuple[str, ...]
    repeats: str
    fields: Mapping[str, Field]
    headings: Mapping[str, tuple[str, int]]
    evidence: Mapping[str, int]
    from_title: Mapping[str, Mapping[str, tuple[str, ...]]]
    supplies: tuple[Supply, ...]
    enrols: Mapping[str, str]

    def field_of(self, candidates: tuple[str, ...]) -> tuple[str, int] | None:
        """The field for the first of the normalised names that is known, with its rank among its synonyms."""
        return next((self.headings[name] for name in candidates if name in self.headings), None)

    def meets(self, required: str, present: set[str]) -> bool:
        return any(name in present for name in required.split("|"))


@dataclass(frozen=True)
class Templates:
    """All kinds by id and every heading any of them knows (normalised)."""

    kinds: Mapping[str, Template]
    known: frozenset[str]


@cache
def read_templates() -> Templates:
    """The templates that come with Bulou. Raises `Refused` with every mistake in their files."""
    problems: list[Problem] = []
    fields = _read_fields(problems)
    paths = sorted((HERE / "templates").glob("*.toml"))
    kinds = {path.stem: _read_template(path, fields, problems) for path in paths}
    if problems:
        raise Refused(problems)
    known = frozenset(name for template in kinds.values() for name in template.headings)
    return Templates(kinds, known)


def _read_fields(problems: list[Problem]) -> dict[str, Field]:
    table = read_toml(HERE / "fields.toml", "fields.toml", problems)
    return {row.name: _read_field(row) for row in table.tables()}


def _read_field(table: Table) -> Field:
    words: dict[str, str] = {}
    codes = table.table("words")
    for code in codes.content if codes else ():
        assert codes is not None
        words |= {word.lower(): code for word in (code, *codes.texts(code))}
    field = Field(
        id=table.name,
        label=table.text("label"),
        kind=table.choice("kind", KINDS, "text"),
        headings=table.texts("headings"),
        words=words,
        everywhere=table.flag("everywhere"),
        month_end=table.flag("month_end"),
        month_enough=table.flag("month_enough"),
        open_end=table.flag("open_end"),
        whole=table.flag("whole"),
    )
    table.done()
    return field


def _read_template(path: Path, fields: Mapping[str, Field], problems: list[Problem]) -> Template:
    table = read_toml(path, f"templates/{path.name}", problems)
    table.path = (path.stem,)
    own = _known(table, "columns", fields)
    used = {name: field for name, field in fields.items() if name in own or field.everywhere}
    template = Template(
        id=path.stem,
        label=table.text("label"),
        label_en=table.text("label_en"),
        supplier=table.text("supplier", ""),
        complete=table.flag("complete"),
        titles=_forms(table, "titles"),
        weak_titles=_forms(table, "weak_titles"),
        required=table.texts("required"),
        key=_known(table, "key", used),
        repeats=table.choice("repeats", REPEATS, "merge"),
        fields=used,
        headings=_headings(table, used),
        evidence=_evidence(table, used),
        from_title=_from_title(table, used),
        supplies=tuple(_supply(row, used) for row in table.rows("supplies")),
        enrols=_enrols(table, used),
    )
    table.text("note", "")
    table.done()
    return template


def _forms(table: Table, key: str) -> tuple[str, ...]:
    return tuple(form for word in table.texts(key) for form in normal_forms(word)[:1])


def _known(table: Table, key: str, fields: Mapping[str, Field]) -> tuple[str, ...]:
    names = table.texts(key)
    for name in names:
        _check_field(table, key, name, fields)
    return names


def _check_field(table: Table, key: str, name: str, fields: Mapping[str, Field]) -> None:
    if name not in fields:
        table.problem("unknown-field", key, name, "fields.toml 中的字段", "先在 fields.toml 中声明，或改正字段名")


def _headings(table: Table, fields: Mapping[str, Field]) -> dict[str, tuple[str, int]]:
    """Normalised heading → (field, rank). The roll's own words win over the usual ones."""
    own = table.table("headings")
    said: dict[str, tuple[str, int]] = {}
    for name in own.content if own else ():
        assert own is not None
        _check_field(own, name, name, fields)
        said |= {normal_forms(word)[0]: (name, rank) for rank, word in enumerate(own.texts(name))}
    for name, field in fields.items():
        for rank, word in enumerate((field.label, *field.headings)):
            said.setdefault(normal_forms(word)[0], (name, rank + 100))
    return said


def _evidence(table: Table, fields: Mapping[str, Field]) -> dict[str, int]:
    weights = table.table("evidence")
    if weights is None:
        return {}
    for name in weights.content:
        _check_field(weights, name, name, fields)
    return {name: weights.whole(name) or 0 for name in weights.content}


def _enrols(table: Table, fields: Mapping[str, Field]) -> dict[str, str]:
    said = table.table("enrols")
    found = {} if said is None else {programme: said.text(programme, "") for programme in said.content}
    for programme, field in found.items():
        if said is not None and field and fields.get(field, Field("", "", "", (), {})).kind != "bool":
            said.problem("unknown-field", programme, field, "名册中的是否字段", "写名册里说明是否享受的字段")
    return found


def _from_title(table: Table, fields: Mapping[str, Field]) -> dict[str, dict[str, tuple[str, ...]]]:
    said = table.table("from_title")
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for codes in said.tables() if said else _nothing():
        _check_field(table, "from_title", codes.name, fields)
        found[codes.name] = {code: codes.texts(code) for code in codes.content}
    return found


def _nothing() -> Iterator[Table]:
    yield from ()


def _supply(row: Table, fields: Mapping[str, Field]) -> Supply:
    field = row.text("field", "") or None
    when = row.table("when")
    conditions = {name: when.text(name) for name in when.content} if when else {}
    for name in (*conditions, *([field] if field else [])):
        _check_field(row, "fact", name, fields)
    value = row.any("value")
    if (field is None) == (value is None):
        row.problem("one-source", "fact", "field 和 value", "恰好写一个", "写 field（取自列）或 value（常数）")
    supply = Supply(row.text("fact"), field, value, conditions)
    row.done()
    return supply
