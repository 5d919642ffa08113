"""The sheet as offices keep it is read; what is wrong is said, all at once, and the other rows are worked out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bulou.engine.basics.problems import Problem, Refused
from bulou.engine.levy import LevyRun
from bulou.engine.levy.assess import EXEMPT, FAULTY, OWES, UNKNOWN
from tests.levy.sheets import HEADS, ROW, book, cells, csv_file, levy, of_rows

GOOD_ENTERPRISE = "91620602MA00000016"
GOOD_INSTITUTION = "126206020000000119"


def errors(run: LevyRun) -> list[Problem]:
    return [problem for problem in run.problems if problem.severity == "error"]


# bad cells --------------------------------------------------------------------------------------------------------

BAD = {
    "text in a number column": ({"staff": "三十一"}, "not-a-number", "三十一", "(5) 上年在职职工人数"),
    "text for money": ({"wages": "待报"}, "not-a-number", "待报", "(4)"),
    "zero staff": ({"staff": 0}, "zero-staff", "0", "上年在职职工人数"),
    "negative wages": ({"wages": -12000000}, "negative", "-12000000", "(4)"),
    "negative staff": ({"staff": -3}, "negative", "-3", "(5)"),
    "negative paid": ({"paid": -1}, "negative", "-1", "(11)"),
    "no staff": ({"staff": ""}, "required-empty", "空", "上年在职职工人数"),
    "nobody said how many disabled": ({"heads": ""}, "required-empty", "空", "上年实际安排残疾人就业人数"),
    "more disabled than staff": ({"staff": 40, "heads": 90}, "more-disabled-than-staff", "90", "安排残疾人"),
    "more people than staff": ({"staff": 40, "heads": 41, "double": 1}, "more-disabled-than-staff", "41", "安排残疾人"),
    "more counted twice than there are": ({"heads": 2, "double": 3}, "part-above-whole", "3", "按两人计"),
    "ratio below the floor": ({"ratio": "1.2%"}, "ratio-below-floor", "1.2%", "比例"),
    "ratio in words": ({"ratio": "按规定"}, "not-a-ratio", "按规定", "(6)"),
    "no such day": ({"period_to": "2024-02-30"}, "date-not-real", "2024-02-30", "费款所属期止"),
    "a period that ends before it starts": ({"period_from": "2025-01-01"}, "ends-before-start", "2025-01-01", "所属期"),
    "a year without rules": ({"period_from": "2014-01-01", "period_to": "2014-12-31"}, "year-without-rules", "2014",
                             "费款所属期止"),
    "no period": ({"period_from": "", "period_to": ""}, "no-period", "没有费款所属期", "费款所属期止"),
    "a broken formula": ({"wages": "#DIV/0!"}, "cell-error", "#DIV/0!", "(4)"),
    "seven decimals": ({"heads": "1.0000001"}, "too-many-decimals", "1.0000001", "(7)"),
    "too large": ({"staff": "99999999999"}, "too-large", "99999999999", "(5)"),
    "wages beyond reason": ({"wages": "99999999999", "staff": 1}, "wrong-value", "99,999,999,999.00", "平均工资"),
    "a kind that is none": ({"kind": "公司吧"}, "not-a-kind", "公司吧", "单位性质"),
    "a code cut short": ({"code": "9162060"}, "credit-code-shape", "9162060", "信用代码"),
    "no employer": ({"employer": ""}, "no-employer", "没有名称", "用人单位名称"),
    "fen split": ({"paid": "100.005"}, "amount-fraction", "100.005", "(11)"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_a_bad_row_is_named_with_row_and_column_and_the_good_one_is_worked_out(
    case: tuple[dict[str, object], str, str, str], tmp_path: Path
) -> None:
    row, code, got, column = case
    run = of_rows(tmp_path, {}, row)
    (problem,) = errors(run)
    assert (problem.code, problem.place.row) == (code, 3)
    assert got in problem.got and column in problem.place.column
    assert problem.expected and problem.fix
    assert [one.outcome for one in run.rows] == [OWES, FAULTY]
    assert run.rows[0].payable == 16200000
    assert run.rows[1].payable is None


def test_all_problems_of_a_sheet_come_together(tmp_path: Path) -> None:
    run = of_rows(tmp_path, *(row for row, *_ in BAD.values()))
    assert sorted(problem.code for problem in errors(run)) == sorted(code for _, code, *_ in BAD.values())
    assert {one.outcome for one in run.rows} == {FAULTY}


def test_a_row_with_two_faults_has_both(tmp_path: Path) -> None:
    run = of_rows(tmp_path, {"staff": "很多", "wages": -1})
    assert [problem.code for problem in errors(run)] == ["negative", "not-a-number"]


def test_one_employer_twice_for_a_period_is_counted_once(tmp_path: Path) -> None:
    run = of_rows(tmp_path, {"employer": "甲厂"}, {"employer": "甲厂"}, {"employer": "乙厂"})
    assert [one.outcome for one in run.rows] == [OWES, FAULTY, OWES]
    assert [problem.code for problem in errors(run)] == ["declared-twice"]


REFUSED = {
    "empty sheet": ([[]], "no-declaration"),
    "only a head": (cells([ROW])[:1], "no-rows"),
    "another table": ([["姓名", "年龄"], ["甲", 3]], "no-declaration"),
    "a column twice": ([[*HEADS.values(), "职工人数"], ["甲厂"]], "column-twice"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_sheet_that_cannot_be_used_is_refused(case: tuple[list[list[object]], str], tmp_path: Path) -> None:
    table, code = case
    file = book(tmp_path / "申报.xlsx", ("申报", table))
    with pytest.raises(Refused) as refused:
        levy(file, out=tmp_path / "out")
    assert code in {problem.code for problem in refused.value.problems}
    assert [path.name for path in tmp_path.iterdir()] == ["申报.xlsx"]


# sheets as they come ----------------------------------------------------------------------------------------------


def test_titles_two_headers_numbers_totals_and_notes_are_no_employers(tmp_path: Path) -> None:
    head, *rows = cells([ROW, {**ROW, "employer": "乙厂"}])
    above = [["费款所属期" if name.endswith("期起") else "" if name.endswith("期止") else name for name in head],
             [name.removeprefix("费款所属期") if "所属期" in name else "" for name in head]]  # fmt: skip
    numbers = [str(number) for number, _ in enumerate(head, 1)]
    total, note = ["合计", *[""] * (len(head) - 1)], ["填表人：张三", *[""] * (len(head) - 1)]
    table = [["某县残疾人就业保障金申报表"], ["单位：元"], *above, numbers, rows[0], above[0], rows[1], total, note]
    for file in (book(tmp_path / "a.xlsx", ("申报", table)), csv_file(tmp_path / "a.csv", table)):
        run = levy(file)
        assert [one.row.values["employer"] for one in run.rows] == ["甲厂", "乙厂"]
        assert [one.row.number for one in run.rows] == [6, 8]
        assert not errors(run)
        assert {one.payable for one in run.rows} == {16200000}


@pytest.mark.parametrize("said", ["12,000,000.00", "1200万元", "12000000元", "￥12000000", "１２００００００"])
def test_amounts_are_read_as_people_write_them(said: str, tmp_path: Path) -> None:
    assert of_rows(tmp_path, {"wages": said}).rows[0].payable == 16200000


@pytest.mark.parametrize("said", ["1.5%", "1.5", "0.015", "1.50 %", "１.５％"])
def test_ratios_are_read_as_people_and_spreadsheets_write_them(said: str, tmp_path: Path) -> None:
    assert of_rows(tmp_path, {"ratio": said}).rows[0].payable == 16200000


def test_formulas_count_by_their_saved_result_and_are_said(tmp_path: Path) -> None:
    rows = [{**ROW, "wages": ("=120000*100", 12000000), "wage": ("=4/5", 120000)},
            {**ROW, "employer": "乙厂", "wages": ("=120000*100", "")}]  # fmt: skip
    run = levy(book(tmp_path / "a.xlsx", ("申报", cells(rows))))
    said = [(problem.code, problem.severity, problem.place.row) for problem in run.problems]
    assert ("formula-cell", "note", 2) in said
    assert ("formula-without-result", "error", 3) in said
    assert [one.outcome for one in run.rows] == [OWES, FAULTY]


def test_the_year_may_be_said_once_for_a_sheet_without_periods(tmp_path: Path) -> None:
    row = {"period_from": "", "period_to": ""}
    (one,) = of_rows(tmp_path, row, year=2018).rows
    assert (one.day, one.payable) == (date(2018, 12, 31), 18000000)
    run = of_rows(tmp_path, {}, row, year=2023)
    assert [problem.code for problem in errors(run)] == ["other-year"]


@pytest.mark.parametrize("year", [2014, 1999])
def test_a_year_before_the_rules_is_refused(year: int, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="year-without-rules"):
        of_rows(tmp_path, {"period_from": "", "period_to": ""}, year=year)


def test_after_the_last_document_read_every_row_says_so(tmp_path: Path) -> None:
    from bulou.engine import read_pack
    from bulou.engine.levy.reasons import reasons
    from bulou.engine.levy.rules import Rules

    (one,) = of_rows(tmp_path, {"period_from": "2028-01-01", "period_to": "2028-12-31"}).rows
    assert "2027-12-31" in "".join(reasons(one, Rules(read_pack("cn"))))


def test_the_credit_code_tells_an_enterprise_from_an_institution(tmp_path: Path) -> None:
    row = {"staff": 30, "wages": 1800000, "kind": ""}
    run = of_rows(tmp_path, {**row, "code": GOOD_ENTERPRISE}, {**row, "code": GOOD_INSTITUTION}, row)
    assert [one.outcome for one in run.rows] == [EXEMPT, OWES, UNKNOWN]


def test_a_kind_that_the_code_contradicts_is_not_known(tmp_path: Path) -> None:
    run = of_rows(tmp_path, {"staff": 30, "wages": 1800000, "kind": "民营企业", "code": GOOD_INSTITUTION})
    assert run.rows[0].outcome == UNKNOWN
    assert [finding.title for finding in run.findings] == ["单位性质与信用代码不符"]


def test_a_new_small_firm_of_2018_is_exempt_only_with_its_registration_date(tmp_path: Path) -> None:
    row = {"staff": 30, "wages": 1800000, "period_from": "2018-01-01", "period_to": "2018-12-31"}
    new, old = {**row, "registered_on": "2016-05-01"}, {**row, "registered_on": "2015-05-01"}
    assert [one.outcome for one in of_rows(tmp_path, new, old, row).rows] == [EXEMPT, OWES, OWES]
