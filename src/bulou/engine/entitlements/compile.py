"""One layered SQL text for all subjects of a kind: facts, conditions, programmes, amounts, masks.

The text is the same for Polars, DuckDB and Spark. Conditions that say the same are computed once. Each pair of
masks holds 62 conditions: bit i of `failed_k` and `unknown_k` is condition 62·(k−1)+i of `CompiledKind.bits`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bulou.engine.entitlements.compile_facts import FactSteps, Given
from bulou.engine.language import Node, facts_in
from bulou.engine.language import nodes as n
from bulou.engine.language.simplify import put_in, replace_facts
from bulou.engine.language.sql import Columns, quoted, sql
from bulou.engine.pack import ActiveProgramme, Policy, fen_of

MASK_BITS = 62
HALF = 31


@dataclass(frozen=True)
class CompiledKind:
    """SQL for one kind of subject. It reads tables named by kind and yields id, verdicts, amounts and masks.

    Column `<programme>` is the verdict (NULL: unknown), `<programme>__fen` the amount in fen of a yes.
    `positions` gives for each programme the bits of its conditions, in their order.
    """

    kind: str
    text: str
    bits: tuple[Node, ...]
    programmes: tuple[ActiveProgramme, ...]
    positions: Mapping[str, tuple[int, ...]]
    tables: tuple[str, ...]


def compile_kind(policy: Policy, kind: str, given: Mapping[str, Given], masks: bool = True) -> CompiledKind:
    """SQL text that decides every programme of `kind`; `given` tells which tables and columns there are.

    A fact without a column is unknown, or what its absence means. Without `masks` no reasons are kept.
    """
    return _Compiler(policy, kind, FactSteps(policy, given)).compile(masks)


@dataclass
class _Compiler:
    policy: Policy
    kind: str
    facts: FactSteps

    def compile(self, masks: bool) -> CompiledKind:
        programmes = tuple(self.policy.of(self.kind))
        bits: dict[Node, int] = {}
        positions = {}
        for programme in programmes:
            tests = [self.facts.fold(condition.holds) for condition in programme.conditions]
            positions[programme.name] = tuple(bits.setdefault(test, len(bits)) for test in tests)
        amounts = {
            p.name: self.facts.fold(put_in(p.amount, self.policy.constants)) for p in programmes if p.amount is not None
        }
        source = self.facts.table_for(self.kind, [*bits, *amounts.values()])
        source = self._conditions(source, bits, amounts, programmes)
        columns = ['"id"', *_verdicts(programmes, positions, amounts)]
        if masks:
            columns += _masks(list(bits), self.facts)
        text = "WITH " + ",\n".join(self.facts.steps) + f"\nSELECT {', '.join(columns)} FROM {source}"
        tables = tuple(
            table for table in dict.fromkeys((self.kind, "household", "person")) if f'FROM "{table}"' in text
        )
        return CompiledKind(self.kind, text, tuple(bits), programmes, positions, tables)

    def _conditions(
        self, source: str, bits: Mapping[Node, int], amounts: Mapping[str, Node], programmes: Sequence[ActiveProgramme]
    ) -> str:
        """Truth of every distinct condition and every amount; those that look at rivals come two steps later."""
        known = self.facts
        rivals = [test for test in bits if _rival_names(test)]
        columns = ['"id"', *(f"{sql(test, known)} AS {_bit(at)}" for test, at in bits.items() if test not in rivals)]
        columns += [f"{_fen(tree, known)} AS {quoted(f'amount.{name}')}" for name, tree in amounts.items()]
        if not rivals:
            return self.facts.step("conditions", f"SELECT {', '.join(columns)} FROM {source}")
        columns += [f"{sql(tree, known)} AS {quoted(f'exact.{name}')}" for name, tree in amounts.items()]
        needed = dict.fromkeys(
            name for test in rivals for name in facts_in(test) if name.partition(".")[0] not in ("own", "amount")
        )
        columns += [quoted(name) for name in needed]
        source = self.facts.step("conditions", f"SELECT {', '.join(columns)} FROM {source}")
        return self._rivalries(source, rivals, bits, amounts, programmes)

    def _rivalries(
        self,
        source: str,
        rivals: Sequence[Node],
        bits: Mapping[Node, int],
        amounts: Mapping[str, Node],
        programmes: Sequence[ActiveProgramme],
    ) -> str:
        owns = []
        for programme in programmes:
            own = [_bit(bits[self.facts.fold(c.holds)]) for c in programme.conditions if not c.rivalry]
            owns.append(f"{_all_of(own)} AS {quoted(f'own.{programme.name}')}")
        source = self.facts.step("own_verdicts", f"SELECT *, {', '.join(owns)} FROM {source}")
        in_force = {programme.name for programme in programmes}
        columns = []
        for test in rivals:
            tree = _against(test, amounts, in_force)
            columns.append(f"{sql(tree, self.facts)} AS {_bit(bits[test])}")
        return self.facts.step("rivalries", f"SELECT *, {', '.join(columns)} FROM {source}")


def _rival_names(test: Node) -> list[str]:
    return [name for name in facts_in(test) if name.startswith(("own.", "amount."))]


def _against(test: Node, amounts: Mapping[str, Node], in_force: set[str]) -> Node:
    """Programmes not in force are no rivals; amounts are compared exactly, before rounding to fen."""
    gone: dict[str, n.Value] = {}
    for name in _rival_names(test):
        about, _, programme = name.partition(".")
        if about == "own" and programme not in in_force:
            gone[name] = False
        if about == "amount" and programme not in amounts:
            gone[name] = None

    def exact(fact: n.Fact) -> Node:
        about, _, name = fact.name.partition(".")
        if about != "amount":
            return fact
        return replace(fact, name=f"exact.{name}", type=amounts[name].type, limit=amounts[name].limit)

    return replace_facts(put_in(test, gone), exact)


def _bit(position: int) -> str:
    return f'"c{position}"'


def _all_of(bits: Sequence[str]) -> str:
    return f"({' AND '.join(dict.fromkeys(bits))})" if bits else "TRUE"


def _verdicts(
    programmes: Sequence[ActiveProgramme], positions: Mapping[str, tuple[int, ...]], amounts: Mapping[str, Node]
) -> list[str]:
    columns = []
    for name in (programme.name for programme in programmes):
        verdict = _all_of([_bit(position) for position in positions[name]])
        columns.append(f"{verdict} AS {quoted(name)}")
        if name in amounts:
            amount = quoted(f"amount.{name}")
            columns.append(f"CAST(CASE WHEN {verdict} THEN {amount} END AS BIGINT) AS {quoted(f'{name}__fen')}")
    return columns


def _masks(bits: Sequence[Node], columns_made: Columns) -> list[str]:
    columns = []
    for first in range(0, len(bits), MASK_BITS):
        number = first // MASK_BITS + 1
        chunk = [(_bit(first + at), test) for at, test in enumerate(bits[first : first + MASK_BITS])]
        nullable = [columns_made.maybe_unknown(test) for _, test in chunk]
        failed = [
            f"WHEN {bit} THEN 0 WHEN NOT {bit} THEN {{}} ELSE 0" if open else f"WHEN {bit} THEN 0 ELSE {{}}"
            for (bit, _), open in zip(chunk, nullable, strict=True)
        ]
        unknown = [
            f"WHEN {bit} IS NULL THEN {{}} ELSE 0" if open else ""
            for (bit, _), open in zip(chunk, nullable, strict=True)
        ]
        columns.append(f'{_mask(failed)} AS "failed_{number}"')
        columns.append(f'{_mask(unknown)} AS "unknown_{number}"')
    return columns


def _mask(branches: Sequence[str]) -> str:
    """Bits added up in two halves of 31: sums of 32-bit numbers cost a fraction of 64-bit ones."""
    halves = []
    for shift in (0, HALF):
        cases = [
            f"CASE {branch.format(1 << at)} END" for at, branch in enumerate(branches[shift : shift + HALF]) if branch
        ]
        if cases:
            total = f"CAST({' + '.join(cases)} AS BIGINT)"
            halves.append(f"{total} * {1 << shift}" if shift else total)
    return " + ".join(halves) or "CAST(0 AS BIGINT)"


def _fen(tree: Node, columns: Columns) -> str:
    """The amount in whole fen, rounded half up; amounts are never negative."""
    if isinstance(tree, n.Literal):
        return str(fen_of(tree.value))
    text, extra = sql(tree, columns), tree.type.decimals - 2
    if extra == 0:
        return text
    if extra < 0:
        return f"({text} * {10**-extra})"
    half, unit = (f"CAST({size} AS HUGEINT)" for size in (5 * 10 ** (extra - 1), 10**extra))
    return f"CAST((CAST({text} AS HUGEINT) + {half}) // {unit} AS BIGINT)"


__all__ = ["MASK_BITS", "CompiledKind", "Given", "compile_kind"]
