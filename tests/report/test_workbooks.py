from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from bulou.engine.report import write_month
from tests.basics.hostile import HOSTILE
from tests.report import invented

BOOKS = (
    "应享未享.xlsx",
    "疑似不应享.xlsx",
    "待核实.xlsx",
    "本月发放.xlsx",
    "补发追缴.xlsx",
    "变动预告.xlsx",
    "公示名单.xlsx",
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    write_month(invented.month(), tmp_path / "out")
    return tmp_path / "out"


def rows(path: Path, sheet: str = "") -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python()


def table(path: Path, sheet: str = "") -> list[dict[str, Any]]:
    _, _, heads, *lines = rows(path, sheet)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def test_every_list_is_there_with_its_sheets(out: Path) -> None:
    sheets = {name: CalamineWorkbook.from_path(str(out / name)).sheet_names for name in BOOKS}
    assert sheets["待核实.xlsx"] == ["按人", "来源缺口"]
    assert sheets["本月发放.xlsx"] == ["发放明细", "待决定", "决定不发", "乡镇汇总", "项目汇总"]


def test_a_line_says_who_what_why_by_which_clause_and_by_when(out: Path) -> None:
    (line,) = table(out / "应享未享.xlsx")
    assert line["身份证号"] == invented.id_of(6) and line["联系电话"] == "13900000006"
    assert line["每月金额（元）"] == 110.5 and line["依据"] == "gf-1"
    assert line["怎么办"] == "上门告知" and line["什么时候前"] == "2025-07-10前"


def test_ids_and_accounts_are_text_and_money_is_a_number(out: Path) -> None:
    lines = table(out / "本月发放.xlsx", "发放明细")
    assert [line["账号"] for line in lines if line["姓名"] == "孙试三"] == ["9999000000000002"]
    assert all(isinstance(line["金额（元）"], float) for line in lines)
    xml = zipfile.ZipFile(out / "本月发放.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<v>110.50</v>" in xml and '<numFmt numFmtId="164"' not in xml


def test_questions_stand_most_valuable_first(out: Path) -> None:
    assert [line["姓名"] for line in table(out / "待核实.xlsx")] == ["孙试三", "钱试二"]


def test_totals_add_up_and_say_so(out: Path) -> None:
    lines = table(out / "本月发放.xlsx", "发放明细")
    paid = sum(line["金额（元）"] for line in lines)
    assert paid == 6 * 110.5 + 120
    for sheet in ("乡镇汇总", "项目汇总"):
        *groups, whole = table(out / "本月发放.xlsx", sheet)
        for column in ("可发放行数", "可发放金额（元）", "待决定行数", "待决定金额（元）"):
            assert sum(line[column] for line in groups) == whole[column], (sheet, column)
        assert whole["可发放金额（元）"] == paid
        assert "783.00 元，相符" in rows(out / "本月发放.xlsx", sheet)[1][0]


def test_lines_that_wait_are_listed_with_their_reason(out: Path) -> None:
    assert {line["为什么等"] for line in table(out / "本月发放.xlsx", "待决定")} == {
        "待核：本人在世",
        "补发须由经办人确认",
    }


def test_set_up_for_print_and_reading(out: Path) -> None:
    book = zipfile.ZipFile(out / "应享未享.xlsx")
    xml = book.read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in xml and "<autoFilter" in xml and 'orientation="landscape"' in xml
    assert 'paperSize="9"' in xml and "第 &amp;P 页，共 &amp;N 页" in xml
    assert "_xlnm.Print_Titles" in book.read("xl/workbook.xml").decode()
    assert '<dimension ref="A1:R4"/>' in xml


def test_an_empty_list_is_still_a_list(tmp_path: Path) -> None:
    write_month(invented.month(forecast=[], gaps=[]), tmp_path / "out")
    assert rows(tmp_path / "out" / "变动预告.xlsx")[1][0] == "本月没有这类情况。"


def test_formulas_planted_in_every_text_column_come_back_as_text(tmp_path: Path) -> None:
    planted = [invented.MISSED[0] | dict.fromkeys(("name", "village", "reason", "phone"), text) for text in HOSTILE]
    write_month(invented.month(missed=planted), tmp_path / "out")
    for line in table(tmp_path / "out" / "应享未享.xlsx"):
        for head in ("姓名", "村（社区）", "为什么应享", "联系电话"):
            assert not str(line[head]).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert "<f>" not in zipfile.ZipFile(tmp_path / "out" / "应享未享.xlsx").read("xl/worksheets/sheet1.xml").decode()


def test_markup_and_escapes_in_text_survive(tmp_path: Path) -> None:
    text = 'a<b>&"c" _x0041_ 𠮷'
    write_month(invented.month(missed=[invented.MISSED[0] | {"reason": text}]), tmp_path / "out")
    assert table(tmp_path / "out" / "应享未享.xlsx")[0]["为什么应享"] == text


def test_townships_of_one_name_in_two_counties_stay_apart_and_the_county_is_named(out: Path, tmp_path: Path) -> None:
    assert "县（市、区）" not in table(out / "本月发放.xlsx", "发放明细")[0]
    lines = [invented.payroll_line(n, township="城关镇", county=("甲县", "乙县")[n % 2]) for n in range(6)]
    write_month(invented.month(payroll=lines, settlements=[], missed=[]), tmp_path / "two")
    book = tmp_path / "two" / "本月发放.xlsx"
    assert {line["县（市、区）"] for line in table(book, "发放明细")} == {"甲县", "乙县"}
    towns = {line["乡镇（街道）"]: line["可发放行数"] for line in table(book, "乡镇汇总")}
    assert towns == {"甲县城关镇": 3, "乙县城关镇": 3, "合计": 6}
    notice = table(tmp_path / "two" / "公示名单.xlsx")
    assert {line["县（市、区）"] for line in notice} == {"甲县", "乙县"}
