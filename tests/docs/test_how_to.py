"""The how-to pages are true: a test performs their steps on a copy of the packs."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulou.engine.cli.main import app
from bulou.engine.pack import PACKS
from tests.packs.published_packages import install

INVENTED = sorted(Path(__file__).parent.glob("*.txt"))
PAGES = sorted((Path(__file__).parents[2] / "docs" / "how_to").glob("*.md"))
FENCE = re.compile(r"^( *)```(\w+) ?([^\n]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def steps(page: Path) -> Iterator[tuple[str, str, str]]:
    """(language, instruction, text) of every fenced block."""
    for indent, language, instruction, body in FENCE.findall(page.read_text(encoding="utf-8")):
        yield language, instruction.strip(), textwrap.dedent(re.sub(f"^{indent}", "", body, flags=re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_steps_of_the_page_lead_to_what_it_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for region in ("cn", "620600"):
        shutil.copytree(PACKS / region, tmp_path / region)
    for document in INVENTED:
        shutil.copy(document, tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    replaced = ""
    performed = 0
    for language, instruction, text in steps(page):
        verb, _, target = instruction.partition("=")
        if verb == "append":
            file = tmp_path / target
            file.write_text(file.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")
        elif verb == "new":
            (tmp_path / target).parent.mkdir(parents=True, exist_ok=True)
            assert not (tmp_path / target).exists()
            (tmp_path / target).write_text(text, encoding="utf-8")
        elif verb == "replace":
            file, replaced = tmp_path / target, text
            assert file.read_text(encoding="utf-8").count(replaced) == 1
        elif verb == "by":
            file.write_text(file.read_text(encoding="utf-8").replace(replaced, text), encoding="utf-8")
        elif language == "console":
            run_console(text)
        performed += 1
    assert performed >= 3


def run_console(text: str) -> None:
    """Run each `$ bulou …` line; the lines after it must stand in what it prints, and it must succeed.

    `$ pip install … FOLDER` puts the package on the path as pip does, without the network or a builder.
    """
    for block in text.split("$ ")[1:]:
        command, *expected = block.strip().splitlines()
        if command.startswith("pip install"):
            install(Path(command.split()[-1]), Path("site"))
            continue
        result = CliRunner().invoke(app, command.split()[1:])
        assert result.exit_code == 0, result.output
        for line in expected:
            assert line in result.output, result.output
