"""The ID of a row from all that the row says: its own cell, and the certificate number, which begins with the ID."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

ONE_IN = 11
"""A number that lost its last digits still passes its check character once in eleven times."""


def settle_ids(cells: pl.DataFrame) -> pl.DataFrame:
    """`id_no`, `fault`, `filled` (taken from the certificate number) and `may_be_cut` for each row.

    `cells` has `from` (the cell as it came), `id_no` and `fault` (what reading it gave), `cert_no`. An empty cell,
    or one that lost its last digits, takes the ID from a valid certificate number that agrees with the digits
    left; nothing else is ever filled in.
    """
    import polars as pl

    holder = pl.col("cert_no").str.slice(0, 18)
    lost = (pl.col("fault") == "id-lost-digits").fill_null(False)
    damaged = pl.when(lost).then("from")
    left = damaged.str.extract(r"([\d.]+?)(?:0{3}|[eE]\+?\d+)?\s*$").str.replace_all(".", "", literal=True)
    agrees = holder.str.starts_with(left).fill_null(False)
    blank = pl.col("id_no").is_null() & pl.col("fault").is_null()
    filled = (blank | (lost & agrees)) & holder.is_not_null()
    settled = cells.with_columns(filled.alias("filled"), _may_be_cut(cells).alias("may_be_cut"))
    refused = pl.col("may_be_cut") & pl.lit(_rather_cut(settled))
    id_no = pl.when("filled").then(holder).when(refused).then(None).otherwise("id_no")
    fault = pl.when("filled").then(None).when(refused).then(pl.lit("id-may-be-cut")).otherwise("fault")
    return settled.select(id_no.alias("id_no"), fault.alias("fault"), "filled", pl.col("may_be_cut") & ~refused)


def _may_be_cut(cells: pl.DataFrame) -> pl.Expr:
    """Valid numbers that end in 000, in a column where other numbers lost digits, without a certificate number
    that says the same."""
    import polars as pl

    lost = (cells["fault"] == "id-lost-digits").any()
    confirmed = (pl.col("cert_no").str.slice(0, 18) == pl.col("id_no")).fill_null(False)
    return pl.col("id_no").str.ends_with("000").fill_null(False) & ~confirmed & lost


def _rather_cut(settled: pl.DataFrame) -> bool:
    """True when most of the valid …000 numbers are what so many losses would leave by chance."""
    losses = (settled["fault"] == "id-lost-digits").sum()
    suspects = int(settled["may_be_cut"].sum())
    return bool(losses / (ONE_IN - 1) >= suspects / 2 > 0)
