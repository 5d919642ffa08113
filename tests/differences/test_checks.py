"""Named checks that no single row shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bulou.engine.facts.history import RollRead
from bulou.engine.pack import read_pack
from tests.differences.histories import Told, compared, person, placed, setting, two_subsidies


class InTownAndCountry(Told):
    """Person 1 stands on both dibao rolls, person 2 twice on the rural one."""

    def rolls(self) -> list[RollRead]:
        rows = {"person": [person(n) for n in (1, 1, 2, 2)], "dibao_area": ["urban", None, "rural", "rural"]}
        both = placed("dibao_roll", rows | {"dibao_class": ["A", "rural", "A", "B"]})
        return [replace(roll, rows=both) if roll.kind == "dibao_roll" else roll for roll in super().rolls()]


def test_who_is_on_the_urban_and_the_rural_dibao_roll_is_a_suspicion_and_holds_no_payment() -> None:
    pack = replace(two_subsidies(), checks={"dibao_twice": read_pack("cn").checks["dibao_twice"]})
    holders = dict.fromkeys((1, 2), date(2030, 12, 31))
    told = [InTownAndCountry("2025-06", holders, {1, 2}, paid={1: 10000, 2: 10000})]
    found = compared(told, [1, 2], [setting("living_subsidy_standard", "100")], pack)
    assert found.suspicions.select("person", "code").rows() == [(person(1), "dibao_twice")]
    row = found.suspicions.row(0, named=True)
    assert row["source"] == "dibao_roll.xlsx Sheet1 第1行" and row["evidence"]
    assert found.payroll["state"].to_list() == ["可发放", "可发放"]
