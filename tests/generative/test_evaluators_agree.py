"""One truth: the plain evaluator, Polars and DuckDB give the same verdicts, amounts and reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.engine import decide_document
from bulou.engine.entitlements.compile import compile_kind
from bulou.engine.entitlements.everyone import given_in, run_polars
from bulou.engine.entitlements.examples import disagreements
from bulou.engine.facts.tables import Tables, tables_of_document
from bulou.engine.pack import Pack, Policy, policy_in_force
from tests.generative.packs import ON, documents, packs

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def agree(pack: Pack, document: dict[str, Any]) -> None:
    result = decide_document(pack, document, ON)
    assert list(disagreements(result)) == []


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(packs(), documents())
def test_three_evaluators_agree_on_random_packs_and_people(pack: Pack, document: dict[str, Any]) -> None:
    agree(pack, document)


@pytest.mark.long
@settings(max_examples=3000, deadline=None, suppress_health_check=SLOW)
@given(packs(), documents())
def test_three_evaluators_agree_at_length(pack: Pack, document: dict[str, Any]) -> None:
    agree(pack, document)


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(packs(), documents())
def test_a_fact_that_is_not_missing_cannot_change_an_unknown_verdict(pack: Pack, document: dict[str, Any]) -> None:
    """Every fact left open that is not named as missing may take any value: the verdict stays unknown."""
    before = {(d.programme, d.subject): d for d in decide_document(pack, document, ON).determinations}
    for person in document["people"]:
        for fact, value in (("b0", True), ("b1", False), ("b2", True), ("i", 2), ("c", "a")):
            if person.get(fact) is not None:
                continue
            changed = {**document, "people": [{**p, fact: value} if p is person else p for p in document["people"]]}
            for found in decide_document(pack, changed, ON).determinations:
                was = before[found.programme, found.subject]
                if was.verdict == "unknown" and found.subject == person["id"] and f"person.{fact}" not in was.missing:
                    assert found.verdict == "unknown", (fact, value, was)


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(packs(), documents(), st.data())
def test_deciding_only_some_programmes_by_what_they_read_changes_none_of_them(
    pack: Pack, document: dict[str, Any], data: st.DataObject
) -> None:
    result = decide_document(pack, document, ON)
    policy, tables = result.policy, tables_of_document(result.document, pack)
    every = [programme.name for programme in policy.of("person")]
    names = data.draw(st.lists(st.sampled_from(every), max_size=2, unique=True)) if every else []
    some = policy_in_force(pack, ON, result.document.settings, result.document.rolls, programmes=names)
    read = {"id", "household", *some.reads()}
    frames = {kind: frame.select(read & set(frame.collect_schema())) for kind, frame in tables.frames.items()}
    whole, part = (verdicts(one, has) for one, has in ((policy, tables), (some, replace(tables, frames=frames))))
    columns = [name for name in whole.columns if name.removesuffix("__fen") in names]
    assert part.select("id", *columns).equals(whole.select("id", *columns))


def verdicts(policy: Policy, tables: Tables) -> pl.DataFrame:
    return run_polars(compile_kind(policy, "person", given_in(tables)), tables).collect().sort("id")
