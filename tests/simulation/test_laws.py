"""Laws of looking ahead: one pass over both policies says what two runs say, bounds hold, sums and months agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bulou.engine import decide_document
from bulou.engine.basics.months import last_day
from bulou.engine.basics.problems import Refused
from bulou.engine.facts import check_document
from bulou.engine.facts.month_settings import DatedSetting
from bulou.engine.facts.tables import tables_of_document
from bulou.engine.pack import Pack, policy_in_force
from bulou.engine.simulation.forecast.forecast import Look, forecast
from bulou.engine.simulation.parts import merged
from bulou.engine.simulation.population import Population
from bulou.engine.simulation.simulate.outcome import changed_programmes, outcomes
from bulou.engine.simulation.simulate.simulate import Wanted, decide_both, simulate
from bulou.engine.simulation.simulate.simulation import ALL, BALANCES, COUNTS
from bulou.engine.simulation.wishes import Wish
from tests.generative.packs import DERIVED, GIVEN, ON, documents, known_type, packs, values_of
from tests.simulation.crowd import crowd

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
STATE_OF = {("no", "yes"): "gained", ("yes", "no"): "lost", ("yes", "yes"): "kept", ("no", "no"): "neither"}


def population_of(document: dict[str, Any], pack: Pack, areas: list[dict[str, Any]] | None = None) -> Population:
    checked = check_document(document, pack)
    given_settings = tuple(DatedSetting(name, value, None, "") for name, value in checked.settings.items())
    schema = dict.fromkeys(("id", "county", "township"), pl.String)
    return Population(
        tables_of_document(checked, pack), pl.DataFrame(areas or [], schema=schema), checked.rolls, given_settings
    )


def rows_of(before: Pack, after: Pack, document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """(programme, subject) → the outcome that one pass gives, for subjects that are not in state neither."""
    people = population_of(document, before)
    on = people.settings_on(ON)
    both = merged(policy_in_force(before, ON, on, people.rolls), policy_in_force(after, ON, on, people.rolls))
    frames = decide_both(both, people)
    return {
        (one.name, row["id"]): row
        for one in changed_programmes(both.pairs)
        if one.subject in frames
        for row in outcomes(frames[one.subject], one).iter_rows(named=True)
    }


def decided(pack: Pack, document: dict[str, Any]) -> dict[tuple[str, str], tuple[str, int | None]]:
    """(programme, subject) → verdict and fen, by the plain evaluator."""
    found = {}
    for d in decide_document(pack, document, ON).determinations:
        fen = None if d.as_json()["amount"] is None else round(float(d.as_json()["amount"]) * 100)
        found[d.programme, d.subject] = (d.verdict, 0 if d.verdict == "no" else fen)
    return found


def sides(
    before: Pack, after: Pack, document: dict[str, Any]
) -> dict[tuple[str, str], tuple[tuple[str, int | None], tuple[str, int | None]]]:
    one, other, no = decided(before, document), decided(after, document), ("no", 0)
    return {key: (one.get(key, no), other.get(key, no)) for key in {*one, *other}}


@st.composite
def two_packs(draw: st.DrawFn) -> tuple[Pack, Pack]:
    """Two packs of the same facts: of each programme the second keeps all, its amount, its conditions, or nothing."""
    before, other = draw(packs()), draw(packs())
    programmes = dict(other.programmes)
    for name, one in before.programmes.items():
        second = programmes.get(name, one)
        kept = draw(st.sampled_from(["all", "amount", "conditions", "nothing"]))
        if kept == "all":
            programmes[name] = one
        elif kept != "nothing":
            programmes[name] = (
                replace(one, amounts=second.amounts)
                if kept == "conditions"
                else replace(one, conditions=second.conditions)
            )
    facts = other.facts if draw(st.booleans()) else before.facts
    ordered = {name: programmes[name] for name in sorted(programmes)}
    known = {
        name: replace(one, not_with=tuple(n for n in one.not_with if n in ordered)) for name, one in ordered.items()
    }
    return before, replace(other, programmes=known, facts=facts)


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(two_packs(), documents())
def test_one_pass_says_what_two_runs_say(both: tuple[Pack, Pack], document: dict[str, Any]) -> None:
    one_pass_and_two_runs(*both, document)


@pytest.mark.long
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(two_packs(), documents())
def test_one_pass_says_what_two_runs_say_at_length(both: tuple[Pack, Pack], document: dict[str, Any]) -> None:
    one_pass_and_two_runs(*both, document)


def one_pass_and_two_runs(before: Pack, after: Pack, document: dict[str, Any]) -> None:
    rows = rows_of(before, after, document)
    for key, ((verdict1, fen1), (verdict2, fen2)) in sides(before, after, document).items():
        row = rows.get(key)
        expected = STATE_OF.get((verdict1, verdict2))
        if row is None:
            same = key[0] in before.programmes and key[0] in after.programmes
            assert expected == "neither" or (same and verdict1 == verdict2 and fen1 == fen2)
        elif expected is None:
            assert row["state"] in ("same", "unsettled")
        else:
            assert row["state"] == expected
            if fen1 is not None and fen2 is not None and (row["fen_before"] or row["fen_after"]):
                assert (row["fen_before"], row["fen_after"], row["difference"]) == (fen1, fen2, fen2 - fen1)


@settings(max_examples=12, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(two_packs(), documents(), st.data())
def test_what_is_undecided_stays_within_its_bounds_when_it_becomes_known(
    both: tuple[Pack, Pack], document: dict[str, Any], data: st.DataObject
) -> None:
    undecided_within_bounds(*both, document, data)


@pytest.mark.long
@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(two_packs(), documents(), st.data())
def test_what_is_undecided_stays_within_its_bounds_at_length(
    both: tuple[Pack, Pack], document: dict[str, Any], data: st.DataObject
) -> None:
    undecided_within_bounds(*both, document, data)


def undecided_within_bounds(before: Pack, after: Pack, document: dict[str, Any], data: st.DataObject) -> None:
    rows = rows_of(before, after, document)
    if not any(row["state"] in ("same", "unsettled") for row in rows.values()):
        return
    full = filled(document, data)
    for key, ((verdict1, fen1), (verdict2, fen2)) in sides(before, after, full).items():
        row = rows.get(key)
        if row is None or row["state"] not in ("same", "unsettled"):
            continue
        if row["state"] == "same":
            assert verdict1 == verdict2
        if (verdict1, verdict2) == ("no", "yes"):
            assert row["might_gain"]
        if (verdict1, verdict2) == ("yes", "no"):
            assert row["might_lose"]
        money = any(p.programmes[key[0]].amounts for p in (before, after) if key[0] in p.programmes)
        if money and fen1 is not None and fen2 is not None:
            if row["difference"] is not None:
                assert fen2 - fen1 == row["difference"]
            elif not row["unbounded"]:
                assert row["fen_low"] <= fen2 - fen1 <= row["fen_high"]


def filled(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The document with a value for every given fact of people and households that nobody had said."""

    def fill(row: dict[str, Any], kind: str) -> dict[str, Any]:
        more = {}
        for name in GIVEN:
            scope, _, short = name.partition(".")
            if scope == kind and row.get(short) is None:
                value = data.draw(values_of(known_type(name)))
                more[short] = value.isoformat() if isinstance(value, date) else value
        return {**row, **more}

    people = [fill(row, "person") for row in document["people"]]
    return {**document, "people": people, "households": [fill(row, "household") for row in document["households"]]}


