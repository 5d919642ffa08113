"""The probability model: it proposes to a person, orders what is under review, and never links."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from bulou.engine.basics.problems import Refused
from bulou.engine.matching import Matched, Model, match_rows, read_model, train_model, write_model
from bulou.engine.synthetic.linkage import MatchCase, make_match_case
from tests.matching.people import answer

pytest.importorskip("splink", reason="the extra bulou[match] is not installed")
SIZE = 3_000
WITHOUT_ID = ("row", "name", "sex", "birth_date", "village", "phone")


@pytest.fixture(scope="module")
def model() -> Model:
    """Trained on one month …"""
    case = make_match_case(SIZE, seed=1)
    links = match_rows(case.registry, case.rows).links
    return train_model(case.registry, case.rows, links, pairs=100_000)


@pytest.fixture(scope="module")
def case() -> MatchCase:
    """… and applied to other people."""
    return make_match_case(SIZE, seed=2)


@pytest.fixture(scope="module")
def plain(case: MatchCase) -> Matched:
    return match_rows(case.registry, case.rows.select(WITHOUT_ID))


@pytest.fixture(scope="module")
def proposed(case: MatchCase, model: Model) -> Matched:
    return match_rows(case.registry, case.rows.select(WITHOUT_ID), model=model)


def test_a_model_changes_no_link(plain: Matched, proposed: Matched) -> None:
    linked = pl.col("person_id").is_not_null()
    assert proposed.links.filter(linked).equals(plain.links.filter(linked))
    assert sum(proposed.counts.values()) == plain.links.height


def test_what_a_model_finds_is_for_a_person_to_judge(plain: Matched, proposed: Matched) -> None:
    new = proposed.links.filter(pl.col("stage").is_in(["model", "model_sure"]))
    assert new.height > 20
    assert set(new["outcome"]) == {"review"} and new["person_id"].null_count() == new.height
    assert new["score"].is_between(0.5, 1.0).all()
    assert set(new["row"]) <= set(proposed.candidates.filter(pl.col("rank") == 1)["row"])
    settled = plain.links.filter(pl.col("outcome") == "not_registered")
    assert settled.join(new, on="row").is_empty()


def test_near_certain_proposals_are_right(case: MatchCase, proposed: Matched) -> None:
    sure = proposed.links.filter(pl.col("stage") == "model_sure").select("row")
    first = (
        proposed.candidates.filter(pl.col("rank") == 1).join(sure, on="row").join(case.truth, on="row", suffix="_right")
    )
    assert first.height > 20
    assert (first["person_id"] == first["person_id_right"]).fill_null(False).mean() >= 0.97  # type: ignore[operator]


def test_candidates_come_in_order_of_likelihood(proposed: Matched) -> None:
    scored = proposed.candidates.drop_nulls("score")
    steps = scored.select((pl.col("score").diff() > 1e-12).over("row").alias("rises"))
    assert not steps["rises"].fill_null(False).any()


def test_a_pair_somebody_ruled_out_is_not_proposed_again(case: MatchCase, model: Model, proposed: Matched) -> None:
    from bulou.engine.matching.decisions import DIFFERENT
    from bulou.engine.matching.marks import row_keys
    from bulou.engine.matching.people import prepared_rows

    one = proposed.candidates.filter(pl.col("rank") == 1).join(
        proposed.links.filter(pl.col("stage") == "model_sure").select("row"), on="row"
    )
    row, person = one.row(0)[:2]
    typed = case.rows.select(WITHOUT_ID)
    key = row_keys(prepared_rows(typed.filter(pl.col("row") == row)))[0]
    ruled = answer(case.registry, key, person, DIFFERENT)
    again = match_rows(case.registry, typed, decisions=ruled, model=model)
    assert again.candidates.filter(pl.col("row") == row, pl.col("person_id") == person).is_empty()


def test_a_saved_model_is_the_same_model(case: MatchCase, model: Model, proposed: Matched, tmp_path: Path) -> None:
    write_model(model, tmp_path / "model.json")
    again = match_rows(case.registry, case.rows.select(WITHOUT_ID), model=read_model(tmp_path / "model.json"))
    assert again.links.equals(proposed.links) and again.candidates.equals(proposed.candidates)


def test_a_model_changed_by_hand_is_refused(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    write_model(model, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["settings"]["probability_two_random_records_match"] = 0.9
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Refused, match="model-changed"):
        read_model(path)
    path.write_text("not json", encoding="utf-8")
    with pytest.raises(Refused, match="not-a-model"):
        read_model(path)


def test_no_model_from_a_month_without_links(case: MatchCase, plain: Matched) -> None:
    none = plain.links.with_columns(pl.lit("none").alias("outcome"))
    with pytest.raises(Refused, match="too-few-links"):
        train_model(case.registry, case.rows, none)
