"""Money is whole fen (integers); text in yuan with two decimals only at the edges."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def fen_of_yuan(yuan: Decimal) -> int:
    """Whole fen of an amount in yuan, rounded half up (23.345 yuan is 2335 fen)."""
    return int((yuan * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def yuan_text(fen: int) -> str:
    """An amount in fen as yuan with two decimals: 10000 is '100.00'."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
