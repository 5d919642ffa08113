"""Sums of a forecast by month and year. Levies and what is paid by occasion are not in the money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.simulation.forecast.result import Forecast

if TYPE_CHECKING:
    import polars as pl

DAYS = {"last": "月末最后一天", "first": "月初第一天"}


def by_month(result: Forecast) -> pl.DataFrame:
    """month, fen and fen_if_all of programmes paid by month; starts, ends, doubts, amounts of all programmes."""
    import polars as pl

    monthly = [one.name for one in result.programmes if one.money and one.pays == "month" and not one.levy]
    names = ("fen", "fen_if_all", "unset")
    months = pl.DataFrame({"month": result.months}, schema={"month": pl.String})
    paid = result.costs.filter(pl.col("programme").is_in(monthly)).group_by("month").agg(pl.col(names).sum())
    events = result.events.group_by("month").agg(pl.col("starts", "ends", "doubts", "amounts").sum())
    both = months.join(paid, on="month", how="left").join(events, on="month", how="left")
    return both.with_columns(pl.exclude("month").fill_null(0)).sort("month")


def by_year(result: Forecast) -> pl.DataFrame:
    """year, months within the forecast, fen and fen_if_all: the months added up, and yearly programmes once.

    A programme paid by year counts with what is due in the last month of that year that the forecast has.
    """
    import polars as pl

    year = pl.col("month").str.slice(0, 4).alias("year")
    months = by_month(result).group_by(year).agg(pl.len().alias("months"), pl.col("fen", "fen_if_all").sum())
    yearly = [one.name for one in result.programmes if one.money and one.pays == "year" and not one.levy]
    last = pl.DataFrame({"month": result.months}, schema={"month": pl.String}).group_by(year).agg(pl.col("month").max())
    once = (
        last.join(result.costs.filter(pl.col("programme").is_in(yearly)), on="month", how="left")
        .group_by("year")
        .agg(pl.col("fen", "fen_if_all").sum().name.suffix("_once"))
    )
    both = months.join(once, on="year", how="left").with_columns(
        (pl.col("fen") + pl.col("fen_once").fill_null(0)).alias("fen"),
        (pl.col("fen_if_all") + pl.col("fen_if_all_once").fill_null(0)).alias("fen_if_all"),
    )
    return both.select("year", "months", "fen", "fen_if_all").sort("year")


def by_programme(result: Forecast) -> pl.DataFrame:
    """programme, people due in the first and last month, undecided now, starts, ends; fen first, last and in all.

    Only programmes that somebody is due or that somebody's verdict in changes.
    """
    import polars as pl

    first, last = result.months[0], result.months[-1]
    rows = result.costs.group_by("programme", maintain_order=True).agg(
        pl.col("due").filter(pl.col("month") == first).sum().alias("due_first"),
        pl.col("due").filter(pl.col("month") == last).sum().alias("due_last"),
        pl.col("unknown").filter(pl.col("month") == first).sum().alias("unknown"),
        pl.col("unset").max(),
        pl.col("fen").filter(pl.col("month") == first).sum().alias("fen_first"),
        pl.col("fen").filter(pl.col("month") == last).sum().alias("fen_last"),
        pl.col("fen").sum().alias("fen_all"),
        pl.col("due").max().alias("most"),
    )
    events = result.events.group_by("programme").agg(pl.col("starts", "ends", "doubts").sum())
    both = rows.join(events, on="programme", how="left", maintain_order="left").with_columns(
        pl.col("starts", "ends", "doubts").fill_null(0)
    )
    return both.filter((pl.col("most") > 0) | (pl.col("starts") + pl.col("ends") + pl.col("doubts") > 0))


def projected_by_month(result: Forecast) -> pl.DataFrame:
    """month, fen known and projected of programmes paid by month."""
    import polars as pl

    assert result.projection is not None
    monthly = [one.name for one in result.programmes if one.pays == "month"]
    names = ("fen", "fen_after_deaths", "fen_inflow", "fen_projected")
    rows = result.projection.filter(pl.col("programme").is_in(monthly))
    return rows.group_by("month").agg(pl.col(names).sum()).sort("month")


def title_of(result: Forecast) -> str:
    """What the result is called."""
    return f"{result.region_name}今后{len(result.months) - 1}个月变动预告"


def method_words(result: Forecast) -> list[tuple[str, str]]:
    """What the forecast rests on, and what it leaves out."""
    rows = [
        (
            "已知的",
            "生日、证件到期日、就学年龄，以及已经写明日期的标准和规定，到时候怎样变，逐月判定一次。证件到期的，按到时没有换证算。",
        ),
        ("判定日", f"{result.months[0]} 按 {result.on} 判定，以后每月按{DAYS[result.decision_day]}判定。"),
        ("不变的", "名册、收入、护理需要等没有日期的事实，一直按现在的算。没有算死亡、新办证、迁移。"),
        ("待核实", "现在缺事实的人不算在应享里；“若都应享再加”是他们全部应享时的数，金额未定的除外。"),
    ]
    for one in result.carried:
        rows.append((one.label, f"{one.subjects} 个没有可以推算的日期，一直按给定的值，不随时间变。"))
    if result.says:
        rows += [("另作的改变", words) for words in result.says]
    return rows
