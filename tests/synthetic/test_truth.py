"""The truth: it adds up, the packs agree with it, and the files of a month show it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import bulou
from bulou.engine.synthetic.calibration import read_calibration
from bulou.engine.synthetic.certificates import CATEGORIES, expires_in, grade_in
from bulou.engine.synthetic.due import PROGRAMMES, amount, due, registered
from bulou.engine.synthetic.months import last_day, month_of
from bulou.engine.synthetic.people import People
from bulou.engine.synthetic.planting import plant_faults
from bulou.engine.synthetic.population import Region, make_region
from bulou.engine.synthetic.setting import Setting
from bulou.engine.synthetic.sheets import certificate_status
from tests.synthetic.reading import rows

FIRST, SECOND = "2025-06", "2025-07"
NO_MONEY_MOVES = ("prisoner_paid", "elder_nursing_twice", "shared_account")


def truth(out: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(out / "truth" / f"{name}.parquet")


def test_every_difference_between_due_and_paid_is_a_fault_with_its_fen(clean: Path) -> None:
    faults = truth(clean, "faults").filter(~pl.col("kind").is_in(NO_MONEY_MOVES))
    key = ["person", "programme", "month"]
    said = faults.group_by(key).agg(pl.col("fen").sum())
    months = faults["month"].unique().to_list()
    seen = truth(clean, "due").filter(pl.col("month").is_in(months) & (pl.col("due_fen") != pl.col("paid_fen")))
    seen = seen.select(*key, (pl.col("paid_fen") - pl.col("due_fen")).alias("fen"))
    assert said.sort(key).rows() == seen.sort(key).rows()
    assert faults.group_by(key).len()["len"].max() == 1


def test_every_kind_of_fault_is_planted(clean: Path) -> None:
    faults = truth(clean, "faults")
    for kind in read_calibration("620600").planted:
        found = faults.filter((pl.col("kind") == kind) & pl.col("planted") & (pl.col("folder") == FIRST))
        assert found.height >= 2, kind
    assert "not_due_paid" not in faults["kind"].to_list()


def test_the_pack_agrees_about_every_person() -> None:
    """Everything known, the packs decide what the truth says, to the fen."""
    made = make_region("620600", Setting(3000, month_of(FIRST), 1, 5, read_calibration("620600")))
    plant_faults(made)
    people = made.people.take(registered(made.people, made.setting.start))
    decided = bulou.decide(
        "620600",
        facts(made, people),
        on=date(2025, 6, 30),
        region={
            "living_subsidy_standard": "100.00",
            "nursing_subsidy_grade1": "110.00",
            "nursing_subsidy_grade2": "100.00",
            "offers_living_extension": False,
            "offers_nursing_extension": False,
        },
    )["person"].sort("id")
    for programme in PROGRAMMES:
        owed = due(people, programme, made.setting.start)
        assert decided[programme].to_list() == owed.tolist()
        fen = decided[f"{programme}__fen"].fill_null(0).to_numpy()
        assert (fen[owed] == amount(people, programme, made.setting.start, made.rates)[owed]).all()


def facts(made: Region, people: People) -> pl.DataFrame:
    month = made.setting.start
    status = certificate_status(people, month, np.zeros(len(people), dtype=bool))
    words = {"正常": "valid", "注销": "cancelled", "冻结": "frozen", "挂失": "lost"}
    dead = people["death_month"] <= month
    return pl.DataFrame(
        {
            "id": [f"{number:06d}" for number in range(len(people))],
            "household": [f"h{number}" for number in people["household"]],
            "birth_date": people["birth"],
            "death_date": np.where(dead, people["death_on"], np.datetime64("NaT", "D")),
            "cert_status": [words[word] for word in status],
            "cert_expires_on": expires_in(people, month),
            "category": [CATEGORIES[number] for number in people["category"]],
            "grade": grade_in(people, month),
            "needs_long_term_care": people["needs_care"],
            "dibao": people.during("dibao", month),
            "tekun": people.during("tekun", month),
            "receives_work_injury_care": people.during("work_injury", month),
            "receives_orphan_allowance": people.during("orphan", month),
            "receives_disability_pension": [False] * len(people),
            "has_other_living_benefit": [False] * len(people),
            "has_other_nursing_benefit": people.during("elder_nursing", month),
            "other_nursing_benefit_amount": [100] * len(people),
        }
    )


def ids(out: Path, month: str, kind: str) -> set[str]:
    return {row["id_no"] for row in rows(out, month, kind)}


ON_A_LIST = {
    "tekun_and_subsidy": "tekun",
    "work_injury_and_subsidy": "work_injury",
    "orphan_and_living": "orphans",
    "prisoner_paid": "prison",
    "elder_nursing_twice": "elder_care",
    "moved_out_paid": "moves",
    "certificate_not_valid_paid": "certificate_register",
    "expired_paid": "certificate_register",
    "grade_lowered_paid": "certificate_register",
}
NOT_ON_A_LIST = {
    "left_dibao_paid": "dibao",
    "no_certificate_paid": "certificate_register",
    "moved_out_paid": "certificate_register",
}


@pytest.mark.parametrize("month", [FIRST, SECOND])
def test_the_files_show_every_fault(clean: Path, month: str) -> None:
    faults = truth(clean, "faults").filter((pl.col("folder") == month) & pl.col("known"))
    lists = {kind: ids(clean, month, kind) for kind in {*ON_A_LIST.values(), *NOT_ON_A_LIST.values()}}
    lists["deaths"] = ids(clean, month, "deaths_civil") | ids(clean, month, "deaths_cremation")
    rolls = {"living_subsidy": ids(clean, month, "living_roll"), "nursing_subsidy": ids(clean, month, "nursing_roll")}
    for fault in faults.iter_rows(named=True):
        kind, person = fault["kind"], fault["id_no"]
        assert (person in rolls[fault["programme"]]) == (kind != "missed"), fault
        if kind in ON_A_LIST:
            assert person in lists[ON_A_LIST[kind]], fault
        if kind in NOT_ON_A_LIST:
            assert person not in lists[NOT_ON_A_LIST[kind]], fault
        if kind == "paid_after_death":
            assert person in lists["deaths"], fault


def test_what_the_register_and_rolls_say_of_the_rest(clean: Path) -> None:
    faults = truth(clean, "faults").filter(pl.col("folder") == FIRST)
    by_kind = {kind: set(group["id_no"]) for (kind,), group in faults.group_by("kind")}
    register = {row["id_no"]: row for row in rows(clean, FIRST, "certificate_register")}
    assert all(register[one]["status"] in ("注销", "冻结", "挂失") for one in by_kind["certificate_not_valid_paid"])
    rolls = rows(clean, FIRST, "living_roll") + rows(clean, FIRST, "nursing_roll")
    sheets = Counter(one for one, _ in {(row["id_no"], row["sheet"]) for row in rolls})
    assert by_kind["double_county"] == {one for one, count in sheets.items() if count > 1}
    homes = {row["id_no"]: row["household"] for row in register.values()}
    payees = {(row["account"], homes.get(row["id_no"], row["id_no"])) for row in rolls}
    shared = {account for account, count in Counter(account for account, _ in payees).items() if count >= 3}
    assert by_kind["shared_account"] == {row["id_no"] for row in rolls if row["account"] in shared}


def test_rolls_are_paid_to_the_fen(clean: Path) -> None:
    paid = truth(clean, "due").filter(pl.col("month") == "2025-05")
    for programme, kind in (("living_subsidy", "living_roll"), ("nursing_subsidy", "nursing_roll")):
        fen = sum(round(row["money"] * 100) for row in rows(clean, FIRST, kind))
        assert fen == paid.filter(pl.col("programme") == programme)["paid_fen"].sum()


def test_suspicions_of_the_ministry_are_partly_wrong(clean: Path) -> None:
    listed = truth(clean, "suspicions").filter(pl.col("folder") == FIRST)
    assert listed["right"].any()
    assert not listed["right"].all()
    assert set(listed["id_no"]) == ids(clean, FIRST, "suspicions")


def test_the_register_changes_from_month_to_month(clean: Path) -> None:
    before, after = ids(clean, FIRST, "certificate_register"), ids(clean, SECOND, "certificate_register")
    assert after - before
    assert before - after or len(before) == len(after) - len(after - before)
    assert last_day(month_of(SECOND)) == np.datetime64("2025-07-31")
