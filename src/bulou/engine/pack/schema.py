"""JSON Schemas of the pack files, for editors: made by running the reader on a table that only takes notes.

What the reader asks for is what the schema allows, so the two cannot drift apart. The schema is the weaker of the
two: a file that fits it may still have problems that only `check` sees. Draft 7, which editors of TOML understand;
dates are texts there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from bulou.engine.basics.problems import Place
from bulou.engine.basics.toml_tables import OPEN, Table
from bulou.engine.language.types import FactKind, FactType
from bulou.engine.pack import model as m
from bulou.engine.pack.key_words import key_words
from bulou.engine.pack.read import CONTENTS, EMPTY, read_content, read_head

FILES = ("pack", *CONTENTS)
"""Kinds of files, by the name of the file (or of its folder)."""

DRAFT = "http://json-schema.org/draft-07/schema#"
TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": ["integer", "string"], "pattern": r"^-?[0-9]{1,30}(\.[0-9]{1,15})?$"}
DAY: dict[str, Any] = {"type": "string", "pattern": rf"^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|{OPEN})$"}
NAME = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
ANY_NAME = "name"


@dataclass
class Shape:
    """What the reader asked of one table: schemas by key, what must be there, what stands under free names."""

    keys: dict[str, list[dict[str, Any] | Shape]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    free: Shape | dict[str, Any] | None = None
    rows: bool = False
    closed: bool = False
    named: bool = False

    def add(self, key: str, schema: dict[str, Any] | Shape) -> None:
        known = self.keys.setdefault(key, [])
        if schema not in known:
            known.append(schema)

    def merged(self, other: Shape) -> Shape:
        """Both readings of the same kind of table: what either asked for, and what both required."""
        together = replace(self, keys={key: list(found) for key, found in self.keys.items()})
        for key, found in other.keys.items():
            for schema in found:
                together.add(key, schema)
        together.required = self.required & other.required
        if isinstance(self.free, Shape) and isinstance(other.free, Shape):
            together.free = self.free.merged(other.free)
        return together

    def schema(self) -> dict[str, Any]:
        """The shape as JSON Schema."""
        found: dict[str, Any] = {"type": "object"}
        if self.keys:
            found["properties"] = {key: _one(alternatives) for key, alternatives in self.keys.items()}
        if self.required:
            found["required"] = sorted(self.required)
        if self.free is not None:
            found["additionalProperties"] = self.free.schema() if isinstance(self.free, Shape) else self.free
        elif self.closed:
            found["additionalProperties"] = False
        if self.named:
            found["propertyNames"] = {"pattern": NAME}
        return {"type": "array", "items": found} if self.rows else found


def _one(alternatives: list[dict[str, Any] | Shape]) -> dict[str, Any]:
    shapes = [found for found in alternatives if isinstance(found, Shape)]
    if shapes:
        whole = shapes[0]
        for other in shapes[1:]:
            whole = whole.merged(other)
        return whole.schema()
    schemas = [found for found in alternatives if isinstance(found, dict)]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


class Sketch(Table):
    """A table without content that notes what is asked of it in `shape`."""

    def __init__(self, path: tuple[str, ...], shape: Shape, parent: Shape | None = None) -> None:
        super().__init__({}, path, "sketch.toml", {}, [])
        self.shape, self._parent = shape, parent

    def check_name(self, reserved: str = "") -> None:
        if self._parent is not None:
            self._parent.named = True

    def problem(self, code: str, key: str | None, got: str, expected: str, fix: str) -> None:
        """Nothing is wrong with what is not there."""

    def place_of(self, key: str | None = None) -> Place:
        return Place(self.file)

    def _note(self, key: str, schema: dict[str, Any] | Shape, required: bool = False) -> None:
        self.shape.add(key, schema)
        if required:
            self.shape.required.add(key)

    def text(self, key: str, default: str | None = None) -> str:
        self._note(key, TEXT, required=default is None)
        return default or "x"

    def flag(self, key: str) -> bool:
        self._note(key, {"type": "boolean"})
        return False

    def whole(self, key: str) -> int | None:
        self._note(key, {"type": "integer"})
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        self._note(key, {"type": ["array", "string"], "items": TEXT})
        return ()

    def texts_by_key(self, key: str) -> dict[str, str]:
        self._note(key, {"type": "object", "additionalProperties": TEXT})
        return {}

    def choice(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        self._note(key, {"type": "string", "enum": list(choices)}, required=default is None)
        return choices[0] if default is None else default

    def must_have(self, key: str, code: str, expected: str, fix: str) -> None:
        self.shape.required.add(key)

    def any(self, key: str) -> Any:
        self._note(key, {"type": ["object", "array"]})

    def number(self, key: str) -> Decimal | None:
        self._note(key, NUMBER)
        return None

    def day(self, key: str) -> date | None:
        self._note(key, DAY)
        return None

    def table(self, key: str) -> Table | None:
        below = Shape()
        self._note(key, below)
        return Sketch((*self.path, key), below)

    def tables(self, among: tuple[str, ...] = ()) -> Iterator[Table]:
        if among:
            self.shape.closed = True
        for name in among or (ANY_NAME,):
            below = Shape()
            if among:
                self._note(name, below)
            else:
                self.shape.free = below
            yield Sketch((*self.path, name), below, self.shape)

    def rows(self, key: str) -> Iterator[Table]:
        below = Shape(rows=True)
        self._note(key, below)
        yield Sketch((*self.path, key, "0"), below)

    def done(self) -> None:
        self.shape.closed = True


def schemas() -> dict[str, dict[str, Any]]:
    """A JSON Schema for each kind of pack file, by the file's name without its ending."""
    return {kind: _schema(kind) for kind in FILES}


