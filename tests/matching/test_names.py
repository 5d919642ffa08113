"""Names compared the way clerks mistake them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.engine.matching.names import Grade, grade, tidy_name

GRADES = [
    ("张伟", "张 伟", "same"),
    ("阿卜杜·热合曼", "阿卜杜热合曼", "same"),
    ("王小明（王二）", "王小明", "same"),
    ("張偉", "张伟", "simplified"),
    ("王小明", "汪晓明", "sound"),
    ("单雄", "善雄", "sound"),
    ("王?明", "王晓明", "wildcard"),
    ("赵□", "赵𬱖", "wildcard"),
    ("李\ue000", "李娜", "wildcard"),
    ("李未", "李末", "shape"),
    ("王建国", "王建军", "one_differs"),
    ("王建国", "王国", "one_missing"),
    ("王强", "王刚", "surname"),
    ("王", "王明", "surname"),
    ("王强", "赵刚", "other"),
    ("大", "太", "other"),
    ("?", "王明", "unknown"),
    ("", "王明", "unknown"),
    ("测试甲乙丙丁戊己庚辛", "测试甲乙丙丁戊己庚壬", "one_differs"),
]


@pytest.mark.parametrize(("name", "other", "expected"), GRADES)
def test_grades(name: str, other: str, expected: str) -> None:
    assert grade(tidy_name(name), tidy_name(other)) == expected


LETTERS = st.text("王汪李张張伟偉明?·大太未末小晓", max_size=5)


@settings(deadline=None)  # the first name loads the dictionaries
@given(LETTERS, LETTERS)
def test_a_grade_does_not_depend_on_the_side_and_only_sameness_is_same(name: str, other: str) -> None:
    one, two = tidy_name(name), tidy_name(other)
    assert grade(one, two) == grade(two, one)
    assert (grade(one, two) == Grade.SAME) == (one == two and one is not None and set(one) != {"?"})
