"""Files as they come: encodings, separators, workbooks, and what cannot be read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from bulou.engine.basics.problems import Refused
from bulou.engine.basics.workers import Workers
from bulou.engine.intake import FolderReading, read_file, read_templates
from bulou.engine.intake.sheet import text_of
from bulou.engine.intake.text_files import decode
from tests.intake.files import HEAD, cleaned, holder, register, write_csv, write_xlsx

ROWS = [["姓名", "身份证号", "低保证号"], ["测试𠮷", "620602198001010014", "D001"]]
COMMON = [["姓名", "身份证号", "低保证号"], ["测试甲", "620602198001010014", "D001"]]


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        read_file(path)
    assert str(path) in str(refused.value)
    return refused.value.problems[0].code


@pytest.mark.parametrize(
    ("encoding", "said", "rows"),
    [
        ("utf-8", "UTF-8", ROWS),
        ("utf-8-sig", "BOM", ROWS),
        ("utf-16", "UTF-16", ROWS),
        ("gbk", "GBK", COMMON),
        ("gb18030", "GB 18030", ROWS),
    ],
)
def test_encodings_are_told_with_their_evidence(
    tmp_path: Path, encoding: str, said: str, rows: list[list[str]]
) -> None:
    sheet = read_file(write_csv(tmp_path / "低保.csv", rows, encoding))[0]
    assert said in sheet.encoding
    assert [list(row) for row in sheet.grid.rows()] == rows
    assert sheet.sheet == "低保"


def test_a_cut_utf8_file_is_not_read_as_gbk(tmp_path: Path) -> None:
    path = tmp_path / "低保.csv"
    path.write_bytes(("姓名,身份证号\n" + "测试甲,620602198001010014\n" * 40 + "测试乙").encode()[:-1])
    assert refusal(path) == "damaged-utf-8"


def test_bytes_of_no_encoding_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "低保.csv"
    path.write_bytes("姓名".encode("gbk") + b"\xff\xff\x00\x01")
    assert refusal(path) == "unknown-encoding"


def test_decoding_never_replaces_a_character() -> None:
    for encoding in ("utf-8", "gb18030"):
        text = "姓名，㐀𠮷·买买提"
        assert decode(text.encode(encoding), "f").text == text


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separators(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "回盘.txt"
    path.write_text("\n".join(separator.join(row) for row in COMMON), encoding="gbk")
    assert read_file(path)[0].grid.rows() == [tuple(row) for row in COMMON]


def test_marks_inside_a_cell_end_no_line(tmp_path: Path) -> None:
    path = tmp_path / "低保.csv"
    path.write_text("姓名,备注,村\r\n测试甲,上\x0b下\u2028左,一村\r\n", encoding="utf-8", newline="")
    assert read_file(path)[0].grid.rows() == [("姓名", "备注", "村"), ("测试甲", "上\x0b下\u2028左", "一村")]


def test_a_bank_file_with_bars(tmp_path: Path) -> None:
    path = tmp_path / "银行回盘202506.txt"
    path.write_text(
        "序号|姓名|帐号|金额|身份证|处理结果|\n1|测试甲|6228000000000000018|110.00||成功|\n", encoding="gbk"
    )
    result = cleaned(path)
    assert result.kind == "bank_return"
    assert result.frame.select("bank_account", "amount", "result").row(0) == ("6228000000000000018", 11000, "paid")


def test_numbers_keep_what_they_have() -> None:
    assert text_of(13912345678.0) == "13912345678"
    assert text_of(0.1 + 0.2) == "0.3"
    assert text_of(620602198001010014.0) == "6.20602198001010E+17"
    assert text_of(True) == "TRUE"


def test_row_numbers_and_letters_are_those_of_the_sheet(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "册.xlsx", {"一": [[], [], ["", "", "x", ""], ["", "", "", "y"]]})
    grid = read_file(path)[0].grid
    assert grid.columns == ["A", "B", "C", "D"]
    assert grid["C"][2] == "x"
    assert grid["D"][3] == "y"


def test_hidden_and_empty_sheets_are_read(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "册.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("空")
        hidden = book.add_worksheet("藏")
        hidden.write(0, 0, "x")
        hidden.hide()
        book.get_worksheet_by_name("空").activate()
    empty, seen = read_file(path)
    assert empty.grid.is_empty()
    assert seen.hidden


def test_a_workbook_under_another_ending_is_read_by_its_content(tmp_path: Path) -> None:
    path = register(tmp_path / "残疾证名册.xlsx", holder(1))
    renamed = path.rename(tmp_path / "残疾证名册.xls")
    assert cleaned(renamed).counts.accepted == 1


def test_what_cannot_be_read_is_refused_with_its_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "没有.xlsx") == "no-such-file"
    empty = tmp_path / "空.xlsx"
    empty.touch()
    assert refusal(empty) == "empty-file"
    page = tmp_path / "网页.xls"
    page.write_text("<html><table></table></html>")
    assert refusal(page) == "not-what-its-name-says"
    cut = register(tmp_path / "截断.xlsx", holder(1))
    cut.write_bytes(cut.read_bytes()[:-300])
    assert refusal(cut) == "unreadable-workbook"
    locked = tmp_path / "加密.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"))
    assert refusal(locked) == "password-protected"


def test_a_broken_xls_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "旧.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    assert refusal(path) == "unreadable-workbook"


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far = write_xlsx(tmp_path / "远.xlsx", {"一": [["姓名"]]})
    with zipfile.ZipFile(far) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    with zipfile.ZipFile(far, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert refusal(far) == "cells-too-far"
    monkeypatch.setattr("bulou.engine.intake.workbooks.MAX_UNPACKED", 100)
    assert refusal(register(tmp_path / "大.xlsx", holder(1))) == "too-large"


def test_a_folder_passes_over_traces_and_gathers_problems(tmp_path: Path) -> None:
    register(tmp_path / "残疾证名册.xlsx", holder(1))
    write_csv(tmp_path / "低保.csv", COMMON)
    (tmp_path / "~$残疾证名册.xlsx").write_bytes(b"lock")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "上月").mkdir()
    (tmp_path / "说明.docx").write_bytes(b"x")
    (tmp_path / "空.csv").touch()
    found = FolderReading(tmp_path, read_templates(), Workers()).finish()
    assert [one.recognised.sheet.file for one in found.cleaned] == ["低保.csv", "残疾证名册.xlsx"]
    assert [(problem.code, problem.severity) for problem in found.problems] == [
        ("empty-file", "error"),
        ("not-read", "note"),
    ]


def test_reading_touches_nothing(tmp_path: Path) -> None:
    path = register(tmp_path / "残疾证名册.xlsx", holder(1), head=HEAD)
    before = path.read_bytes()
    cleaned(path)
    assert path.read_bytes() == before
