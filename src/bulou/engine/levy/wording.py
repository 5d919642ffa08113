"""How numbers are said in plain Chinese."""

from __future__ import annotations

from decimal import Decimal

from bulou.engine.basics.money import fen_of_yuan, yuan_text


def yuan(amount: Decimal | int | None) -> str:
    """An amount in yuan with separators and two decimals, rounded half up."""
    if amount is None:
        return "未知"
    text = yuan_text(fen_of_yuan(Decimal(amount)))
    whole, _, rest = text.lstrip("-").partition(".")
    return f"{'-' if text.startswith('-') else ''}{int(whole):,}.{rest}"


def plain(number: object) -> str:
    """A number without trailing noughts; 未知 when there is none."""
    if number is None:
        return "未知"
    return f"{Decimal(str(number)).normalize():f}"
