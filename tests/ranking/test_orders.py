"""Every priority of every pack puts the right one first (orders.md), and says why with its clause."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bulou.engine.facts import check_document
from bulou.engine.pack.cites import parse_cite
from bulou.engine.ranking import Ranking, rank
from bulou.engine.ranking.write import _lines
from tests.packs.known import known_pack

PAGE = Path(__file__).with_name("orders.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")][
    1:
]
REGIONS = ("cn", "620600", "630000", "140800", "610103", "640202")
KEYS = {"person": "people", "household": "households", "employer": "employers", "institution": "institutions"}
SWITCHED = {"plan_in_force": True, "offers_school_district_priority": True}


def value(text: str) -> Any:
    return {"true": True, "false": False}.get(text, float(text) if text.replace(".", "").isdigit() else text)


def ranked(region: str, name: str, *subjects: str, on: str = "2025-06-30") -> Ranking:
    pack = known_pack(region)
    kind = pack.priorities[name].subject
    document: dict[str, Any] = {"region": SWITCHED, "households": [], KEYS[kind]: []}
    for number, text in enumerate(subjects, 1):
        facts = dict(part.split("=") for part in text.split())
        household = {key.partition(".")[2]: value(said) for key, said in facts.items() if key.startswith("household.")}
        own = {key: value(said) for key, said in facts.items() if "." not in key}
        if kind == "person":
            own["household"] = f"家{number}"
            document["households"].append({"id": f"家{number}", **household})
        document[KEYS[kind]].append({"id": f"第{number}", **own})
    return rank(pack, name, check_document(document, pack), date.fromisoformat(on))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]} {row[4]}")
def test_the_first_comes_first(row: list[str]) -> None:
    region, name, first, second, _ = row
    ranking = ranked(region, name, second, first)
    assert [(place.subject, place.first, place.settled) for place in ranking.places] == [
        ("第2", 1, True),
        ("第1", 2, True),
    ]
    lines = list(_lines(ranking))
    assert "是，排在前" in lines[0]["why"] and "不是" in lines[1]["why"]
    assert ranking.pack.priorities[name].keys[0].says in lines[0]["why"]


def test_every_priority_that_gives_an_order_stands_in_the_table() -> None:
    declared = {(region, name) for region in REGIONS for name, one in known_pack(region).priorities.items() if one.keys}
    assert declared - {(row[0], row[1]) for row in ROWS} == set()


def test_every_duty_that_speaks_of_priority_has_an_order_or_says_why_not() -> None:
    for region in REGIONS:
        pack = known_pack(region)
        spoken = {duty.name for duty in pack.duties.values() if duty.kind == "priority"}
        orders = {one.duty: one for one in pack.priorities.values() if one.duty}
        assert spoken == set(orders), region
        assert all(bool(one.keys) != bool(one.no_order) for one in orders.values())


def test_the_clause_of_a_row_is_that_of_the_pack() -> None:
    for region, name, _, _, clause in ROWS:
        one = known_pack(region).priorities[name]
        cited = [found for cite in (one.cite, *(key.cite for key in one.keys)) for _, found in parse_cite(cite)]
        assert any(found and found in clause for found in cited), (region, name)
