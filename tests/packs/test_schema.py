"""The JSON Schemas of pack files say what the reader says: every pack fits, and the two know the same keys."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from bulou.engine.basics.problems import Problem
from bulou.engine.basics.toml_tables import Table
from bulou.engine.cli.main import app
from bulou.engine.pack import PACKS, read_pack
from bulou.engine.pack.key_words import KEYS
from bulou.engine.pack.read import EMPTY, read_content, read_head
from bulou.engine.pack.schema import FILES, schemas

ROOT = Path(__file__).parents[2]
SCHEMAS = schemas()
VALIDATORS = {kind: Draft7Validator(schema) for kind, schema in SCHEMAS.items()}
PACK_FILES = sorted([*PACKS.rglob("*.toml"), *(ROOT / "bench" / "packs").rglob("*.toml")])
NEW = "zz_new"


def kind_of(path: Path) -> str:
    return path.stem if path.stem in FILES and path.parent.name not in FILES else path.parent.name


def as_an_editor_sees_it(value: Any) -> Any:
    """Dates are texts in a schema."""
    if isinstance(value, dict):
        return {key: as_an_editor_sees_it(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_an_editor_sees_it(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def content_of(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def errors(kind: str, content: dict[str, Any]) -> list[Any]:
    return list(VALIDATORS[kind].iter_errors(as_an_editor_sees_it(content)))


@pytest.mark.parametrize("kind", FILES)
def test_the_schema_is_one(kind: str) -> None:
    Draft7Validator.check_schema(SCHEMAS[kind])


def test_every_pack_file_of_the_repository_fits() -> None:
    assert len(PACK_FILES) > 150
    for path in PACK_FILES:
        found = errors(kind_of(path), content_of(path))
        assert not found, f"{path}: {found[0].json_path} {found[0].message}"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("pack", 'region = "1"\nname = "甲"\nstatus = "final"'),
        ("pack", 'region = "1"\nname = "甲"'),
        ("pack", 'region = "1"\nname = "甲"\nstatus = "draft"\nextend = "cn"'),
        ("programmes", '[a]\nname = "甲"\nsubject = "everybody"'),
        ("programmes", '[a]\nforce = "should"'),
        ("programmes", '[a.when.x]\ntest = "person.dibao"\nsays = "甲"'),
        ("programmes", "[a]\ncovers = [1]"),
        ("programmes", '[Alpha]\nname = "甲"'),
        ("parameters", '[a]\n[[a.values]]\nvalue = "1.00"\ncite = "d 一"'),
        ("parameters", '[a]\n[[a.values]]\nfrom = "soon"\nvalue = "1.00"\ncite = "d 一"'),
        ("parameters", '[a]\n[[a.values]]\nfrom = "open"\nvalue = 1.5\ncite = "d 一"'),
        ("facts", '[people.x]\ntype = "bool"\nlabel = "甲"'),
        ("facts", '[person.x]\ntype = "boolean"\nlabel = "甲"'),
        ("facts", '[person.x]\ntype = "int"\nlabel = "甲"\nmin = "one"'),
        ("duties", '[quotas.a]\nname = "甲"'),
        ("processes", '[a]\nname = "甲"\ncite = "d"\nsteps = [{ who = "县", doess = "办" }]'),
        ("processes", '[a]\nname = "甲"\ncite = "d"\npay_form = "application_month"'),
        ("indicators", '[a]\nname = "甲"\ncite = "d"\ntarget = { yaer = 2025, value = "1" }'),
        ("rules", '[a]\nclause = "三"'),
        ("examples", '[[example]]\ntitle = "甲"\non = 2025-01-01\n[[example.expect]]\nprogramme = "a"'),
        ("questions", '[a]\nsays = "？"\ncite = "d"\nabuot = []'),
    ],
)
def test_what_an_editor_underlines(kind: str, text: str) -> None:
    content = tomllib.loads(text)
    assert errors(kind, content)
    assert problems(kind, content), "the reader refuses it too"


def problems(kind: str, content: dict[str, Any]) -> list[Problem]:
    """What the reader says about this content, on top of a pack where the parent has every programme."""
    found: list[Problem] = []
    table = Table(content, (), f"999999/{kind}.toml", {}, found)
    if kind == "pack":
        read_head(table)
    else:
        read_content(kind, PARENT if kind in ("programmes", "parameters") else EMPTY, table)
    return found


PARENT = read_pack("620600")
Path_ = tuple[str | int, ...]


def tables_in(
    value: Any, schema: dict[str, Any], path: Path_ = (), shape: Path_ = ()
) -> Iterator[tuple[Path_, Path_, dict[str, Any]]]:
    """Every table of a file that its schema describes: its place, the place of its schema, and that schema."""
    if isinstance(value, list):
        for at, row in enumerate(value):
            yield from tables_in(row, schema.get("items", {}), (*path, at), (*shape, "items"))
    if (
        isinstance(value, dict)
        and schema.get("type") == "object"
        and ("properties" in schema or "additionalProperties" in schema)
    ):
        yield path, shape, schema
        free = schema.get("additionalProperties")
        for key, inner in value.items():
            if key in schema.get("properties", {}):
                yield from tables_in(inner, schema["properties"][key], (*path, key), (*shape, key))
            elif isinstance(free, dict):
                yield from tables_in(inner, free, (*path, key), (*shape, "*"))


def only(value: Any, path: Path_, key: str) -> Any:
    """The content cut down to one table, with `key` added to it where it is not there yet."""
    if not path:
        return {**value, key: value.get(key, "x")}
    if isinstance(value, list):
        return [only(value[int(path[0])], path[1:], key)]
    kept = {name: inner for name, inner in value.items() if not isinstance(inner, dict | list)}
    return {**kept, path[0]: only(value[str(path[0])], path[1:], key)}


def test_reader_and_schema_know_the_same_keys() -> None:
    """In one table of every shape that the packs have, every key there is in any file, and one that is in none."""
    seen: set[tuple[str, Path_]] = set()
    refused = 0
    for path in PACK_FILES:
        kind, content = kind_of(path), content_of(path)
        for place, shape, schema in tables_in(content, SCHEMAS[kind]):
            if (kind, shape) in seen:
                continue
            seen.add((kind, shape))
            for key in (NEW, *KEYS):
                changed = only(content, place, key)
                by_schema = schema.get("additionalProperties") is False and key not in schema["properties"]
                by_reader = any(
                    problem.code == "unknown-key" or (problem.code == "not-a-choice" and problem.got == key)
                    for problem in problems(kind, changed)
                )
                assert by_schema == by_reader, (kind, place, key)
                refused += by_schema
    assert len(seen) > 50
    assert refused > 1000


def keys_in(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, below in schema.get("properties", {}).items():
        yield key, below["description"]
        yield from keys_in(below)
    for inner in (schema.get("additionalProperties"), schema.get("items")):
        if isinstance(inner, dict):
            yield from keys_in(inner)


def test_every_key_has_its_meaning_beside_it() -> None:
    for kind, schema in SCHEMAS.items():
        for key, words in keys_in(schema):
            assert words, (kind, key)


def test_the_command_writes_schemas_and_what_editors_read(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["pack", "schema", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    taplo = tomllib.loads((tmp_path / "taplo.toml").read_text(encoding="utf-8"))
    assert [rule["schema"]["path"] for rule in taplo["rule"]] == [f"{kind}.schema.json" for kind in FILES]
    for kind in FILES:
        assert json.loads((tmp_path / f"{kind}.schema.json").read_text(encoding="utf-8")) == SCHEMAS[kind]
    printed = CliRunner().invoke(app, ["pack", "schema"])
    assert json.loads(printed.output) == SCHEMAS
