"""What the report page says, section by section, worked out from a month's result."""

from __future__ import annotations

from collections.abc import Sequence

from bulou.engine.differences.lists import PAYABLE
from bulou.engine.differences.month import MonthResult
from bulou.engine.report.bank import BankBatch
from bulou.engine.report.lists import answered
from bulou.engine.report.money_sections import money, settled
from bulou.engine.report.sections import Part, Row, Section, Step, table
from bulou.engine.report.source_sections import changes, gaps, method, sources
from bulou.engine.report.sums import Sum
from bulou.engine.report.township_sections import checks, foretold, townships
from bulou.engine.report.words import count_words, yuan_words


def contents(result: MonthResult, found: Sequence[Sum], batch: BankBatch | None) -> list[Section]:
    """The page's sections in order."""
    return [
        _main_figures(result),
        Section("first", "本月先做什么", steps=tuple(steps(result, batch))),
        _sums(found),
        townships(result),
        checks(result),
        money(result),
        settled(result),
        foretold(result),
        sources(result),
        gaps(result),
        changes(result),
        method(result),
        _how_to_read(),
    ]


def _main_figures(result: MonthResult) -> Section:
    counts = result.counts
    figures = (
        ("读入", f"{count_words(counts['rows_read'])} 行", f"{len({f.file for f in result.files})} 个文件"),
        ("比对", f"{count_words(counts['people'])} 人", "持证人和同住家人"),
        ("应享未享", f"{count_words(counts['missed'])} 条", _missed(result)),
        ("疑似不应享", f"{count_words(counts['suspicions'])} 条", f"{_people(result, 'suspicions')} 人，由人核实"),
        ("可发放", f"{yuan_words(counts['fen_payable'])} 元", f"{count_words(counts['payroll_payable'])} 行"),
        ("发放待决定", f"{count_words(counts['payroll_held'])} 行", "逐行由人决定，程序不停发"),
        ("待核实", f"{count_words(counts['questions'])} 条", f"另有来源缺口 {count_words(counts['gaps'])} 项"),
        ("以前月份少发", f"{yuan_words(counts['fen_back_pay'])} 元", "可以补发的部分"),
        ("以前月份多发", f"{yuan_words(counts['fen_recover'])} 元", "追缴、抵扣还是免缴，由人决定"),
    )
    return Section("figures", "本月要点", figures=figures)


def _missed(result: MonthResult) -> str:
    said = result.missed.filter(answered()).height
    more = f"；其中 {count_words(said)} 条已有答复" if said else ""
    return f"{_people(result, 'missed')} 人，应当享受而没有在册{more}"


def _people(result: MonthResult, name: str) -> str:
    return count_words(getattr(result, name)["person"].n_unique())


def steps(result: MonthResult, batch: BankBatch | None) -> list[Step]:
    """What there is to do this month, most pressing first; only what there is."""
    counts, found = result.counts, []
    if counts["suspicions"]:
        until = str(result.suspicions["deadline"].min() or "月底前")
        why = "核实以前，这些人的补贴由人决定，不自动停。"
        found.append(
            Step(
                f"核实疑似不应享 {count_words(counts['suspicions'])} 条。",
                why,
                "表里写明的单位",
                until,
                "疑似不应享.xlsx",
            )
        )
    if counts["payroll_held"]:
        why = "继续发、停发、补发都要有人决定并写明理由。"
        number = count_words(counts["payroll_held"])
        found.append(
            Step(f"决定发放待决定的 {number} 行。", why, "县民政局经办人", "报送发放表以前", "本月发放.xlsx 的“待决定”")
        )
    if batch is not None and batch.unsent.height:
        what = f"补齐 {count_words(batch.unsent.height)} 行的账号或户名，共 {yuan_words(batch.unsent_fen)} 元。"
        found.append(
            Step(
                what, "这些钱应该发，但进不了银行文件。", "乡镇（街道）", "报送发放表以前", "银行代发/未进银行文件.csv"
            )
        )
    untold = result.missed.filter(~answered())
    if untold.height:
        until = str(untold["deadline"].min() or "下月10日前")
        why = f"每月合计 {yuan_words(int(untold['fen'].sum()))} 元。不愿申请的，在表里记下，以后不再列为待办。"
        what = f"告知应享未享的 {count_words(untold['person'].n_unique())} 人并帮助申请。"
        found.append(Step(what, why, "乡镇（街道）、村（社区）", until, "应享未享.xlsx"))
    return found + _later_steps(result)


