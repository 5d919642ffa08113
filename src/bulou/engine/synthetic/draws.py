"""Seeded randomness in named streams, so that a new draw in one place shifts no number elsewhere.

The seed comes from the command line; the same seed gives the same people, files and bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

Array = NDArray[Any]


class Stream:
    """One stream of draws. Only uniform numbers are taken from numpy; all else is computed from them."""

    def __init__(self, seed: int, name: str) -> None:
        self._generator = Generator(PCG64([seed, crc32(name.encode())]))

    def uniform(self, size: int) -> Array:
        """Numbers in [0, 1)."""
        return self._generator.random(size)

    def chance(self, size: int, share: float | Array) -> Array:
        """True with the given share."""
        return self.uniform(size) < share

    def whole(self, low: int | Array, high: int | Array, size: int) -> Array:
        """Whole numbers from low to high, both included."""
        return (low + np.floor(self.uniform(size) * (np.asarray(high) - low + 1))).astype(np.int64)

    def pick(self, shares: Sequence[float] | Array, size: int) -> Array:
        """Positions drawn by shares."""
        edges = np.cumsum(np.asarray(shares, dtype=float))
        return np.searchsorted(edges / edges[-1], self.uniform(size), side="right").clip(0, len(edges) - 1)

    def key(self, shares: Mapping[str, float], size: int) -> Array:
        """Keys drawn by shares."""
        return np.array(list(shares), dtype=object)[self.pick(list(shares.values()), size)]

    def sample(self, candidates: Array, count: int) -> Array:
        """Some of the candidates, each at most once, in random order."""
        return candidates[np.argsort(self.uniform(len(candidates)), kind="stable")[:count]]


def stream(seed: int, *names: object) -> Stream:
    """The stream of that name."""
    return Stream(seed, "/".join(map(str, names)))


def fit_to_margins(affinity: Array, rows: Array, columns: Array) -> Array:
    """A table with these row and column shares that leans as `affinity` does (iterative proportional fitting)."""
    table = affinity.astype(float) * rows[:, None] * columns[None, :]
    for _ in range(200):
        table *= (rows / table.sum(axis=1))[:, None]
        table *= (columns / table.sum(axis=0))[None, :]
    return table
