"""An earlier month run again with other files: later months are read anew, and what persons decided stands."""

from __future__ import annotations

from pathlib import Path

from bulou.engine import run_month
from bulou.engine.synthetic import make_synthetic
from tests.month.test_decisions import WAITING, decide, fill, lines


def test_decisions_of_a_month_outlive_a_change_in_the_month_before_it(tmp_path: Path) -> None:
    region = tmp_path / "region"
    make_synthetic(region, region="620600", holders=200, seed=5, month="2025-04", months=3)
    run_month(region / "2025-04")
    may = region / "2025-05"
    run_month(may)
    fill(may / "out" / WAITING[0], WAITING[1], may / "决定" / WAITING[0], decide("停发"))
    run_month(may)
    before = lines(run_month(region / "2025-06"), "决定不发")
    survey = next(path for path in (region / "2025-04").iterdir() if "动态更新" in path.name)
    survey.write_bytes(survey.read_bytes() + b"\n")
    run_month(region / "2025-04")
    again = run_month(region / "2025-06")
    assert before and lines(again, "决定不发") == before
