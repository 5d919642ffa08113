"""A forecast as workbooks: months and programmes, a projection on a sheet of its own, and the list of who changes."""

from __future__ import annotations

from collections.abc import Iterator

from bulou.engine.basics.sheets import Column, Sheet
from bulou.engine.simulation.forecast.result import Forecast
from bulou.engine.simulation.forecast.summary import by_month, by_programme, by_year, method_words, title_of

BOOK, LIST, PAGE = "预告.xlsx", "变动名单.xlsx", "预告.html"
IF_ALL = "若待核实都应享再加（元）"
MOST_LISTED = 1_000_000
"""Rows a spreadsheet holds; of more, the first months are written."""


def sheets(result: Forecast) -> Iterator[Sheet]:
    """The sheets of the workbook; a projection has its own."""
    import polars as pl

    title = title_of(result)
    heads = {"starts": "开始应享", "ends": "不再符合", "doubts": "变为待核实", "amounts": "金额变化"}
    months = (
        Column("月份", "month", 12),
        Column("按月发放（元）", "fen", 18, "yuan"),
        Column(IF_ALL, "fen_if_all", 20, "yuan"),
        *(Column(head, name, 12, "number") for name, head in heads.items()),
    )
    note = "只用已知的日期和规定；名册等没有日期的事实按现在的算，不含死亡和新增。"
    yield Sheet("每月", f"{title}：每月", note, months, by_month(result))
    years = (
        Column("年", "year", 10),
        Column("预告里的月数", "months", 12, "number"),
        Column("金额（元）", "fen", 20, "yuan"),
        Column(IF_ALL, "fen_if_all", 22, "yuan"),
    )
    yield Sheet("每年", f"{title}：每年", "月数不满 12 的，不是全年。", years, by_year(result))
    yield _programmes(result, title)
    yield _by_month_and_programme(result, title)
    policy = (Column("月份", "month", 12), Column("内容", "words", 90))
    yield Sheet("政策改变", f"{title}：写明日期的改变", "地区包和本地设定里已经写明日期的改变。", policy, result.policy)
    if result.projection is not None and result.assumptions is not None:
        yield _projection(result, title)
        assumed = pl.DataFrame(result.assumptions.words(), schema=["what", "value", "source"], orient="row")
        columns = (Column("假设", "what", 24), Column("数值", "value", 50), Column("出处", "source", 60))
        yield Sheet(
            "推算的假设", f"{title}：推算的假设", "推算全凭这些假设；程序自己没有加任何假设。", columns, assumed
        )
    words = pl.DataFrame(method_words(result), schema=["what", "words"], orient="row")
    yield Sheet("说明", f"{title}：说明", note, (Column("方面", "what", 16), Column("内容", "words", 90)), words)


def _programmes(result: Forecast, title: str) -> Sheet:
    import polars as pl

    titles = {one.name: one.title for one in result.programmes}
    frame = by_programme(result).with_columns(pl.col("programme").replace(titles))
    numbers = (("现在应享", "due_first"), ("期末应享", "due_last"), ("开始", "starts"), ("不再符合", "ends"),
               ("变为待核实", "doubts"), ("现在待核实", "unknown"), ("金额未定", "unset"))  # fmt: skip
    money = (("现在（元）", "fen_first"), ("期末（元）", "fen_last"))
    columns = (
        Column("项目", "programme", 30),
        *(Column(head, name, 11, "number") for head, name in numbers),
        *(Column(head, name, 18, "yuan") for head, name in money),
    )
    return Sheet("按项目", f"{title}：按项目", "没有人应享、也没有人变动的项目不列。", columns, frame)


def _by_month_and_programme(result: Forecast, title: str) -> Sheet:
    import polars as pl

    titles = {one.name: one.title for one in result.programmes}
    kept = by_programme(result)["programme"].to_list()
    frame = result.costs.filter(pl.col("programme").is_in(kept)).with_columns(pl.col("programme").replace(titles))
    columns = (
        Column("月份", "month", 12),
        Column("项目", "programme", 30),
        Column("应享", "due", 12, "number"),
        Column("待核实", "unknown", 12, "number"),
        Column("金额未定", "unset", 12, "number"),
        Column("金额（元）", "fen", 18, "yuan"),
        Column(IF_ALL, "fen_if_all", 20, "yuan"),
    )
    return Sheet("逐月按项目", f"{title}：逐月按项目", "金额按项目自己的周期。", columns, frame)


def _projection(result: Forecast, title: str) -> Sheet:
    import polars as pl

    assert result.projection is not None
    titles = {one.name: one.title for one in result.programmes}
    columns = (
        Column("月份", "month", 12),
        Column("项目", "programme", 30),
        Column("推算应享人数", "people", 14, "number"),
        Column("已知（元）", "fen", 18, "yuan"),
        Column("扣除死亡后（元）", "fen_after_deaths", 18, "yuan"),
        Column("新增的人（元）", "fen_inflow", 18, "yuan"),
        Column("推算合计（元）", "fen_projected", 18, "yuan"),
    )
    frame = result.projection.with_columns(pl.col("programme").replace(titles))
    return Sheet(
        "推算", f"{title}：推算（projection）", "这不是已知的，全凭“推算的假设”一页写明的假设。", columns, frame
    )


def people_sheet(result: Forecast) -> Sheet:
    """Who changes, when and why."""
    import polars as pl

    advice = (
        pl.when(pl.col("reason").str.contains("届时不符.*残疾人证")).then(pl.lit("现在就通知本人换证，到期前办好不断发"))
        .when(pl.col("then") == "应享").then(pl.lit("提前告知本人，到时可以申请"))
        .otherwise(pl.lit("提前告知本人，到时核对"))
    )  # fmt: skip
    frame = result.changes.head(MOST_LISTED).with_columns(advice.alias("advice"))
    note = "差额只含按月发、金额已定的项目；空白是还不知道。"
    if result.changes.height > MOST_LISTED:
        note += f"共 {result.changes.height} 行，表格放不下，只写前 {MOST_LISTED} 行。"
    columns = (
        Column("序号", width=7),
        Column("月份", "month", 10),
        Column("县区", "county", 14),
        Column("乡镇（街道）", "township", 14),
        Column("家庭", "household", 13),
        Column("编号", "id", 15),
        Column("现在", "now", 9),
        Column("届时", "then", 13),
        Column("项目", "programmes", 40),
        Column("原因", "reason", 40),
        Column("每月差额（元）", "fen", 13, "yuan"),
        Column("建议", "advice", 30),
    )
    return Sheet("变动名单", f"{title_of(result)}：谁、什么时候、为什么", note, columns, frame)
