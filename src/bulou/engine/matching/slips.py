"""Every right number one slip away from a wrong one.

The weights of the check character have inverses modulo 11, so for each place there is at most one digit that makes
the number right: no digit is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from bulou.engine.intake.resident_id import CHECK_CHARACTERS, WEIGHTS

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]

INVERSE = tuple(next(i for i in range(1, 11) if weight * i % 11 == 1) for weight in WEIGHTS)
NONE = -1
"""No number comes of mending in this way."""


def mended_numbers(texts: pl.DataFrame) -> pl.DataFrame:
    """`id_text` and every right number (`id17`, seventeen digits) with a real birth date one slip away from it.

    Slips: one wrong digit, a wrong or unreadable character, two neighbours swapped, a digit left out or too many.
    """
    import numpy as np
    import polars as pl

    found = [pl.DataFrame(schema={"id_text": pl.String, "id17": pl.Int64})]
    text = texts["id_text"]
    for length, pattern, mend in _WAYS:
        some = text.filter((text.str.len_chars() == length) & text.str.contains(pattern))
        if some.len():
            every = np.stack(list(mend(some.to_list())))
            way, at = np.nonzero(every != NONE)
            found.append(pl.DataFrame({"id_text": some.gather(at), "id17": every[way, at]}))
    mended = pl.concat(found)
    real = _real_day(mended["id17"].to_numpy())
    return mended.filter(pl.Series(real)).unique(maintain_order=True)


def check_of(number: Numbers) -> Numbers:
    """Position in CHECK_CHARACTERS of the check character that belongs to seventeen digits."""
    total = number * 0
    for at, weight in enumerate(WEIGHTS):
        total += number // 10 ** (16 - at) % 10 * weight
    return total % 11


def _real_day(number: Numbers) -> Any:
    import numpy as np

    year, month, day = number // 10**7 % 10_000, number // 10**5 % 100, number // 1000 % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = 31 - np.isin(month, (4, 6, 9, 11)) - (month == 2) * (3 - leap)
    return (year >= 1850) & (year <= 2100) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)


def _read(texts: list[str], digits: int) -> tuple[Numbers, Numbers]:
    """The first digits as a number, and the last character as a position in CHECK_CHARACTERS."""
    import numpy as np

    first = np.array([int(text[:digits]) for text in texts], dtype=np.int64)
    return first, np.array([CHECK_CHARACTERS.index(text[-1]) for text in texts], dtype=np.int64)


def _where(right: Any, number: Numbers) -> Numbers:
    import numpy as np

    return np.where(right, number, NONE)


def _wrong(texts: list[str]) -> Iterator[Numbers]:
    """A wrong check character; one wrong digit, which the check character settles; two neighbours swapped."""
    n, c = _read(texts, 17)
    gap = (c - check_of(n)) % 11
    yield n
    for at, inverse in enumerate(INVERSE):
        unit = 10 ** (16 - at)
        digit = n // unit % 10
        right = (digit + gap * inverse) % 11
        yield _where(right <= 9, n + (right - digit) * unit)
    for at in range(16):
        low = 10 ** (15 - at)
        left, right = n // (low * 10) % 10, n // low % 10
        swapped = n + (right - left) * (low * 10) + (left - right) * low
        yield _where(check_of(swapped) == c, swapped)
    digit_of = _digit(c)
    final = n // 10 * 10 + digit_of
    yield _where((digit_of >= 0) & (check_of(final) == _position(n % 10)), final)


def _unreadable(texts: list[str]) -> Iterator[Numbers]:
    """One sign among the first seventeen that is no digit (O for 0, a blot): the check character settles it."""
    import numpy as np

    places = np.array([next(at for at, sign in enumerate(text) if not "0" <= sign <= "9") for text in texts])
    n, c = _read([text[:at] + "0" + text[at + 1 :] for text, at in zip(texts, places.tolist(), strict=True)], 17)
    right = (c - check_of(n)) % 11 * np.array(INVERSE)[places] % 11
    yield _where(right <= 9, n + right * 10 ** (16 - places))


def _left_out(texts: list[str]) -> Iterator[Numbers]:
    """A digit left out, which the check character settles; or the check character itself."""
    n, c = _read(texts, 16)
    digit_of = _digit(c)
    yield _where(digit_of >= 0, n * 10 + digit_of)
    for at, inverse in enumerate(INVERSE):
        unit = 10 ** (16 - at)
        zero = n // unit * (unit * 10) + n % unit
        right = (c - check_of(zero)) % 11 * inverse % 11
        yield _where(right <= 9, zero + right * unit)


def _too_many(texts: list[str]) -> Iterator[Numbers]:
    """A digit too many."""
    n, c = _read(texts, 18)
    for at in range(18):
        unit = 10 ** (17 - at)
        without = n // (unit * 10) * unit + n % unit
        yield _where(check_of(without) == c, without)
    whole = n // 10
    yield _where(check_of(whole) == _position(n % 10), whole)


def _digit(position: Numbers) -> Numbers:
    """The digits at positions in CHECK_CHARACTERS; NONE for X."""
    import numpy as np

    return np.array([int(sign) if sign.isdigit() else NONE for sign in CHECK_CHARACTERS], dtype=np.int64)[position]


def _position(digit: Numbers) -> Numbers:
    """Positions in CHECK_CHARACTERS of digits."""
    import numpy as np

    return np.array([CHECK_CHARACTERS.index(str(sign)) for sign in range(10)], dtype=np.int64)[digit]


_WAYS: tuple[tuple[int, str, Callable[[list[str]], Iterator[Numbers]]], ...] = (
    (18, r"^[0-9]{17}[0-9X]$", _wrong),
    (18, r"^[0-9]*[^0-9][0-9]*[0-9X]$", _unreadable),
    (17, r"^[0-9]{16}[0-9X]$", _left_out),
    (19, r"^[0-9]{18}[0-9X]$", _too_many),
)
