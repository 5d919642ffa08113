"""People by their ID: internal ids that stay, certificates over time, rows left unidentified, names that differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from bulou.engine.intake import identified_again, identify
from bulou.engine.intake.resident_id import birth_date_of, check_character, id_fault, id_of_old, sex_of
from tests.intake.files import cleaned, holder, id_of, register, write_xlsx


def test_known_numbers() -> None:
    for good in ("620602198001010014", "140802197512310029", "640202201506100038", "630104194901010086"):
        assert id_fault(good) is None
    assert id_fault("610103196302290011") == "id-date"
    assert birth_date_of("610103196302290011") is None
    assert check_character("62060219800101001") == "4"
    assert sex_of("140802197512310029") == "f"
    assert id_of_old("620602800101001") == "620602198001010014"


def test_people_keep_their_ids_from_month_to_month(tmp_path: Path) -> None:
    may = identify([cleaned(register(tmp_path / "残疾证名册.xlsx", holder(1), holder(2)))])
    june = identify([cleaned(register(tmp_path / "残疾证名册.xlsx", holder(3), holder(2)))], may.registry)
    assert may.registry["person"].to_list() == ["p00000001", "p00000002"]
    assert june.registry["person"].to_list() == ["p00000001", "p00000002", "p00000003"]
    assert june.frames[0]["person"].to_list() == ["p00000003", "p00000002"]
    assert not any(number in person for number in june.registry["id_no"] for person in june.registry["person"])


def test_one_person_in_several_rolls_is_one(tmp_path: Path) -> None:
    book = cleaned(register(tmp_path / "残疾证名册.xlsx", holder(1)))
    dead = [["姓名", "身份证号", "死亡日期"], ["测试乙", id_of(1).lower(), "2025-05-01"]]
    found = identify([book, cleaned(write_xlsx(tmp_path / "死亡.xlsx", {"一": dead}))])
    assert found.registry.height == 1
    assert [frame["person"].to_list() for frame in found.frames] == [["p00000001"]] * 2
    assert found.registry.select("file", "sheet", "row").row(0) == ("残疾证名册.xlsx", "Sheet1", 3)


def test_several_certificates_over_time(tmp_path: Path) -> None:
    number = id_of(1)
    rows = [
        holder(1, 残疾证号=f"{number}43B1", 发证日期="2022-01-01", 证件状态="注销"),
        holder(1, 残疾证号=f"{number}43", 发证日期="2012-01-01", 证件状态="注销"),
        holder(1, 残疾证号=f"{number}42", 残疾等级="二级", 发证日期="2024-01-01"),
    ]
    result = cleaned(register(tmp_path / "残疾证名册.xlsx", *rows))
    assert result.findings.is_empty()
    held = identify([result]).certificates
    assert held.select("cert_no", "reissue", "order").rows() == [
        (f"{number}43", 0, 1),
        (f"{number}43B1", 1, 2),
        (f"{number}42", 0, 3),
    ]


def test_two_valid_certificates_are_a_doubt(tmp_path: Path) -> None:
    rows = [holder(1), holder(1, 残疾证号=f"{id_of(1)}43B1")]
    result = cleaned(register(tmp_path / "残疾证名册.xlsx", *rows))
    assert result.findings["code"].to_list() == ["several-valid"] * 2


def test_wrong_and_missing_ids_go_to_the_list_with_what_may_help(tmp_path: Path) -> None:
    wrong = id_of(2)[:17] + ("0" if id_of(2)[17] != "0" else "1")
    rows = [holder(1), holder(2, 身份证号=wrong), holder(3, 身份证号="", 残疾证号="")]
    found = identify([cleaned(register(tmp_path / "残疾证名册.xlsx", *rows))])
    assert found.registry.height == 1
    unidentified = found.unidentified.select("row", "reason", "id_as_came", "name", "cert_no", "birth_date").rows()
    assert unidentified == [
        (4, "id-checksum", wrong, "测试丙", f"{id_of(2)}43", "1980-01-01"),
        (5, "id-missing", None, "测试丁", None, "1980-01-01"),
    ]


def test_one_id_with_two_names_is_a_doubt(tmp_path: Path) -> None:
    book = cleaned(register(tmp_path / "残疾证名册.xlsx", holder(1)))
    rows = [["姓名", "身份证号", "低保证号"], ["别人", id_of(1), "D1"], ["测 试 乙", id_of(1), "D2"]]
    found = identify([book, cleaned(write_xlsx(tmp_path / "低保.xlsx", {"一": rows}))])
    assert found.doubts.select("file", "row", "name", "other").rows() == [("低保.xlsx", 2, "别人", "测试乙")]


def test_a_roll_without_ids_identifies_nobody_and_owes_nothing(tmp_path: Path) -> None:
    rows = [["户名", "账号", "金额", "处理结果"], ["测试", "6228000000000000018", 110, "成功"]]
    found = identify([cleaned(write_xlsx(tmp_path / "回盘.xlsx", {"一": rows}))])
    assert found.registry.is_empty()
    assert found.unidentified.is_empty()
    assert found.frames[0]["person"].to_list() == [None]


def test_people_of_mended_sheets_are_as_if_identified_from_the_start(tmp_path: Path) -> None:
    book = cleaned(register(tmp_path / "残疾证名册.xlsx", holder(1), holder(2), holder(3)))
    rows = [["姓名", "身份证号", "低保证号"], ["测试乙", id_of(1), "D1"], ["测试丙", id_of(2), "D2"]]
    roll = cleaned(write_xlsx(tmp_path / "低保.xlsx", {"一": rows}))
    first = identify([book, roll])
    numbers = pl.col("id_no").replace({id_of(1): id_of(3), id_of(2): None})
    mended = [book, replace(roll, rows=roll.rows.with_columns(numbers))]
    again, anew = identified_again(mended, first), identify(mended, first.registry)
    assert again.frames[0] is first.frames[0]
    assert again.frames[1]["person"].to_list() == ["p00000003", None]
    for mine, theirs in zip(again.frames, anew.frames, strict=True):
        assert_frame_equal(mine, theirs)
    for table in ("registry", "certificates", "unidentified", "doubts"):
        assert_frame_equal(getattr(again, table), getattr(anew, table))
