"""Where formulas stand in a workbook: readers of cells give the saved result and do not say that it is one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from html import unescape
from pathlib import Path

from bulou.engine.basics.files import content_kind

_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w+:)?f\b')


def formulas_of(file: Path) -> Mapping[str, frozenset[tuple[int, str]]]:
    """Row (from 1) and letter of every formula, by the name of its sheet. Empty for files that are not .xlsx."""
    if content_kind(file) != ".xlsx":
        return {}
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        return {
            sheet: frozenset((int(row), letter.decode()) for letter, row in _FORMULA.findall(archive.read(member)))
            for sheet, member in _members(archive).items()
            if member in names
        }


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Names of sheets and the members of the archive that hold them."""
    book = archive.read("xl/workbook.xml").decode()
    relations = archive.read("xl/_rels/workbook.xml.rels").decode()
    targets = {_said("Id", tag): _said("Target", tag) for tag in _RELATION.findall(relations)}
    found = {unescape(_said("name", tag)): targets.get(_said(r"\w+:id", tag), "") for tag in _SHEET.findall(book)}
    return {name: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for name, target in found.items()}


def _said(attribute: str, tag: str) -> str:
    said = re.search(rf'\b{attribute}="([^"]*)"', tag)
    return said[1] if said else ""
