"""A whole synthetic region: its places and everybody in it, with all that happens in the window kept as truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bulou.engine.synthetic import lives, names
from bulou.engine.synthetic.calibration import Calibration, read_calibration
from bulou.engine.synthetic.certificates import give_certificates
from bulou.engine.synthetic.draws import Array, stream
from bulou.engine.synthetic.due import Rates
from bulou.engine.synthetic.households import make_households
from bulou.engine.synthetic.identity import accounts, identity_numbers, phones
from bulou.engine.synthetic.months import first_day
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.places import Places, make_places
from bulou.engine.synthetic.standing import give_standing

WINDOW = 12


@dataclass(frozen=True)
class Region:
    """Everything true about a synthetic region; `start` is the first month that gets a folder."""

    people: People
    places: Places
    calibration: Calibration
    rates: Rates
    start: int
    months: int
    seed: int


def make_region(code: str, *, holders: int, seed: int, start: int, months: int, dirt: float = 1.0) -> Region:
    """A region of `holders` certificate holders and their households. Raises `Refused` for an unknown region."""
    calibration = read_calibration(code, dirt)
    places = make_places(code, calibration, stream(seed, "places"))
    people = make_households(holders, first_day(start), calibration, seed)
    _settle(people, places, seed)
    _name(people, places, calibration, seed)
    _identify(people, places, calibration, seed)
    give_certificates(people, start, WINDOW, months, calibration, seed)
    lives.give_lives(people, places, start, WINDOW, months, calibration, seed)
    _cancel_certificates_of_the_dead(people, seed)
    give_standing(people, start, WINDOW, months, calibration, seed)
    return Region(people, places, calibration, Rates.of(calibration), start, months, seed)


def _settle(people: People, places: Places, seed: int) -> None:
    draws = stream(seed, "settle")
    homes = int(people["household"].max()) + 1
    people["village"] = draws.pick(places.weight, homes)[people["household"]]


def _name(people: People, places: Places, calibration: Calibration, seed: int) -> None:
    """Children and men of the house bear the family's surname, wives their own."""
    draws = stream(seed, "names")
    home_village = people["village"][people["head"]]
    one_surname = calibration.number("one_surname_village_share")
    family = names.family_surnames(draws, home_village, len(places.village), one_surname)
    own = names.surnames(draws, len(people))
    of_the_line = (people["generation"] == 2) | people["male"] | people["head"]
    surname = np.where(of_the_line, family[people["household"]], own)
    given = names.given_names(draws, people["male"], people["birth"], calibration.number("rare_name_share"))
    name = np.array([a + b for a, b in zip(surname.tolist(), given.tolist(), strict=True)], dtype=object)
    shares = {county["code"]: county.get("tibetan_share", 0.0) for county in places.counties}
    by_village = np.array([shares[code] for code in places.county])
    tibetan = draws.chance(len(home_village), by_village[home_village])[people["household"]]
    people["name"] = np.where(tibetan, names.tibetan_names(draws, len(people)), name)


def _identify(people: People, places: Places, calibration: Calibration, seed: int) -> None:
    """Numbers carry the county of the home, or the code it had when they were given."""
    draws = stream(seed, "identify")
    former = {county["code"]: county.get("former", county["code"]) for county in places.counties}
    county = places.county[people["village"]]
    old = (people["birth"] < np.datetime64("2001-01-01")) & draws.chance(len(people), calibration.number("former_code_share"))
    prefix = np.array([former[code] if was else code for code, was in zip(county, old, strict=True)])
    people["id_no"] = identity_numbers(prefix, people["birth"], people["male"].astype(np.int64))
    people["account"] = accounts(draws, len(people))
    people["phone"] = phones(draws, len(people))


def _cancel_certificates_of_the_dead(people: People, seed: int) -> None:
    """The register strikes most of the dead in the month after the county heard of it."""
    struck = stream(seed, "struck").chance(len(people), 0.9)
    after: Array = np.where(struck, people["death_known_month"] + 1, people["cancelled_month"])
    people["cancelled_month"] = np.minimum(people["cancelled_month"], after)
