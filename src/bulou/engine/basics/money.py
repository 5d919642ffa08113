"""Money is whole fen (integers); text in yuan with two decimals only at the edges."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
"""Python's usual 28 digits would round a long amount once before it is rounded to fen."""


def fen_of_yuan(yuan: Decimal) -> int:
    """Whole fen of an amount in yuan, rounded half up (23.345 yuan is 2335 fen)."""
    return int(yuan.scaleb(2, EXACT).quantize(Decimal(1), context=EXACT))


def yuan_text(fen: int) -> str:
    """An amount in fen as yuan with two decimals: 10000 is '100.00'."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
