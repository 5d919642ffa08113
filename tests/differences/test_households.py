"""Programmes for whole households: one line a household, with what rolls and the law say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from bulou.engine.differences import MonthResult
from bulou.engine.facts.history import RollRead
from bulou.engine.pack import read_pack
from tests.differences.histories import Told, compared, id_no, person, placed, setting

LONG = date(2030, 12, 31)
HOMES = {1: "H1", 2: "H1", 3: "H2", 4: "H3"}


class Village(Told):
    """Persons 1 and 2 live together, 2 is the head by the dibao roll; all but 2 hold a certificate of grade 1."""

    income: tuple[int | None, ...] = (700_00, 700_00)
    single: tuple[bool | None, ...] = (False, False)
    survey: tuple[bool, ...] = ()

    def rolls(self) -> list[RollRead]:
        numbers = list(self.holders)
        register = {
            "person": [person(n) for n in numbers], "household_no": [HOMES[n] for n in numbers],
            "cert_status": ["valid"] * len(numbers), "grade": [1] * len(numbers),
            "category": ["physical"] * len(numbers),
            "expires_on": list(self.holders.values()), "village": ["试村"] * len(numbers),
        }  # fmt: skip
        dibao = {
            "person": [person(1), person(2)], "household_no": ["H1", "H1"], "relation": ["配偶", "户主"],
            "per_capita_income": self.income, "single_unit": self.single,
        }  # fmt: skip
        seen = {"person": [person(n) for n in range(3, 3 + len(self.survey))], "home_adapted": list(self.survey)}
        mine = {"certificate_register": register, "dibao_roll": dibao}
        rolls = [replace(r, rows=placed(r.kind, mine[r.kind])) if r.kind in mine else r for r in super().rolls()]
        return [*rolls, replace(rolls[0], kind="survey", rows=placed("survey", seen))]


def village(programmes: Sequence[str], **given: object) -> MonthResult:
    """June in the village, with the household programmes named."""
    pack = read_pack("620600")
    names = ("living_subsidy", "nursing_subsidy", *programmes)
    cut = replace(pack, programmes={name: pack.programmes[name] for name in names}, checks={})
    told = Village("2025-06", {n: LONG for n in HOMES if n != 2}, {1, 2})
    for name, value in given.items():
        setattr(told, name, value)
    return compared([told], list(HOMES), [setting("dibao_standard", "600")], cut)


def test_a_household_that_should_have_something_is_one_line_under_its_head() -> None:
    found = village(["household_utilities"]).households["missed"]
    assert found["household"].to_list() == ["H1", "H2", "H3"]
    first = found.row(0, named=True)
    assert (first["id_no"], first["village"], first["members"], first["holders"]) == (id_no(2), "试村", 2, 1)
    assert first["standing"].startswith("没有名册可比") and "一级或二级" in first["reason"] and first["cite"]


def test_who_has_it_by_the_survey_is_not_missed() -> None:
    adapted = village(["home_adaptation"], survey=(True, False))
    assert adapted.households["missed"]["household"].to_list() == ["H1"]
    assert adapted.households["missed"]["standing"][0] == "名册里没有这户"
    asked = adapted.households["questions"]
    assert asked["household"].to_list() == ["H3"] and "困难家庭" in asked["says"][0] and asked["who"][0]


def test_of_many_households_without_a_roll_the_roll_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    few = village(["household_utilities", "home_adaptation"])
    assert few.households["missed"].filter(programme="household_utilities").height == 3
    assert not few.gaps.filter(pl.col("fact") == "household_utilities").height
    monkeypatch.setattr("bulou.engine.differences.questions.GAP_PEOPLE", 3)
    many = village(["household_utilities", "home_adaptation"], survey=(True, False))
    assert "household_utilities" not in many.households["missed"]["programme"]
    wanted = many.gaps.filter(fact="household_utilities").row(0, named=True)
    assert wanted["people"] == 3 and "名册" in wanted["label"] and "3 户" in wanted["question"]
    assert many.households["missed"]["programme"].to_list() == ["home_adaptation"], "the survey tells who has one"


def test_a_household_on_dibao_above_the_line_is_a_suspicion_but_not_one_person_as_a_unit() -> None:
    found = village(["dibao"]).households
    assert found["suspicions"].select("household", "title").rows() == [("H1", "最低生活保障")]
    assert "低保标准" in found["suspicions"]["evidence"][0]
    assert village(["dibao"], single=(True, False), income=(700_00, None)).households["suspicions"].height == 1
    assert village(["dibao"], single=(True, True)).households["suspicions"].is_empty()
    assert village(["dibao"], single=(True, None)).households["suspicions"].is_empty(), "who does not say is no yes"
    assert village(["dibao"], income=(500_00, 500_00)).households["suspicions"].is_empty()


def test_nobody_is_asked_about_means_who_did_not_apply() -> None:
    found = village(["dibao"])
    assert (
        found.households["questions"].is_empty() and not found.gaps.filter(pl.col("label").str.contains("按户")).height
    )
