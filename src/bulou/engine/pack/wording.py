"""How clauses and dates of a pack are said in plain Chinese."""

from __future__ import annotations

from datetime import date, timedelta

from bulou.engine.basics.days import Period
from bulou.engine.pack.cites import cite_words, parse_cite
from bulou.engine.pack.model import Pack

SUBJECT_WORDS = {"person": "个人", "household": "家庭", "employer": "单位", "institution": "机构"}
PERIOD_WORDS = {
    "month": "每月",
    "year": "每年",
    "once": "一次",
    "trip": "每次出行",
    "visit": "每次探访",
    "event": "每次活动",
}


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
