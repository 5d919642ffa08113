"""A worked example of every stage, and of what it refuses."""

from __future__ import annotations

import polars as pl
import pytest

from bulou.engine.matching import match_rows
from tests.intake.files import id_of
from tests.matching.people import matched, one, person, registry, rows, wrong_digit

WANG = person("a", 1, "王小明", village="东村", phone="12900000001", relative_ids=[id_of(777, "19500101")])
LI = person("b", 2, "李娜", village="西村", phone="12900000002")
SON = person("c", 3, "赵强", born="20050505", village="南村")
FATHER = person("d", 5, "赵军", born="19700101", village="南村")
PEOPLE = [WANG, LI, SON, FATHER]
MINE = WANG["id_number"]


@pytest.mark.parametrize(
    "written",
    [
        MINE,
        f" {MINE[:6]} {MINE[6:14]} {MINE[14:]}",
        f"'{MINE}",
        MINE.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        f"{MINE}43",
        f"{MINE}43B1",
        MINE[:6] + MINE[8:17],
    ],
)
def test_a_number_is_known_however_it_is_written(written: str) -> None:
    assert one(PEOPLE, id_number=written, name="王小明") == ("a", "linked", "exact_id")


@pytest.mark.parametrize(("name", "outcome"), [
    ("王小明", "linked"), ("王晓明", "linked"), ("王?明", "linked"), ("王小刚", "linked"), ("王明", "linked"),
    ("王刚", "review"), ("李四", "review"), (None, "linked"),
])  # fmt: skip
def test_a_right_number_with_a_wrong_name_is_not_taken_blindly(name: str | None, outcome: str) -> None:
    found = one(PEOPLE, id_number=MINE, name=name)
    assert found == ("a" if outcome == "linked" else None, outcome, "exact_id")


def test_a_weaker_name_is_not_taken_against_sex_or_birth_date() -> None:
    other_sex = "女" if WANG["sex"] == "男" else "男"
    assert one(PEOPLE, id_number=MINE, name="王小刚", sex=other_sex)[1] == "review"
    assert one(PEOPLE, id_number=MINE, name="王小刚", birth_date="1981-02-02")[1] == "review"
    assert one(PEOPLE, id_number=MINE, name="王小明", birth_date="1981-02-02")[1] == "linked"


def test_a_fathers_number_under_the_sons_name_is_the_sons_row() -> None:
    row = {"id_number": FATHER["id_number"], "name": "赵强"}
    assert one(PEOPLE, **row, birth_date="2005-05-05") == ("c", "relative", "relative_id")
    assert one(PEOPLE, **row, village="南村", birth_date="1970-01-01")[1] == "review"
    assert one(PEOPLE, **row, village="南村")[1] == "review", "nothing says that it is not the father's row"
    assert one(PEOPLE, **row)[1] == "review"


def test_a_fathers_number_is_the_sons_row_when_the_father_has_his_own() -> None:
    father, son = ({"id_number": FATHER["id_number"], "name": name, "village": "南村"} for name in ("赵军", "赵强"))
    assert matched(PEOPLE, father, son).links["person_id"].to_list() == ["d", "c"]
    others = [{"list": name} for name in ("甲", "乙")]
    apart = rows(father, son).with_columns(pl.DataFrame(others)["list"])
    assert match_rows(registry(*PEOPLE), apart).links["person_id"].to_list() == ["d", None]
    both = matched(PEOPLE, father, son, {"id_number": SON["id_number"], "name": "赵强"})
    assert both.links["person_id"].to_list() == ["d", None, "c"], "the son has his own row too"


def test_a_guardians_number_that_the_registry_knows() -> None:
    guardian = id_of(777, "19500101")
    assert one(PEOPLE, id_number=guardian, name="王小明", birth_date="1980-01-01")[:2] == ("a", "relative")
    assert one(PEOPLE, id_number=guardian, name="王小明")[1] == "review"
    assert one(PEOPLE, id_number=guardian, name="王小明", birth_date="1950-01-01")[1] == "not_registered"
    assert one(PEOPLE, id_number=guardian, name="王大")[1] == "not_registered"


def test_a_valid_number_that_nobody_has_is_final() -> None:
    row = {"name": "王小明", "birth_date": "1980-01-01", "village": "东村", "phone": "12900000001"}
    assert one(PEOPLE, id_number=id_of(9), **row) == (None, "not_registered", "unknown_id")


