"""Page furniture: page marks, running headers and layout marks, set aside and listed, never dropped."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from bulou.engine.plan.model import Chunk, Line
from bulou.engine.plan.typesetting import clean

_PAGE_MARKS = (
    re.compile(r"^[—–―－\-]{1,2}\s*\d{1,4}\s*[—–―－\-]{1,2}$"),
    re.compile(r"^第\s*\d{1,4}\s*页(\s*[/,，]?\s*共\s*\d{1,4}\s*页)?$"),
    re.compile(r"^\d{1,4}\s*/\s*\d{1,4}$"),
    re.compile(r"^(?:[-=_*]\s*){3,}$"),
)
_BARE_NUMBER = re.compile(r"^\d{1,4}$")


def set_aside(lines: Sequence[Line]) -> tuple[list[Line], list[Chunk]]:
    """The lines of the document itself, and the furniture of its pages; blank lines go without a trace."""
    edges = _edges(lines)
    running = _running_headers(lines, edges)
    kept: list[Line] = []
    aside: list[Chunk] = []
    for index, line in enumerate(lines):
        if not line.text.strip():
            continue
        if kind := _kind(line, index in edges, running):
            aside.append(Chunk(line.no, clean(line.text), kind))
        else:
            kept.append(line)
    return kept, aside


def _kind(line: Line, at_edge: bool, running: set[str]) -> str | None:
    text = line.text.strip()
    if any(pattern.match(text) for pattern in _PAGE_MARKS):
        return "page-mark"
    if at_edge and _BARE_NUMBER.match(text):
        return "page-mark"
    if at_edge and _without_digits(text) in running:
        return "running-header"
    return None


def _edges(lines: Sequence[Line]) -> set[int]:
    """Indexes of the first and last printed line of each page; empty where the source knows no pages."""
    pages: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.page is not None and line.text.strip():
            pages[line.page].append(index)
    return {edge for indexes in pages.values() for edge in (indexes[0], indexes[-1])}


def _running_headers(lines: Sequence[Line], edges: set[int]) -> set[str]:
    seen = Counter(_without_digits(lines[index].text) for index in edges)
    return {text for text, times in seen.items() if times >= 3 and text}


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "#", clean(text))
