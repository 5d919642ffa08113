"""Every fault of a department's table: repaired, refused with the column to mend, or furniture."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bulou.engine.intake import Cleaned
from tests.intake.files import HEAD, cleaned, holder, id_of, register, write_csv, write_xlsx

VALID = "620602198001010014"


def one(tmp_path: Path, **changes: Any) -> Cleaned:
    return cleaned(register(tmp_path / "残疾证名册.xlsx", holder(1, **changes)))


def value(result: Cleaned, field: str) -> Any:
    return result.frame[field][0] if result.frame.height else None


def codes(result: Cleaned, field: str) -> list[str]:
    noted = pl.concat([frame.select("field", "code") for frame in (result.repairs, result.findings)])
    return noted.filter(pl.col("field") == field)["code"].to_list()


def test_a_clean_row_is_accepted_as_it_is(tmp_path: Path) -> None:
    result = one(tmp_path)
    assert result.fates.rows() == [
        (1, "furniture", "title"),
        (2, "furniture", "header"),
        (3, "accepted", None),
    ]
    assert result.frame.drop("row", "fate", "same_as").row(0) == (
        "测试乙",
        "m" if int(id_of(1)[16]) % 2 else "f",
        date(1980, 1, 1),
        id_of(1),
        f"{id_of(1)}43",
        "physical",
        3,
        date(2020, 3, 4),
        date(2030, 3, 3),
        "valid",
    )


@pytest.mark.parametrize(
    ("heading", "field", "written", "read"),
    [
        ("残疾等级", "grade", "01", 1),
        ("残疾等级", "grade", "壹级", 1),
        ("残疾等级", "grade", "1级", 1),
        ("残疾等级", "grade", "Ⅱ级", 2),
        ("残疾等级", "grade", "贰级（重度）", 2),
        ("残疾类别", "category", "肢体残疾", "physical"),
        ("残疾类别", "category", 4, "physical"),
        ("残疾类别", "category", "多重（肢体、言语）", "multiple"),
        ("发证日期", "issued_on", "2020.3.4", date(2020, 3, 4)),
        ("发证日期", "issued_on", "20200304", date(2020, 3, 4)),
        ("发证日期", "issued_on", 20200304, date(2020, 3, 4)),
        ("发证日期", "issued_on", "2020/3/4", date(2020, 3, 4)),
        ("发证日期", "issued_on", "2020年3月4日", date(2020, 3, 4)),
        ("发证日期", "issued_on", "2020-03-04 00:00:00", date(2020, 3, 4)),
        ("有效期至", "expires_on", "长期", None),
        ("性别", "sex", "1", "m"),
        ("证件状态", "cert_status", "正常", "valid"),
    ],
)
def test_other_spellings_are_no_damage(tmp_path: Path, heading: str, field: str, written: Any, read: Any) -> None:
    result = one(tmp_path, **{heading: written})
    assert value(result, field) == read
    assert not result.repairs.height
    assert field in result.spellings["field"].to_list()


@pytest.mark.parametrize("written", ["1", 1, 1.0])
def test_a_grade_as_a_number_is_canonical(tmp_path: Path, written: Any) -> None:
    result = one(tmp_path, 残疾等级=written)
    assert value(result, "grade") == 1
    assert "grade" not in result.spellings["field"].to_list()


@pytest.mark.parametrize(
    ("heading", "field", "written", "read", "code"),
    [
        ("身份证号", "id_no", "６２０６０２１９８００１０１００１４", VALID, "full-width"),
        ("身份证号", "id_no", " 620602 19800101 0014", VALID, "id-written"),
        ("身份证号", "id_no", "'620602198001010014", VALID, "id-written"),
        ("身份证号", "id_no", '="620602198001010014"', VALID, "id-written"),
        ("身份证号", "id_no", "620602800101001", VALID, "id-15-to-18"),
        ("身份证号", "id_no", f"{VALID}43", VALID, "id-from-cert"),
        ("姓名", "name", "测  试", "测试", "name-spaces"),
        ("姓名", "name", "测\u3000试", "测试", "name-spaces"),
        ("姓名", "name", "买买提.测试", "买买提·测试", "name-spaces"),
        ("残疾等级", "grade", "３", 3, "full-width"),
        ("发证日期", "issued_on", 43894, date(2020, 3, 4), "date-serial"),
        ("发证日期", "issued_on", "43894", date(2020, 3, 4), "date-serial"),
        ("发证日期", "issued_on", "2020-03", date(2020, 3, 1), "date-month-only"),
        ("有效期至", "expires_on", "2030年2月", date(2030, 2, 28), "date-month-only"),
        ("有效期至", "expires_on", "/", None, "placeholder"),
    ],
)
def test_damage_is_undone_and_noted(
    tmp_path: Path, heading: str, field: str, written: Any, read: Any, code: str
) -> None:
    result = one(tmp_path, **{heading: written})
    assert value(result, field) == read
    assert result.fates["fate"][2] == "repaired"
    repair = result.repairs.filter(pl.col("field") == field).row(0, named=True)
    assert repair["code"] == code
    assert repair["row"] == 3
    assert repair["heading"] == heading


def test_a_repair_is_told_as_a_person_reads_it(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "补贴类型", "金额", "补发"], ["测试", id_of(1), "护理补贴", "１５００", "是"]]
    paid = cleaned(write_xlsx(tmp_path / "发放表.xlsx", {"Sheet1": rows})).repairs
    assert paid.filter(field="amount").select("from", "to").rows() == [("１５００", "1500.00")]
    grade = one(tmp_path, 残疾等级="３").repairs.filter(field="grade")
    assert grade.select("from", "to").rows() == [("３", "三级")]


@pytest.mark.parametrize("x", ["x", "ｘ", "Ｘ", "×", "Х"])
def test_every_x_is_an_x(tmp_path: Path, x: str) -> None:
    whole = next(id_of(number) for number in range(1, 100) if id_of(number).endswith("X"))
    assert value(one(tmp_path, 身份证号=whole[:17] + x), "id_no") == whole


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("620602198001010013", "id-checksum"),
        ("610103196302290011", "id-date"),
        ("62060219800101001", "id-length"),
        ("6206021980010100145", "id-length"),
        ("6.20602E+17", "id-lost-digits"),
        (620602198001010014, "id-lost-digits"),
        ("620602198001010000", "id-lost-digits"),
        ("620602********0014", "id-masked"),
        ("620602800230001", "id-15"),
        ("620602050101998", "id-15"),
        ("无身份证", "id-shape"),
        ("", "id-missing"),
        ("—", "id-missing"),
    ],
)
def test_a_wrong_id_refuses_the_row_and_names_the_column(tmp_path: Path, written: Any, code: str) -> None:
    result = one(tmp_path, 身份证号=written, 残疾证号="")
    assert result.counts.refused == 1
    assert result.frame.is_empty()
    finding = result.findings.row(0, named=True)
    assert (finding["row"], finding["letter"], finding["heading"], finding["code"]) == (3, "E", "身份证号", code)
    assert result.refused["name"][0] == "测试乙"
    problem = next(result.row_problems())
    assert problem.severity == "error"
    assert problem.expected
    assert problem.fix


@pytest.mark.parametrize("written", ["", 620602198001010014, "620602198001010000", "6.20602E+17"])
def test_a_lost_id_comes_back_from_the_certificate_number(tmp_path: Path, written: Any) -> None:
    result = one(tmp_path, 身份证号=written, 残疾证号=f"{VALID}43B1")
    assert value(result, "id_no") == VALID
    assert codes(result, "id_no") == ["id-from-cert"]


def test_a_mistyped_id_is_not_replaced_by_the_certificate_number(tmp_path: Path) -> None:
    result = one(tmp_path, 身份证号="620602198001010013", 残疾证号=f"{VALID}43")
    assert result.counts.refused == 1
    cut = one(tmp_path, 身份证号="620602199101010000", 残疾证号=f"{VALID}43")
    assert cut.counts.refused == 1


def test_a_valid_number_that_ends_in_000_is_weighed_by_the_losses_around_it(tmp_path: Path) -> None:
    ending = next(i for n in range(1000) if (i := id_of(n)).endswith("000"))
    good, cut = [holder(n) for n in range(1, 4)], [holder(n, 身份证号="620602198001010000") for n in range(4, 12)]
    suspect = holder(0, 身份证号=ending, 残疾证号="")
    for row in cut:
        row[HEAD.index("残疾证号")] = ""
    alone = cleaned(register(tmp_path / "残疾证名册.xlsx", *good, suspect))
    assert "id-may-be-cut" not in codes(alone, "id_no")
    few = cleaned(register(tmp_path / "残疾证名册.xlsx", *good, suspect, cut[0]))
    assert few.findings.filter(pl.col("code") == "id-may-be-cut")["weight"].to_list() == ["doubt"]
    many = cleaned(register(tmp_path / "残疾证名册.xlsx", *good, suspect, *cut))
    assert many.findings.filter(pl.col("code") == "id-may-be-cut")["weight"].to_list() == ["refused"]


@pytest.mark.parametrize(
    ("heading", "field", "written", "code"),
    [
        ("残疾等级", "grade", "五级", "not-in-list"),
        ("发证日期", "issued_on", "2021-02-29", "date-not-real"),
        ("发证日期", "issued_on", "2020", "date-year-only"),
        ("发证日期", "issued_on", 2020.1, "date-tenth"),
        ("发证日期", "issued_on", "去年", "date-shape"),
        ("残疾证号", "cert_no", "6206021980010100", "cert-shape"),
        ("残疾证号", "cert_no", "62060219800101001343", "cert-id"),
    ],
)
def test_an_unreadable_cell_is_unknown_and_the_person_stays(
    tmp_path: Path, heading: str, field: str, written: Any, code: str
) -> None:
    result = one(tmp_path, **{heading: written})
    assert result.frame.height == 1
    assert value(result, field) is None
    assert set(codes(result, field)) == {"unknown", code}
    assert result.findings["weight"].to_list() == ["unknown"]


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"性别": "女", "身份证号": VALID, "残疾证号": f"{VALID}43"}, "sex", "sex-differs"),
        ({"出生日期": "1981-01-01"}, "birth_date", "birth-differs"),
        ({"残疾证号": f"{id_of(2)}43"}, "cert_no", "cert-other-id"),
        ({"残疾类别": "视力"}, "category", "category-differs"),
        ({"残疾等级": "一级"}, "grade", "grade-differs"),
        ({"有效期至": "2019-01-01"}, "expires_on", "expires-before-issue"),
        ({"姓名": "测?"}, "name", "name-odd"),
    ],
)
def test_what_disagrees_is_a_doubt_and_no_refusal(
    tmp_path: Path, changes: dict[str, str], field: str, code: str
) -> None:
    if changes.get("性别") == "女":
        assert int(VALID[16]) % 2 == 1
    result = one(tmp_path, **changes)
    assert code in codes(result, field)
    assert result.counts.refused == 0
    assert set(result.findings["weight"]) == {"doubt"}


def test_a_birth_month_takes_its_day_from_the_id(tmp_path: Path) -> None:
    number = id_of(1, "19800117")
    result = one(tmp_path, 出生日期="1980-01", 身份证号=number, 残疾证号=f"{number}43")
    assert value(result, "birth_date") == date(1980, 1, 17)
    assert codes(result, "birth_date") == ["birth-from-id"]


def test_furniture_wherever_it_stands(tmp_path: Path) -> None:
    rows = [
        ["", "凉州区持证残疾人名册"],
        [],
        HEAD,
        holder(1),
        ["古城镇"],
        holder(2, 序号="7"),
        ["小计", "", "", "", "2人"],
        HEAD,
        ["3"],
        [None, " "],
        holder(3),
        ["合  计", "", "", "", "3"],
        holder(4),
        ["填表人：测试", "", "", "审核：测试"],
        ["注：以上数据截至6月底"],
    ]
    result = cleaned(write_xlsx(tmp_path / "残疾证名册.xlsx", {"Sheet1": rows}))
    said = [what for _, fate, what in result.fates.rows() if fate == "furniture"]
    assert said == [
        *("title", "blank", "header", "title", "total", "header"),
        *("blank", "blank", "total", "note", "note"),
    ]
    assert result.frame["row"].to_list() == [4, 6, 11, 13]


def test_a_person_without_any_number_is_refused_not_lost(tmp_path: Path) -> None:
    bare = ["5", "测试", "男", *[""] * 8]
    result = cleaned(register(tmp_path / "残疾证名册.xlsx", holder(1), bare, ["6", "总计生"]))
    assert result.fates["fate"].to_list()[-2:] == ["refused", "refused"]
    assert result.refused["name"].to_list() == ["测试", "总计生"]


def test_merged_cells_fill_words_but_never_amounts(tmp_path: Path) -> None:
    head = ["乡镇", "姓名", "身份证号", "补贴类型", "金额", "银行账号"]
    people = [
        ["古城镇" if n == 1 else "", "测试", id_of(n), "护理补贴", 330 if n == 1 else "", "62280000001"]
        for n in (1, 2, 3)
    ]
    path = write_xlsx(tmp_path / "发放表.xlsx", {"Sheet1": [head, *people]}, [(1, 0, 3, 0), (1, 4, 3, 4)])
    result = cleaned(path)
    assert result.rows["township"].to_list() == ["古城镇"] * 3
    assert result.rows["amount"].to_list() == [33000, None, None]
    assert result.counts.refused == 2
    assert result.findings.filter(pl.col("code") == "merged-amount")["row"].to_list() == [2, 3, 4]


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("1,234.50元", 123450),
        ("￥110", 11000),
        (110.0, 11000),
        ("0.18万元", 180000),
        ("１１０", 11000),
        ("-55.5", -5550),
    ],
)
def test_amounts(tmp_path: Path, written: Any, fen: int) -> None:
    rows = [["姓名", "身份证号", "补贴类型", "金额"], ["测试", id_of(1), "护理补贴", written]]
    assert cleaned(write_xlsx(tmp_path / "发放表.xlsx", {"Sheet1": rows})).frame["amount"].to_list() == [fen]


def test_an_amount_is_never_rounded(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "补贴类型", "金额"], ["测试", id_of(1), "护理补贴", 33.333]]
    result = cleaned(write_xlsx(tmp_path / "发放表.xlsx", {"Sheet1": rows}))
    assert result.findings["code"].to_list() == ["amount-fraction"]


@pytest.mark.parametrize(
    ("written", "read"), [("是", True), ("√", True), ("1", True), (1, True), ("否", False), ("×", False), ("", None)]
)
def test_yes_and_no(tmp_path: Path, written: Any, read: bool | None) -> None:
    rows = [["姓名", "身份证号", "低保证号", "是否单人保"], ["测试", id_of(1), "D1", written]]
    result = cleaned(write_xlsx(tmp_path / "低保.xlsx", {"Sheet1": rows}))
    assert result.frame["single_unit"].to_list() == [read]


def test_identical_rows_are_merged_with_a_note(tmp_path: Path) -> None:
    result = cleaned(register(tmp_path / "残疾证名册.xlsx", holder(1), holder(2), holder(1, 序号="9")))
    assert result.frame["row"].to_list() == [3, 4]
    assert result.rows["same_as"].to_list() == [None, None, 3]
    assert result.counts.merged == 1
    assert result.repairs.row(0, named=True)["to"] == "第3行"


def test_conflicting_rows_are_both_shown(tmp_path: Path) -> None:
    result = cleaned(register(tmp_path / "残疾证名册.xlsx", holder(1), holder(2), holder(1, 证件状态="注销")))
    assert result.frame.height == 3
    conflict = result.findings.filter(pl.col("code") == "conflicting")
    assert conflict["row"].to_list() == [3, 5]
    assert conflict["got"].to_list() == ["第3、5行"] * 2


def test_two_equal_payments_are_never_merged(tmp_path: Path) -> None:
    row = ["测试", id_of(1), "护理补贴", 110]
    rows = [["姓名", "身份证号", "补贴类型", "金额"], row, row]
    result = cleaned(write_xlsx(tmp_path / "发放表.xlsx", {"Sheet1": rows}))
    assert result.frame.height == 2
    assert result.findings["code"].to_list() == ["repeated"] * 2


def test_a_table_without_its_required_column_refuses_every_row(tmp_path: Path) -> None:
    rows = [["姓名", "低保证号", "保障人口"], ["测试", "D1", 2], ["测试", "D2", 1]]
    result = cleaned(write_xlsx(tmp_path / "低保.xlsx", {"Sheet1": rows}))
    assert result.counts.refused == 2
    assert {problem.code for problem in result.problems} == {"missing-column"}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "utf-8-sig"])
def test_a_text_table_gives_the_same_rows_as_a_workbook(tmp_path: Path, encoding: str) -> None:
    rows = [["持证残疾人名册"], HEAD, *(holder(n) for n in range(1, 4))]
    text = cleaned(write_csv(tmp_path / "残疾证名册.csv", rows, encoding))
    book = cleaned(write_xlsx(tmp_path / "残疾证名册.xlsx", {"Sheet1": rows}))
    assert text.rows.equals(book.rows)


def test_a_person_without_a_name_is_known_by_the_id(tmp_path: Path) -> None:
    result = one(tmp_path, 姓名="")
    assert result.counts.accepted == 1
    assert codes(result, "name") == ["name-empty"]


def test_one_unreadable_amount_of_two_is_said(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "生活补贴", "护理补贴"], ["测试", id_of(1), "壹佰", 110], ["测试", id_of(2), "?", "?"]]
    result = cleaned(write_xlsx(tmp_path / "两项补贴发放表.xlsx", {"Sheet1": rows}))
    assert result.rows["fate"].to_list() == ["repaired", "refused"]
    assert result.findings.filter(pl.col("row") == 2).select("field", "code", "weight").rows() == [
        ("living_amount", "amount-shape", "unknown")
    ]
