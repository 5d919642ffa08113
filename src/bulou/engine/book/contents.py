"""The whole book as data: chapters of entries, and the indexes that lead to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bulou.engine.book import phrases
from bulou.engine.book.model import Entry, Grid, page_of
from bulou.engine.book.others import check_entry, duty_entry, indicator_entry, order_entry, process_entry
from bulou.engine.book.phrases import say
from bulou.engine.book.programmes import programme_entry
from bulou.engine.book.speech import DOCUMENT_COLUMNS, Speech, document_heads, without_empty
from bulou.engine.language import facts_in
from bulou.engine.pack import model as m
from bulou.engine.pack.read_programmes import with_all_conditions

_NUMERALS = {numeral: number for number, numeral in enumerate("零一二三四五六七八九十")}
_NUMBER = re.compile(r"[0-9]+|[零一二三四五六七八九十]+")


@dataclass(frozen=True)
class Chapter:
    """A page of entries: of one need, or the checks of the month."""

    page: str
    title: tuple[str, str]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class IndexGroup:
    """A heading of an index with the entries under it; `note` stands beside the heading."""

    title: str
    english: str
    entries: tuple[Entry, ...]
    note: str = ""


@dataclass(frozen=True)
class Word:
    """A fact as the book explains it."""

    name: str
    label: str
    english: str
    question: str
    supplier: str
    absent: str
    definitions: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What is open, with the entries it is about."""

    text: str
    cite: str
    about: tuple[Entry, ...]


@dataclass(frozen=True)
class Book:
    """Everything the pages say. Equal pack and day, equal book."""

    pack: m.Pack
    on: date
    chain: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    documents: Grid
    values: tuple[Grid, ...]
    words: tuple[Word, ...]
    questions: tuple[Question, ...]

    @property
    def entries(self) -> list[Entry]:
        return [entry for chapter in self.chapters for entry in chapter.entries]


def book_of(pack: m.Pack, on: date, names: Mapping[str, str]) -> Book:
    """The book of a pack for a day. `names` gives the name of each pack of the chain by its region."""
    speech = Speech(pack, on, names)
    entries = [
        *(programme_entry(programme, speech) for programme in pack.programmes.values()),
        *(duty_entry(duty, speech) for duty in pack.duties.values()),
        *(process_entry(process, speech) for process in pack.processes.values()),
        *(indicator_entry(indicator, speech) for indicator in pack.indicators.values()),
        *(order_entry(priority, speech) for priority in pack.priorities.values()),
        *(check_entry(check, speech) for check in pack.checks.values()),
    ]
    return Book(
        pack,
        on,
        tuple(names.get(region, region) for region in reversed(pack.chain)),
        tuple(_chapters(entries)),
        _documents(pack, speech),
        tuple(speech.value_table(parameter) for parameter in pack.parameters.values()),
        tuple(_words(pack, speech)),
        tuple(_questions(pack, entries, speech)),
    )


def _documents(pack: m.Pack, speech: Speech) -> Grid:
    rows = tuple((*speech.document_row(one), one.issuer) for _, one in _own_first(pack))
    return without_empty(Grid(say("documents"), document_heads((*DOCUMENT_COLUMNS, "issuer")), rows))


def _chapters(entries: list[Entry]) -> Iterable[Chapter]:
    kinds = list(phrases.KINDS)
    for need, title in phrases.NEEDS.items():
        found = [entry for entry in entries if entry.need == need and entry.kind != "check"]
        if found:
            yield Chapter(page_of(found[0]), title, tuple(sorted(found, key=lambda one: kinds.index(one.kind))))
    checks = tuple(entry for entry in entries if entry.kind == "check")
    if checks:
        yield Chapter("checks", phrases.KINDS["check"], checks)


