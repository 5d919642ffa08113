"""Invented people and rows for matching; every number has a right check character and an obviously made-up sequence."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from bulou.engine.matching import Matched, match_rows
from bulou.engine.matching.decisions import no_decisions
from bulou.engine.matching.marks import person_marks
from bulou.engine.matching.people import REGISTRY, ROWS, prepared_registry
from tests.intake.files import id_of

SCHEMA = dict.fromkeys(REGISTRY, pl.String) | {"birth_date": pl.Date, "relative_ids": pl.List(pl.String)}


def person(key: str, number: int, name: str, born: str = "19800101", **more: Any) -> dict[str, Any]:
    id_number = id_of(number, born)
    sex = "男" if int(id_number[16]) % 2 else "女"
    known = {"person_id": key, "id_number": id_number, "name": name, "sex": sex}
    day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    return {**dict.fromkeys(REGISTRY), **known, "birth_date": day, **more}


def registry(*people: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(people, schema=SCHEMA)


def rows(*given: dict[str, Any]) -> pl.DataFrame:
    schema = dict.fromkeys(ROWS, pl.String) | {"row": pl.Int64}
    return pl.DataFrame(
        [{**dict.fromkeys(ROWS), "row": number, **one} for number, one in enumerate(given, 1)], schema=schema
    )


def matched(people: list[dict[str, Any]], *given: dict[str, Any]) -> Matched:
    found = match_rows(registry(*people), rows(*given))
    assert found.links["row"].to_list() == list(range(1, len(given) + 1))
    assert sum(found.counts.values()) == len(given)
    return found


def matched_with(people: list[dict[str, Any]], decisions: pl.DataFrame, *given: dict[str, Any]) -> Matched:
    """As `matched`, with what people said before."""
    return match_rows(registry(*people), rows(*given), decisions)


def one(people: list[dict[str, Any]], **row: Any) -> tuple[str | None, str, str]:
    """person_id, outcome and stage of a single row."""
    return matched(people, row).links.select("person_id", "outcome", "stage").row(0)


def answer(registry: pl.DataFrame, key: str, person_id: str, decision: str) -> pl.DataFrame:
    """What somebody said about a row, by its key, and a person of a registry."""
    people = prepared_registry(registry.filter(pl.col("person_id") == person_id))
    said = {"key": key, "person": person_marks(people)[0], "person_id": person_id, "decision": decision, "by": "测"}
    return pl.DataFrame([said | {"note": "", "source": "", "known": None}], schema=no_decisions().schema)


def wrong_digit(number: str, at: int = 7) -> str:
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
