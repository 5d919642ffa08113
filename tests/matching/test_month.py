"""A month's sheets: rows with wrong numbers flow on, rows that a person must judge wait, and answers are remembered."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from bulou.engine import run_month
from bulou.engine.basics.workers import Workers
from bulou.engine.facts.history import History, load_history, save_history
from bulou.engine.facts.read_month import MonthRead, begin_reading, read_month
from bulou.engine.intake import read_file, read_templates
from bulou.engine.matching.review_book import write_review
from bulou.engine.synthetic import make_synthetic
from tests.intake.files import holder, id_of, register, write_csv, write_xlsx
from tests.matching.people import wrong_digit
from tests.matching.test_review import fill


@pytest.fixture
def made(tmp_path: Path) -> Path:
    out = tmp_path / "region"
    make_synthetic(out, region="620600", holders=300, seed=5, month="2025-05", months=1, dirt=6.0)
    return out


def people_of(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "out/history/registry.parquet").select("person", "id_no")


def records(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "out" / "匹配记录.csv", infer_schema=False)


def test_rows_that_exact_matching_lost_are_found_and_none_wrongly(made: Path) -> None:
    folder = made / "2025-05"
    run = run_month(folder)
    links = records(folder).filter(pl.col("结果") == "对应到本人", pl.col("步骤") != "身份证号相同")
    found = links.join(people_of(folder), left_on="人员编号", right_on="person")
    people = pl.read_parquet(made / "truth/people.parquet").select("person", true="id_no")
    dirty = pl.read_parquet(made / "truth/dirty_cells.parquet").filter(folder="2025-05", field="id_no")
    truth = dirty.join(people, on="person").select("file", pl.col("row").cast(pl.String), "true").unique()
    beside = found.join(truth, left_on=["文件", "行"], right_on=["file", "row"])
    assert beside.height > 10
    assert beside.group_by("文件", "行").agg((pl.col("true") == pl.col("id_no")).any().alias("right"))["right"].all()
    told = json.loads((folder / "out/manifest.json").read_text(encoding="utf-8"))["matching"]
    assert sum(one["rows"] for one in told["stages"]) == records(folder).height
    planted = pl.read_parquet(made / "truth/faults.parquet").filter(kind="shared_account")["id_no"].unique()
    shared = "、".join(run.matching.suspicions.filter(kind="shared-account")["people"])
    assert planted.len() and all(number in shared for number in planted), "accounts of several payees are found"


def small_month(folder: Path, death: list[str]) -> Path:
    folder.mkdir()
    register(folder / "残疾证名册.xlsx", *(holder(number) for number in range(1, 5)))
    write_csv(folder / "死亡.csv", [["姓名", "身份证号", "死亡日期"], death])
    return folder


def read(folder: Path, history: History) -> MonthRead:
    found = begin_reading(folder, read_templates(), Workers()).finish()
    return read_month(folder, folder.name, history, frozenset({"deaths"}), found)


def dead(month: MonthRead) -> list[str]:
    """The numbers of those whom the month's list of deaths is about."""
    assert month.history.registry is not None
    people = [person for roll in month.history.rolls if roll.kind == "deaths" for person in roll.frame["person"]]
    return month.history.registry.filter(pl.col("person").is_in(people))["id_no"].to_list()


def test_a_row_with_a_wrong_number_counts_as_repaired_and_flows_on(tmp_path: Path) -> None:
    month = read(small_month(tmp_path / "2025-05", ["测试丙", wrong_digit(id_of(2)), "2025-04-20"]), History())
    assert dead(month) == [id_of(2)]
    account = next(one for one in month.accounts if one.kind == "deaths")
    assert (account.read, account.repaired, account.refused) == (2, 1, 0)
    assert month.cleaned[0].fates["what"].to_list()[-1] == "match-repaired"
    assert month.unidentified.is_empty()


def test_a_right_number_under_another_name_waits_for_a_person_and_the_answer_is_remembered(tmp_path: Path) -> None:
    death = ["某某某", id_of(2), "2025-04-20"]
    first = small_month(tmp_path / "2025-05", death)
    month = read(first, History())
    assert dead(month) == []
    roll = next(roll for roll in month.history.rolls if roll.kind == "deaths")
    assert set(roll.unidentified) == {"某某某", "测试丙"}, "both may be on the roll"
    assert next(one for one in month.accounts if one.kind == "deaths").refused == 1
    write_review(tmp_path / "list.xlsx", month.matching.review)
    fill(tmp_path / "list.xlsx", first / "待判断.xlsx", {"某某某": "同一人"})
    answered = read(first, History())
    assert dead(answered) == [id_of(2)]
    assert answered.matching.told()["answers"][0]["answers"] == 1
    save_history(answered.history, tmp_path / "kept")
    kept = load_history(tmp_path / "kept")
    assert kept is not None
    later = read(small_month(tmp_path / "2025-06", death), kept)
    assert later.matching.links.select("outcome", "stage").rows() == [("linked", "decided")]
    assert dead(later) == [id_of(2)]
    assert later.history.answers is not None and later.history.answers.height == 1


