"""Every command of the READMEs runs, every file they name is there, and the glossary is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulou.engine.cli.main import app

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
COMMANDS = sorted({c for r in READMES for c in re.findall(r"\.venv/bin/bulou ([^\n]+)", r.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_the_readme_runs(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, command.split())
    assert result.exit_code == 0, result.output
    assert result.output.strip()


@pytest.mark.parametrize("page", [*READMES, *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_make_targets_of_the_readme_exist() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = {
        target
        for readme in READMES
        for target in re.findall(r"^    make ([a-z-]+)", readme.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named and named <= set(targets)
    assert len(targets) <= 20


def glossary() -> list[tuple[str, list[str]]]:
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$",
        (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return [
        (word, [other.strip() for other in others.split(",")])
        for word, others in rows
        if word != "word" and "-" not in word
    ]


def test_code_and_pages_use_the_words_of_the_glossary() -> None:
    unwanted = {other: word for word, others in glossary() for other in others if other}
    assert len(unwanted) > 20
    pages = [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), *READMES]
    for page in pages:
        text = page.read_text(encoding="utf-8").lower()
        for other, word in unwanted.items():
            assert not re.search(rf"\b{re.escape(other.lower())}\b", text), f"{page}: {other!r}, the word is {word!r}"
