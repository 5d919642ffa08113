"""Takes a corrected 数据问题 workbook back: its rows stand in for the rows they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bulou.engine.intake.cleaned import REFUSED, REPAIRED, Cleaned

if TYPE_CHECKING:
    import polars as pl

SOURCE = ("source_file", "source_sheet", "source_row")


def with_corrections(cleaned: Sequence[Cleaned]) -> list[Cleaned]:
    """The sheets, where a usable row that names its source replaces that source.

    The replaced row keeps its place among the fates (repaired, `corrected`) and leaves `rows`, so nobody counts
    twice. A correction that is still refused changes nothing.
    """
    import polars as pl

    corrections = [_corrections(one) for one in cleaned if set(SOURCE) <= set(one.rows.columns)]
    if not corrections:
        return list(cleaned)
    every = pl.concat(corrections)
    return [_replaced(one, every) for one in cleaned]


def _corrections(one: Cleaned) -> pl.DataFrame:
    import polars as pl

    sheet = one.recognised.sheet
    usable = one.rows.filter(pl.col("fate") != REFUSED, pl.col("source_row").is_not_null())
    by = pl.format("{}，{}，第{}行", pl.lit(sheet.file), pl.lit(sheet.sheet), "row").alias("by")
    return usable.select(pl.lit(one.kind).alias("kind"), *SOURCE, by)


def _replaced(one: Cleaned, corrections: pl.DataFrame) -> Cleaned:
    import polars as pl

    sheet = one.recognised.sheet
    mine = corrections.filter(
        pl.col("source_file") == sheet.file, pl.col("source_sheet") == sheet.sheet, pl.col("kind") == one.kind
    ).unique("source_row", keep="last", maintain_order=True)
    hit = one.rows.select("row").join(mine, left_on="row", right_on="source_row", maintain_order="left")
    if hit.is_empty():
        return one
    rows = hit["row"].to_list()
    gone = pl.col("row").is_in(rows)
    nothing = [pl.lit("").alias(name) for name in ("letter", "heading", "field")]
    before = pl.lit(None, dtype=pl.String).alias("from")
    noted = hit.select("row", *nothing, before, pl.col("by").alias("to"), pl.lit("corrected").alias("code"))
    return replace(
        one,
        rows=one.rows.filter(~gone),
        fates=one.fates.with_columns(
            pl.when(gone).then(pl.lit(REPAIRED)).otherwise("fate").alias("fate"),
            pl.when(gone).then(pl.lit("corrected")).otherwise("what").alias("what"),
        ),
        repairs=pl.concat([one.repairs.filter(~gone), noted], how="vertical_relaxed").sort("row", maintain_order=True),
        findings=one.findings.filter(~gone),
    )