def test_a_sons_row_under_his_fathers_number_is_the_sons(tmp_path: Path) -> None:
    folder = tmp_path / "2025-05"
    folder.mkdir()
    head = ["姓名", "身份证号", "残疾证号", "残疾类别", "残疾等级", "证件状态", "村", "性别"]
    people = [("赵军", id_of(1, "19700101")), ("赵强", id_of(3, "20050505"))]
    held = [[name, number, f"{number}43", "肢体", "三级", "有效", "南村", "男"] for name, number in people]
    write_xlsx(folder / "残疾证名册.xlsx", {"一": [["持证残疾人名册"], head, *held]})
    father = id_of(1, "19700101")
    roll = [["姓名", "身份证号", "低保证号", "村"], ["赵军", father, "D1", "南村"], ["赵强", father, "D1", "南村"]]
    write_xlsx(folder / "低保.xlsx", {"一": [["城乡低保对象名册"], *roll]})
    month = read(folder, History())
    assert [one.frame["person"].to_list() for one in month.history.rolls if one.kind == "dibao_roll"] == [
        ["p00000001", "p00000002"]
    ]
    assert month.matching.counts == {("relative_id", "relative"): 1}


REGISTER_HEAD = ["姓名", "身份证号", "残疾证号", "残疾类别", "残疾等级", "证件状态", "乡镇", "村", "户号"]


def doubtful_register(folder: Path) -> Path:
    """Somebody twice, a father and a son under two household numbers, a household in two villages, a shared account."""
    folder.mkdir()
    people = [
        ("王甲", 1, "有效", "东乡", "新村", "H1"), ("王甲", 1, "注销", "东乡", "新村", "H1"),
        ("李乙", 2, "有效", "东乡", "新村", "H2"), ("李乙", 2, "有效", "西乡", "新村", "H9"),
        ("赵丙", 3, "有效", "东乡", "新村", "H3"), ("赵丁", 4, "有效", "东乡", "新村", "H4"),
        ("孙戊", 5, "有效", "东乡", "新村", "H5"), ("孙己", 6, "有效", "西乡", "新村", "H5"),
    ]  # fmt: skip
    held = [
        [name, id_of(n), f"{id_of(n)}43{'B1' if at % 2 else ''}", "肢体", "三级", status, town, village, home]
        for at, (name, n, status, town, village, home) in enumerate(people)
    ]
    write_xlsx(folder / "残疾证名册.xlsx", {"一": [["持证残疾人名册"], REGISTER_HEAD, *held]})
    family = [["姓名", "身份证号", "低保证号", "户主身份证号"], ["赵丁", id_of(4), "D1", id_of(3)]]
    write_xlsx(folder / "低保.xlsx", {"一": [["城乡低保对象名册"], *family]})
    paid = [
        [name, id_of(n), "80", account]
        for name, n, account in (
            ("王甲", 1, "9999000000000000001"),
            ("孙己", 6, "9999000000000000001"),
            ("赵丙", 3, "9999000000000000003"),
        )
    ]
    head = ["姓名", "身份证号", "金额", "银行账号"]
    write_xlsx(folder / "发放.xlsx", {"一": [["困难残疾人生活补贴发放名册"], head, *paid]})
    return folder


def test_what_is_wrong_in_the_register_itself_is_said(tmp_path: Path) -> None:
    folder = doubtful_register(tmp_path / "2025-05")
    run = run_month(folder, region="620600")
    told = run.matching.suspicions.select("kind", "people", "evidence").rows()
    rows = "残疾证名册.xlsx 第5行、残疾证名册.xlsx 第6行"
    one, two, three, four, five, six = (f"{id_of(n)} " for n in range(1, 7))
    assert told == [
        ("same-number", f"{two}李乙、{two}李乙", f"号码 {id_of(2)}；姓名 李乙；人在 东乡新村、西乡新村；在 {rows}"),
        ("shared-account", f"{one}王甲、{six}孙己", "账号末四位 0001，不是同一户"),
        ("split-household", f"{four}赵丁、{three}赵丙", "互为亲属，同村 东乡新村，户号 H4 和 H3"),
        ("merged-household", f"{five}孙戊、{six}孙己", "户号 H5，人在 东乡新村、西乡新村"),
    ]
    counts = json.loads((folder / "out/manifest.json").read_text(encoding="utf-8"))["matching"]["register_suspicions"]
    assert counts == dict.fromkeys(sorted(kind for kind, _, _ in told), 1)
    assert "登记册本身还有 4 条疑点" in (folder / "out/report.html").read_text(encoding="utf-8")
    book = read_file(folder / "out/登记疑点.xlsx")[0]
    assert book.row_text(3)[:3] == ["同一号码登记了几次", "2", f"{two}李乙、{two}李乙"]
