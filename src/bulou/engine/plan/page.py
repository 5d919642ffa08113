"""One plan as an accessible page: facts, indicators, targets, duties by unit, boxes, doubts."""

from __future__ import annotations

from bulou.engine.plan import markup
from bulou.engine.plan.model import Plan
from bulou.engine.plan.wording import sheets


def plan_page(plan: Plan) -> str:
    """The plan as one HTML document without scripts."""
    parts = []
    for at, (name, headings, rows) in enumerate(sheets(plan), start=1):
        content = (
            markup.table(f"{name}（{len(rows)}）", headings, rows, name=f"t{at}")
            if rows
            else markup.paragraph("没有。")
        )
        parts.append((name, content))
    return markup.document(plan.facts.title or plan.file, parts)
