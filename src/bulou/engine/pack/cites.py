"""What a cite names: documents and their clauses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bulou.engine.pack.model import Document


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


def cite_words(cite: str, documents: Mapping[str, Document]) -> str:
    """A cite with the documents' numbers, or titles, in place of their ids."""
    return clause_words(parse_cite(cite), documents)


def clause_words(clauses: Iterable[tuple[str, str]], documents: Mapping[str, Document]) -> str:
    """Documents and clauses in words; a document is named once for clauses that follow each other."""
    told, before = [], ""
    for id, clause in clauses:
        found = documents.get(id)
        name = (found.number or found.title) if found else id
        told.append(clause if id == before and clause else f"{name} {clause}".strip())
        before = id
    return "；".join(told)
