"""Matching: rows of department lists to people of the registry, with typos, missing numbers and name variants.

matched = match_rows(registry, rows)      # a link or none for every row, proposals for review, counts
"""

from bulou.engine.matching.match import match_rows
from bulou.engine.matching.matched import Capped, Matched, Outcome, Stage
from bulou.engine.matching.model import Model, read_model, train_model, write_model
from bulou.engine.matching.names import Grade, grade

__all__ = [
    "Capped",
    "Grade",
    "Matched",
    "Model",
    "Outcome",
    "Stage",
    "grade",
    "match_rows",
    "read_model",
    "train_model",
    "write_model",
]
