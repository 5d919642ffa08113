"""A whole synthetic region: its places and everybody in it, with all that happens in the window kept as truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bulou.engine.synthetic import names
from bulou.engine.synthetic.certificates import give_certificates
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.due import Rates
from bulou.engine.synthetic.households import make_households
from bulou.engine.synthetic.identity import accounts, identity_numbers, phones
from bulou.engine.synthetic.lives import give_lives
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.places import Places, make_places
from bulou.engine.synthetic.setting import Setting
from bulou.engine.synthetic.standing import give_standing


@dataclass(frozen=True)
class Region:
    """Everything true about a synthetic region."""

    people: People
    places: Places
    setting: Setting
    rates: Rates


def make_region(code: str, setting: Setting) -> Region:
    """A region with its certificate holders and their households. Raises `Refused` for an unknown region."""
    places = make_places(code, setting)
    people = make_households(setting)
    _settle(people, places, setting)
    _name(people, places, setting)
    _identify(people, places, setting)
    give_certificates(people, setting)
    give_lives(people, places, setting)
    _cancel_certificates_of_the_dead(people, setting)
    give_standing(people, setting)
    return Region(people, places, setting, Rates.of(setting.calibration))


def _settle(people: People, places: Places, setting: Setting) -> None:
    draws = setting.draws("settle")
    homes = int(people["household"].max()) + 1
    people["village"] = draws.pick(places.weight, homes)[people["household"]]


def _name(people: People, places: Places, setting: Setting) -> None:
    """Children and men of the house bear the family's surname, wives their own."""
    draws = setting.draws("names")
    home_village = people["village"][people["head"]]
    one_surname = setting.number("one_surname_village_share")
    family = names.family_surnames(draws, home_village, len(places.village), one_surname)
    own = names.surnames(draws, len(people))
    of_the_line = (people["generation"] == 2) | people["male"] | people["head"]
    surname = np.where(of_the_line, family[people["household"]], own)
    given = names.given_names(draws, people["male"], people["birth"], setting.number("rare_name_share"))
    name = np.array([a + b for a, b in zip(surname.tolist(), given.tolist(), strict=True)], dtype=object)
    shares = {county["code"]: county.get("tibetan_share", 0.0) for county in places.counties}
    by_village = np.array([shares[code] for code in places.county])
    tibetan = draws.chance(len(home_village), by_village[home_village])[people["household"]]
    people["name"] = np.where(tibetan, names.tibetan_names(draws, len(people)), name)


def _identify(people: People, places: Places, setting: Setting) -> None:
    """Numbers carry the county of the home, or the code it had when they were given."""
    draws = setting.draws("identify")
    former = {county["code"]: county.get("former", county["code"]) for county in places.counties}
    county = places.county[people["village"]]
    old = (people["birth"] < np.datetime64("2001-01-01")) & draws.chance(
        len(people), setting.number("former_code_share")
    )
    prefix = np.array([former[code] if was else code for code, was in zip(county, old, strict=True)])
    people["id_no"] = identity_numbers(prefix, people["birth"], people["male"].astype(np.int64))
    people["account"] = accounts(draws, len(people))
    people["phone"] = phones(draws, len(people))


def _cancel_certificates_of_the_dead(people: People, setting: Setting) -> None:
    """The register strikes most of the dead in the month after the county heard of it."""
    struck = setting.draws("struck").chance(len(people), setting.number("dead_struck_share"))
    after: Array = np.where(struck, people["death_known_month"] + 1, people["cancelled_month"])
    people["cancelled_month"] = np.minimum(people["cancelled_month"], after)
