"""Certificates: category and grade fitted to the published shares, numbers, issue, expiry, states."""

from __future__ import annotations

import numpy as np

from bulou.engine.synthetic.draws import Array, Stream, fit_to_margins
from bulou.engine.synthetic.households import band_edges
from bulou.engine.synthetic.months import ALWAYS, NEVER, add_years, ages_on, days_in, months_of
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.setting import WINDOW, Setting

CATEGORIES = ("vision", "hearing", "speech", "physical", "intellectual", "mental", "multiple")
YEARS_VALID = 10
# How categories lean over ages (0-6, 7-17, 18-59, 60-69, 70+) and grades (1-4); the margins stay as published. Assumed.
_AGE_LEAN = np.array(
    [
        [0.5, 2, 4, 0.6, 5, 2, 2],
        [0.5, 1.2, 1.5, 0.7, 5, 1, 1.5],
        [0.8, 0.8, 1, 1, 1.5, 1.4, 1],
        [1.2, 1.2, 0.8, 1.1, 0.4, 0.7, 1],
        [1.6, 2.0, 0.8, 1, 0.2, 0.4, 1.2],
    ]
)
_GRADE_LEAN = np.array(
    [
        [1.6, 0.8, 0.7, 1.2],
        [1.2, 1.0, 1.0, 1.0],
        [1.0, 1.0, 1.0, 1.0],
        [0.4, 0.7, 1.2, 1.4],
        [1.0, 1.6, 1.2, 0.6],
        [0.8, 2.0, 1.0, 0.4],
        [3.0, 1.5, 0.5, 0.3],
    ]
)


def give_certificates(people: People, setting: Setting) -> None:
    """Category, grade and certificate of every holder, and of those certified in a later month."""
    draws = setting.draws("certificates")
    _certified_from(people, draws, setting)
    ever = people["certified_month"] < NEVER
    _category_and_grade(people, ever, draws, setting)
    _dates(people, draws, setting)
    _states(people, draws, setting)
    _renewals(people, draws, setting)
    _regrades(people, draws, setting)
    people["reissue"] = np.where(ever, _reissues(draws, len(people), setting), "")


def certificate_numbers(people: People, month: int) -> Array:
    """Identity number, category, grade and the mark of re-issue, as they stand in a month."""
    grade = grade_in(people, month)
    digit = people["category"] + 1
    rows = zip(people["id_no"].tolist(), digit.tolist(), grade.tolist(), people["reissue"].tolist(), strict=True)
    return np.array([f"{number}{kind}{level}{mark}" for number, kind, level, mark in rows], dtype=object)


def grade_in(people: People, month: int) -> Array:
    """Grades as they stand in a month."""
    return np.where(people["regraded_month"] <= month, people["new_grade"], people["grade"])


def issued_in(people: People, month: int) -> Array:
    """Issue dates of the certificates as they stand in a month."""
    return np.where(people["renewed_month"] <= month, people["renewed_on"], people["cert_issued"])


def expires_in(people: People, month: int) -> Array:
    """Last days of validity of the certificates as they stand in a month."""
    return np.where(people["renewed_month"] <= month, people["renewed_expires"], people["cert_expires"])


def _certified_from(people: People, draws: Stream, setting: Setting) -> None:
    """Some holders were certified in the window up to its first folder; after that, members who were none before."""
    rate = people["holder"].sum() * setting.number("new_certificates_month")
    month = np.where(people["holder"], ALWAYS, NEVER)
    before = draws.sample(np.flatnonzero(people["holder"]), round(rate * (WINDOW + 1)))
    month[before] = setting.begin + draws.whole(0, WINDOW, len(before))
    after = draws.sample(np.flatnonzero(~people["holder"]), round(rate * (setting.months - 1)))
    month[after] = setting.start + 1 + draws.whole(0, max(setting.months - 2, 0), len(after))
    people["certified_month"] = month


def _category_and_grade(people: People, ever: Array, draws: Stream, setting: Setting) -> None:
    bands, kinds, grades = (setting.calibration.shares(name) for name in ("age_share", "category_share", "grade_share"))
    by_age = fit_to_margins(_AGE_LEAN, _values(bands), _values(kinds))
    by_kind = fit_to_margins(_GRADE_LEAN, _values(kinds), _values(grades))
    lows = [low for low, _ in band_edges(bands)]
    band = np.searchsorted(lows, ages_on(people["birth"], setting.day), side="right") - 1
    people["category"] = _pick_by_row(by_age, band.clip(0), draws)
    people["grade"] = _pick_by_row(by_kind, people["category"], draws) + 1
    people["category"][~ever] = 0
    people["grade"][~ever] = 0
    first, second = draws.whole(0, 5, len(ever)), draws.whole(1, 5, len(ever))
    people["multiple_of"] = np.where(people["category"] == 6, _pair(first, (first + second) % 6), "")


