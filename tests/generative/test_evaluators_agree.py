"""One truth: the plain evaluator, Polars and DuckDB give the same verdicts, amounts and reasons."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bulou.engine import decide_document
from bulou.engine.entitlements.examples import disagreements
from bulou.engine.pack import Pack
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
