"""The resident ID (18 characters, GB 11643) and the disability certificate number (ID + category + grade + B1, B2…).

Pure functions on normalised text. A number whose check character is wrong is never "corrected": there are
always several neighbours that would pass.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "1": "vision",
        "2": "hearing",
        "3": "speech",
        "4": "physical",
        "5": "intellectual",
        "6": "mental",
        "7": "multiple",
    }
)
CENTENARIANS = range(996, 1000)
"""Sequence numbers that 15-digit numbers gave to people born before 1900."""

ID = re.compile(r"[1-9]\d{16}[\dX]")
OLD_ID = re.compile(r"[1-9]\d{14}")
CERTIFICATE = re.compile(r"([1-9]\d{16}[\dX])([1-7])([1-4])(B\d{1,2})?")


def check_character(first17: str) -> str:
    """The 18th character that belongs to the first 17 digits."""
    return CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(first17, WEIGHTS, strict=True)) % 11]


def birth_date_of(id_no: str) -> date | None:
    """The birth date in characters 7 to 14, or None where there is no such day (or no such century)."""
    digits = id_no[6:14]
    if not digits.isdigit() or not 18 <= int(digits[:2]) <= 20:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def id_fault(id_no: str) -> str | None:
    """Code of what is wrong with an 18-character number, or None for a valid one.

    The region in the first six digits is not compared with any list: codes that no longer exist stay in numbers.
    """
    if not ID.fullmatch(id_no):
        return "id-shape"
    if birth_date_of(id_no) is None:
        return "id-date"
    return None if check_character(id_no[:17]) == id_no[17] else "id-checksum"


def id_of_old(old: str) -> str | None:
    """The 18-character number of a 15-digit one, or None when the century is open or the date is not real."""
    if int(old[12:]) in CENTENARIANS:
        return None
    first17 = f"{old[:6]}19{old[6:]}"
    whole = first17 + check_character(first17)
    return None if id_fault(whole) else whole


def sex_of(id_no: str) -> str:
    """m or f, by the 17th digit."""
    return "m" if int(id_no[16]) % 2 else "f"
