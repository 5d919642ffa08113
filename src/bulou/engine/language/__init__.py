"""The rule language: a small closed subset of SQL expressions over dotted facts, with one written meaning.

Text comes in by `parse`, which gives a typed tree (`nodes`) or problems. The tree has two readings that must
agree: `meaning` (plain Python, one subject) and `sql` (text for Polars and DuckDB, everyone); `plain_chinese` says it.
"""

from bulou.engine.language.functions import FUNCTIONS
from bulou.engine.language.meaning import evaluate, open_facts
from bulou.engine.language.nodes import Node, facts_in, walk
from bulou.engine.language.parse import parse
from bulou.engine.language.plain_chinese import FactWords, in_chinese
from bulou.engine.language.scope import Scope
from bulou.engine.language.types import BOOL, FactType, Type

__all__ = [
    "BOOL",
    "FUNCTIONS",
    "FactType",
    "FactWords",
    "Node",
    "Scope",
    "Type",
    "evaluate",
    "facts_in",
    "in_chinese",
    "open_facts",
    "parse",
    "walk",
]
