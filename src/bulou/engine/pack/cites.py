"""What a cite names: documents and their clauses."""

from __future__ import annotations


def parse_cite(cite: str) -> tuple[tuple[str, str], ...]:
    """(document, clause) of every part: "wuwei-plan 三(二)4; 专栏2一5" names one document twice.

    A part after a semicolon that begins with no document id belongs to the document before it; the clause is
    empty where a cite names a document alone.
    """
    found: list[tuple[str, str]] = []
    document = ""
    for part in cite.split(";"):
        first, _, rest = part.strip().partition(" ")
        if first and (not document or first.isascii()):
            document, clause = first, rest.strip()
        else:
            clause = part.strip()
        if document and (clause or (document, "") not in found):
            found.append((document, clause))
    return tuple(found)