def _schema(kind: str) -> dict[str, Any]:
    shapes = []
    for pack in _packs(kind):
        shape = Shape()
        sketch = Sketch((), shape)
        if kind == "pack":
            read_head(sketch)
        else:
            read_content(kind, pack, sketch)
        shapes.append(shape)
    whole = shapes[0]
    for other in shapes[1:]:
        whole = whole.merged(other)
    head = {"$schema": DRAFT, "title": f"{kind}.toml · 不漏 Bulou"}
    return {**head, **_described(whole.schema(), kind)}


def _described(schema: dict[str, Any], file: str) -> dict[str, Any]:
    """The schema with the meaning of every key beside it."""
    found = dict(schema)
    if "properties" in found:
        found["properties"] = {
            key: {"description": key_words(file, key), **_described(below, file)}
            for key, below in found["properties"].items()
        }
    for key in ("additionalProperties", "items"):
        if isinstance(found.get(key), dict):
            found[key] = _described(found[key], file)
    return found


def _packs(kind: str) -> Iterator[m.Pack]:
    """Packs on top of which a file may be read, as far as they change what the reader asks for."""
    yield EMPTY
    if kind == "parameters":
        for fact_kind in get_args(FactKind):
            yield replace(EMPTY, facts={f"region.{ANY_NAME}": _fact(fact_kind)})
    if kind == "programmes":
        yield replace(EMPTY, programmes={ANY_NAME: _programme()})


def _fact(kind: FactKind) -> m.FactDefinition:
    return m.FactDefinition(
        f"region.{ANY_NAME}", FactType(kind), "", "", "", "", "unknown", {}, (), "", Place("parent/facts.toml")
    )


def _programme() -> m.Programme:
    """A parent's programme: a child's need not repeat what it says."""
    found: m.Programme = read_content("programmes", EMPTY, Sketch((), Shape())).programmes[ANY_NAME]
    return replace(found, origin=Place("parent/programmes.toml"))


def write_schemas(out: Path) -> list[Path]:
    """Write every schema into the folder, and beside them the taplo.toml that gives each file its own."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, schema in schemas().items():
        path = out / f"{kind}.schema.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
        written.append(path)
    (out / "taplo.toml").write_text("\n".join(_rules()), encoding="utf-8", newline="\n")
    return [*written, out / "taplo.toml"]


def _rules() -> Iterator[str]:
    yield "# 哪些文件用哪份 schema：taplo 和 Even Better TOML 读这个文件。which schema a file has"
    for kind in FILES:
        also = "" if kind == "pack" else f', "**/{kind}/*.toml"'
        yield f'\n[[rule]]\ninclude = ["**/{kind}.toml"{also}]\n[rule.schema]\npath = "{kind}.schema.json"'
    yield ""
