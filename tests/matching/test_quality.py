"""What matching promises on a list with every kind of fault, measured against the truth (bench/match_quality.py)."""

from __future__ import annotations

import polars as pl
import pytest

from bulou.engine.intake.resident_id import check_character
from bulou.engine.matching import Matched, match_rows
from bulou.engine.synthetic.linkage import MatchCase, make_match_case

SIZE = 8_000


@pytest.fixture(scope="module")
def case() -> MatchCase:
    return make_match_case(SIZE, seed=4)


@pytest.fixture(scope="module")
def told(case: MatchCase) -> pl.DataFrame:
    return match_rows(case.registry, case.rows).links.join(case.truth, on="row", suffix="_right", validate="1:1")


def test_no_link_is_false_and_few_are_missed(told: pl.DataFrame) -> None:
    linked = told.drop_nulls("person_id")
    assert (linked["person_id"] == linked["person_id_right"]).fill_null(False).all()
    assert linked.height >= 0.995 * told["person_id_right"].count()
    assert (told["outcome"] == "review").sum() <= 0.003 * told.height


def test_whose_number_is_right_is_linked_or_asked_about(told: pl.DataFrame) -> None:
    right = told.filter(pl.col("id_fault").is_null(), pl.col("person_id_right").is_not_null())
    assert right.height > SIZE // 2
    assert set(right["outcome"]) <= {"linked", "review"}


def test_twins_and_relatives_outside_are_linked_to_nobody(told: pl.DataFrame) -> None:
    outside = told.filter(pl.col("outsider").is_not_null())
    assert outside.height > SIZE // 30
    assert outside["person_id"].null_count() == outside.height


def test_no_name_and_no_number_names_nobody(case: MatchCase) -> None:
    nothing = case.rows.with_columns(pl.lit(None, pl.String).alias("name"), pl.lit("无").alias("id_number"))
    assert match_rows(case.registry, nothing).links["person_id"].null_count() == nothing.height


def test_a_right_number_that_looks_cut_is_still_its_owners() -> None:
    """Where a spreadsheet cut some numbers, one that truly ends in 000 is doubted, never lost."""
    first17 = next(one for one in (f"620602{year}0101000" for year in range(1940, 2000)) if check_character(one) == "0")
    number = first17 + "0"
    registry = pl.DataFrame({"person_id": ["p1"], "id_number": [number], "name": ["王建国"]})
    rows = {"row": [1, 2, 3], "id_number": [number, number, "640202201506100000"], "name": ["王国", "李四", "赵六"]}
    found: Matched = match_rows(registry, pl.DataFrame(rows))
    assert found.links["outcome"].to_list() == ["linked", "review", "none"]
