"""Lists of insurance, schools and the yearly survey."""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.certificates import certificate_numbers
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.due import registered
from bulou.engine.synthetic.months import ages_on, last_day
from bulou.engine.synthetic.sheets import Sheet, Writer, flags, words
from bulou.engine.synthetic.survey_round import survey_month, visited

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
    shares = w.region.setting.calibration.parts("at_school_share")
    at_school = w.draws_for("school", steady=True) < np.select(
        [age < 6, age < 15, age < 18], list(shares.values())[:3], shares["higher"]
    )
    who = _holders_alive(w) & (age >= 4) & (age < 22) & at_school
    stage = np.searchsorted([6, 12, 15, 18], age[who], side="right")
    ways = w.region.setting.calibration.shares("schooling_share")
    kind = w.region.setting.draws("schooling").pick(list(ways.values()), len(w.people))[who]
    sheet = w.sheet(
        "school_roll", who, stage=words(stage, _STAGES), special=words(kind, ("随班就读", "特教学校", "送教上门"))
    )
    school = np.array([f"{township}学校" for township in sheet.columns["township"]], dtype=object)
    return Sheet(sheet.kind, {**sheet.columns, "school": school}, sheet.person, sheet.county)


def survey(w: Writer) -> Sheet:
    """The survey of last year: certificate numbers and answers as they stood then, the same file in every month."""
    then, calibration = survey_month(w.region.setting), w.region.setting.calibration
    who = visited(w.people, w.region.setting)
    people = w.people.take(who)
    adult = ages_on(people["birth"], last_day(then)) >= 20
    answers = calibration.parts("survey_answers")
    married, cared = (w.draws_for(name, steady=True)[who] < share for name, share in answers.items())
    source = w.region.setting.draws("source").key(calibration.parts("survey_living_source"), len(w.people))[who]
    job = w.region.setting.draws("job").key(calibration.parts("survey_job"), len(w.people))[who]
    working = adult & (job != "none")
    dibao = people.during("dibao", then)
    return w.sheet(
        "survey",
        who,
        cert_no=certificate_numbers(people, then),
        marriage=np.where(adult & married, "2", "1").astype(object),
        living_source=np.where(working, "", source),
        job_form=np.where(working, job, ""),
        assistance=np.where(dibao, "1", "").astype(object),
        care_service=flags(cared),
        needs_care=flags(people["needs_care"], people["care_known"]),
        phone=people["phone"],
    )
