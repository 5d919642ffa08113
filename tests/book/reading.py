"""Reads a book back as a person's browser would, and tells what its sentences are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lxml import html

from bulou.engine.book import phrases
from bulou.engine.book.contents import Book, book_of
from bulou.engine.book.page import pages
from bulou.engine.language.plain_chinese import PHRASES
from bulou.engine.pack import Pack, read_pack
from bulou.engine.pack.cites import parse_cite
from bulou.engine.pack.process_details import DETAILS, STEP, VARIANT

ON = date(2025, 6, 30)
NAMES = {"cn": "国家基线"}
MARKS = set(" \n，。；：、“”（）()〔〕·…-–—~～/+.,:;%％{}'\"0123456789？?_")
"""Marks and figures: they say nothing by themselves."""


@cache
def loaded(region: str) -> Pack:
    return read_pack(region)


def book(pack: Pack, on: date = ON) -> Book:
    return book_of(pack, on, {**NAMES, pack.region: pack.name})


def written(pack: Pack, on: date = ON) -> dict[str, str]:
    """The pages of a pack by file name."""
    return dict(pages(book(pack, on), "0"))


@cache
def written_for(region: str) -> dict[str, str]:
    """The pages of a region's own pack, made once."""
    return written(loaded(region))


def trees(texts: Mapping[str, str]) -> dict[str, Any]:
    return {name: html.fromstring(text) for name, text in texts.items()}


def sections(texts: Mapping[str, str]) -> dict[str, Any]:
    """Every rule's section by its anchor."""
    return {one.get("id"): one for tree in trees(texts).values() for one in tree.xpath("//section[@class='rule']")}


def sentences(section: Any) -> list[str]:
    """The text nodes of a section, without the white space between them."""
    return [text.strip() for text in section.itertext() if text.strip()]


def text_of(section: Any) -> str:
    return " ".join(sentences(section))


def said_by(thing: Any) -> Iterator[str]:
    """Every text inside a value of the pack."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, Mapping):
        for key, inner in thing.items():
            yield str(key)
            yield from said_by(inner)
    elif isinstance(thing, list | tuple):
        for inner in thing:
            yield from said_by(inner)
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from said_by(getattr(thing, one.name))


def template_words() -> Iterator[str]:
    """The pieces of all fixed phrases, of the language and of the book."""
    tables = [
        PHRASES,
        phrases.WORDS,
        phrases.FORCES,
        phrases.GIVES,
        phrases.PERIODS,
        phrases.COMPARATORS,
        phrases.ABSENT,
        phrases.RUNS,
        phrases.FIRST,
    ]
    pairs = [phrases.HEADINGS, phrases.KINDS, phrases.NEEDS, phrases.SUBJECTS, phrases.STATUSES]
    for table in tables:
        for phrase in table.values():
            yield from phrase.replace("{", "\0").replace("}", "\0").split("\0")[::2]
    yield from PHRASES["digits"]
    yield from (word for table in pairs for both in table.values() for word in both)
    for detail in (*DETAILS.values(), *STEP.values(), *VARIANT.values()):
        yield from (detail.words, detail.unit, *detail.codes.values())


class Explained:
    """Which texts can be put together from the pack's words, the fixed phrases, figures and marks."""

    def __init__(self, pack: Pack) -> None:
        words = {*said_by(pack), *template_words(), *NAMES.values()}
        words |= {clause for text in set(words) for _, clause in parse_cite(text)}
        words |= {fact.label for fact in pack.facts.values()}
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(filter(None, words), key=len, reverse=True):
            self._by_first.setdefault(word[0], []).append(word)

    def rest(self, text: str) -> str:
        """What is left of the text where no more of it can be explained; nothing when all is."""
        reached = [False] * (len(text) + 1)
        reached[0] = True
        furthest = 0
        for at, letter in enumerate(text):
            if not reached[at]:
                continue
            furthest = at
            if letter in MARKS:
                reached[at + 1] = True
            for word in self._by_first.get(letter, ()):
                if text.startswith(word, at):
                    reached[at + len(word)] = True
        return "" if reached[-1] else text[furthest:]


def folder_of(path: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(path.iterdir())}
