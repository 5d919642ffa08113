"""Sections of the page about people's lists: by township, by check, by coming month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.differences.lists import PAYABLE
from bulou.engine.differences.month import MonthResult
from bulou.engine.report.charts import Bar, chart
from bulou.engine.report.sections import Part, Row, Section, table
from bulou.engine.report.words import count_words, month_words, town, yuan_words

if TYPE_CHECKING:
    import polars as pl

CHARTED = 8
_LISTS = ("missed", "suspicions", "questions", "settlements", "forecast")


def townships(result: MonthResult) -> Section:
    """Every list and the payable money, township by township."""
    import polars as pl

    whole = _by_township(result)
    rows = [_words(row) for row in whole.iter_rows()]
    total = _words(("合计", *(whole[name].sum() for name in whole.columns[1:])))
    heads = ("乡镇（街道）", "应享未享", "疑似不应享", "待核实", "补发追缴", "变动预告", "可发放行数", "可发放（元）")
    most = whole.with_columns((pl.col("missed") + pl.col("suspicions")).alias("open"))
    most = most.filter(pl.col("open") > 0).sort("open", "township", descending=[True, False]).head(CHARTED)
    groups = [
        (town, _bars(missed, suspected))
        for town, missed, suspected in most.select("township", "missed", "suspicions").iter_rows()
    ]
    title = f"应享未享和疑似不应享最多的 {most.height} 个乡镇"
    says = "每个乡镇两根横条，实心的是应享未享，斜纹的是疑似不应享。数字都在下面的表里。"
    drawn = chart("chart-towns", title, says, groups)
    grid = table("各乡镇（街道）的名单条数和可发放金额", heads, rows, range(1, 8), total)
    return Section("towns", "各乡镇（街道）", (), (Part(grid, drawn),))


def _bars(missed: int, suspected: int) -> list[Bar]:
    both = Bar(f"应享未享 {missed} 条", missed), Bar(f"疑似不应享 {suspected} 条", suspected, True)
    return [bar for bar in both if bar.size]


def _by_township(result: MonthResult) -> pl.DataFrame:
    import polars as pl

    place = town(result)
    payable = result.payroll.filter(state=PAYABLE).group_by(place).agg(pl.len().alias("lines"), pl.col("fen").sum())
    counted = [getattr(result, name).group_by(place).agg(pl.len().cast(pl.Int64).alias(name)) for name in _LISTS]
    whole: pl.DataFrame = (
        pl.concat([frame.select("township") for frame in [*counted, payable]]).unique().sort("township")
    )
    for frame in [*counted, payable]:
        whole = whole.join(frame, on="township", how="left", maintain_order="left")
    return whole.with_columns(pl.all().exclude("township").fill_null(0))


def _words(row: tuple[object, ...]) -> Row:
    town, *counts, fen = row
    return (str(town), *(count_words(int(str(count))) for count in counts), yuan_words(int(str(fen))))


def checks(result: MonthResult) -> Section:
    """Suspicions by the check that found them, with who has to look and what to do."""
    import polars as pl

    groups = result.suspicions.group_by("check", "who", "action", "deadline").agg(
        pl.len().alias("lines"), pl.col("person").n_unique().alias("people")
    )
    groups = groups.sort("lines", "check", "who", descending=[True, False, False])
    rows = [
        (
            row["check"],
            count_words(row["lines"]),
            count_words(row["people"]),
            row["who"],
            row["action"],
            row["deadline"],
        )
        for row in groups.iter_rows(named=True)
    ]
    heads = ("疑点", "条数", "人数", "谁来核实", "怎么办", "什么时候前")
    says = "一个人可能有几个疑点，所以各行人数相加会大于总人数。" if rows else "本月没有疑点。"
    grid = table("疑似不应享，按疑点", heads, rows, (1, 2))
    return Section("checks", "疑似不应享，按疑点", (says,), (Part(grid),) if rows else ())


def foretold(result: MonthResult) -> Section:
    """Coming changes by month and programme."""
    import polars as pl

    keys = ("month", "title", "now", "then")
    groups = result.forecast.group_by(keys).agg(pl.col("person").n_unique().alias("people")).sort(keys)
    rows = [
        (month_words(month), title, f"{now} → {then}" if now != then else "金额变动", count_words(people))
        for month, title, now, then, people in groups.iter_rows()
    ]
    grid = table("今后三个月的变动", ("月份", "项目", "变动", "人数"), rows, (3,))
    says = "提前告诉本人，最要紧的是残疾人证到期。" if rows else "今后三个月没有看到变动。"
    return Section("forecast", "变动预告", (says,), (Part(grid),) if rows else ())
