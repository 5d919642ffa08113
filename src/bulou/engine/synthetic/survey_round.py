"""The yearly survey round that the files of every month still carry: when it was, and whom it visited."""

from __future__ import annotations

from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.due import registered
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.setting import Setting

_MONTHS_AGO = 6


def survey_month(setting: Setting) -> int:
    """The month of the last round before the window."""
    return setting.start - _MONTHS_AGO


def visited(people: People, setting: Setting) -> Array:
    """Who had a certificate then, lived, and was met; the same people in every month of the window."""
    then = survey_month(setting)
    met = setting.draws("survey", "").uniform(len(people)) < setting.calibration.number("survey_coverage")
    found: Array = registered(people, then) & (people["death_month"] > then) & met
    return found
