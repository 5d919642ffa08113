"""Plan documents as data. In path order: read a document, see it as JSON, compare several, write them out."""

from bulou.engine.plan.as_json import plan_as_json
from bulou.engine.plan.comparison import Comparison, Entry, Row, compare_plans
from bulou.engine.plan.comparison_out import comparison_as_json, comparison_page, write_comparison_workbook
from bulou.engine.plan.model import (
    Account,
    Box,
    DocumentFacts,
    Duty,
    Figure,
    Indicator,
    Item,
    Plan,
    Section,
    Value,
)
from bulou.engine.plan.page import plan_page
from bulou.engine.plan.reader import read_plan, read_text
from bulou.engine.plan.workbook import write_workbook

__all__ = [
    "Account",
    "Box",
    "Comparison",
    "DocumentFacts",
    "Duty",
    "Entry",
    "Figure",
    "Indicator",
    "Item",
    "Plan",
    "Row",
    "Section",
    "Value",
    "compare_plans",
    "comparison_as_json",
    "comparison_page",
    "plan_as_json",
    "plan_page",
    "read_plan",
    "read_text",
    "write_comparison_workbook",
    "write_workbook",
]
