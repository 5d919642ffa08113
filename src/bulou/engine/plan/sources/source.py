"""What every reader of files gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

from bulou.engine.basics.problems import Problem
from bulou.engine.plan.model import Chunk, Line

LIMIT = 40 * 1_048_576
TEXT_LIMIT = 3_000_000
UNPACKED_LIMIT = 200 * 1_048_576


@dataclass
class Source:
    """Printed lines in order, layout marks already set aside, and notes about the file."""

    lines: list[Line] = field(default_factory=list)
    markup: list[Chunk] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
