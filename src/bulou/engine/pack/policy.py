"""The policy in force on a day: the pack's text as typed trees, with the locality's settings put in.

This is all the evaluators see. Region facts and the decision day are constants here, so they are folded away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bulou.engine.basics.problems import Problem, Refused, refuse_errors
from bulou.engine.language import BOOL, FactType, Node, Scope, Type, facts_in, parse
from bulou.engine.language import nodes as n
from bulou.engine.language.simplify import put_in
from bulou.engine.pack import model as m
from bulou.engine.pack.check_facts import cycle_problem
from bulou.engine.pack.cycles import cycles
from bulou.engine.pack.read_programmes import PLAN_IN_FORCE, with_all_conditions
from bulou.engine.pack.region import RegionFacts

MONEY = Type("money", 2)


@dataclass(frozen=True)
class ActiveCondition:
    """A condition in force. `holds` is true when the condition is met: for an exclusion, its test negated.

    `test` is the tree as written, before the locality's settings are put in; it names the missing facts.
    `rivalry` marks conditions that look at other programmes of the same subject (facts own.x and amount.x).
    """

    id: str
    says: str
    cite: str
    holds: Node
    test: Node
    rivalry: bool = False


@dataclass(frozen=True)
class ActiveProgramme:
    """A programme in force on the day; `amount` in yuan, None when nobody has set it."""

    name: str
    title: str
    subject: str
    gives: str
    pays: str
    amount: Node | None
    amount_is_floor: bool
    amount_set_by: str
    conditions: tuple[ActiveCondition, ...]
    cite: str
    draft: bool


@dataclass(frozen=True)
class Policy:
    """Everything an evaluator needs for one region and day; equal input, equal policy."""

    region: str
    on: date
    pack_digest: str
    status: str
    rolls: frozenset[str]
    vocabulary: Mapping[str, FactType]
    facts: Mapping[str, m.FactDefinition]
    definitions: Mapping[str, Node]
    constants: Mapping[str, n.Value]
    programmes: tuple[ActiveProgramme, ...]

    def of(self, subject: str) -> list[ActiveProgramme]:
        return [programme for programme in self.programmes if programme.subject == subject]

    def read_by(self, trees: Iterable[Node]) -> list[str]:
        """Facts that expressions read, directly or through definitions."""
        found: dict[str, None] = {}
        wanted = [name for tree in trees for name in facts_in(tree)]
        while wanted:
            name = wanted.pop()
            if name not in found:
                found[name] = None
                definition = self.definitions.get(name)
                wanted += facts_in(definition) if definition is not None else []
        return list(found)

    def reads(self) -> frozenset[str]:
        """Facts that decide any of the programmes or how much they give."""
        conditions = [condition.holds for programme in self.programmes for condition in programme.conditions]
        amounts = [programme.amount for programme in self.programmes if programme.amount is not None]
        return frozenset(self.read_by([*conditions, *amounts]))


def policy_in_force(  # noqa: PLR0913 what a day depends on, and what of it is wanted
    pack: m.Pack,
    on: date,
    settings: Mapping[str, n.Value] | None = None,
    rolls: frozenset[str] = frozenset(),
    more: str | m.Priority = "",
    *,
    decision_day: date | None = None,
    programmes: Sequence[str] | None = None,
) -> Policy:
    """The policy of `pack` on a day. `settings` override the pack's region values by full fact name (region.x).

    `more` decides further things: the named checks of a run ("month", "levy") as programmes named check.<name>, or the
    line and the keys of a priority as the programmes rank.line and rank.keys. `decision_day` applies the policy of the
    day `on` to the facts of another day. `programmes` leaves out all but these and those whose verdict or amount
    decides whether these are given.

    Raises `Refused` with the problems of the pack's files, or with all problems of the expressions in force.
    """
    refuse_errors(pack.problems)
    problems: list[Problem] = []
    vocabulary = pack.vocabulary
    region = RegionFacts(pack, on, dict(settings or {}), rolls)
    constants: dict[str, n.Value] = {"decision.day": decision_day or on, **region.values()}
    trees = _Trees(vocabulary, constants, problems)
    trees.widen_derived_numbers(pack, on)
    every = [
        _in_force(programme, on, bool(constants.get("region.plan_in_force"))) for programme in pack.programmes.values()
    ]
    active = trees.programmes([one for one in every if one and on in one.period], pack, on, programmes)
    if isinstance(more, m.Priority):
        active += trees.priority(more, on)
    else:
        active += [trees.check(check) for check in pack.checks.values() if check.run == more]
    definitions = trees.definitions(pack, on, active)
    problems += [
        cycle_problem(cycle, pack) for cycle in cycles({name: facts_in(tree) for name, tree in definitions.items()})
    ]
    if problems:
        raise Refused(dict.fromkeys(problems))
    return Policy(
        pack.region,
        on,
        pack.digest,
        pack.status,
        rolls,
        vocabulary,
        pack.facts,
        definitions,
        constants,
        tuple(active),
    )


def _in_force(programme: m.Programme, on: date, plan_in_force: bool) -> m.Programme | None:
    """A draft's version only once its plan is in force; until then the inherited one, if there is one."""
    if programme.draft and not plan_in_force and programme.inherited and on in programme.inherited.period:
        return _in_force(programme.inherited, on, plan_in_force)
    return programme


