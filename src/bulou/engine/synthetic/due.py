"""Who is truly due the two subsidies in a month, by the base rules of the national documents.

Written apart from the packs and the evaluators on purpose: it is the truth they are measured against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bulou.engine.synthetic.calibration import Calibration
from bulou.engine.synthetic.certificates import expires_in, grade_in
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.months import last_day
from bulou.engine.synthetic.people import People

PROGRAMMES = ("living_subsidy", "nursing_subsidy")


@dataclass(frozen=True)
class Rates:
    """Monthly amounts in fen."""

    living: int
    nursing_grade1: int
    nursing_grade2: int

    @classmethod
    def of(cls, calibration: Calibration) -> Rates:
        """The stand-in amounts of the calibration."""
        names = ("living_yuan", "nursing_grade1_yuan", "nursing_grade2_yuan")
        return cls(*(round(calibration.number(name) * 100) for name in names))


def registered(people: People, month: int) -> Array:
    """In the certificate register of the region: certified, and not moved out."""
    return (people["certified_month"] <= month) & (month < people["moved_out_month"])


def valid_certificate(people: People, month: int, though_dead: bool = False) -> Array:
    """Alive, registered, and the certificate in force on the last day of the month."""
    struck = np.minimum.reduce([people["cancelled_month"], people["lost_month"], people["frozen_month"]])
    in_force = (month < struck) & (expires_in(people, month) >= last_day(month))
    alive = though_dead | (month < people["death_month"])
    result: Array = registered(people, month) & in_force & alive
    return result


def living_due(people: People, month: int, though_dead: bool = False) -> Array:
    """Living subsidy: dibao; not tekun, work injury care or orphan allowance."""
    barred = people.during("tekun", month) | people.during("work_injury", month) | people.during("orphan", month)
    return valid_certificate(people, month, though_dead) & people.during("dibao", month) & ~barred


def nursing_due(people: People, month: int, though_dead: bool = False) -> Array:
    """Nursing subsidy: grade 1 or 2 and a lasting need of care; not tekun or work injury care."""
    barred = people.during("tekun", month) | people.during("work_injury", month)
    fits = (grade_in(people, month) <= 2) & people["needs_care"]
    return valid_certificate(people, month, though_dead) & fits & ~barred


def due(people: People, programme: str, month: int, though_dead: bool = False) -> Array:
    """Who is due a programme in a month."""
    rule = living_due if programme == "living_subsidy" else nursing_due
    return rule(people, month, though_dead)


def amount(people: People, programme: str, month: int, rates: Rates) -> Array:
    """Fen a month for each person, should it be due."""
    if programme == "living_subsidy":
        return np.full(len(people), rates.living)
    return np.where(grade_in(people, month) == 1, rates.nursing_grade1, rates.nursing_grade2)
