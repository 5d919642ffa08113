"""The registry and the department's file that matching is measured on: what the truth says is what was typed."""

from __future__ import annotations

import polars as pl
import pytest

from bulou.engine.intake.resident_id import id_fault
from bulou.engine.synthetic.linkage import MatchCase, make_match_case

SIZE = 8_000


@pytest.fixture(scope="module")
def case() -> MatchCase:
    return make_match_case(SIZE, seed=3)


def both(case: MatchCase, fault: str) -> pl.DataFrame:
    return case.truth.join(case.rows, on="row").filter(pl.col("id_fault") == fault)


def edits(left: str, right: str) -> int:
    return sum(a != b for a, b in zip(left, right, strict=True))


def test_same_seed_same_case_other_seed_other_people() -> None:
    first, again, other = make_match_case(300, 5), make_match_case(300, 5), make_match_case(300, 6)
    assert first.rows.equals(again.rows) and first.truth.equals(again.truth) and first.registry.equals(again.registry)
    assert not first.rows.equals(other.rows)


def test_registry_has_everybody_once_with_a_valid_number(case: MatchCase) -> None:
    assert case.registry["person_id"].n_unique() == case.registry["id_number"].n_unique() == SIZE
    assert all(id_fault(number) is None for number in case.registry["id_number"])
    years = case.registry["id_number"].str.slice(6, 8).str.to_date("%Y%m%d")
    assert years.equals(case.registry["birth_date"].rename("id_number"))


def test_people_outside_the_registry_are_outside(case: MatchCase) -> None:
    outside = case.truth.filter(pl.col("person_id").is_null())
    assert outside.height == round(SIZE * 0.05)
    assert not outside["id_no"].is_in(case.registry["id_number"].to_list()).any()
    assert set(outside["outsider"]) == {"relative", "twin", "stranger"}
    inside = case.truth.drop_nulls("person_id").join(case.registry, on="person_id")
    assert (inside["id_no"] == inside["id_number"]).all()


def test_twins_have_one_birth_date_and_two_numbers(case: MatchCase) -> None:
    twins = case.registry.group_by("birth_date", "village", pl.col("name").str.slice(0, 1)).agg(
        "id_number", pl.len().alias("people")
    )
    assert twins.filter(pl.col("people") > 1).height > SIZE // 200


@pytest.mark.parametrize(("fault", "count"), [("one_digit", 1), ("two_digits", 2), ("swapped", 2)])
def test_mistyped_numbers_differ_as_their_fault_says(case: MatchCase, fault: str, count: int) -> None:
    rows = both(case, fault)
    assert rows.height
    assert {edits(*pair) for pair in rows.select("id_no", "id_number").rows()} == {count}


def test_lengths_say_what_was_dropped_doubled_or_old(case: MatchCase) -> None:
    lengths = {"dropped": {17}, "doubled": {19}, "fifteen": {15}, "certificate": {20, 22}}
    for fault, expected in lengths.items():
        assert set(both(case, fault)["id_number"].str.len_chars()) <= expected, fault
    assert both(case, "missing")["id_number"].null_count() == both(case, "missing").height > 0


def test_a_relatives_number_is_somebody_elses(case: MatchCase) -> None:
    rows = both(case, "relative")
    assert rows.height
    assert (rows["id_number"] != rows["id_no"]).all()
    assert all(id_fault(number) is None for number in rows["id_number"])


def test_rows_without_a_fault_are_as_the_registry_has_them(case: MatchCase) -> None:
    clean = case.truth.filter(
        pl.all_horizontal(pl.col("^.*_fault$").is_null()), pl.col("person_id").is_not_null()
    ).join(case.rows, on="row")
    known = clean.join(case.registry, on="person_id", suffix="_known").drop_nulls(["village_known", "phone_known"])
    assert known.height > SIZE // 10
    for name in ("id_number", "sex", "village", "phone"):
        assert (known[name] == known[f"{name}_known"]).all(), name
