"""From printed lines to running text: line widths, where a sentence is still open, joining lines.

Hard-wrapped documents (one printed line a text line) have a typical line width; documents with one paragraph
a line have none. Widths count Chinese characters as 1 and plain letters and digits as one half.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bulou.engine.plan.model import Line, Passage
from bulou.engine.plan.numbering import read_mark

_SPACES = re.compile(r"\s+")
_LOOSE_SPACES = re.compile(r"(?<![0-9A-Za-z])\s+|\s+(?![0-9A-Za-z\s])")
_END = "。！？；：:;!?"
_CLOSING = "”’』」》〉）)]】"
_NEAR = 600


def clean(text: str) -> str:
    """`text` without the spaces that printing left in it; letters and digits stay apart from each other."""
    return _SPACES.sub(" ", _LOOSE_SPACES.sub("", text.strip()))


def characters(text: str) -> int:
    """How many characters `text` has, spaces aside: what the character account counts."""
    return len(text) - sum(map(str.isspace, text))


def width(text: str) -> float:
    """Printed width in Chinese characters, spaces aside."""
    dense = _SPACES.sub("", text)
    return sum(0.5 if character.isascii() else 1.0 for character in dense)


def measure(lines: Sequence[Line]) -> float | None:
    """The width to which running text is wrapped, or None when each line is a whole paragraph.

    Read from the lines that run on into the next. Boxes are set wider than the text around them, so of two
    common widths the smaller one counts; first lines are indented by two.
    """
    widths = Counter(round(width(line.text)) for line in _running_on(lines))
    total = sum(widths.values())
    if total < 8 or total < len(lines) / 5:
        return None
    common = [value for value in widths if 14 <= value <= 60 and _near(widths, value) >= 0.2 * total]
    if not common:
        return None
    same = [value for value in common if value <= min(common) + 3]
    return float(max(same, key=lambda value: (widths[value], value)))


def _running_on(lines: Sequence[Line]) -> list[Line]:
    """Lines that end inside a sentence and whose next line begins nothing new."""
    return [
        line
        for line, following in pairwise(lines)
        if not (line.cells or is_closed(line.text) or read_mark(following.text.strip()))
    ]


def _near(widths: Counter[int], value: int) -> int:
    return sum(widths[value + step] for step in (-1, 0, 1))


def is_closed(text: str) -> bool:
    """True when a sentence is complete at the end of `text`.

    A closing bracket counts when the bracket itself opened after a complete sentence: 。（责任单位：…）
    """
    text = text.rstrip()[-_NEAR:]
    if not text:
        return True
    if text[-1] in _END:
        return True
    stripped = text.rstrip(_CLOSING)
    if stripped and stripped[-1] in _END:
        return True
    return text[-1] in "）)]】" and _opened_after_sentence(text)


def _opened_after_sentence(text: str) -> bool:
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        if text[index] in "）)]】":
            depth += 1
        elif text[index] in "（([【":
            depth -= 1
            if depth == 0:
                return index == 0 or is_closed(text[:index])
    return False


def join(lines: Iterable[tuple[int, str]], wrap: float | None) -> Passage:
    """One passage out of (line number, printed text) pairs; a closed, short line ends a paragraph."""
    text, starts = "", []
    paragraph_over = False
    for no, printed in lines:
        piece = clean(printed)
        if not piece:
            continue
        if text and paragraph_over:
            text += "\n"
        elif text and _keeps_space(text[-1], piece[0]):
            text += " "
        starts.append((len(text), no))
        text += piece
        paragraph_over = is_closed(piece) and (wrap is None or width(piece) < wrap - 3)
    return Passage(text, tuple(starts))


def _keeps_space(left: str, right: str) -> bool:
    return left.isascii() and left.isalnum() and right.isascii() and right.isalnum()
