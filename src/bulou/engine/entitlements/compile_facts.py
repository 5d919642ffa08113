"""The fact steps of the SQL text: given columns, definitions in the order they need, roll-ups over members.

People and households take turns: level 0 is what is known without the other; on level L households count their
people's facts of level L−1, and people read their household's facts of level L.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bulou.engine.language import Node, facts_in, walk
from bulou.engine.language import nodes as n
from bulou.engine.language.simplify import can_be_unknown, put_in, replace_roll_ups
from bulou.engine.language.sql import INT64, Columns, quoted, roll_up, sql, text_literal, unknown_of
from bulou.engine.pack import Policy, absent_value


@dataclass(frozen=True)
class Given:
    """Columns that a table of subjects has, by full fact name, and which of them are never NULL.

    `never_unknown` may also name person.household: everybody then belongs to a household.
    """

    columns: frozenset[str]
    never_unknown: frozenset[str] = frozenset()


@dataclass
class FactSteps:
    """Builds the steps for the facts that some expressions read; `steps` are CTEs in order."""

    policy: Policy
    given: Mapping[str, Given]
    steps: list[str] = field(default_factory=list)
    always_known: set[object] = field(default_factory=set)
    roll_ups: dict[n.OverMembers, str] = field(default_factory=dict)

    def table_for(self, kind: str, trees: Sequence[Node]) -> str:
        """Name of a step that has `id` and every fact the trees read, one row for each subject of the kind."""
        wanted = self._needed(trees)
        if kind not in ("person", "household"):
            return self._layers(kind, [name for name in wanted if name.startswith(f"{kind}.")])
        levels: dict[str, int] = {}
        for name in wanted:
            among = self._level_among_people if name.startswith("person.") else self._level
            levels[name] = among(name, levels)
        loose = [part for tree in trees for part in walk(tree) if isinstance(part, n.OverMembers)]
        return self._in_turns(kind, levels, {node: self._level_of(node, levels) for node in loose})

    # which facts ------------------------------------------------------------------------------------------

    def fold(self, node: Node) -> Node:
        """Facts that no column gives and nothing defines become what their absence means."""
        folded = put_in(node, self._absent(facts_in(node)))
        return folded if "person" in self.given else _without_members(folded)

    def _absent(self, names: Iterable[str]) -> dict[str, n.Value]:
        facts, rolls = self.policy.facts, self.policy.rolls
        nowhere = (
            name
            for name in names
            if name in facts and not self._has_column(name) and name not in self.policy.definitions
        )
        return {name: absent_value(facts[name], rolls) for name in nowhere}

    def _has_column(self, name: str) -> bool:
        kind = name.partition(".")[0]
        return kind in self.given and name in self.given[kind].columns

    def _never_unknown(self, name: str) -> bool:
        kind = name.partition(".")[0]
        return kind in self.given and name in self.given[kind].never_unknown

    def _definition(self, name: str) -> Node | None:
        tree = self.policy.definitions.get(name)
        return None if tree is None else self.fold(tree)

    def _needed(self, trees: Sequence[Node]) -> list[str]:
        """Facts to compute, each after the facts it is defined by."""
        order: dict[str, None] = {}

        def add(name: str) -> None:
            if name in order or name not in self.policy.facts:
                return
            definition = self._definition(name)
            for part in facts_in(definition) if definition is not None else ():
                add(part)
            order[name] = None

        for tree in trees:
            for name in facts_in(tree):
                add(name)
        return list(order)

    def _level(self, name: str, levels: Mapping[str, int]) -> int:
        definition = self._definition(name)
        return 0 if definition is None else self._level_of(definition, levels)

    def _level_of(self, tree: Node, levels: Mapping[str, int]) -> int:
        if isinstance(tree, n.OverMembers):
            return 1 + max((self._level_of(child, levels) for child in tree.children), default=0)
        if isinstance(tree, n.Fact):
            return levels.get(tree.name, 0)
        return max((self._level_of(child, levels) for child in tree.children), default=0)

    def _level_among_people(self, name: str, levels: Mapping[str, int]) -> int:
        """People read their household's facts one turn after it has been asked."""
        definition = self._definition(name)
        parts = facts_in(definition) if definition is not None else []
        return max((max(levels[part], int(part.startswith("household."))) for part in parts), default=0)

    # the turns --------------------------------------------------------------------------------------------

    def _in_turns(self, kind: str, levels: Mapping[str, int], loose: Mapping[n.OverMembers, int]) -> str:
        """Both tables by turns up to the highest level; `loose` are roll-ups that the conditions themselves hold."""

        def of(subject: str, level: int) -> list[str]:
            return [name for name in levels if name.startswith(subject) and levels[name] == level]

        home_facts = [name for name in levels if name.startswith("household.")]
        highest = max([*levels.values(), *loose.values(), int(bool(home_facts) and kind == "person")], default=0)
        counted = bool(loose) or any(levels[name] > 0 for name in home_facts)
        later = [name for name in levels if name.startswith("person.") and levels[name] > 0]
        persons = self._layers("person", of("person.", 0), later) if kind == "person" or counted else ""
        homes = self._homes(of("household.", 0))
        joined: list[str] = []
        for level in range(1, highest + 1):
            now = [node for node, at in loose.items() if at == level]
            homes = self._count_members(homes, persons, of("household.", level), now)
            if kind == "household" and level == highest:
                break
            needed = home_facts if level == highest else [name for name in home_facts if levels[name] <= level]
            new = [name for name in needed if name not in joined]
            persons = self._defined(self._at_home(persons, homes, new), of("person.", level))
            joined += new
        if kind == "household":
            return homes or self._count_members("", persons or self._layers("person", []), [], [])
        return persons

    def _homes(self, names: Sequence[str]) -> str:
        """The table of households; without one, those the people name, made only where the names need it now."""
        if "household" in self.given:
            return self._layers("household", names)
        if not names:
            return ""
        text = 'SELECT DISTINCT "household" AS "id" FROM "person" WHERE "household" IS NOT NULL'
        return self._defined(self.step("homes", text), names)

    def _layers(self, kind: str, names: Sequence[str], later: Sequence[str] = ()) -> str:
        """The given table of a kind with the columns the names need, then their definitions.

        What is given for facts of a `later` turn is carried along.
        """
        keys = ["id", "household"] if kind == "person" else ["id"]
        plain = [name for name in names if self._definition(name) is None]
        defined = [name for name in names if name not in plain]
        columns = [quoted(key) for key in keys]
        columns += [self._given_column(name) for name in plain]
        raw = [name for name in (*defined, *later) if self._has_column(name)]
        columns += [f"{quoted(name)} AS {quoted(_given(name))}" for name in raw]
        source = self.step(f"given_{kind}", f'SELECT {", ".join(columns)} FROM "{kind}"')
        return self._defined(source, defined)

    def _given_column(self, name: str) -> str:
        column, absent = quoted(name), absent_value(self.policy.facts[name], self.policy.rolls)
        if absent is not None or self._never_unknown(name):
            self.always_known.add(name)
        if absent is None or self._never_unknown(name):
            return column
        return f"COALESCE({column}, {constant(absent)}) AS {column}"

    def _defined(self, source: str, names: Sequence[str]) -> str:
        """One step after another: in each, every defined fact whose parts are ready."""
        left = [name for name in names if self._definition(name) is not None]
        while left:
            now = [name for name in left if not set(facts_in(self._tree(name))) & set(left) - {name}]
            columns = [f"{self._definition_sql(name)} AS {quoted(name)}" for name in now]
            source = self.step("defined", f"SELECT *, {', '.join(columns)} FROM {source}")
            left = [name for name in left if name not in now]
        return source

    def _tree(self, name: str) -> Node:
        tree = self._definition(name)
        assert tree is not None, name
        return tree

    def _definition_sql(self, name: str) -> str:
        fact, tree = self.policy.facts[name], self._tree(name)
        absent = absent_value(fact, self.policy.rolls)
        known = not self.maybe_unknown(tree)
        if absent is not None or known or self._never_unknown(name):
            self.always_known.add(name)
        wide = self.policy.vocabulary[name]
        options = []
        if self._has_column(name):
            options.append(_scaled(quoted(_given(name)), wide.decimals - fact.type.decimals, wide.limit))
        options.append(_scaled(sql(tree, self), wide.decimals - tree.type.decimals, wide.limit))
        if absent is not None and not known:
            options.append(constant(absent))
        return options[0] if len(options) == 1 else f"COALESCE({', '.join(options)})"

    def column(self, node: Node) -> str:
        """The column of a fact or of a roll-up that an earlier step has made."""
        if isinstance(node, n.OverMembers):
            return quoted(self.roll_ups[node])
        assert isinstance(node, n.Fact)
        return quoted(node.name)

    def maybe_unknown(self, node: Node) -> bool:
        """Whether an expression can be NULL over the columns made so far."""
        return can_be_unknown(node, self.always_known)

    # households and their people --------------------------------------------------------------------------

    def _count_members(self, homes: str, persons: str, names: Sequence[str], loose: Sequence[n.OverMembers]) -> str:
        """The households with the given roll-ups; without a table of households, those the people name."""
        trees = [self._tree(name) for name in names]
        defined = [part for tree in trees for part in walk(tree) if isinstance(part, n.OverMembers)]
        found = dict.fromkeys([*defined, *loose])
        new = [node for node in found if node not in self.roll_ups]
        raw = [name for name in names if self._has_column(name)]
        if raw:
            columns = ", ".join(f"h.{quoted(name)} AS {quoted(_given(name))}" for name in raw)
            homes = self.step(
                "given_household",
                f'SELECT s.*, {columns} FROM {homes} AS s LEFT JOIN "household" AS h ON s."id" = h."id"',
            )
        if new or not homes:
            homes = self._rolled_up(homes, persons, new)
        return self._defined(homes, names)

    def _rolled_up(self, homes: str, persons: str, roll_ups: Sequence[n.OverMembers]) -> str:
        inner, outer = ['"household"'], ['"household"']
        for node in roll_ups:
            self.roll_ups[node] = f"roll_up_{len(self.roll_ups)}"
            before, counted = _aggregates(node, self.roll_ups[node], self)
            inner += before
            outer += counted
        some = "" if self._everybody_at_home() else ' WHERE "household" IS NOT NULL'
        members = self.step("members", f"SELECT {', '.join(inner)} FROM {persons}{some}")
        counted_step = self.step("counted", f'SELECT {", ".join(outer)} FROM {members} GROUP BY "household"')
        if not homes:
            values = [f"{_rolled(node, name, self)} AS {quoted(name)}" for node, name in self._named(roll_ups)]
            self.always_known |= {node for node in roll_ups if not self._open_members(node)}
            columns = ", ".join(['m."household" AS "id"', *values])
            return self.step("homes", f"SELECT {columns} FROM {counted_step} AS m")
        values = [f"{_or_nobody(node, name, self)} AS {quoted(name)}" for node, name in self._named(roll_ups)]
        text = f'FROM {homes} AS s LEFT JOIN {counted_step} AS m ON s."id" = m."household"'
        return self.step("homes", f"SELECT {', '.join(['s.*', *values])} {text}")

    def _named(self, roll_ups: Sequence[n.OverMembers]) -> list[tuple[n.OverMembers, str]]:
        return [(node, self.roll_ups[node]) for node in roll_ups]

    def _open_members(self, node: n.OverMembers) -> bool:
        """Whether a roll-up over at least one person can be unknown; there may be nobody to take min or max of."""
        return node.kind in ("min", "max") or any(self.maybe_unknown(child) for child in node.children)

    def _everybody_at_home(self) -> bool:
        return "person" in self.given and "person.household" in self.given["person"].never_unknown

    def _at_home(self, persons: str, homes: str, names: Sequence[str]) -> str:
        """People with their household's facts; without a household there is only what absence means."""
        if not names:
            return persons
        surely = self._everybody_at_home() and "household" not in self.given
        columns = []
        for name in names:
            absent = absent_value(self.policy.facts[name], self.policy.rolls)
            if surely or absent is None:
                columns.append(f"h.{quoted(name)}")
            else:
                columns.append(f"COALESCE(h.{quoted(name)}, {constant(absent)}) AS {quoted(name)}")
            if absent is None and not surely:
                self.always_known.discard(name)
        join = "JOIN" if surely else "LEFT JOIN"
        text = f'SELECT p.*, {", ".join(columns)} FROM {persons} AS p {join} {homes} AS h ON p."household" = h."id"'
        return self.step("at_home", text)

    def step(self, name: str, text: str) -> str:
        name = f"{name}_{len(self.steps) + 1}"
        self.steps.append(f"{name} AS ({text})")
        return name


