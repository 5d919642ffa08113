"""Lists that would make a careless matcher blow up or merge people."""

from __future__ import annotations

import polars as pl
import pytest

from bulou.engine.matching import match_rows
from bulou.engine.matching.candidates import LARGEST_BLOCK
from tests.intake.files import id_of
from tests.matching.people import matched, one, person, registry, rows

MANY = 600
VILLAGE = [
    person(f"v{n}", n, f"王{chr(0x4E00 + n)}", born=f"19{60 + n // 60 % 40}0101", village="王家村") for n in range(MANY)
]


@pytest.mark.parametrize("number", [id_of(1), id_of(999), "111111111111111111", "123456789012345678", "", None, "无"])
def test_a_column_of_one_number_says_nothing(number: str | None) -> None:
    given = [{"id_number": number, "name": one["name"], "birth_date": str(one["birth_date"])} for one in VILLAGE]
    links = matched(VILLAGE, *given).links
    assert not links.filter(pl.col("person_id").is_not_null(), pl.col("stage") == "exact_id", pl.col("row") != 2).height
    wrong = links.filter(pl.col("person_id") != pl.format("v{}", pl.col("row") - 1))
    assert wrong.is_empty()
    assert links.filter(pl.col("outcome") == "review").height < MANY / 10


def test_twins_are_never_taken_for_each_other() -> None:
    first = person("t1", 101, "双甲丽", village="东村", phone="12900000001")
    second = person("t2", 103, "双乙丽", village="东村", phone="12900000001")
    assert one([first, second], id_number=second["id_number"], name="双乙丽")[0] == "t2"
    for row in (
        {"id_number": first["id_number"], "name": "双乙丽"},
        {"id_number": first["id_number"], "name": "双乙丽", "birth_date": "1980-01-01", "village": "东村"},
        {"id_number": id_of(105), "name": "双丙丽", "birth_date": "1980-01-01", "village": "东村"},
        {"name": "双丙丽", "birth_date": "1980-01-01", "village": "东村", "phone": "12900000001"},
    ):
        assert one([first, second], **row)[0] is None


def test_a_village_of_one_surname_links_each_to_himself() -> None:
    given = [{"name": one["name"], "village": "王家村", "birth_date": str(one["birth_date"])} for one in VILLAGE]
    links = matched(VILLAGE, *given).links
    assert links.filter(pl.col("person_id") != pl.format("v{}", pl.col("row") - 1)).is_empty()
    assert links["outcome"].value_counts(sort=True).row(0) == ("linked", MANY)


def test_namesakes_by_the_hundred_are_not_compared_and_this_is_said() -> None:
    people = [person(f"n{n}", n % 1000, "王伟", born=f"1980{1 + n // 1000:02}01") for n in range(LARGEST_BLOCK + 1)]
    people = [{**one, "phone": "12911112222", "birth_date": None} for one in people]
    found = matched(people, {"name": "王伟", "phone": "12911112222"})
    assert found.links["outcome"].to_list() == ["none"]
    assert ("name_phone", "王伟 12911112222", LARGEST_BLOCK + 1, 1) in [
        (one.stage, one.block, one.persons, one.rows) for one in found.capped
    ]


@pytest.mark.parametrize(
    "name", ["王", "欧阳测试甲乙丙丁戊己", "？？？", "□", "", "王\ue000", "A", "=1+1", "王" * 2000]
)
def test_odd_names_break_nothing(name: str) -> None:
    owner = person("a", 1, name)
    assert one([owner, *VILLAGE[2:5]], id_number=owner["id_number"], name=name)[:2] == ("a", "linked")
    assert one([owner, *VILLAGE[2:5]], name=name)[0] is None


def test_lost_characters_do_not_stand_for_anybody() -> None:
    people = [person("a", 1, "王小明", village="东村"), person("b", 2, "李小明", village="东村")]
    found = matched(people, {"name": "???", "birth_date": "1980-01-01", "village": "东村"}, {"name": "?小明"})
    assert found.links["person_id"].null_count() == 2


def test_empty_tables_and_bare_columns() -> None:
    assert match_rows(registry(), rows({"id_number": id_of(1)})).links["outcome"].to_list() == ["not_registered"]
    assert match_rows(registry(*VILLAGE[:2]), rows()).links.is_empty()
    bare = pl.DataFrame({"person_id": ["a"], "id_number": [id_of(1)], "name": ["王小明"]})
    assert match_rows(bare, pl.DataFrame({"row": [7], "name": ["王小明"]})).links["row"].to_list() == [7]


def test_a_registry_with_one_number_twice_links_only_the_one_of_that_name() -> None:
    people = [person("a", 1, "王小明"), person("b", 1, "李四")]
    assert one(people, id_number=id_of(1), name="李四") == ("b", "linked", "exact_id")
    assert one([*people, person("c", 1, "李四")], id_number=id_of(1), name="李四")[1] == "review"
