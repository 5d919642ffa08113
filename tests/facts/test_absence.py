"""Not to be on a roll means no only where every roll that could say yes was declared whole and read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from bulou.engine.basics.problems import Refused
from bulou.engine.basics.workers import Workers
from bulou.engine.facts.absence import completeness
from bulou.engine.facts.history import History, RollRead, load_history, save_history
from bulou.engine.facts.month_settings import read_month_settings
from bulou.engine.facts.on_month import MonthFacts, facts_on
from bulou.engine.facts.read_month import begin_reading, read_month
from bulou.engine.intake import read_templates
from bulou.engine.pack import read_pack
from tests.differences.histories import id_no, person

MONTH = "2025-06"
PACK, TEMPLATES = read_pack("cn"), read_templates()


def roll(kind: str, rows: dict[str, list[object]], **more: object) -> RollRead:
    """A roll of June: `rows` by column, persons by number."""
    numbers = rows.pop("person", [])
    data = {"person": [person(int(str(n))) for n in numbers], **rows}
    frame = pl.DataFrame(data, schema_overrides={"person": pl.String}, strict=False)
    where = [pl.lit("x.xlsx").alias("file"), pl.lit("1").alias("sheet"), pl.lit(1, pl.UInt32).alias("row")]
    return RollRead(kind, MONTH, MONTH, frame.with_columns(where), **more)  # type: ignore[arg-type]


def register(**more: object) -> RollRead:
    rows: dict[str, list[object]] = {"person": [1, 2], "household_no": ["H1", "H2"], "cert_status": ["valid", None]}
    return roll("certificate_register", rows, **more)


def june(rolls: Iterable[RollRead], complete: Iterable[str]) -> MonthFacts:
    registry = pl.DataFrame(
        {"person": [person(n) for n in (1, 2)], "id_no": [id_no(n) for n in (1, 2)], "name": ["试一", "试二"]}
    )
    history = History().with_month(list(rolls), registry, MONTH, frozenset(complete), "x")
    return facts_on(history, MONTH, MONTH, PACK, TEMPLATES)


def test_a_roll_read_makes_sure_only_what_that_kind_of_roll_states() -> None:
    every = ["certificate_register", "dibao_roll", "low_income_roll", "payment_roll"]
    edge = roll("dibao_edge_roll", {"person": [1], "hardship_kind": ["edge"]})
    orphans = roll("orphan_roll", {"person": [1], "child_kind": ["orphan"]})
    found = june([register(), edge, orphans], every)
    assert {"household.dibao_edge", "household.low_income", "person.receives_orphan_allowance"} <= found.complete
    unread = {"person.dibao", "person.receives_work_injury_care", "person.receives_old_age_allowance"}
    assert not unread & found.complete
    assert "person.dibao" in june([register(), roll("dibao_roll", {"person": [1]})], every).complete


@pytest.mark.parametrize("name", ["payment_roll", "work_injury_roll"])
def test_complete_may_name_the_supplier_or_the_kind_of_roll(name: str) -> None:
    injured = roll("work_injury_roll", {"person": [1]})
    sure = june([register(), injured], [name]).complete
    assert sure == {"person.receives_work_injury_care"}
    assert not june([register(), injured], ["dibao_roll"]).complete


def test_a_list_of_one_sort_of_entries_says_nothing_of_the_others() -> None:
    rows = {"person": [1], "elder_benefit": ["old_age"], "amount": [8000]}
    titled = roll("elder_care_roll", dict(rows), only={"elder_benefit": ("old_age",)})
    assert june([register(), titled], ["payment_roll"]).complete == {"person.receives_old_age_allowance"}
    mixed = roll("elder_care_roll", dict(rows))
    assert len(june([register(), mixed], ["payment_roll"]).complete) == 3
    orphans = roll("orphan_roll", {"person": [1], "child_kind": ["orphan"]}, only={"child_kind": ("orphan",)})
    assert not june([register(), orphans], ["payment_roll"]).complete


def test_a_roll_without_the_column_says_nothing_of_it() -> None:
    pupils = roll("school_roll", {"person": [1], "school": ["试校"]})
    assert not june([register(), pupils], ["school_roll"]).complete
    assert june(
        [register(), roll("school_roll", {"person": [1], "student_stage": ["primary"]})], ["school_roll"]
    ).complete


def test_who_stands_on_a_roll_with_a_blank_cell_is_unknown_and_not_absent() -> None:
    found = june([register()], ["certificate_register"])
    table = found.tables.frames["person"].collect().rows_by_key("id", named=True, unique=True)
    assert [table[person(n)]["person.cert_status"] for n in (1, 2)] == ["valid", None]
    assert "person.cert_status" not in found.complete


def test_whose_name_stands_on_a_row_of_nobody_is_not_absent_nor_is_their_household() -> None:
    edge = roll("dibao_edge_roll", {"person": [], "hardship_kind": []}, unidentified=("试一",))
    dibao = roll("dibao_roll", {"person": []}, unidentified=("试二",))
    found = june([register(), edge, dibao], ["dibao_roll", "low_income_roll"])
    people = found.tables.frames["person"].collect().rows_by_key("id", named=True, unique=True)
    homes = found.tables.frames["household"].collect().rows_by_key("id", named=True, unique=True)
    assert [people[person(n)]["person.dibao"] for n in (1, 2)] == [False, None]
    assert [homes[name]["household.dibao_edge"] for name in ("H1", "H2")] == [None, False]


def test_whoever_bears_the_name_on_any_roll_may_be_meant() -> None:
    """The registry has the name as first seen (a box for a rare character), the dibao row as the register writes it."""
    seen = register()
    seen = replace(seen, rows=seen.frame.with_columns(pl.Series("name", ["试一", "试贰"])))
    school = roll("school_roll", {"person": [1], "name": ["试壹"]})
    for name, bearer in (("试贰", 2), ("试壹", 1)):
        found = june([seen, school, roll("dibao_roll", {"person": []}, unidentified=(name,))], ["dibao_roll"])
        people = found.tables.frames["person"].collect().rows_by_key("id", named=True, unique=True)
        assert [people[person(n)]["person.dibao"] for n in (1, 2)] == [None if n == bearer else False for n in (1, 2)]
        assert found.people()["name"].to_list() == ["试一", "试贰"]


def test_the_method_says_what_counted_as_complete_and_why_not() -> None:
    declared = ["dibao_roll", "payment_roll", "person.has_other_living_benefit"]
    orphans = roll("orphan_roll", {"person": [1]}, only={"child_kind": ("orphan",)})
    said = {row[0]: row[1:] for row in completeness([orphans], declared, PACK, TEMPLATES)}
    assert said["名册是否完整：低保名册"][1] == "声明完整，但本月没有读到这份名册"
    assert said["名册是否完整：特困人员名册"][1] == "month.toml 没有声明完整"
    assert said["没有名册的事实：领取同类福利性生活补贴"][0] == "没有写明的人都不是"
    means = said["名册是否完整：工伤生活护理费名册"][0]
    assert means == "不在册算不知道：领取工伤生活护理费"


def test_month_toml_takes_suppliers_kinds_and_facts_without_a_roll(tmp_path: Path) -> None:
    text = 'complete = ["low_income_roll", "dibao_edge_roll", "person.has_other_living_benefit"]\n'
    (tmp_path / "month.toml").write_text(text, encoding="utf-8")
    assert len(read_month_settings(tmp_path, PACK).complete) == 3
    (tmp_path / "month.toml").write_text('complete = ["person.dibao", "nothing"]\n', encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_month_settings(tmp_path, PACK)
    said = [(problem.got, problem.expected) for problem in refused.value.problems]
    assert said[0] == ("person.dibao", "dibao_roll") and "dibao_edge_roll" in said[1][1]


def test_titles_are_remembered_and_a_roll_of_nobody_is_its_header_alone(tmp_path: Path) -> None:
    head = "姓名,身份证号,"
    (tmp_path / "残疾证名册.csv").write_text(f"{head}残疾证号,残疾类别,残疾等级\n试一,{id_no(1)},{id_no(1)}43,肢体,3\n")
    (tmp_path / "高龄津贴发放名册202506.csv").write_text(f"{head}津贴金额\n试一,{id_no(1)},80\n", encoding="utf-8")
    (tmp_path / "工伤生活护理费名单202506.csv").write_text(f"{head}生活护理费\n", encoding="utf-8")
    complete = frozenset({"payment_roll"})
    files = begin_reading(tmp_path, TEMPLATES, Workers()).finish()
    history = read_month(tmp_path, MONTH, History(), complete, files).history
    save_history(history, tmp_path / "kept")
    kept = load_history(tmp_path / "kept")
    assert kept is not None
    sure = facts_on(kept, MONTH, MONTH, PACK, TEMPLATES).complete
    assert sure == {"person.receives_old_age_allowance", "person.receives_work_injury_care"}


def test_a_rural_dibao_roll_alone_does_not_say_who_is_not_on_dibao() -> None:
    rural = roll("dibao_roll", {"person": [1], "dibao_area": ["rural"]}, only={"dibao_area": ("rural",)})
    assert "person.dibao" not in june([register(), rural], ["dibao_roll"]).complete
    said = dict(row[::2] for row in completeness([rural], ["dibao_roll"], PACK, TEMPLATES))
    assert said["名册是否完整：低保名册"] == "声明完整，但只读到农村低保"
