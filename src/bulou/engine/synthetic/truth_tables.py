"""The truth on disk: one Parquet table a subject and a summary, apart from the folders that departments send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from bulou.engine.synthetic.certificates import CATEGORIES
from bulou.engine.synthetic.dirt import Record
from bulou.engine.synthetic.months import month_text
from bulou.engine.synthetic.payments import Payer
from bulou.engine.synthetic.population import Region
from bulou.engine.synthetic.truth import due_and_paid, faults_of

_NOT_THE_READERS = ("place", "years", "cert_state", "village", "new_village")


def truth_tables(
    region: Region, payer: Payer, record: Record, found: list[dict[str, Any]], doubts: list[pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """All tables by name. Needs what the typists recorded."""
    first, end = region.setting.start - 1, region.setting.start + region.setting.months
    dirty = record.frame()
    faults = pl.concat([faults_of(region, payer, month) for month in range(first, end - 1)])
    readable = pl.col("exact_id").fill_null(True)
    return {
        "people": _people(region),
        "due": pl.concat([due_and_paid(region, payer, month) for month in range(first, end)]),
        "faults": _with_namesakes(
            faults.join(_unreadable(dirty), on=["folder", "person"], how="left").with_columns(readable), region, dirty
        ),
        "suspicions": pl.concat(doubts),
        "dirty_cells": dirty,
        "files": pl.DataFrame(found),
    }


def write_truth(folder: Path, region: Region, tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """Write the tables and summary.json; gives the summary."""
    folder.mkdir(parents=True)
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
    summary = _summary(region, tables)
    (folder / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return summary


def _unreadable(dirty: pl.DataFrame) -> pl.DataFrame:
    """People whose number was typed unreadably in some file of a folder: no exact match can find them there."""
    number = pl.col("field").is_in(["id_no", "cert_no"]) & ~pl.col("lossless") & pl.col("person").is_not_null()
    return dirty.filter(number).select("folder", "person").unique().with_columns(pl.lit(False).alias("exact_id"))


def _with_namesakes(faults: pl.DataFrame, region: Region, dirty: pl.DataFrame) -> pl.DataFrame:
    """`namesake`: somebody else of that name has an unreadable number in the folder, so absence from a roll is not
    sure."""
    names = pl.DataFrame({"person": range(len(region.people)), "name": region.people["name"].tolist()})
    lost = _unreadable(dirty).join(names, on="person").select("folder", "name", other="person")
    named = faults.join(names, on="person", how="left", maintain_order="left")
    same = named.join(lost, on=["folder", "name"]).filter(pl.col("other") != pl.col("person"))
    marked = same.select("folder", "person").unique().with_columns(namesake=pl.lit(True))
    joined = named.join(marked, on=["folder", "person"], how="left", maintain_order="left")
    return joined.drop("name").with_columns(pl.col("namesake").fill_null(False))


def _people(region: Region) -> pl.DataFrame:
    """Everybody; months as text, 'always' for what began before the window, empty for what never comes."""
    places, people = region.places, region.people
    frame = people.frame().with_row_index("person").with_columns(pl.col("person").cast(pl.Int64))
    certified = pl.col("grade") > 0
    category = pl.col("category").replace_strict(dict(enumerate(CATEGORIES)), return_dtype=pl.String)
    return frame.drop(_NOT_THE_READERS).with_columns(
        pl.when(certified).then(category).alias("category"),
        pl.when(certified).then(pl.col("grade")).alias("grade"),
        pl.when(certified).then(pl.col("new_grade")).alias("new_grade"),
        pl.Series("village_code", places.village[people["village"]].tolist()),
        pl.Series("new_village_code", places.village[people["new_village"]].tolist()),
        *[_month_as_text(name) for name in frame.columns if name.endswith(("_from", "_to", "_month"))],
    )


def _month_as_text(name: str) -> pl.Expr:
    month = pl.col(name)
    text = pl.format("{}-{}", month // 12, (month % 12 + 1).cast(pl.String).str.zfill(2))
    return pl.when(month > 0).then(text).when(month == 0).then(pl.lit("always")).alias(name)


def _summary(region: Region, tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """Counts, and the figures of the calibration that nobody published."""
    kinds = tables["faults"].group_by("kind").agg(pl.len(), pl.col("planted").sum()).sort("kind")
    setting, people = region.setting, region.people
    return {
        "region": region.places.region,
        "months": [month_text(setting.start + step) for step in range(setting.months)],
        "seed": setting.seed,
        "people": len(people),
        "holders": int(people["holder"].sum()),
        "households": int(people["household"].max()) + 1,
        "faults": {kind: {"all": count, "planted": planted} for kind, count, planted in kinds.iter_rows()},
        "dirty_cells": tables["dirty_cells"].height,
        "rows_in_files": int(tables["files"]["rows"].sum()),
        "assumed_figures": [
            name for name, figure in setting.calibration.figures.items() if figure.confidence == "assumption"
        ],
    }
