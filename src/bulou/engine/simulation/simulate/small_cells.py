"""Protects small groups before a result is shown to others: no count from 1 to one below the limit is left anywhere.

Nothing is blacked out, because a hole can be worked out from the totals around it. Instead groups are put together
until every count is nought or large enough, and programmes whose own totals are too small are left out of the result
and of every total. What remains adds up exactly, so there is nothing to subtract. A township is only put together
with others of its county.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.simulation.breakdowns import WITHIN
from bulou.engine.simulation.simulate.cells import refuse_unless_it_adds_up
from bulou.engine.simulation.simulate.simulation import ALL, BALANCES, COUNTS, MEASURES, Simulation

if TYPE_CHECKING:
    import polars as pl

TOGETHER = "其他（合并）"
_DOUBTS = ("same", "unsettled")
_GUESSES = ("might_gain", "might_lose", "unbounded", "fen_low", "fen_high")

Vector = tuple[int, ...]


def too_small(counts: Iterable[int], limit: int) -> bool:
    """Whether one of the counts is above nought and below the limit."""
    return any(0 < count < limit for count in counts)


def programmes_to_leave_out(cells: pl.DataFrame, limit: int) -> list[str]:
    """Programmes whose totals are too small to be shown, once undecided subjects are put with the rest."""
    import polars as pl

    whole = _with_level(_doubts_folded(cells, limit)).filter(pl.col("breakdown") == ALL)
    counted = _counts_of(whole)
    return [row["programme"] for row in whole.iter_rows(named=True) if too_small((row[n] for n in counted), limit)]


def without_small_cells(result: Simulation, limit: int) -> Simulation:
    """The simulation with every count nought or at least `limit`. Raises `Refused` when that leaves nothing.

    Its balances must be those of the programmes that `programmes_to_leave_out` leaves in.
    """
    import polars as pl

    cells = _doubts_folded(result.cells, limit)
    words = [f"每个人数不是 0 就不少于 {limit}。小于 {limit} 的组与同类合并，合并后总数照样相等；0 不隐去。"]
    if not result.programmes:
        got, fix = f"变动的项目人数都不到 {limit}", "这一结果不宜公布；降低 --suppress 或只供内部使用"
        raise Refused(
            [Problem("too-few-people", Place(f"--suppress {limit}"), got, f"至少一个项目达到 {limit} 人", fix)]
        )
    tables = {"people": result.people, "households": result.households}
    for kind, table in tables.items():
        whole = table.filter(pl.col("breakdown") == ALL)
        if too_small((row[n] for row in whole.iter_rows(named=True) for n in BALANCES), limit):
            tables[kind] = table.clear()
            words.append(f"{'个人' if kind == 'people' else '家庭'}得失平衡表有一类不到 {limit}，整张不公布。")
    labels = _labels(cells, list(tables.values()), limit)
    cells = _relabelled(cells, labels, ("programme",), MEASURES)
    people, homes = (
        _relabelled(table, labels, (), ("of", *BALANCES, "fen_up", "fen_down")) for table in tables.values()
    )
    together = sum(old != new for old, new in labels.values_flat())
    if together:
        words.append(f"合并了 {together} 个小组。同一乡镇只与本县的乡镇合并。")
    refuse_unless_it_adds_up(cells.fill_null(0), {"people": people, "households": homes})
    return replace(
        result,
        cells=cells,
        people=people,
        households=homes,
        lists=None,
        suppressed=limit,
        protected=(*result.protected, *words),
    )


class _Labels(dict[str, dict[str, str]]):
    """New labels of groups, by breakdown."""

    def values_flat(self) -> list[tuple[str, str]]:
        return [pair for labels in self.values() for pair in labels.items()]


def _with_level(cells: pl.DataFrame) -> pl.DataFrame:
    """Beside the counts, those who keep the same amount: they could be worked out from the others."""
    import polars as pl

    return cells.with_columns((pl.col("kept") - pl.col("more") - pl.col("less")).alias("level"))


def _counts_of(cells: pl.DataFrame) -> list[str]:
    return [name for name in (*COUNTS, "level") if not cells[name].has_nulls()]


def _doubts_folded(cells: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Too few undecided subjects of a programme stand with the rest, and what they could come to is not told."""
    import polars as pl

    whole = cells.filter(pl.col("breakdown") == ALL)
    few = whole.filter(too_small_expression(_DOUBTS, limit))["programme"].to_list()
    guess = whole.filter(too_small_expression(("might_gain", "might_lose", "unbounded"), limit))["programme"].to_list()
    folded, hidden = pl.col("programme").is_in(few), pl.col("programme").is_in([*few, *guess])
    doubts = pl.sum_horizontal(_DOUBTS)
    return cells.with_columns(
        pl.when(folded).then(pl.col("neither") + doubts).otherwise("neither").alias("neither"),
        *(pl.when(folded).then(0).otherwise(name).alias(name) for name in _DOUBTS),
        *(pl.when(hidden).then(None).otherwise(name).alias(name) for name in _GUESSES),
    )


