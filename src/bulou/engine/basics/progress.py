"""Telling whoever waits how far a long run has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Say = Callable[[str, int, int], None]
"""Told the step in words, how many of its parts are done, and of how many (0: not known)."""

Item = TypeVar("Item")


def silent(step: str, done: int, whole: int) -> None:
    """Tells nobody."""


def told(items: Iterable[Item], whole: int, step: str, say: Say) -> Iterator[Item]:
    """The items, with a word before the first and after each."""
    say(step, 0, whole)
    for done, item in enumerate(items, 1):
        yield item
        say(step, done, whole)
