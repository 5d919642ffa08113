"""What holds for every registry and every list."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.engine.matching import match_rows
from bulou.engine.matching.decisions import no_decisions, with_decisions
from bulou.engine.matching.marks import row_keys
from bulou.engine.matching.match import STAGES
from bulou.engine.matching.people import prepared_registry, prepared_rows
from tests.intake.files import id_of
from tests.matching.people import answer, person, registry, rows, wrong_digit

NAMES = st.sampled_from(["王伟", "王偉", "王微", "王小伟", "王?", "李伟", "王大伟", ""])
DAYS = ("19800101", "19800102")
VILLAGES = st.sampled_from(["东村", "西村", None])
PHONES = st.sampled_from(["12900000001", "12900000002", None])


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A small registry full of namesakes and neighbours, and rows with every kind of slip."""
    people = [
        person(f"p{n}", draw(st.integers(1, 6)), draw(NAMES), draw(st.sampled_from(DAYS)), village=draw(VILLAGES),
               phone=draw(PHONES), relative_ids=draw(st.sampled_from([None, [id_of(1)], [id_of(900)]])))
        for n in range(draw(st.integers(0, 6)))
    ]  # fmt: skip
    given = []
    for _ in range(draw(st.integers(1, 6))):
        number = id_of(draw(st.integers(1, 8)), draw(st.sampled_from(DAYS)))
        number = draw(st.sampled_from([number, wrong_digit(number), number[:15] + "000", number[1:], None, "无", "?"]))
        birth = draw(st.sampled_from(["1980-01-01", "1980-01-02", None]))
        sex = draw(st.sampled_from(["男", "女", None]))
        given.append({"id_number": number, "name": draw(NAMES), "birth_date": birth, "sex": sex,
                      "village": draw(VILLAGES), "phone": draw(PHONES)})  # fmt: skip
    return people, given


def told(links: pl.DataFrame) -> list[tuple[Any, ...]]:
    return links.select("row", "person_id", "outcome", "stage", "name_grade", "repaired").sort("row").rows()


@settings(max_examples=12, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_order_decides_nothing(case: tuple[list[dict[str, Any]], list[dict[str, Any]]], shuffle: Any) -> None:
    people, given = case
    first = match_rows(registry(*people), rows(*given))
    mixed = people[:]
    shuffle.shuffle(mixed)
    again = match_rows(registry(*mixed), rows(*given).sample(fraction=1, shuffle=True, seed=shuffle.randint(0, 99)))
    assert told(first.links) == told(again.links)
    assert first.registry_version == again.registry_version


@settings(max_examples=12, deadline=None)
@given(cases())
def test_a_valid_number_that_nobody_has_is_never_compared_by_name(
    case: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    people, given = case
    given = [one for one in given if one["id_number"] is None or not one["id_number"].endswith("000")]
    known = {one["id_number"] for one in people} | {kin for one in people for kin in one["relative_ids"] or ()}
    found = match_rows(registry(*people), rows(*given)) if given else None
    for row, link in zip(given, found.links.iter_rows(named=True) if found else (), strict=True):
        number = row["id_number"]
        valid = number in {id_of(n, day) for n in range(1, 9) for day in DAYS}
        if valid and number not in known:
            assert (link["outcome"], link["person_id"]) == ("not_registered", None)


@settings(max_examples=12, deadline=None)
@given(cases())
def test_every_row_is_settled_once_and_the_counts_add_up(
    case: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    people, given = case
    found = match_rows(registry(*people), rows(*given))
    assert found.links["row"].to_list() == list(range(1, len(given) + 1))
    assert sum(found.counts.values()) == len(given)
    linked = pl.col("outcome").is_in(["linked", "relative"])
    assert found.links.filter(linked != pl.col("person_id").is_not_null()).is_empty()
    assert found.candidates.filter(~pl.col("row").is_in(_rows_of(found.links, "review").implode())).is_empty()
    waiting, everybody = prepared_rows(rows(*given)), prepared_registry(registry(*people))
    for stage in STAGES:
        settled = stage(waiting, everybody).settled
        assert settled["at"].is_unique().all()
        waiting = waiting.join(settled, on="at", how="anti")


def _rows_of(links: pl.DataFrame, outcome: str) -> pl.Series:
    return links.filter(pl.col("outcome") == outcome)["row"]


@settings(max_examples=12, deadline=None)
@given(cases(), st.sampled_from(["same", "different", "unsure"]), st.integers(0, 5), st.integers(0, 5))
def test_a_machine_never_overrides_a_person(
    case: tuple[list[dict[str, Any]], list[dict[str, Any]]], decision: str, row: int, whom: int
) -> None:
    people, given = case
    if not people:
        return
    row, key = row % len(given), people[whom % len(people)]["person_id"]
    marks = row_keys(prepared_rows(rows(*given)))
    known = with_decisions(no_decisions(), answer(registry(*people), marks[row], key, decision))
    link = match_rows(registry(*people), rows(*given), known).links.row(row, named=True)
    if decision == "same":
        assert (link["person_id"], link["stage"]) == (key, "decided")
    else:
        assert link["person_id"] != key
