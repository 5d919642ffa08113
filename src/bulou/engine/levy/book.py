"""The workbook that is given back: the form filled, totals, the rules used, suspicions, problems."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.money import fen_of_yuan
from bulou.engine.basics.problems import Problem
from bulou.engine.basics.sheets import Column, Sheet, write_book
from bulou.engine.entitlements import Determination
from bulou.engine.levy.assess import FAULTY, UNKNOWN, Assessment
from bulou.engine.levy.findings import Finding
from bulou.engine.levy.reasons import not_known, reasons
from bulou.engine.levy.rules import MINIMUM_WAGE, Rules, Used
from bulou.engine.levy.totals import Total
from bulou.engine.levy.wording import plain
from bulou.engine.pack.wording import last_day

if TYPE_CHECKING:
    import polars as pl

FOOTER = "机器算出，由人核定；疑点由人决定"
NUMBER = Column("序号", "", 6, "number")

FILLED = (
    NUMBER, Column("用人单位名称", "employer", 24), Column("统一社会信用代码", "code", 21),
    Column("单位性质", "kind", 11), Column("费款所属期起", "start", 12), Column("费款所属期止", "end", 12),
    Column("(4) 上年在职职工工资总额", "wages", 17, "yuan"), Column("(5) 上年在职职工人数", "staff", 10, "decimal"),
    Column("(6) 应安排残疾人就业比例（%）", "ratio", 10, "decimal"),
    Column("(7) 上年实际安排残疾人就业人数", "disabled", 11, "decimal"),
    Column("(8)=4/5 上年在职职工年平均工资", "avg_wage", 15, "yuan"),
    Column("(9)=(5×6-7)×8 本期应纳费额", "due", 15, "yuan"), Column("(10) 本期减免费额", "relief", 14, "yuan"),
    Column("(11) 本期已缴费额", "paid", 14, "yuan"), Column("(12)=9-10-11 本期应补(退)费额", "balance", 15, "yuan"),
    Column("结论", "outcome", 14), Column("滞纳金（元）", "late", 12, "yuan"), Column("理由和依据", "reasons", 70),
    Column("要核实", "asks", 34), Column("可能还涉及（由人定）", "others", 28), Column("原表位置", "place", 28),
)  # fmt: skip
TOTALS = (
    Column("所属年度", "year", 12), Column("结论", "outcome", 18), Column("单位数", "employers", 9, "number"),
    Column("应纳费额（9）", "due", 18, "yuan"), Column("减免费额（10）", "relief", 18, "yuan"),
    Column("应缴（9-10）", "payable", 18, "yuan"), Column("已缴费额（11）", "paid", 18, "yuan"),
    Column("应补(退)费额（12）", "balance", 18, "yuan"), Column("滞纳金", "late", 14, "yuan"),
)  # fmt: skip
RULES = (
    NUMBER, Column("事项", "what", 26), Column("规则或数值", "says", 56), Column("从哪天起", "start", 12),
    Column("到哪天止", "end", 12), Column("条款", "clause", 30), Column("文件", "title", 40),
    Column("把握", "sure", 20),
)  # fmt: skip
FINDINGS = (
    NUMBER, Column("用人单位名称", "employer", 24), Column("统一社会信用代码", "code", 21),
    Column("姓名", "person", 10), Column("证件号", "number", 22), Column("疑点", "title", 28),
    Column("证据", "evidence", 44), Column("原表位置", "place", 28), Column("依据", "cite", 24),
    Column("谁来核实", "who", 22), Column("怎么办", "action", 34),
    Column("核实结果", width=14, choices=("属实", "不属实", "需再核实")), Column("决定人", width=10),
    Column("理由", width=22),
)  # fmt: skip
PROBLEMS = (
    NUMBER, Column("位置", "place", 40), Column("问题代号", "code", 22), Column("发现", "got", 34),
    Column("应为", "expected", 34), Column("怎么办", "fix", 44), Column("影响", "severity", 16),
)  # fmt: skip


def write_levy(
    path: Path,
    found: Sequence[Assessment],
    sums: Sequence[Total],
    suspected: Sequence[Finding],
    problems: Sequence[Problem],
    rules: Rules,
) -> None:
    """Write the workbook; equal input gives equal bytes."""
    days = sorted({one.day for one in found if one.subject is not None and one.day})
    used = dict.fromkeys(rule for day in days for rule in rules.in_force(day))
    on = days[-1] if days else date(2000, 1, 1)
    region = f"{rules.pack.name}（{rules.pack.region}）"
    worked = sum(one.outcome not in (UNKNOWN, FAULTY) for one in found)
    note = f"{region}。{len(found)} 行，算出 {worked} 行。第 6、8、9、10、12 栏由规则算出；空白是还不知道。"
    sheets = [
        Sheet("残保金申报", "残疾人就业保障金申报表（已算）", note, (*FILLED, *_rest(found)), _filled(found, rules)),
        Sheet("合计", "合计", _totals_note(found, rules), TOTALS, _frame(TOTALS, [vars(line) for line in sums])),
        Sheet("所用规定", "用到的规定", _rules_note(rules), RULES, _frame(RULES, map(_used, used))),
        Sheet("疑点", "疑点", _findings_note(rules, days), FINDINGS, _frame(FINDINGS, map(_suspected, suspected))),
        Sheet("问题", "原表里的问题", "改好原表再算一次。", PROBLEMS, _frame(PROBLEMS, map(_problem, problems))),
    ]
    write_book(path, sheets, on, FOOTER)


def _totals_note(found: Sequence[Assessment], rules: Rules) -> str:
    left = sum(one.outcome in (UNKNOWN, FAULTY) for one in found)
    rest = f"另有 {left} 行没有算出，不在金额里" if left else "每一行都算出了"
    sums = "应纳 − 减免 − 已缴 = 应补（退），逐行和合计都核过"
    return "".join(f"{words}。" for words in (rest, sums, *not_known(found, rules)))


def _rules_note(rules: Rules) -> str:
    return f"按所属期最后一天有效的规定算。地区包 {rules.pack.digest[:12]}。"


def _findings_note(rules: Rules, days: Sequence[date]) -> str:
    lacking = not days or rules.value(MINIMUM_WAGE, days[-1]) is None
    said = "没有设定月最低工资，工资两项没有查。" if lacking else ""
    return f"机器只提出疑点，由人核实、决定。{said}"


# rows -------------------------------------------------------------------------------------------------------------


def _rest(found: Sequence[Assessment]) -> list[Column]:
    """The sheet's other columns, kept as they are."""
    return [
        Column(heading, f"rest {heading}", 16) for heading in dict.fromkeys(h for one in found for h in one.row.rest)
    ]


