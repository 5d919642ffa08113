"""Cases worked out by hand (cases.md) come out as written: the published figures, 2017 to 2028, unknowns, late fees."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bulou.engine.levy.assess import MET
from tests.levy.sheets import ROW, of_rows

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
