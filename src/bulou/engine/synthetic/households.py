"""Households around disabled people: sizes, generations, sexes, birth dates, and who holds a certificate."""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.setting import Setting

# Whom the k-th other member of a household is to the first one: 0 old, 1 middle, 2 young generation.
_OTHERS = np.array([[1, 1, 2, 0, 2], [1, 2, 2, 0, 2], [1, 1, 2, 0, 2]])
# Whether that member is of the other sex than the first (1), than the member before (2), or either (0).
_SEXES = np.array([[0, 2, 0, 1, 0], [1, 0, 0, 0, 0], [0, 2, 0, 0, 0]])
_HOLDER_LEAN = {"0-6": 0.1, "7-17": 0.25, "18-59": 1.0, "60-69": 1.8, "70-99": 0.8}


def make_households(setting: Setting) -> People:
    """People in households, exactly as many of them certificate holders as wanted."""
    anchors, size, extra = _anchors(setting)
    people = _members(anchors, size, setting)
    people["birth"] = _births(people, setting)
    people["holder"] = _holders(people, extra, setting)
    _trim(people)
    return people


def band_edges(bands: dict[str, float]) -> list[tuple[int, int]]:
    """'7-17' as (7, 17)."""
    return [(int(low), int(high)) for low, high in (band.split("-") for band in bands)]


def _anchors(setting: Setting) -> tuple[Array, Array, Array]:
    """Age of the first holder, size and number of further holders of each household, until all holders have a place."""
    draws, holders = setting.draws("households"), setting.holders
    several = draws.chance(holders, setting.number("several_disabled_share"))
    extra = several * (1 + draws.chance(holders, setting.number("third_disabled_share")).astype(np.int64))
    count = int(np.searchsorted(np.cumsum(extra + 1), holders)) + 1
    extra = extra[:count]
    extra[-1] -= int((extra + 1).sum()) - holders
    bands = setting.calibration.shares("age_share")
    chosen = draws.pick(list(bands.values()), count)
    edges = np.array(band_edges(bands))
    low, high = edges[chosen, 0], edges[chosen, 1]
    age = draws.whole(low, high, count)
    old = 70 + np.minimum(np.floor(-7.0 * np.log(1 - draws.uniform(count))), 29).astype(np.int64)
    age = np.where(low >= 70, old, age)
    sizes = setting.calibration.shares("household_size_share")
    size = draws.key(sizes, count).astype(np.int64)
    return age, np.maximum(np.maximum(size, extra + 1), np.where(age < 18, 2, 1)), extra


def _members(age: Array, size: Array, setting: Setting) -> People:
    """One row a person: household, generation, age in years and sex; the first of each household is the anchor."""
    draws = setting.draws("members")
    generation = _anchor_generation(draws.uniform(len(age)), age, size)
    gap = draws.whole(20, 33, len(age))
    middle = np.where(generation == 2, age + gap, np.where(generation == 0, age - gap, age))
    household = np.repeat(np.arange(len(age)), size)
    place = np.arange(len(household)) - np.repeat(np.cumsum(size) - size, size)
    other = np.clip(place - 1, 0, 4)
    role = np.where(place == 0, generation[household], _OTHERS[generation[household], other])
    drift, spread = draws.whole(-5, 5, len(role)), draws.whole(20, 33, len(role))
    base = middle[household]
    years = np.select([place == 0, role == 1, role == 0], [age[household], base + drift, base + spread], base - spread)
    male = _sexes(draws.chance(len(role), setting.number("male_share")), place, generation[household], other)
    people = People(household=household, place=place, generation=role, years=years, male=male)
    possible = (years >= np.where(role == 1, 18, 0)) & (years <= 99)
    return people.take(possible)


def _anchor_generation(draw: Array, age: Array, size: Array) -> Array:
    young = (age < 22) | ((age < 45) & (draw < 0.35)) | ((age < 58) & (draw < 0.08))
    old = (age >= 65) & (draw < 0.4)
    return np.where(size == 1, 1, np.where(young, 2, np.where(old, 0, 1)))


def _sexes(male: Array, place: Array, generation: Array, other: Array) -> Array:
    """Couples are of different sex; all others are drawn."""
    start = np.maximum.accumulate(np.where(place == 0, np.arange(len(place)), 0))
    rule = np.where(place == 0, 0, _SEXES[generation, other])
    after_first = np.where(rule == 1, ~male[start], male)
    before = np.r_[after_first[:1], after_first[:-1]]
    result: Array = np.where(rule == 2, ~before, after_first)
    return result


def _births(people: People, setting: Setting) -> Array:
    draws = setting.draws("births")
    days_old = np.floor(people["years"] * 365.25 + draws.uniform(len(people)) * 365).astype(np.int64) + 1
    births = setting.day - days_old.astype("timedelta64[D]")
    household, generation = people["household"], people["generation"]
    follows = np.r_[False, (household[1:] == household[:-1]) & (generation[1:] == 2) & (generation[:-1] == 2)]
    twins = follows & draws.chance(len(people), setting.number("twin_share"))
    positions = np.flatnonzero(twins)
    births[positions] = births[positions - 1]
    people["twin"] = twins
    return np.asarray(births)


def _holders(people: People, extra: Array, setting: Setting) -> Array:
    """The anchors and, in homes with several disabled people, those most likely by age; exactly as many as wanted."""
    draws = setting.draws("holders")
    edges = [low for low, _ in band_edges(_HOLDER_LEAN)]
    lean = np.array(list(_HOLDER_LEAN.values()))[np.searchsorted(edges, people["years"], side="right") - 1]
    race = -np.log(1 - draws.uniform(len(people))) / lean
    anchor = people["place"] == 0
    race[anchor] = -1.0
    order = np.lexsort((race, people["household"]))
    start = np.maximum.accumulate(
        np.where(np.r_[True, np.diff(people["household"][order]) != 0], np.arange(len(order)), 0)
    )
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - start
    chosen = rank <= extra[people["household"]]
    missing = setting.holders - int(chosen.sum())
    spare = np.flatnonzero(~chosen & (people["years"] >= 18))
    chosen[spare[np.argsort(race[spare], kind="stable")[:missing]]] = True
    result: Array = chosen
    return result


def _trim(people: People) -> None:
    """Number households from 0 without gaps and mark the head: the first of the middle generation, else the anchor."""
    _, people["household"] = np.unique(people["household"], return_inverse=True)
    key = people["household"] * 1000 + np.where(people["generation"] == 1, 0, 100) + people["place"]
    first = np.zeros(len(people), dtype=bool)
    order = np.argsort(key, kind="stable")
    first[order[np.r_[True, np.diff(people["household"][order]) != 0]]] = True
    people["head"] = first