@settings(max_examples=3, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(packs(), packs(), documents())
def test_gained_less_lost_is_the_difference_of_totals_in_every_breakdown(
    before: Pack, after: Pack, document: dict[str, Any]
) -> None:
    areas = [
        {"id": row["id"], "county": f"县{at % 2}", "township": f"乡{at % 3}"}
        for at, row in enumerate(document["people"])
    ]
    people = population_of(document, before, areas)
    result = simulate(before, people, ON, Wanted(against=replace(after, digest="other"), lists=True))
    assert {one.name for one in result.breakdowns} == {"county", "township"}
    cells = result.cells
    assert cells.filter(
        pl.col("fen_gained") - pl.col("fen_lost") != pl.col("fen_after") - pl.col("fen_before")
    ).is_empty()
    for programme in cells["programme"].unique():
        sums = {
            name: cells.filter(pl.col("programme") == programme, pl.col("breakdown") == name)
            .select(COUNTS)
            .sum()
            .row(0)
            for name in (ALL, "county", "township")
        }
        assert len(set(sums.values())) == 1
    totals = sides(before, after, document)
    for one in result.programmes:
        mine = [pair for key, pair in totals.items() if key[0] == one.name]
        gained = sum(1 for (v1, _), (v2, _) in mine if (v1, v2) == ("no", "yes"))
        assert result.total(one.name)["gained"] == gained


AMOUNTS = ["120", "CASE WHEN person.grade = 1 THEN 120 ELSE region.rate END"]
"""With the second one some keep their amount, which could be worked out from those who do not."""


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(st.integers(0, 2**32), st.integers(2, 12), st.sampled_from([2, 3, 4]), st.sampled_from(AMOUNTS))
@example(seed=4, limit=5, grade=2, amount=AMOUNTS[1])
def test_no_small_count_is_left_and_what_is_left_still_adds_up(seed: int, limit: int, grade: int, amount: str) -> None:
    pack, people = crowd(seed)
    wishes = (Wish("condition", f"subsidy.grade=person.grade <= {grade}"), Wish("amount", f"subsidy={amount}"))
    try:
        result = simulate(pack, people, ON, Wanted(wishes=wishes, suppress=limit))
    except Refused as refused:
        assert [problem.code for problem in refused.problems] == ["too-few-people"]
        return
    whole = simulate(pack, people, ON, Wanted(wishes=wishes))
    shown = result.cells.with_columns(level=pl.col("kept") - pl.col("more") - pl.col("less"))
    for name in (*COUNTS, "level"):
        assert shown.filter(pl.col(name) > 0, pl.col(name) < limit).is_empty(), name
    for table in (result.people, result.households):
        assert table.filter(pl.any_horizontal((pl.col(n) > 0) & (pl.col(n) < limit) for n in BALANCES)).is_empty()
    money = ("fen_before", "fen_after", "fen_gained", "fen_lost")
    for breakdown in shown["breakdown"].unique():
        sums = shown.filter(pl.col("breakdown") == breakdown).select(money).sum().row(0)
        assert sums == whole.cells.filter(pl.col("breakdown") == ALL).select(money).sum().row(0)
    assert result.lists is None


@settings(max_examples=3, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(packs(), documents(), st.sets(st.integers(1, 14), min_size=1, max_size=3))
def test_every_month_of_a_forecast_is_what_deciding_that_day_gives(
    pack: Pack, document: dict[str, Any], looked_at: set[int]
) -> None:
    derived = {name.partition(".")[2] for name in DERIVED}
    plain = {
        **document,
        "people": [{k: v for k, v in row.items() if k not in derived} for row in document["people"]],
        "households": [{k: v for k, v in row.items() if k not in derived} for row in document["households"]],
    }
    result = forecast(pack, population_of(plain, pack), ON, Look(months=14))
    for step in looked_at:
        month = result.months[step]
        expected: dict[str, list[int]] = {}
        for d in decide_document(pack, plain, last_day(month)).determinations:
            counts = expected.setdefault(d.programme, [0, 0, 0])
            counts[0] += d.verdict == "yes"
            counts[1] += d.verdict == "unknown"
            if d.verdict == "yes" and d.as_json()["amount"] is not None:
                counts[2] += round(float(d.as_json()["amount"]) * 100)
        rows = result.costs.filter(pl.col("month") == month).select("programme", "due", "unknown", "fen").rows()
        found = {name: counts for name, *counts in rows if name in expected or any(counts)}
        assert found == expected
