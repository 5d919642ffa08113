"""What asking promises, held against every answer there could be, worked out for all of them by Polars."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou import engine
from bulou.engine.basics.days import Period
from bulou.engine.pack import Pack
from bulou.engine.pack import model as m
from tests.generative import packs as made
from tests.generative.packs import GIVEN, HERE, ON, documents, packs, values_of

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
ANSWERS: dict[str, list[Any]] = {
    "person.b0": [True, False],
    "person.b1": [True, False],
    "person.b2": [True, False],
    "person.c": ["a", "b", "c"],
    "person.i": list(range(10)),
}
"""Every answer that the facts of these small packs can have."""


@st.composite
def small_packs(draw: st.DrawFn) -> Pack:
    """One to three programmes of one person; some facts have no question, the region's are mostly unset."""
    readable = [*ANSWERS, "region.b"]
    programmes = {
        name: _programme(name, draw(st.lists(made.tests(readable), min_size=1, max_size=3))) for name in "pqr"
    }
    facts = {}
    for name in [*ANSWERS, "region.b", "region.n"]:
        question = draw(st.sampled_from(["？", "？", "？", ""])) if name in ANSWERS else "？"
        words = {code: code for code in GIVEN[name].codes}
        facts[name] = m.FactDefinition(name, GIVEN[name], name, name, question, "roll", "unknown", words, (), "", HERE)
    return _pack(facts, programmes)


def _programme(name: str, conditions: list[str]) -> m.Programme:
    return m.Programme(
        name=name, title=name, subject="person", gives="cash", force="must", pays="month", period=Period(), switch="",
        amounts=(), amount_set_by="", amount_is_floor=False, cite="doc", covers=(), stacks_with=(), not_with=(),
        conditions=tuple(
            m.Condition(f"c{i}", text, f"c{i}", "doc", Period(), i % 2 == 1, HERE) for i, text in enumerate(conditions)
        ),
        lasts_months="", confidence="seen", note="", origin=HERE,
    )  # fmt: skip


def _pack(facts: dict[str, m.FactDefinition], programmes: dict[str, m.Programme]) -> Pack:
    roll = m.Supplier("roll", "名册", "roll", "")
    return Pack(
        region="gen", name="gen", status="issued", chain=("gen",), documents={}, suppliers={"roll": roll},
        facts=facts, parameters={}, programmes=programmes, groups={}, duties={}, processes={}, indicators={},
        checks={}, questions={}, rules={}, examples=(), digest="gen",
    )  # fmt: skip


