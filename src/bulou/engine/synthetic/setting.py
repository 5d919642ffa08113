"""What a synthetic region is made for: which months, from which seed, by which figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bulou.engine.synthetic.calibration import Calibration
from bulou.engine.synthetic.draws import Stream, stream
from bulou.engine.synthetic.months import first_day

WINDOW = 12
"""Months before the first folder in which things happen too."""


@dataclass(frozen=True)
class Setting:
    """Folders are written for `months` months from `start`; events happen in all months from `begin` on."""

    holders: int
    start: int
    months: int
    seed: int
    calibration: Calibration

    @property
    def begin(self) -> int:
        """The first month in which anything happens."""
        return self.start - WINDOW

    @property
    def length(self) -> int:
        """How many months anything happens in."""
        return WINDOW + self.months

    @property
    def day(self) -> np.datetime64:
        """The day ages are calibrated for."""
        return first_day(self.start)

    def draws(self, *names: object) -> Stream:
        """The stream of random numbers of that name."""
        return stream(self.seed, *names)

    def number(self, name: str) -> float:
        """A calibration figure that is one number."""
        return self.calibration.number(name)
