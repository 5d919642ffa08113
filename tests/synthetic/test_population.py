"""The people: calibrated on published figures, in households that make sense, with numbers nobody real has."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest

from bulou.engine.synthetic.calibration import Figure, data, read_calibration
from bulou.engine.synthetic.certificates import certificate_numbers
from bulou.engine.synthetic.due import PROGRAMMES
from bulou.engine.synthetic.identity import check_digit
from bulou.engine.synthetic.months import NEVER, ages_on, month_of
from bulou.engine.synthetic.payments import careful_payer, paid_in
from bulou.engine.synthetic.population import Region, make_region
from bulou.engine.synthetic.setting import Setting

HOLDERS = 8_000


def region(code: str, holders: int = HOLDERS) -> Region:
    return make_region(code, Setting(holders, month_of("2025-06"), 2, 3, read_calibration(code)))


@pytest.fixture(scope="module")
def wuwei() -> Region:
    return region("620600")


def test_shares_are_as_published(wuwei: Region) -> None:
    """Within two percentage points at 8,000 holders: more than three standard errors."""
    people, holder = wuwei.people, wuwei.people["holder"]
    calibration = wuwei.setting.calibration
    assert holder.sum() == HOLDERS
    for number, share in enumerate(calibration.shares("category_share").values()):
        assert (people["category"][holder] == number).mean() == pytest.approx(share, abs=0.02)
    for grade, share in calibration.shares("grade_share").items():
        assert (people["grade"][holder] == int(grade)).mean() == pytest.approx(share, abs=0.02)
    age = ages_on(people["birth"], wuwei.setting.day)[holder]
    for band, share in calibration.shares("age_share").items():
        low, high = map(int, band.split("-"))
        assert ((age >= low) & (age <= high)).mean() == pytest.approx(share, abs=0.02), band
    assert people["male"][holder].mean() == pytest.approx(calibration.number("male_share"), abs=0.02)


def test_wuwei_has_the_figures_of_its_plan(wuwei: Region) -> None:
    people, scale = wuwei.people, HOLDERS / 52_000
    payer = careful_payer(wuwei)
    paid = np.logical_or.reduce([paid_in(wuwei, payer, programme, wuwei.setting.start) for programme in PROGRAMMES])
    severe = people["holder"] & (people["grade"] <= 2)
    age = ages_on(people["birth"], wuwei.setting.day)
    assert paid.sum() == pytest.approx(26_000 * scale, rel=0.06)
    assert len(np.unique(people["household"][severe])) == pytest.approx(9_000 * scale, rel=0.08)
    assert (people["holder"] & (age >= 70)).sum() == pytest.approx(6_000 * scale, rel=0.1)


def test_households_make_sense(wuwei: Region) -> None:
    people = wuwei.people
    homes = int(people["household"].max()) + 1
    assert (np.bincount(people["household"], people["head"], homes) == 1).all()
    assert len(people) / homes == pytest.approx(3.11, abs=0.15)
    holders = np.bincount(people["household"], people["holder"], homes)
    assert (holders >= 1).all()
    assert (holders >= 2).mean() == pytest.approx(0.1147, abs=0.02)
    village = people["village"][people["head"]]
    assert (people["village"] == village[people["household"]]).all()
    oldest_child = np.full(homes, np.datetime64("2100-01-01", "D"))
    youngest_parent = np.full(homes, np.datetime64("1800-01-01", "D"))
    np.minimum.at(
        oldest_child, people["household"][people["generation"] == 2], people["birth"][people["generation"] == 2]
    )
    middle = people["generation"] == 1
    np.maximum.at(youngest_parent, people["household"][middle], people["birth"][middle])
    both = (oldest_child < np.datetime64("2099-01-01")) & (youngest_parent > np.datetime64("1801-01-01"))
    assert (oldest_child[both] - youngest_parent[both] > np.timedelta64(14 * 365, "D")).all()
    twins = np.flatnonzero(people["twin"])
    assert len(twins)
    assert (people["birth"][twins] == people["birth"][twins - 1]).all()


def test_numbers_are_valid_and_nobodys(wuwei: Region) -> None:
    people = wuwei.people
    codes = {one[key] for one in wuwei.places.counties for key in ("code", "former") if key in one}
    assert len(set(people["id_no"])) == len(people)
    for number, birth, male in zip(people["id_no"], people["birth"], people["male"], strict=True):
        assert number[17] == check_digit(number[:17])
        assert number[:6] in codes
        assert date(int(number[6:10]), int(number[10:12]), int(number[12:14])) == birth.item()
        assert int(number[16]) % 2 == male
        assert number[14] == "9"
    assert all(re.fullmatch(r"9999\d{15}", account) for account in people["account"])
    assert len(set(people["account"])) == len(people)
    assert all(re.fullmatch(r"129\d{8}", phone) for phone in people["phone"])


def test_certificate_numbers_carry_identity_category_and_grade(wuwei: Region) -> None:
    people = wuwei.people.take(wuwei.people["holder"])
    for number, identity, category, grade in zip(
        certificate_numbers(people, 0), people["id_no"], people["category"], people["grade"], strict=True
    ):
        assert number[:20] == f"{identity}{category + 1}{grade}"
        assert number[20:] in ("", "B1", "B2")


def test_names_follow_the_frequencies_and_the_villages(wuwei: Region) -> None:
    people = wuwei.people
    first = np.array([name[0] for name in people["name"]])
    assert 0.2 < np.isin(first, list("王李张刘陈")).mean() < 0.36
    top = [
        max(np.unique(first[people["village"] == village], return_counts=True)[1])
        / max((people["village"] == village).sum(), 1)
        for village in np.unique(people["village"])[:200]
    ]
    assert max(top) > 0.4
    assert any("·" in name for name in people["name"])
    assert any(not fits_gbk(name) for name in people["name"])


def fits_gbk(text: str) -> bool:
    return text.encode("gbk", errors="ignore").decode("gbk") == text


def test_nothing_happens_before_birth_or_after_death(wuwei: Region) -> None:
    people = wuwei.people
    dead = people["death_month"] < NEVER
    assert 0.02 < dead[people["holder"]].mean() < 0.06
    assert (people["death_on"][dead] > people["birth"][dead]).all()
    assert (people["civil_report_month"] >= people["death_month"]).all()
    assert (people["cremation_report_month"][dead] >= people["death_month"][dead]).all()
    certified = people["grade"] > 0
    assert (people["cert_issued"][certified] >= people["birth"][certified]).all()


@pytest.mark.parametrize("code", sorted(data("regions.toml")))
def test_every_described_region_can_be_made_small(code: str) -> None:
    made = region(code, 500)
    assert made.people["holder"].sum() == 500


def test_every_figure_cites_its_source() -> None:
    assert read_calibration("620600").number("holders") == 52_000
    with pytest.raises(ValueError, match="needs a source"):
        Figure("invented", 1, "", "seen")
    with pytest.raises(ValueError, match="needs a source"):
        Figure("invented", 1, "somewhere", "sure")
