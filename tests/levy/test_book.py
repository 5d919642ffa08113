"""The workbook that is given back: columns that add up, rules with clause and date, nothing lost, equal bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.command_line import CommandLine, is_refused
from tests.levy.sheets import ROW, cells, csv_file, levy, of_rows

HEAD = 2


def sheets(file: Path) -> dict[str, list[dict[str, Any]]]:
    found = {}
    book = CalamineWorkbook.from_path(str(file))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python()
        found[name] = [dict(zip(rows[HEAD], row, strict=True)) for row in rows[HEAD + 1 :]]
    return found


ROWS = [{}, {"staff": 30, "wages": 1800000, "paid": 100}, {"heads": 2, "staff": 200, "wages": 14000000, "paid": 35000},
        {"heads": 9}, {"kind": "", "staff": 30}, {"staff": "三十"}, {"paid": ""},
        {"period_from": "2018-01-01", "period_to": "2018-12-31", "paid": 200000}]  # fmt: skip


@pytest.fixture(scope="module")
def given_back(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("levy")
    run = of_rows(folder, *ROWS, out=folder / "out")
    assert run.out == folder / "out" / "申报_残保金.xlsx"
    return sheets(run.out)


def money(row: dict[str, Any], number: str) -> float | None:
    value = next(cell for head, cell in row.items() if head.startswith(number) or f"（{number.strip('()')}）" in head)
    return None if value == "" else value


def test_columns_nine_to_twelve_add_up_in_every_row(given_back: dict[str, Any]) -> None:
    complete = 0
    for row in given_back["残保金申报"]:
        amounts = [money(row, f"({number})") for number in (9, 10, 11, 12)]
        if None not in amounts:
            due, relief, paid, balance = amounts
            assert round(due - relief - paid, 2) == balance
            complete += 1
    assert complete == 5


def test_totals_add_up_by_year_and_altogether(given_back: dict[str, Any]) -> None:
    lines = given_back["合计"]
    rows = given_back["残保金申报"]
    whole = next(line for line in lines if line["所属年度"] == "合计")
    for column in ("单位数", "应纳费额（9）", "减免费额（10）", "应缴（9-10）", "已缴费额（11）", "应补(退)费额（12）"):
        parts = sum(line[column] or 0 for line in lines if line["结论"] != "合计")
        years = sum(line[column] or 0 for line in lines if line["结论"] == "合计" and line is not whole)
        assert round(parts, 2) == round(years, 2) == whole[column], column
    assert whole["单位数"] == len(rows) == len(ROWS)
    worked = [row for row in rows if row["结论"] in ("应缴费", "免征", "已达比例，不缴")]
    assert whole["应纳费额（9）"] == sum(money(row, "(9)") or 0 for row in worked)


def test_every_amount_has_its_steps_with_clause_and_date(given_back: dict[str, Any]) -> None:
    first, small, *_, old = given_back["残保金申报"]
    for part in (
        "100 × 1.5% = 1.5 人",
        "2 × 80,000.00",
        "财税〔2018〕39号，2018-04-01起",
        "1.5 × 120,000.00 = 180,000.00",
        "90%",
        "财政部公告2023年第8号 一，2023-01-01至2027-12-31",
    ):
        assert part in first["理由和依据"]
    assert "职工30人及以下的企业，免征〔" in small["理由和依据"] and "应退 100.00" in small["理由和依据"]
    assert "“工资封顶倍数”变了（2018-04-01起）" in old["理由和依据"]


def test_the_rules_used_stand_with_clause_value_and_dates(given_back: dict[str, Any]) -> None:
    rules = {(row["事项"], row["从哪天起"]): row for row in given_back["所用规定"]}
    assert rules[("工资封顶倍数", "2018-04-01")]["规则或数值"] == "2倍"
    assert rules[("征收比例", "2023-01-01")]["到哪天止"] == "2027-12-31"
    assert rules[("征收比例", "")]["规则或数值"] == "100"
    assert "80,000.00 元" in rules[("当地社会平均工资", "")]["规则或数值"]
    assert all(row["条款"] for row in given_back["所用规定"])


def test_what_is_missing_is_asked(given_back: dict[str, Any]) -> None:
    unknown, silent = given_back["残保金申报"][4], given_back["残保金申报"][6]
    assert unknown["结论"] == "资料不全，算不出" and "单位性质" in unknown["要核实"]
    assert money(silent, "(12)") is None and "已缴" in silent["要核实"]


def test_values_of_the_locality_that_nobody_has_set_are_asked_for(tmp_path: Path) -> None:
    (one,) = of_rows(tmp_path, {"ratio": ""}, said=(), region="610103").rows
    assert [ask.partition("：")[0] for ask in one.asks] == ["缺按比例就业比例", "缺当地社会平均工资"]


def test_other_columns_come_back_and_no_text_is_a_formula(tmp_path: Path) -> None:
    head, *rows = cells([{**ROW, "employer": '=HYPERLINK("http://x")'}])
    file = csv_file(tmp_path / "a.csv", [[*head, "备注栏"], [*rows[0], "=1+1"]])
    run = levy(file, out=tmp_path / "b.xlsx")
    assert run.out is not None
    (row,) = sheets(run.out)["残保金申报"]
    assert row["备注栏"] == "'=1+1"
    assert row["用人单位名称"].startswith("'=HYPERLINK")


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        of_rows(tmp_path, *ROWS, out=tmp_path / f"{name}.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


# the command ------------------------------------------------------------------------------------------------------


def test_the_command_fills_the_sheet_and_says_the_sums(line: CommandLine) -> None:
    csv_file(Path("a.csv"), cells([ROW]))
    said = line.bulou("levy", "a.csv", "--set", "social_avg_wage=80000")
    assert (said.code, said.err) == (0, "")
    assert "应缴 162,000.00" in said.out and "a_残保金.xlsx" in said.out
    assert Path("a_残保金.xlsx").is_file()


def test_problems_are_listed_and_the_rest_is_done(line: CommandLine) -> None:
    csv_file(Path("a.csv"), cells([ROW, {**ROW, "employer": "乙厂", "staff": "若干"}]))
    said = line.bulou("levy", "a.csv", "--set", "social_avg_wage=80000", "--out", "out")
    assert said.code == 1
    assert "第3行" in said.err and "若干" in said.err and "应缴 162,000.00" in said.out
    assert [path.name for path in Path("out").iterdir()] == ["a_残保金.xlsx"]


def test_local_values_may_stand_in_a_file_by_year(line: CommandLine) -> None:
    csv_file(Path("a.csv"), cells([ROW, {**ROW, "period_from": "2023-01-01", "period_to": "2023-12-31"}]))
    line.file("local.toml", """