def every_answer(pack: Pack, known: dict[str, Any], region: dict[str, Any]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The verdicts of all programmes for every way to answer, or not to answer, what can be asked."""
    ways = [
        [known[name]] if known.get(name) is not None else [None, *values] if pack.facts[name].question else [None]
        for name, values in ANSWERS.items()
    ]
    rows = list(product(*ways))
    frame = pl.DataFrame(
        {"id": [str(at) for at in range(len(rows))]}
        | {
            name.removeprefix("person."): pl.Series([row[at] for row in rows], dtype=_dtype(values))
            for at, (name, values) in enumerate(ANSWERS.items())
        }
    )
    decided = engine.decide(pack, frame, on=ON, region=region)["person"]
    assert decided["id"].to_list() == frame["id"].to_list()
    return dict(zip(rows, decided.select(*pack.programmes).iter_rows(), strict=True))


def _dtype(values: list[Any]) -> Any:
    return {bool: pl.Boolean, int: pl.Int64, str: pl.String}[type(values[0])]


KNOWN = st.fixed_dictionaries({name: st.none() | values_of(GIVEN[name]) for name in ANSWERS})


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(small_packs(), KNOWN, st.data())
def test_only_what_can_change_an_open_programme_is_asked_and_all_of_it(
    pack: Pack, known: dict[str, Any], data: st.DataObject
) -> None:
    answer_to_the_end(pack, known, data)


@pytest.mark.long
@settings(max_examples=2000, deadline=None, suppress_health_check=SLOW)
@given(small_packs(), KNOWN, st.data())
def test_the_same_at_length(pack: Pack, known: dict[str, Any], data: st.DataObject) -> None:
    answer_to_the_end(pack, known, data)


def answer_to_the_end(pack: Pack, known: dict[str, Any], data: st.DataObject) -> None:
    """At random; each question can decide something open, and after the last nothing open could be decided."""
    region = {"b": data.draw(st.none() | st.booleans())}
    verdicts = every_answer(pack, known, region)
    names = list(ANSWERS)
    person = {name.removeprefix("person."): value for name, value in known.items() if value is not None}
    interview = engine.interview(pack, {"people": [{"id": "p", **person}], "region": region}, ON)
    now = tuple(known[name] for name in names)
    while question := interview.next():
        at = names.index(question.asked.fact)
        assert now[at] is None
        still_open = [p for p, verdict in enumerate(verdicts[now]) if verdict is None]
        ways = [way for way in verdicts if way[at] is None and _goes_on(now, way)]
        assert any(
            verdicts[way][p] != verdicts[(*way[:at], value, *way[at + 1 :])][p]
            for way in ways
            for value in ANSWERS[names[at]]
            for p in still_open
        ), (question.asked, now)
        value = data.draw(st.sampled_from(ANSWERS[names[at]]))
        interview.answer(question.asked, value)
        now = (*now[:at], value, *now[at + 1 :])
    ends = [verdict for way, verdict in verdicts.items() if _goes_on(now, way)]
    for p, verdict in enumerate(verdicts[now]):
        assert verdict is not None or all(end[p] is None for end in ends), now


def _goes_on(now: tuple[Any, ...], way: tuple[Any, ...]) -> bool:
    return all(value is None or value == later for value, later in zip(now, way, strict=True))


@settings(max_examples=6, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(packs(), documents(), st.data())
def test_every_interview_ends_asks_nothing_twice_and_changes_nothing_but_by_its_answers(
    pack: Pack, document: dict[str, Any], data: st.DataObject
) -> None:
    """With households, members, definitions and groups; a skipped question stays unknown."""
    interview = engine.interview(pack, document, ON)
    seen = set()
    while question := interview.next():
        assert question.asked not in seen
        seen.add(question.asked)
        value = data.draw(st.none() | values_of(question.fact.type))
        if value is None or isinstance(value, list):
            interview.skip(question.asked)
        else:
            interview.answer(question.asked, value)
    answered = engine.as_json(interview.result())
    assert answered == engine.as_json(engine.decide_document(pack, interview.document, ON))
    for kind, id, fact in seen & interview.skipped:
        rows = interview.document[{"person": "people", "household": "households"}[kind]]
        assert next(row for row in rows if row["id"] == id).get(fact.partition(".")[2]) is None


def test_a_question_without_effect_in_another_condition_is_not_asked() -> None:
    """x >= 3 OR f, with x >= 3 required besides: f can never decide it, however open it looks."""
    pack = _pack(
        {
            name: m.FactDefinition(name, GIVEN[name], name, name, "？", "roll", "unknown", {}, (), "", HERE)
            for name in ("person.i", "person.b0")
        },
        {"p": replace(_programme("p", ["person.i >= 3 OR person.b0", "person.i < 3"]), amounts=())},
    )
    interview = engine.interview(pack, {"people": [{"id": "p"}]}, ON)
    question = interview.next()
    assert question and question.asked.fact == "person.i"
    interview.answer(question.asked, 5)
    assert interview.next() is None


def test_a_question_without_effect_is_not_asked_though_every_programme_reads_it() -> None:
    """Each needs a fact of its own, by which "b0 or that fact" holds too: b0 saves nothing in any of them."""
    own = [f"person.k{at}" for at in range(8)]
    facts = {
        name: m.FactDefinition(name, GIVEN["person.b0"], name, name, "？", "roll", "unknown", {}, (), "", HERE)
        for name in ("person.b0", *own)
    }
    programmes = {
        f"p{at}": _programme(f"p{at}", [f"person.b0 OR {name}", f"NOT {name}"]) for at, name in enumerate(own)
    }
    interview = engine.interview(_pack(facts, programmes), {"people": [{"id": "p"}]}, ON)
    asked = []
    while question := interview.next():
        asked.append(question.asked.fact)
        interview.answer(question.asked, True)
    assert sorted(asked) == own


def test_an_answer_that_settles_nothing_yet_is_not_taken_for_one_that_does() -> None:
    """b0 true leads to b1, which nobody can tell; b0 false settles it: it is worth asking."""
    facts = {
        name: m.FactDefinition(name, GIVEN[name], name, name, question, "roll", "unknown", {}, (), "", HERE)
        for name, question in (("person.b0", "？"), ("person.b1", ""))
    }
    pack = _pack(facts, {"p": _programme("p", ["CASE WHEN person.b0 THEN person.b1 ELSE 1 = 1 END"])})
    question = engine.interview(pack, {"people": [{"id": "p"}]}, ON).next()
    assert question and question.asked.fact == "person.b0"