def by_clause(book: Book) -> list[tuple[str, list[IndexGroup]]]:
    """For each document its clauses in their order, with what rests on them."""
    found: dict[str, dict[str, list[Entry]]] = {}
    for entry in book.entries:
        for named, clause in entry.clauses:
            found.setdefault(named, {}).setdefault(clause, []).append(entry)
    told: list[tuple[str, list[IndexGroup]]] = []
    for id, document in _own_first(book.pack):
        if id in found:
            clauses = sorted(found[id].items(), key=lambda one: clause_order(one[0]))
            title = say("join").join(filter(None, (document.title, document.number)))
            told.append((title, [IndexGroup(clause, "", tuple(entries)) for clause, entries in clauses]))
    return told


def _own_first(pack: m.Pack) -> list[tuple[str, m.Document]]:
    """The documents of this pack, then its parent's, and so on up."""
    nearest = {region: at for at, region in enumerate(reversed(pack.chain))}
    return sorted(pack.documents.items(), key=lambda one: nearest.get(one[1].origin.file.split("/")[0], len(nearest)))


def clause_order(clause: str) -> tuple[object, ...]:
    """Clauses as a document numbers them: 三(二)4 after 三(一)10, boxes after the text."""
    numbers = [_number(text) for text in _NUMBER.findall(clause)]
    return ("专栏" in clause or "表" in clause, numbers, clause)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, found, ones = text.rpartition("十")
    value = 10 * (_NUMERALS.get(tens, 1) if tens else 1) if found else 0
    return value + _NUMERALS.get(ones, 0)


def grouped(
    entries: Iterable[Entry], key: Callable[[Entry], str], words: Mapping[str, tuple[str, str]]
) -> list[IndexGroup]:
    """Entries under the words of their key, in the order of the words."""
    together: dict[str, list[Entry]] = {name: [] for name in words}
    for entry in entries:
        together[key(entry)].append(entry)
    return [IndexGroup(*words[name], tuple(found)) for name, found in together.items() if found]


def _words(pack: m.Pack, speech: Speech) -> Iterable[Word]:
    """The facts that the rules read, directly or through definitions, in the order of the pack."""
    used = _facts_used(pack, speech)
    for name, fact in pack.facts.items():
        if name in used:
            supplier = pack.suppliers.get(fact.supplier)
            texts = [text for derivation in fact.derivations for text in derivation.texts]
            yield Word(
                name,
                fact.label,
                fact.label_en,
                fact.question,
                supplier.label if supplier else "",
                phrases.ABSENT[fact.absent],
                tuple(speech.defined(text, fact) for text in texts),
            )


def _facts_used(pack: m.Pack, speech: Speech) -> set[str]:
    wanted = [(c.test, p.subject) for p in pack.programmes.values() for c in with_all_conditions(p).conditions]
    wanted += [(rule.expression, p.subject) for p in pack.programmes.values() for rule in p.amounts]
    wanted += [(text, duty.subject) for duty in pack.duties.values() for text in (duty.applies, duty.test)]
    wanted += [(text, "person") for one in pack.indicators.values() for text in (one.numerator, one.denominator)]
    wanted += [(one.test, "region") for one in pack.indicators.values()]
    wanted += [(check.test, "person") for check in pack.checks.values()]
    orders = pack.priorities.values()
    wanted += [(text, one.subject) for one in orders for text in (one.among, *(key.expression for key in one.keys))]
    names = [name for text, subject in wanted if text for name in facts_in(speech.tree(text, subject))]
    used: set[str] = set()
    while names:
        name = names.pop()
        if name in used or name not in pack.facts:
            continue
        used.add(name)
        fact = pack.facts[name]
        for derivation in fact.derivations:
            for text in derivation.texts:
                names += facts_in(speech.tree(text, fact.subject, fact.type.type, defines=True))
    return used


def _questions(pack: m.Pack, entries: list[Entry], speech: Speech) -> Iterable[Question]:
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(entry.code, []).append(entry)
    for question in pack.questions.values():
        about = tuple(entry for name in question.about for entry in by_name.get(name, ()))
        yield Question(question.says, speech.cite(question.cite), about)
