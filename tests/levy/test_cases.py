"""Cases worked out by hand (cases.md) come out as written: the published figures, 2017 to 2028, unknowns, late fees."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bulou.engine.levy.assess import FAULTY, MET
from bulou.engine.levy.reasons import reasons
from bulou.engine.levy.rules import Rules
from tests.levy.sheets import ROW, of_rows
from tests.packs.known import known_pack

PAGE = Path(__file__).with_name("cases.md").read_text(encoding="utf-8")
KINDS = {"private": "民营企业", "soe": "国有企业", "institution": "事业单位", "social_org": "社会组织",
         "private_non_enterprise": "民办非企业单位"}  # fmt: skip
Case = dict[str, str]


def tables() -> list[list[Case]]:
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", PAGE, re.MULTILINE):
        head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
        found.append([dict(zip(head, row, strict=True)) for row in rows])
    return found


AMOUNTS = [case for table in tables()[:-1] for case in table]
LATE = tables()[-1]


def test_there_are_enough_cases_by_hand() -> None:
    assert len(AMOUNTS) - 5 >= 30
    assert {case["period"][:4] for case in AMOUNTS} >= {str(year) for year in range(2017, 2028)}
    assert all(case["arithmetic"] for case in [*AMOUNTS, *LATE])


def row_of(case: Case) -> dict[str, str]:
    start, _, end = case["period"].partition("/")
    row = {
        "kind": KINDS.get(case["kind"], ""),
        "period_from": start if end else f"{start}-01-01",
        "period_to": end or f"{start}-12-31",
        "wages": "",
        "wage": case["wage"],
        "staff": case["staff"],
        "heads": case["heads"],
        "ratio": case["ratio"] or "1.5",
        "local": case["local"] or "80000",
    }
    if case["double"]:
        row["double"] = case["double"]
    return {name: "" if value == "none" else value for name, value in row.items()}


@pytest.mark.parametrize("case", AMOUNTS, ids=lambda case: f"{case['period']} {case['arithmetic']}")
def test_amounts_are_those_worked_out_by_hand(case: Case, tmp_path: Path) -> None:
    (one,) = of_rows(tmp_path, row_of(case), said=()).rows
    if case["due"] == "–":
        assert (one.outcome, one.due, one.payable) == (MET, 0, 0)
        return
    assert (shown(one.due), shown(one.payable)) == (case["due"], case["payable"])
    assert bool(one.asks) == (case["payable"] == "?")


def shown(fen: int | None) -> str:
    return "?" if fen is None else f"{fen // 100}.{fen % 100:02d}"


@pytest.mark.parametrize("case", LATE, ids=lambda case: f"{case['paid']} {case['arithmetic']}")
def test_late_fees_are_those_worked_out_by_hand(case: Case, tmp_path: Path) -> None:
    row = {**ROW, "due_by": case["due_by"], "paid": case["paid"], "paid_on": case["paid_on"], "order": case["order"]}
    row["order"] = {"yes": "是", "no": "否"}.get(case["order"], "")
    (one,) = of_rows(tmp_path, row, on=date.fromisoformat(case["on"])).rows
    assert one.payable == 16200000
    if case["fee"] == "?":
        assert one.late is not None and (one.late.state, one.late.fen) == ("unknown", 810000)
    elif case["fee"]:
        assert one.late is not None and (one.late.state, shown(one.late.fen)) == ("yes", case["fee"])
    else:
        assert one.late is None or one.late.state == "no"


LATE_OPEN = {
    "no deadline": ({"paid": 0, "order": "是"}, "没有写缴费期限"),
    "nobody said what was paid": ({"due_by": "2024-11-30", "paid": "", "order": "是"}, "没有写已缴多少"),
    "paid on an unknown day": ({"due_by": "2024-11-30", "paid": 162000, "order": "是"}, "没有写缴款日期"),
    "no day to count to": ({"due_by": "2024-11-30", "paid": 0, "order": "是"}, "--on"),
    "no order known": ({"due_by": "2024-11-30", "paid": 162000, "paid_on": "2024-12-05"}, "没有写是否责令"),
}


@pytest.mark.parametrize("case", LATE_OPEN.values(), ids=LATE_OPEN)
def test_an_unknown_late_fee_is_blank_and_says_why(case: tuple[dict[str, object], str], tmp_path: Path) -> None:
    row, words = case
    run = of_rows(tmp_path, row)
    (one,) = run.rows
    assert one.late_fen is None
    assert words in "；".join(reasons(one, Rules(known_pack("cn"))))
    assert {total.late for total in run.totals} == {None}
    assert any("1 行的滞纳金还不知道" in line for line in run.summary())


NO_LATE_FEE = {
    "paid in time": {"due_by": "2024-11-30", "paid": 162000, "paid_on": "2024-11-30", "order": "是"},
    "no order, whatever the days": {"due_by": "2024-11-30", "paid": 0, "order": "否"},
    "nothing to pay": {"heads": 2, "paid": ""},
}


@pytest.mark.parametrize("row", NO_LATE_FEE.values(), ids=NO_LATE_FEE)
def test_where_surely_nothing_is_late_the_fee_is_nought(row: dict[str, object], tmp_path: Path) -> None:
    assert [one.late_fen for one in of_rows(tmp_path, row).rows] == [0]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"period_from": "2028-01-01", "period_to": "2028-12-31"}, "1 行的所属期在 2027-12-31 以后"),
        ({"period_from": "2018-01-01", "period_to": "2018-12-31", "staff": 30, "wages": 1800000}, "1 行如是新登记"),
        ({"paid": ""}, "1 行没有写已缴费额"),
    ],
)
def test_what_the_sums_leave_open_is_said_beside_them(row: dict[str, object], words: str, tmp_path: Path) -> None:
    run = of_rows(tmp_path, row, {"due_by": "2024-11-30", "paid": 162000, "paid_on": "2024-11-30", "order": "是"})
    assert any(words in line for line in run.summary())
    assert not any(words in line for line in of_rows(tmp_path, {}).summary())


def test_a_large_firm_is_no_new_small_one_and_a_firm_of_unknown_kind_may_be(tmp_path: Path) -> None:
    old = {"period_from": "2018-01-01", "period_to": "2018-12-31", "registered_on": ""}
    run = of_rows(tmp_path, old, {**old, "staff": 30, "wages": 1800000, "kind": ""})
    said = ["；".join(reasons(one, Rules(known_pack("cn")))) for one in run.rows]
    assert ["没有写登记日期、单位性质" in words for words in said] == [False, True]


def test_a_late_fee_above_the_arrears_is_said(tmp_path: Path) -> None:
    """200 days at 5 per mille is the whole; a day more is above it."""
    row = {"due_by": "2024-11-30", "paid": 0, "order": "是"}
    said = []
    for on in (date(2025, 6, 18), date(2025, 6, 19)):
        (one,) = of_rows(tmp_path, row, on=on).rows
        said.append("已超过欠缴的本金" in "；".join(reasons(one, Rules(known_pack("cn")))))
    assert said == [False, True]


def test_an_average_wage_is_rounded_to_the_fen_before_it_counts(tmp_path: Path) -> None:
    """7,000,001 ÷ 70 = 100,000.0142…, so 100,000.01; 1.05 × that = 105,000.0105, × 0.9 = 94,500.00945."""
    (one,) = of_rows(tmp_path, {"wages": 7000001, "staff": 70}).rows
    assert (one.avg_wage, shown(one.due), shown(one.payable)) == (Decimal("100000.01"), "105000.01", "94500.01")


def test_credited_heads_may_be_twice_the_staff_where_nothing_says_how_many_count_twice(tmp_path: Path) -> None:
    run = of_rows(tmp_path, {"staff": 40, "heads": 80}, {"staff": 40, "heads": 81})
    assert [one.outcome for one in run.rows] == [MET, FAULTY]
