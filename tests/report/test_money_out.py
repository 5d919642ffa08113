"""Bank files and the public notice: every fen once, nobody's numbers in public."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bulou.engine.basics.problems import Refused
from bulou.engine.report import bank_batch, notice_problems, notice_rows, payment_problems, write_month
from bulou.engine.report.bank import FEWEST, MOST, pipe_text
from bulou.engine.report.notice import write_notice
from tests.report import invented
from tests.report.invented import LIVING, NURSING, payroll_line


def test_the_pipe_format(tmp_path: Path) -> None:
    write_month(invented.month(), tmp_path / "out")
    text = (tmp_path / "out" / "银行代发" / "困难残疾人生活补贴_01.txt").read_bytes().decode("gb18030")
    lines = text.split("\r\n")
    assert lines[1] == f"2|赵试一|9999000000000000|110.50|{invented.id_of(0)}|"
    assert len(lines) == 7 and lines[-1] == ""


def test_the_csv_has_a_byte_order_mark_and_every_line(tmp_path: Path) -> None:
    write_month(invented.month(), tmp_path / "out")
    folder = tmp_path / "out" / "银行代发"
    assert (folder / "银行代发.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    sent, unsent = (
        list(csv.DictReader((folder / name).read_text(encoding="utf-8-sig").splitlines()))
        for name in ("银行代发.csv", "未进银行文件.csv")
    )
    assert len(sent) == 6 and {line["文件"] for line in sent} == {"困难残疾人生活补贴_01.txt"}
    assert [line["备注"] for line in unsent] == ["不足 5 笔，银行不收批量文件，请单笔支付"]
    assert sum(float(line["金额"]) for line in sent + unsent) == 783.0


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 3 * MOST + 7), st.integers(0, 12))
def test_sums_equal_the_payroll_and_files_keep_their_limits(living: int, nursing: int) -> None:
    lines = [payroll_line(n) for n in range(living)] + [payroll_line(n, NURSING, fen=n + 1) for n in range(nursing)]
    result = invented.month(payroll=[*lines, invented.PAYROLL[-1]])
    batch = bank_batch(result)
    assert batch.fen + batch.unsent_fen == result.counts["fen_payable"] == living * 11050 + nursing * (nursing + 1) // 2
    assert all(FEWEST <= file.lines.height <= MOST for file in batch.files)
    assert sum(file.lines.height for file in batch.files) + batch.unsent.height == living + nursing
    assert len({file.name for file in batch.files}) == len(batch.files)


@pytest.mark.parametrize(
    ("fault", "remark"),
    [
        ({"bank_account": None}, "没有账号"),
        ({"bank_account": " "}, "没有账号"),
        ({"bank_account": "62E+18"}, "账号不像账号"),
        ({"account_name": "甲|乙"}, "户名空白或有符号"),
        ({"account_name": "", "name": ""}, "户名空白或有符号"),
        ({"id_no": None}, "没有完整的身份证号"),
        ({"fen": 0}, "金额不大于零"),
    ],
)
def test_a_line_that_cannot_go_is_listed_with_its_reason(fault: dict[str, object], remark: str) -> None:
    lines = [payroll_line(n) for n in range(6)]
    result = invented.month(payroll=[*lines, payroll_line(6) | fault, invented.PAYROLL[-1]])
    batch = bank_batch(result)
    assert batch.unsent["remark"].to_list() == [remark] and batch.files[0].lines.height == 6
    assert any(remark in problem.got for problem in payment_problems(result))


def test_names_lose_their_spaces_and_accounts_theirs() -> None:
    lines = [payroll_line(n, account_name="王 试\u3000八", bank_account="9999 0000-0000 0001") for n in range(5)]
    (file,) = bank_batch(invented.month(payroll=[*lines, invented.PAYROLL[-1]])).files
    assert "|王试八|9999000000000001|" in pipe_text(file.lines)


def test_waiting_and_unset_lines_never_get_to_the_bank() -> None:
    lines = [payroll_line(n) for n in range(6)]
    waiting = [payroll_line(6, state="待决定"), payroll_line(7, state="未定金额", fen=None), invented.PAYROLL[-1]]
    result = invented.month(payroll=[*lines, *waiting])
    batch = bank_batch(result)
    assert set(batch.files[0].lines["person"]) == {f"p{n}" for n in range(6)} and not batch.unsent.height
    assert "unset-amount" in {problem.code for problem in payment_problems(result)}


def test_a_draft_is_never_paid(tmp_path: Path) -> None:
    draft = invented.draft()
    for refused in (lambda: bank_batch(draft), lambda: write_notice(draft, tmp_path)):
        with pytest.raises(Refused) as error:
            refused()
        assert error.value.problems[0].code == "draft-not-payable"
    written = {path.name for path in write_month(draft, tmp_path / "out")}
    assert not [name for name in written if "银行" in name or "公示" in name]
    assert [problem.code for problem in payment_problems(draft)] == ["draft-not-payable"]
    assert "只供测算" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_the_notice_is_masked(tmp_path: Path) -> None:
    write_month(invented.month(), tmp_path / "out")
    lines = CalamineWorkbook.from_path(str(tmp_path / "out" / "公示名单.xlsx")).get_sheet_by_index(0).to_python()
    assert lines[2] == [
        "序号",
        "乡镇（街道）",
        "村（社区）",
        "姓名",
        "补贴类型",
        "本月或补发",
        "所属月份",
        "补贴金额（元）",
    ]
    assert lines[4][3] == "赵*" and len(lines) == 3 + 7
    whole = str(lines)
    for number in range(8):
        assert invented.id_of(number) not in whole and invented.NAMES[number] not in whole


@pytest.mark.parametrize("column", ["id_no", "phone", "bank_account", "person", "age", "reason", "cert_no"])
def test_forbidden_columns_are_refused(column: str) -> None:
    rows = notice_rows(invented.month()).with_columns(pl.lit("x").alias(column))
    assert "forbidden-column" in {problem.code for problem in notice_problems(rows)}


LEAKS = (
    invented.id_of(3), f"村 {invented.id_of(3)}", invented.id_of(3) + "44", "13900000003", "139-0000-0003",
    "１３９００００００ ０３", "0935-1234567", "9999 0000 0000 0002", "62060219 70*0101", "精神残疾", "尿毒症",
)  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize("column", ["village", "township", "title", "name", "month"])
def test_planted_leaks_are_refused_and_not_repeated(leak: str, column: str) -> None:
    rows = notice_rows(invented.month()).with_columns(pl.lit(leak).alias(column))
    problems = notice_problems(rows)
    assert len(problems) == rows.height
    assert all(problem.code == "personal-data" and leak not in str(problem) for problem in problems)


def test_a_leak_stops_the_whole_month(tmp_path: Path) -> None:
    lines = [payroll_line(n, village="联系电话13900000003") for n in range(6)]
    with pytest.raises(Refused):
        write_month(invented.month(payroll=[*lines, invented.PAYROLL[-1]]), tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_unmasked_names_are_refused() -> None:
    rows = notice_rows(invented.month()).with_columns(pl.lit("赵试一").alias("name"))
    assert len(notice_problems(rows)) == rows.height


def test_two_programmes_never_share_a_file() -> None:
    lines = [payroll_line(n, programme) for n in range(6) for programme in (LIVING, NURSING)]
    batch = bank_batch(replace(invented.month(payroll=[*lines, invented.PAYROLL[-1]])))
    assert [file.lines["programme"].n_unique() for file in batch.files] == [1, 1]
