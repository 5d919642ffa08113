"""The rules of this house, so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    ROOT / name
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    if name
]
PYTHON = [file for file in FILES if file.suffix == ".py" and file.exists()]
SOURCE = [file for file in PYTHON if file.is_relative_to(ROOT / "src")]
DRAWERS = {"utils", "util", "core", "common", "helpers", "helper", "base", "misc", "manager", "lib"}


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def size(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


@pytest.mark.parametrize("file", PYTHON, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_and_functions_stay_small(file: Path) -> None:
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= (1000 if "tests" in file.parts else 500), lines
    for function in functions(file):
        assert size(function) <= 60, f"{function.name}: {size(function)} lines"


def test_the_median_function_is_short() -> None:
    assert median(size(function) for file in SOURCE for function in functions(file)) <= 10


def test_no_drawers() -> None:
    assert not [file for file in FILES if file.stem in DRAWERS or DRAWERS & set(file.parent.parts)]


def test_every_module_and_public_class_or_function_of_a_room_says_what_it_is() -> None:
    for file in SOURCE:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), file
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and size(node) > 6 and not is_data_class(node):
                assert ast.get_docstring(node), f"{file}: {node.name}"


def is_data_class(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and bool(node.decorator_list)


def test_no_clock_network_or_randomness_below_the_command_line() -> None:
    forbidden = re.compile(r"\b(date\.today|datetime\.now|time\.time|random\.|urllib|requests\.|socket\.)")
    for file in SOURCE:
        if "cli" not in file.parts:
            assert not forbidden.search(file.read_text(encoding="utf-8")), file


def test_no_host_names_or_paths_of_a_machine() -> None:
    hosts = re.compile(r"/root/|/home/|pypi\.org|files\.pythonhosted|index-url", re.IGNORECASE)
    for file in FILES:
        if (
            file.exists()
            and file != Path(__file__)
            and file.suffix in {".py", ".toml", ".txt", ".md", ".cfg", ".ini", ""}
        ):
            assert not hosts.search(file.read_text(encoding="utf-8")), file


def test_no_binaries() -> None:
    for file in FILES:
        if file.exists():
            assert b"\0" not in file.read_bytes()[:4096], file


def test_every_dependency_has_its_reason_and_is_pinned() -> None:
    import tomllib

    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    pinned = {
        line.partition("==")[0].lower() for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    for dependency in wanted:
        name = re.split(r"[<>=\[]", dependency)[0].lower()
        assert name in pinned, name
        assert re.search(rf'"{re.escape(dependency)}", +# \w+', text), f"{name}: no reason beside it"


def test_the_picture_of_rooms_is_the_import_contract() -> None:
    contract = (ROOT / ".importlinter").read_text(encoding="utf-8")
    layers = re.search(r"layers =\n((?:    \w+\n)+)", contract)
    assert layers
    rooms = set(layers[1].split())
    folder = ROOT / "src" / "bulou" / "engine"
    found = {path.stem for path in folder.iterdir() if not path.name.startswith("__") and path.suffix in {"", ".py"}}
    assert rooms == found
