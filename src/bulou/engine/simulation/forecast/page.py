"""A forecast as an accessible page; a projection has a section of its own, marked as such."""

from __future__ import annotations

from collections.abc import Iterator

from bulou.engine.report.charts import Bar, chart
from bulou.engine.report.page import rendered
from bulou.engine.report.sections import Part, Row, Section, table
from bulou.engine.report.words import count_words, month_words, yuan_words
from bulou.engine.simulation.forecast.result import Forecast
from bulou.engine.simulation.forecast.summary import (
    by_month,
    by_programme,
    by_year,
    method_words,
    projected_by_month,
    title_of,
)

MOST_BARS = 24
_NAMES = {"month": "每月", "year": "每年"}


def page(result: Forecast) -> str:
    """The page as text."""
    warning = "这是预告，不是判定：到时候按当时的事实再判定。"
    if result.status == "draft":
        warning += "政策是草案。"
    if result.assumptions is not None:
        warning += "页末另有“推算”，全凭写明的假设，和已知的不混在一起。"
    return rendered(
        title=title_of(result),
        intro=f"从 {month_words(result.months[0])}到 {month_words(result.months[-1])}，按已知的事实逐月判定。"
        "本页只有人数和金额；名单在表格里。",
        english=f"The months from {result.months[0]} to {result.months[-1]}, from what is known on {result.on}.",
        draft=warning,
        sections=list(_sections(result)),
        foot=f"不漏 Bulou {result.version} 生成。政策包 {result.digest[:12]}。同样的输入生成同样的报告。",
    )


def _sections(result: Forecast) -> Iterator[Section]:
    yield _figures(result)
    yield _months(result)
    yield _years(result)
    yield _programmes(result)
    if result.policy.height:
        rows: list[Row] = [(month_words(month), words) for month, words in result.policy.rows()]
        yield Section("policy", "政策从这些月份起改变", parts=(Part(table("写明日期的改变", ("月份", "内容"), rows)),))
    if result.assumptions is not None:
        yield _projection(result)
    yield Section("method", "根据什么，没有算什么", words=tuple(method_words(result)))


def _figures(result: Forecast) -> Section:
    months = by_month(result)
    first, last = months.row(0, named=True), months.row(-1, named=True)
    sums = months.sum().row(0, named=True)
    figures = (
        ("本月按月发放", f"{yuan_words(first['fen'])} 元", result.months[0]),
        ("期末按月发放", f"{yuan_words(last['fen'])} 元", result.months[-1]),
        ("开始应享", f"{count_words(sums['starts'])} 人次", "现在就可以告知本人准备材料"),
        ("不再符合", f"{count_words(sums['ends'])} 人次", "先办换证等，免得断发"),
        ("变为待核实", f"{count_words(sums['doubts'])} 人次", "到时候缺一个事实"),
    )
    return Section("figures", "要点", figures=figures)


def _months(result: Forecast) -> Section:
    rows = [
        (row["month"], yuan_words(row["fen"]), yuan_words(row["fen_if_all"]),
         *(count_words(row[name]) for name in ("starts", "ends", "doubts", "amounts")))
        for row in by_month(result).iter_rows(named=True)
    ]  # fmt: skip
    heads = ("月份", "按月发放（元）", "若待核实都应享再加（元）", "开始应享", "不再符合", "变为待核实", "金额变化")
    drawn = None
    if len(rows) <= MOST_BARS:
        bars = [(row[0], [Bar(f"{row[1]} 元", fen)]) for row, fen in zip(rows, by_month(result)["fen"], strict=True)]
        drawn = chart("chart-months", "每月按月发放的金额（元）", "每月一条；数字见表。", bars)
    return Section("months", "每月", parts=(Part(table("每月（金额；人次）", heads, rows, range(1, 7)), drawn),))


def _years(result: Forecast) -> Section:
    frame = by_year(result)
    rows = [
        (row["year"], str(row["months"]), yuan_words(row["fen"]), yuan_words(row["fen_if_all"]))
        for row in frame.iter_rows(named=True)
    ]
    bars = [
        (f"{row[0]}年（{row[1]}个月）", [Bar(f"{row[2]} 元", fen)]) for row, fen in zip(rows, frame["fen"], strict=True)
    ]
    heads = ("年", "预告里的月数", "金额（元）", "若待核实都应享再加（元）")
    drawn = chart("chart-years", "每年的金额（元）", "每年一条；数字见表。", bars)
    says = "按月发的逐月相加；按年发的，算当年最后一个月的人。按次给的和单位缴的不在里面。月数不满 12 的，不是全年。"
    return Section("years", "每年", (says,), (Part(table("每年", heads, rows, (1, 2, 3)), drawn),))


def _programmes(result: Forecast) -> Section:
    by_name = {one.name: one for one in result.programmes}
    people, money = [], []
    for row in by_programme(result).iter_rows(named=True):
        one = by_name[row["programme"]]
        title = one.title + ("（单位缴）" if one.levy else "")
        counts = (count_words(row[n]) for n in ("due_first", "due_last", "starts", "ends", "doubts", "unknown"))
        people.append((title, *counts))
        if one.money:
            fens = yuan_words(row["fen_first"]), yuan_words(row["fen_last"])
            money.append((title, _NAMES.get(one.pays, "按次"), *fens, count_words(row["unset"])))
    heads = ("项目", "现在应享", "期末应享", "开始", "不再符合", "变为待核实", "现在待核实")
    parts = [Part(table("人数（按项目）", heads, people, range(1, 7)), title="人数")]
    if money:
        columns = ("项目", "周期", "现在（元）", "期末（元）", "金额未定的人")
        parts.append(Part(table("每个周期的金额（按项目）", columns, money, (2, 3, 4)), title="金额"))
    return Section("programmes", "按项目", ("没有人应享、也没有人变动的项目不列。",), tuple(parts))


def _projection(result: Forecast) -> Section:
    assert result.assumptions is not None
    assumed = table("假设和出处", ("假设", "数值", "出处"), [tuple(row) for row in result.assumptions.words()])
    frame = projected_by_month(result)
    names = ("fen", "fen_after_deaths", "fen_inflow", "fen_projected")
    rows = [(row["month"], *(yuan_words(row[n]) for n in names)) for row in frame.iter_rows(named=True)]
    heads = ("月份", "已知（元）", "扣除死亡后", "新增的人", "推算合计（元）")
    drawn = None
    if len(rows) <= MOST_BARS:
        bars = [
            (row["month"], [Bar(f"已知 {yuan_words(row['fen'])}", row["fen"]),
                            Bar(f"推算 {yuan_words(row['fen_projected'])}", row["fen_projected"], second=True)])
            for row in frame.iter_rows(named=True)
        ]  # fmt: skip
        drawn = chart("chart-projection", "推算（斜线）和已知（实心），每月（元）", "斜线是推算；数字见表。", bars)
    says = (
        "以下是推算（projection），不是已知的。只用上面写明的假设：每个人按当月年龄的死亡率递减；"
        "新增的人逐月平均增加，按现在同类人的平均水平应享，期内不算死亡。按户给的项目不推算死亡。"
    )
    return Section(
        "projection",
        "推算：全凭假设",
        (says,),
        (Part(assumed), Part(table("推算，每月（元）", heads, rows, range(1, 5)), drawn)),
    )
