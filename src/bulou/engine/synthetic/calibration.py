"""The numbers the synthetic region rests on, read from calibration.toml; none is used that does not cite its source."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

CONFIDENCES = ("seen", "seen-secondary", "memory", "derived", "assumption")


@dataclass(frozen=True)
class Figure:
    """One calibration figure: a number, or shares by name."""

    name: str
    value: Any
    source: str
    confidence: str
    note: str = ""

    def __post_init__(self) -> None:
        if not self.source or self.confidence not in CONFIDENCES:
            raise ValueError(f"figure {self.name} needs a source and a confidence out of {CONFIDENCES}")


@dataclass(frozen=True)
class Calibration:
    """All figures for one region: national ones, replaced where the region has its own."""

    figures: Mapping[str, Figure]
    planted: Mapping[str, float]
    dirt: Mapping[str, Mapping[str, float]]
    scale: float = field(default=1.0)

    def number(self, name: str) -> float:
        """A figure that is one number."""
        return float(self.figures[name].value)

    def shares(self, name: str) -> dict[str, float]:
        """A figure that is shares by name, made to add up to one."""
        parts: dict[str, float] = self.figures[name].value
        total = sum(parts.values())
        return {key: part / total for key, part in parts.items()}

    def percents(self, name: str) -> dict[str, float]:
        """A figure of percents that need not add up to a hundred, as shares of one."""
        return {key: part / 100 for key, part in self.figures[name].value.items()}

    def parts(self, name: str) -> dict[str, float]:
        """A figure of independent shares by name."""
        return dict(self.figures[name].value)

    def dirt_rates(self, kind: str) -> dict[str, float]:
        """Fault rates of one kind of field, scaled by the wish of the caller."""
        return {fault: rate * self.scale for fault, rate in self.dirt.get(kind, {}).items()}


@cache
def data(name: str) -> dict[str, Any]:
    """A data file of this room."""
    return tomllib.loads(files("bulou.engine.synthetic").joinpath(name).read_text(encoding="utf-8"))


def read_calibration(region: str, dirt: float = 1.0) -> Calibration:
    """The figures for a region; `dirt` multiplies all fault rates of the spreadsheets (0 makes them clean)."""
    table = data("calibration.toml")
    own = table.get("region", {}).get(region, {}).get("figure", {})
    figures = {name: Figure(name=name, **entry) for name, entry in {**table["figure"], **own}.items()}
    planted = {
        name: Figure(name, entry["per_10000"], entry["source"], entry["confidence"])
        for name, entry in table["planted"].items()
    }
    rates = {kind: entry for kind, entry in table["dirt"].items() if isinstance(entry, dict)}
    return Calibration(figures, {name: float(one.value) for name, one in planted.items()}, rates, dirt)