def too_small_expression(names: Sequence[str], limit: int) -> pl.Expr:
    """Whether one of the columns is above nought and below the limit."""
    import polars as pl

    return pl.any_horizontal((pl.col(name) > 0) & (pl.col(name) < limit) for name in names)


def _labels(cells: pl.DataFrame, balances: Sequence[pl.DataFrame], limit: int) -> _Labels:
    labels = _Labels()
    for name in cells["breakdown"].unique(maintain_order=True):
        if name == ALL:
            continue
        parents = dict(labels.get("county", {})) if name == "township" else {}
        labels[name] = _together(_vectors(cells, balances, name), limit, parents)
    return labels


def _vectors(cells: pl.DataFrame, balances: Sequence[pl.DataFrame], breakdown: str) -> dict[str, Vector]:
    """Every count that is shown of each group, of all programmes and balances side by side."""
    import polars as pl

    rows = _with_level(cells.filter(pl.col("breakdown") == breakdown)).fill_null(0)
    names = (*COUNTS, "level")
    parts: list[tuple[dict[str, Vector], int]] = []
    for (_,), table in rows.group_by("programme", maintain_order=True):
        parts.append(({row["group"]: tuple(row[n] for n in names) for row in table.iter_rows(named=True)}, len(names)))
    for balance in balances:
        table = balance.filter(pl.col("breakdown") == breakdown)
        by = {row["group"]: tuple(row[n] for n in ("of", *BALANCES)) for row in table.iter_rows(named=True)}
        parts.append((by, 1 + len(BALANCES)))
    groups = dict.fromkeys(group for by, _ in parts for group in by)
    return {group: sum((by.get(group, (0,) * size) for by, size in parts), ()) for group in groups}


def _together(vectors: Mapping[str, Vector], limit: int, parents: Mapping[str, str]) -> dict[str, str]:
    """A label for each group: its own, or that of the groups it is put together with."""
    families: dict[str, list[str]] = {}
    for group in vectors:
        county = group.partition(WITHIN)[0]
        families.setdefault(parents.get(county, county) if parents else "", []).append(group)
    labels: dict[str, str] = {}
    for family, members in families.items():
        chosen = _chosen({group: vectors[group] for group in members}, limit)
        name = f"{family}{WITHIN}{TOGETHER}" if family else TOGETHER
        labels |= {group: name if group in chosen else group for group in members}
    return labels


def _chosen(vectors: Mapping[str, Vector], limit: int) -> set[str]:
    """The groups to put together: the too small ones, then the smallest others until the whole is large enough."""
    chosen = {group for group, counts in vectors.items() if too_small(counts, limit)}
    rest = sorted((group for group in vectors if group not in chosen), key=lambda group: (vectors[group][0], group))
    while chosen and rest and too_small(_sum(vectors[group] for group in chosen), limit):
        chosen.add(rest.pop(0))
    return chosen


def _sum(vectors: Iterable[Vector]) -> Vector:
    return tuple(map(sum, zip(*vectors, strict=True)))


def _relabelled(
    table: pl.DataFrame, labels: Mapping[str, Mapping[str, str]], keys: tuple[str, ...], numbers: Sequence[str]
) -> pl.DataFrame:
    import polars as pl

    new = [
        labels.get(breakdown, {}).get(group, group) for breakdown, group in table.select("breakdown", "group").rows()
    ]
    named = table.with_columns(pl.Series("group", new, dtype=pl.String))
    hidden = [name for name in numbers if table[name].has_nulls()]
    sums = named.group_by("breakdown", "group", *keys, maintain_order=True).agg(
        pl.when(pl.col(name).is_null().any()).then(None).otherwise(pl.col(name).sum()).alias(name)
        if name in hidden
        else pl.col(name).sum()
        for name in numbers
    )
    return sums.select(table.columns)


__all__ = ["programmes_to_leave_out", "too_small", "without_small_cells"]
