"""What stands in a cell. Text is safe: no control characters, nothing a spreadsheet program would take for a formula.

A cell typed as text is no formula by itself, but a list lives on: it is saved as CSV, pasted, mailed. So the text
itself is made harmless with a leading apostrophe. Full-width signs count too, Chinese versions read them alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]+"
_FORMULA = r"^(\s*[=+\-@＝＋－＠])"
_LONGEST = 16_000
"""Half of what a cell holds, so that characters of two units fit as well."""


def neutral(text: str) -> str:
    """`text` as it may stand in a cell."""
    return re.sub(_FORMULA, r"'\1", re.sub(_CONTROL, " ", text).strip())[:_LONGEST]


def neutral_column(column: pl.Expr) -> pl.Expr:
    """The same for a whole column of text."""
    return column.str.replace_all(_CONTROL, " ").str.strip_chars().str.replace(_FORMULA, "'$1").str.slice(0, _LONGEST)


def yuan_column(name: str) -> pl.Expr:
    """A column of fen as yuan with two decimals, in text."""
    import polars as pl

    fen = pl.col(name)
    whole, rest = fen.abs() // 100, (fen.abs() % 100).cast(pl.String).str.zfill(2)
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole.cast(pl.String), pl.lit("."), rest)


def column_letters(position: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    return (column_letters(position // 26 - 1) if position >= 26 else "") + chr(65 + position % 26)
