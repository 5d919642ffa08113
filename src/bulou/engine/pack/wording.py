"""How clauses and dates of a pack are said in plain Chinese."""

from __future__ import annotations

from datetime import date, timedelta

from bulou.engine.basics.days import Period
from bulou.engine.pack.cites import cite_words, parse_cite
from bulou.engine.pack.model import Pack


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
