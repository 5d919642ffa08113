"""Rows made to deceive: a wrong link is worse than none, so each is linked to whom it is about, or to nobody."""

from __future__ import annotations

from itertools import product
from typing import Any

import polars as pl
import pytest

from bulou.engine.intake.resident_id import id_fault
from bulou.engine.matching import match_rows
from bulou.engine.synthetic.linkage import make_match_case
from tests.intake.files import id_of
from tests.matching.people import matched, one, person, registry, rows, wrong_digit

HOME = {"village": "东村", "phone": "12900000001"}
TWIN, SISTER = person("t", 101, "张晓丽", **HOME), person("s", 103, "张小丽", **HOME)
FATHER, DAUGHTER = person("f", 1, "王大明", born="19700505", **HOME), person("d", 2, "王小花", born="19980606", **HOME)
OTHER = person("o", 4, "李卫东", born="19650303", village="西村", phone="12900000009")
FAMILY = [TWIN, SISTER, FATHER, DAUGHTER, OTHER]
BORN = {"birth_date": "1980-01-01", "village": "东村"}
T, S, F, D = (who["id_number"] for who in FAMILY[:4])
BETWEEN = S[:17] + T[17]
"""One slip from either twin's number."""


@pytest.mark.parametrize(("row", "person_id", "outcome"), [
    ({"id_number": S, "name": "张小丽"}, "s", "linked"),
    ({"id_number": S, "name": "张晓丽", **BORN}, None, "review"),
    ({"id_number": BETWEEN, "name": "张小丽"}, "s", "linked"),
    ({"id_number": BETWEEN, "name": "张晓丽"}, "t", "linked"),
    ({"id_number": BETWEEN, "name": "张筱丽", **BORN}, None, "review"),
    ({"name": "张筱丽", **BORN}, None, "review"),
    ({"name": "张?丽", **BORN}, None, "review"),
])  # fmt: skip
def test_twins_of_one_sound_with_sister_numbers(row: dict[str, Any], person_id: str | None, outcome: str) -> None:
    assert one(FAMILY, **row)[:2] == (person_id, outcome)


@pytest.mark.parametrize("number", [
    wrong_digit(S), wrong_digit(S, 2), S[:14] + S[15] + S[14] + S[16:], wrong_digit(S, 12),
])  # fmt: skip
def test_a_twin_outside_the_registry_is_not_the_one_inside(number: str) -> None:
    assert id_fault(number) is not None
    assert one([TWIN, OTHER], id_number=number, name="张小丽", **BORN)[:2] == (None, "review")
    assert one([TWIN, OTHER], id_number=S, name="张小丽", **BORN)[:2] == (None, "not_registered")


@pytest.mark.parametrize(("row", "person_id"), [
    ({"id_number": F, "name": "王小花", "village": "东村"}, None),
    ({"id_number": F, "name": "王小花", "phone": "12900000001"}, None),
    ({"id_number": F, "name": "王小花", "sex": FATHER["sex"], "phone": "12900000001"}, None),
    ({"id_number": F, "name": "王小花", "birth_date": "1970-05-05", "phone": "12900000001"}, None),
    ({"id_number": F, "name": "王小花", "birth_date": "1998-06-06", "sex": FATHER["sex"]}, None),
    ({"id_number": F, "name": "王小花", "birth_date": "1998-06-06"}, "d"),
    ({"id_number": F, "name": "王小花", "sex": DAUGHTER["sex"], "phone": "12900000001"}, "d"),
    ({"id_number": F, "name": "李卫东", "village": "西村", "birth_date": "1970-05-05"}, None),
    ({"id_number": F, "name": "李卫东", "village": "西村", "birth_date": "1965-03-03"}, "o"),
    ({"id_number": F, "name": "赵钱孙", "birth_date": "1980-01-01"}, None),
    ({"id_number": F, "name": "王小明", "village": "北村", "phone": "12900000008"}, None),
])  # fmt: skip
def test_a_right_number_with_what_is_somebody_elses(row: dict[str, Any], person_id: str | None) -> None:
    found = one(FAMILY, **row)
    assert found[0] == person_id
    assert found[1] == ("relative" if person_id else "review")


@pytest.mark.parametrize("shared", [{}, {"village": "东村"}, {"phone": "12900000001"}])
def test_names_swapped_between_two_rows_are_asked_about(shared: dict[str, str]) -> None:
    swapped = [{"id_number": F, "name": "王小花", **shared}, {"id_number": D, "name": "王大明", **shared}]
    assert matched(FAMILY, *swapped).links["outcome"].to_list() == ["review", "review"]


def test_a_column_of_names_that_slipped_by_a_line_is_asked_about() -> None:
    people = [person(f"p{n}", n, f"{'王李张刘陈'[n % 5]}{chr(0x4E00 + 7 * n)}", village="东村") for n in range(1, 60)]
    names = [who["name"] for who in people[1:]]
    slipped = [
        {"id_number": who["id_number"], "name": name, "village": "东村"}
        for who, name in zip(people, names, strict=False)
    ]
    assert set(matched(people, *slipped).links["outcome"]) == {"review"}


