"""What people decided about rows and persons: kept, used again next month, never overridden by a machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.matching.candidates import Found
from bulou.engine.matching.marks import found_again, row_keys
from bulou.engine.matching.matched import Outcome, Stage

if TYPE_CHECKING:
    import polars as pl

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
WORDS = {SAME: "同一人", DIFFERENT: "不是", UNSURE: "不确定"}
READ_AS = {
    **dict.fromkeys(("同一人", "是同一人", "是", "同", "相同", "same", "yes", "√"), SAME),
    **dict.fromkeys(("不是", "不是同一人", "否", "不同", "different", "no", "×"), DIFFERENT),
    **dict.fromkeys(("不确定", "待定", "不清楚", "不知道", "unsure", "?", "？"), UNSURE),
}
COLUMNS = ("key", "person", "person_id", "decision", "by", "note", "source", "known")
KEPT = "判断记录.csv"

CONTRADICTED = "判断记录前后不一：同一行判给了不同的人"
GONE = "经办人判定过是谁，但登记册里已找不到那个人（号码换了，或已是别的姓名）"


def no_decisions() -> pl.DataFrame:
    """A frame of `COLUMNS` (all text) without rows.

    `key` and `person` are the marks of the row and of the person (see `marks`); `person_id` is what the registry called
    the person then, which only tells apart people of one mark; `known` is the month in which it was said, or NULL.
    """
    import polars as pl

    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String()))


def read_decisions(path: Path) -> pl.DataFrame:
    """The kept decisions; none when there is no such file. Raises `Refused` when it is not one of ours."""
    import polars as pl

    if not path.is_file():
        return no_decisions()
    try:
        kept = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.PolarsError:
        kept = pl.DataFrame()
    if tuple(kept.columns) != COLUMNS or not kept["decision"].is_in(list(WORDS)).all():
        fix = "不要手改这个文件；改判请在《待判断.xlsx》里填"
        raise Refused([Problem("kept-decisions", Place(str(path)), "不是程序写的判断记录", "、".join(COLUMNS), fix)])
    return kept


def with_decisions(kept: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The later decision about a row and a person stands; the order is that in which they were made."""
    import polars as pl

    return pl.concat([kept, new.select(COLUMNS)]).unique(
        ["key", "person", "person_id"], keep="last", maintain_order=True
    )


def write_decisions(decisions: pl.DataFrame, path: Path) -> None:
    decisions.write_csv(path)


@dataclass(frozen=True)
class Said:
    """What people said about the rows at hand: rows it settles (as `Found`), pairs (at, p, decision) that no stage may
    link, and rows (`gone`: at) that were said to be somebody whom the registry no longer has."""

    found: Found
    barred: pl.DataFrame
    gone: pl.DataFrame


def decided(rows: pl.DataFrame, people: pl.DataFrame, decisions: pl.DataFrame) -> Said:
    """What people said before about these rows. Whom an answer means is looked up anew by the person's mark: an answer
    never passes to somebody else who bears the same `person_id` today, and whoever has the person's number under quite
    another name now is neither meant nor linked by a machine."""
    import polars as pl

    asked = rows.select("at", row_keys(rows)).join(decisions, on="key", maintain_order="right")
    whom = found_again(asked.select("person", "person_id"), people)
    meant = asked.join(whom, on=["person", "person_id"], how="left", nulls_equal=True, maintain_order="left")
    known = meant.filter(~pl.col("renamed")).unique(["at", "p"], keep="last", maintain_order=True)
    same = known.filter(pl.col("decision") == SAME)
    one, torn = same.filter(pl.col("at").is_unique()), same.filter(pl.col("at").is_duplicated()).sort("at")
    by = pl.concat_str(pl.lit("经办人已判定是同一人"), pl.lit("："), pl.col("by"), ignore_nulls=False)
    settled = [
        _settled(one, Outcome.LINKED, pl.col("p"), by.fill_null(pl.lit("经办人已判定是同一人"))),
        _settled(
            torn.unique("at", keep="first", maintain_order=True),
            Outcome.REVIEW,
            pl.lit(None, pl.UInt32).alias("p"),
            pl.lit(CONTRADICTED),
        ),
    ]
    again = torn.select(
        "at",
        "p",
        pl.lit(str(Stage.DECIDED)).alias("stage"),
        pl.lit(None, pl.String).alias("name_grade"),
        pl.lit(CONTRADICTED).alias("evidence"),
    )
    nobody = pl.col("renamed").fill_null(True)
    lost = meant.filter(nobody, pl.col("decision") == SAME).select("at").unique()
    doubted = meant.filter("renamed").with_columns(decision=pl.lit(UNSURE)).join(known, on=["at", "p"], how="anti")
    barred = [frame.select("at", "p", "decision") for frame in (known.filter(pl.col("decision") != SAME), doubted)]
    every = pl.concat(barred).unique(["at", "p"], maintain_order=True)
    return Said(Found(pl.concat(settled), again), every, lost.join(same, on="at", how="anti"))