def _later_steps(result: MonthResult) -> list[Step]:
    counts, found = result.counts, []
    if counts["payroll_unset"]:
        what = f"写明标准：{count_words(counts['payroll_unset'])} 行没有定金额。"
        found.append(Step(what, "没有出处的金额不能发。", "县民政局", "报送发放表以前", "month.toml"))
    if counts["forecast"]:
        what = f"提前告知今后三个月有变动的 {_people(result, 'forecast')} 人。"
        found.append(Step(what, "先办换证，免得断发。", "乡镇（街道）、县残联", "变动的月份以前", "变动预告.xlsx"))
    if counts["settlements"]:
        what = f"处理以前月份的差额 {count_words(counts['settlements'])} 条。"
        found.append(Step(what, "补发、抵扣、追缴、免缴各有理由。", "县民政局", "本月", "补发追缴.xlsx"))
    homes = result.households.get("missed")
    if homes is not None and homes.height:
        what = f"核对应享未享的家庭 {count_words(homes['household'].n_unique())} 户。"
        why = "按户享受的项目多半没有发放名册，先看是否已经享受。"
        found.append(Step(what, why, "乡镇（街道）、村（社区）", "下次入户时", "应享未享.xlsx 的“家庭”"))
    if counts["questions"] or counts["gaps"]:
        what = f"核实缺的事实：逐人 {count_words(counts['questions'])} 条，来源缺口 {count_words(counts['gaps'])} 项。"
        found.append(Step(what, "先补来源缺口，一份名册就能定下许多人。", "表里写明的单位", "本月", "待核实.xlsx"))
    judged = sum(one["rows"] for one in result.matching.get("stages", ()) if one["outcome"] == "review")
    if judged:
        what = f"判断 {count_words(judged)} 行是不是登记册里的那个人，填好放回文件夹再运行。"
        why = "号码和姓名对不上，或有几个可能的人；程序不替人认人。"
        found.append(Step(what, why, "县残联、县民政局", "本月", "待判断.xlsx"))
    if counts["rows_refused"]:
        what = f"改正没有采用的 {count_words(counts['rows_refused'])} 行，放回文件夹再运行。"
        found.append(Step(what, "这些行里的人可能被漏掉。", "报送这份表的单位", "尽快", "数据问题.xlsx"))
    return found


def _sums(found: Sequence[Sum]) -> Section:
    """The reconciliation, from rows to yuan; the sums of single sheets stand in the table of sources."""
    rows: list[Row] = [
        (one.says, one.words(one.total), one.equation(), "相符" if one.holds else "不符")
        for one in found
        if not one.one_sheet
    ]
    says = "从读入的行一直对到应发的元，每一步两边都相等，才会写出这份报告。"
    grid = table("对账：左边等于右边", ("项目", "数", "等于", "结果"), rows, (1,))
    return Section("sums", "对账：从读入的行到应发的元", (says,), (Part(grid),))


def _how_to_read() -> Section:
    words = (
        ("应享未享", "按政策应当享受，发放名册里却没有。要告知本人，帮助申请。"),
        ("疑似不应享", "在册或在发，但条件看来不符。这只是疑点，由人核实、由人决定。"),
        ("待核实", "缺一个事实，现在定不下来。不知道就是不知道，程序不替人填。"),
        ("来源缺口", "一个事实几乎人人都缺，是来源没有给，只说一次。"),
        (PAYABLE, "应享、在册、没有待核的疑点，并且金额有出处。只有这样的行进银行文件。"),
        ("待决定", "有疑点、条件定不下来，或者是补发。要有人决定才能发。"),
        ("未定金额", "应享，但标准还没有定，或没有写明出处，所以不能发。"),
        ("补发、追缴", "以前月份应发和实发的差额，按月算清。免缴也是一种决定，要写理由。"),
        ("抵扣", "经人决定，从以后月份应发的钱里减去以前多发的；每月最多减到零，没抵完的下月再抵，抵清为止。"),
        ("变动预告", "今后三个月里，因为证件到期、年龄等，结论会变的人。"),
        ("直接采用、修复后采用、没有采用", "读入的每一行都有去向；修复了什么、为什么，见 数据问题.xlsx。"),
    )
    return Section("reading", "怎样读这份报告", words=words)