def _filled(found: Sequence[Assessment], rules: Rules) -> pl.DataFrame:
    kinds = {**rules.pack.facts["employer.kind"].codes_zh, "enterprise": "企业"}
    rows = []
    for one in found:
        values = one.row.values
        rows.append(
            {
                "employer": values.get("employer"), "code": values.get("code"),
                "kind": kinds.get(str(values.get("kind"))),
                "start": _text(values.get("period_from")), "end": _text(one.day or values.get("period_to")),
                "wages": _fen(values.get("wages")), "staff": _decimal(values.get("staff")),
                "ratio": _decimal(one.ratio if one.ratio is not None else values.get("ratio")),
                "disabled": _decimal(values.get("disabled")),
                "avg_wage": _fen(one.avg_wage if one.avg_wage is not None else values.get("avg_wage")),
                "due": one.due, "relief": one.relief, "paid": _fen(values.get("paid")), "balance": one.balance,
                "outcome": one.outcome, "late": one.late_fen, "reasons": "；".join(reasons(one, rules)),
                "asks": "；".join(one.asks), "others": "；".join(map(_other, one.others)), "place": one.row.where,
                **{f"rest {heading}": cell for heading, cell in one.row.rest.items()},
            }
        )  # fmt: skip
    return _frame((*FILLED, *_rest(found)), rows)


def _other(determination: Determination) -> str:
    return f"{determination.title}{'（金额由当地定）' if determination.amount_note else ''}"


def _used(used: Used) -> dict[str, Any]:
    return {**vars(used), "start": _text(used.period.start), "end": last_day(used.period.end)}


def _suspected(finding: Finding) -> dict[str, Any]:
    return {**vars(finding), "place": finding.where}


def _problem(problem: Problem) -> dict[str, Any]:
    severity = "没有用，要改" if problem.severity == "error" else "提示，照算"
    return {**vars(problem), "place": str(problem.place), "severity": severity}


def _frame(columns: Sequence[Column], rows: Any) -> pl.DataFrame:
    """Rows as a frame with a typed column for every source; other keys are left out."""
    import polars as pl

    listed = list(rows)
    types, text = {"yuan": pl.Int64, "number": pl.Int64}, pl.String
    return pl.DataFrame(
        {
            column.source: pl.Series([row.get(column.source) for row in listed], dtype=types.get(column.kind, text))
            for column in columns
            if column.source
        }
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _decimal(value: object) -> str | None:
    return plain(value) if isinstance(value, Decimal) else None


def _fen(value: object) -> int | None:
    return fen_of_yuan(value) if isinstance(value, Decimal) else None
