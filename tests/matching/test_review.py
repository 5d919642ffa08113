"""The review list goes to a clerk and comes back; what a person said is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from bulou.engine import match_files
from bulou.engine.basics.problems import Refused
from bulou.engine.cli.main import app
from bulou.engine.intake import read_file
from bulou.engine.matching.review_book import read_review
from tests.basics.shapes import shapes
from tests.intake.files import id_of, write_csv, write_xlsx

HEAD = ["编号", "姓名", "性别", "身份证号", "村", "账号", "户号"]


def files(folder: Path) -> tuple[Path, Path]:
    people = [
        ["1", "王小明", "男", id_of(1), "东村", "9999000000000000001", "H1"],
        ["2", "李娜", "女", id_of(2), "西村", "9999000000000000002", "H2"],
        ["3", "赵强", "男", id_of(3), "西村", "9999000000000000002", "H3"],
    ]
    given = [
        ["某部门名单"],
        ["姓名", "身份证号码", "所在村"],
        ["王晓明", id_of(1), "东村"],
        ["刘洋", id_of(2), "西村"],
        ["=cmd|'/c calc'!A1", id_of(3), "西村"],
        ["无此人", id_of(9), "西村"],
    ]
    registry = write_csv(folder / "登记册.csv", [["人员编号", *HEAD[1:]], *people])
    return registry, write_xlsx(folder / "名单.xlsx", {"一": given})


def fill(book: Path, to: Path, answers: dict[str, str], by: str = "测试员") -> Path:
    """A copy of the list with answers by the name in the row."""
    sheet = read_file(book)[0]
    cells: list[list[Any]] = [sheet.row_text(at) for at in range(sheet.grid.height)]
    head = next(row for row in cells if "判断" in row)
    for row in cells[cells.index(head) + 1 :]:
        row[head.index("判断")] = answers.get(row[head.index("姓名")], "")
        row[head.index("判断人")] = by
    return write_xlsx(to, {"待判断": cells})


def links(out: Path) -> dict[int, tuple[str, str | None]]:
    found = pl.read_csv(out / "对应结果.csv", infer_schema=False)
    return {int(row["行"]): (row["结果"], row["人员编号"]) for row in found.iter_rows(named=True)}


def test_from_the_list_to_the_next_month(tmp_path: Path) -> None:
    registry, rows = files(tmp_path)
    out = tmp_path / "out"
    run = match_files(registry, rows, out)
    assert links(out) == {
        3: ("对应到本人", "1"), 4: ("待判断", None), 5: ("待判断", None), 6: ("号码有效，登记册里没有", None)
    }  # fmt: skip
    assert sum(run.matched.counts.values()) == 4
    filled = fill(out / "待判断.xlsx", tmp_path / "填好.xlsx", {"刘洋": "同一人"})
    again = match_files(registry, rows, out, [filled])
    assert links(out)[4] == ("对应到本人", "2")
    assert again.decisions == 1
    third = match_files(registry, rows, out)
    assert links(out)[4] == ("对应到本人", "2")
    assert third.matched.counts[("decided", "linked")] == 1


def test_where_a_row_stands_is_counted_whatever_the_list_calls_row(tmp_path: Path) -> None:
    registry, _ = files(tmp_path)
    given = [["row", "sheet", "姓名", "身份证号码"], ["77", "x", "李娜", id_of(2)]]
    match_files(registry, write_csv(tmp_path / "名单.csv", given), tmp_path / "out")
    assert links(tmp_path / "out") == {2: ("对应到本人", "2")}


@pytest.mark.parametrize(("answer", "outcome"), [("不是", "没有找到"), ("不确定", "待判断")])
def test_what_a_person_ruled_out_stays_ruled_out(tmp_path: Path, answer: str, outcome: str) -> None:
    registry, rows = files(tmp_path)
    out = tmp_path / "out"
    match_files(registry, rows, out)
    match_files(registry, rows, out, [fill(out / "待判断.xlsx", tmp_path / "填好.xlsx", {"刘洋": answer})])
    assert links(out)[4] == (outcome, None)


def test_answers_that_cannot_be_read_are_listed_and_lose_nothing(tmp_path: Path) -> None:
    registry, rows = files(tmp_path)
    out = tmp_path / "out"
    match_files(registry, rows, out)
    filled = fill(out / "待判断.xlsx", tmp_path / "填好.xlsx", {"刘洋": "大概吧"})
    run = match_files(registry, rows, out, [filled])
    assert [problem.code for problem in run.problems] == ["answer-not-read"]
    assert "填好.xlsx" in str(run.problems[0]) and links(out)[4][0] == "待判断"
    nobody = fill(out / "待判断.xlsx", tmp_path / "无名.xlsx", {"刘洋": "同一人"}, by="")
    assert [problem.code for problem in match_files(registry, rows, out, [nobody]).problems] == ["no-decider"]
    with pytest.raises(Refused) as refused:
        match_files(registry, rows, out, [rows])
    assert refused.value.problems[0].code == "no-review-list"


def test_the_command_says_what_it_did_and_refuses_without_a_traceback(tmp_path: Path) -> None:
    registry, rows = files(tmp_path)
    done = CliRunner().invoke(app, ["match", str(registry), str(rows), "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "4 行 = 对应到本人 1" in done.output and "shared-account" in (tmp_path / "out/manifest.json").read_text()
    short = write_csv(tmp_path / "短.csv", [["姓名", "年龄"], ["王", "3"]])
    with pytest.raises(Refused) as refused:
        match_files(short, rows, tmp_path / "none")
    assert refused.value.problems[0].code == "columns-missing"
    assert not (tmp_path / "none").exists()


def test_a_person_of_odd_number_comes_back_from_the_list(tmp_path: Path) -> None:
    registry, rows = files(tmp_path)
    registry.write_text(registry.read_text(encoding="utf-8").replace("\n2,", "\n=2,"), encoding="utf-8")
    out = tmp_path / "out"
    match_files(registry, rows, out)
    decisions, problems = read_review(read_file(fill(out / "待判断.xlsx", tmp_path / "填好.xlsx", {"刘洋": "同一人"})))
    assert (decisions["person_id"].to_list(), problems) == (["=2"], [])


def test_cells_that_differ_from_the_other_side_are_bold_and_cells_to_fill_in_are_yellow(tmp_path: Path) -> None:
    registry, rows = files(tmp_path)
    match_files(registry, rows, tmp_path / "out")
    book = tmp_path / "out/待判断.xlsx"
    sheet = read_file(book)[0]
    at = next(at for at in range(sheet.grid.height) if "判断" in sheet.row_text(at))
    shown = dict(zip(sheet.row_text(at), shapes(book, at + 2), strict=True))
    assert [name for name, (_, bold) in shown.items() if bold] == ["姓名", "登记册·姓名"]
    assert [name for name, (colour, _) in shown.items() if colour] == ["判断", "判断人", "备注"]


def test_nothing_in_the_list_is_a_formula(tmp_path: Path) -> None:
    registry, rows = files(tmp_path)
    match_files(registry, rows, tmp_path / "out")
    cells = [cell for row in read_file(tmp_path / "out/待判断.xlsx")[0].grid.rows() for cell in row if cell]
    assert any("cmd" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
