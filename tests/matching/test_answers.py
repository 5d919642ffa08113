"""An answer is about one row and one person, whatever numbers a registry or a history gives to people later."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bulou.engine import match_files
from bulou.engine.basics.workers import Workers
from bulou.engine.facts.folders import KEPT, history_before
from bulou.engine.facts.history import History, save_history
from bulou.engine.facts.read_month import begin_reading, read_month
from bulou.engine.intake import read_templates
from bulou.engine.matching.decisions import DIFFERENT, SAME, UNSURE, with_decisions
from bulou.engine.matching.marks import row_keys
from bulou.engine.matching.people import prepared_rows
from bulou.engine.matching.review_book import write_review
from bulou.engine.pack import read_pack
from tests.intake.files import holder, id_of, register, write_csv
from tests.matching.people import answer, matched_with, one, person, registry, rows
from tests.matching.test_month import dead, read
from tests.matching.test_review import fill, links

HEAD = ["姓名", "身份证号", "所在村"]
STRANGER = person("s", 7, "赵强", village="西村")
OWNER = person("o", 2, "李娜", village="西村")
ROW = {"id_number": id_of(2), "name": "刘洋", "village": "西村"}


def said(people: list[dict[str, object]], about: str, decision: str, row: dict[str, str] = ROW) -> pl.DataFrame:
    return answer(registry(*people), row_keys(prepared_rows(rows(row)))[0], about, decision)


def renamed(who: dict[str, object], key: str, **more: object) -> dict[str, object]:
    return {**who, "person_id": key, **more}


@pytest.mark.parametrize("decision", [SAME, DIFFERENT, UNSURE])
def test_people_numbered_anew_keep_their_answers(decision: str) -> None:
    known = said([OWNER, STRANGER], "o", decision)
    swapped = [renamed(STRANGER, "o"), renamed(OWNER, "s")]
    link = matched_with(swapped, known, ROW).links.row(0, named=True)
    assert link["person_id"] == ("s" if decision == SAME else None)
    assert link["outcome"] == {SAME: "linked", DIFFERENT: "none", UNSURE: "review"}[decision]


def test_an_answer_does_not_pass_to_whoever_has_the_old_internal_id() -> None:
    known = said([OWNER, STRANGER], "o", SAME)
    link = matched_with([renamed(STRANGER, "o")], known, ROW).links.row(0, named=True)
    assert (link["person_id"], link["outcome"]) == (None, "not_registered")


def test_nor_to_whoever_has_the_number_now_under_quite_another_name() -> None:
    known = said([OWNER], "o", SAME)
    link = matched_with([renamed(OWNER, "o", name="赵强")], known, ROW).links.row(0, named=True)
    assert (link["person_id"], link["outcome"]) == (None, "review")


def test_a_corrected_spelling_is_still_the_person() -> None:
    link = matched_with([renamed(OWNER, "x", name="李那")], said([OWNER], "o", SAME), ROW).links.row(0, named=True)
    assert (link["person_id"], link["stage"]) == ("x", "decided")


def test_a_machine_does_not_find_somebody_else_for_a_row_whose_person_is_gone() -> None:
    row = {"name": "刘洋", "birth_date": "1980-01-01", "village": "西村"}
    twin = person("t", 9, "刘洋", village="西村")
    assert one([twin], **row)[0] == "t"
    found = matched_with([twin], said([OWNER], "o", SAME, row), row)
    assert found.links.select("person_id", "outcome", "stage").row(0) == (None, "review", "decided")
    assert "已找不到" in found.links["evidence"][0]
    assert found.candidates["person_id"].to_list() == ["t"]


def test_people_without_a_number_are_known_by_all_they_say() -> None:
    bare = renamed(OWNER, "b", id_number=None)
    row = {"name": "李哪", "birth_date": "1980-01-01", "village": "西村", "sex": "女"}
    known = said([bare], "b", DIFFERENT, row)
    assert matched_with([renamed(bare, "c")], known, row).links["person_id"][0] is None
    other = renamed(bare, "b", village="东村")
    assert matched_with([other], said([bare], "b", SAME, row), row).links["stage"][0] != "decided"


def test_one_row_said_to_be_two_people_is_asked_about_again_with_both() -> None:
    known = with_decisions(said([OWNER, STRANGER], "o", SAME), said([OWNER, STRANGER], "s", SAME))
    found = matched_with([OWNER, STRANGER], known, ROW)
    assert found.links["outcome"].to_list() == ["review"]
    assert set(found.candidates["person_id"]) == {"o", "s"}
    settled = with_decisions(known, said([OWNER, STRANGER], "s", DIFFERENT))
    assert matched_with([OWNER, STRANGER], settled, ROW).links["person_id"].to_list() == ["o"]


def test_the_key_of_a_row_does_not_hang_on_the_rest_of_the_list() -> None:
    filled = [{"id_number": id_of(5), "name": f"王{chr(0x4E00 + n)}"} for n in range(20)]
    assert row_keys(prepared_rows(rows(*filled)))[0] == row_keys(prepared_rows(rows(filled[0])))[0]


def test_a_registry_whose_lines_move_keeps_its_answers(tmp_path: Path) -> None:
    """Without numbers of their own people are called by their lines, and lines move."""
    people = [["李娜", id_of(2), "西村"], ["赵强", id_of(3), "西村"]]
    given = write_csv(tmp_path / "名单.csv", [HEAD, ["刘洋", id_of(2), "西村"]])
    out = tmp_path / "out"
    match_files(write_csv(tmp_path / "册.csv", [HEAD, *people]), given, out)
    filled = fill(out / "待判断.xlsx", tmp_path / "填好.xlsx", {"刘洋": "同一人"})
    moved = write_csv(tmp_path / "册.csv", [HEAD, ["新人", id_of(4), "西村"], *people])
    match_files(moved, given, out, [filled])
    assert links(out)[2] == ("对应到本人", "r3"), "李娜 stands on the third line now"


DEATH = [["姓名", "身份证号", "死亡日期"], ["某某某", id_of(2), "2025-04-20"]]


def month(folder: Path, *numbers: int, deaths: list[list[str]] = DEATH) -> Path:
    folder.mkdir(exist_ok=True)
    register(folder / "1残疾证名册.xlsx", *(holder(number) for number in numbers))
    write_csv(folder / "死亡.csv", deaths)
    return folder


def test_a_register_sent_again_does_not_move_answers_of_the_month(tmp_path: Path) -> None:
    folder = month(tmp_path / "2025-05", 1, 2, 3)
    write_review(tmp_path / "list.xlsx", read(folder, History()).matching.review)
    fill(tmp_path / "list.xlsx", folder / "待判断.xlsx", {"某某某": "同一人"})
    assert dead(read(folder, History())) == [id_of(2)]
    month(folder, 5, 1, 2, 3)
    again = read(folder, History())
    assert again.history.registry is not None
    persons = dict(again.history.registry.select("id_no", "person").rows())
    assert persons[id_of(2)] == "p00000003", "the answer was given about p00000002"
    assert dead(again) == [id_of(2)]


def kept(folder: Path, history: History, *filled: Path) -> History:
    """The month read, and kept where its run keeps it."""
    files = begin_reading(folder, read_templates(), Workers()).finish()
    found = read_month(folder, folder.name, history, frozenset(), files, filled).history
    save_history(found, folder / KEPT)
    return found


def test_answers_outlive_an_earlier_month_that_was_run_again(tmp_path: Path) -> None:
    """The May list was filled in where May's run wrote it; then April is run again, and everybody's id differs."""
    april = month(tmp_path / "2025-04", 1, 2, 3, deaths=DEATH[:1])
    may, june = month(tmp_path / "2025-05", 1, 2, 3), month(tmp_path / "2025-06", 1, 2, 3, deaths=DEATH[:1])
    for folder in (april, may, june):
        (folder / "month.toml").write_text('region = "620600"\n', encoding="utf-8")
    before = kept(april, History())
    write_review(tmp_path / "list.xlsx", read(may, before).matching.review)
    filled = fill(tmp_path / "list.xlsx", tmp_path / "待判断.xlsx", {"某某某": "同一人"})
    assert kept(may, before, filled).answers is not None
    kept(month(april, 9, 8, 1, 2, 3, deaths=DEATH[:1]), History())
    now = history_before(june, "2025-06", read_pack("620600"), read_templates())
    assert now.registry is not None and now.answers is not None
    whom = [one for roll in now.rolls if roll.kind == "deaths" for one in roll.frame["person"]]
    assert now.registry.filter(pl.col("person").is_in(whom))["id_no"].to_list() == [id_of(2)]
    assert whom == ["p00000004"], "p00000002 when the answer was given"
    assert now.answers["known"].to_list() == ["2025-05"]


def test_an_answer_holds_when_the_names_agree_by_now(tmp_path: Path) -> None:
    """One who was said not to be the owner of a number is not linked by the number when the name is corrected."""
    row = ["测试丁", id_of(2), "2025-04-20"]
    first = tmp_path / "2025-05"
    first.mkdir()
    register(first / "残疾证名册.xlsx", holder(1), holder(2, 姓名="测他人"))
    write_csv(first / "死亡.csv", [DEATH[0], row])
    write_review(tmp_path / "list.xlsx", read(first, History()).matching.review)
    fill(tmp_path / "list.xlsx", first / "待判断.xlsx", {"测试丁": "不是"})
    may = read(first, History())
    assert dead(may) == []
    second = tmp_path / "2025-06"
    second.mkdir()
    register(second / "残疾证名册.xlsx", holder(1), holder(2, 姓名="测试丁"))
    write_csv(second / "死亡.csv", [DEATH[0], row])
    june = read(second, may.history)
    assert dead(june) == []
    assert june.matching.count("review") == 1, "the owner's new name is for a person to judge"
    assert dead(read(second, History())) == [id_of(2)]
