"""What people decided about rows and persons: kept, used again next month, never overridden by a machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
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
COLUMNS = ("key", "person_id", "decision", "by", "note", "source")
KEPT = "判断记录.csv"

CONTRADICTED = "判断记录前后不一：同一行判给了不同的人"


def no_decisions() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String()))


def row_keys(rows: pl.DataFrame) -> pl.Series:
    """What makes a row the same row next month: name, number, birth date and village as they come, tidied; where there
    is no number the phone too."""
    import polars as pl

    said = [pl.col(name).cast(pl.String).fill_null("") for name in ("name", "id_text", "birth", "village")]
    phone = pl.when(pl.col("id_text").is_null()).then(pl.col("phone")).fill_null("")
    return rows.select(pl.concat_str([pl.lit("行"), *said, phone], separator="|").alias("key"))["key"]


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

    return pl.concat([kept, new.select(COLUMNS)]).unique(["key", "person_id"], keep="last", maintain_order=True)


def write_decisions(decisions: pl.DataFrame, path: Path) -> None:
    decisions.write_csv(path)


def decided(rows: pl.DataFrame, people: pl.DataFrame, decisions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows settled by a decision (columns of `Found.settled`), and pairs (at, p, decision) that no stage may link."""
    import polars as pl

    keyed = rows.select("at", row_keys(rows))
    asked = keyed.join(decisions, on="key").join(people.select("p", "person_id"), on="person_id")
    same = asked.filter(pl.col("decision") == SAME).unique(["at", "p"])
    one = same.filter(pl.col("at").is_unique())
    torn = same.filter(pl.col("at").is_duplicated()).unique("at", keep="first").sort("at")
    by = pl.concat_str(pl.lit("经办人已判定是同一人"), pl.lit("："), pl.col("by"), ignore_nulls=False)
    settled = [
        _settled(one, Outcome.LINKED, pl.col("p"), by.fill_null(pl.lit("经办人已判定是同一人"))),
        _settled(torn, Outcome.REVIEW, pl.lit(None, pl.UInt32).alias("p"), pl.lit(CONTRADICTED)),
    ]
    barred = asked.filter(pl.col("decision") != SAME).select("at", "p", "decision")
    return pl.concat(settled), barred


def _settled(pairs: pl.DataFrame, outcome: Outcome, person: pl.Expr, evidence: pl.Expr) -> pl.DataFrame:
    import polars as pl

    none = [pl.lit(None, pl.String).alias(name) for name in ("name_grade", "repaired")]
    stage = pl.lit(str(Stage.DECIDED)).alias("stage")
    return pairs.select("at", person, pl.lit(str(outcome)).alias("outcome"), stage, *none, evidence.alias("evidence"))


def held_back(settled: pl.DataFrame, barred: pl.DataFrame, offered: pl.DataFrame) -> pl.DataFrame:
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