def _settled(pairs: pl.DataFrame, outcome: Outcome, person: pl.Expr, evidence: pl.Expr) -> pl.DataFrame:
    import polars as pl

    none = [pl.lit(None, pl.String).alias(name) for name in ("name_grade", "repaired")]
    stage = pl.lit(str(Stage.DECIDED)).alias("stage")
    return pairs.select("at", person, pl.lit(str(outcome)).alias("outcome"), stage, *none, evidence.alias("evidence"))


def not_overridden(said: Said, settled: pl.DataFrame, offered: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The settled rows and the proposals (`offered`), with what people said respected.

    A row that was said to be somebody whom the registry no longer has is linked to nobody else by a machine: whoever
    it would have been linked to is proposed.
    """
    import polars as pl

    offered = offered.join(said.barred.filter(pl.col("decision") == DIFFERENT), on=["at", "p"], how="anti")
    gone = settled.join(said.gone, on="at", how="semi").filter(pl.col("p").is_not_null())
    if gone.height:
        offered = pl.concat([offered, gone.select(offered.columns)]).unique(["at", "p"], maintain_order=True)
        asked = pl.col("at").is_in(gone["at"].implode())
        settled = settled.with_columns(
            pl.when(~asked).then("p").alias("p"),
            pl.when(asked).then(pl.lit(str(Outcome.REVIEW))).otherwise("outcome").alias("outcome"),
            pl.when(asked).then(pl.lit(str(Stage.DECIDED))).otherwise("stage").alias("stage"),
            pl.when(~asked).then("repaired").alias("repaired"),
            pl.when(asked).then(pl.lit(GONE)).otherwise("evidence").alias("evidence"),
        )
    return _held_back(settled, said.barred, offered), offered


def _held_back(settled: pl.DataFrame, barred: pl.DataFrame, offered: pl.DataFrame) -> pl.DataFrame:
    """The settled rows, where a machine's link to a person whom somebody ruled out, or was unsure of, is none; a row
    under review whose every proposal (`offered`: at, p) was ruled out is settled."""
    import polars as pl

    both = settled.join(barred, on=["at", "p"], how="left", maintain_order="left")
    asked = barred.filter(pl.col("decision") == DIFFERENT).join(offered, on="at", how="anti").select("at").unique()
    both = both.join(asked.with_columns(spent=pl.lit(True)), on="at", how="left", maintain_order="left")
    spent = (pl.col("outcome") == str(Outcome.REVIEW)) & pl.col("spent").fill_null(False)
    out, open_still = (pl.col("decision") == DIFFERENT) | spent, pl.col("decision") == UNSURE
    either = (out | open_still).fill_null(False)
    outcome = pl.when(out).then(pl.lit(str(Outcome.NONE))).when(open_still).then(pl.lit(str(Outcome.REVIEW)))
    says = pl.when(out).then(pl.lit("经办人已判定不是这个人")).when(open_still).then(pl.lit("经办人还不能确定"))
    return both.with_columns(
        pl.when(~either).then("p").alias("p"),
        outcome.otherwise("outcome").alias("outcome"),
        pl.when(either).then(pl.lit(str(Stage.DECIDED))).otherwise("stage").alias("stage"),
        pl.when(~either).then("repaired").alias("repaired"),
        says.otherwise("evidence").alias("evidence"),
    ).select(settled.columns)
