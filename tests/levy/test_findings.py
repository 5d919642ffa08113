"""Suspicions: the signs of paper employment that audits look for, and declarations that contradict themselves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bulou.engine.levy import LevyRun
from tests.levy.sheets import ROW, STAFF_HEADS, book, cells, levy, of_rows

# Invented people: born on one day, serial numbers 001 and following, valid check characters.
IDS = ["620602198001010014", "620602198001010022", "620602198001010030"]
PERSON = {
    "employer": "甲厂", "person": "张甲", "id_no": IDS[0], "wage": 4200, "insured": "是", "insured_place": "凉州区",
    "place": "武威市凉州区", "days": 250, "from": "2023-01-01", "to": "2025-12-31", "address": "一街1号",
}  # fmt: skip


def with_staff(folder: Path, *people: Mapping[str, Any], said: tuple[str, ...] = ()) -> LevyRun:
    """甲厂 and 乙厂 with two disabled employees each, and a list of people, each a change of the good one."""
    rows = [{**ROW, "heads": 2}, {**ROW, "employer": "乙厂", "heads": 2}]
    listed = cells([{**PERSON, "employer": "乙厂", "id_no": IDS[1], "address": "二街2号"},
                    *({**PERSON, **person} for person in people)], STAFF_HEADS)  # fmt: skip
    file = book(folder / "a.xlsx", ("申报", cells(rows)), ("残疾职工名单", listed))
    return levy(file, said=("social_avg_wage=80000", "min_monthly_wage=1820", *said))


def titles(run: LevyRun) -> list[str]:
    return [finding.title for finding in run.findings]


def test_an_ordinary_employee_is_no_suspicion(tmp_path: Path) -> None:
    run = with_staff(tmp_path, {})
    assert titles(run) == []
    assert not run.problems


SIGNS = {
    "one person, two employers": ({"id_no": IDS[1]}, "同一个人同时挂在几家单位", "乙厂、甲厂"),
    "the minimum wage exactly": ({"wage": 1820}, "工资正好是最低工资", "1,820.00 元"),
    "below the minimum wage": ({"wage": 1819.99}, "工资低于最低工资", "1,819.99 元"),
    "insured elsewhere": ({"insured_place": "外省某市"}, "社会保险不在单位所在地缴", "外省某市"),
    "not insured": ({"insured": "否"}, "没有缴社会保险", "否"),
    "never at work": ({"days": 0}, "全年没有出勤", "0"),
    "an address shared by employers": ({"address": "二街2号"}, "几家单位的残疾职工留同一个地址或电话", "二街2号"),
    "a contract of less than a year": ({"to": "2023-11-30"}, "劳动合同不满一年", "11"),
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS)
def test_each_sign_is_a_suspicion_with_its_evidence(sign: tuple[dict[str, Any], str, str], tmp_path: Path) -> None:
    change, title, evidence = sign
    run = with_staff(tmp_path, change)
    assert set(titles(run)) == {title}
    assert evidence in run.findings[0].evidence
    for finding in run.findings:
        assert finding.person == "张甲" and finding.number in IDS
        assert finding.who and finding.action and finding.cite and "残疾职工名单 第" in finding.where


def test_a_certificate_names_the_person_whose_number_it_begins_with(tmp_path: Path) -> None:
    run = with_staff(tmp_path, {"id_no": "", "cert": f"{IDS[1]}43"})
    assert set(titles(run)) == {"同一个人同时挂在几家单位"}


NO_SIGNS = {
    "one fen above the minimum": {"wage": 1820.01},
    "a day of attendance": {"days": 1},
    "a contract of exactly a year": {"to": "2023-12-31"},
    "nothing known": {"wage": "", "insured": "", "insured_place": "", "days": "", "from": "", "to": "", "address": ""},
}


@pytest.mark.parametrize("change", NO_SIGNS.values(), ids=NO_SIGNS)
def test_what_is_lawful_or_unknown_is_no_suspicion(change: dict[str, Any], tmp_path: Path) -> None:
    assert titles(with_staff(tmp_path, change)) == []


def test_without_a_minimum_wage_nothing_is_said_about_wages(tmp_path: Path) -> None:
    rows = cells([{**ROW, "heads": 2}])
    file = book(tmp_path / "a.xlsx", ("申报", rows), ("名单", cells([{**PERSON, "wage": 1}], STAFF_HEADS)))
    assert titles(levy(file)) == []


def test_a_suspicion_changes_no_amount(tmp_path: Path) -> None:
    clean, suspect = with_staff(tmp_path, {}), with_staff(tmp_path, {"days": 0, "insured": "否"})
    assert [one.payable for one in clean.rows] == [one.payable for one in suspect.rows]


def test_declared_employees_who_are_on_no_list(tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", ("申报", cells([{**ROW, "heads": 2}, {**ROW, "employer": "乙厂", "heads": 1}])),
                ("名单", cells([PERSON], STAFF_HEADS)))  # fmt: skip
    (finding,) = levy(file).findings
    assert (finding.employer, finding.title) == ("乙厂", "申报了残疾职工，名单里没有")


DECLARED = {
    "another average": ({"wage": 100000}, "第8栏与第4栏÷第5栏不同"),
    "another result": ({"due": 170000}, "申报的应纳费额与算得的不同"),
    "another relief": ({"relief": 90000}, "申报的减免费额与算得的不同"),
    "another balance": ({"balance": "-1"}, "申报的应补（退）费额与算得的不同"),
    "a mistyped code": ({"code": "91620602MA00000015"}, "统一社会信用代码校验码不符"),
}


@pytest.mark.parametrize("case", DECLARED.values(), ids=DECLARED)
def test_a_declaration_that_contradicts_itself(case: tuple[dict[str, Any], str], tmp_path: Path) -> None:
    row, title = case
    run = of_rows(tmp_path, row)
    assert titles(run) == [title]
    assert run.rows[0].payable == 16200000


def test_the_rule_goes_before_what_the_sheet_says(tmp_path: Path) -> None:
    run = of_rows(tmp_path, {"ratio": "1.6%", "local": 50000}, region="620600")
    assert run.rows[0].payable == 16200000
    assert titles(run) == ["表里的安排比例与规定不同", "表里的当地社会平均工资与规定不同"]


@pytest.mark.parametrize("said", [("179999.995", False), ("180000.009", False), ("180000.01", True)])
def test_results_are_compared_to_the_fen(said: tuple[str, bool], tmp_path: Path) -> None:
    due, differs = said
    assert bool(of_rows(tmp_path, {"due": due}).findings) is differs
