"""Puts back text whose reading order jumped: a heading block that landed inside an unfinished sentence.

A PDF may print the tail of a page's last paragraph after the heading that follows it. The trace is a
standalone heading after an open, full line, and further down an orphan of one or two characters. Only that
trace is mended, and every mend is listed.
"""

from __future__ import annotations

from collections.abc import Sequence

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.plan.cells import NATURE
from bulou.engine.plan.model import Line
from bulou.engine.plan.numbering import read_mark
from bulou.engine.plan.typesetting import clean, is_closed, width

_REACH = 40
_ORPHAN = 3


def restore(lines: Sequence[Line], wrap: float | None) -> tuple[list[Line], list[Problem]]:
    """The lines in reading order, and a note for each block that was moved."""
    ordered = list(lines)
    problems: list[Problem] = []
    if wrap is None:
        return ordered, problems
    index = 1
    while index < len(ordered):
        if _cuts_sentence(ordered, index, wrap) and (orphan := _orphan_after(ordered, index)):
            start = _paragraph_start(ordered, index - 1, wrap)
            problems.append(_note(ordered, start, index, orphan))
            ordered = [*ordered[:start], *ordered[index:orphan], *ordered[start:index], *ordered[orphan:]]
            index = orphan
        index += 1
    return ordered, problems


def _cuts_sentence(lines: Sequence[Line], index: int, wrap: float) -> bool:
    mark = read_mark(lines[index].text.strip())
    if not mark or mark.style not in ("chapter", "part"):
        return False
    text, before = clean(lines[index].text), lines[index - 1].text
    standalone = width(text) <= wrap - 3 and not any(sign in text for sign in "，。；")
    open_line = not is_closed(clean(before)) and width(before) >= wrap - 4
    return standalone and open_line and not read_mark(before.strip()) and not NATURE.search(before)


def _orphan_after(lines: Sequence[Line], index: int) -> int | None:
    for at in range(index + 1, min(index + _REACH, len(lines) - 1)):
        text = lines[at].text.strip()
        tiny = 0 < width(text) <= _ORPHAN and not is_closed(text) and not read_mark(text)
        if tiny and is_closed(lines[at - 1].text) and not read_mark(lines[at + 1].text.strip()):
            return at
    return None


def _paragraph_start(lines: Sequence[Line], index: int, wrap: float) -> int:
    while index > 0:
        if read_mark(lines[index].text.strip()):
            return index
        before = lines[index - 1].text
        if is_closed(before) and width(before) < wrap - 3:
            return index
        index -= 1
    return index


def _note(lines: Sequence[Line], start: int, index: int, orphan: int) -> Problem:
    return Problem(
        code="reading-order-mended",
        place=Place(line=lines[index].no),
        got=f"标题“{clean(lines[index].text)[:20]}”落在未完的句子中间",
        expected="句子完整后再起标题",
        fix=f"已把第{lines[start].no}—{lines[index - 1].no}行移到第{lines[orphan].no}行之前；请对照原件核对",
        severity="note",
    )
