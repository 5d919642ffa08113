"""On which department's roll people stand and since when: tekun, orphans, work injury, elder care, dibao, edge, monitoring."""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.calibration import Calibration
from bulou.engine.synthetic.draws import Array, Stream, stream
from bulou.engine.synthetic.due import nursing_due, valid_certificate
from bulou.engine.synthetic.months import ALWAYS, NEVER, ages_on, first_day
from bulou.engine.synthetic.people import People

SPELLS = ("tekun", "orphan", "work_injury", "elder_nursing", "elder_service", "old_age", "dibao")


def give_standing(people: People, start: int, window: int, months: int, calibration: Calibration, seed: int) -> None:
    """All rolls but those of deaths, moves and prison. Needs certificates and lives."""
    draws = stream(seed, "standing")
    age = ages_on(people["birth"], first_day(start))
    for spell in SPELLS:
        people.no_spell(spell)
    _care_need(people, draws, calibration)
    _small_rolls(people, age, draws, calibration)
    _dibao(people, start, window, months, calibration, seed)
    _elder_rolls(people, age, start, draws, calibration)
    _household_lists(people, draws, calibration)


def _care_need(people: People, draws: Stream, calibration: Calibration) -> None:
    shares = calibration.parts("needs_care_share")
    need = np.array([0.0, *(shares[str(grade)] for grade in range(1, 5))])[people["grade"]]
    people["needs_care"] = draws.chance(len(people), need)


def _always(people: People, spell: str, who: Array) -> None:
    people[f"{spell}_from"][who] = ALWAYS


def _small_rolls(people: People, age: Array, draws: Stream, calibration: Calibration) -> None:
    """Tekun leans to old or severe people in small households."""
    holder, size = people["holder"], np.bincount(people["household"])[people["household"]]
    lean = holder * (age >= 18) * np.where(size <= 2, 4.0, 0.3) * np.where((age >= 60) | (people["grade"] <= 2), 3.0, 0.5)
    wanted = calibration.number("tekun_share") * holder.sum()
    _always(people, "tekun", draws.chance(len(people), np.minimum(lean * wanted / max(lean.sum(), 1), 0.9)))
    child = holder & (age < 17)
    _always(people, "orphan", child & draws.chance(len(people), calibration.number("orphan_share")))
    worker = holder & (age >= 18) & (age < 70) & (people["category"] == 3)
    _always(people, "work_injury", worker & draws.chance(len(people), calibration.number("work_injury_share")))


def _dibao(people: People, start: int, window: int, months: int, calibration: Calibration, seed: int) -> None:
    """Households enter the roll, poorest first, until as many holders are due a subsidy at the start as published."""
    draws = stream(seed, "dibao")
    households, homes = people["household"], int(people["household"].max()) + 1
    order, blocked = _poorest_first(people, draws)
    begins, ends = _dibao_spells(homes, start - window, window, window + months, draws, calibration)
    on_at_start = (begins <= start) & (start < ends)
    single = draws.chance(homes, calibration.number("dibao_single_share"))
    member = (people["holder"] | ~single[households]) & (people["tekun_from"] != ALWAYS)
    already = nursing_due(people, start)
    counts = member & people["holder"] & valid_certificate(people, start) & ~already & on_at_start[households]
    gains = np.bincount(households, counts, homes)
    wanted = people["holder"].sum() * _due_share(calibration) - already.sum()
    count = int(np.searchsorted(np.cumsum(gains[order]), max(wanted, 0)))
    later = round(count * calibration.number("dibao_enter_month") * (months - 1))
    begins[order[count : count + later]] = start + 1 + draws.whole(0, max(months - 2, 0), len(order[count : count + later]))
    ends[order[count : count + later]] = NEVER
    never = order[count + later :]
    begins[never], ends[never] = NEVER, NEVER
    people["dibao_from"] = np.where(member & ~blocked[households], begins[households], NEVER)
    people["dibao_to"] = np.where(people["dibao_from"] < NEVER, ends[households], NEVER)
    people["dibao_single"] = single[households] & member


def _poorest_first(people: People, draws: Stream) -> tuple[Array, Array]:
    """Households in the order in which they come to need dibao, and those where tekun stands in its place."""
    households, homes = people["household"], int(people["household"].max()) + 1
    severe = np.bincount(households, (people["grade"] > 0) & (people["grade"] <= 2), homes) > 0
    blocked = np.bincount(households, people["tekun_from"] == ALWAYS, homes) > 0
    lean = np.where(severe, 2.0, 1.0) * 3.0 / np.bincount(households, minlength=homes)
    race = -np.log(1 - draws.uniform(homes)) / lean + np.where(blocked, 1000, 0)
    return np.argsort(race, kind="stable"), blocked


def _due_share(calibration: Calibration) -> float:
    """Published payees, and as many more as are missed."""
    return calibration.number("any_subsidy_share") / (1 - calibration.number("missed_share"))


def _dibao_spells(
    homes: int, begin: int, window: int, length: int, draws: Stream, calibration: Calibration
) -> tuple[Array, Array]:
    """When each household, were it poor, came to the roll and when it leaves it."""
    leave = np.floor(np.log(1 - draws.uniform(homes)) / np.log1p(-calibration.number("dibao_leave_month")))
    ends = np.where(leave < length, begin + 1 + leave, NEVER).astype(np.int64)
    recent = draws.chance(homes, calibration.number("dibao_enter_month") * window)
    begins = np.where(recent, begin + draws.whole(0, window, homes), ALWAYS)
    return begins, np.where(recent, NEVER, ends)


def _elder_rolls(people: People, age: Array, start: int, draws: Stream, calibration: Calibration) -> None:
    """Old people's nursing subsidy goes to people who are not due the disabled people's one: the two exclude each other."""
    poor_old = people["holder"] & (age >= 60) & people.during("dibao", start)
    service = poor_old & draws.chance(len(people), calibration.number("elder_service_share"))
    nursing = service & (people["grade"] >= 3) & (people["new_grade"] >= 3) & draws.chance(len(people), 0.2)
    _always(people, "elder_service", service & ~nursing)
    _always(people, "elder_nursing", nursing)
    _always(people, "old_age", (age >= 80) & draws.chance(len(people), calibration.number("old_age_share")))


def _household_lists(people: People, draws: Stream, calibration: Calibration) -> None:
    """Edge, low-income and monitored households; the three kinds of monitoring in equal parts."""
    households, homes = people["household"], int(people["household"].max()) + 1
    dibao = np.bincount(households, people["dibao_from"] < NEVER, homes) > 0
    edge = ~dibao & draws.chance(homes, calibration.number("edge_share"))
    low = ~dibao & ~edge & draws.chance(homes, calibration.number("low_income_share"))
    watched = draws.chance(homes, calibration.number("monitored_share"))
    kind = np.where(watched, draws.whole(1, 3, homes), 0)
    exited = draws.chance(homes, calibration.number("poverty_exited_share"))
    people["edge"], people["low_income"] = edge[households], low[households]
    people["monitor"], people["poverty_exited"] = kind[households], exited[households]
