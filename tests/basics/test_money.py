"""Money is whole fen; half a fen goes up, and nothing is rounded twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bulou.engine.basics.money import fen_of_yuan, yuan_text


@pytest.mark.parametrize(
    ("yuan", "fen"),
    [
        ("100", 10_000),
        ("23.345", 2_335),
        ("23.344999999999999999999999999999", 2_334),
        ("12345678901234.004999999999999999999999", 1_234_567_890_123_400),
        ("0.005", 1),
        ("-0.01", -1),
    ],
)
def test_yuan_as_fen(yuan: str, fen: int) -> None:
    assert fen_of_yuan(Decimal(yuan)) == fen


def test_fen_as_text() -> None:
    assert [yuan_text(fen) for fen in (0, 5, 10_000, -1)] == ["0.00", "0.05", "100.00", "-0.01"]
