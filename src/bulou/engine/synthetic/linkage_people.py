"""Families around registered people: who is in the registry, who is a relative outside it, who is a stranger.

Harder than life in two ways, on purpose: the pool of given names is small, so there are more people of one name; and
sequence numbers are dealt from 900 up, so numbers lie closer together than real ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bulou.engine.synthetic import names
from bulou.engine.synthetic.calibration import data
from bulou.engine.synthetic.draws import Array, stream
from bulou.engine.synthetic.identity import identity_numbers, phones
from bulou.engine.synthetic.people import People

YOUNGEST = np.datetime64("2023-12-31")
RELATIONS = ("self", "twin", "sibling", "parent", "child", "spouse")
_FIRST_CODE = 600_100
_COUNTY_TEXT = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁"
_TOWN_TEXT = "律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"
_VILLAGE_TEXT = "盖此身发四大五常恭惟鞠养岂敢毁伤女慕贞洁男效才良"


def make_people(count: int, seed: int, rates: dict[str, Any]) -> People:
    """`count` registered people, their relatives and some strangers; one line each, in no order of rank.

    Columns: `registered`, `family`, `relation` (to the family's first), `birth`, `male`, `name`, `rare`, `village`
    (position), `village_name`, `id_no`, `phone`.
    """
    people = _families(count, seed, rates)
    _sex_and_birth(people, seed)
    _village(people, count, seed, rates["people"])
    _names(people, seed, rates["people"])
    _numbers(people, seed, rates["people"])
    draws = stream(seed, "linkage", "order")
    return people.take(np.argsort(draws.uniform(len(people)), kind="stable"))


def _families(count: int, seed: int, rates: dict[str, Any]) -> People:
    """First members, then relatives; `first` is the position of the family's first member."""
    draws, shares = stream(seed, "linkage", "families"), rates["people"]
    several = round(count * shares["several_in_registry"] / 100)
    firsts, outside = count - several, round(count * shares["relatives_outside"] / 100)
    strangers = round(count * shares["strangers"] / 100)
    kin = several + outside
    first = np.r_[np.arange(firsts + strangers), draws.whole(0, firsts - 1, kin)]
    own = np.zeros(firsts + strangers, dtype=np.int64)
    registered = np.r_[np.ones(firsts, bool), np.zeros(strangers, bool), np.arange(kin) < several]
    relation = np.r_[own, 1 + draws.pick(list(rates["relations"].values()), kin)]
    return People(first=first, family=first.copy(), registered=registered, relation=relation)


def _sex_and_birth(people: People, seed: int) -> None:
    draws, size = stream(seed, "linkage", "births"), len(people)
    first, relation = people["first"], people["relation"]
    age_days = np.floor((10 + 82 * draws.uniform(size) ** 0.75) * 365.25).astype(np.int64)
    birth = YOUNGEST - age_days.astype("timedelta64[D]")
    male = draws.chance(size, 0.55)
    near, far = draws.whole(350, 3000, size), draws.whole(20 * 365, 33 * 365, size)
    near = np.where(draws.chance(size, 0.5), near, -near)
    shift = np.select([relation == 1, relation == 3, relation == 4], [0, -far, far], near)
    of_first = birth[first] + shift.astype("timedelta64[D]")
    people["birth"] = np.where(relation == 0, birth, np.minimum(of_first, YOUNGEST))
    spouse = relation == 5
    same_sex_twin = (relation == 1) & draws.chance(size, 0.6)
    people["male"] = np.where(spouse, ~male[first], np.where(same_sex_twin, male[first], male))


def _village(people: People, count: int, seed: int, rates: dict[str, float]) -> None:
    draws = stream(seed, "linkage", "villages")
    villages = max(4, round(count / rates["people_per_village"]))
    chosen = draws.pick(0.3 + draws.uniform(villages), len(people))
    people["village"] = chosen[people["first"]]
    people["county"] = people["village"] // int(rates["villages_per_county"])
    people["village_name"] = village_names(villages, int(rates["villages_per_county"]))[people["village"]]


def village_names(villages: int, per_county: int) -> Array:
    """'天地县律吕镇盖字村': different for each village."""
    size, towns = len(_VILLAGE_TEXT), len(_TOWN_TEXT) // 2
    out = []
    for number in range(villages):
        county, place = divmod(number, per_county)
        town, village = divmod(place, size)
        a, b = divmod(county, len(_COUNTY_TEXT))
        t = 2 * (town % towns)
        out.append(f"{_COUNTY_TEXT[a]}{_COUNTY_TEXT[b]}县{_TOWN_TEXT[t : t + 2]}镇{_VILLAGE_TEXT[village]}字村")
    return np.array(out, dtype=object)


def _names(people: People, seed: int, rates: dict[str, float]) -> None:
    """Family surnames, also for children of men; wives and mothers keep their own; siblings may share a character."""
    draws, size = stream(seed, "linkage", "names"), len(people)
    first, relation, male = people["first"], people["relation"], people["male"]
    villages = int(people["village"].max()) + 1
    family = names.family_surnames(draws, people["village"], villages, rates["one_surname_villages"] / 100)
    other = names.surnames(draws, size)
    mother = ((relation == 3) & ~male) | (relation == 5) | ((relation == 4) & ~male[first])
    surname = np.where(relation == 0, family, np.where(mother, other, family[first]))
    given = names.given_names(draws, male, people["birth"], rates["rare_names"] / 100)
    shares = (relation > 0) & (relation < 3) & draws.chance(size, 0.45)
    for position in np.flatnonzero(shares).tolist():
        of_first, own = given[first[position]], given[position]
        if len(of_first) == 2:
            given[position] = of_first[0] + own[-1]
    whole = _no_two_of_one_name((surname + given).astype(object), people)
    tibetan = draws.chance(size, rates["tibetan_names"] / 100)
    whole[tibetan] = names.tibetan_names(draws, int(tibetan.sum()))
    people["name"], people["surname"] = whole, surname
    people["tibetan"] = tibetan


def _no_two_of_one_name(whole: Array, people: People) -> Array:
    """In one family nobody has the name of another: such a person gets another last character."""
    seen: set[tuple[int, str]] = set()
    pools = data("names.toml")["given"]
    for place, (family, name, man) in enumerate(
        zip(people["first"].tolist(), whole.tolist(), people["male"].tolist(), strict=True)
    ):
        pool, key = pools["male" if man else "female"], (family, name)
        while key in seen:
            key = (family, key[1][:-1] + pool[(pool.find(key[1][-1]) + 1) % len(pool)])
        seen.add(key)
        whole[place] = key[1]
    return whole


def _numbers(people: People, seed: int, rates: dict[str, float]) -> None:
    draws, size = stream(seed, "linkage", "numbers"), len(people)
    counties = int(people["county"].max()) + 1
    elsewhere = draws.chance(size, rates["born_elsewhere"] / 100)[people["first"]]
    county = np.where(elsewhere, draws.whole(0, counties - 1, size)[people["first"]], people["county"])
    people["id_no"] = identity_numbers(_FIRST_CODE + county, people["birth"], people["male"].astype(np.int64))
    numbers = phones(draws, size)
    own = draws.chance(size, rates["own_phone"] / 100)
    people["phone"] = np.where(own, numbers, numbers[people["first"]])
