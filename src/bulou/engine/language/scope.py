"""Where an expression stands, and which facts it may read from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bulou.engine.language.types import FactType

READABLE_FROM = {
    "person": ("person", "household", "region", "decision", "programme"),
    "household": ("household", "region", "decision", "programme"),
    "employer": ("employer", "region", "decision", "programme"),
    "institution": ("institution", "region", "decision", "programme"),
    "region": ("region", "decision"),
}
"""Whose facts an expression about a subject may read; a household reads people only inside a roll-up."""


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: about whom it speaks, what facts there are, whether it defines a fact."""

    subject: str
    vocabulary: Mapping[str, FactType]
    defines_a_fact: bool = False

    @property
    def readable(self) -> tuple[str, ...]:
        return READABLE_FROM[self.subject]

    def suggestion(self, name: str) -> str:
        """What to do about a name that is no fact: the facts that look like it."""
        same = [fact for fact in self.vocabulary if fact.partition(".")[2] == name]
        close = same or get_close_matches(name, self.vocabulary, n=3, cutoff=0.6)
        if close:
            return f"是否想写 did you mean {'、'.join(close)}？"
        return "在 facts 中声明这个事实，或改正名字 declare it or correct the name"
