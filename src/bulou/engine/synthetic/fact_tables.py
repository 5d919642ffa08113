"""A synthetic region as tables of facts, without department files: what everybody's facts truly are in one month.

People and households as `bulou decide` reads them, with two columns more that are no facts: county and township. The
need of care is unknown where nobody has looked, everything else is known.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bulou.engine.basics.problems import Place, Problem, refuse_errors
from bulou.engine.synthetic.calibration import read_calibration
from bulou.engine.synthetic.certificates import CATEGORIES, expires_in, grade_in
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.lives import village_in
from bulou.engine.synthetic.months import last_day, month_of
from bulou.engine.synthetic.planting import plant_faults
from bulou.engine.synthetic.population import Region, make_region
from bulou.engine.synthetic.setting import Setting
from bulou.engine.synthetic.sheets import household_numbers

COMPLETE = ("certificate_register", "dibao_roll", "tekun_roll", "low_income_roll", "monitoring_roll", "payment_roll")
"""Suppliers of which the tables say everything there is: a fact they do not give is not the case."""
_MONITORED = np.array(["none", "unstable", "edge", "sudden"], dtype=object)


def make_fact_tables(
    out: Path, *, region: str, holders: int = 52_000, seed: int = 1, month: str = "2025-06"
) -> dict[str, Any]:
    """Write people.parquet, households.parquet and month.toml into a new folder; gives the counts.

    Raises `Refused` for a region that is not described or a folder that holds something already.
    """
    problems = []
    if out.exists() and any(out.iterdir()):
        problems.append(Problem("not-empty", Place(str(out)), "已有文件", "空的或新的文件夹", "换一个文件夹"))
    refuse_errors(problems)
    made = make_region(region, Setting(holders, month_of(month), 1, seed, read_calibration(region, 0)))
    plant_faults(made)
    tables = fact_tables(made)
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.write_parquet(out / f"{name}.parquet", compression="zstd", row_group_size=1_000_000)
    head = f'region = "{region}"\nmonth = "{month}"\ncomplete = {json.dumps(COMPLETE)}\n'
    (out / "month.toml").write_text(head, encoding="utf-8")
    return {name: frame.height for name, frame in tables.items()} | {"holders": holders, "month": month}


def fact_tables(region: Region) -> dict[str, pl.DataFrame]:
    """Everybody alive and living in the region in its first month, and their households; after faults are planted."""
    people, month, places = region.people, region.setting.start, region.places
    here = (people["death_month"] > month) & (people["moved_out_month"] > month)
    rows = np.flatnonzero(here)
    village, names = village_in(people, month)[rows], places.county_names()
    household = household_numbers(people["household"][rows])
    person = pl.DataFrame(
        {
            "id": np.array([f"P{number:07d}" for number in rows.tolist()], dtype=object),
            "household": household,
            "county": np.array([names[code] for code in places.county[village]], dtype=object),
            "township": places.township_name[village],
            "birth_date": people["birth"][rows],
            "sex": np.where(people["male"][rows], "m", "f"),
        },
        schema_overrides=dict.fromkeys(("id", "household", "county", "township", "sex"), pl.String),
        strict=False,
    ).with_columns(*_certificates(region, rows), *_rolls(region, rows))
    return {"people": person, "households": _households(region, rows, household)}


def _certificates(region: Region, rows: Array) -> list[pl.Series]:
    """Status, last day, category and grade of holders; others have no certificate."""
    people, month = region.people, region.setting.start
    held = (people["certified_month"] <= month)[rows]
    states = [(people[f"{state}_month"] <= month)[rows] for state in ("cancelled", "frozen", "lost")]
    expires, grade = expires_in(people, month)[rows], grade_in(people, month)[rows]
    status = np.select(
        [~held, *states, expires < last_day(month)], ["none", "cancelled", "frozen", "lost", "expired"], "valid"
    )
    category = np.array(CATEGORIES, dtype=object)[people["category"][rows]]
    several = [named.split(",") if named else [] for named in people["multiple_of"][rows].tolist()]
    known = pl.Series(held)
    given = pl.DataFrame({"expires": expires, "category": category, "grade": grade}, strict=False)
    return [
        pl.Series("cert_status", status.tolist(), dtype=pl.String),
        given.select(pl.when(known).then("expires").alias("cert_expires_on")).to_series(),
        given.select(pl.when(known).then(pl.col("category").cast(pl.String)).alias("category")).to_series(),
        given.select(pl.when(known).then(pl.col("grade").cast(pl.Int64)).alias("grade")).to_series(),
        pl.Series("multiple_of", several, dtype=pl.List(pl.String)),
    ]


def _rolls(region: Region, rows: Array) -> list[pl.Series]:
    people, month = region.people, region.setting.start
    spells = {"dibao": "dibao", "tekun": "tekun", "receives_work_injury_care": "work_injury",
              "receives_orphan_allowance": "orphan"}  # fmt: skip
    need = pl.DataFrame({"need": people["needs_care"][rows], "known": people["care_known"][rows]})
    return [
        *(pl.Series(fact, people.during(spell, month)[rows]) for fact, spell in spells.items()),
        need.select(pl.when("known").then("need").alias("needs_long_term_care")).to_series(),
    ]


def _households(region: Region, rows: Array, household: Array) -> pl.DataFrame:
    """One row a household; what the lists say of it is the same for all of its members."""
    people = region.people
    return pl.DataFrame(
        {
            "id": household,
            "low_income": people["low_income"][rows],
            "dibao_edge": people["edge"][rows],
            "monitor_category": _MONITORED[people["monitor"][rows]],
            "poverty_exited": people["poverty_exited"][rows],
        },
        schema_overrides=dict.fromkeys(("id", "monitor_category"), pl.String),
        strict=False,
    ).unique("id", keep="first", maintain_order=True)


__all__ = ["COMPLETE", "fact_tables", "make_fact_tables"]
