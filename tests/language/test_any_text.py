"""Whatever is written, the parser gives a node that has a meaning, or one problem: it never raises and never logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.engine.basics.problems import Problem
from bulou.engine.language import Node, evaluate
from bulou.engine.language.functions import FUNCTIONS, ROLL_UPS
from bulou.engine.language.nodes import Value
from bulou.engine.language.tokens import INSTEAD, KEYWORDS, SIGNS
from tests.language.vocabulary import FACTS, HERE, read

WORDS = [
    *FACTS, *FUNCTIONS, *ROLL_UPS, *KEYWORDS, *SIGNS, *INSTEAD, "greatest", "least", "first_known",
    "(", "(", ")", ")", ",", "=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", ".", "'",
    "0", "1", "10", "100", "0.5", "-1", "1e9", "0x1", "'vision'", "'f'", "'2025-01-31'", "'2025-02-30'",
    "date '2025-01-31'",
    "person", "person.grad", "x", "order by 1", "limit 1", "at time zone", "drop table", "begin", "commit", "pivot",
    "\n", "\t", "（", "，", "'甲'", "甲",
]  # fmt: skip
SUBJECTS = st.sampled_from(["person", "household", "employer", "region"])


KNOWN: dict[str, Value] = {
    "bool": True,
    "int": 2,
    "number": Decimal("0.5"),
    "money": Decimal("600.00"),
    "date": date(2004, 2, 29),
    "codes": ("vision",),
    "text": "620602200402290013",
}


class Subject:
    """Somebody of whom everything is known, or nothing."""

    def __init__(self, known: bool) -> None:
        kinds = {name: fact.kind for name, fact in FACTS.items()}
        self.values: Mapping[str, Value] = {
            name: (KNOWN.get(kind, FACTS[name].codes[:1] and FACTS[name].codes[0]) if known else None)
            for name, kind in kinds.items()
        }

    def value(self, name: str) -> Value:
        return self.values[name]

    def members(self) -> Sequence[Subject]:
        return (EVERYTHING, NOTHING)


EVERYTHING, NOTHING = Subject(True), Subject(False)


@pytest.fixture(scope="module", autouse=True)
def _the_parser_logs_nothing() -> Iterator[None]:
    seen: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = seen.append  # type: ignore[method-assign]
    logging.getLogger("sqlglot").addHandler(handler)
    yield
    logging.getLogger("sqlglot").removeHandler(handler)
    assert [record.getMessage() for record in seen] == []


def check(text: str, subject: str, defines: bool) -> None:
    found = read(text, subject, defines=defines)
    if isinstance(found, Problem):
        assert found.code and found.got and found.expected and found.fix
        assert found.place == HERE
    else:
        assert isinstance(found, Node)
        evaluate(found, EVERYTHING)
        evaluate(found, NOTHING)


GOOD = [
    "CASE household.size WHEN 1 THEN 100 WHEN 2 THEN 0.5 * region.standard ELSE least(1, 2, region.standard) / 100 END",
    "NOT (household.size BETWEEN 1 AND 3 OR household.size IN (4, 5, 6)) AND TRUE <> (household.size = 2)",
    "count_members(has_code(person.categories, 'vision') AND person.category <> 'none') >= 2",
    "sum_members(person.income * person.rate, full_years(person.born, decision.day) >= 16) > region.standard",
    "any_member(first_known(person.born, birth_date_in(person.name)) < DATE '2009-07-01') OR unknown",
]

SHORT = settings(max_examples=250, deadline=None, derandomize=True)
LONG = settings(max_examples=20_000, deadline=None)

words_in_any_order = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
words_without_blanks = st.lists(st.sampled_from(WORDS), max_size=14).map("".join)


@st.composite
def good_ones_spoilt(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(GOOD))
    at, cut = draw(st.integers(0, len(text))), draw(st.integers(0, 4))
    return text[:at] + draw(st.sampled_from(["", *WORDS])) + text[at + cut :]


any_text = st.one_of(words_in_any_order, words_without_blanks, st.text(max_size=60), good_ones_spoilt())


@given(words_in_any_order, SUBJECTS, st.booleans())
@SHORT
def test_words_of_sql_in_any_order(text: str, subject: str, defines: bool) -> None:
    check(text, subject, defines)


@given(words_without_blanks | st.text(max_size=60), SUBJECTS, st.booleans())
@SHORT
def test_any_characters(text: str, subject: str, defines: bool) -> None:
    check(text, subject, defines)


@given(good_ones_spoilt())
@SHORT
def test_a_good_expression_with_one_place_spoilt(text: str) -> None:
    check(text, "household", True)


@pytest.mark.long
@given(any_text, SUBJECTS, st.booleans())
@LONG
def test_any_text_at_length(text: str, subject: str, defines: bool) -> None:
    check(text, subject, defines)


@pytest.mark.parametrize("text", GOOD)
def test_the_good_expressions_are_good(text: str) -> None:
    assert isinstance(read(text, "household", defines=True), Node)
