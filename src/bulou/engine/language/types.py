"""Types of facts and of expressions.

Numbers are exact. A value with `decimals` d is held by the engines as the whole number value × 10**d:
money as whole fen (d = 2), counts as they are (d = 0), other numbers in millionths (d = 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["bool", "number", "money", "date", "code", "codes", "text"]
FactKind = Literal["bool", "int", "number", "money", "date", "code", "codes", "text"]

NUMBER_DECIMALS = 6
MONEY_DECIMALS = 2
INT_LIMIT = 10**10
NUMBER_LIMIT = 10**9
MONEY_LIMIT_YUAN = 10**11
EXACT_LIMIT = 10**38 - 1
"""Largest whole number that every engine holds exactly (128 bits)."""


@dataclass(frozen=True)
class Type:
    """Type of an expression; `decimals` is its fixed number of decimal places when it is a number or money."""

    kind: Kind
    decimals: int = 0
    codes: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        return self.kind in ("number", "money")

    @property
    def ordered(self) -> bool:
        return self.numeric or self.kind == "date"

    def __str__(self) -> str:
        return {
            "bool": "是/否 true-or-false",
            "number": "数 number",
            "money": "金额 money (yuan)",
            "date": "日期 date",
            "code": "代码 code" + (f" {list(self.codes)}" if self.codes else ""),
            "codes": "代码集 codes" + (f" {list(self.codes)}" if self.codes else ""),
            "text": "文字 text",
        }[self.kind]


BOOL = Type("bool")
DATE = Type("date")
TEXT = Type("text")
WHOLE = Type("number")


@dataclass(frozen=True)
class FactType:
    """Declared type of a fact. `low` and `high` are inclusive bounds of an int, number (as is) or money (yuan).

    `places` are the decimals where they differ from the kind's; a computed fact may need more, and then `bound`
    replaces the limit.
    """

    kind: FactKind
    codes: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    places: int | None = None
    bound: int | None = None

    @property
    def decimals(self) -> int:
        if self.places is not None:
            return self.places
        return {"number": NUMBER_DECIMALS, "money": MONEY_DECIMALS}.get(self.kind, 0)

    @property
    def type(self) -> Type:
        if self.kind == "int":
            return WHOLE
        return Type(self.kind, self.decimals, self.codes)

    @property
    def limit(self) -> int:
        """Largest magnitude of the stored whole number (value × 10**decimals)."""
        if self.bound is not None:
            return self.bound
        default = {"int": INT_LIMIT, "number": NUMBER_LIMIT, "money": MONEY_LIMIT_YUAN}.get(self.kind, 0)
        bounds = [abs(bound) for bound in (self.low, self.high) if bound is not None]
        largest = max(bounds) if self.low is not None and self.high is not None else Decimal(default)
        return int(largest * 10**self.decimals)
