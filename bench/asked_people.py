"""Synthetic people with everything true about them, to be asked: the truth of the synthetic room, the rest drawn.

The synthetic room knows birth dates, certificates, rolls and the need of care. What it does not know (does she run a
shop, is the house unsafe) is drawn by the seed: each fact of a person or household evenly over its kinds of answers,
or, with `rare`, a yes for one in ten.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from bulou.engine.pack import FactDefinition, Pack
from bulou.engine.synthetic.calibration import read_calibration
from bulou.engine.synthetic.certificates import CATEGORIES, expires_in, grade_in
from bulou.engine.synthetic.months import month_of
from bulou.engine.synthetic.population import Region, make_region
from bulou.engine.synthetic.setting import Setting

MONTH = "2025-06"
ON = date(2025, 6, 30)
RARE = 0.1
NUMBERS = [0, 1, 2, 3, 5, 10, 30, 100, 1000]
SPELLS = {
    "person.dibao": "dibao",
    "person.tekun": "tekun",
    "person.receives_work_injury_care": "work_injury",
    "person.receives_orphan_allowance": "orphan",
    "person.has_other_nursing_benefit": "elder_nursing",
}


def truths(pack: Pack, region: str, seed: int, count: int, rare: bool = False) -> Iterator[dict[str, Any]]:
    """`count` certificate holders, each alive: facts by full name, of the person and of the household.

    Each is a person asked about alone, with the household's facts as a family would say them.
    """
    made = make_region(region, Setting(max(count * 2, 300), month_of(MONTH), 1, seed, read_calibration(region)))
    chance = random.Random(seed)
    people = made.people
    alive = [at for at in range(len(people)) if people["holder"][at] and people["death_month"][at] > month_of(MONTH)]
    for at in chance.sample(alive, count):
        known = _known(made, at)
        drawn = {
            name: _drawn(fact, chance, rare)
            for name, fact in pack.facts.items()
            if fact.subject in ("person", "household") and fact.type.kind != "text"
        }
        yield {**drawn, **known}


def _known(made: Region, at: int) -> dict[str, Any]:
    """What the synthetic room knows about one person and the household."""
    people, month = made.people, month_of(MONTH)
    home = people["household"] == people["household"][at]
    category = CATEGORIES[people["category"][at]]
    facts: dict[str, Any] = {
        "person.birth_date": people["birth"][at].astype("datetime64[D]").item(),
        "person.sex": "m" if people["male"][at] else "f",
        "person.cert_status": "valid",
        "person.cert_expires_on": expires_in(people, month)[at].astype("datetime64[D]").item(),
        "person.category": category,
        "person.multiple_of": tuple(people["multiple_of"][at].split(",")) if category == "multiple" else (),
        "person.grade": int(grade_in(people, month)[at]),
        "person.needs_long_term_care": bool(people["needs_care"][at]),
        "household.low_income": bool(people["low_income"][at]),
        "household.dibao_edge": bool(people["edge"][at]),
        "household.poverty_exited": bool(people["poverty_exited"][at]),
        "household.n_disabled": int((people["holder"] & home).sum()),
        "household.n_severe": int((people["holder"] & home & (people["grade"] <= 2)).sum()),
    }
    for state, name in (("cancelled", "cancelled_month"), ("lost", "lost_month"), ("frozen", "frozen_month")):
        if people[name][at] <= month:
            facts["person.cert_status"] = state
    if facts["person.cert_status"] == "valid" and facts["person.cert_expires_on"] < ON:
        facts["person.cert_status"] = "expired"
    return {**facts, **{fact: bool(people.during(spell, month)[at]) for fact, spell in SPELLS.items()}}


def _drawn(fact: FactDefinition, chance: random.Random, rare: bool) -> Any:
    """A value of a fact that the synthetic room does not know."""
    match fact.type.kind:
        case "bool":
            return chance.random() < (RARE if rare else 0.5)
        case "code":
            return chance.choice(fact.type.codes)
        case "codes":
            return (chance.choice(fact.type.codes),)
        case "date":
            return date.fromordinal(ON.toordinal() - chance.randrange(36_525))
    low, high = fact.type.low or Decimal(0), fact.type.high
    fitting = [number for number in NUMBERS if number >= low and (high is None or number <= high)]
    value = chance.choice(fitting or [int(low)])
    return value if fact.type.kind == "int" else Decimal(value)
