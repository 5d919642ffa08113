"""How clauses, dates and rules of a pack are said in plain Chinese."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bulou.engine.basics.days import Period
from bulou.engine.pack.cites import cite_words, parse_cite
from bulou.engine.pack.model import Pack

_WORDS = (
    (r"\bCASE WHEN\b", "如果"), (r"\bWHEN\b", "；如果"), (r"\bTHEN\b", "，则"), (r"\bELSE\b", "；否则"),
    (r"\bEND\b", ""), (r"\bAND\b", "，且"), (r"\bOR\b", "，或"), (r"\bNOT\b", "不是"),
    (r"\bgreatest\b", "取较大"), (r"\bleast\b", "取较小"),
    (r"\bfull_years\b", "满几周年"), (r">=", "≥"), (r"<=", "≤"), (r"\*", "×"), (r"(?<=\s)/(?=\s)", "÷"),
)  # fmt: skip


def cited(pack: Pack, cite: str) -> str:
    """A cite as people write it: the document's number (or title) and the clause."""
    return cite_words(cite, pack.documents)


def titles(pack: Pack, cite: str) -> str:
    """The titles of the documents that a cite names."""
    named = dict.fromkeys(document for document, _ in parse_cite(cite))
    return "；".join(pack.documents[name].title for name in named if name in pack.documents)


def since(period: Period) -> str:
    """A period as the first and last day it holds; nothing for an open end."""
    last = period.end - timedelta(days=1) if period.end else None
    if period.start and last:
        return f"{period.start}至{last}"
    return f"{period.start}起" if period.start else f"至{last}" if last else ""


def last_day(end: date | None) -> str:
    return "" if end is None else (end - timedelta(days=1)).isoformat()


def rule_words(pack: Pack, expression: str) -> str:
    """An expression of the pack with the labels of its facts: the rule in words."""
    said = re.sub(
        r"\b(?:person|household|employer|institution|region)\.\w+",
        lambda found: pack.facts[found[0]].label if found[0] in pack.facts else found[0],
        expression,
    ).replace("decision.day", "所属期止")
    for pattern, word in _WORDS:
        said = re.sub(pattern, word, said)
    return re.sub(r"\s*([，；（）×÷≥≤])\s*", r"\1", said).strip()
