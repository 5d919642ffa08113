"""Some facts of a month are what they are among all of them, however little of the rolls is read for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.engine.facts.history import History, RollRead, load_history, save_history
from bulou.engine.facts.on_month import REGISTER, MonthFacts, Renewals, Wanted, facts_on
from bulou.engine.intake import read_templates
from bulou.engine.pack import absent_value, read_pack
from tests.differences.histories import id_no, person

MONTH, AFTER = "2025-06", "2025-07"
PACK, TEMPLATES = read_pack("cn"), read_templates()
PEOPLE = range(1, 7)
ROLLS: dict[str, dict[str, list[Any]]] = {
    "certificate_register": {
        "person": [1, 2, 3, 3, None],
        "name": ["试一", "试二", "试三", "试三", "试六"],
        "household_no": ["H1", "H2", None, "H1", "H3"],
        "cert_status": ["valid", None, None, "cancelled", "valid"],
        "grade": [1, None, 4, 3, 2],
        "renewal_applied_on": ["2025-06-20", None, None, "2025-06-30", None],
        "issued_on": ["2025-07-02", "2020-01-01", None, "2025-07-05", None],
    },
    "dibao_roll": {"person": [1, 4], "household_no": ["H1", "H4"], "single_unit": [True, None]},
    "dibao_edge_roll": {"person": [2, 5], "household_no": ["H2", "H4"], "hardship_kind": ["edge", None]},
    "monitoring_roll": {"person": [3], "household_no": ["H1"], "monitor_category": ["unstable"]},
    "deaths": {"person": [3, 5, 6], "event_date": ["2025-06-01", None, "2026-01-01"]},
    "elder_care_roll": {"person": [6, 6], "elder_benefit": ["old_age", None], "amount": [8000, None]},
    "tekun_roll": {"person": [6]},
    "orphan_roll": {"person": [2, 4], "child_kind": ["orphan", None]},
}
"""Rolls on which most of what may happen happens: blanks, several rows of a person, rows of nobody."""

DATES = dict.fromkeys(("renewal_applied_on", "issued_on", "event_date"), pl.Date)
STATED = sorted({s.fact for kind in ROLLS for s in TEMPLATES.kinds[kind].supplies} & set(PACK.facts))
SURE = ["certificate_register", "dibao_roll", "low_income_roll", "payment_roll", "tekun_roll"]


def roll(kind: str, month: str) -> RollRead:
    rows = {**ROLLS[kind], "person": [None if n is None else person(n) for n in ROLLS[kind]["person"]]}
    frame = pl.DataFrame(rows, schema_overrides={"person": pl.String})
    frame = frame.with_columns(pl.col(name).str.to_date() for name in DATES if name in frame.columns)
    place = [pl.lit("x.xlsx").alias("file"), pl.lit("1").alias("sheet"), pl.lit(1, pl.UInt32).alias("row")]
    nobody = ("试六", "试二") if kind in ("orphan_roll", "dibao_roll") else ()
    return RollRead(kind, month, month, frame.with_columns(place), nobody)


@cache
def history() -> History:
    names = [f"试{word}" for word in "一二三四五六"]
    rows = {"person": [person(n) for n in PEOPLE], "id_no": [id_no(n) for n in PEOPLE], "name": names}
    found = History()
    for month in (MONTH, AFTER):
        rolls = [roll(kind, month) for kind in ROLLS]
        found = found.with_month(rolls, pl.DataFrame(rows), month, frozenset(SURE), month)
    return found


def facts(of: History, wanted: Sequence[str] | None) -> MonthFacts:
    some = None if wanted is None else Wanted(frozenset(wanted))
    return facts_on(of, MONTH, AFTER, PACK, TEMPLATES, renewals=Renewals(None), wanted=some)


def same(some: MonthFacts, whole: MonthFacts, wanted: Sequence[str]) -> None:
    assert some.complete & set(wanted) == whole.complete & set(wanted)
    assert some.tables.never_unknown & set(wanted) == whole.tables.never_unknown & set(wanted)
    for kind in ("person", "household"):
        every, part = (facts.tables.frames[kind].collect() for facts in (whole, some))
        stands = [name for name in every.columns if name in {"id", "household", *wanted}]
        assert part.select(stands).equals(every.select(stands))
        assert not {name for name in part.columns if name in wanted} - set(stands)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(STATED), max_size=5, unique=True))
def test_facts_wanted_are_the_same_facts(wanted: list[str]) -> None:
    same(facts(history(), wanted), facts(history(), None), wanted)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(STATED), max_size=5, unique=True), st.sets(st.sampled_from(PEOPLE)))
def test_of_the_people_wanted_the_same_is_known(wanted: list[str], numbers: set[int]) -> None:
    people = pl.Series("person", [person(n) for n in numbers], dtype=pl.String)
    read = Wanted(frozenset(wanted), people)
    some = facts_on(history(), MONTH, AFTER, PACK, TEMPLATES, renewals=Renewals(None), wanted=read)
    every, part = (as_known(found, wanted) for found in (facts(history(), None), some))
    assert part.equals(every.filter(pl.col("id").is_in(people.implode())))


def as_known(of: MonthFacts, wanted: Sequence[str]) -> pl.DataFrame:
    """id and the facts of people, with what their absence means."""
    table = of.tables.frames["person"].collect()
    about = [PACK.facts[name] for name in wanted if name.startswith("person.")]
    known = {}
    for fact in about:
        given = pl.col(fact.name) if fact.name in table.columns else pl.lit(None)
        known[fact.name] = pl.coalesce(given, pl.lit(absent_value(fact, of.complete)))
    return table.select("id", **known)


@pytest.mark.parametrize("wanted", [[], ["person.is_dead"], ["household.dibao_edge", "person.dibao"], STATED])
def test_of_a_kept_roll_only_the_columns_wanted_are_read(wanted: list[str], tmp_path: Path) -> None:
    save_history(history(), tmp_path)
    kept = load_history(tmp_path)
    assert kept is not None
    some = facts(kept, wanted)
    assert not [roll.kind for roll in kept.rolls if "frame" in roll.__dict__ and roll.kind != REGISTER]
    same(some, facts(history(), None), wanted)
