"""What comes of comparing a pack with its document: each cite with the figures found beside it."""

from __future__ import annotations

from dataclasses import dataclass

from bulou.engine.basics.problems import Problem
from bulou.engine.pack.mentions import Mention, Wanted
from bulou.engine.plan.clauses import Clause
from bulou.engine.plan.model import Plan


@dataclass(frozen=True)
class Evidence:
    """A figure of the pack and where the document has it.

    how: printed · in-words (重度) · existence (at least one: needs no figure) · national (the parent pack uses the
    same figure; the clause prints none of its kind, or the cite names a national document too) · elsewhere (the cite
    names another document of the region, which is not read here) · nowhere.
    """

    wanted: Wanted
    how: str
    clause: str = ""
    line: int | None = None
    printed: str = ""


@dataclass(frozen=True)
class Checked:
    """One cite that names the document, with what was found there; sound when it has no problems."""

    mention: Mention
    clauses: tuple[Clause, ...]
    evidence: tuple[Evidence, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class PlanCheck:
    """All cites of a pack against one document; `elsewhere` counts cites of other documents, left unchecked."""

    region: str
    document: str
    plan: Plan
    checked: tuple[Checked, ...]
    elsewhere: int
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
