"""A simulation as a workbook: programmes, every breakdown, balances, what was tried; and a list of subjects apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulou.engine.basics.sheets import Column, Sheet
from bulou.engine.simulation.simulate.simulation import ALL, Simulation
from bulou.engine.simulation.simulate.summary import PAYS, balance, in_order, one_of, sides, title_of

if TYPE_CHECKING:
    import polars as pl

BOOK, LIST, PAGE = "政策测算.xlsx", "变动名单.xlsx", "政策测算.html"
_COUNTS = (
    ("人次", "subjects"), ("现行应享", "due_before"), ("试行应享", "due_after"), ("增加", "gained"), ("减少", "lost"),
    ("保留", "kept"), ("其中金额增加", "more"), ("其中金额减少", "less"), ("待核实", "unsettled"),
    ("可能增加", "might_gain"), ("可能减少", "might_lose"),
    ("未知但不变", "same"), ("两边都不应享", "neither"), ("金额未定", "unset"),
)  # fmt: skip
_MONEY = (
    ("现行（元）", "fen_before"), ("试行（元）", "fen_after"), ("增加（元）", "fen_gained"), ("减少（元）", "fen_lost"),
    ("净变化（元）", "fen_net"), ("每月净变化（元）", "month_net"), ("每年净变化（元）", "year_net"),
    ("待核实最少（元）", "fen_low"), ("待核实最多（元）", "fen_high"),
)  # fmt: skip
_BALANCE = (("数", "of"), ("得大于失", "up"), ("失大于得", "down"), ("不变", "equal"), ("说不出", "undecided"))


def sheets(result: Simulation) -> Iterator[Sheet]:
    """The sheets of the workbook: programmes, every breakdown, balances, what was tried."""
    yield _cells(result, ALL, "按项目")
    for one in result.breakdowns:
        yield _cells(result, one.name, f"按{one.title}")
    for table, name in ((result.households, "家庭得失"), (result.people, "个人得失")):
        yield _balances(result, table, name)
    yield _tried(result)


def _cells(result: Simulation, breakdown: str, name: str) -> Sheet:
    """One row a group and programme."""
    import polars as pl

    by_name = {one.name: one for one in result.programmes}
    rows = in_order(result.cells.filter(pl.col("breakdown") == breakdown), one_of(result, breakdown))
    ones = [by_name[programme] for programme in rows["programme"]]
    frame = rows.with_columns(
        pl.Series("title", [one.title for one in ones], dtype=pl.String),
        pl.Series("pays", [PAYS[one.pays] if one.money else "不给钱或没有金额" for one in ones], dtype=pl.String),
        pl.Series("times", [one.times_a_year for one in ones], dtype=pl.Int64),
        (pl.col("lost") + pl.col("kept")).alias("due_before"),
        (pl.col("gained") + pl.col("kept")).alias("due_after"),
        (pl.col("fen_gained") - pl.col("fen_lost")).alias("fen_net"),
    ).with_columns(
        pl.when(pl.col("times") == 12).then("fen_net").alias("month_net"),
        pl.when(pl.col("times") > 0).then(pl.col("fen_net") * pl.col("times")).alias("year_net"),
    )
    columns = [Column("组", "group", 24)] if breakdown != ALL else []
    columns += [Column("项目", "title", 26), Column("周期", "pays", 10)]
    columns += [Column(head, source, 10, "number") for head, source in _COUNTS]
    columns += [Column(head, source, 15, "yuan") for head, source in _MONEY]
    note = "人次：一人一个项目算一次。金额只含两边都已知的人；待核实的在最后两栏。" + "".join(result.protected)
    return Sheet(_sheet_name(name), f"{title_of(result)}：{name}", note, tuple(columns), frame)


def _sheet_name(name: str) -> str:
    return name.replace("（", "").replace("）", "")[:31]


def _balances(result: Simulation, table: pl.DataFrame, name: str) -> Sheet:
    import polars as pl

    parts = [balance(table, result, by) for by in dict.fromkeys(table["breakdown"])]
    titles = {one.name: one.title for one in result.breakdowns} | {ALL: "全部"}
    frame = pl.concat([table.clear(), *parts]).with_columns(pl.col("breakdown").replace(titles))
    columns = (
        Column("分组方式", "breakdown", 20),
        Column("组", "group", 24),
        *(Column(head, source, 10, "number") for head, source in _BALANCE),
        Column("每年多得（元）", "fen_up", 16, "yuan"),
        Column("每年少得（元）", "fen_down", 16, "yuan"),
    )
    note = "全部变动加在一起，按一年算；只含按月和按年发的钱。缺事实的算“说不出”。" + "".join(result.protected)
    return Sheet(name, f"{title_of(result)}：{name}", note, columns, frame)


def _tried(result: Simulation) -> Sheet:
    import polars as pl

    before, after = sides(result)
    rows = [("现行", before), ("试行", after), *(("改变", one) for one in result.says)]
    rows += [("两边都用", one) for one in result.current] + [("隐私保护", one) for one in result.protected]
    rows += [("政策包", f"{result.digests[0]} / {result.digests[1]}"), ("程序", f"Bulou {result.version}")]
    frame = pl.DataFrame(rows, schema=["what", "words"], orient="row")
    columns = (Column("方面", "what", 14), Column("内容", "words", 90))
    return Sheet("试了什么", f"{title_of(result)}：试了什么", "这是测算，不是判定。", columns, frame)


def people_sheet(result: Simulation) -> Sheet | None:
    """One row a subject whose due changes; None where nobody asked for it."""
    if result.lists is None:
        return None
    columns = (
        Column("序号", width=7),
        Column("县区", "county", 14),
        Column("乡镇（街道）", "township", 18),
        Column("家庭", "household", 14),
        Column("编号", "id", 16),
        Column("项目", "title", 26),
        Column("变化", "state", 12),
        Column("每期差额（元）", "difference", 14, "yuan"),
        Column("全家每年差额（元）", "home_net", 16, "yuan"),
    )
    return Sheet(
        "变动名单",
        f"{title_of(result)}：变动名单",
        "空白：还不知道。全家每年差额为负的，是失大于得的家庭。",
        columns,
        result.lists,
    )