def _without_members(node: Node) -> Node:
    """Without a table of people every roll-up over members is unknown."""
    return put_in(replace_roll_ups(node, lambda roll_up: n.Unknown(type=roll_up.type, limit=roll_up.limit)), {})


def _given(name: str) -> str:
    return f"given.{name}"


def _scaled(text: str, places: int, limit: int) -> str:
    if places <= 0:
        return text
    if limit > INT64:
        return f"(CAST({text} AS HUGEINT) * CAST({10**places} AS HUGEINT))"
    return f"({text} * {10**places})"


def _aggregates(node: n.OverMembers, name: str, columns: Columns) -> tuple[list[str], list[str]]:
    """Columns before and after grouping: true members (t), unknown ones (u), the value taken (v)."""
    condition = sql(node.condition, columns)
    width = "BIGINT" if node.limit <= INT64 else "HUGEINT"
    everybody = isinstance(node.condition, n.Literal) and node.condition.value is True
    inner = [] if everybody else [f'{condition} AS "c.{name}"']
    outer = [f'COUNT(*) AS "t.{name}"' if everybody else f'SUM(CAST("c.{name}" AS TINYINT)) AS "t.{name}"']
    if node.kind == "any":
        outer = [f'TRUE AS "v.{name}"' if everybody else f'MAX("c.{name}") AS "v.{name}"']
    if node.value is None:
        unknown = [f'COUNT(*) - COUNT("c.{name}") AS "u.{name}"'] if columns.maybe_unknown(node.condition) else []
        return inner, [*outer, *unknown]
    value = sql(node.value, columns)
    inner.append(f'CAST(CASE WHEN {condition} THEN {value} END AS {width}) AS "v.{name}"')
    outer.append(f'CAST({node.kind.upper()}("v.{name}") AS {width}) AS "v.{name}"')
    if any(columns.maybe_unknown(child) for child in node.children):
        inner.append(f'CASE WHEN NOT {condition} THEN 0 WHEN {condition} THEN {value} END AS "k.{name}"')
        outer.append(f'COUNT(*) - COUNT("k.{name}") AS "u.{name}"')
    return inner, outer


def _rolled(node: n.OverMembers, name: str, columns: Columns) -> str:
    true, value = f'CAST(m."t.{name}" AS BIGINT)', f'm."v.{name}"'
    unknown = any(columns.maybe_unknown(child) for child in node.children)
    if unknown and node.kind != "any":
        true = f"COALESCE({true}, 0)"
    if node.kind == "sum":
        value = f"COALESCE({value}, 0)"
    return roll_up(node, true, f'm."u.{name}"' if unknown else "", value)


def _or_nobody(node: n.OverMembers, name: str, columns: Columns) -> str:
    """Of a household without anybody in the tables nothing is known about members."""
    return f'CASE WHEN m."household" IS NULL THEN {unknown_of(node.type)} ELSE {_rolled(node, name, columns)} END'


def constant(value: n.Value) -> str:
    """SQL of what absence means: FALSE, TRUE or the code none."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return text_literal(str(value))
