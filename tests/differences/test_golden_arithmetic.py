"""Published sums of real counties, reproduced to the yuan from head-counts and standards."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

import bulou
from bulou.engine.pack import read_pack
from tests.differences.histories import Told, compared, setting

LATER = date(2031, 1, 1)


def county(packs: Path, name: str) -> Path:
    """A pack of a county that takes everything from the nation but what a test writes into its folder."""
    folder = packs / name
    folder.mkdir()
    head = f'region = "{name}"\nname = "{name}"\nextends = "cn"\nstatus = "issued"\n'
    (folder / "pack.toml").write_text(f'{head}[document.{name}]\ntitle = "公布的发放情况"\n', encoding="utf-8")
    return folder


def test_changle_third_quarter_of_2022(tmp_path: Path) -> None:
    """Living 3,824 × 285 × 3; nursing at four rates; together 4,597,206 yuan."""
    folder = county(tmp_path, "changle")
    (folder / "programmes.toml").write_text(
        "[nursing_subsidy]\n"
        'amount = "CASE WHEN person.dibao THEN CASE WHEN person.grade = 1 THEN 119 ELSE 115 END'
        ' WHEN person.grade = 1 THEN 99 ELSE 85 END"\ncite = "changle"\n',
        encoding="utf-8",
    )
    nursing = [(936, 1, True), (647, 2, True), (1_772, 1, False), (957, 2, False)]
    rows = [
        {"grade": grade, "dibao": dibao, "needs_long_term_care": True} for n, grade, dibao in nursing for _ in range(n)
    ]
    on_dibao = sum(n for n, _, dibao in nursing if dibao)
    rows += [{"grade": 3, "dibao": True, "needs_long_term_care": False}] * (3_824 - on_dibao)
    people = pl.DataFrame(rows).with_row_index("id").with_columns(pl.lit("valid").alias("cert_status"))
    result = bulou.decide(
        read_pack("changle", [tmp_path]),
        people,
        on="2022-07-31",
        region={"living_subsidy_standard": 285},
        rolls=["tekun_roll", "payment_roll"],
    )["person"]
    assert result["living_subsidy__fen"].sum() * 3 == 3_269_520_00
    assert result["nursing_subsidy__fen"].sum() * 3 == 1_327_686_00
    assert (result["living_subsidy__fen"].sum() + result["nursing_subsidy__fen"].sum()) * 3 == 4_597_206_00


def test_minhou_pays_the_difference_of_a_standard_raised_in_april_from_january() -> None:
    """16,807 person-months at 302 yuan, raised to 309 from January: 117,649 yuan of back pay."""
    counts = {"2025-01": 5_580, "2025-02": 5_591, "2025-03": 5_636}
    assert sum(counts.values()) == 16_807
    people = range(max(counts.values()))
    holders = dict.fromkeys(people, LATER)
    told = [
        Told("2025-01", holders, set(range(5_580))),
        *(
            Told(
                month, holders, set(range(counts.get(month, 5_623))), paid=dict.fromkeys(range(counts[before]), 302_00)
            )
            for before, month in (("2025-01", "2025-02"), ("2025-02", "2025-03"), ("2025-03", "2025-04"))
        ),
    ]
    standards = [
        setting("living_subsidy_standard", "302.00", "2024-01-01"),
        setting("living_subsidy_standard", "309.00", "2025-01-01"),
    ]
    result = compared(told, people, standards, back_pay_months=3)
    assert result.settlements["difference_fen"].sum() == 117_649_00
    assert result.counts["fen_back_pay"] == 117_649_00
    assert set(result.settlements["difference_fen"]) == {7_00}


def test_tianzhu_fuel_subsidy_of_2015(tmp_path: Path) -> None:
    """359 motor wheelchairs at 260 yuan a year: 93,340 yuan."""
    folder = county(tmp_path, "tianzhu")
    (folder / "programmes.toml").write_text(
        '[motor_wheelchair_fuel]\namount = "260"\ncite = "tianzhu"\n', encoding="utf-8"
    )
    person = {
        "cert_status": "valid", "has_motor_wheelchair": True, "lower_limb_disability": True,
        "vehicle_meets_standard": True, "category": "physical",
    }  # fmt: skip
    people = pl.DataFrame([person] * 359).with_row_index("id")
    result = bulou.decide(read_pack("tianzhu", [tmp_path]), people, on="2015-12-31")["person"]
    assert result["motor_wheelchair_fuel__fen"].sum() == 93_340_00
