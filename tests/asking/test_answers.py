"""Answers as people type them, and what is said when one is not understood."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bulou.engine.asking import Question, read_answer
from bulou.engine.asking.places import Asked
from bulou.engine.asking.question import question_of
from bulou.engine.basics.problems import Problem
from tests.packs.known import known_pack

ON = date(2025, 6, 30)


def question(fact: str) -> Question:
    return question_of(known_pack("620600"), Asked(fact.partition(".")[0], "p1", fact), 1.0, ())


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        ("person.dibao", "是", True),
        ("person.dibao", " 没有。", False),
        ("person.dibao", "不是", False),
        ("person.grade", "2", 2),
        ("person.grade", "二级", 2),
        ("person.birth_date", "1968年3月5日", date(1968, 3, 5)),
        ("person.birth_date", "19680305", date(1968, 3, 5)),
        ("person.birth_date", "１９６８－０３－０５", date(1968, 3, 5)),
        ("person.cert_status", "1", "valid"),
        ("person.cert_status", "没办", None),
        ("person.cert_status", "未办证", "none"),
        ("person.category", "肢体", "physical"),
        ("person.multiple_of", "视力、听力", ("vision", "hearing")),
        ("household.per_capita_income", "1,200.50元", Decimal("1200.50")),
        ("employer.staff_avg", "300人", Decimal(300)),
        ("person.grade", "不知道", None),
        ("person.dibao", "", None),
    ],
)
def test_an_answer_is_read_as_people_type_it(fact: str, text: str, value: Any) -> None:
    found = read_answer(text, question(fact), ON, 1)
    if text == "没办":
        assert isinstance(found, Problem), "a word that is not among the choices is asked about, not guessed"
    else:
        assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("fact", "text", "expected"),
    [
        ("person.dibao", "大概吧", "是 或 否"),
        ("person.grade", "5", "1 到 4"),
        ("person.grade", "很重", "1 到 4"),
        ("person.birth_date", "2023-02-30", "没有这一天"),
        ("person.birth_date", "1968", "写全年、月、日"),
        ("person.birth_date", "2068-03-05", "不晚于办理日"),
        ("person.cert_status", "9", "1 有效"),
        ("person.multiple_of", "视力、味觉", "1 视力"),
        ("household.per_capita_income", "两三百", "以元为单位"),
        ("employer.staff_avg", "-3", "0"),
    ],
)
def test_what_is_not_understood_says_where_and_what_was_expected(fact: str, text: str, expected: str) -> None:
    problem = read_answer(text, question(fact), ON, 7)
    assert isinstance(problem, Problem)
    said = str(problem)
    assert all(part in said for part in ("第7行", "p1", question(fact).fact.label, text, expected, "不知道")), said
