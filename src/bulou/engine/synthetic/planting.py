"""Plants the faults that audits find: changes the truth about some payees and lets the county pay them on.

At most one fault a household, so that no fault hides another.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bulou.engine.synthetic.certificates import YEARS_VALID
from bulou.engine.synthetic.draws import Array, Stream
from bulou.engine.synthetic.due import PROGRAMMES
from bulou.engine.synthetic.lives import hear_of_deaths
from bulou.engine.synthetic.months import NEVER, add_years, ages_on, days_in, first_day
from bulou.engine.synthetic.payments import Payer, careful_payer, paid_in
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.population import Region
from bulou.engine.synthetic.survey_round import visited

FEWEST = 2


class Planter:
    """Chooses payees of the first paid month and spoils them, one household at most once."""

    def __init__(self, region: Region) -> None:
        self.region, self.people = region, region.people
        self.month = region.setting.start - 1
        self.draws: Stream = region.setting.draws("planting")
        self.payer = careful_payer(region)
        self.paid = {programme: paid_in(region, self.payer, programme, self.month) for programme in PROGRAMMES}
        self.steady = self._steady()
        self.free = np.ones(int(self.people["household"].max()) + 1, dtype=bool)
        self.age = ages_on(self.people["birth"], first_day(self.month))
        self.payees = int((self.paid["living_subsidy"] | self.paid["nursing_subsidy"]).sum())

    def _steady(self) -> Array:
        """Whose right holds through all months: a planted fault is then the only one of that person."""
        steady: Array = np.ones(len(self.people), dtype=bool)
        for programme in PROGRAMMES:
            for month in range(self.month - 2, self.region.setting.start + self.region.setting.months):
                steady &= paid_in(self.region, self.payer, programme, month) == self.paid[programme]
        for event in ("death_month", "moved_within_month", "prison_from", "regraded_month"):
            steady &= self.people[event] == NEVER
        return steady

    def choose(self, kind: str, fits: Array, group: int = 1) -> Array:
        """People for a fault: those that fit, of different households not used before; records them as planted."""
        wanted = max(FEWEST, round(self.region.setting.calibration.planted[kind] * self.payees / 10_000)) * group
        candidates = self.draws.sample(np.flatnonzero(fits & self.steady & self.free[self.people["household"]]), NEVER)
        _, first = np.unique(self.people["household"][candidates], return_index=True)
        chosen = candidates[np.sort(first)][:wanted]
        self.free[self.people["household"][chosen]] = False
        self.payer.planted[kind] = chosen
        return chosen

    def keep_paying(self, chosen: Array) -> None:
        """Whatever is true of them from now on, they stay on the roll."""
        for programme in PROGRAMMES:
            self.payer.forced[programme][chosen] = self.paid[programme][chosen]

    def ago(self, chosen: Array, least: int = 1, most: int = 6) -> Array:
        """A month so long before the paid one, for each."""
        return self.month - self.draws.whole(least, most, len(chosen))


def plant_faults(region: Region) -> Payer:
    """Spoil the region in place and give back how its county pays."""
    planter = Planter(region)
    for plant in PLANTS:
        plant(planter)
    _know_care(planter)
    return planter.payer


def _know_care(p: Planter) -> None:
    """Whose need of care the survey has written down: most of those enrolled, few others, nobody it did not meet."""
    shares = p.region.setting.calibration.parts("care_known_share")
    enrolled = paid_in(p.region, p.payer, "nursing_subsidy", p.month)
    share = np.where(enrolled, shares["enrolled"], shares["others"])
    p.people["care_known"] = p.region.setting.draws("care known").chance(len(enrolled), share)
    p.people["care_known"] &= visited(p.people, p.region.setting)


def _any_payee(p: Planter) -> Array:
    result: Array = p.paid["living_subsidy"] | p.paid["nursing_subsidy"]
    return result


def _set(people: People, column: str, who: Array, values: Array | int) -> None:
    people[column][who] = values


def _paid_after_death(p: Planter) -> None:
    chosen = p.choose("paid_after_death", _any_payee(p))
    p.keep_paying(chosen)
    _set(p.people, "death_month", chosen, p.ago(chosen))
    p.people["death_on"][chosen] = days_in(p.people["death_month"][chosen], p.draws.uniform(len(chosen)))
    hear_of_deaths(p.people, chosen, p.region.setting, surely=True)
    struck = chosen[p.draws.chance(len(chosen), 0.5)]
    _set(p.people, "cancelled_month", struck, p.people["death_known_month"][struck] + 1)


def _tekun(p: Planter) -> None:
    chosen = p.choose("tekun_and_subsidy", p.paid["nursing_subsidy"] & (p.age >= 18))
    p.keep_paying(chosen)
    _set(p.people, "tekun_from", chosen, p.ago(chosen))
    _set(p.people, "dibao_to", chosen, np.minimum(p.people["tekun_from"][chosen], p.people["dibao_to"][chosen]))


def _orphan(p: Planter) -> None:
    chosen = p.choose("orphan_and_living", p.paid["living_subsidy"] & (p.age < 17))
    p.keep_paying(chosen)
    _set(p.people, "orphan_from", chosen, p.ago(chosen))


def _work_injury(p: Planter) -> None:
    chosen = p.choose(
        "work_injury_and_subsidy", _any_payee(p) & (p.age >= 18) & (p.age < 70) & (p.people["category"] == 3)
    )
    p.keep_paying(chosen)
    _set(p.people, "work_injury_from", chosen, p.ago(chosen))


def _double_county(p: Planter) -> None:
    places = p.region.places
    counties = np.unique(places.county.astype(str))
    chosen = p.choose("double_county", _any_payee(p) & (len(counties) > 1))
    _set(p.people, "moved_within_month", chosen, p.ago(chosen))
    for person in chosen.tolist():
        elsewhere = np.flatnonzero(places.county != places.county[p.people["village"][person]])
        p.people["new_village"][person] = p.draws.sample(elsewhere, 1)[0]
    p.payer.twice[chosen] = True


def _expired(p: Planter) -> None:
    chosen = p.choose("expired_paid", _any_payee(p) & (p.age > YEARS_VALID + 2))
    p.keep_paying(chosen)
    p.people["renewed_on"][chosen] = np.datetime64("NaT", "D")
    _set(p.people, "renewed_month", chosen, NEVER)
    p.people["cert_expires"][chosen] = days_in(p.ago(chosen, most=8), p.draws.uniform(len(chosen)))
    p.people["cert_issued"][chosen] = add_years(p.people["cert_expires"][chosen], -YEARS_VALID)


def _not_valid(p: Planter) -> None:
    chosen = p.choose("certificate_not_valid_paid", _any_payee(p))
    p.keep_paying(chosen)
    half = p.draws.chance(len(chosen), 0.5)
    _set(p.people, "cancelled_month", chosen[half], p.ago(chosen[half]))
    _set(p.people, "frozen_month", chosen[~half], p.ago(chosen[~half]))


def _no_certificate(p: Planter) -> None:
    relatives = (p.people["certified_month"] == NEVER) & p.people.during("dibao", p.month) & (p.age >= 18)
    p.steady |= relatives & (p.people["death_month"] == NEVER) & (p.people["moved_out_month"] == NEVER)
    chosen = p.choose("no_certificate_paid", relatives)
    p.payer.forced["living_subsidy"][chosen] = True


def _missed(p: Planter) -> None:
    chosen = p.choose("missed", _any_payee(p))
    for programme in PROGRAMMES:
        p.payer.withheld[programme][chosen] = True


def _wrong_amount(p: Planter) -> None:
    chosen = p.choose("wrong_amount", _any_payee(p))
    step = p.draws.whole(1, 3, len(chosen)) * np.where(p.draws.chance(len(chosen), 0.5), 1000, -1000)
    rates = p.region.rates
    nursing = np.where(p.people["grade"][chosen] == 1, rates.nursing_grade1, rates.nursing_grade2)
    gets_nursing = p.paid["nursing_subsidy"][chosen]
    p.payer.odd_fen["nursing_subsidy"][chosen] = np.where(gets_nursing, nursing + step, 0)
    p.payer.odd_fen["living_subsidy"][chosen] = np.where(gets_nursing, 0, rates.living + step)


def _shared_account(p: Planter) -> None:
    """Three payees of three households of one county on one account."""
    chosen = p.choose("shared_account", _any_payee(p), group=3)
    county = p.region.places.county[p.people["village"][chosen]].astype(str)
    chosen = chosen[np.argsort(county, kind="stable")]
    chosen = chosen[: len(chosen) // 3 * 3]
    p.people["account"][chosen] = np.repeat(p.people["account"][chosen[::3]], 3)
    p.payer.planted["shared_account"] = chosen


def _prisoner(p: Planter) -> None:
    chosen = p.choose("prisoner_paid", _any_payee(p) & (p.age >= 19) & (p.age <= 65))
    _set(p.people, "prison_from", chosen, p.ago(chosen))
    _set(p.people, "prison_to", chosen, p.month + 36)


def _left_dibao(p: Planter) -> None:
    chosen = p.choose("left_dibao_paid", p.paid["living_subsidy"])
    p.keep_paying(chosen)
    ends = np.full(len(p.free), NEVER)
    ends[p.people["household"][chosen]] = p.ago(chosen, least=0, most=4)
    left = (ends[p.people["household"]] < NEVER) & (p.people["dibao_from"] < NEVER)
    p.people["dibao_to"] = np.where(left, ends[p.people["household"]], p.people["dibao_to"])


def _grade_lowered(p: Planter) -> None:
    chosen = p.choose("grade_lowered_paid", p.paid["nursing_subsidy"] & (p.people["regraded_month"] == NEVER))
    p.keep_paying(chosen)
    _set(p.people, "new_grade", chosen, 3)
    _set(p.people, "regraded_month", chosen, p.ago(chosen))


def _moved_out(p: Planter) -> None:
    chosen = p.choose("moved_out_paid", _any_payee(p))
    p.keep_paying(chosen)
    _set(p.people, "moved_out_month", chosen, p.ago(chosen))


def _elder_nursing(p: Planter) -> None:
    chosen = p.choose("elder_nursing_twice", p.paid["nursing_subsidy"] & (p.age >= 61))
    _set(p.people, "elder_nursing_from", chosen, p.ago(chosen))
    _set(p.people, "elder_service_from", chosen, NEVER)


PLANTS: tuple[Callable[[Planter], None], ...] = (
    _orphan,
    _elder_nursing,
    _tekun,
    _grade_lowered,
    _work_injury,
    _paid_after_death,
    _double_county,
    _expired,
    _not_valid,
    _no_certificate,
    _wrong_amount,
    _shared_account,
    _prisoner,
    _left_dibao,
    _moved_out,
    _missed,
)
