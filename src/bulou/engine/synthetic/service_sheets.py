"""Lists of insurance, schools and the yearly survey."""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.certificates import certificate_numbers
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.due import registered
from bulou.engine.synthetic.months import ages_on, last_day
from bulou.engine.synthetic.sheets import Sheet, Writer, flags, words

SURVEY_MONTHS_AGO = 6
_STAGES = ("学前教育", "小学", "初中", "高中阶段", "高等教育")


def _holders_alive(w: Writer) -> Array:
    alive: Array = registered(w.people, w.month) & (w.people["death_known_month"] >= w.month)
    return alive


def pension(w: Writer) -> Sheet:
    """Holders of 16 and more."""
    age = ages_on(w.people["birth"], last_day(w.month))
    who = _holders_alive(w) & (age >= 16)
    draw = w.draws_for("pension", steady=True)[who]
    share = w.region.setting.calibration.number("pension_insured_share")
    insurance = np.select([draw < 0.08 * share, draw < share], ["城镇职工", "城乡居民"], "未参保").astype(object)
    state = np.select([draw >= share, age[who] >= 60], ["", "领取待遇"], "正常缴费").astype(object)
    return w.sheet("pension", who, insurance=insurance, state=state)


def medical(w: Writer) -> Sheet:
    """All holders."""
    who = _holders_alive(w)
    draw = w.draws_for("medical", steady=True)[who]
    share = w.region.setting.calibration.number("medical_insured_share")
    insurance = np.select([draw < 0.08 * share, draw < share], ["职工医保", "居民医保"], "未参保").astype(object)
    return w.sheet("medical", who, insurance=insurance)


def school_roll(w: Writer) -> Sheet:
    """Pupils and students with a disability; a few of school age are missing, which is for somebody to ask about."""
    age = ages_on(w.people["birth"], last_day(w.month))
    at_school = w.draws_for("school", steady=True) < np.select([age < 6, age < 15, age < 18], [0.4, 0.96, 0.6], 0.2)
    who = _holders_alive(w) & (age >= 4) & (age < 22) & at_school
    stage = np.searchsorted([6, 12, 15, 18], age[who], side="right")
    kind = np.searchsorted([0.6, 0.92], w.draws_for("school kind", steady=True)[who], side="right")
    sheet = w.sheet(
        "school_roll", who, stage=words(stage, _STAGES), special=words(kind, ("随班就读", "特教学校", "送教上门"))
    )
    school = np.array([f"{township}学校" for township in sheet.columns["township"]], dtype=object)
    return Sheet(sheet.kind, {**sheet.columns, "school": school}, sheet.person, sheet.county)


def survey(w: Writer) -> Sheet:
    """The survey of last year: certificate numbers and answers as they stood then, the same file in every month."""
    then = w.region.setting.start - SURVEY_MONTHS_AGO
    visited = w.draws_for("survey", steady=True) < w.region.setting.calibration.number("survey_coverage")
    who = registered(w.people, then) & (w.people["death_month"] > then) & visited
    people = w.people.take(who)
    adult = ages_on(people["birth"], last_day(then)) >= 20
    married, work = w.draws_for("married", steady=True)[who], w.draws_for("work", steady=True)[who]
    sources = np.searchsorted([0.15, 0.2, 0.5, 0.95], w.draws_for("source", steady=True)[who], side="right")
    jobs = np.searchsorted([0.03, 0.05, 0.09, 0.1, 0.13, 0.24, 0.28], work, side="right")
    working = adult & (jobs < 7)
    dibao = people.during("dibao", then)
    return w.sheet(
        "survey",
        who,
        cert_no=certificate_numbers(people, then),
        marriage=np.where(adult & (married < 0.6), "2", "1").astype(object),
        living_source=np.where(working, "", (sources + 1).astype(str)).astype(object),
        job_form=np.where(working, (jobs + 1).astype(str), "").astype(object),
        assistance=np.where(dibao, "1", "").astype(object),
        care_service=flags(w.draws_for("care service", steady=True)[who] < 0.05),
        needs_care=flags(people["needs_care"], people["care_known"]),
        phone=people["phone"],
    )
