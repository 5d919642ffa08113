"""Policies taken apart, so that one query over the people answers for several of them.

A programme under two policies is `shared AND before` and `shared AND after`: conditions that are the same in both
are computed once, and what differs stands beside them. Each part is a programme of its own for the compiler; the
verdicts are put together again afterwards (Kleene's AND). Facts that the two policies define differently get a second
name, and so a second column, in the later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bulou.engine.facts.tables import Tables
from bulou.engine.language import Node, facts_in
from bulou.engine.language import nodes as n
from bulou.engine.language.simplify import put_in, replace_facts
from bulou.engine.pack import ActiveProgramme, Policy
from bulou.engine.pack.policy import ActiveCondition

SECOND = "__after"
ABOUT_RIVALS = ("own.", "amount.")


@dataclass(frozen=True)
class Pair:
    """A programme before and after; None where it is not in force. `same`: it decides alike for everybody."""

    name: str
    before: ActiveProgramme | None
    after: ActiveProgramme | None
    same: bool

    @property
    def either(self) -> ActiveProgramme:
        found = self.after or self.before
        assert found is not None
        return found


@dataclass(frozen=True)
class Merged:
    """One policy that decides the parts of both; `pairs` in the order of the packs, `second` the facts named twice."""

    policy: Policy
    pairs: tuple[Pair, ...]
    second: frozenset[str]

    def tables(self, tables: Tables) -> Tables:
        """The tables with a second column for each given fact that the later policy reads apart."""
        import polars as pl

        frames, known = {}, set(tables.never_unknown)
        for kind, frame in tables.frames.items():
            names = [name for name in frame.collect_schema().names() if name in self.second]
            frames[kind] = frame.with_columns(pl.col(name).alias(name + SECOND) for name in names) if names else frame
            known |= {name + SECOND for name in names if name in tables.never_unknown}
        return Tables(frames, frozenset(known))


def merged(before: Policy, after: Policy, beside: str = "by.") -> Merged:
    """One policy with the parts of every programme that the two policies decide differently.

    Columns of the compiled result, by programme x: `shared.x`, `before.x`, `after.x` (verdicts of the parts) and
    `fen_before.x__fen`, `fen_after.x__fen` (the amount, should it be due). Programmes of `before` whose name begins
    with `beside` are decided as they are.
    """
    second = _read_apart(before, after)
    renamed = _renamed(after, second)
    firsts = {p.name: _amount_settled(p, before) for p in before.programmes if not p.name.startswith(beside)}
    seconds = {p.name: p for p in renamed.programmes}
    pairs = _pairs(firsts, seconds)
    changed = {pair.name for pair in pairs if not pair.same}
    programmes = {one.name: one for one in before.programmes if one.name.startswith(beside)}
    for pair in pairs:
        if not pair.same:
            programmes |= {part.name: part for part in _parts(pair, changed)}
    _add_rivals(programmes, firsts, seconds, changed)
    alone = (_reached(after) - _reached(before)) | {name + SECOND for name in second}
    both = replace(
        before,
        facts={**after.facts, **before.facts, **{name: renamed.facts[name] for name in alone}},
        vocabulary={**after.vocabulary, **before.vocabulary, **{name: renamed.vocabulary[name] for name in alone}},
        definitions={**renamed.definitions, **before.definitions},
        programmes=tuple(programmes.values()),
    )
    return Merged(both, pairs, second)


# facts that the two policies mean differently -------------------------------------------------------------


def _reached(policy: Policy) -> set[str]:
    """Facts that the policy's programmes read, directly or through definitions."""
    wanted = [name for programme in policy.programmes for tree in trees_of(programme) for name in facts_in(tree)]
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in found and name in policy.facts:
            found.add(name)
            wanted += facts_in(policy.definitions[name]) if name in policy.definitions else []
    return found


def trees_of(programme: ActiveProgramme) -> list[Node]:
    """What a programme reads facts by: its conditions and its amount."""
    trees = [condition.holds for condition in programme.conditions]
    return trees if programme.amount is None else [*trees, programme.amount]


def _read_apart(before: Policy, after: Policy) -> frozenset[str]:
    """Facts that both policies read and mean differently, or that rest on such a fact in the later one."""
    both = _reached(before) & _reached(after)
    apart = {name for name in both if not _mean_the_same(name, before, after)}
    grows = True
    while grows:
        more = {
            name
            for name in both - apart
            if name in after.definitions and apart & set(facts_in(after.definitions[name]))
        }
        apart |= more
        grows = bool(more)
    return frozenset(apart)


def _mean_the_same(name: str, before: Policy, after: Policy) -> bool:
    one, other = before.facts[name], after.facts[name]
    return (
        before.definitions.get(name) == after.definitions.get(name)
        and before.vocabulary[name] == after.vocabulary[name]
        and (one.absent, one.supplier, one.type) == (other.absent, other.supplier, other.type)
    )


