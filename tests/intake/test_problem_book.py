"""数据问题.xlsx: rows as they came, in words, and a mended copy that can be fed back."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.intake import (
    Cleaned,
    clean,
    read_file,
    read_templates,
    recognise,
    with_corrections,
    write_problem_book,
)
from bulou.engine.intake.headings import normal_forms
from bulou.engine.intake.problem_book import NOTE
from bulou.engine.intake.recognise import month_in
from tests.basics.hostile import HOSTILE
from tests.basics.shapes import shapes
from tests.intake.files import HEAD, cleaned, holder, id_of, register, write_csv, write_xlsx

BAD = "620602198001010013"


def dirty(folder: Path) -> Cleaned:
    rows = [
        holder(1),
        holder(2, 身份证号=BAD, 残疾证号=""),
        holder(3, 残疾等级="五级"),
        holder(4, 姓名='=HYPERLINK("x")', 身份证号=""),
    ]
    rows[3][HEAD.index("残疾证号")] = ""
    return cleaned(register(folder / "残疾证名册.xlsx", *rows))


def mend(path: Path, target: Path, changes: dict[str, str]) -> Path:
    """A copy of the workbook in which every cell that reads like a key is replaced."""
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False}) as book:
        for sheet in read_file(path):
            page = book.add_worksheet(sheet.sheet)
            for number, row in enumerate(sheet.grid.rows()):
                for column, cell in enumerate(row):
                    if cell is not None:
                        page.write_string(number, column, changes.get(cell, cell))
    return target


def test_rows_stand_as_they_came_with_the_problem_in_words(tmp_path: Path) -> None:
    book = tmp_path / "数据问题.xlsx"
    assert write_problem_book(book, [dirty(tmp_path)]) == 3
    front, page, repairs = read_file(book)
    assert [front.sheet, page.sheet, repairs.sheet] == ["怎样用", "1 残疾证名册", "已修复"]
    assert page.row_text(2)[5:] == HEAD
    first = page.row_text(3)
    assert first[:3] == ["残疾证名册.xlsx", "Sheet1", "4"]
    assert "校验码不对" in first[3] and BAD in first[3] and "整行没有采用" in first[3]
    assert first[4] == "身份证号"
    assert first[5:] == [str(cell) for cell in holder(2, 身份证号=BAD, 残疾证号="")]


def test_formulas_of_others_stay_text(tmp_path: Path) -> None:
    import zipfile

    book = tmp_path / "数据问题.xlsx"
    write_problem_book(book, [dirty(tmp_path)])
    with zipfile.ZipFile(book) as archive:
        pages = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in page or b"<hyperlink" in page for page in pages)
    assert any("HYPERLINK" in cell for cell in read_file(book)[1].row_text(5))


def test_the_same_problems_give_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_problem_book(path, [dirty(tmp_path)])
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_mended_copy_replaces_what_it_mends(tmp_path: Path) -> None:
    original, book = dirty(tmp_path), tmp_path / "数据问题.xlsx"
    write_problem_book(book, [original])
    mended = mend(book, tmp_path / "数据问题（改）.xlsx", {BAD: id_of(2), "五级": "三级"})
    sheets = [recognise(sheet, read_templates()) for sheet in read_file(mended)]
    assert [found.template.id if found.template else None for found in sheets] == [None, "certificate_register", None]
    assert [problem.code for found in sheets for problem in found.problems] == ["own-notes", "own-notes"]
    correction = clean(sheets[1])
    assert correction.counts.adds_up()

    after, corrected = with_corrections([original, correction])
    assert after.counts.adds_up()
    assert after.counts.read == original.counts.read
    assert after.counts.corrected == 2
    people = [*after.frame["id_no"], *corrected.frame["id_no"]]
    assert sorted(people) == sorted([id_of(1), id_of(2), id_of(3)])
    assert corrected.frame["grade"].to_list() == [3, 3]
    assert after.counts.refused == 1, "the fourth row was not mended and is still refused"
    assert set(after.findings["row"]) == {6}


def test_a_mended_copy_of_the_mended_copy_names_the_first_source(tmp_path: Path) -> None:
    original, book = dirty(tmp_path), tmp_path / "数据问题.xlsx"
    write_problem_book(book, [original])
    again = clean(recognise(read_file(book)[1], read_templates()))
    write_problem_book(tmp_path / "再.xlsx", [again])
    page = read_file(tmp_path / "再.xlsx")[1]
    assert page.row_text(3)[:3] == ["残疾证名册.xlsx", "Sheet1", "4"]
    assert page.row_text(2)[5:] == HEAD


@pytest.mark.parametrize("ending", ["xlsx"])
def test_headings_under_groups_and_titles_survive_the_round_trip(tmp_path: Path, ending: str) -> None:
    top = ["姓名", "身份证号", "补贴", "", "银行账号"]
    low = ["", "", "标准", "金额", ""]
    row = ["测试", BAD, 110, 110, "6228000000000000018"]
    merges = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3), (0, 4, 1, 4)]
    path = write_xlsx(tmp_path / f"重度残疾人护理补贴发放表202506.{ending}", {"Sheet1": [top, low, row]}, merges)
    original = cleaned(path)
    write_problem_book(tmp_path / "数据问题.xlsx", [original])
    found = recognise(read_file(tmp_path / "数据问题.xlsx")[1], read_templates())
    assert found.template and found.template.id == "payment_roll"
    assert set(found.columns.values()) >= set(original.recognised.columns.values())
    assert (found.titled, found.month) == (original.recognised.titled, "2025-06")


def test_the_words_of_each_row(tmp_path: Path) -> None:
    book = tmp_path / "数据问题.xlsx"
    write_problem_book(book, [dirty(tmp_path)])
    page = read_file(book)[1]
    assert [page.row_text(at)[2:5] for at in range(3, page.grid.height)] == [
        ["4", f"身份证号：身份证号校验码不对，至少错一位（{BAD}），对照本人证件改正【整行没有采用】", "身份证号"],
        ["5", "残疾等级：不在可用的写法里（五级），改成规定的写法【这一格没有采用】", "残疾等级"],
        ["6", "身份证号：没有身份证号，补填身份证号【整行没有采用】；"
              '姓名：姓名里有数字或符号（=HYPERLINK("x")），核对姓名【已采用，请核对】', "身份证号、姓名"],
    ]  # fmt: skip


def test_a_cell_to_mend_is_yellow_even_when_empty_and_no_other(tmp_path: Path) -> None:
    book = tmp_path / "数据问题.xlsx"
    write_problem_book(book, [dirty(tmp_path)])
    yellow = [
        [name for (colour, _), name in zip(shapes(book, row, 2)[5:], HEAD, strict=True) if colour] for row in (4, 5, 6)
    ]
    assert yellow == [["身份证号"], ["残疾等级"], ["姓名", "身份证号"]]


ODD = [*HOSTILE, "-5", "+8613900000000", "'=1", "_x0041_", "a\r\nb", "a\x01b", " 前后 ", "<&>", "0012", "1e5"]


def test_cells_that_nobody_mends_come_back_as_they_were(tmp_path: Path) -> None:
    rows = [holder(n, 身份证号=BAD, 残疾证号="", 姓名=text) for n, text in enumerate(ODD)]
    given = cleaned(write_csv(tmp_path / "=残疾证名册.csv", [[*HEAD, "=备注"], *([*row, "@x"] for row in rows)]))
    write_problem_book(tmp_path / "数据问题.xlsx", [given])
    page = read_file(tmp_path / "数据问题.xlsx")[-2]
    assert page.row_text(2)[5:] == [*HEAD, "=备注"]
    came = given.recognised.sheet.grid
    assert came.height == len(ODD) + 1
    assert [row[5:] for row in page.grid.rows()[3:]] == came.rows()[1:]
    assert {row[:2] for row in page.grid.rows()[3:]} == {("=残疾证名册.csv", "=残疾证名册")}


def test_a_sheet_cut_down_to_what_is_to_be_mended_gives_the_same_book(tmp_path: Path) -> None:
    given = dirty(tmp_path)
    small = given.without_rows()
    assert small.rows.is_empty() and small.recognised.sheet.grid.height == 3 < given.recognised.sheet.grid.height
    for name, one in (("whole", given), ("small", small)):
        write_problem_book(tmp_path / f"{name}.xlsx", [one])
    assert (tmp_path / "whole.xlsx").read_bytes() == (tmp_path / "small.xlsx").read_bytes()


def test_problems_of_whole_files_have_a_page_that_is_not_read_back(tmp_path: Path) -> None:
    path = register(tmp_path / "残疾证名册.xlsx", [*holder(1, 身份证号=BAD), "x"], head=[*HEAD, "鞋码"])
    lost = Problem("lost", Place("空.xlsx"), "读不出", "工作簿", "重新导出")
    write_problem_book(tmp_path / "数据问题.xlsx", [cleaned(path)], [lost, *cleaned(path).problems])
    whole = read_file(tmp_path / "数据问题.xlsx")[1]
    assert whole.sheet == "文件和列"
    assert whole.row_text(3) == ["空.xlsx", "读不出", "工作簿", "重新导出"]
    assert "鞋码" in whole.row_text(4)[0] and whole.grid.height == 5, "each is said once"
    assert [problem.code for problem in recognise(whole, read_templates()).problems] == ["own-notes"]


def test_the_front_counts_every_row_and_the_last_page_says_what_was_repaired(tmp_path: Path) -> None:
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in id_of(2))
    path = register(tmp_path / "残疾证名册.xlsx", holder(1), holder(2, 身份证号=full_width), holder(3, 身份证号=BAD))
    write_problem_book(tmp_path / "数据问题.xlsx", [cleaned(path)])
    front, *_, last = read_file(tmp_path / "数据问题.xlsx")
    assert front.row_text(4)[:3] == ["残疾证名册.xlsx", "Sheet1", "残疾证名册"]
    assert front.row_text(4)[4:] == ["5", "1", "1", "1", "2"]
    assert last.row_text(3) == [
        "残疾证名册.xlsx", "Sheet1", "身份证号", "全角改半角", "1", f"第4行：{full_width} → {id_of(2)}"
    ]  # fmt: skip


def test_nothing_to_mend_is_a_book_as_well(tmp_path: Path) -> None:
    assert write_problem_book(tmp_path / "数据问题.xlsx", []) == 0
    assert [sheet.sheet for sheet in read_file(tmp_path / "数据问题.xlsx")] == ["怎样用", "已修复"]


def test_the_note_above_a_roll_says_nothing_about_its_kind_or_month() -> None:
    kinds = read_templates().kinds.values()
    words = [word for kind in kinds for word in (*kind.titles, *kind.weak_titles)]
    words += [word for kind in kinds for codes in kind.from_title.values() for said in codes.values() for word in said]
    assert len(words) > 50
    assert not [word for word in words if word in NOTE or word in normal_forms(NOTE)[0]]
    assert month_in(NOTE) is None


def test_the_title_of_a_copy_of_a_copy_does_not_repeat_the_note(tmp_path: Path) -> None:
    write_problem_book(tmp_path / "数据问题.xlsx", [dirty(tmp_path)])
    again = clean(recognise(read_file(tmp_path / "数据问题.xlsx")[1], read_templates()))
    write_problem_book(tmp_path / "再.xlsx", [again])
    title, note = (read_file(tmp_path / "再.xlsx")[1].row_text(row)[0] for row in (0, 1))
    assert note == NOTE and NOTE not in title
