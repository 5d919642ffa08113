"""Every difference between what is due, enrolled, paid and expected: the lists of a month."""

from bulou.engine.differences.compare import compare_month
from bulou.engine.differences.month import COLUMNS, PERSON_COLUMNS, MonthResult

__all__ = ["COLUMNS", "PERSON_COLUMNS", "MonthResult", "compare_month"]
