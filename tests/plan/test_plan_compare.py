"""Plans side by side: alignment by concept, strictness, denominators, outliers; and what is written out."""

import plan_documents as documents
import pytest
from plan_maker import Layout, Point, make
from python_calamine import CalamineWorkbook

from bulou.engine.plan import (
    compare_plans,
    comparison_as_json,
    read_text,
    write_comparison_workbook,
    write_workbook,
)


@pytest.fixture
def rows():
    comparison = compare_plans([documents.plan(name) for name in documents.NAMES])
    return {row["concept"]: row for row in comparison_as_json(comparison)["rows"]}


def _printed(row, source="指标表"):
    return {entry["region"]: entry["printed"] for entry in row["entries"] if entry["source"] == source}


def test_eleven_concepts_of_four_tables_are_aligned(rows):
    tables = {key: _printed(row) for key, row in rows.items() if _printed(row)}
    assert len(tables) == 11
    regions = {"武威市", "运城市", "青海省", "大武口区（征求意见稿）"}
    assert all(set(entries) == regions for entries in tables.values())


def test_targets_stand_side_by_side_as_printed(rows):
    assert _printed(rows["schooling"]) == {
        "武威市": "97",
        "运城市": "≥98",
        "青海省": "97",
        "大武口区（征求意见稿）": "＞98%",
    }
    assert _printed(rows["accessible_homes"])["武威市"] == "1256"


def test_prose_targets_join_where_there_is_no_table(rows):
    for concept, printed in (("rehabilitation", "90%以上"), ("devices", "90%"), ("accessible_homes", "95%")):
        assert _printed(rows[concept], "正文")["碑林区（征求意见稿）"] == printed


def test_strict_comparators_are_respected(rows):
    strict = {e["region"] for e in rows["devices"]["entries"] if e["strict"]}
    assert strict == {"武威市", "大武口区（征求意见稿）"}
    assert any("严格大于" in note for note in rows["devices"]["notes"])


def test_other_denominators_are_pointed_out(rows):
    said = {e["region"]: e["qualifiers"] for e in rows["rehabilitation"]["entries"] if e["source"] == "指标表"}
    assert "符合条件且有需求" in said["运城市"]
    assert said["武威市"] == said["青海省"]
    assert any("分母" in note for note in rows["rehabilitation"]["notes"])
    pension = {e["region"]: e["qualifiers"] for e in rows["pension"]["entries"]}
    assert pension["武威市"] == "城乡居民"
    assert pension["青海省"] == ""


def test_table_that_disagrees_with_its_own_prose(rows):
    for concept, lines in (("rehabilitation", "第370行"), ("devices", "第372行")):
        assert any("前后不一" in note and lines in note for note in rows[concept]["notes"])


def test_outliers_and_targets_without_progress(rows):
    assert any("青海省 7500" in note for note in rows["accessible_homes"]["notes"])
    assert any("没有高于基期" in note and "大武口区" in note for note in rows["pension"]["notes"])
    assert not any("武威市：目标" in note for note in rows["pension"]["notes"])


def test_words_are_not_compared_as_numbers(rows):
    assert all("同步" in printed for printed in _printed(rows["income"]).values())
    assert not any("离群" in note for note in rows["income"]["notes"])


def test_indicator_without_counterpart_is_listed():
    text = make([[Point("甲项工作", 2)]]).text.replace("残疾人职业技能培训人数（人）", "盲道巡查次数（次）")
    comparison = compare_plans([read_text(text), read_text(make([[Point("乙项工作", 2)]]).text)])
    assert [(plan, row.name) for plan, row in comparison.unaligned] == [(0, "盲道巡查次数")]


def _sheets(path):
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_workbook_holds_duties_by_unit_targets_and_boxes(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_workbook(documents.plan("yuncheng"), path)
    sheets = _sheets(path)
    counts = {row[0]: row[1:] for row in sheets["单位任务数"][1:]}
    want = documents.expected("yuncheng")["duty"]
    for unit in ("市残联", "市民政局", "市财政局", "市委组织部"):
        roles = [sum(unit in d[role].split() for d in want) for role in ("lead", "joint", "participating")]
        assert counts[unit] == [*roles, sum(roles)]
    assert len(sheets["责任单位"]) - 1 == sum(row[-1] for row in counts.values())
    assert len(sheets["正文目标"]) - 1 == 11
    assert len(sheets["主要指标"]) - 1 == 11
    assert {row[0] for row in sheets["专栏"][1:]} == {f"专栏{no}" for no in range(2, 10)}


def test_workbook_is_the_same_each_time_and_takes_no_text_for_a_formula(tmp_path):
    text = make([[Point("=1+1办法", 2, 30)]], Layout(wrapped=False)).text
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(read_text(text), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert "=1+1办法" in [row[1] for row in _sheets(tmp_path / "a.xlsx")["任务条款"]]


def test_comparison_workbook(tmp_path):
    comparison = compare_plans([documents.plan(name) for name in documents.NAMES])
    write_comparison_workbook(comparison, tmp_path / "c.xlsx")
    sheets = _sheets(tmp_path / "c.xlsx")
    assert sheets["对比"][0][1:6] == [
        "武威市",
        "运城市",
        "青海省",
        "碑林区（征求意见稿）",
        "大武口区（征求意见稿）",
    ]
    assert len(sheets["规划"]) == 6
