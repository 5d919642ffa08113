"""Headers wherever they stand, kinds with reasons, and nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulou.engine.intake import Recognised, read_file, read_templates, recognise
from bulou.engine.intake.recognise import month_in, shape_of
from bulou.engine.pack import read_pack
from tests.intake.files import HEAD, holder, id_of, register, write_csv, write_xlsx


def seen(path: Path, sheet: int = 0) -> Recognised:
    return recognise(read_file(path)[sheet], read_templates())


def codes(found: Recognised) -> list[str]:
    return [problem.code for problem in found.problems]


@pytest.mark.parametrize("above", range(4))
def test_the_header_may_stand_on_rows_1_to_4(tmp_path: Path, above: int) -> None:
    titles = [["凉州区持证残疾人名册"], [], ["填报单位：县残联", "", "填报日期：2025年6月30日"]][:above]
    path = write_xlsx(tmp_path / "册.xlsx", {"Sheet1": [*titles, HEAD, holder(1)]})
    found = seen(path)
    assert found.layout and found.layout.first == found.layout.last == above
    assert found.template and found.template.id == "certificate_register"
    assert set(found.columns.values()) >= {"name", "id_no", "cert_no", "category", "grade", "issued_on", "expires_on"}


def test_a_header_of_two_rows_under_merged_cells(tmp_path: Path) -> None:
    top = ["序号", "姓名", "身份证号", "残疾证", "", "", "发放情况", ""]
    low = ["", "", "", "证号", "类别", "等级", "补贴标准", "金额"]
    rows = [
        ["困难残疾人生活补贴发放表"],
        top,
        low,
        ["1", "测试甲", id_of(1), id_of(1) + "43", "肢体", "三级", 110, 110],
    ]
    merges = [(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 5), (1, 6, 1, 7), (0, 0, 0, 7)]
    found = seen(write_xlsx(tmp_path / "册.xlsx", {"Sheet1": rows}, merges))
    assert found.template and found.template.id == "payment_roll"
    assert list(found.columns.values()) == [
        *("serial", "name", "id_no", "cert_no"),
        *("category", "grade", "standard", "amount"),
    ]
    assert found.titled == {"programme": "living_subsidy"}
    plain = seen(write_csv(tmp_path / "册.csv", rows))
    assert plain.columns == found.columns


def test_one_amount_under_each_subsidy(tmp_path: Path) -> None:
    top = ["姓名", "身份证号", "困难残疾人生活补贴", "", "重度残疾人护理补贴", "", "银行账号"]
    low = ["", "", "标准", "金额", "标准", "金额", ""]
    row = ["测试甲", id_of(1), 110, 110, 90, 90, "6228000000000000018"]
    merges = [(0, 2, 0, 3), (0, 4, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1), (0, 6, 1, 6)]
    found = seen(write_xlsx(tmp_path / "两项补贴发放表.xlsx", {"Sheet1": [top, low, row]}, merges))
    fields = {letter: found.columns.get(letter) for letter in "DF"}
    assert fields == {"D": "living_amount", "F": "nursing_amount"}


def test_two_kinds_in_one_workbook(tmp_path: Path) -> None:
    dead = [["姓名", "身份证号", "死亡日期"], ["测试甲", id_of(1), "2025-05-01"]]
    path = write_xlsx(tmp_path / "六月.xlsx", {"残疾证": [HEAD, holder(1)], "死亡": dead, "说明": [["请核对"]]})
    found = [seen(path, place) for place in range(3)]
    assert [one.template.id if one.template else None for one in found] == ["certificate_register", "deaths", None]
    assert codes(found[2]) == ["no-table"]


EXAMPLES = {
    "certificate_register": HEAD,
    "dibao_roll": ["户主姓名", "姓名", "身份证号", "低保证号", "保障人口", "月保障金"],
    "dibao_edge_roll": ["姓名", "身份证号", "困难类型", "家庭人口", "人均月收入"],
    "tekun_roll": ["姓名", "身份证号", "供养方式", "供养机构", "纳入时间"],
    "monitoring_roll": ["户主姓名", "姓名", "身份证号", "监测对象类别", "识别时间", "风险是否消除"],
    "orphan_roll": ["儿童姓名", "身份证号", "儿童类别", "监护人", "基本生活费"],
    "work_injury_roll": ["姓名", "社会保障号码", "伤残等级", "护理等级", "生活护理费"],
    "disability_pension_roll": ["姓名", "身份证号", "残疾性质", "伤残等级", "抚恤金"],
    "elder_care_roll": ["姓名", "身份证号", "年龄", "津贴类型", "高龄津贴", "高龄"],
    "deaths": ["姓名", "身份证号", "死亡日期", "死亡原因", "火化日期"],
    "prison": ["姓名", "身份证号", "罪名", "刑期", "刑期起", "刑期止", "服刑场所"],
    "moves": ["姓名", "身份证号", "迁移类型", "迁移日期", "迁出地", "迁入地"],
    "pension": ["姓名", "身份证号", "养老保险类型", "缴费档次", "养老金"],
    "medical_insurance": ["姓名", "身份证号", "医保类型", "参保地", "参保年度"],
    "school_roll": ["姓名", "身份证号", "学校", "学段", "年级", "学籍号"],
    "payment_roll": ["姓名", "身份证号", "残疾证号", "补贴类型", "补贴标准", "发放月份", "发放金额", "银行账号"],
    "bank_return": ["序号", "户名", "账号", "金额", "处理结果", "失败原因"],
    "suspicion_list": ["姓名", "身份证号", "疑点类型", "疑点描述", "核查结果"],
    "survey": ["姓名", "残疾证号", "是否常住", "就业形式", "康复需求", "调查日期"],
}


@pytest.mark.parametrize("kind", sorted(set(EXAMPLES) - {"elder_care_roll"}))
def test_each_kind_is_known_by_its_headings_alone(tmp_path: Path, kind: str) -> None:
    path = write_xlsx(tmp_path / "表.xlsx", {"Sheet1": [EXAMPLES[kind], ["x"] * len(EXAMPLES[kind])]})
    found = seen(path)
    assert found.template and found.template.id == kind
    assert found.candidates[0].reasons
    assert "unknown-column" not in codes(found)


def test_every_kind_has_an_example_and_supplies_facts_that_exist() -> None:
    kinds, pack = read_templates().kinds, read_pack("620600")
    assert set(kinds) == set(EXAMPLES)
    for template in kinds.values():
        assert not template.supplier or template.supplier in pack.suppliers
        for supply in template.supplies:
            fact = pack.facts[supply.fact]
            if supply.field and fact.type.kind == "code":
                assert set(template.fields[supply.field].words.values()) <= set(fact.type.codes) | {"within"}
            if isinstance(supply.value, bool):
                assert fact.type.kind == "bool"
            for field, code in supply.when.items():
                assert code in template.fields[field].words.values()


def test_a_table_like_two_rolls_is_ambiguous_and_said_so(tmp_path: Path) -> None:
    head = ["姓名", "身份证号", "低保证号", "保障人口", "特困证号", "供养方式"]
    found = seen(write_xlsx(tmp_path / "表.xlsx", {"Sheet1": [head, ["x"] * 6]}))
    assert found.template is None
    assert codes(found) == ["ambiguous-kind"]
    assert "低保名册" in found.problems[0].got
    assert "特困人员名册" in found.problems[0].got


def test_some_payment_of_nobody_knows_what_is_no_kind(tmp_path: Path) -> None:
    head = ["姓名", "身份证号", "年龄", "补贴项目", "补贴标准", "发放金额", "银行账号"]
    found = seen(write_xlsx(tmp_path / "表.xlsx", {"Sheet1": [head, ["x"] * 7]}))
    assert codes(found) == ["unknown-kind"]


def test_names_alone_are_no_kind(tmp_path: Path) -> None:
    found = seen(write_xlsx(tmp_path / "表.xlsx", {"Sheet1": [["姓名", "身份证号"], ["测试甲", id_of(1)]]}))
    assert found.template is None
    assert codes(found) == ["unknown-kind"]
    answered = recognise(found.sheet, read_templates(), kind="tekun_roll")
    assert answered.template and answered.template.id == "tekun_roll"


def test_the_title_decides_between_rolls_with_the_same_columns(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "金额", "银行账号"], ["测试甲", id_of(1), 100, "6228000000000000018"]]
    kinds = {}
    for name in ("工伤生活护理费2025年6月", "高龄津贴202506", "孤儿基本生活费", "重度残疾人护理补贴发放表"):
        found = seen(write_xlsx(tmp_path / f"{name}.xlsx", {"Sheet1": rows}))
        kinds[name[:2]] = found.template and found.template.id, found.month
    assert kinds == {
        "工伤": ("work_injury_roll", "2025-06"),
        "高龄": ("elder_care_roll", "2025-06"),
        "孤儿": ("orphan_roll", None),
        "重度": ("payment_roll", None),
    }


def test_low_income_is_not_dibao_and_its_kind_comes_from_the_title(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "家庭人口"], ["测试甲", id_of(1), 3]]
    found = seen(write_xlsx(tmp_path / "低保边缘家庭名册.xlsx", {"Sheet1": rows}))
    assert found.template and found.template.id == "dibao_edge_roll"
    assert found.titled == {"hardship_kind": "edge"}


def test_a_renamed_column_is_missing_and_shown_by_shape(tmp_path: Path) -> None:
    head = [name if name != "身份证号" else "证件编码" for name in HEAD if name != "残疾证号"]
    row = [cell for name, cell in zip(HEAD, holder(1), strict=True) if name != "残疾证号"]
    found = seen(register(tmp_path / "册.xlsx", row, head=head))
    assert found.template and found.template.id == "certificate_register"
    assert codes(found) == ["missing-column", "unknown-column"]
    unknown = found.problems[1]
    assert "证件编码" in unknown.place.column
    assert "9" * 18 in unknown.got
    assert id_of(1) not in unknown.got
    letter = unknown.place.column.split()[0]
    said = recognise(found.sheet, read_templates(), columns={letter: "id_no"})
    assert codes(said) == []


def test_two_columns_of_one_meaning_leave_the_less_telling_unread(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "供养方式", "手机", "联系电话"], ["测试甲", id_of(1), "集中", "1", "2"]]
    found = seen(write_xlsx(tmp_path / "特困.xlsx", {"Sheet1": rows}))
    assert found.letter("phone") == "E"
    assert codes(found) == ["same-meaning"]


def test_months_in_words() -> None:
    assert month_in("凉州区2025年6月发放表") == "2025-06"
    assert month_in("发放202506") == "2025-06"
    assert month_in("2025-06") == "2025-06"
    assert month_in("2025年6月至2025年8月") is None
    assert month_in("二〇二五年") is None


def test_a_file_that_names_two_months_is_not_believed(tmp_path: Path) -> None:
    path = register(tmp_path / "残疾证名册202505.xlsx", holder(1), title="持证残疾人名册（2025年6月）")
    found = seen(path)
    assert found.month is None
    assert codes(found) == ["months-differ"]


def test_shapes_show_no_content() -> None:
    assert shape_of("张三 13912345678 AB") == "字字 99999999999 AA"
