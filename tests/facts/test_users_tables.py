"""Tables as users have them: Polars, pandas, Arrow and Parquet give the same decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import bulou
from bulou.engine.basics.problems import Refused

PEOPLE = pl.DataFrame(
    {
        "id": ["a", "b", "c"],
        "household": ["h1", "h1", "h2"],
        "grade": [1, 3, None],
        "birth_date": ["1955-06-30", "1980-01-01", "2020-05-05"],
        "cert_status": ["valid", "valid", "none"],
        "dibao": [True, None, False],
        "other_nursing_benefit_amount": [12.5, None, None],
    }
).with_columns(pl.col("birth_date").str.to_date())


def parquet(tmp_path: Path) -> Path:
    PEOPLE.write_parquet(tmp_path / "people.parquet")
    return tmp_path / "people.parquet"


def pandas_frame() -> pd.DataFrame:
    frame = pd.DataFrame(PEOPLE.to_dict(as_series=False))
    return frame.astype({"grade": "Int64", "dibao": "boolean"})


def decided(people: Any) -> dict[str, pl.DataFrame]:
    return bulou.decide("620600", people, on="2025-06-30", rolls=["tekun_roll"])


def test_every_kind_of_table_gives_the_same_decisions(tmp_path: Path) -> None:
    expected = decided(PEOPLE)
    assert expected["person"]["elder_disability_allowance__fen"].to_list() == [10_000, None, None]
    assert expected["household"].sort("id")["household_utilities"].to_list() == [True, False]
    for people in (PEOPLE.lazy(), PEOPLE.to_arrow(), parquet(tmp_path), str(parquet(tmp_path)), pandas_frame()):
        found = decided(people)
        assert {k: v.sort("id").to_dicts() for k, v in found.items()} == {
            k: v.sort("id").to_dicts() for k, v in expected.items()
        }


def test_all_problems_of_a_table_are_told_together() -> None:
    bad = PEOPLE.with_columns(pl.lit("blue").alias("cert_status"), pl.lit("a").alias("id"), pl.lit(7).alias("grade"))
    with pytest.raises(Refused) as refused:
        decided(bad)
    assert {problem.code for problem in refused.value.problems} == {"wrong-value", "duplicate-id"}
    with pytest.raises(Refused) as refused:
        decided(PEOPLE.rename({"grade": "grad"}).with_columns(pl.lit("x").alias("dibao")))
    assert {problem.code for problem in refused.value.problems} == {"unknown-column", "wrong-type"}
