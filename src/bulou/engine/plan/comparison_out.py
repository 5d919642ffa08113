"""A comparison as JSON, as a workbook and as an accessible page with bars beside the numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from bulou.engine.plan import markup
from bulou.engine.plan.as_json import plain, problem_as_json, value_as_json
from bulou.engine.plan.comparison import Comparison, Entry, Row
from bulou.engine.plan.wording import PROBLEM_HEADINGS, STATUS, Cell, Sheet, problem_row
from bulou.engine.plan.workbook import write_sheets

_TITLE = "规划指标对比"
_ENTRY_HEADINGS = (
    "概念", "地区", "名称（原文）", "来源", "单位", "基期", "目标（原文）", "比较符号", "严格大于", "属性",
    "限定", "出处", "行",
)  # fmt: skip


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """Plans, aligned rows with notes, indicators without a counterpart, and problems."""
    return {
        "plans": [
            {
                "file": plan.file,
                "region": comparison.label(at),
                "title": plan.facts.title,
                "status": plan.facts.status,
                "issued": plan.facts.issued.isoformat() if plan.facts.issued else None,
                "indicators": len(plan.indicators),
                "targets": len(plan.targets),
            }
            for at, plan in enumerate(comparison.plans)
        ],
        "rows": [
            {
                "concept": row.concept.key,
                "name": row.concept.name,
                "entries": [_entry(entry) for entry in row.entries],
                "notes": list(row.notes),
            }
            for row in comparison.rows
        ],
        "unaligned": [
            {
                "plan": plan,
                "name": row.name,
                "unit": row.unit,
                "target": value_as_json(row.target),
                "line": row.line,
            }
            for plan, row in comparison.unaligned
        ],
        "problems": [problem_as_json(problem) for problem in comparison.problems],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "plan": entry.plan,
        "region": entry.region,
        "name": entry.name,
        "unit": entry.unit,
        "source": entry.source,
        "baseline": value_as_json(entry.baseline),
        "value": plain(entry.value),
        "high": plain(entry.high),
        "comparator": entry.comparator,
        "strict": entry.strict,
        "printed": entry.printed,
        "nature": entry.nature,
        "qualifiers": entry.qualifiers,
        "section": entry.section,
        "line": entry.line,
    }


def write_comparison_workbook(comparison: Comparison, path: str | Path) -> None:
    """Write side-by-side targets, all entries with their sources, notes, plans and doubts."""
    write_sheets(_sheets(comparison), path, title=_TITLE)


def side_by_side(comparison: Comparison) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """(headings, rows): one row for each concept, one column for each plan, targets as printed."""
    regions = [comparison.label(at) for at in range(len(comparison.plans))]
    rows: list[tuple[Cell, ...]] = [
        (row.concept.name, *(_cell(row, at) for at in range(len(regions))), "；".join(row.notes))
        for row in comparison.rows
    ]
    return ("指标", *regions, "比较时注意"), rows


def _cell(row: Row, plan: int) -> str:
    said = [
        _with_unit(entry) + ("（正文）" if entry.source == "正文" else "")
        for entry in row.of(plan)
        if not (entry.source == "正文" and any(other.source == "指标表" for other in row.of(plan)))
    ]
    return "；".join(said)


def _with_unit(entry: Entry) -> str:
    if not entry.printed:
        return "未读出"
    bare = isinstance(entry.value, Decimal) and entry.unit not in entry.printed
    return f"{entry.printed}{entry.unit if bare else ''}"


def _sheets(comparison: Comparison) -> list[Sheet]:
    headings, rows = side_by_side(comparison)
    return [
        ("对比", headings, rows),
        (
            "逐条",
            _ENTRY_HEADINGS,
            [_entry_row(row, entry) for row in comparison.rows for entry in row.entries],
        ),
        (
            "未对齐指标",
            ("地区", "指标", "单位", "目标", "行"),
            [
                (comparison.label(at), row.name, row.unit, row.target.printed if row.target else "", row.line)
                for at, row in comparison.unaligned
            ],
        ),
        ("规划", ("文件", "地区", "名称", "状态", "成文日期", "指标", "正文目标"), _plan_rows(comparison)),
        ("存疑", ("文件", *PROBLEM_HEADINGS), [(p.place.file, *problem_row(p)) for p in comparison.problems]),
    ]


def _plan_rows(comparison: Comparison) -> list[tuple[Cell, ...]]:
    return [
        (
            plan.file,
            comparison.label(at),
            plan.facts.title,
            STATUS[plan.facts.status],
            plan.facts.issued.isoformat() if plan.facts.issued else "",
            len(plan.indicators),
            len(plan.targets),
        )
        for at, plan in enumerate(comparison.plans)
    ]


def _entry_row(row: Row, entry: Entry) -> tuple[Cell, ...]:
    return (
        row.concept.name,
        entry.region,
        entry.name,
        entry.source,
        entry.unit,
        entry.baseline.printed if entry.baseline else "",
        entry.printed,
        entry.comparator,
        "是" if entry.strict else "",
        entry.nature,
        entry.qualifiers,
        entry.section,
        entry.line,
    )


def comparison_page(comparison: Comparison) -> str:
    """The comparison as one HTML document without scripts."""
    parts = [("对比总表", _overview(comparison))]
    parts += [(row.concept.name, _concept(row, at)) for at, row in enumerate(comparison.rows, start=1)]
    remaining = _sheets(comparison)[2:]
    for at, (name, headings, rows) in enumerate(remaining, start=1):
        content = (
            markup.table(f"{name}（{len(rows)}）", headings, rows, name=f"r{at}")
            if rows
            else markup.paragraph("没有。")
        )
        parts.append((name, content))
    return markup.document(
        _TITLE, parts, lead=markup.paragraph(f"共{len(comparison.plans)}个规划。数字都照原文，比较符号不改。")
    )


def _overview(comparison: Comparison) -> str:
    headings, rows = side_by_side(comparison)
    return markup.table("各规划目标对比，原文数字", headings, rows, name="overview")


def _concept(row: Row, at: int) -> str:
    entries = row.chartable
    content = ""
    if len(entries) > 1:
        unit = entries[0].unit
        full = Decimal(100) if unit == "%" else max(_number(entry) for entry in entries)
        bars = [(entry.region, _with_unit(entry), float(_number(entry) / full) if full else 0.0) for entry in entries]
        ruler = "满格为100%" if unit == "%" else f"满格为{full:g}{unit}"
        content += markup.bars(f"{row.concept.name}：图（{ruler}）", ("地区", "目标", "条形"), bars, name=f"c{at}")
    rows = [_entry_row(row, entry)[1:] for entry in row.entries]
    content += markup.table(f"{row.concept.name}：逐条", _ENTRY_HEADINGS[1:], rows, name=f"e{at}")
    return content + "<h3>比较时注意</h3>" + markup.bullets(row.notes)


def _number(entry: Entry) -> Decimal:
    return entry.value if isinstance(entry.value, Decimal) else Decimal(0)
