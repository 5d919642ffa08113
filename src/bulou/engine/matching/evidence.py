"""What is said to a clerk about a row and a person: what agrees, what does not, what was mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.matching.names import WORDS
from bulou.engine.matching.numbers import CERTIFICATE, OLD

if TYPE_CHECKING:
    import polars as pl

FIELDS = {"sex": "性别", "birth": "出生日期", "village": "村", "phone": "电话"}
LIKELY = tuple(FIELDS)
"""What is worth saying of a person somebody has to judge."""
MENDED = {OLD: "15 位旧号补成 18 位", CERTIFICATE: "号码取自残疾证号前 18 位"}


def said(opening: str, agreeing: tuple[str, ...] = ()) -> pl.Expr:
    """The evidence of compared pairs: an opening, how the names agree, which fields agree or do not.

    `agreeing` names the fields whose agreement is worth saying; disagreement is always said.
    """
    import polars as pl

    words = {str(grade): text for grade, text in WORDS.items()}
    name = pl.col("name_grade").cast(pl.String).replace_strict(words, default="", return_dtype=pl.String)
    both = [pl.when(pl.col(one) == pl.col(f"{one}_p")).then(pl.lit(f"{FIELDS[one]}相同")) for one in agreeing]
    unlike = [pl.when(pl.col(one) != pl.col(f"{one}_p")).then(pl.lit(f"{FIELDS[one]}不同")) for one in FIELDS]
    pieces = [pl.lit(opening), name, *both, *unlike]
    return pl.concat_str([piece for piece in pieces if opening or piece is not pieces[0]], separator="，",
                         ignore_nulls=True)  # fmt: skip


def mended() -> pl.Expr:
    """What was mended in the number, by its class (`id_class`); NULL when nothing was."""
    import polars as pl

    return pl.col("id_class").replace_strict(MENDED, default=None, return_dtype=pl.String)