[settings]
social_avg_wage = [{ value = "50000.00", from = 2023-01-01, source = "甲" }, { value = "80000.00", from = 2024-01-01 }]
""")  # fmt: skip
    said = line.bulou("levy", "a.csv", "--settings", "local.toml")
    assert "应缴 297,000.00" in said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--year", "2010"], ["--year", "2010 年没有规则", "2015-10-01"]),
        (["--year", "20240"], ["--year", "20240"]),
        (["--set", "social_wage=1"], ["--set", "social_wage"]),
        (["--set", "social_avg_wage=八万"], ["region.social_avg_wage", "八万"]),
        (["--set", "social_avg_wage=-1"], ["region.social_avg_wage", "-1"]),
        (["--on", "2024-02-30"], ["--on", "2024-02-30"]),
        (["--region", "999999"], ["999999"]),
        (["--settings", "none.toml"], ["none.toml"]),
        (["--out", "a.csv"], ["--out", "a.csv"]),
        (["b.xlsx"], ["b.xlsx"]),
    ],
)
def test_bad_options_are_refused_and_nothing_is_written(
    arguments: list[str], expected: list[str], line: CommandLine
) -> None:
    csv_file(Path("a.csv"), cells([ROW]))
    is_refused(line.bulou("levy", "a.csv", *arguments), *expected)
    assert [path.name for path in Path().iterdir()] == ["a.csv"]
