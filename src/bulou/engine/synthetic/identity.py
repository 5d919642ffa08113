"""Numbers of people who do not exist: resident identity numbers with valid checksums, accounts, phones.

Convention, so that nobody mistakes them for real: sequence numbers in an identity number are dealt from 900 upwards
(900–999, then 000–899); accounts begin with 9999, phones with 129 — prefixes no bank and no operator has.
"""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.draws import Array, Stream

ACCOUNT_PREFIX = "9999"
PHONE_PREFIX = "129"
FIRST_SEQUENCE = 900
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = "10X98765432"


def check_digit(first_17: str) -> str:
    """The 18th character of an identity number."""
    return _CHECKS[sum(int(digit) * int(weight) for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def identity_numbers(prefixes: Array, births: Array, male: Array) -> Array:
    """Eighteen characters for each person, all different: county code, birth date, sequence, check digit."""
    days = _day_numbers(births)
    key = (prefixes.astype(np.int64) * 100_000_000 + days) * 2 + male
    sequence = (FIRST_SEQUENCE + 2 * _rank_within(key) + male) % 1000
    body = (prefixes.astype(np.int64) * 100_000_000 + days) * 1000 + sequence
    total = np.zeros(len(body), dtype=np.int64)
    rest = body.copy()
    for weight in _WEIGHTS[::-1]:
        total += rest % 10 * weight
        rest //= 10
    checks = np.array(list(_CHECKS), dtype=object)[total % 11]
    return np.array(
        [f"{number}{check}" for number, check in zip(body.tolist(), checks.tolist(), strict=True)], dtype=object
    )


def _day_numbers(births: Array) -> Array:
    months = births.astype("datetime64[M]")
    number = months.astype(np.int64) + 1970 * 12
    day = (births - months.astype("datetime64[D]")).astype(np.int64) + 1
    return np.asarray(number // 12 * 10_000 + (number % 12 + 1) * 100 + day)


def _rank_within(keys: Array) -> Array:
    """0, 1, 2, … within equal keys, in order of appearance."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.r_[True, ordered[1:] != ordered[:-1]]
    position = np.arange(len(keys))
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = position - np.maximum.accumulate(np.where(starts, position, 0))
    return rank


def accounts(draws: Stream, size: int) -> Array:
    """Nineteen digits each, all different, with the prefix no bank has."""
    noise = draws.whole(0, 99_999, size)
    return np.array(
        [f"{ACCOUNT_PREFIX}{number:010d}{tail:05d}" for number, tail in enumerate(noise.tolist(), 1)], dtype=object
    )


def phones(draws: Stream, size: int) -> Array:
    """Eleven digits each, with the prefix no operator has; some repeat, as families share phones."""
    return np.array(
        [f"{PHONE_PREFIX}{number:08d}" for number in draws.whole(0, 99_999_999, size).tolist()], dtype=object
    )
