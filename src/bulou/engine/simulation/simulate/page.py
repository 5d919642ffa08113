"""A simulation as an accessible page: every chart beside its table, unknown and unset said apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bulou.engine.report.charts import Bar, Chart, chart
from bulou.engine.report.page import rendered
from bulou.engine.report.sections import Part, Row, Section, table
from bulou.engine.report.words import count_words, yuan_words
from bulou.engine.simulation.simulate.simulation import ALL, BALANCES, Changed, Simulation
from bulou.engine.simulation.simulate.summary import (
    PAYS,
    balance,
    has_money,
    of_programme,
    sides,
    summed,
    title_of,
    touching,
    unknown_words,
)

MOST_ROWS = 60
"""A breakdown of more groups stands in the workbook only."""
MOST_BARS = 12


def page(result: Simulation) -> str:
    """The page as text."""
    warnings = ["这是测算，不是判定：没有批准任何事，也不能据此发放或停发。"]
    if "draft" in (result.status, result.after_status):
        warnings.append("其中的政策有草案。")
    return rendered(
        title=title_of(result),
        intro=f"同一批人，两种政策，按 {result.on} 的事实一次算完。不知道的不当作“否”，单独计数。",
        english=f"Policy simulation for the people known on {result.on}: who gains, who loses, and what it costs.",
        draft="".join(warnings),
        sections=list(_sections(result)),
        foot=f"不漏 Bulou {result.version} 生成。政策包 {result.digests[0][:12]}、{result.digests[1][:12]}。"
        "同样的输入生成同样的报告。",
    )


def _sections(result: Simulation) -> Iterator[Section]:
    yield _figures(result)
    yield _tried(result)
    yield _programmes(result)
    for one in result.breakdowns:
        yield _breakdown(result, one.name, one.title)
    if has_money(result):
        yield _balance(result, "households", "家庭得失", "户")
        yield _balance(result, "people", "个人得失", "人")
    yield _sums(result)
    yield _how_to_read(result)


def _figures(result: Simulation) -> Section:
    whole = summed(result, ALL).row(0, named=True) if result.programmes else None
    if whole is None:
        return Section("figures", "要点", ("两种政策对这些人没有任何不同。",))
    found = [
        ("增加", f"{count_words(whole['gained'])} 人次", "一人一个项目算一次"),
        ("减少", f"{count_words(whole['lost'])} 人次", "原来应享，试行后不应享"),
        ("待核实", f"{count_words(whole['unsettled'])} 人次", "缺事实，两种政策下可能不同"),
    ]
    if whole["more"] or whole["less"]:
        both = f"两边都应享；多得 {count_words(whole['more'])}，少得 {count_words(whole['less'])}"
        found.insert(2, ("金额变了", f"{count_words(whole['more'] + whole['less'])} 人次", both))
    if has_money(result):
        for period, words in (("month", "每月"), ("year", "每年")):
            net = whole[f"{period}_gained"] - whole[f"{period}_lost"]
            parts = f"增 {yuan_words(whole[f'{period}_gained'])}，减 {yuan_words(whole[f'{period}_lost'])}"
            found.append((f"{words}净变化", f"{yuan_words(net)} 元", parts))
        low, high = whole["year_low"], whole["year_high"]
        found.append(("待核实的每年还可能变", f"{unknown_words(low, high, whole['unbounded'])}", "元，不在净变化里"))
    if whole["unset"]:
        found.append(("金额未定", f"{count_words(whole['unset'])} 人次", "应享，但没有人定过标准，不在金额里"))
    months = result.months_this_year
    if months and has_money(result):
        net = (whole["month_gained"] - whole["month_lost"]) * months
        found.append(
            (f"{result.start:%Y}年内", f"{yuan_words(net)} 元", f"按月发的项目，从 {result.start} 起 {months} 个月")
        )
    return Section("figures", "要点", figures=tuple(found))


def _tried(result: Simulation) -> Section:
    before, after = sides(result)
    rows: list[Row] = [("现行", before), ("试行", after)]
    rows += [("改变", words) for words in result.says]
    rows += [("两边都用", words) for words in result.current]
    idle = touching(result)[1]
    says = f"{result.unchanged} 个项目两边规定相同，{idle} 个规定不同但不影响这些人，都不影响差额，没有列出。"
    return Section("tried", "试了什么", (says,), (Part(table("两种政策", ("方面", "内容"), rows)),))


def _programmes(result: Simulation) -> Section:
    rows, money = [], []
    for one in touching(result)[0]:
        m = result.total(one.name)
        title = one.title + ("（单位缴）" if one.levy else "")
        people = [
            m["lost"] + m["kept"],
            m["kept"] + m["gained"],
            *(m[n] for n in ("gained", "lost", "more", "less", "unsettled", "same", "unset")),
        ]
        rows.append((title, *map(count_words, people)))
        if one.money:
            fens = [yuan_words(m[f"fen_{n}"]) for n in ("before", "after", "gained", "lost")]
            net, more = (
                yuan_words(m["fen_gained"] - m["fen_lost"]),
                unknown_words(m["fen_low"], m["fen_high"], m["unbounded"]),
            )
            money.append((title, PAYS[one.pays], *fens, net, more))
    heads = ("项目", "现行应享", "试行应享", "增加", "减少", "金额多了", "金额少了", "待核实", "未知但不变", "金额未定")
    parts = [Part(table("人数（按项目）", heads, rows, range(1, 10)), title="人数")]
    if money:
        columns = ("项目", "周期", "现行", "试行", "增加", "减少", "净变化", "待核实的还可能变")
        says = "金额（元，只含两边金额都已知的人）"
        parts.append(Part(table(says, columns, money, range(2, 8)), _programme_chart(result), title="金额"))
    return Section("programmes", "按项目", parts=tuple(parts))


def _programme_chart(result: Simulation) -> Chart | None:
    groups = []
    for one in result.programmes:
        if one.times_a_year:
            m = result.total(one.name)
            groups.append((one.title, _bars(m["fen_gained"] * one.times_a_year, m["fen_lost"] * one.times_a_year)))
    return chart("chart-programmes", "每年增加和减少（元）", "每个项目两条：实心为增加，斜线为减少；数字见表。", groups)


def _bars(gained: int, lost: int) -> list[Bar]:
    return [Bar(f"增加 {yuan_words(gained)}", gained), Bar(f"减少 {yuan_words(lost)}", lost, second=True)]


def _breakdown(result: Simulation, name: str, title: str) -> Section:
    sums = summed(result, name)
    if sums.height > MOST_ROWS:
        return Section(name, f"按{title}", (f"共 {sums.height} 组，见同一文件夹的 政策测算.xlsx。",))
    rows, bars = [], []
    for row in sums.iter_rows(named=True):
        counts = [count_words(row[n]) for n in ("subjects", "gained", "lost", "unsettled", "unset")]
        fens = [row["month_gained"], row["month_lost"], row["month_gained"] - row["month_lost"]]
        rows.append((row["group"], *counts, *map(yuan_words, fens), yuan_words(row["year_gained"] - row["year_lost"])))
        bars.append((row["year_gained"] + row["year_lost"], row["group"], _bars(row["year_gained"], row["year_lost"])))
    heads = ("组", "人次", "增加", "减少", "待核实", "金额未定", "每月增加", "每月减少", "每月净变化", "每年净变化")
    whole = summed(result, ALL).row(0, named=True)
    month = whole["month_gained"] - whole["month_lost"]
    total = (
        "合计",
        *(count_words(whole[n]) for n in ("subjects", "gained", "lost", "unsettled", "unset")),
        *map(
            yuan_words, (whole["month_gained"], whole["month_lost"], month, whole["year_gained"] - whole["year_lost"])
        ),
    )
    grid = table(f"全部变动项目，按{title}（人次；元）", heads, rows, range(1, 10), total)
    largest = sorted(size for size, _, _ in bars)[-MOST_BARS:][0] if bars else 0
    shown = [(group, pair) for size, group, pair in bars if size >= largest][:MOST_BARS]
    which = f"，变化最大的 {len(shown)} 组" if len(shown) < len(bars) else ""
    head = f"每年增加和减少，按{title}（元{which}）"
    drawn = chart(f"chart-{name}", head, "实心为增加，斜线为减少；数字见表。", shown)
    parts = [Part(grid, drawn if has_money(result) else None)]
    parts += [_detail(result, one, name) for one in result.programmes if 1 < len(result.programmes) <= 6]
    return Section(name, f"按{title}", parts=tuple(parts))


def _detail(result: Simulation, one: Changed, name: str) -> Part:
    names = ("gained", "lost", "kept", "unsettled", "same")
    rows = []
    for row in of_programme(result, one, name).iter_rows(named=True):
        net = yuan_words(row["fen_gained"] - row["fen_lost"]) if one.money else "—"
        rows.append((row["group"], *(count_words(row[n]) for n in names), net))
    heads = ("组", "增加", "减少", "保留", "待核实", "未知但不变", f"净变化（元，{PAYS[one.pays]}）")
    return Part(table(one.title, heads, rows, range(1, 7)), title=one.title)


def _balance(result: Simulation, kind: str, title: str, unit: str) -> Section:
    source = result.households if kind == "households" else result.people
    if not source.height:
        return Section(kind, title, ("有一类人数太少，不公布。",))
    parts = []
    for name in dict.fromkeys(source["breakdown"]):
        rows = balance(source, result, name)
        if rows.height > MOST_ROWS or (kind == "people" and name != ALL):
            continue
        words = [
            (
                row["group"],
                *(count_words(row[n]) for n in ("of", *BALANCES)),
                *map(yuan_words, (row["fen_up"], row["fen_down"])),
            )
            for row in rows.iter_rows(named=True)
        ]
        of = "" if name == ALL else f"，按{next(one.title for one in result.breakdowns if one.name == name)}"
        heads = ("组", unit, "得大于失", "失大于得", "不变", "说不出", "每年多得（元）", "每年少得（元）")
        parts.append(Part(table(f"{title}{of}（{unit}）", heads, words, range(1, 8))))
    says = f"把一{unit}的全部变动加在一起（按月和按年发的钱，按一年算）。缺事实的算“说不出”，不当作不变。"
    if kind == "people":
        says += "各种分组见 政策测算.xlsx。"
    return Section(kind, title, (says,), tuple(parts))


def _sums(result: Simulation) -> Section:
    rows: list[Row] = []
    for one in touching(result)[0]:
        m = result.total(one.name)
        counts = [count_words(n) for n in (m["gained"], m["lost"], m["kept"] + m["gained"], m["kept"] + m["lost"])]
        rows.append(_equation(one.title, counts, "人"))
        if one.money:
            fens = [yuan_words(m[f"fen_{name}"]) for name in ("gained", "lost", "after", "before")]
            rows.append(_equation(one.title, fens, "元"))
    says = "增加减去减少，等于试行总额减去现行总额；每一种分组的和都等于总数。有一处不等，就不会写出这份报告。"
    return Section(
        "sums", "对账", (says,), (Part(table("对账", ("项目", "增加 − 减少", "试行 − 现行", "单位"), rows, (1, 2))),)
    )


def _equation(title: str, parts: Sequence[str], unit: str) -> Row:
    return (title, f"{parts[0]} − {parts[1]}", f"{parts[2]} − {parts[3]}", unit)


def _how_to_read(result: Simulation) -> Section:
    words = [
        ("增加、减少", "判定从“否”变“是”，或从“是”变“否”。金额的增加、减少还包括标准变了的人。"),
        ("待核实", "缺一个事实，至少在一种政策下定不下来。能算出范围的，写出还可能变多少；算不出的，写明人数。"),
        ("未知但不变", "定不下来，但缺的事实对两种政策的作用一样，不会造成差别。"),
        ("金额未定", "应享，但标准没有人定过。程序不替人填数；用 --set 写出要试的数。"),
        ("每年", "按月发的乘以 12，加上按年发的。按次给的和单位缴的不折算，也不在合计里。"),
        ("不详", "不知道属于哪一组。"),
    ]
    words += [("隐私保护", text) for text in result.protected]
    return Section("reading", "怎样读", words=tuple(words))
