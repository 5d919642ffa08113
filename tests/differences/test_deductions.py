"""What a person decided to deduct is taken month by month until it is paid off, and every yuan stays accounted for."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bulou.engine.basics.months import last_day, months_after
from bulou.engine.differences import MonthResult
from bulou.engine.differences.deductions import DEDUCTION, moved_by, paid_out, planned_in
from bulou.engine.differences.payroll import OWN_MONTHS
from bulou.engine.facts.decisions import no_decisions
from bulou.engine.facts.history import no_deductions
from bulou.engine.facts.month_settings import DatedSetting
from tests.differences.histories import LIVING, Told, compared, person, setting, two_subsidies

LONG, PACK, PEOPLE = date(2030, 12, 31), two_subsidies(), range(7)
STANDARD = setting("living_subsidy_standard", "100")


def always(start: int, end: int, people: int = 1) -> dict[str, set[int]]:
    """People on dibao in each month of 2025 from one to before another."""
    return {f"2025-{month:02}": set(range(1, people + 1)) for month in range(start, end)}


def decided(result: MonthResult, word: str = "从以后月份抵扣", effect: str = "deduct") -> pl.DataFrame:
    """Decisions about every overpayment of a month."""
    rows = result.settlements.filter(pl.col("difference_fen") < 0, pl.col("decision").is_null()).iter_rows(named=True)
    said = {"list": "补发追缴", "decision": word, "effect": effect, "who": "试经办", "known": result.month}
    found = [{"id_no": r["id_no"], "title": r["title"], "month": r["month"], "because": r["reason"]} for r in rows]
    empty = dict.fromkeys(no_decisions().columns, "")
    return pl.DataFrame([empty | said | one for one in found], schema=no_decisions().schema)


class County:
    """A county that pays what Bulou's payroll says, month after month, and decides to deduct what it overpaid."""

    def __init__(self, dibao: dict[str, set[int]], paid: dict[int, int], start: str = "2025-01") -> None:
        self.dibao, self.month, self.paid = dibao, start, paid
        self.told: list[Told] = []
        self.rules: list[DatedSetting] = [STANDARD]
        self.decisions, self.deductions = no_decisions(), no_deductions()

    def run(self, *, decide: bool = True, obey: bool = True, deaths: dict[int, date] | None = None) -> MonthResult:
        """One month: run, decide about the overpayments, run again, pay."""
        people = sorted(set().union(*self.dibao.values()))
        holders = dict.fromkeys(people, LONG)
        self.told.append(Told(self.month, holders, self.dibao[self.month], deaths or {}, dict(self.paid)))
        found = self.compared(people)
        new = decided(found)
        if decide and new.height:
            self.decisions = pl.concat([self.decisions, new])
            found = self.compared(people)
        lines = found.payroll.filter(state="可发放")
        out = paid_out(lines, OWN_MONTHS) if obey else lines.filter(pl.col("fen") > 0)
        assert paid_out(lines, OWN_MONTHS)["fen"].sum() == lines["fen"].sum() == found.counts["fen_payable"]
        self.paid = {int(row["person"][1:]): row["fen"] for row in out.filter(line="本月").iter_rows(named=True)}
        self.deductions = pl.concat([self.deductions, planned_in(found.payroll, self.month)])
        self.month = months_after(self.month, 1)
        return found

    def compared(self, people: list[int]) -> MonthResult:
        return compared(self.told, people, self.rules, PACK, decisions=self.decisions, deductions=self.deductions)


def taken(result: MonthResult) -> list[tuple[str, int]]:
    return result.payroll.filter(line=DEDUCTION).sort("month").select("month", "fen").rows()


def test_an_overpayment_is_deducted_whole_lines_at_a_time_until_it_is_paid_off() -> None:
    county = County(always(1, 8), {})
    county.run(decide=False)
    county.paid = {1: 25000}
    first, second, third = county.run(), county.run(), county.run()
    assert taken(first) == [("2025-01", -10000)] and first.counts["fen_payable"] == 0
    assert taken(second) == [("2025-01", -5000)] and second.counts["fen_payable"] == 5000
    assert taken(third) == [] and third.counts["fen_payable"] == 10000
    assert first.settlements.select("difference_fen", "deducted_fen").rows() == [(-15000, 0)]
    assert second.settlements.select("difference_fen", "deducted_fen").rows() == [(-5000, -10000)]
    assert third.settlements.is_empty()
    line = second.payroll.filter(line=DEDUCTION).row(0, named=True)
    assert line["reason"] == "抵扣 2025-01 多发的 50.00 元，已抵清" and line["decided"] == "试经办：从以后月份抵扣"


