"""On which roll people stand and since when: tekun, orphans, work injury, elder care, dibao, edge, monitoring."""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.draws import Array, Stream
from bulou.engine.synthetic.due import nursing_due, valid_certificate
from bulou.engine.synthetic.months import ALWAYS, NEVER, ages_on
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.setting import WINDOW, Setting

SPELLS = ("tekun", "orphan", "work_injury", "elder_nursing", "elder_service", "old_age", "dibao")


def give_standing(people: People, setting: Setting) -> None:
    """All rolls but those of deaths, moves and prison. Needs certificates and lives."""
    draws = setting.draws("standing")
    age = ages_on(people["birth"], setting.day)
    for spell in SPELLS:
        people.no_spell(spell)
    _care_need(people, draws, setting)
    _small_rolls(people, age, draws, setting)
    _dibao(people, setting)
    _elder_rolls(people, age, draws, setting)
    _household_lists(people, draws, setting)


def _care_need(people: People, draws: Stream, setting: Setting) -> None:
    shares = setting.calibration.parts("needs_care_share")
    need = np.array([0.0, *(shares[str(grade)] for grade in range(1, 5))])[people["grade"]]
    people["needs_care"] = draws.chance(len(people), need)


def _always(people: People, spell: str, who: Array) -> None:
    people[f"{spell}_from"][who] = ALWAYS


def _small_rolls(people: People, age: Array, draws: Stream, setting: Setting) -> None:
    """Tekun leans to old or severe people in small households."""
    holder, size = people["holder"], np.bincount(people["household"])[people["household"]]
    lean = (
        holder * (age >= 18) * np.where(size <= 2, 4.0, 0.3) * np.where((age >= 60) | (people["grade"] <= 2), 3.0, 0.5)
    )
    wanted = setting.number("tekun_share") * holder.sum()
    _always(people, "tekun", draws.chance(len(people), np.minimum(lean * wanted / max(lean.sum(), 1), 0.9)))
    child = holder & (age < 17)
    _always(people, "orphan", child & draws.chance(len(people), setting.number("orphan_share")))
    worker = holder & (age >= 18) & (age < 70) & (people["category"] == 3)
    _always(people, "work_injury", worker & draws.chance(len(people), setting.number("work_injury_share")))


def _dibao(people: People, setting: Setting) -> None:
    """Households enter the roll, poorest first, until as many holders are due a subsidy at the start as published."""
    draws, start, months = setting.draws("dibao"), setting.start, setting.months
    households, homes = people["household"], int(people["household"].max()) + 1
    order, blocked = _poorest_first(people, draws)
    begins, ends = _dibao_spells(homes, draws, setting)
    on_at_start = (begins <= start) & (start < ends)
    single = draws.chance(homes, setting.number("dibao_single_share"))
    member = (people["holder"] | ~single[households]) & (people["tekun_from"] != ALWAYS)
    already = nursing_due(people, start)
    counts = member & people["holder"] & valid_certificate(people, start) & ~already & on_at_start[households]
    gains = np.bincount(households, counts, homes)
    wanted = people["holder"].sum() * _due_share(setting) - already.sum()
    count = int(np.searchsorted(np.cumsum(gains[order]), max(wanted, 0)))
    later = round(count * setting.number("dibao_enter_month") * (months - 1))
    entering, never = order[count : count + later], order[count + later :]
    begins[entering] = start + 1 + draws.whole(0, max(months - 2, 0), len(entering))
    ends[entering] = NEVER
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


def _due_share(setting: Setting) -> float:
    """Published payees, and as many more as are missed."""
    return setting.number("any_subsidy_share") / (1 - setting.number("missed_share"))


def _dibao_spells(homes: int, draws: Stream, setting: Setting) -> tuple[Array, Array]:
    """When each household, were it poor, came to the roll and when it leaves it."""
    leave = np.floor(np.log(1 - draws.uniform(homes)) / np.log1p(-setting.number("dibao_leave_month")))
    ends = np.where(leave < setting.length, setting.begin + 1 + leave, NEVER).astype(np.int64)
    recent = draws.chance(homes, setting.number("dibao_enter_month") * WINDOW)
    begins = np.where(recent, setting.begin + draws.whole(0, WINDOW, homes), ALWAYS)
    return begins, np.where(recent, NEVER, ends)


def _elder_rolls(people: People, age: Array, draws: Stream, setting: Setting) -> None:
    """The old people's nursing subsidy goes to those not due the disabled people's one: the two exclude each other."""
    poor_old = people["holder"] & (age >= 60) & people.during("dibao", setting.start)
    service = poor_old & draws.chance(len(people), setting.number("elder_service_share"))
    nursing = (
        service
        & (people["grade"] >= 3)
        & (people["new_grade"] >= 3)
        & draws.chance(len(people), setting.number("elder_nursing_share"))
    )
    _always(people, "elder_service", service & ~nursing)
    _always(people, "elder_nursing", nursing)
    _always(people, "old_age", (age >= 80) & draws.chance(len(people), setting.number("old_age_share")))


def _household_lists(people: People, draws: Stream, setting: Setting) -> None:
    """Edge, low-income and monitored households; the three kinds of monitoring in equal parts."""
    households, homes = people["household"], int(people["household"].max()) + 1
    dibao = np.bincount(households, people["dibao_from"] < NEVER, homes) > 0
    edge = ~dibao & draws.chance(homes, setting.number("edge_share"))
    low = ~dibao & ~edge & draws.chance(homes, setting.number("low_income_share"))
    watched = draws.chance(homes, setting.number("monitored_share"))
    kind = np.where(watched, draws.whole(1, 3, homes), 0)
    exited = draws.chance(homes, setting.number("poverty_exited_share"))
    people["edge"], people["low_income"] = edge[households], low[households]
    people["monitor"], people["poverty_exited"] = kind[households], exited[households]
