"""Bar charts as data: the template draws them as inline SVG whose text grows with the page and never runs out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One bar: its words (which carry the number) and its share of the chart's width; `second` series are hatched."""

    label: str
    amount: str
    share: float
    second: bool = False


@dataclass(frozen=True)
class Chart:
    """A chart; `id` is unique on the page, `says` describes it for people who do not see it."""

    id: str
    title: str
    says: str
    bars: tuple[Bar, ...]


def bars(values: Sequence[tuple[str, str, int, bool]]) -> tuple[Bar, ...]:
    """Bars of (label, amount in words, size, second series), the longest filling the width."""
    longest = max((size for *_, size, _ in values), default=0)
    return tuple(Bar(label, words, round(100 * size / longest, 1) if longest else 0.0, second)
                 for label, words, size, second in values)  # fmt: skip
