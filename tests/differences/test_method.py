"""What regions settle differently: when a payment stops, what a renewed certificate pays, how often money goes out."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from bulou.engine.facts.decisions import no_decisions
from bulou.engine.facts.month_settings import DatedSetting
from tests.differences.histories import LIVING, Told, compared, id_no, person, setting

STANDARD = setting("living_subsidy_standard", "100")
LONG = date(2030, 12, 31)


def settled(name: str, value: str | int) -> DatedSetting:
    return DatedSetting(f"region.{name}", value, None, "测试")


def months(start: int, end: int, paid: dict[int, dict[int, int]], expires: date = LONG) -> list[Told]:
    """Person 1 holds a certificate and is on the dibao roll from one month of 2025 to another; paid by month."""
    return [Told(f"2025-{m:02}", {1: expires}, {1}, paid=paid.get(m, {})) for m in range(start, end + 1)]


def due_in_june(*rules: DatedSetting) -> tuple[int, list[str]]:
    """People due and payroll lines of June, when the certificate of person 1 expires on the 15th."""
    told = months(5, 6, {5: {1: 10000}, 6: {1: 10000}}, date(2025, 6, 15))
    found = compared(told, [1], [STANDARD, *rules])
    due = found.programmes.filter(programme=LIVING)["due"][0]
    return due, found.payroll.filter(line="本月")["state"].to_list()


def test_a_payment_stops_in_the_month_or_the_following_one_as_the_region_says() -> None:
    assert due_in_june() == (0, ["待决定"])
    assert due_in_june(settled("stops_from", "same_month")) == (0, ["待决定"])
    assert due_in_june(settled("stops_from", "next_month")) == (1, ["可发放"])


def test_where_it_stops_from_the_month_of_discovery_a_person_decides_about_what_was_paid() -> None:
    told = months(5, 7, {month: {1: 10000} for month in (5, 6, 7)}, date(2025, 5, 15))
    rows = compared(told, [1], [STANDARD, settled("stops_from", "discovery")]).settlements
    assert set(rows["kind"]) == {"追缴"} and rows["reason"].str.contains("由人决定").all()


def renewed(*rules: DatedSetting) -> pl.DataFrame:
    """What is owed in August: expired at the end of April, applied in May, new certificate in July, unpaid from May."""
    told = months(4, 8, {5: {1: 10000}, 6: {2: 10000}, 7: {2: 10000}, 8: {2: 10000}}, date(2025, 4, 30))
    for at in (-2, -1):
        dates = {"applied": {1: date(2025, 5, 20)}, "issued": {1: date(2025, 7, 10)}}
        told[at] = Told(told[at].month, {1: LONG}, {1}, paid=told[at].paid, **dates)
    found = compared(told, [1, 2], [STANDARD, *rules]).settlements
    return found.filter(person=person(1)).select("month", "difference_fen")


def test_a_renewed_certificate_pays_from_the_month_of_application_or_of_issue() -> None:
    from_application = renewed(settled("renewal_pays_from", "application"), settled("renewal_back_pay_months", 3))
    assert from_application.rows() == [("2025-05", 10000), ("2025-06", 10000), ("2025-07", 10000)]
    fewer = renewed(settled("renewal_pays_from", "application"), settled("renewal_back_pay_months", 2))
    assert fewer.rows() == [("2025-06", 10000), ("2025-07", 10000)]
    assert renewed(settled("renewal_pays_from", "issue")).rows() == [("2025-07", 10000)]


def test_a_quarter_is_paid_at_its_end_for_each_of_its_months() -> None:
    quarter = settled("pays_every", "quarter")
    roll = {4: {1: 30000}}
    may = compared(months(4, 5, roll), [1], [STANDARD, quarter]).payroll
    assert may.select("month", "state").rows() == [("2025-05", "季末发放")]
    june = compared(months(4, 6, roll), [1], [STANDARD, quarter]).payroll
    assert sorted(june.select("month", "fen", "state").rows()) == [
        ("2025-04", 10000, "可发放"), ("2025-05", 10000, "可发放"), ("2025-06", 10000, "可发放"),
    ]  # fmt: skip


def test_a_quarter_is_settled_as_a_whole() -> None:
    told = months(4, 7, {4: {1: 30000}, 7: {1: 20000}})
    rows = compared(told, [1], [STANDARD, settled("pays_every", "quarter")]).settlements
    assert rows.select("month", "due_fen", "paid_fen", "difference_fen").rows() == [("2025-06", 30000, 20000, 10000)]
    assert rows["id_no"].to_list() == [id_no(1)]


def test_a_month_in_which_nothing_changed_changes_nothing() -> None:
    told = months(4, 6, {month: {1: 10000} for month in (4, 5, 6)})
    found = compared(told, [1], [STANDARD])
    assert set(found.changes.values()) == {0}
    assert found.settlements.is_empty() and found.suspicions.is_empty() and found.forecast.is_empty()
    assert found.payroll["state"].to_list() == ["可发放"]


def test_where_a_roll_holds_a_quarter_nobody_is_paid_its_sum_for_one_month() -> None:
    told = months(4, 6, {4: {1: 30000}}, date(2025, 6, 15))
    waits = compared(told, [1], [STANDARD, settled("pays_every", "quarter")])
    line = waits.payroll.filter(month="2025-06").row(0, named=True)
    assert line["state"] == "待决定"
    allowed = decision("待决定", line, "继续发", "pay")
    after = compared(told, [1], [STANDARD, settled("pays_every", "quarter")], decisions=allowed).payroll
    assert after.filter(month="2025-06").select("state", "fen").rows() == [("未定金额", None)]


def test_a_line_without_a_reason_is_decided_for_its_own_month_only() -> None:
    told = months(4, 6, {month: {1: 10000} for month in (4, 5, 6)})
    line = compared(told, [1], [STANDARD]).payroll.row(0, named=True)
    assert (line["state"], line["reason"]) == ("可发放", "")
    for month, state in (("2025-06", "决定不发"), ("2025-05", "可发放")):
        said = decision("待决定", line | {"month": month}, "停发", "decline")
        assert compared(told, [1], [STANDARD], decisions=said).payroll["state"].to_list() == [state]


def decision(sheet: str, line: dict[str, Any], word: str, effect: str) -> pl.DataFrame:
    """What an officer decided about a line of a list."""
    said = {
        "list": sheet,
        "decision": word,
        "effect": effect,
        "who": "试经办",
        "known": "2025-06",
        "because": line["reason"],
    }
    row = {name: said.get(name, line.get(name)) or "" for name in no_decisions().columns}
    return pl.DataFrame([row], schema=no_decisions().schema)


def test_a_renewal_without_its_date_of_application_is_asked_about_where_the_date_decides() -> None:
    told = months(4, 8, {5: {1: 10000}, 6: {2: 10000}, 7: {2: 10000}, 8: {2: 10000}}, date(2025, 4, 30))
    for at in (-2, -1):
        told[at] = Told(told[at].month, {1: LONG}, {1}, paid=told[at].paid, issued={1: date(2025, 7, 10)})
    rules = [STANDARD, settled("renewal_pays_from", "application"), settled("renewal_back_pay_months", 3)]
    asked = compared(told, [1, 2], rules).questions.filter(fact="person.renewal_applied_on")
    row = asked.row(0, named=True)
    assert asked.height == 1 and row["person"] == person(1) and (row["fen"], row["settles"]) == (20000, 1)
    assert row["question"].startswith("换证断档 2025-05、2025-06：") and row["label"] == "申请换证日期" and row["who"]
    by_issue = compared(told, [1, 2], [STANDARD, settled("renewal_pays_from", "issue")])
    assert by_issue.questions.filter(fact="person.renewal_applied_on").is_empty()
    told[-1] = Told("2025-08", {1: LONG}, {1}, issued={1: date(2025, 7, 10)}, applied={1: date(2025, 5, 9)})
    assert compared(told, [1, 2], rules).questions.filter(fact="person.renewal_applied_on").is_empty()


def test_a_register_that_never_says_when_renewals_were_applied_for_is_one_gap_of_its_source() -> None:
    people = list(range(60))
    paid = {1000: 10000}
    told = [Told(f"2025-{m:02}", dict.fromkeys(people, date(2025, 4, 30)), set(people), paid=paid) for m in (5, 6)]
    told += [
        Told(
            "2025-07",
            dict.fromkeys(people, LONG),
            set(people),
            paid=paid,
            issued=dict.fromkeys(people, date(2025, 7, 1)),
        )
    ]
    rules = [STANDARD, settled("renewal_pays_from", "application")]
    found = compared(told, [*people, 1000], rules)
    assert found.questions.filter(fact="person.renewal_applied_on").is_empty()
    gap = found.gaps.filter(fact="person.renewal_applied_on").row(0, named=True)
    assert gap["people"] == 60 and gap["supplier"] == "残疾证名册"
