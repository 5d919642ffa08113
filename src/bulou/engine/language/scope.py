"""Where an expression stands: about whom it speaks and whose facts it may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
