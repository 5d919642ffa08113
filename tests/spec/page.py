"""Makes docs/rule_language.md from the pages of this folder: `python -m tests.spec.page --write`."""

from __future__ import annotations

import sys
from pathlib import Path

from bulou.engine.language.tokens import MAX_DEPTH, MAX_LENGTH
from bulou.engine.language.types import INT_LIMIT, MONEY_DECIMALS, MONEY_LIMIT_YUAN, NUMBER_DECIMALS, NUMBER_LIMIT
from tests.spec.tables import PAGES, split, tables

PAGE = Path(__file__).parents[2] / "docs" / "rule_language.md"
MADE = "<!-- Made from the tables in tests/spec by `python -m tests.spec.page --write`; change those. -->\n\n"
FIGURES = {
    "INT_LIMIT": INT_LIMIT,
    "NUMBER_LIMIT": NUMBER_LIMIT,
    "NUMBER_DECIMALS": NUMBER_DECIMALS,
    "MONEY_LIMIT_YUAN": MONEY_LIMIT_YUAN,
    "MONEY_DECIMALS": MONEY_DECIMALS,
    "MAX_LENGTH": MAX_LENGTH,
    "MAX_DEPTH": MAX_DEPTH,
}


def page() -> str:
    """The whole page: all files in order, figures put in, empty cells of the tables said in words."""
    rows = {
        (table.place.file, (table.place.line or 0) + 1 + at)
        for table in tables()
        for at in range(1, len(table.rows) + 1)
    }
    parts = []
    for file in PAGES:
        lines = file.read_text(encoding="utf-8").splitlines()
        shown = [in_words(line) if (file.name, number) in rows else line for number, line in enumerate(lines, 1)]
        parts.append("\n".join(shown))
    text = MADE + "\n\n".join(parts) + "\n"
    for name, figure in FIGURES.items():
        text = text.replace(f"{{{name}}}", f"{figure:,}")
    return text


def in_words(row: str) -> str:
    return "| " + " | ".join(cell or "*unknown*" for cell in split(row)) + " |"


if __name__ == "__main__" and "--write" in sys.argv:
    PAGE.write_text(page(), encoding="utf-8")