def _pair(first: Array, second: Array) -> Array:
    names = np.array(CATEGORIES[:6], dtype=object)
    low, high = np.minimum(first, second), np.maximum(first, second)
    return np.array([f"{a},{b}" for a, b in zip(names[low], names[high], strict=True)], dtype=object)


def _values(shares: dict[str, float]) -> Array:
    return np.array(list(shares.values()))


def _pick_by_row(table: Array, rows: Array, draws: Stream) -> Array:
    """A column for each row number, drawn by the shares of that row."""
    edges = np.cumsum(table, axis=1)
    edges /= edges[:, -1:]
    result: Array = (draws.uniform(len(rows))[:, None] >= edges[rows]).sum(axis=1).clip(0, table.shape[1] - 1)
    return result


def _dates(people: People, draws: Stream, setting: Setting) -> None:
    """Issued within the ten years before the window, or longer ago for those expired; new ones in their month."""
    size = len(people)
    states = setting.calibration.percents("certificate_state_share")
    state = draws.uniform(size)
    edges = np.cumsum(list(states.values()))
    people["cert_state"] = np.array([*states, "valid"], dtype=object)[np.searchsorted(edges, state, side="right")]
    ago = draws.whole(1, 12 * YEARS_VALID, size) + np.where(people["cert_state"] == "expired", 12 * YEARS_VALID, 0)
    born = months_of(people["birth"])
    month = np.where(
        people["certified_month"] == ALWAYS, np.maximum(setting.begin - ago, born + 6), people["certified_month"]
    )
    people["cert_issued"] = np.maximum(days_in(month, draws.uniform(size)), people["birth"])
    people["cert_expires"] = add_years(people["cert_issued"], YEARS_VALID)


def _states(people: People, draws: Stream, setting: Setting) -> None:
    """Cancelled, lost and frozen certificates are so from a month; new ones are sound."""
    old = people["certified_month"] == ALWAYS
    for state in ("cancelled", "lost", "frozen"):
        struck = old & (people["cert_state"] == state)
        when = setting.begin - draws.whole(0, 24, len(people))
        people[f"{state}_month"] = np.where(struck, when, NEVER)


def _renewals(people: People, draws: Stream, setting: Setting) -> None:
    kinds = setting.calibration.parts("renewal_share")
    kind = draws.key(kinds, len(people))
    late = draws.whole(1, 6, len(people))
    before = draws.whole(0, 60, len(people)).astype("timedelta64[D]")
    in_time = people["cert_expires"] - before
    afterwards = people["cert_expires"] + (late * 30).astype("timedelta64[D]")
    renewed = np.where(kind == "in_time", in_time, np.where(kind == "late", afterwards, np.datetime64("NaT", "D")))
    lapsed = (people["cert_state"] == "expired") | (people["certified_month"] == NEVER)
    people["renewed_on"] = np.where(lapsed, np.datetime64("NaT", "D"), renewed).astype("datetime64[D]")
    people["renewed_month"] = months_of(people["renewed_on"])
    people["renewed_expires"] = add_years(people["renewed_on"], YEARS_VALID)


def _regrades(people: People, draws: Stream, setting: Setting) -> None:
    share = setting.number("regrade_month") * setting.length
    hit = (people["grade"] > 0) & draws.chance(len(people), share)
    step = np.where(draws.chance(len(people), 0.5), 1, -1)
    new = people["grade"] + step
    new = np.where((new < 1) | (new > 4), people["grade"] - step, new)
    people["new_grade"] = np.where(hit, new, people["grade"])
    people["regraded_month"] = np.where(hit, setting.begin + draws.whole(0, setting.length - 1, len(people)), NEVER)


def _reissues(draws: Stream, size: int, setting: Setting) -> Array:
    shares = setting.calibration.percents("reissued_share")
    edges = np.cumsum(list(shares.values()))
    return np.array([*shares, ""], dtype=object)[np.searchsorted(edges, draws.uniform(size), side="right")]
