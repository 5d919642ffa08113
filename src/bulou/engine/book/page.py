"""The pages of a book as HTML: the template holds their form, `contents` what they say. Everything is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bulou.engine.book import phrases
from bulou.engine.book.contents import Book, by_clause, grouped
from bulou.engine.book.phrases import say
from bulou.engine.report.page import STYLE, templates_in

_HERE = Path(__file__).parent
INDEXES = {
    "all": ("全部规则", "Every rule"),
    "clauses": ("按条款", "By clause"),
    "who": ("按对象", "By who"),
    "status": ("按状态", "By status"),
    "values": ("数值", "Values"),
    "questions": ("还没有定的", "Open questions"),
    "words": ("词语", "Words"),
}


def pages(book: Book, version: str) -> Iterator[tuple[str, str]]:
    """(file name, text) of every page. `version` is Bulou's."""
    from markupsafe import Markup

    templates = templates_in(_HERE)
    template = templates.get_template("book.html.j2")
    whole: dict[str, Any] = {
        "book": book,
        "pack": book.pack,
        "on": book.on.isoformat(),
        "version": version,
        "phrases": phrases,
        "say": say,
        "indexes": INDEXES,
        "css": Markup(STYLE + (_HERE / "book.css").read_text(encoding="utf-8")),
        "script": Markup((_HERE / "search.js").read_text(encoding="utf-8")),
        "kinds": {kind: len([one for one in book.entries if one.kind == kind]) for kind in phrases.KINDS},
    }
    yield "index.html", template.render(whole, page="index", title=("", ""))
    for chapter in book.chapters:
        yield f"{chapter.page}.html", template.render(whole, page=chapter.page, title=chapter.title, chapter=chapter)
    for name, title in INDEXES.items():
        yield f"{name}.html", template.render(whole, page=name, title=title, groups=_groups(name, book))


def _groups(name: str, book: Book) -> Any:
    match name:
        case "clauses":
            return by_clause(book)
        case "who":
            return grouped(book.entries, lambda entry: entry.subject, phrases.SUBJECTS)
        case "status":
            return grouped(book.entries, lambda entry: entry.status, phrases.STATUSES)
    return ()
