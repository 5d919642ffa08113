"""Rows of one file that say the same, or something else, about the same entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulou.engine.intake.recognise import BOOKKEEPING
from bulou.engine.intake.templates import Template

if TYPE_CHECKING:
    import polars as pl


def identical_rows(rows: pl.DataFrame, template: Template) -> pl.DataFrame:
    """`row` and `same_as` (the first row that says word for word the same, the running number aside).

    Empty where the roll keeps repeats: two equal payments may both have been made.
    """
    import polars as pl

    content = [name for name in rows.columns if name not in ("row", "fate", "same_as", *BOOKKEEPING)]
    if template.repeats == "keep" or not content:
        return pl.DataFrame(schema={"row": pl.UInt32, "same_as": pl.UInt32})
    first = rows.select("row", pl.col("row").min().over(content).alias("same_as"))
    return first.filter(pl.col("row") != pl.col("same_as")).cast(pl.UInt32)


def repeated_rows(rows: pl.DataFrame, template: Template) -> Iterator[tuple[str, pl.DataFrame]]:
    """Doubts about rows with the same key: (field, rows with `row`, `got`, `code`); `got` names the rows."""
    import polars as pl

    key = [name for name in template.key if name in rows.columns]
    if key and key[0] == template.key[0]:
        code = "repeated" if template.repeats == "keep" else "conflicting"
        yield key[0], _grouped(rows.filter(pl.col(key[0]).is_not_null()), key, code)
    if {"cert_no", "cert_status", "id_no"} <= set(rows.columns) and template.id == "certificate_register":
        valid = rows.filter(pl.col("cert_status") == "valid", pl.col("cert_no").is_not_null())
        several = valid.filter(pl.col("cert_no").n_unique().over("id_no") > 1)
        yield "cert_no", _grouped(several, ["id_no"], "several-valid")


def _grouped(rows: pl.DataFrame, key: list[str], code: str) -> pl.DataFrame:
    import polars as pl

    many = rows.select("row", *key).filter(pl.len().over(key) > 1)
    named = many.group_by(key).agg(pl.col("row").sort().cast(pl.String).str.join("、").alias("rows"))
    joined = many.join(named, on=key, how="left", nulls_equal=True)
    return joined.select("row", pl.format("第{}行", "rows").alias("got"), pl.lit(code).alias("code"))
