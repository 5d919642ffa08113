"""Overpayments that a person decided to deduct from later months: what is taken now, and what was taken before.

A deduction is a line of its own in the payroll, with a negative amount: at most what the person can be paid for the
month in that programme; the rest stays for the next month. What was planned is remembered (`facts.history`) and counts
as taken as far as the payment roll of that month shows that less was paid than was due; until that roll is read it
counts as planned. It then moves from the month that was paid short to the month that was overpaid, so for every person
and programme Σ due = Σ paid + Σ difference over the months goes on to hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bulou.engine.basics.money import yuan_text
from bulou.engine.facts.decisions import DEDUCT

if TYPE_CHECKING:
    import polars as pl

DEDUCTION = "抵扣"
"""The line of a payroll that takes back what was overpaid."""

Key = tuple[str, str, str]
"""Person, programme, period (its last month)."""


def moved_by(planned: Iterable[tuple[str, str, str, str, int]], short: Mapping[Key, int]) -> dict[Key, int]:
    """Fen that earlier deductions moved, by person, programme and period: into the short one, out of the overpaid.

    `planned` are person, programme, overpaid period, period of the payroll, fen; `short` is what a period was paid too
    little by, where that is known.
    """
    left, moved = dict(short), dict[Key, int]()
    for person, programme, overpaid, paid_in, fen in sorted(planned, key=lambda one: (one[3], one[2], one)):
        source, target = (person, programme, paid_in), (person, programme, overpaid)
        taken = min(fen, left[source]) if source in left else fen
        if source in left:
            left[source] -= taken
        moved[source] = moved.get(source, 0) + taken
        moved[target] = moved.get(target, 0) - taken
    return moved


def deduction_lines(
    lines: pl.DataFrame, settlements: pl.DataFrame, payable: str, months: Iterable[str]
) -> pl.DataFrame:
    """Lines that take decided overpayments out of the payroll `lines`, oldest first.

    They are taken from the lines of this month (`months`: the names of such lines) whose state is `payable`; back pay
    is left whole.
    """
    import polars as pl

    keys = ["person", "programme"]
    owing = settlements.filter(pl.col("difference_fen") < 0, pl.col("effect") == DEDUCT).sort(*keys, "month")
    there = lines.filter(pl.col("state") == payable, pl.col("line").is_in(list(months)))
    most = there.group_by(keys).agg(pl.col("fen").sum().alias("most"))
    rest = -pl.col("difference_fen")
    before = rest.cum_sum().over(keys) - rest
    taken = pl.min_horizontal(rest, pl.max_horizontal(pl.col("most") - before, pl.lit(0)))
    found = owing.join(most, on=keys, maintain_order="left").with_columns(taken.alias("taken"), rest.alias("rest"))
    found = found.filter(pl.col("taken") > 0)
    says = [_says(*row) for row in found.select("month", "rest", "taken").iter_rows()]
    accounts = there.unique(keys, keep="first").select(*keys, "bank_name", "bank_account", "account_name")
    return (
        found.select(
            *keys,
            "title",
            pl.lit(DEDUCTION).alias("line"),
            "month",
            (-pl.col("taken")).alias("fen"),
            pl.lit(payable).alias("state"),
            pl.Series("reason", says, dtype=pl.String),
            pl.lit(0, pl.Int64).alias("due_fen"),
            pl.col("decision").alias("decided"),
        )
        .join(accounts, on=keys, how="left", maintain_order="left")
        .select(lines.columns)
    )


def _says(month: str, rest: int, taken: int) -> str:
    left = f"，还剩 {yuan_text(rest - taken)} 元以后再抵" if taken < rest else "，已抵清"
    return f"抵扣 {month} 多发的 {yuan_text(rest)} 元{left}"


def paid_out(payable: pl.DataFrame, months: Iterable[str]) -> pl.DataFrame:
    """Payable lines as money goes out: what is deducted is taken from this month's lines; who gets nothing has none."""
    import polars as pl

    keys = ["person", "programme"]
    is_it = pl.col("line") == DEDUCTION
    if not payable.filter(is_it).height:
        return payable
    less = payable.filter(is_it).group_by(keys).agg((-pl.col("fen").sum()).alias("less"))
    open_ = pl.when(pl.col("line").is_in(list(months))).then("fen").otherwise(0)
    before = open_.cum_sum().over(keys) - open_
    taken = pl.min_horizontal(open_, pl.max_horizontal(pl.col("less").fill_null(0) - before, pl.lit(0)))
    lines = payable.filter(~is_it).join(less, on=keys, how="left", maintain_order="left").with_columns(taken=taken)
    whole = lines.with_columns((pl.col("fen") - pl.col("taken")).alias("fen"))
    return whole.filter((pl.col("taken") == 0) | (pl.col("fen") > 0)).select(payable.columns)


def planned_in(payroll: pl.DataFrame, month: str) -> pl.DataFrame:
    """The deductions of a finished payroll, to be remembered (columns of `facts.history.no_deductions`)."""
    import polars as pl

    lines = payroll.filter(pl.col("line") == DEDUCTION)
    return lines.select("id_no", "programme", "month", -pl.col("fen"), pl.lit(month).alias("known"))