@pytest.mark.parametrize(("row", "person_id", "outcome"), [
    ({"name": "王", **BORN}, None, "review"),
    ({"name": "王??", **BORN}, None, "review"),
    ({"name": "??明", **BORN}, None, "review"),
    ({"name": "王?明", **BORN}, "w", "linked"),
    ({"name": "□□□", **BORN}, None, "none"),
    ({"name": "王小明（女）", **BORN}, "w", "linked"),
    ({"name": "王小明之妻", **BORN}, None, "none"),
    ({"name": "王小明王小红", **BORN}, None, "none"),
    ({"name": "欧阳测试甲乙丙丁戊己", **BORN}, None, "none"),
    ({"name": "王小明", "village": "东村"}, None, "none"),
    ({"name": "王小明", **BORN, "id_number": id_of(8)}, None, "not_registered"),
    ({"name": "王小明", **BORN, "id_number": id_of(7)[:14] + "9980"}, None, "review"),
    ({"name": "王小红", "id_number": id_of(7)[:15] + "000"}, None, "review"),
    ({"name": "王小红", **BORN, "id_number": id_of(7)[:15] + "000"}, None, "review"),
    ({"name": "王小红", **BORN, "id_number": f"{id_of(7)[0]}.{id_of(7)[1:15]}E+17"}, None, "review"),
    ({"name": "王小明", "id_number": f"{id_of(7)[0]}.{id_of(7)[1:15]}E+17"}, "w", "linked"),
    ({"name": "汪晓明", "id_number": id_of(7)[:6] + "********" + id_of(7)[14:]}, None, "review"),
    ({"name": "王小明", "id_number": id_of(7)[:6] + "*" * 12}, None, "none"),
    ({"name": "王小明", "id_number": "6.20602E+17", "village": "东村"}, None, "none"),
    ({"name": "王小明", "birth_date": "1980-01-02", "id_number": wrong_digit(wrong_digit(id_of(7), 9), 12)},
     None, "review"),
])  # fmt: skip
def test_little_of_a_name_or_of_a_number_is_nobody(row: dict[str, Any], person_id: str | None, outcome: str) -> None:
    people = [person("w", 7, "王小明", village="东村"), person("v", 9, "汪", born="19800101", village="东村")]
    assert one(people, **row)[:2] == (person_id, outcome)


FIELDS = ("id_number", "name", "sex", "birth_date", "village", "phone")


@pytest.mark.parametrize(("mine", "theirs"), [(FATHER, DAUGHTER), (TWIN, SISTER), (TWIN, OTHER), (DAUGHTER, OTHER)])
def test_every_mixture_of_two_people(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Each field is the one's, the other's or missing; every mixture is a list of its own."""
    mixed = [
        {name: None if who is None else str(who[name]) for name, who in zip(FIELDS, sides, strict=True)}
        for sides in product((mine, theirs, None), repeat=len(FIELDS))
    ]
    apart = rows(*mixed).with_columns(pl.int_range(pl.len()).cast(pl.String).alias("list"))
    links = match_rows(registry(*FAMILY), apart).links
    for row, link in zip(mixed, links.iter_rows(named=True), strict=True):
        whom = next((who for who in FAMILY if who["person_id"] == link["person_id"]), None)
        if whom is None:
            continue
        says = {name: row[name] == str(whom[name]) for name in FIELDS if row[name] is not None}
        assert says.get("name") or (says["id_number"] and row["name"] in (None, "张晓丽", "张小丽")), row
        if not says.get("id_number"):
            assert says.get("birth_date", True) and says.get("sex", True), row
            assert sum(says.values()) >= 2, row
        if says.get("id_number") is False:
            owner = mine if row["id_number"] == mine["id_number"] else theirs
            only_theirs = [name for name in says if says[name] and str(owner[name]) != row[name]]
            assert len(only_theirs) >= 2, row


def test_a_list_of_all_inhabitants_without_numbers() -> None:
    """The registered are few among namesakes of their village: by village and name alone nobody is linked."""
    case = make_match_case(3_000, 77)
    inside = case.registry.filter(pl.int_range(pl.len()) % 10 == 0)
    bare = case.rows.select("row", "name", "sex", "village")
    links = match_rows(inside, bare).links
    assert links["person_id"].drop_nulls().is_empty()
    assert links.filter(outcome="review").height > 50


def test_a_village_of_one_surname_and_five_thousand_rows_links_nobody_wrongly() -> None:
    """Two characters of 60 make the names, so that everybody has namesakes; numbers are wrong or missing."""
    signs = [chr(0x4E00 + 11 * n) for n in range(60)]
    people = [
        person(f"p{n}", n % 1000, f"王{signs[n % 60]}{signs[n // 60 % 60]}", born=f"19{40 + n // 1000 * 7 + n % 7}0101")
        for n in range(5_000)
    ]
    people = [{**who, "village": "王家村", "phone": None} for who in people]
    given = [
        {"name": who["name"], "village": "王家村", "birth_date": str(who["birth_date"])}
        | ({"id_number": wrong_digit(who["id_number"], 15)} if n % 2 else {})
        for n, who in enumerate(people)
    ]
    links = matched(people, *given).links
    assert links.filter(pl.col("person_id") != pl.format("p{}", pl.col("row") - 1)).is_empty()
    assert links["person_id"].drop_nulls().len() > 2_500
