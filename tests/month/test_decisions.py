"""A person decides: lists filled in by an officer come back as payments, refusals and remembered answers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from bulou.engine import run_month
from bulou.engine.facts.history import load_history
from bulou.engine.intake import read_file
from bulou.engine.month_run import MonthRun
from bulou.engine.synthetic import make_synthetic

Row = dict[str, str]
OWED = ("补发追缴.xlsx", "补发追缴")
WAITING, SUSPECTED = ("本月发放.xlsx", "待决定"), ("疑似不应享.xlsx", "疑似不应享")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_synthetic(tmp_path / "region", region="620600", holders=200, seed=5, month="2025-05", months=2)
    return tmp_path / "region"


def fill(book: Path, sheet: str, target: Path, mark: Callable[[Row], Row]) -> list[Row]:
    """A copy of a list whose rows were changed by `mark`; gives the rows that were filled in."""
    grid = next(one for one in read_file(book) if one.sheet == sheet).grid
    rows = [[cell or "" for cell in row] for row in grid.iter_rows()]
    at = next(number for number, row in enumerate(rows) if "身份证号" in row)
    head, filled = rows[at], []
    target.parent.mkdir(exist_ok=True)
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False}) as copy:
        page = copy.add_worksheet(sheet)
        for number, row in enumerate(rows):
            said = mark(dict(zip(head, row, strict=True))) if number > at else {}
            filled += [dict(zip(head, row, strict=True)) | said] if said else []
            for column, cell in enumerate(said.get(name, cell) for name, cell in zip(head, row, strict=True)):
                page.write_string(number, column, cell)
    return filled


def lines(run: MonthRun, state: str) -> set[tuple[str, str, str]]:
    frame = run.result.payroll.filter(pl.col("state") == state)
    return set(frame.select("id_no", "title", "month").iter_rows())


def keys(rows: list[Row]) -> set[tuple[str, str, str]]:
    return {(row["身份证号"], row["项目"], row["所属月份"]) for row in rows}


def decide(word: str) -> Callable[[Row], Row]:
    return lambda row: {"决定": word, "决定人": "试经办", "理由": "入户看过"} if row["本月或补发"] == "本月" else {}


def test_a_waiting_line_is_paid_or_declined_as_a_named_person_decides(folder: Path) -> None:
    month = folder / "2025-05"
    before = run_month(month)
    words, target = cycle(("继续发", "停发")), month / "决定" / WAITING[0]

    def in_turn(row: Row) -> Row:
        return decide(next(words))(row)

    chosen = fill(month / "out" / WAITING[0], WAITING[1], target, in_turn)
    paid = [row for row in chosen if row["决定"] == "继续发"]
    declined = [row for row in chosen if row["决定"] == "停发"]
    assert paid and declined
    after = run_month(month)
    assert keys(paid) <= lines(after, "可发放") and not keys(paid) & lines(before, "可发放")
    assert keys(declined) <= lines(after, "决定不发")
    assert lines(before, "可发放") <= lines(after, "可发放")
    said = after.result.payroll.filter(pl.col("decided").is_not_null())["decided"]
    assert set(said) == {"试经办：继续发（入户看过）", "试经办：停发（入户看过）"}
    bank = "".join(path.read_text(encoding="utf-8") for path in (month / "out" / "银行代发").glob("*.csv"))
    assert any(row["身份证号"] in bank for row in paid)


def test_a_list_filled_in_where_it_lies_counts_and_is_kept(folder: Path) -> None:
    month = folder / "2025-05"
    run_month(month)
    book = month / "out" / SUSPECTED[0]

    def clear(row: Row) -> Row:
        return {"核实结果": "不属实，继续发", "决定人": "试经办"} if row["项目"] else {}

    assert fill(book, SUSPECTED[1], book, clear)
    after = run_month(month)
    settled = after.result.suspicions.filter(pl.col("programme").is_not_null())
    assert settled["decision"].null_count() == 0
    waits = after.result.payroll.filter(state="待决定", line="本月")
    assert not waits.filter(pl.col("reason").str.contains("疑点")).height
    assert (month / "out" / "旧表（有人改过）" / SUSPECTED[0]).is_file()
    assert run_month(month).result.payroll.equals(after.result.payroll)


def test_who_will_not_apply_is_answered_for_and_stands_last_until_the_reason_changes(folder: Path) -> None:
    month, name = folder / "2025-05", "应享未享"
    before = run_month(month).result
    assert set(before.missed["state"]) == {"待告知"} and before.counts["missed_answered"] == 0
    words = cycle(("本人不愿申请", "联系不上", ""))

    def answer(row: Row) -> Row:
        word = next(words)
        return {"办理结果": word, "决定人": "试经办", "理由": "电话问过"} if word else {}

    filled = fill(month / "out" / f"{name}.xlsx", name, month / "决定" / f"{name}.xlsx", answer)
    refused = {(row["身份证号"], row["项目"]) for row in filled if row["办理结果"] == "本人不愿申请"}
    unreached = {(row["身份证号"], row["项目"]) for row in filled} - refused
    assert refused and unreached
    after = run_month(month).result
    by_state = {state: set(after.missed.filter(state=state).select("id_no", "title").rows()) for state in
                ("待告知", "已有答复")}  # fmt: skip
    assert by_state["已有答复"] == refused and unreached <= by_state["待告知"]
    assert after.counts["missed_answered"] == len(refused) and after.counts["missed"] == before.counts["missed"]
    assert set(after.missed["decision"]) == {None, "试经办：本人不愿申请（电话问过）", "试经办：联系不上（电话问过）"}
    grid = next(one for one in read_file(month / "out" / f"{name}.xlsx") if one.sheet == name).grid
    rows = list(grid.iter_rows())
    column = next(row.index("身份证号") for row in rows if "身份证号" in row)
    assert {row[column] for row in rows[-len(refused) :]} == {number for number, _ in refused}
    later = run_month(folder / "2025-06").result.missed.filter(state="已有答复")
    assert later.height and set(later.select("id_no", "title").rows()) <= refused


def test_a_decision_holds_in_the_next_month_while_the_evidence_reads_the_same(folder: Path) -> None:
    month = folder / "2025-05"
    run_month(month)
    fill(month / "out" / WAITING[0], WAITING[1], month / "决定" / WAITING[0], decide("停发"))
    declined = {key[:2] for key in lines(run_month(month), "决定不发")}
    later = run_month(folder / "2025-06").result.payroll
    again = later.filter(state="决定不发", line="本月")
    assert set(again.select("id_no", "title").iter_rows()) <= declined
    fresh = later.filter(pl.col("decided").is_null(), state="待决定", line="本月")
    same_reason = fresh.join(again.select("id_no", "title", "reason"), on=["id_no", "title", "reason"])
    assert again.height and not same_reason.height


def test_a_decision_without_a_name_or_out_of_the_choices_decides_nothing(folder: Path) -> None:
    month = folder / "2025-05"
    before = run_month(month)
    words = iter(["继续发", "随便"])

    def mark(row: Row) -> Row:
        word = next(words, "")
        return {"决定": word, "决定人": "试经办" if word == "随便" else ""} if word else {}

    fill(month / "out" / WAITING[0], WAITING[1], month / "决定" / WAITING[0], mark)
    after = run_month(month)
    found = [problem for problem in after.problems if problem.code in ("no-decider", "unknown-decision")]
    assert [problem.code for problem in found] == ["no-decider", "unknown-decision"]
    assert all(problem.place.row and problem.place.sheet == "待决定" for problem in found)
    assert after.result.payroll.equals(before.result.payroll)


def test_what_was_decided_to_be_deducted_leaves_the_bank_file_and_is_remembered(folder: Path) -> None:
    run_month(folder / "2025-05")
    june = folder / "2025-06"
    before = run_month(june)
    words = {"决定": "从以后月份抵扣", "决定人": "试经办", "理由": "本人同意"}
    fill(
        june / "out" / OWED[0],
        OWED[1],
        june / "决定" / OWED[0],
        lambda row: words if row["补发或追缴"] == "追缴" else {},
    )
    result = run_month(june).result
    lines = result.payroll.filter(line="抵扣")
    taken = -int(lines["fen"].sum())
    assert taken > 0 and result.counts["fen_payable"] == before.result.counts["fen_payable"] - taken
    files = [read_csv(june / "out" / "银行代发" / name) for name in ("银行代发.csv", "未进银行文件.csv")]
    sent = pl.concat(files).with_columns(pl.col("金额").cast(pl.Decimal(12, 2)))
    assert int(sent["金额"].sum() * 100) == result.counts["fen_payable"] and sent["金额"].min() > 0
    notice = read_file(june / "out" / "公示名单.xlsx")[0].grid
    assert "抵扣" not in "".join(cell or "" for row in notice.iter_rows() for cell in row)
    kept = load_history(june / "out" / "history")
    assert kept is not None and kept.deductions is not None
    assert int(kept.deductions["fen"].sum()) == taken and set(kept.deductions["known"]) == {"2025-06"}


def read_csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)
