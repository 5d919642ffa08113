"""The automatic paragraph numbers of a Word file, which its text does not contain."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from bulou.engine.plan.numbering import han

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN_FORMATS = ("chineseCounting", "chineseCountingThousand", "ideographTraditional", "japaneseCounting")


class Numbers:
    """Counts the numbered paragraphs of one document; `used` is how many numbers were written out."""

    def __init__(self, document: Document) -> None:
        self.used = 0
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._levels = _levels(document)
        self._styles = _style_numbering(document)

    def before(self, paragraph: Paragraph) -> str:
        """The number that Word shows before this paragraph, or an empty string."""
        element: Any = paragraph._p
        own = element.pPr.numPr if element.pPr is not None else None
        numbering = own if own is not None else self._styles.get(element.style)
        if numbering is None or numbering.numId is None or not paragraph.text.strip():
            return ""
        key = str(numbering.numId.val)
        level = int(numbering.ilvl.val) if numbering.ilvl is not None else 0
        levels = self._levels.get(key)
        if not levels or level not in levels:
            return ""
        counts = self._counts[key]
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [depth for depth in counts if depth > level]:
            del counts[deeper]
        return self._written(levels, level, counts)

    def _written(self, levels: dict[int, tuple[str, str, int]], level: int, counts: dict[int, int]) -> str:
        pattern, form, _ = levels[level]
        if form == "bullet" or "%" not in pattern:
            return ""
        self.used += 1

        def shown(match: re.Match[str]) -> str:
            depth = int(match.group(1)) - 1
            value = counts.get(depth, levels.get(depth, ("", "", 1))[2])
            named = levels.get(depth, ("", "decimal", 1))[1]
            return han(value) if named in _HAN_FORMATS and value < 100 else str(value)

        return re.sub(r"%(\d)", shown, pattern)


def _style_numbering(document: Document) -> dict[str | None, Any]:
    """Style id → the numbering it brings, its own or that of the style it builds on."""
    styles: Any = document.styles.element
    nodes = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    found: dict[str | None, Any] = {}
    for name, node in nodes.items():
        seen: set[str | None] = set()
        style, at = node, name
        while style is not None and at not in seen:
            seen.add(at)
            if (numbering := style.find(f"{_W}pPr/{_W}numPr")) is not None:
                found[name] = numbering
                break
            base = style.find(f"{_W}basedOn")
            at = None if base is None else base.get(f"{_W}val")
            style = nodes.get(at)
    return found


def _levels(document: Document) -> dict[str, dict[int, tuple[str, str, int]]]:
    """numId → level → (pattern such as （%2）, number format, first number)."""
    try:
        root: Any = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {node.get(f"{_W}abstractNumId"): _abstract_levels(node) for node in root.iter(f"{_W}abstractNum")}
    found = {}
    for node in root.iter(f"{_W}num"):
        link = node.find(f"{_W}abstractNumId")
        if link is not None:
            found[node.get(f"{_W}numId")] = abstract.get(link.get(f"{_W}val"), {})
    return found


def _abstract_levels(node: Any) -> dict[int, tuple[str, str, int]]:
    levels = {}
    for level in node.iter(f"{_W}lvl"):
        levels[int(level.get(f"{_W}ilvl"))] = (
            _value(level, "lvlText", ""),
            _value(level, "numFmt", "decimal"),
            int(_value(level, "start", "1")),
        )
    return levels


def _value(node: Any, name: str, default: str) -> str:
    child = node.find(f"{_W}{name}")
    return default if child is None else str(child.get(f"{_W}val", default))