@pytest.mark.parametrize(("written", "says"), [
    (wrong_digit(MINE), "第8位 0 应为 9"),
    (MINE[:17] + ("0" if MINE[17] != "0" else "1"), f"第18位 0 应为 {MINE[17]}"),
    (MINE[:5] + MINE[6] + MINE[5] + MINE[7:], "第6、7位 12 应为 21"),
    (MINE[:6] + MINE[7:], "少了第7位的 1"),
    (MINE[:7] + "3" + MINE[7:], "多了第8位的 3"),
    (MINE[:15] + "000", "末三位被表格软件改成 000，按前 15 位找到"),
    (MINE[:6] + "********" + MINE[14:], "号码打了星号，按看得见的各位找到"),
    (MINE[:9] + "O" + MINE[10:], f"第10位 O 应为 {MINE[9]}"),
])  # fmt: skip
def test_a_wrong_number_is_mended_by_its_check_character_and_the_name(written: str, says: str) -> None:
    link = matched(PEOPLE, {"id_number": written, "name": "王小明"}).links.row(0, named=True)
    assert (link["person_id"], link["outcome"], link["stage"]) == ("a", "linked", "repaired_id")
    assert link["repaired"] == says
    assert one(PEOPLE, id_number=written, name="刘洋")[0] is None


def test_a_mended_number_with_one_other_character_needs_a_second_sign() -> None:
    row = {"id_number": wrong_digit(MINE), "name": "王小刚"}
    assert one(PEOPLE, **row)[1] == "review"
    assert one(PEOPLE, **row, phone="12900000001")[:2] == ("a", "linked")


@pytest.mark.parametrize(("row", "stage"), [
    ({"name": "王小明", "phone": "129-0000-0001"}, "name_phone"),
    ({"name": "汪晓明", "birth_date": "1980/01/01", "phone": "12900000001"}, "sound_birth_phone"),
    ({"name": "王?明", "birth_date": "1980年01月01日", "village": "东村"}, "sound_birth_village"),
    ({"name": "王小明", "id_number": wrong_digit(wrong_digit(MINE, 12), 9)}, "name_near_id"),
    ({"name": "王小明", "birth_date": "1980-01-01"}, "name_birth_county"),
])  # fmt: skip
def test_a_row_without_a_number_needs_one_person_alone(row: dict[str, str], stage: str) -> None:
    assert one(PEOPLE, **row) == ("a", "linked", stage)
    namesake = {**WANG, "person_id": "z", "id_number": id_of(11)}
    assert one([*PEOPLE, namesake], **row)[0] in (None, "a" if stage == "name_near_id" else None)


def test_a_household_number_and_the_same_name() -> None:
    home = {**WANG, "household": "H0000017", "village": None}
    row = {"name": "王小明", "household": "h0000017"}
    assert one([home, LI], **row) == ("a", "linked", "name_household")
    namesake = {**home, "person_id": "z", "id_number": id_of(11)}
    assert one([home, namesake], **row)[:2] == (None, "review")
    for more in ({"household": "H0000018"}, {"sex": "女"}, {"birth_date": "1950-02-02"}, {"name": "王晓明"}):
        assert one([home, LI], **{**row, **more})[0] is None
    assert one([{**home, "village": "东村"}, LI], **row, village="西村")[0] is None
    assert one([{**home, "household": "17"}, LI], name="王小明", household="17")[0] is None, "a place in some list"


def test_a_namesake_in_the_village_is_enough_only_in_a_list_of_registered_people() -> None:
    people = [*PEOPLE, *(person(f"n{n}", n, f"孙{chr(0x4E00 + n)}", village="东村") for n in range(20, 60))]
    known = [{"name": who["name"], "id_number": who["id_number"]} for who in people[4:]]
    row = {"name": "王小明", "village": "东村", "sex": WANG["sex"]}
    assert one(people, **row) == (None, "review", "name_village_sex")
    assert matched(people, *known, row).links.row(-1)[1:4] == ("a", "linked", "name_village_sex")
    strangers = [{"name": f"钱{chr(0x4E00 + n)}", "id_number": id_of(n)} for n in range(100, 120)]
    assert matched(people, *known, *strangers, row).links.row(-1)[1:4] == (None, "review", "name_village_sex")
    assert (
        matched([*people, {**WANG, "person_id": "z", "id_number": id_of(11)}], *known, row).links["person_id"][-1]
        is None
    )


def test_a_number_that_has_nothing_in_common_is_not_passed_over() -> None:
    far = wrong_digit(id_of(444, "19450909").replace("620602", "530102"))
    row = {"name": "王小明", "birth_date": "1980-01-01", "village": "东村", "id_number": far}
    found = matched(PEOPLE, row)
    assert found.links["outcome"].to_list() == ["review"]
    assert found.candidates["person_id"].to_list() == ["a"]


def test_every_link_says_why_and_of_which_registry() -> None:
    found = matched(PEOPLE, {"id_number": MINE, "name": "王晓明", "village": "西村"}, {"name": "无人"})
    assert found.links["evidence"].to_list() == ["身份证号相同，姓名同音，村不同", "登记册里没有找到这个人"]
    assert found.links["registry_version"].unique().to_list() == [found.registry_version]
    assert found.links["name_grade"].to_list() == ["sound", None]
