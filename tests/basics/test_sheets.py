"""Workbooks to hand on: harmless text, cells that stand out, the same bytes; what is read back comes back as it was."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bulou.engine.basics.cells import column_letters, neutral, neutral_column
from bulou.engine.basics.sheets import UNDATED, Column, Sheet, write_book
from tests.basics.hostile import HOSTILE
from tests.basics.shapes import shapes


def written(path: Path, *columns: Column, note: str = "说明", **frame: list[object]) -> Path:
    write_book(path, [Sheet("一", "题", note, columns, pl.DataFrame(frame))], UNDATED, "脚")
    return path


def rows(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_begins_like_a_formula_or_with_a_control_character(text: str) -> None:
    for made in (neutral(text), pl.Series([text]).to_frame("t").select(neutral_column(pl.col("t"))).item()):
        assert not re.match(r"\s*[=+\-@＝＋－＠\x00-\x1f]", made), made
        assert "\x00" not in made and "\r" not in made


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="\ufffe\uffff", codec="utf-8"), min_size=1), min_size=20))
def test_an_exact_column_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = written(tmp_path_factory.getbasetemp() / "exact.xlsx", Column("值", "a", exact=True), a=texts)
    assert [row[0] for row in rows(path)[3:]] == texts


@pytest.mark.parametrize("text", [*HOSTILE, "_x0041_", "_x005F_x0041_", "a\r\nb", " 空 ", "'=1", "长" * 30_000])
def test_odd_text_is_exact_or_harmless_by_column_and_never_a_formula(tmp_path: Path, text: str) -> None:
    columns = Column("原样", "a", exact=True), Column("给人看", "a")
    path = written(tmp_path / "a.xlsx", *columns, a=[text])
    assert rows(path)[3] == [text, neutral(text)]
    assert b"<f>" not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")


def test_cells_stand_out_one_by_one_and_empty_ones_too(tmp_path: Path) -> None:
    columns = Column("甲", "a", mend="a?"), Column("乙", "b", bold="b?"), Column("丙", "b"), Column("填", "")
    told = {"a?": [True, None, False], "b?": [False, True, False]}
    path = written(tmp_path / "a.xlsx", *columns, a=[None, "x", "y"], b=["1", None, "3"], **told)
    plain, yellow, fill = ("", False), ("FFFFE699", False), ("FFFFF2CC", False)
    assert shapes(path, 4) == [yellow, plain, plain, fill]
    assert shapes(path, 5) == [plain, ("", True), plain, fill]
    assert shapes(path, 6) == [plain, plain, plain, fill]
    assert rows(path)[3:] == [["", "1", "1", ""], ["x", "", "", ""], ["y", "3", "3", ""]]


def test_an_empty_sheet_has_one_blank_row_and_nothing_beside_its_columns(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", Column("甲", "a", mend="b"), a=[], b=[])
    assert shapes(path, 4) == [("", False)]


def test_a_note_may_have_lines_and_heads_may_repeat(tmp_path: Path) -> None:
    columns = Column("序号", kind="number"), Column("序号", "a"), Column("序号", "b")
    path = written(tmp_path / "a.xlsx", *columns, note="一\n二\n三", a=["7", "8"], b=["x", "y"])
    assert rows(path)[:5] == [["题", "", ""], ["一", "", ""], ["二", "", ""], ["三", "", ""], ["序号"] * 3]
    assert rows(path)[5:] == [[1.0, "7", "x"], [2.0, "8", "y"]]
    xml = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert '<dimension ref="A1:C7"/>' in xml and '<autoFilter ref="A5:C7"/>' in xml and 'ySplit="5"' in xml


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
