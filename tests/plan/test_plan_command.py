"""`bulou plan`: outputs, exit codes, and no traceback whatever the input."""

import json

import pytest
from plan_maker import Layout, Point, make
from typer.testing import CliRunner

from bulou.engine.cli.plan import app

POINTS = [[Point("健全救助制度", 2, 320, ("市残联",), ("市民政局",)), Point("提高康复水平", 2)]]


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "云岭.txt"
    path.write_text(make(POINTS).text, encoding="utf-8")
    return path


def _run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def test_read_writes_the_contract_as_json(made):
    result = _run("read", made, "--json")
    got = json.loads(result.stdout)
    assert result.exit_code == 0
    assert {
        "title",
        "number",
        "issued",
        "status",
        "indicators",
        "sections",
        "boxes",
        "duties",
        "problems",
    } <= set(got)
    assert set(got["indicators"][0]) >= {
        "no",
        "name",
        "unit",
        "baseline",
        "target",
        "nature",
        "section",
        "line",
    }
    assert set(got["sections"][0]) >= {"path", "title", "line", "text"}
    assert got["duties"] == [
        {
            "section": "三(一)1",
            "line": got["duties"][0]["line"],
            "lead": ["市残联"],
            "joint": [],
            "participating": ["市民政局"],
        }
    ]


def test_read_prints_a_summary_in_chinese(made):
    result = _run("read", made)
    assert result.exit_code == 0
    assert "云岭市“十四五”残疾人保障和发展规划" in result.stdout
    assert "字数核对" in result.stdout


def test_read_writes_workbook_page_and_file(made, tmp_path):
    result = _run(
        "read",
        made,
        "--json",
        "--xlsx",
        tmp_path / "a.xlsx",
        "--html",
        tmp_path / "a.html",
        "--out",
        tmp_path / "a.json",
    )
    assert (result.exit_code, result.stdout) == (0, "")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["status"] == "issued"
    assert (tmp_path / "a.xlsx").stat().st_size > 0
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_problems_give_exit_code_one_and_are_listed_with_lines(made):
    made.write_text(made.read_text(encoding="utf-8").replace("2.提高康复水平", "5.提高康复水平"), encoding="utf-8")
    result = _run("read", made)
    assert result.exit_code == 1
    assert "number-out-of-order" in result.stderr
    assert "云岭.txt, 第" in result.stderr


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00\xd8 nothing", b"%PDF-1.7 broken", b"PK\x03\x04broken", b"a,b\n1,2\n"]
)
def test_bad_input_is_refused_with_exit_code_two(tmp_path, content):
    path = tmp_path / "bad.txt"
    path.write_bytes(content)
    result = _run("read", path)
    assert result.exit_code == 2
    assert "bad.txt" in result.stderr
    assert "处理 do:" in result.stderr


def test_missing_file_and_unwritable_output_are_refused(made, tmp_path):
    assert _run("read", tmp_path / "none.txt").exit_code == 2
    for option in ("--out", "--xlsx", "--html"):
        assert _run("read", made, option, tmp_path / "no" / "such" / "folder").exit_code == 2


def test_compare_lists_refused_files_and_compares_the_rest(made, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text(make(POINTS, Layout(doubled=False)).text.replace("云岭", "海坪"), encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"")
    result = _run("compare", made, tmp_path / "bad.txt", other, "--json")
    got = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [plan["region"] for plan in got["plans"]] == ["云岭市", "海坪市"]
    assert [problem["code"] for problem in got["problems"]] == ["empty-file"]
    assert len(got["rows"]) == 6


def test_compare_writes_table_workbook_and_page(made, tmp_path):
    result = _run("compare", made, made, "--xlsx", tmp_path / "c.xlsx", "--html", tmp_path / "c.html")
    assert result.exit_code == 0
    assert "基本康复服务覆盖率 | ≥88% | ≥88%" in result.stdout
    assert (tmp_path / "c.xlsx").exists()
    assert "规划指标对比" in (tmp_path / "c.html").read_text(encoding="utf-8")


def test_compare_without_any_readable_plan_is_refused(tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"")
    assert _run("compare", tmp_path / "bad.txt").exit_code == 2