def _renamed(policy: Policy, names: frozenset[str]) -> Policy:
    """The policy reading the second columns, its amounts with the region's values put in."""

    def second(fact: n.Fact) -> Node:
        return replace(fact, name=fact.name + SECOND) if fact.name in names else fact

    def in_(tree: Node) -> Node:
        return replace_facts(tree, second)

    def of(name: str) -> str:
        return name + SECOND if name in names else name

    programmes = []
    for one in policy.programmes:
        settled = _amount_settled(one, policy)
        conditions = tuple(replace(c, holds=in_(c.holds), test=in_(c.test)) for c in settled.conditions)
        amount = None if settled.amount is None else in_(settled.amount)
        programmes.append(replace(settled, conditions=conditions, amount=amount))
    return replace(
        policy,
        facts={of(name): replace(fact, name=of(name)) for name, fact in policy.facts.items()},
        vocabulary={of(name): type for name, type in policy.vocabulary.items()},
        definitions={of(name): in_(tree) for name, tree in policy.definitions.items()},
        programmes=tuple(programmes),
    )


def _amount_settled(programme: ActiveProgramme, policy: Policy) -> ActiveProgramme:
    """The amount with the region's values in it, so that it no longer depends on whose policy it is."""
    if programme.amount is None:
        return programme
    return replace(programme, amount=put_in(programme.amount, policy.constants))


# programmes -----------------------------------------------------------------------------------------------


def _pairs(firsts: Mapping[str, ActiveProgramme], seconds: Mapping[str, ActiveProgramme]) -> tuple[Pair, ...]:
    names = list(dict.fromkeys([*firsts, *seconds]))
    same = {name for name in names if name in firsts and name in seconds and _alike(firsts[name], seconds[name])}
    shrinks = True
    while shrinks:
        lost = {name for name in same if rivals_of(firsts[name]) & (set(names) - same)}
        same -= lost
        shrinks = bool(lost)
    pairs: list[Pair] = []
    for name in names:
        one, other = firsts.get(name), seconds.get(name)
        if one and other and one.subject != other.subject:
            pairs += [Pair(name, one, None, False), Pair(f"{name}.{other.subject}", None, other, False)]
        else:
            pairs.append(Pair(name, one, other, name in same))
    return tuple(pairs)


def _alike(one: ActiveProgramme, other: ActiveProgramme) -> bool:
    tests = [frozenset(c.holds for c in programme.conditions) for programme in (one, other)]
    return tests[0] == tests[1] and one.amount == other.amount and one.subject == other.subject


def rivals_of(programme: ActiveProgramme) -> set[str]:
    """Programmes whose verdict or amount its conditions look at."""
    names = (name for condition in programme.conditions for name in facts_in(condition.holds))
    return {name.partition(".")[2] for name in names if name.startswith(ABOUT_RIVALS)}


def _parts(pair: Pair, changed: set[str]) -> list[ActiveProgramme]:
    """The shared conditions, those of each side, and each side's amount on its own."""
    sides = {}
    for side, programme in (("before", pair.before), ("after", pair.after)):
        if programme is not None:
            sides[side] = [with_rivals_of(c, side, changed) for c in programme.conditions]
    both = list(sides.values())
    shared = [c for c in both[0] if c.holds in {d.holds for d in both[1]}] if len(both) == 2 else []
    parts = [part(f"shared.{pair.name}", pair.either, shared)]
    for side, conditions in sides.items():
        programme = pair.before if side == "before" else pair.after
        assert programme is not None
        own = [c for c in conditions if c.holds not in {d.holds for d in shared}]
        parts.append(part(f"{side}.{pair.name}", programme, own))
        if programme.amount is not None:
            parts.append(part(f"fen_{side}.{pair.name}", programme, (), amount=programme.amount))
    return parts


def part(
    name: str, like: ActiveProgramme, conditions: Iterable[ActiveCondition], amount: Node | None = None
) -> ActiveProgramme:
    """A programme of its own for some conditions of another one."""
    return replace(like, name=name, conditions=tuple(conditions), amount=amount)


def with_rivals_of(condition: ActiveCondition, side: str, changed: set[str]) -> ActiveCondition:
    """The condition looking at the rivals of its own side, where these are decided differently."""

    def rival(fact: n.Fact) -> Node:
        about, _, name = fact.name.partition(".")
        return (
            replace(fact, name=f"{about}.whole_{side}.{name}")
            if f"{about}." in ABOUT_RIVALS and name in changed
            else fact
        )

    return replace(condition, holds=replace_facts(condition.holds, rival)) if condition.rivalry else condition


def _add_rivals(
    programmes: dict[str, ActiveProgramme],
    firsts: Mapping[str, ActiveProgramme],
    seconds: Mapping[str, ActiveProgramme],
    changed: set[str],
) -> None:
    """Every programme that a condition looks at, whole: under its name, or that of its side where the sides differ."""
    wanted = {rival for programme in programmes.values() for rival in rivals_of(programme)}
    while wanted:
        name = wanted.pop()
        if name in programmes:
            continue
        side, _, plain = name.partition(".")
        sides = {"whole_before": firsts, "whole_after": seconds}
        found = sides[side].get(plain) if side in sides else firsts.get(name)
        if found is None:
            continue
        conditions = [with_rivals_of(c, side.removeprefix("whole_"), changed) for c in found.conditions]
        programmes[name] = replace(found, name=name, conditions=tuple(conditions))
        wanted |= rivals_of(programmes[name])
