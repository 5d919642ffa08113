"""What happens to people in the window: deaths and who hears of them when, moves, prison."""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.months import ALWAYS, NEVER, ages_on, days_in, first_day
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.places import Places
from bulou.engine.synthetic.setting import Setting


def give_lives(people: People, places: Places, setting: Setting) -> None:
    """Deaths, moves and prison in every month of the setting."""
    _deaths(people, setting)
    _moves(people, places, setting)
    _prison(people, setting)


def _deaths(people: People, setting: Setting) -> None:
    """Risk doubles every ten years of age; its mean over holders and over others is as calibrated."""
    draws = setting.draws("deaths")
    age = ages_on(people["birth"], setting.day)
    risk = np.exp2(age / 10.0)
    holder = people["holder"]
    for group, name in ((holder, "deaths_per_1000_holders"), (~holder, "deaths_per_1000_others")):
        if group.any():
            risk[group] *= setting.number(name) / 12_000 / risk[group].mean()
    months = np.floor(np.log(1 - draws.uniform(len(people))) / np.log1p(-np.minimum(risk, 0.5))).astype(np.int64)
    # Nobody is certified after death, and a birth inside the window comes first.
    alive = (months >= setting.length) | (people["certified_month"] > setting.begin) & (
        people["certified_month"] < NEVER
    )
    young = people["birth"] >= first_day(setting.begin)
    people["death_month"] = np.where(alive | young, NEVER, setting.begin + months)
    people["death_on"] = days_in(people["death_month"], draws.uniform(len(people)))
    hear_of_deaths(people, np.arange(len(people)), setting)


def hear_of_deaths(people: People, who: Array, setting: Setting, surely: bool = False) -> None:
    """When the civil registry, the crematorium and so the county hear of the deaths of `who`."""
    draws = setting.draws("reports", surely)
    death, size = people["death_month"][who], len(who)
    dead = death < NEVER
    lag = draws.key(setting.calibration.parts("civil_lag_share"), size).astype(np.int64)
    never = draws.chance(size, setting.number("never_deregistered_share")) & (not surely)
    civil = np.where(dead & ~never, death + (0 if surely else lag), NEVER)
    cremated = draws.chance(size, setting.number("cremated_share"))
    cremation = np.where(dead & cremated, death + draws.chance(size, 0.2), NEVER)
    known = np.minimum(civil, cremation)
    for name, values in (
        ("civil_report_month", civil),
        ("cremation_report_month", cremation),
        ("death_known_month", known),
    ):
        if name not in people:
            people[name] = np.full(len(people), NEVER)
        people[name][who] = values


def _moves(people: People, places: Places, setting: Setting) -> None:
    """Whole households move: out of the region, or to another village of it; one move each."""
    draws = setting.draws("moves")
    homes = int(people["household"].max()) + 1
    out, within = (setting.number(name) * setting.length for name in ("move_out_month", "move_within_month"))
    draw, when = draws.uniform(homes), setting.begin + draws.whole(0, setting.length - 1, homes)
    target = draws.pick(places.weight, homes)
    household = people["household"]
    moves_out, moves_within = (draw < out)[household], ((draw >= out) & (draw < out + within))[household]
    people["moved_out_month"] = np.where(moves_out, when[household], NEVER)
    people["moved_within_month"] = np.where(moves_within, when[household], NEVER)
    people["new_village"] = np.where(moves_within, target[household], people["village"])


def village_in(people: People, month: int) -> Array:
    """Positions of the villages people are registered in, as it stands in a month."""
    return np.where(people["moved_within_month"] <= month, people["new_village"], people["village"])


def _prison(people: People, setting: Setting) -> None:
    draws = setting.draws("prison")
    age = ages_on(people["birth"], setting.day)
    inside = (age >= 18) & (age <= 65) & draws.chance(len(people), setting.number("prison_share"))
    since = setting.begin + draws.whole(-24, setting.length - 1, len(people))
    people["prison_from"] = np.where(inside, since, NEVER)
    people["prison_to"] = np.where(inside, since + draws.whole(6, 60, len(people)), NEVER)
    people["prison_from"] = np.maximum(people["prison_from"], ALWAYS)
