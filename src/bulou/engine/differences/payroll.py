"""The payroll of a month: who can be paid, who waits for a person, and what persons have decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulou.engine.differences.decide_month import DecidedMonth
from bulou.engine.differences.decided import BACK, decided_lines
from bulou.engine.differences.deductions import deduction_lines
from bulou.engine.differences.lists import (
    DECLINED,
    HELD,
    LATER,
    PAID,
    PAYABLE,
    UNSET,
    texts,
    titles,
    verdicts,
)
from bulou.engine.differences.people import reasons
from bulou.engine.facts.decisions import DECLINE, PAY
from bulou.engine.pack import Pack

if TYPE_CHECKING:
    import polars as pl

OPEN_CHECKS = ("shared_account", "on_suspicion_list", "dead_but_certified", "expired_but_active", "dibao_twice")
"""Checks that ask somebody to look but do not hold a payment."""

TO_CONFIRM = "补发须由经办人确认"
THIS_MONTH, QUARTER = "本月", "本季"
OWN_MONTHS = (THIS_MONTH, QUARTER)
"""Lines of the months that the payroll is for; back pay and deductions are about earlier ones."""


@dataclass(frozen=True)
class Due:
    """What a payroll pays: this month, the months before it in a quarter that is paid at its end, or nothing yet."""

    now: DecidedMonth
    earlier: Sequence[DecidedMonth] = ()
    later: bool = False

    @property
    def quarterly(self) -> bool:
        return self.later or bool(self.earlier)


def payroll(
    due: Due,
    paid: pl.DataFrame,
    suspicions: pl.DataFrame,
    owed: pl.DataFrame,
    decisions: pl.DataFrame,
    pack: Pack,
) -> pl.DataFrame:
    """Lines of this month and of back pay. Only who is due, enrolled and under no open suspicion goes to the bank.

    Everything else waits (`待决定`) until a named person has decided: a line that a person lets pass without being due
    is paid as it was last (`paid`, the newest roll; who stands on it is enrolled). Where a roll holds a whole quarter
    nobody knows what a month of it was: then the amount is unset. Nobody is stopped by a machine.
    `due_fen` is what the policy gives, whatever was decided. What a person decided to deduct is a line of its own.
    """
    import polars as pl

    lines = pl.concat([*_lines(due, paid, suspicions, pack), _back(owed)])
    people = due.now.facts.people(lines["person"])
    last = pl.lit(None, pl.Int64) if due.quarterly else pl.col("paid_fen")
    lines = decided_lines(lines, decisions, people).with_columns(
        pl.when(pl.col("due").fill_null(False)).then("due_fen").otherwise(last).alias("fen_if_paid")
    )
    allowed = (pl.col("effect") == PAY).fill_null(False)
    state = (
        pl.when((pl.col("effect") == DECLINE).fill_null(False))
        .then(pl.lit(DECLINED))
        .when(pl.col("doubtful") & ~allowed)
        .then(pl.lit(HELD))
        .when(pl.col("fen_if_paid").is_null())
        .then(pl.lit(UNSET))
        .otherwise(pl.lit(LATER if due.later else PAYABLE))
    )
    fen = pl.when(pl.col("doubtful") & ~allowed).then("due_fen").otherwise("fen_if_paid")
    contact = people.select("person", "bank_name", "bank_account", "account_name")
    found = (
        lines.with_columns(state.alias("state"), fen.alias("fen"), pl.col("decision").alias("decided"))
        .drop("due", "doubtful", "paid_fen", "fen_if_paid", "effect", "decision")
        .join(contact, on="person", how="left", maintain_order="left")
    )
    return pl.concat([found, deduction_lines(found, owed, PAYABLE, OWN_MONTHS)])


def _lines(due: Due, paid: pl.DataFrame, suspicions: pl.DataFrame, pack: Pack) -> list[pl.DataFrame]:
    import polars as pl

    found = [_of_programme(due.now, paid, suspicions, name, pack) for name in PAID]
    earlier = [_of_programme(one, paid, suspicions, name, pack) for one in due.earlier for name in PAID]
    return [*found, *(lines.with_columns(line=pl.lit(QUARTER)) for lines in earlier)]


def _of_programme(
    now: DecidedMonth, paid: pl.DataFrame, suspicions: pl.DataFrame, programme: str, pack: Pack
) -> pl.DataFrame:
    """Lines of a month for everybody enrolled in a programme, with what speaks against paying."""
    import polars as pl

    is_it = pl.col("programme") == programme
    last = paid.filter(is_it).group_by("person", maintain_order=True).agg(pl.col("fen").last().alias("paid_fen"))
    rows = last.join(verdicts(now, programme), on="person", how="left", maintain_order="left").join(
        _suspected(suspicions.filter(is_it)), on="person", how="left", maintain_order="left"
    )
    why = reasons(now, programme, rows["person"], ("failed", "unknown"))
    says = pl.Series("says", [why[p][0] if p in why else "不在名册" for p in rows["person"]], dtype=pl.String)
    doubts = pl.format("疑点：{}", "open")
    unsure = pl.when(pl.col("says") != "").then(pl.format("待核：{}", "says"))
    due = pl.col("due").fill_null(False)
    return rows.with_columns(says).select(
        "person",
        pl.lit(programme).alias("programme"),
        pl.lit(titles(pack)[programme]).alias("title"),
        pl.lit(THIS_MONTH).alias("line"),
        pl.lit(now.month).alias("month"),
        pl.concat_str(doubts, unsure, separator="；", ignore_nulls=True).alias("reason"),
        "due",
        (pl.col("open").is_not_null() | ~due).alias("doubtful"),
        pl.when(due).then("fen").alias("due_fen"),
        "paid_fen",
        # a suspicion settled does not answer a question that is still open
        pl.when(pl.col("due").is_not_null() | (pl.col("effect") == DECLINE)).then("effect").alias("effect"),
        "decision",
    )


def _suspected(suspicions: pl.DataFrame) -> pl.DataFrame:
    """By person: `open` suspicions in words (NULL when none is), and what was decided about the others."""
    import polars as pl

    serious = suspicions.filter(~pl.col("code").is_in(list(OPEN_CHECKS)))
    settled = pl.col("effect").is_in([PAY, DECLINE]).fill_null(False)
    told = pl.col("check").filter(~settled).unique(maintain_order=True)
    stopped = (pl.col("effect") == DECLINE).fill_null(False).any()
    return serious.group_by("person", maintain_order=True).agg(
        pl.when(told.len() > 0).then(told.str.join("、")).alias("open"),
        pl.when(stopped).then(pl.lit(DECLINE)).when(settled.all()).then(pl.lit(PAY)).alias("effect"),
        pl.col("decision").drop_nulls().unique(maintain_order=True).str.join("；").alias("decision"),
    ).with_columns(pl.when(pl.col("effect").is_not_null()).then("decision").alias("decision"))  # fmt: skip


def _back(owed: pl.DataFrame) -> pl.DataFrame:
    """Lines of back pay, all of which a person has to confirm."""
    import polars as pl

    back = owed.filter(pl.col("payable_fen") > 0)
    return back.select(
        *texts("person", "programme", "title"),
        pl.lit(BACK).alias("line"),
        "month",
        pl.lit(TO_CONFIRM).alias("reason"),
        pl.lit(True).alias("due"),
        pl.lit(True).alias("doubtful"),
        pl.col("payable_fen").alias("due_fen"),
        pl.lit(None, pl.Int64).alias("paid_fen"),
        "effect",
        "decision",
    )