def test_of_several_overpaid_months_the_oldest_comes_first() -> None:
    county = County(always(1, 6), {})
    county.run(decide=False)
    for fen in (17000, 16000):
        county.paid = {1: fen}
        last = county.run(decide=fen == 16000)
    assert taken(last) == [("2025-01", -7000), ("2025-02", -3000)] and last.counts["fen_payable"] == 0
    assert taken(county.run()) == [("2025-02", -3000)]
    assert county.run().settlements.is_empty()


def test_what_nobody_decided_to_deduct_is_not_deducted() -> None:
    county = County(always(1, 3), {})
    county.run(decide=False)
    county.paid = {1: 25000}
    assert taken(county.run(decide=False)) == []


def test_a_deduction_that_was_not_carried_out_is_still_owed() -> None:
    county = County(always(1, 5), {})
    county.run(decide=False)
    county.paid = {1: 15000}
    assert taken(county.run(obey=False)) == [("2025-01", -5000)]
    assert taken(county.run()) == [("2025-01", -5000)]
    assert taken(county.run()) == []


def test_a_quarter_takes_a_deduction_at_its_end() -> None:
    county = County(always(1, 8), {})
    county.rules.append(DatedSetting("region.pays_every", "quarter", None, "测试"))
    for month in range(1, 4):
        county.run()
        county.paid = {1: 35000} if month == 3 else {}
    april, may, june = county.run(), county.run(), county.run()
    assert [taken(found) for found in (april, may, june)] == [[], [], [("2025-03", -5000)]]
    assert june.counts["fen_payable"] == 25000
    county.paid = {1: 25000}
    july = county.run()
    assert july.settlements.is_empty() and taken(july) == []


def test_a_deduction_counts_as_planned_until_the_payment_roll_is_read() -> None:
    planned = [("p", LIVING, "2025-01", "2025-02", 5000)]
    assert moved_by(planned, {("p", LIVING, "2025-01"): 0}) == {
        ("p", LIVING, "2025-02"): 5000, ("p", LIVING, "2025-01"): -5000,
    }  # fmt: skip
    assert moved_by(planned, {("p", LIVING, "2025-02"): 3000})["p", LIVING, "2025-01"] == -3000


@st.composite
def stories(draw: st.DrawFn) -> dict[str, Any]:
    """People over five months: on and off dibao, dead and told late, overpaid at first, a county that may not obey."""
    people = st.sampled_from(PEOPLE)
    months = [f"2025-{month:02}" for month in range(1, 6)]
    return {
        "dibao": {month: draw(st.sets(people, min_size=4)) for month in months},
        "paid": {n: draw(st.sampled_from([4_000, 10_000, 17_000, 26_000])) for n in PEOPLE},
        "died": draw(st.none() | st.tuples(people, st.sampled_from([date(2025, 1, 20), date(2025, 3, 9)]))),
        "obey": [draw(st.booleans()) for _ in months],
        "decide": [draw(st.booleans()) for _ in months],
    }


def due(story: dict[str, Any], number: int, month: str, known: str) -> int:
    died = story["died"] if story["died"] and known >= "2025-04" else None
    alive = died is None or died[0] != number or died[1] > last_day(month)
    return 10_000 if alive and number in story["dibao"][month] else 0


@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate])
@given(stories())
def test_due_is_paid_plus_differences_while_deductions_go_on(story: dict[str, Any]) -> None:
    months = list(story["dibao"])
    county = County({"2024-12": set(PEOPLE), **story["dibao"]}, {}, start=months[0])
    cash: dict[int, int] = dict.fromkeys(PEOPLE, 0)
    for at, month in enumerate(months):
        died = {story["died"][0]: story["died"][1]} if story["died"] and month == "2025-04" else {}
        if at == 1:
            county.paid = dict(story["paid"])
        for number, fen in county.paid.items():
            cash[number] += fen
        found = county.run(decide=story["decide"][at], obey=story["obey"][at], deaths=died)
        of_month = found.payroll.filter(pl.col("line").is_in(OWN_MONTHS), state="可发放")
        most = dict(of_month.group_by("person").agg(pl.col("fen").sum()).iter_rows())
        less = dict(found.payroll.filter(line=DEDUCTION).group_by("person").agg(-pl.col("fen").sum()).iter_rows())
        assert all(0 < fen <= most.get(one, 0) for one, fen in less.items())
        settled = found.settlements
        sides = settled["paid_fen"] + settled["deducted_fen"] + settled["difference_fen"]
        assert sides.equals(settled["due_fen"], check_names=False)
        for number in PEOPLE:
            owed = sum(due(story, number, one, month) for one in months[:at])
            mine = settled.filter(pl.col("person") == person(number), pl.col("month") >= months[0])
            assert owed == cash[number] + mine["difference_fen"].sum(), (number, month)
