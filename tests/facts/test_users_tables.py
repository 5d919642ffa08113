"""Tables as users have them: Polars, pandas, Arrow and Parquet give the same decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import bulou
from bulou.engine.basics.problems import Refused
from bulou.engine.pack import read_pack
from tests.packs.small_packs import write

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


@pytest.mark.parametrize("turned", [False, True])
def test_results_come_in_the_order_of_the_table(turned: bool) -> None:
    many = pl.concat([PEOPLE.with_columns(pl.col("id", "household") + str(n)) for n in range(3000)])
    many = many.sort("id", descending=True) if turned else many
    homes = pl.DataFrame({"id": many["household"].unique(maintain_order=True).reverse()})
    found = bulou.decide("620600", many, households=homes, on="2025-06-30")
    assert found["person"]["id"].to_list() == many["id"].to_list()
    assert found["household"]["id"].to_list() == homes["id"].to_list()
    implied = bulou.decide("620600", many, on="2025-06-30")["household"]["id"].to_list()
    assert implied == sorted(homes["id"])


def test_all_problems_of_a_table_are_told_together() -> None:
    bad = PEOPLE.with_columns(pl.lit("blue").alias("cert_status"), pl.lit("a").alias("id"), pl.lit(7).alias("grade"))
    with pytest.raises(Refused) as refused:
        decided(bad)
    assert {problem.code for problem in refused.value.problems} == {"wrong-value", "duplicate-id"}
    with pytest.raises(Refused) as refused:
        decided(PEOPLE.rename({"grade": "grad"}).with_columns(pl.lit("x").alias("dibao")))
    assert {problem.code for problem in refused.value.problems} == {"unknown-column", "wrong-type"}


def test_a_fact_that_reads_the_household_may_be_given_for_some(tmp_path: Path) -> None:
    """What is given comes first; for the others the household tells."""
    facts = """+
[person.poor_home]
type = "bool"
label = "家庭困难"
question = "家里困难吗？"
derive = "household.income < 500"
"""
    programmes = """+
[home_help]
name = "上门帮扶"
subject = "person"
gives = "service"
force = "must"
cite = "doc 四"

[home_help.when.poor_home]
test = "person.poor_home"
says = "家庭困难"
cite = "doc 四"
"""
    write(tmp_path, facts=facts, programmes=programmes)
    people = pl.DataFrame({"id": ["a", "b", "c"], "household": ["1", "1", None], "poor_home": [False, None, None]})
    homes = pl.DataFrame({"id": ["1"], "income": [100]})
    decided = bulou.decide(read_pack("t", [tmp_path]), people, households=homes, on="2025-06-30")["person"]
    assert dict(decided.select("id", "home_help").rows()) == {"a": False, "b": True, "c": None}
