"""What looks wrong in the register of a month itself: somebody twice, households split or merged, shared accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.workers import Workers
from bulou.engine.intake import Cleaned, Identified
from bulou.engine.matching.registry_check import check_registry

if TYPE_CHECKING:
    import polars as pl

REGISTER, PAID, FAMILIES = "certificate_register", "payment_roll", "dibao_roll"
ENDED = ("cancelled", "none")
"""A certificate that ended may stand beside the one that is valid now."""
PAYEE = ("name", "bank_account")
HOLDER = ("id_no", "name", "sex", "birth_date", "phone", "household_no")


def begin_register_doubts(
    cleaned: Sequence[Cleaned], identified: Identified, workers: Workers
) -> Callable[[], pl.DataFrame]:
    """Suspicions about the month's register, with the accounts of its payment rolls (columns as `check_registry`), to
    be asked for later.

    People are named by their ID number, which is how everybody else's lists call them. Nothing is merged or stopped.
    """
    import polars as pl

    frames = list(zip(cleaned, identified.frames, strict=True))
    held = [_holders(one, frame) for one, frame in frames if one.kind == REGISTER and "id_no" in frame.columns]
    schema = dict.fromkeys((*HOLDER, "village", "place"), pl.String) | {"birth_date": pl.Date}
    holders = pl.concat([pl.DataFrame(schema=schema), *held]).filter(pl.col("id_no").is_not_null())
    registry = holders.rename({"id_no": "id_number", "household_no": "household"})
    registry = registry.with_columns(pl.col("id_number").alias("person_id"))
    heads = [_heads(frame) for one, frame in frames if one.kind == FAMILIES and "head_id" in frame.columns]
    if heads:
        kin = (
            pl.concat(heads).unique(maintain_order=True).group_by("person_id", maintain_order=True).agg("relative_ids")
        )
        registry = registry.join(kin, on="person_id", how="left", maintain_order="left")
    paid = _paid([frame for one, frame in frames if one.kind == PAID], registry)
    return workers.submit(check_registry, registry, paid)


def _holders(one: Cleaned, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows of the register whose certificate has not ended; one village name may stand in two townships."""
    import polars as pl

    township = pl.col("township").fill_null("") if "township" in frame.columns else pl.lit("")
    village = pl.concat_str(township, "village") if "village" in frame.columns else pl.lit(None, pl.String)
    types = dict.fromkeys(HOLDER, pl.String()) | {"birth_date": pl.Date()}
    known = [pl.col(name) if name in frame.columns else pl.lit(None) for name in HOLDER]
    fields = [value.cast(types[name]).alias(name) for value, name in zip(known, HOLDER, strict=True)]
    if "cert_status" in frame.columns:
        frame = frame.filter(~pl.col("cert_status").is_in(ENDED).fill_null(False))
    place = pl.format("{} 第{}行", pl.lit(Path(one.recognised.sheet.file).name), "row")
    return frame.select(*fields, village.alias("village"), place.alias("place"))


def _heads(frame: pl.DataFrame) -> pl.DataFrame:
    """Who belongs to the family of another: `person_id`, `relative_ids` (one number a row)."""
    import polars as pl

    other = frame.filter(pl.col("id_no") != pl.col("head_id"))
    return other.select(person_id="id_no", relative_ids="head_id")


def _paid(frames: Sequence[pl.DataFrame], registry: pl.DataFrame) -> pl.DataFrame:
    """Who is paid to which account, each pair once; the household is the register's."""
    import polars as pl

    schema = dict.fromkeys(("person_id", *PAYEE), pl.String)
    known = [
        frame.select(pl.col(old).cast(pl.String).alias(new) for old, new in zip(("id_no", *PAYEE), schema, strict=True))
        for frame in frames
        if {"id_no", *PAYEE} <= set(frame.columns)
    ]
    every = pl.concat([pl.DataFrame(schema=schema), *known]).drop_nulls(["person_id", "bank_account"])
    once = every.unique(["person_id", "bank_account"], keep="first", maintain_order=True)
    homes = registry.select("person_id", "household").unique("person_id", keep="first")
    return once.join(homes, on="person_id", how="left", maintain_order="left")
