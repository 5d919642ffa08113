"""Lays named persons' decisions beside the lines they were made about.

A decision holds as long as the reason reads as it did when it was made: in the same month and in later ones. When the
evidence changes, the line waits again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.basics.cells import neutral_column
from bulou.engine.facts.decisions import DECLINE, OWED, SUSPECTED, UNTOLD, WAITING

if TYPE_CHECKING:
    import polars as pl

BACK = "补发"
"""The line of a payroll that pays a past month."""

TO_TELL, ANSWERED = "待告知", "已有答复"
"""People who are due and not enrolled: still to be told, or a named person has said why they will not apply."""

_MARKS = ("effect", "decision")


def decided_suspicions(suspicions: pl.DataFrame, decisions: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The suspicions with `effect` (pay, decline, later or NULL) and `decision` in words."""
    import polars as pl

    said = _of(decisions, SUSPECTED.sheet, "title", "check", "because")
    rows = _with_ids(suspicions, people).with_columns(
        pl.col("title").fill_null("").alias("__title"), _as_written("evidence").alias("__because")
    )
    joined = rows.join(
        said, left_on=["id_no", "__title", "check", "__because"], right_on=["id_no", "title", "check", "because"],
        how="left", maintain_order="left",
    )  # fmt: skip
    return joined.drop("id_no", "__title", "__because")


def decided_missed(missed: pl.DataFrame, decisions: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Who is due and not enrolled, with `decision` in words and `state`: to be told, or answered for."""
    import polars as pl

    joined = _about_reason(missed, decisions, people, UNTOLD.sheet, "title")
    answered = pl.when(pl.col("effect") == DECLINE).then(pl.lit(ANSWERED)).otherwise(pl.lit(TO_TELL))
    return joined.with_columns(answered.alias("state"))


def decided_settlements(settlements: pl.DataFrame, decisions: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The months to settle with `effect` and `decision`."""
    return _about_reason(settlements, decisions, people, OWED.sheet, "title", "month")


def _about_reason(
    rows: pl.DataFrame, decisions: pl.DataFrame, people: pl.DataFrame, sheet: str, *keys: str
) -> pl.DataFrame:
    """The rows with `effect` and `decision` of decisions about the same person, keys and reason."""
    said = _of(decisions, sheet, *keys, "because")
    asked = _with_ids(rows, people).with_columns(_as_written("reason").alias("__because"))
    joined = asked.join(
        said, left_on=["id_no", *keys, "__because"], right_on=["id_no", *keys, "because"],
        how="left", maintain_order="left",
    )  # fmt: skip
    return joined.drop("id_no", "__because")


def decided_lines(lines: pl.DataFrame, decisions: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Payroll lines with `effect` and `decision`: those made about the line itself before those about its causes.

    A line of this month takes a decision about an earlier month's line for the same reason. A decision about back pay,
    or about a line for which no reason was given, is one about its own month only.
    """
    import polars as pl

    rows = _with_ids(lines, people).with_columns(_as_written("reason").alias("__because"))
    mine = _of(decisions, WAITING.sheet, "title", "line", "month", "because")
    own_month = (pl.col("line") == BACK) | (pl.col("because") == "")
    now = mine.filter(~own_month).drop("month").unique(["id_no", "title", "line", "because"], keep="last")
    back = mine.filter(own_month)
    keys = ["id_no", "title", "line"]
    for said, more in ((now, []), (back, ["month"])):
        rows = rows.join(
            said.rename({mark: f"__{mark}" for mark in _MARKS}),
            left_on=[*keys, *more, "__because"], right_on=[*keys, *more, "because"], how="left", maintain_order="left",
        ).with_columns(pl.coalesce(f"__{mark}", mark).alias(mark) for mark in _MARKS).drop(
            f"__{mark}" for mark in _MARKS
        )  # fmt: skip
    return rows.drop("id_no", "__because")


def _of(decisions: pl.DataFrame, sheet: str, *keys: str) -> pl.DataFrame:
    """Decisions of one list, the latest of each key, with what was decided, by whom and why as `decision`."""
    import polars as pl

    why = pl.when(pl.col("why") != "").then(pl.format("（{}）", "why")).otherwise(pl.lit(""))
    words = pl.format("{}：{}{}", "who", "decision", why)
    of = decisions.filter(pl.col("list") == sheet).sort("known", maintain_order=True)
    once = of.unique(["id_no", *keys], keep="last", maintain_order=True)
    return once.select("id_no", *keys, "effect", words.alias("decision"))


def _with_ids(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    return rows.join(people.select("person", "id_no"), on="person", how="left", maintain_order="left")


def _as_written(column: str) -> pl.Expr:
    """Text as it stood in the workbook that was filled in."""
    import polars as pl

    return neutral_column(pl.col(column).fill_null(""))
