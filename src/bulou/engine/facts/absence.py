"""What it means not to be on a roll: surely not, where every roll that could say otherwise was read whole.

Completeness goes by kind of roll. A month declares suppliers or kinds complete; a fact's absence is sure when each
complete kind that could state it was declared and read, with the column and the sort of entries that state it. A roll
on which nobody stands is put in with its header alone. A fact that no kind of roll states can be declared by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulou.engine.pack import FactDefinition, Pack, absent_value

if TYPE_CHECKING:
    import polars as pl

    from bulou.engine.facts.history import RollRead
    from bulou.engine.intake import Supply, Template, Templates

DECLARED = "month.toml"


def kinds_stating(fact: str, templates: Templates) -> list[Template]:
    """Kinds of rolls that are normally whole and can state a fact."""
    return [kind for kind in templates.kinds.values() if kind.complete and any(s.fact == fact for s in kind.supplies)]


def can_be_declared(name: str, pack: Pack, templates: Templates) -> bool:
    """Whether `complete` may name it: a supplier, a kind of roll, or a fact that no kind of roll states."""
    if name in pack.suppliers or name in templates.kinds:
        return True
    return name in pack.facts and _may_be_absent(pack.facts[name]) and not kinds_stating(name, templates)


@dataclass(frozen=True)
class Absence:
    """What absence meant in a month: `sure` facts, and by fact the `doubtful` people of whom it says nothing.

    Doubtful are those who bear the name of a row that nobody could be found for, and those who stand on the roll
    without its saying the fact.
    """

    sure: frozenset[str]
    doubtful: Mapping[str, pl.Series]

    @property
    def for_everybody(self) -> frozenset[str]:
        return self.sure - self.doubtful.keys()

    def filled(self, table: pl.DataFrame, people: pl.DataFrame, pack: Pack, kind: str) -> pl.DataFrame:
        """The table of a kind of subject (person, household) with the sure facts of which somebody is doubtful."""
        import polars as pl

        columns = []
        for name, doubtful in self.doubtful.items():
            fact = pack.facts[name]
            if fact.subject != kind:
                continue
            ids = doubtful if kind == "person" else people.filter(pl.col("person").is_in(doubtful))["household"]
            given = pl.col(name) if name in table.columns else pl.lit(None)
            absent = pl.lit(absent_value(fact, frozenset({name})))
            spared = pl.col("id").is_in(ids.drop_nulls().implode())
            columns.append(pl.when(spared).then(given).otherwise(pl.coalesce(given, absent)).alias(name))
        return table.with_columns(columns)


def absence_in(
    rolls: Sequence[RollRead],
    people: pl.DataFrame,
    declared: Iterable[str],
    facts: Iterable[FactDefinition],
    templates: Templates,
) -> Absence:
    """What absence of these facts from these rolls means; `people` has person and name, `declared` is the month's
    `complete`."""
    import polars as pl

    said, read = set(declared), {roll.kind: roll for roll in rolls}
    sure = frozenset(fact.name for fact in facts if _is_sure(fact, said, read, templates))
    borne = _borne(rolls, people, {name for roll in rolls for name in roll.unidentified})
    found = [_doubtful(roll, templates.kinds[roll.kind], borne, sure) for roll in rolls]
    together: dict[str, list[pl.Series]] = {}
    for one in found:
        for name, people_of in one.items():
            together.setdefault(name, []).append(people_of)
    return Absence(sure, {name: pl.concat(parts).unique(maintain_order=True) for name, parts in together.items()})


def _borne(rolls: Sequence[RollRead], people: pl.DataFrame, names: set[str]) -> pl.DataFrame:
    """person and name: who bears one of these names, on whatever roll (one name may be written in several ways)."""
    import polars as pl

    tables = [people, *(roll.frame for roll in rolls if "name" in roll.frame.columns)]
    some = [table.filter(pl.col("name").is_in(sorted(names))).select("person", "name").drop_nulls() for table in tables]
    return pl.concat(some).unique(maintain_order=True)


def _may_be_absent(fact: FactDefinition) -> bool:
    return fact.absent.endswith("_if_roll_complete")


def _is_sure(fact: FactDefinition, said: set[str], read: Mapping[str, RollRead], templates: Templates) -> bool:
    if not _may_be_absent(fact):
        return False
    kinds = kinds_stating(fact.name, templates)
    if not kinds:
        return fact.name in said
    return all(_declared(kind, said) and kind.id in read and covers(read[kind.id], fact.name, kind) for kind in kinds)


def _declared(kind: Template, said: set[str]) -> bool:
    return kind.id in said or kind.supplier in said


def covers(roll: RollRead, fact: str, kind: Template) -> bool:
    """Whether a roll could have stated a fact of anybody: it has the column, and holds that sort of entries."""
    columns = set(roll.frame.columns)
    able = [s for s in kind.supplies if s.fact == fact and {s.field or "", *s.when} - {""} <= columns]
    return bool(able) and all(_holds(roll, supply, kind) for supply in able)


def _holds(roll: RollRead, supply: Supply, kind: Template) -> bool:
    for field, codes in roll.only.items():
        wanted = {supply.when[field]} if field in supply.when else set(kind.from_title[field])
        if not wanted <= set(codes):
            return False
    return True


def _doubtful(roll: RollRead, kind: Template, borne: pl.DataFrame, sure: frozenset[str]) -> dict[str, pl.Series]:
    """By sure fact of a roll, the people of whom their absence from it, or from its column, says nothing.

    `borne` (person, name) tells who bears a name.
    """
    import polars as pl

    stated = [supply for supply in kind.supplies if supply.fact in sure]
    found: dict[str, list[pl.Series]] = {}
    if stated and roll.unidentified:
        same = borne.filter(pl.col("name").is_in(list(roll.unidentified)))["person"]
        for supply in stated:
            found.setdefault(supply.fact, []).append(same)
    for supply in stated:
        if unsaid := _unsaid(supply, set(roll.frame.columns)):
            rows = roll.frame.filter(pl.all_horizontal(unsaid[0]), pl.any_horizontal(unsaid[1]))
            found.setdefault(supply.fact, []).append(rows["person"].drop_nulls())
    together = {name: pl.concat(parts) for name, parts in found.items()}
    return {name: some for name, some in together.items() if len(some)}


def _unsaid(supply: Supply, columns: set[str]) -> tuple[list[pl.Expr], list[pl.Expr]] | None:
    """Rows that may state the fact, and of those the ones whose cells are blank; None where no cell can be."""
    import polars as pl

    cells = [*supply.when, *([supply.field] if supply.field else [])]
    if not cells or not set(cells) <= columns:
        return None
    may = [(pl.col(field) == code).fill_null(True) for field, code in supply.when.items()]
    return may or [pl.lit(True)], [pl.col(cell).is_null() for cell in cells]


def completeness(
    rolls: Sequence[RollRead], declared: Iterable[str], pack: Pack, templates: Templates
) -> list[tuple[str, str, str]]:
    """What counted as complete, one row a kind of roll: its name, what absence from it means, why."""
    said, read = set(declared), {roll.kind: roll for roll in rolls}
    rows = []
    for kind in templates.kinds.values():
        facts = [pack.facts[name] for name in dict.fromkeys(s.fact for s in kind.supplies) if name in pack.facts]
        facts = [fact for fact in facts if kind.complete and _may_be_absent(fact)]
        sure = [fact.label for fact in facts if _is_sure(fact, said, read, templates)]
        open_ = [fact.label for fact in facts if fact.label not in sure]
        means = [f"不在册就是没有：{'、'.join(sure)}"] * bool(sure) + [f"不在册算不知道：{'、'.join(open_)}"] * bool(
            open_
        )
        if facts:
            rows.append(
                (f"名册是否完整：{kind.label}", "；".join(means), _why(kind, said, read.get(kind.id), not open_))
            )
    named = [fact for fact in pack.facts.values() if fact.name in said and _is_sure(fact, said, read, templates)]
    rows += [(f"没有名册的事实：{fact.label}", "没有写明的人都不是", f"{DECLARED} 的 complete") for fact in named]
    return rows


def _why(kind: Template, said: set[str], roll: RollRead | None, whole: bool) -> str:
    if not _declared(kind, said):
        return f"{DECLARED} 没有声明完整"
    if roll is None:
        return "声明完整，但本月没有读到这份名册"
    if whole:
        return f"{DECLARED} 声明完整，已读"
    only = [kind.from_title[name][code][0] for name, codes in roll.only.items() for code in codes]
    return f"声明完整，但只读到{'、'.join(only)}" if only else "声明完整，但名册里没有写明这些的列"
