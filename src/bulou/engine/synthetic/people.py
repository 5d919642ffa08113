"""Everybody of a synthetic region: one array for each attribute, all of the same length."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.months import NEVER


class People:
    """Columns by name. Spells of a status are two columns `x_from` and `x_to`, in month numbers."""

    def __init__(self, **columns: Array) -> None:
        self._columns: dict[str, Array] = dict(columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def __getitem__(self, name: str) -> Array:
        return self._columns[name]

    def __setitem__(self, name: str, values: Array) -> None:
        if len(values) != len(self):
            raise ValueError(f"{name} has {len(values)} values for {len(self)} people")
        self._columns[name] = values

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def take(self, chosen: Array) -> People:
        """The chosen people (mask or positions), as copies."""
        return People(**{name: values[chosen] for name, values in self._columns.items()})

    def during(self, spell: str, month: int) -> Array:
        """Who has the status in a month."""
        return (self[f"{spell}_from"] <= month) & (month < self[f"{spell}_to"])

    def no_spell(self, spell: str) -> None:
        """Add a status that nobody has yet."""
        self[f"{spell}_from"] = np.full(len(self), NEVER)
        self[f"{spell}_to"] = np.full(len(self), NEVER)

    def frame(self) -> pl.DataFrame:
        """The truth table of people; a month that never comes is null."""
        return pl.DataFrame([pl.Series(name, _plain(values)) for name, values in self._columns.items()]).with_columns(
            [
                pl.when(pl.col(name) < NEVER).then(pl.col(name)).otherwise(None).alias(name)
                for name in self._columns
                if name.endswith(("_from", "_to", "_month"))
            ]
        )


def _plain(values: Array) -> Array | list[object]:
    return values.tolist() if values.dtype == object else values
