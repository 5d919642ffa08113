"""Values that meet get one type: a text becomes the code or date beside it, unknown takes any type."""

from __future__ import annotations

from datetime import date

import pytest

from bulou.engine.basics.problems import Problem
from bulou.engine.language import BOOL, Node, Type, walk
from bulou.engine.language import nodes as n
from tests.language.vocabulary import SIGHT, read


def node(text: str, *, defines: bool = False, wants: Type | None = None) -> Node:
    found = read(text, defines=defines, wants=wants)
    assert not isinstance(found, Problem), found
    return found


def kinds_of_literals(tree: Node) -> set[str]:
    return {part.type.kind for part in walk(tree) if isinstance(part, n.Literal)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("'vision' = person.category", "code"),
        ("CASE WHEN person.ok THEN 'vision' ELSE person.category END = person.category", "code"),
        ("CASE WHEN person.ok THEN person.category ELSE 'vision' END = person.category", "code"),
        ("person.category = CASE WHEN person.ok THEN 'vision' ELSE 'hearing' END", "code"),
        ("'2025-01-31' < person.born", "date"),
        ("CASE WHEN person.ok THEN '2025-01-31' ELSE person.born END < decision.day", "date"),
        ("greatest('2025-01-31', person.born) < decision.day", "date"),
        ("greatest(person.born, '2025-01-31', decision.day) = decision.day", "date"),
        ("full_years('2000-02-29', decision.day) = full_years(person.born, '2025-02-28')", "date"),
        ("has_code(person.categories, 'vision')", "code"),
        ("person.name = 'vision'", "text"),
    ],
)
def test_a_text_takes_the_type_of_what_it_meets(text: str, kind: str) -> None:
    assert kinds_of_literals(node(text)) == {kind}


def test_a_date_in_a_text_is_a_day() -> None:
    tree = node("person.born = '2024-02-29'")
    assert isinstance(tree, n.Compare)
    assert isinstance(tree.right, n.Literal)
    assert tree.right.value == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("unknown", BOOL),
        ("unknown", Type("date")),
        ("CASE WHEN person.ok THEN person.income ELSE unknown END", Type("money", 2)),
        ("CASE WHEN person.ok THEN unknown ELSE person.born END", Type("date")),
        ("first_known(unknown, person.category)", Type("code", codes=SIGHT)),
        ("CASE WHEN person.ok THEN 'vision' ELSE 'none' END", Type("code", codes=SIGHT)),
        ("CASE WHEN person.ok THEN '2025-01-31' ELSE '2025-02-28' END", Type("date")),
        ("person.grade", Type("money", 2)),
    ],
)
def test_the_place_gives_its_type_to_what_has_none(text: str, wants: Type) -> None:
    assert node(text, defines=True, wants=wants).type.kind in (wants.kind, "number")


def test_a_choice_between_codes_can_be_any_of_them() -> None:
    choice = "CASE WHEN person.ok THEN person.category ELSE person.work END"
    tree = node(f"{choice} = 'full'")
    assert isinstance(tree, n.Compare)
    assert tree.left.type.codes == ("vision", "hearing", "none", "full")


def test_numbers_that_meet_money_are_money() -> None:
    assert node("CASE WHEN person.ok THEN 100 ELSE person.income END").type == Type("money", 2)
    assert node("greatest(0, person.income)").type == Type("money", 2)
    assert node("person.income * 0.3 + 1").type == Type("money", 3)
    assert node("person.grade * 0.25").type == Type("number", 2)
    assert node("person.income / 1000").type == Type("money", 5)
