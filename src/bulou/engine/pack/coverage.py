"""Every rule found in a region's document is covered exactly once, or listed as not computable with a reason.

An open question may cover a rule too: it is accounted for, and `--questions` shows that nobody has decided about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.pack import model as m


@dataclass(frozen=True)
class Covered:
    """One rule and what implements it: kind and name, with the place in the pack; empty when nothing does."""

    rule: m.Rule
    kind: str
    name: str
    place: Place | None
    cite: str


def coverage(pack: m.Pack) -> list[Covered]:
    """All rules of the pack in the order of its document, each with the first thing that covers it."""
    by_rule: dict[str, Covered] = {}
    for kind, name, covers, place, cite in _things(pack):
        for rule in covers:
            if rule in pack.rules:
                by_rule.setdefault(rule, Covered(pack.rules[rule], kind, name, place, cite))
    return [by_rule.get(rule.id, _uncovered(rule)) for rule in pack.rules.values()]


def _uncovered(rule: m.Rule) -> Covered:
    if rule.not_computable:
        return Covered(rule, "not_computable", rule.not_computable, rule.origin, rule.clause)
    return Covered(rule, "", "", None, "")


def coverage_problems(pack: m.Pack) -> Iterator[Problem]:
    """Rules covered never or twice, and coverage of rules that the pack does not know."""
    first: dict[str, tuple[str, Place]] = {}
    for kind, name, covers, place, _ in _things(pack):
        for rule in covers:
            if rule not in pack.rules:
                yield Problem("unknown-rule", place, rule, "rules.toml 中的规则", "改正规则名，或在 rules.toml 中列出")
            elif rule in first:
                where = f"{first[rule][0]}（{first[rule][1]}）"
                yield Problem(
                    "rule-covered-twice", place, f"{rule}: {kind}.{name} 与 {where}", "只由一处实现", "删去其中一处"
                )
            else:
                first[rule] = (f"{kind}.{name}", place)
    for covered in coverage(pack):
        if not covered.kind:
            fix = "在实现它的项目、职责、流程、指标或还没有定的问题里写 covers，或写明 not_computable"
            yield Problem("rule-never-covered", covered.rule.origin, covered.rule.id, "由一处实现", fix)


def _things(pack: m.Pack) -> Iterator[tuple[str, str, tuple[str, ...], Place, str]]:
    for programme in pack.programmes.values():
        yield "programme", programme.name, programme.covers, programme.origin, programme.cite
    for duty in pack.duties.values():
        yield duty.kind, duty.name, duty.covers, duty.origin, duty.cite
    for process in pack.processes.values():
        yield "process", process.name, process.covers, process.origin, process.cite
    for indicator in pack.indicators.values():
        yield "indicator", indicator.name, indicator.covers, indicator.origin, indicator.cite
    for question in pack.questions.values():
        yield "question", question.name, question.covers, question.origin, question.cite
