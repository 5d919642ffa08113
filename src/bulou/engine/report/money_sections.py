"""Sections of the page about money: this month by programme, past months by programme."""

from __future__ import annotations

from bulou.engine.differences.month import MonthResult
from bulou.engine.report.charts import Bar, chart
from bulou.engine.report.payroll_book import summed
from bulou.engine.report.sections import Part, Row, Section, table
from bulou.engine.report.words import count_words, yuan_words


def money(result: MonthResult) -> Section:
    """Programmes with a payment roll: due, payable, paid before; then all other programmes as counts."""
    paid = result.programmes.filter(result.programmes["enrolled"].is_not_null()).sort("title")
    rest = result.programmes.filter(result.programmes["enrolled"].is_null()).sort("title")
    says = ("“上次实发”是最近一次发放名册的合计。未定金额的人数不少时，应发合计偏小。",)
    parts = (_paid(result, list(paid.iter_rows(named=True))), _rest(list(rest.iter_rows(named=True))))
    return Section("money", "各项目的钱", says, parts)


def _paid(result: MonthResult, programmes: list[dict[str, object]]) -> Part:
    payable = {row["title"]: row for row in summed(result, "title").iter_rows(named=True)}
    rows: list[Row] = []
    groups = []
    totals = [0] * 3
    for one in programmes:
        title, line = str(one["title"]), payable.get(one["title"], {"lines": 0, "fen": 0, "held": 0})
        fen, before, due = int(line["fen"]), _whole(one["fen_paid_before"]), _whole(one["fen_due"])
        totals = [totals[0] + (due or 0), totals[1] + fen, totals[2] + (before or 0)]
        counts = (_whole(one[key]) for key in ("due", "unknown", "enrolled", "missed", "suspected"))
        held = count_words(line["held"])
        rows.append((title, *map(count_words, counts), held, *map(yuan_words, (due, fen, before)), str(one["cite"])))
        bars = [Bar(f"本月可发 {yuan_words(fen)} 元", fen), Bar(f"上次实发 {yuan_words(before)} 元", before or 0, True)]
        groups.append((title, bars))
    heads = (
        "项目", "应享人数", "定不下来", "在册人数", "应享未享", "疑似人数", "待决定行数",
        "应发（元）", "可发放（元）", "上次实发（元）", "依据",
    )  # fmt: skip
    total = ("合计", *["" for _ in range(6)], *map(yuan_words, totals), "")
    says = "每个项目两根横条，实心的是本月可发放，斜纹的是上次实发。数字都在下面的表里。"
    drawn = chart("chart-money", "本月可发放和上次实发", says, groups)
    grid = table("有发放名册的项目，本月", heads, rows, range(1, 10), total)
    return Part(grid, drawn, "有发放名册的项目")


def _rest(programmes: list[dict[str, object]]) -> Part:
    rows: list[Row] = [
        (str(one["title"]), count_words(_whole(one["due"])), count_words(_whole(one["unknown"])),
         yuan_words(_whole(one["fen_due"])), str(one["cite"]))
        for one in programmes
        if _whole(one["due"]) or _whole(one["unknown"])
    ]  # fmt: skip
    heads = ("项目", "应享人数", "定不下来", "应发（元）", "依据")
    return Part(table("没有发放名册的项目：只能算应享，不能比对", heads, rows, (1, 2, 3)), title="其他项目")


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))


def settled(result: MonthResult) -> Section:
    """Past months: paid too little, paid too much, by programme and month."""
    import polars as pl

    groups = (
        result.settlements.group_by("title", "month", "kind")
        .agg(
            pl.col("person").n_unique().alias("people"), pl.col("due_fen").sum(), pl.col("paid_fen").sum(),
            pl.col("deducted_fen").sum(), pl.col("difference_fen").sum(), pl.col("payable_fen").sum(),
        )
        .sort("title", "month", "kind")
    )  # fmt: skip
    money_columns = ("due_fen", "paid_fen", "deducted_fen", "difference_fen", "payable_fen")
    rows: list[Row] = [
        (
            row["title"],
            row["month"],
            row["kind"],
            count_words(row["people"]),
            *(yuan_words(row[c]) for c in money_columns),
        )
        for row in groups.iter_rows(named=True)
    ]
    total = ("合计", "", "", "", *(yuan_words(int(groups[column].sum())) for column in money_columns))
    heads = (
        "项目",
        "所属月份",
        "补发或追缴",
        "人数",
        "应发（元）",
        "实发（元）",
        "已抵扣（元）",
        "差额（元）",
        "可补发（元）",
    )
    says = "只列应发和实发不同的；差额 = 应发 − 实发 − 已抵扣。" if rows else "以前月份没有看到差额。"
    grid = table("以前月份的差额", heads, rows, range(3, 9), total)
    return Section("settled", "补发追缴", (says,), (Part(grid),) if rows else ())
