"""Suspicions about a registry itself."""

from __future__ import annotations

import polars as pl

from bulou.engine.matching.registry_check import check_registry
from tests.intake.files import id_of
from tests.matching.people import person, registry, wrong_digit


def found(frame: pl.DataFrame) -> dict[str, list[str]]:
    return {kind: lines["people"].to_list() for (kind,), lines in check_registry(frame).group_by("kind")}


def test_people_registered_twice_numbers_that_are_wrong() -> None:
    people = registry(
        person("a", 1, "王小明", village="东村"),
        person("b", 1, "王小明"),
        person("c", 21, "李娜", village="西村", phone="12900000001"),
        person("d", 23, "李娜", village="西村", phone="12900000001"),
        person("e", 31, "孙甲", village="西村"),
        person("f", 33, "孙乙", village="西村"),
        {**person("g", 41, "周丙"), "id_number": wrong_digit(id_of(41))},
    )
    assert found(people) == {
        "same-number": ["a 王小明、b 王小明"],
        "same-person": ["c 李娜、d 李娜"],
        "wrong-number": ["g 周丙"],
    }


def test_accounts_and_households() -> None:
    people = registry(
        person("a", 1, "王甲", village="东村", relative_ids=[id_of(2)]),
        person("b", 2, "王乙", village="东村", relative_ids=[id_of(1)]),
        person("c", 3, "李丙", village="西村"),
        person("d", 4, "李丁", village="南村"),
    ).with_columns(
        household=pl.Series(["H1", "H2", "H3", "H3"]), bank_account=pl.Series(["9999", "8888", "9999", None])
    )
    told = check_registry(people)
    assert told.select("kind", "people").rows() == [
        ("shared-account", "a 王甲、c 李丙"),
        ("split-household", "a 王甲、b 王乙"),
        ("merged-household", "c 李丙、d 李丁"),
    ]
    assert told["evidence"].to_list() == [
        "账号末四位 9999，不是同一户",
        "互为亲属，同村 东村，户号 H1 和 H2",
        "户号 H3，人在 西村、南村",
    ]


def test_a_clean_registry_has_none() -> None:
    people = registry(*(person(f"p{n}", n, f"王{chr(0x4E00 + n)}", village="王家村") for n in range(1, 200)))
    assert check_registry(people).is_empty()
