"""How months, money and counts are written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.basics.money import yuan_text

if TYPE_CHECKING:
    import polars as pl

    from bulou.engine.differences.month import MonthResult

PRIVATE = "内部资料，含个人信息，不得外传"
NO_TOWNSHIP = "（乡镇不明）"


def town(result: MonthResult) -> pl.Expr:
    """The township as `township`; with its county before it where the payroll lies in several."""
    import polars as pl

    named = pl.col("township").fill_null(NO_TOWNSHIP)
    if result.payroll["county"].drop_nulls().n_unique() < 2:
        return named
    return pl.concat_str(pl.col("county").fill_null(""), named).alias("township")


def month_words(month: str) -> str:
    """2025-06 as 2025年6月."""
    return f"{month[:4]}年{int(month[5:7])}月"


def count_words(count: int | None) -> str:
    """A count with separators; an unknown one is a dash."""
    return "—" if count is None else f"{count:,}"


def yuan_words(fen: int | None) -> str:
    """Fen as yuan with separators and two decimals; an unknown amount is a dash."""
    if fen is None:
        return "—"
    whole, _, rest = yuan_text(abs(fen)).partition(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{rest}"
