"""Sums of a simulation over all of its programmes, in fen a month and a year, and how they are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.pack.wording import PERIOD_WORDS
from bulou.engine.simulation.breakdowns import UNKNOWN, Breakdown
from bulou.engine.simulation.simulate.simulation import ALL, COUNTS, WHOLE, Changed, Simulation

if TYPE_CHECKING:
    import polars as pl

MONEY = ("before", "after", "gained", "lost", "low", "high")
PAYS = {**PERIOD_WORDS, "none": "—"}
WHOLE_BREAKDOWN = Breakdown(ALL, WHOLE)


def summed(result: Simulation, breakdown: str) -> pl.DataFrame:
    """One row a group: COUNTS (a subject counts once for each programme) and month_x, year_x in fen for MONEY.

    Levies and what is not paid by month or year are in the counts, not in the money. The groups stand in their order.
    """
    import polars as pl

    by_name = {one.name: one for one in result.programmes}
    rows = result.cells.filter(pl.col("breakdown") == breakdown)
    times = [by_name[name].times_a_year for name in rows["programme"]]
    with_times = rows.with_columns(pl.Series("times", times, dtype=pl.Int64))
    monthly = pl.when(pl.col("times") == 12).then(1).otherwise(0)
    money = [
        (pl.col(f"fen_{name}") * factor).alias(f"{period}_{name}")
        for name in MONEY
        for period, factor in (("month", monthly), ("year", pl.col("times")))
    ]
    together = with_times.with_columns(money).group_by("group", maintain_order=True)
    sums = together.agg(pl.col(*COUNTS, *(f"{period}_{name}" for name in MONEY for period in ("month", "year"))).sum())
    return in_order(sums, one_of(result, breakdown))


def one_of(result: Simulation, breakdown: str) -> Breakdown:
    """The breakdown of a name."""
    return next((one for one in result.breakdowns if one.name == breakdown), WHOLE_BREAKDOWN)


def in_order(table: pl.DataFrame, breakdown: Breakdown) -> pl.DataFrame:
    """Rows in the order of the groups; areas by name, what is not known last."""
    import polars as pl

    place = {label: at for at, label in enumerate(breakdown.order)}
    first = [place.get(group, -1 if group != UNKNOWN else len(place)) for group in table["group"]]
    together = ["（合并）" in group for group in table["group"]]
    return table.with_columns(pl.Series("#", first), pl.Series("##", together)).sort("##", "#", "group").drop("#", "##")


def of_programme(result: Simulation, one: Changed, breakdown: str) -> pl.DataFrame:
    """The cells of one programme in the order of the groups."""
    import polars as pl

    rows = result.cells.filter(pl.col("breakdown") == breakdown, pl.col("programme") == one.name)
    return in_order(rows, one_of(result, breakdown))


def balance(table: pl.DataFrame, result: Simulation, breakdown: str) -> pl.DataFrame:
    """The balances of one breakdown in the order of the groups."""
    import polars as pl

    return in_order(table.filter(pl.col("breakdown") == breakdown), one_of(result, breakdown))


def has_money(result: Simulation) -> bool:
    """Whether something that is paid by month or year changes."""
    return any(one.times_a_year for one in result.programmes)


def touching(result: Simulation) -> tuple[list[Changed], int]:
    """The changed programmes that change something, or could, for somebody here; and how many others there are."""
    names = ("gained", "lost", "more", "less", "unset", "unsettled", "unbounded", "fen_low", "fen_high")
    found = [one for one in result.programmes if any(result.total(one.name)[name] for name in names)]
    return found, len(result.programmes) - len(found)


def title_of(result: Simulation) -> str:
    """What the result is called."""
    return f"{result.region_name}政策测算"


def sides(result: Simulation) -> tuple[str, str]:
    """The two policies in words."""
    before = f"{result.region} 在 {result.on} 有效的政策" + ("（草案）" if result.status == "draft" else "")
    after = f"{result.after_region} 的政策" if result.after_region != result.region else "同一政策"
    if result.policy_on:
        after += f"在 {result.policy_on} 的样子"
    if result.after_status == "draft":
        after += "（草案）"
    if result.says:
        after += "，加上下面的改变"
    return before, after + (f"，从 {result.start} 起" if result.start else "")


def unknown_words(low: int | None, high: int | None, unbounded: int | None) -> str:
    """What undecided subjects could add to the difference, in yuan."""
    from bulou.engine.report.words import yuan_words

    if low is None or high is None or unbounded is None:
        return "不公布"
    if not low and not high:
        return "说不出" if unbounded else "0"
    words = f"0 到 {yuan_words(high)}" if not low else f"{yuan_words(low)} 到 {yuan_words(high) if high else 0}"
    return f"{words}，另有 {unbounded} 个说不出" if unbounded else words
