"""How the parts of a plan are put in words: the same rows on the terminal, in workbooks and on pages."""

from __future__ import annotations

from collections.abc import Sequence

from bulou.engine.basics.problems import Problem
from bulou.engine.plan.as_json import plain
from bulou.engine.plan.model import Box, Figure, Indicator, Plan, Value

Cell = str | int | float | None
Sheet = tuple[str, tuple[str, ...], list[tuple[Cell, ...]]]

STATUS = {"issued": "已印发", "draft": "征求意见稿", None: "未说明"}
FORCE = {"must": "应当", "may": "鼓励", "explore": "探索", None: ""}


def sheets(plan: Plan) -> list[Sheet]:
    """Every list of a plan as (name, headings, rows), in the order a reader wants them."""
    return [
        ("规划概况", ("项目", "内容"), overview(plan)),
        ("主要指标", INDICATOR_HEADINGS, [indicator_row(row) for row in plan.indicators]),
        ("正文目标", FIGURE_HEADINGS, [figure_row(figure) for figure in plan.targets]),
        ("责任单位", ("单位", "职责", "条款", "条款标题", "行"), duty_rows(plan)),
        ("单位任务数", ("单位", "牵头", "责任", "参与", "合计"), duty_counts(plan)),
        (
            "任务条款",
            ("条款", "标题", "正文", "行"),
            [(s.id, s.title, s.text, s.line) for s in plan.sections],
        ),
        ("专栏", ("专栏", "专栏标题", "类别", "条目", "条目标题", "内容", "行"), box_rows(plan.boxes)),
        ("对象与条件", FIGURE_HEADINGS, [figure_row(f) for f in plan.figures if f.role == "condition"]),
        ("往期指标", (*INDICATOR_HEADINGS, "完成情况"), [past_row(row) for row in plan.past_indicators]),
        ("往期成果与现状", FIGURE_HEADINGS, [figure_row(figure) for figure in plan.results]),
        ("存疑", PROBLEM_HEADINGS, [problem_row(problem) for problem in plan.problems]),
    ]


INDICATOR_HEADINGS = (
    "序号",
    "类别",
    "指标",
    "单位",
    "基期",
    "目标年份",
    "比较符号",
    "目标",
    "属性",
    "出处",
    "行",
)
FIGURE_HEADINGS = (
    "条款",
    "内容",
    "数值",
    "至",
    "单位",
    "比较",
    "频次与对象",
    "期限",
    "力度",
    "动词",
    "原文数字",
    "行",
)
PROBLEM_HEADINGS = ("行", "代码", "发现", "应为", "处理")


def overview(plan: Plan) -> list[tuple[Cell, ...]]:
    """Document facts and counts as (item, content) pairs."""
    facts, account = plan.facts, plan.account
    rows: list[tuple[Cell, ...]] = [
        ("名称", facts.title or "未找到"),
        ("文号", facts.number or "无"),
        ("成文日期", facts.issued.isoformat() if facts.issued else "无"),
        ("发文单位", facts.issuer or "无"),
        ("状态", STATUS[facts.status]),
        ("规划期", f"{facts.period[0]}—{facts.period[1]}" if facts.period else "未说明"),
    ]
    for deadline in facts.deadlines:
        inferred = "，年份取自发文日期" if deadline.year_inferred else ""
        rows.append(("反馈截止", f"{deadline.day.isoformat()} {deadline.time or ''}".strip() + inferred))
    rows += [
        ("条款", len(plan.sections)),
        ("专栏", f"{len(plan.boxes)}个，{sum(len(box.items) for box in plan.boxes)}条"),
        ("主要指标", len(plan.indicators)),
        ("正文目标", len(plan.targets)),
        ("责任条款", len(plan.duties)),
        ("字数核对", f"读入{account.read}＝安放{account.placed}＋页面附件{account.furniture}"),
        ("存疑", len(plan.problems)),
    ]
    return rows


def shown(value: Value | None) -> str:
    """A table cell as printed; — where nothing is set."""
    return "" if value is None else value.printed or "——"


def indicator_row(row: Indicator) -> tuple[Cell, ...]:
    """One indicator under `INDICATOR_HEADINGS`."""
    target = row.target
    return (
        row.no,
        row.category,
        row.name,
        row.unit,
        shown(row.baseline),
        target.year if target else None,
        target.comparator if target else None,
        plain(target.value) if target else "未读出",
        row.nature,
        row.section,
        row.line,
    )


def past_row(row: Indicator) -> tuple[Cell, ...]:
    """One indicator of a past period, its result last."""
    return (*indicator_row(row), shown(row.result))


def figure_row(figure: Figure) -> tuple[Cell, ...]:
    """One quantity under `FIGURE_HEADINGS`."""
    return (
        figure.section,
        figure.what,
        plain(figure.value),
        plain(figure.high),
        figure.unit,
        figure.comparator,
        figure.per,
        figure.by,
        FORCE[figure.force],
        figure.verb,
        figure.printed,
        figure.line,
    )


def duty_rows(plan: Plan) -> list[tuple[Cell, ...]]:
    """One row for each unit and clause, units together, their leading duties first."""
    titles = {section.id: section.title for section in plan.sections}
    order = {"牵头": 0, "责任": 1, "参与": 2}
    rows = [(unit, kind, clause, titles.get(clause, ""), line) for unit, kind, clause, line in _duties(plan)]
    first = {unit: at for at, unit in enumerate(dict.fromkeys(row[0] for row in rows))}
    return [tuple(row) for row in sorted(rows, key=lambda row: (first[row[0]], order[row[1]], row[4]))]


def duty_counts(plan: Plan) -> list[tuple[Cell, ...]]:
    """Clauses for each unit: leading, jointly responsible, participating, all; busiest unit first."""
    counts: dict[str, dict[str, int]] = {}
    for unit, kind, _, _ in _duties(plan):
        kinds = counts.setdefault(unit, {"牵头": 0, "责任": 0, "参与": 0})
        kinds[kind] += 1
    ranked = sorted(counts.items(), key=lambda pair: -sum(pair[1].values()))
    return [(unit, *kinds.values(), sum(kinds.values())) for unit, kinds in ranked]


def _duties(plan: Plan) -> list[tuple[str, str, str, int]]:
    return [
        (unit, kind, duty.section, duty.line)
        for duty in plan.duties
        for kind, units in (("牵头", duty.lead), ("责任", duty.joint), ("参与", duty.participating))
        for unit in units
    ]


def box_rows(boxes: Sequence[Box]) -> list[tuple[Cell, ...]]:
    """One row for each item; text that stands in a box or a part without an item has a row of its own."""
    rows: list[tuple[Cell, ...]] = []
    for box in boxes:
        parts = {part.no: part for part in box.parts}
        if box.body.text:
            rows.append((box.id, box.title, "", "", "", box.body.text, box.line))
        for part in box.parts:
            if part.body.text:
                rows.append((box.id, box.title, part.title, part.id, "", part.body.text, part.line))
        for item in box.items:
            part_title = parts[item.part].title if item.part in parts else ""
            rows.append((box.id, box.title, part_title, item.id, item.title, item.text, item.line))
    return rows


def problem_row(problem: Problem) -> tuple[Cell, ...]:
    """One problem under `PROBLEM_HEADINGS`."""
    return (problem.place.line, problem.code, problem.got, problem.expected, problem.fix)
