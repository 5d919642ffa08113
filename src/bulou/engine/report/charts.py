"""Bar charts as data: the template draws them as inline SVG whose text grows with the page and never runs out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_LABEL = 14
"""Characters that fit beside each other on a page 320 pixels wide."""

_LABEL, _BAR, _GAP = 1.5, 2.5, 0.7


@dataclass(frozen=True)
class Bar:
    """One bar: words that carry the number, its size, and whether it belongs to the second, hatched series."""

    words: str
    size: int
    second: bool = False


@dataclass(frozen=True)
class Mark:
    """What to draw at `y` (in em): a group's label, or a bar with `words` above and `share` % of the width."""

    y: float
    words: str
    share: float | None = None
    second: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart, `height` em high; `id` is unique on the page, `says` describes it for people who do not see it."""

    id: str
    title: str
    says: str
    marks: tuple[Mark, ...]
    height: float


def chart(id: str, title: str, says: str, groups: Sequence[tuple[str, Sequence[Bar]]]) -> Chart | None:
    """A chart of labelled groups of bars, the longest bar filling the width; None when there is nothing to draw."""
    longest = max((bar.size for _, bars in groups for bar in bars), default=0)
    if not longest:
        return None
    marks, y = [], 0.0
    for label, bars in groups:
        marks.append(Mark(round(y + 1.1, 1), _short(label)))
        y += _LABEL
        for bar in bars:
            marks.append(Mark(round(y + 1.1, 1), bar.words, round(99 * bar.size / longest, 1), bar.second))
            y += _BAR
        y += _GAP
    return Chart(id, title, says, tuple(marks), round(y, 1))


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
