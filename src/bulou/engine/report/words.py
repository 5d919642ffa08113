"""How months, money and counts are written for people."""

from __future__ import annotations

from bulou.engine.basics.money import yuan_text

PRIVATE = "内部资料，含个人信息，不得外传"
NO_TOWNSHIP = "（乡镇不明）"


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
