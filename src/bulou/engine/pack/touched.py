"""What a new edition of a document changes for a pack that was written from the old one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bulou.engine.basics.problems import Problem
from bulou.engine.pack import model as m
from bulou.engine.pack.against_plan import check_against_plan
from bulou.engine.pack.cites import parse_cite
from bulou.engine.pack.evidence import Checked, PlanCheck
from bulou.engine.pack.mentions import Mention
from bulou.engine.plan.clauses import is_or_holds
from bulou.engine.plan.editions import Change, compare_editions
from bulou.engine.plan.model import Plan


@dataclass(frozen=True)
class Touched:
    """A clause that differs between the editions, what of the pack cites it, and what of that uses a changed figure."""

    change: Change
    mentions: tuple[Mention, ...]
    using: tuple[Mention, ...]


@dataclass(frozen=True)
class EditionCheck:
    """All differing clauses; `written_from` is the edition ("old" or "new") whose numbers the pack's cites follow."""

    old: Plan
    written_from: str
    touched: tuple[Touched, ...]
    same: int
    problems: tuple[Problem, ...]


def check_editions(
    pack: m.Pack, check: PlanCheck, old: Plan, parent: m.Pack | None = None, updated: bool = False
) -> EditionCheck:
    """Compare `old` with the document of `check`, clause by clause, and say which cites that touches.

    A pack follows the old edition unless the new one fits it better, or `updated` says that it has been revised.
    """
    before = check_against_plan(pack, old, parent, check.document)
    follows_new = updated or len(check.problems) < len(before.problems)
    base = check if follows_new else before
    changes = compare_editions(old, check.plan)
    touched = tuple(_touched(change, base, follows_new) for change in changes if change.kind != "same")
    problems = () if follows_new else tuple(_stale(touched, check.plan.file))
    return EditionCheck(old, "new" if follows_new else "old", touched, len(changes) - len(touched), problems)


def _touched(change: Change, base: PlanCheck, follows_new: bool) -> Touched:
    clause, figures = (change.new, change.come) if follows_new else (change.old, change.gone)
    if clause is None:
        return Touched(change, (), ())
    citing = [one for one in base.checked if any(is_or_holds(cited.id, clause.id) for cited in one.clauses)]
    using = (one.mention for one in citing if _uses(one, clause.id, figures))
    return Touched(change, tuple(one.mention for one in citing), tuple(using))


def _uses(one: Checked, clause: str, figures: tuple[str, ...]) -> bool:
    here = (found for found in one.evidence if found.clause and is_or_holds(found.clause, clause))
    return any("".join(found.printed.split()) in figures for found in here)


def _stale(touched: tuple[Touched, ...], file: str) -> Iterator[Problem]:
    """Cites whose number now means another clause, or none."""
    for one in touched:
        old, new = one.change.old, one.change.new
        if old is None or (new is not None and new.id == old.id):
            continue
        for mention in one.mentions:
            if old.id not in [clause for _, clause in parse_cite(mention.cite)]:
                continue
            if new is None:
                expected, fix = f"{file} 里没有这一条了", "删去这条规则，或改引新稿里的依据"
                yield Problem("clause-removed", mention.place, f"{mention.thing} 引用 {old.id}", expected, fix)
            else:
                expected = f"新稿里是 {new.id}（{file} 第{new.line}行）"
                yield Problem(
                    "clause-renumbered", mention.place, f"{mention.thing} 引用 {old.id}", expected, "改条款号"
                )
