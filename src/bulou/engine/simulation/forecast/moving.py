"""Takes a month's policy apart: what time moves, and what stands still until somebody changes the policy.

A fact moves when its definition reads the decision day, directly or through another moving fact. Conditions that read
no moving fact are decided once for all months with the same policy; only the moving ones are decided every month.

What somebody gave for a moving fact (an age, say) is true of the day it was given. Here the definition comes first,
so that known dates move it, and what was given stands only where no date is known.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bulou.engine.facts.tables import Tables
from bulou.engine.language import Node, facts_in
from bulou.engine.language import nodes as n
from bulou.engine.language.simplify import put_in
from bulou.engine.pack import ActiveProgramme, Pack, Policy
from bulou.engine.pack.policy import ActiveCondition
from bulou.engine.simulation.parts import part, rivals_of

GIVEN = "__given"
STILL, MOVING, FEN = "still.", "moving.", "fen."
DAY = re.compile(r"\bdecision\.day\b")


@dataclass(frozen=True)
class Split:
    """A month's policy in two: `still` and `moving`, each decided by a query of its own.

    Columns: `still.x` for a programme x, `moving.N` for the condition N, `fen.x__fen` in one of the two. `conditions`:
    for each programme the numbers and the conditions that move. `names` are the programmes in force.
    """

    still: Policy
    moving: Policy
    conditions: Mapping[str, tuple[tuple[int, ActiveCondition], ...]]
    programmes: tuple[ActiveProgramme, ...]


def moving_facts(pack: Pack) -> frozenset[str]:
    """Facts that a known date can change."""
    read = {name: _texts(pack, name) for name in pack.facts}
    found = {name for name, texts in read.items() if any(DAY.search(text) for text in texts)}
    grows = True
    while grows:
        more = {
            name
            for name, texts in read.items()
            if name not in found and any(set(re.findall(r"\b[a-z]+\.\w+", text)) & found for text in texts)
        }
        found |= more
        grows = bool(more)
    return frozenset(name for name in found if not name.startswith("region."))


def _texts(pack: Pack, name: str) -> list[str]:
    return [text for derivation in pack.facts[name].derivations for text in derivation.texts]


def dates_first(policy: Policy, given: Collection[str]) -> Policy:
    """The policy with definitions before what was given, for the facts `given` (see `given_apart`)."""
    definitions, facts, vocabulary = dict(policy.definitions), dict(policy.facts), dict(policy.vocabulary)
    for name in given:
        facts[name + GIVEN] = replace(facts[name], name=name + GIVEN, derivations=(), absent="unknown")
        vocabulary[name + GIVEN] = facts[name].type
        tree = definitions.get(name)
        if tree is not None:
            fallback = n.Fact(name + GIVEN, type=facts[name].type.type, limit=facts[name].type.limit)
            limit = max(tree.limit, fallback.limit)
            definitions[name] = n.FirstKnown((tree, fallback), type=tree.type, limit=limit)
    return replace(policy, definitions=definitions, facts=facts, vocabulary=vocabulary)


def given_apart(tables: Tables, moving: Collection[str], policy: Policy) -> tuple[Tables, list[str]]:
    """The tables with given moving facts under a second name, and which facts these are.

    Only facts that the policy defines, held with as many decimals as their definition gives.
    """
    frames, names = {}, []
    for kind, frame in tables.frames.items():
        there = [
            name
            for name in frame.collect_schema().names()
            if name in moving
            and name in policy.definitions
            and policy.definitions[name].type.decimals == policy.facts[name].type.decimals
        ]
        frames[kind] = frame.rename({name: name + GIVEN for name in there}) if there else frame
        names += there
    known = frozenset(name for name in tables.never_unknown if name not in names)
    return Tables(frames, known), names


def split(policy: Policy, moving: Collection[str], besides: Sequence[ActiveProgramme] = ()) -> Split:
    """The policy in two; programmes `besides` are decided every month as they are."""
    everything = {p.name: _settled(p, policy) for p in policy.programmes}
    in_motion = _in_motion(everything, moving)
    still: dict[str, ActiveProgramme] = {}
    moved: dict[str, ActiveProgramme] = {one.name: one for one in besides}
    numbers: dict[tuple[str, Node], int] = {}
    conditions = {}
    for name, one in everything.items():
        mine = [c for c in one.conditions if _moves(c, one, moving, in_motion)]
        rest = [c for c in one.conditions if c not in mine]
        still[STILL + name] = part(STILL + name, one, rest)
        numbered = [(numbers.setdefault((one.subject, c.holds), len(numbers)), c) for c in mine]
        conditions[name] = tuple(numbered)
        for number, condition in numbered:
            moved[f"{MOVING}{number}"] = part(f"{MOVING}{number}", one, [condition])
        if one.amount is not None:
            place = moved if _reads(one.amount, moving) else still
            place[FEN + name] = part(FEN + name, one, (), amount=one.amount)
    for parts in (still, moved):
        _add_rivals(parts, everything)
    return Split(
        replace(policy, programmes=tuple(still.values())),
        replace(policy, programmes=tuple(moved.values())),
        conditions,
        tuple(everything.values()),
    )


def _settled(one: ActiveProgramme, policy: Policy) -> ActiveProgramme:
    return one if one.amount is None else replace(one, amount=put_in(one.amount, policy.constants))


def _reads(tree: Node, moving: Collection[str]) -> bool:
    return any(name in moving for name in facts_in(tree))


def _moves(
    condition: ActiveCondition, programme: ActiveProgramme, moving: Collection[str], in_motion: Collection[str]
) -> bool:
    """Whether a condition reads the day, a moving fact, or a programme that is in motion."""
    if "decision.day" in facts_in(condition.test) or _reads(condition.holds, moving):
        return True
    return bool(rivals_of(replace(programme, conditions=(condition,))) & set(in_motion))


def _in_motion(programmes: Mapping[str, ActiveProgramme], moving: Collection[str]) -> set[str]:
    """Programmes whose verdict or amount time can move, through their rivals too."""
    found: set[str] = set()
    grows = True
    while grows:
        more = {
            name
            for name, one in programmes.items()
            if name not in found
            and (
                any(_moves(c, one, moving, found) for c in one.conditions)
                or (one.amount is not None and _reads(one.amount, moving))
            )
        }
        found |= more
        grows = bool(more)
    return found


def _add_rivals(parts: dict[str, ActiveProgramme], everything: Mapping[str, ActiveProgramme]) -> None:
    wanted = {rival for one in parts.values() for rival in rivals_of(one)}
    while wanted:
        name = wanted.pop()
        if name not in parts and name in everything:
            parts[name] = everything[name]
            wanted |= rivals_of(everything[name])
