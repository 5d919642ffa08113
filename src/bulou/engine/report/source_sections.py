"""Sections of the page about what it rests on: the files read, gaps, last month, method."""

from __future__ import annotations

from bulou.engine.differences.month import MonthResult
from bulou.engine.facts.read_month import SheetAccount
from bulou.engine.report.charts import Bar, Chart, chart
from bulou.engine.report.sections import Part, Row, Section, table
from bulou.engine.report.words import count_words, yuan_words

CHARTED = 8


def sources(result: MonthResult) -> Section:
    """Every source with the fates of its rows, then every sheet."""
    by_label: dict[str, list[SheetAccount]] = {}
    for file in sorted(result.files, key=lambda one: (one.label, one.file, one.sheet)):
        by_label.setdefault(file.label, []).append(file)
    fates = {label: _fates(files) for label, files in by_label.items()}
    whole = _fates(list(result.files))
    heads = ("直接采用", "修复后采用", "没有采用", "标题、合计、空行")
    rows = [_fate_row(label, fate) for label, fate in fates.items()]
    grid = table(
        "各来源的行和去向", ("来源", "读入的行", *heads, "没有采用的比例"), rows, range(1, 7), _fate_row("合计", whole)
    )
    each: list[Row] = [
        (one.file, one.sheet, one.label, one.month, *map(count_words, _fates([one]))) for one in result.files
    ]
    sheets = table(
        "每个工作表的行和去向", ("文件", "工作表", "认作", "所属月份", "读入的行", *heads), sorted(each), range(4, 9)
    )
    says = "每一行都有去向，四种去向之和等于读入的行。没有采用的行和修复的内容见 数据问题.xlsx。"
    return Section(
        "sources",
        "数据质量",
        (says, *_register(result)),
        (Part(grid, _chart(fates), "按来源"), Part(sheets, title="按工作表")),
    )


def _register(result: MonthResult) -> tuple[str, ...]:
    """A sentence about what looks wrong in the register itself, if anything does."""
    found = sum(result.matching.get("register_suspicions", {}).values())
    if not found:
        return ()
    says = "有人登记了几次、几个人同用一个账号、一户分成两户或几户并成一户"
    return (f"登记册本身还有 {count_words(found)} 条疑点（{says}），见 登记疑点.xlsx，由人核实。",)


def _fates(files: list[SheetAccount]) -> tuple[int, ...]:
    names = ("read", "accepted", "repaired", "refused", "furniture")
    return tuple(sum(getattr(file, name) for file in files) for name in names)


def _fate_row(label: str, fates: tuple[int, ...]) -> Row:
    return (label, *map(count_words, fates), _share(fates[3], fates[0]))


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "—"


def _chart(fates: dict[str, tuple[int, ...]]) -> Chart | None:
    worst = sorted((one for one in fates.items() if one[1][3]), key=lambda one: (-one[1][3] / one[1][0], one[0]))
    groups = [
        (label, [Bar(f"{_share(refused, read)}，{refused:,} 行没有采用", round(10_000 * refused / read))])
        for label, (read, _, _, refused, _) in worst[:CHARTED]
    ]
    says = "每个来源一根横条，长短是没有采用的行占读入行的比例，大的在前。数字都在下面的表里。"
    return chart("chart-sources", "没有采用的行占多少，按来源", says, groups)


def gaps(result: MonthResult) -> Section:
    """Facts that nearly everybody lacks, once each."""
    rows: list[Row] = [
        (row["label"], row["supplier"] or "", row["question"] or "", row["who"] or "", count_words(row["people"]),
         row["programmes"] or "")
        for row in result.gaps.sort("people", "fact", descending=[True, False]).iter_rows(named=True)
    ]  # fmt: skip
    heads = ("缺的事实", "来源", "问什么", "谁能答", "涉及人数（户数）", "涉及项目")
    says = "这些事实几乎人人都缺：请来源单位给一份名册，不用逐人去问。" if rows else "没有来源缺口。"
    grid = table("来源缺口", heads, rows, (4,))
    return Section("gaps", "来源缺口", (says,), (Part(grid),) if rows else ())


def changes(result: MonthResult) -> Section:
    """What is other than last month."""
    titles = dict(result.programmes.select("programme", "title").iter_rows())
    kinds = {"new": "新增在册", "gone": "退出在册"}
    rows: list[Row] = []
    for key, count in result.changes.items():
        programme, _, kind = key.rpartition(".")
        rows.append((titles.get(programme, programme), kinds.get(kind, kind), _change(kind, count)))
    says = "最近两次发放名册相比。" if rows else "没有上月的发放名册，不能比较。"
    grid = table("与上月相比", ("项目", "变动", "人数"), rows, (2,))
    return Section("changes", "与上月相比", (says,), (Part(grid),) if rows else ())


def _change(kind: str, count: int) -> str:
    return f"{yuan_words(count)} 元" if "fen" in kind else count_words(count)


def method(result: MonthResult) -> Section:
    """Choices in force with their source, and which policy and program worked this out."""
    status = {"issued": "已印发", "draft": "草案"}.get(result.pack_status, result.pack_status)
    rows = [
        (choice, {"True": "是", "False": "否"}.get(value, value), source) for choice, value, source in result.method
    ]
    used = [
        ("地区", f"{result.region_name}（{result.region}）"),
        ("政策包状态", status),
        ("政策包摘要", result.pack_digest),
        ("程序版本", result.version),
        ("判定日", result.on.isoformat()),
    ]
    choices = table("本月采用的做法和标准，及其出处", ("做法或标准", "取值", "出处"), rows)
    versions = table("政策和程序版本", ("项目", "内容"), used)
    return Section("method", "方法和依据", (), (Part(choices, title="做法和标准"), Part(versions, title="版本")))
