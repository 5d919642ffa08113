"""A pack speaking: its expressions, cites, values and days in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bulou.engine.basics.days import Period
from bulou.engine.book.model import Grid, Lines, Statement
from bulou.engine.book.phrases import say
from bulou.engine.language import Node, Type, facts_in, in_chinese
from bulou.engine.language import nodes as n
from bulou.engine.pack import model as m
from bulou.engine.pack.cites import cite_words, clause_words, parse_cite
from bulou.engine.pack.expressions import tree_of
from bulou.engine.pack.process_details import PROOF


class Speech:
    """The words of one pack on one day."""

    def __init__(self, pack: m.Pack, on: date, names: Mapping[str, str]) -> None:
        """`names` gives the name of each pack of the chain by its region."""
        self.pack, self.on = pack, on
        self._names = names
        self._trees: dict[tuple[str, str, Type | None, bool], Node] = {}

    def tree(self, text: str, subject: str, wants: Type | None = None, defines: bool = False) -> Node:
        """The expression as a tree. Raises `Refused` when it cannot be read; a checked pack has none such."""
        key = (text, subject, wants, defines)
        if key not in self._trees:
            self._trees[key] = tree_of(self.pack, text, subject, wants, defines)
        return self._trees[key]

    def said(self, text: str, subject: str) -> str:
        """An expression in plain Chinese; nothing for nothing."""
        return in_chinese(self.tree(text, subject), self.pack.words) if text else ""

    def defined(self, text: str, fact: m.FactDefinition) -> str:
        """The definition of a fact in plain Chinese."""
        return in_chinese(self.tree(text, fact.subject, fact.type.type, defines=True), self.pack.words)

    def cite(self, cite: str) -> str:
        """A cite with the documents' numbers (or titles) in place of their ids."""
        return cite_words(cite, self.pack.documents)

    def clauses(self, clauses: Iterable[tuple[str, str]]) -> str:
        """Documents and clauses in words."""
        return clause_words(clauses, self.pack.documents)

    def source(self, origin: m.Origin) -> str:
        """The name of the pack from which a line is inherited; nothing for this pack's own."""
        region = origin.file.split("/")[0]
        return "" if region == self.pack.region else say("inherited", self._names.get(region, region))

    def given(self, name: str, value: Any) -> str:
        """A fact and the value that an example gives it, as a statement."""
        fact = self.pack.facts.get(name)
        if fact is None or value is None or isinstance(value, list | dict):
            listed = say("join").join(map(str, value)) if isinstance(value, list) else str(value)
            return say("given", fact.label if fact else name, self._codes(fact, value) or listed)
        node = n.Fact(name, type=fact.type.type)
        if isinstance(value, bool):
            return in_chinese(node if value else n.Not(node), self.pack.words)
        literal = n.Literal(_as_written(value, fact.type.kind), type=fact.type.type)
        return in_chinese(n.Compare("=", node, literal), self.pack.words)

    def _codes(self, fact: m.FactDefinition | None, value: Any) -> str:
        if fact is None or not isinstance(value, list):
            return ""
        return say("join").join(fact.codes_zh.get(str(code), str(code)) for code in value)

    # values ----------------------------------------------------------------------------------------------------

    def parameters_in(self, texts: Iterable[tuple[str, str]]) -> Iterator[m.Parameter]:
        """Values of the region that expressions (text, subject) read, also through definitions; each once."""
        seen: set[str] = set()
        wanted = [name for text, subject in texts if text for name in facts_in(self.tree(text, subject))]
        while wanted:
            name = wanted.pop(0)
            fact = self.pack.facts.get(name)
            if name in seen or fact is None:
                continue
            seen.add(name)
            parameter = self.pack.parameters.get(name.removeprefix("region."))
            if name.startswith("region.") and parameter:
                yield parameter
            for derivation in fact.derivations:
                for text in derivation.texts:
                    wanted += facts_in(self.tree(text, fact.subject, fact.type.type, defines=True))

    def value_table(self, parameter: m.Parameter) -> Grid:
        """A value of the region over time; without values it says who has to set it."""
        label = self.pack.facts[parameter.name].label if parameter.name in self.pack.facts else parameter.name
        caption = f"{label}（{parameter.unit}）" if parameter.unit else label
        heads = tuple(say(f"{head} head") for head in ("from", "to", "value", "cite", "proof"))
        rows = tuple(
            (
                day_words(value.period.start),
                day_words(value.period.end) if value.period.end else "",
                self.value_words(parameter.name, value.value),
                self.cite(value.cite),
                say("join").join(filter(None, (PROOF[value.confidence], value.note))),
            )
            for value in parameter.values
        )
        unset = "" if rows else say("unset", parameter.set_by or say("nobody"))
        return Grid(caption, heads, rows, note=say("join").join(filter(None, (unset, parameter.note))))

    def value_words(self, name: str, value: Any) -> str:
        fact = self.pack.facts.get(name)
        if fact and not isinstance(value, bool) and isinstance(value, str | Decimal) and fact.type.kind == "code":
            return fact.codes_zh.get(str(value), str(value))
        if fact and isinstance(value, bool):
            return self.given(name, value)
        return day_words(value) if isinstance(value, date) else str(value)

    def questions(self, names: Iterable[str]) -> Lines | None:
        """The open questions about any of these things."""
        wanted = set(names)
        found = [question for question in self.pack.questions.values() if wanted & set(question.about)]
        items = tuple(Statement(question.says, cite=self.cite(question.cite)) for question in found)
        return Lines("questions", items) if items else None

    def rules(self, covers: tuple[str, ...]) -> Grid | None:
        """The rules of the document that a thing implements."""
        rows = tuple(
            (rule.id, rule.clause, rule.lines, rule.about + (say("added") if rule.added else ""))
            for rule in (self.pack.rules[id] for id in covers if id in self.pack.rules)
        )
        heads = tuple(say(f"{head} head") for head in ("rule", "clause", "lines", "about"))
        return without_empty(Grid("", heads, rows, heading="rules")) if rows else None

    def sources(self, clauses: tuple[tuple[str, str], ...]) -> Grid:
        """The documents with the clauses that a thing rests on."""
        by_document: dict[str, list[str]] = {}
        for id, clause in clauses:
            by_document.setdefault(id, [])
            if clause and clause not in by_document[id]:
                by_document[id].append(clause)
        rows = tuple(
            (*self.document_row(self.pack.documents[id]), say("join").join(found))
            for id, found in by_document.items()
            if id in self.pack.documents
        )
        return without_empty(Grid("", document_heads((*DOCUMENT_COLUMNS, "clause")), rows, heading="sources"))

    def document_row(self, document: m.Document) -> tuple[str, ...]:
        day = document.issued_on.isoformat() if document.issued_on else say("no date")
        return document.title, document.number, day, document.link


DOCUMENT_COLUMNS = ("document", "number", "date", "link")


def document_heads(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(say(f"{column} head") for column in columns)


def without_empty(table: Grid) -> Grid:
    """The table without the columns in which nothing stands."""
    kept = [at for at in range(len(table.heads)) if any(row[at] for row in table.rows)]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return replace(table, heads=tuple(table.heads[at] for at in kept), rows=rows)


def clauses_of(cites: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(document, clause) of several cites, each once, in order."""
    return tuple(dict.fromkeys(part for cite in cites if cite for part in parse_cite(cite)))


def day_words(day: date | None) -> str:
    return say("open") if day is None else day.isoformat()


def period_words(period: Period) -> str:
    """A period as people say it: from its first day, up to the day before its end."""
    start = say("from on", period.start.isoformat()) if period.start else ""
    end = say("until", period.end.isoformat()) if period.end else ""
    return say("and").join(filter(None, (start, end))) or say("always")


def _as_written(value: Any, kind: str) -> bool | Decimal | date | str:
    if kind in ("int", "number", "money"):
        try:
            return Decimal(str(value))
        except ArithmeticError:
            return str(value)
    if kind == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value if isinstance(value, date) else str(value)