@dataclass
class _Trees:
    """Parses what is in force, each text once, and puts the constants in."""

    vocabulary: dict[str, FactType]
    constants: Mapping[str, n.Value]
    problems: list[Problem]

    def widen_derived_numbers(self, pack: m.Pack, on: date) -> None:
        """A computed number keeps all decimals of its definition, so that nothing is rounded on the way."""
        done: set[str] = set()

        def widen(name: str) -> None:
            fact = pack.facts.get(name)
            derivation = fact.derivation_on(on) if fact and name not in done else None
            done.add(name)
            if fact is None or derivation is None or not fact.type.type.numeric or name.startswith("region."):
                return
            for text in derivation.texts:
                for part in re.findall(r"[a-z]+\.\w+", text):
                    widen(part)
            tree = self._definition(fact, on)
            if tree is not None and tree.type.decimals > fact.type.decimals:
                self.vocabulary[name] = replace(fact.type, places=tree.type.decimals, bound=tree.limit)

        for name in pack.facts:
            widen(name)

    def programmes(
        self, every: Sequence[m.Programme], pack: m.Pack, on: date, names: Sequence[str] | None
    ) -> list[ActiveProgramme]:
        """The programmes named (None: all) and their rivals, in the order of `every`."""
        by_name = {programme.name: programme for programme in every}
        wanted = [name for name in (by_name if names is None else names) if name in by_name]
        found: dict[str, ActiveProgramme] = {}
        while wanted:
            name = wanted.pop()
            if name not in found:
                found[name] = self.programme(by_name[name], pack, on)
                wanted += [rival for rival in _rivals(found[name]) if rival in by_name]
        return [found[name] for name in by_name if name in found]

    def programme(self, programme: m.Programme, pack: m.Pack, on: date) -> ActiveProgramme:
        whole = with_all_conditions(programme)
        amount = self._amount(programme, on)
        conditions = [self._condition(c, programme.subject) for c in whole.conditions if on in c.period]
        conditions += [
            self._outranked(group, programme, pack, on)
            for group in pack.groups.values()
            if programme.name in group.programmes and amount is not None
        ]
        conditions += [self._not_with(other, programme) for other in programme.not_with if other in pack.programmes]
        return ActiveProgramme(
            name=programme.name,
            title=programme.title,
            subject=programme.subject,
            gives=programme.gives,
            pays=programme.pays,
            amount=amount,
            amount_is_floor=programme.amount_is_floor,
            amount_set_by=programme.amount_set_by,
            conditions=tuple(condition for condition in conditions if condition),
            cite=programme.cite,
            draft=programme.draft,
        )

    def _parse(
        self, text: str, subject: str, place: m.Origin, wants: Type | None, defines: bool = False
    ) -> Node | None:
        tree = parse(text, Scope(subject, self.vocabulary, defines), place, wants)
        if isinstance(tree, Problem):
            self.problems.append(tree)
            return None
        return tree

    def _condition(self, condition: m.Condition, subject: str) -> ActiveCondition | None:
        tree = self._parse(condition.test, subject, condition.origin, BOOL)
        if tree is None:
            return None
        return self._active(condition.id, condition.says, condition.cite, tree, condition.excludes)

    def _active(self, id: str, says: str, cite: str, tree: Node, excludes: bool) -> ActiveCondition:
        test = put_in(tree, self.constants)
        if excludes:
            return ActiveCondition(id, f"没有以下情形：{says}", cite, put_in(n.Not(test), {}), tree)
        return ActiveCondition(id, says, cite, test, tree)

    def _amount(self, programme: m.Programme, on: date) -> Node | None:
        rule = next((rule for rule in programme.amounts if on in rule.period), None)
        if rule is None:
            return None
        return self._parse(rule.expression, programme.subject, rule.origin, MONEY)

    def _outranked(self, group: m.Group, programme: m.Programme, pack: m.Pack, on: date) -> ActiveCondition | None:
        """True when a benefit of the same class is higher: one from elsewhere, or another programme of the group."""
        rule = next(rule for rule in programme.amounts if on in rule.period)
        mine = self._parse(rule.expression, programme.subject, rule.origin, MONEY)
        if mine is None:
            return None
        rivals: list[Node] = []
        if group.has:
            has = self._parse(group.has, programme.subject, group.origin, BOOL)
            amount = self._parse(group.amount, programme.subject, group.origin, MONEY)
            if has is None or amount is None:
                return None
            rivals.append(n.And((has, n.Compare(">", amount, mine))))
        mine_at = group.programmes.index(programme.name)
        for at, rival in enumerate(group.programmes):
            if rival != programme.name:
                operator: n.Comparison = ">=" if at < mine_at else ">"
                theirs = n.Fact(f"amount.{rival}", type=MONEY, limit=10**17)
                own = n.Fact(f"amount.{programme.name}", type=MONEY, limit=10**17)
                rivals.append(n.And((n.Fact(f"own.{rival}"), n.Compare(operator, theirs, own))))
        tree = rivals[0] if len(rivals) == 1 else n.Or(tuple(rivals))
        return replace(self._active(group.condition, group.says, group.cite, tree, excludes=True), rivalry=True)

    def _not_with(self, other: str, programme: m.Programme) -> ActiveCondition:
        says = f"未同时享受：{other}"
        tree = n.Fact(f"own.{other}")
        return replace(self._active(f"not_with_{other}", says, programme.cite, tree, excludes=True), rivalry=True)

    def check(self, check: m.Check) -> ActiveProgramme:
        """A named check as a programme of one condition, so that it is computed with everything else."""
        tree = self._parse(check.test, "person", check.origin, BOOL)
        condition = self._active(check.name, check.title, check.cite, tree or n.Literal(False), excludes=False)
        return ActiveProgramme(
            f"check.{check.name}",
            check.title,
            "person",
            "check",
            "none",
            None,
            False,
            "",
            (condition,),
            check.cite,
            False,
        )

    def priority(self, priority: m.Priority, on: date) -> list[ActiveProgramme]:
        """The line and the keys of a priority; the tree of a key may be a number or a date."""
        line = self._parse(priority.among or "true", priority.subject, priority.origin, BOOL)
        says = priority.among_says or "名单上的全部"
        lined = [self._active("in_line", says, priority.cite, line, excludes=False)] if line else []
        keys = []
        for key in (key for key in priority.keys if on in key.period):
            tree = self._parse(key.expression, priority.subject, key.origin, BOOL if key.first == "true" else None)
            if tree is not None:
                keys.append(self._active(key.id, key.says, key.cite, tree, excludes=False))
        return [
            ActiveProgramme(name, priority.title, priority.subject, "priority", "none", None, False, "",
                            tuple(conditions), priority.cite, priority.draft)
            for name, conditions in (("rank.line", lined), ("rank.keys", keys))
        ]  # fmt: skip

    def definitions(self, pack: m.Pack, on: date, programmes: list[ActiveProgramme]) -> dict[str, Node]:
        """Trees of the derived facts that the programmes need, directly or through other derived facts."""
        found: dict[str, Node] = {}
        wanted = [name for programme in programmes for tree in _trees_of(programme) for name in facts_in(tree)]
        while wanted:
            name = wanted.pop()
            if name in found or name not in pack.facts or name.startswith("region."):
                continue
            tree = self._definition(pack.facts[name], on)
            if tree is not None:
                found[name] = tree
                wanted += facts_in(tree)
        return found

    def _definition(self, fact: m.FactDefinition, on: date) -> Node | None:
        derivation = fact.derivation_on(on)
        if derivation is None:
            return None
        trees = [self._parse(text, fact.subject, derivation.origin, fact.type.type, True) for text in derivation.texts]
        known = [put_in(tree, self.constants) for tree in trees if tree is not None]
        if not known or len(known) == 1:
            return known[0] if known else None
        decimals = max(tree.type.decimals for tree in known)
        limit = max(int(tree.limit * 10 ** (decimals - tree.type.decimals)) for tree in known)
        return n.FirstKnown(tuple(known), type=replace(known[0].type, decimals=decimals), limit=limit)


def _rivals(programme: ActiveProgramme) -> list[str]:
    """Programmes of which a condition reads the verdict or the amount."""
    read = (name.partition(".") for one in programme.conditions for name in facts_in(one.holds))
    return [name for about, _, name in read if about in ("own", "amount")]


def _trees_of(programme: ActiveProgramme) -> list[Node]:
    trees = [condition.test for condition in programme.conditions]
    return trees if programme.amount is None else [*trees, programme.amount]


def fen_of(value: n.Value) -> int | None:
    """An amount in yuan as whole fen, rounded half up; None stays None."""
    from bulou.engine.basics.money import fen_of_yuan

    return None if value is None else fen_of_yuan(Decimal(value))  # type: ignore[arg-type]


__all__ = ["PLAN_IN_FORCE", "ActiveCondition", "ActiveProgramme", "Policy", "fen_of", "policy_in_force"]
