"""Employers and institutions: each programme of each region decides as its clause says (bodies.md)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bulou.engine.entitlements import decide
from bulou.engine.facts import check_document
from bulou.engine.facts.document import check_settings
from bulou.engine.pack import Policy, policy_in_force
from tests.cli.command_line import CommandLine
from tests.packs.known import known_pack

PAGE = Path(__file__).with_name("bodies.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")][
    1:
]
REGIONS = ("cn", "620600", "630000", "140800", "610103", "640202")
SETTINGS = {"social_avg_wage": 80000, "plan_in_force": True}
KINDS = {"employer": "employers", "institution": "institutions"}


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def value(text: str) -> Any:
    return {"true": True, "false": False}.get(text, float(text) if text.replace(".", "").isdigit() else text)


@cache
def policy(region: str) -> Policy:
    """What all rows of a region share: the day and the settings."""
    pack = known_pack(region)
    return policy_in_force(pack, date(2025, 6, 30), check_settings(pack, SETTINGS, ())[0])


def document(region: str, name: str, facts: str) -> dict[str, Any]:
    kind = KINDS[known_pack(region).programmes[name].subject]
    given = {name: value(said) for name, said in (part.split("=") for part in facts.split())}
    return {kind: [{"id": "甲", **given}], "region": SETTINGS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]} {row[4]}")
def test_the_programme_decides_as_its_clause_says(row: list[str]) -> None:
    region, name, facts, verdict, _ = row
    pack = known_pack(region)
    checked = check_document(document(region, name, facts), pack)
    result = decide(checked, pack, policy(region))
    (found,) = [one for one in result.determinations if one.programme == name]
    assert found.verdict == verdict
    assert all(condition.cite for condition in found.conditions)


def test_every_programme_of_employers_and_institutions_stands_in_the_table() -> None:
    programmes = {
        one.name for region in REGIONS for one in known_pack(region).programmes.values() if one.subject in KINDS
    }
    assert {row[1] for row in ROWS} == programmes


def test_decide_takes_tables_of_employers_and_institutions(line: CommandLine) -> None:
    line.file("employers.csv", "id,单位性质,staff_avg,disabled_staff,avg_wage\n甲厂,民营企业,100,0,120000\n")
    line.file("institutions.csv", "id,kind,severe_residents\n乙院,养老机构,3\n")
    said = line.bulou("decide", "--region", "620600", "--on", "2025-06-30", "employers.csv", "institutions.csv")
    verdicts = {(one["programme"], one["subject"]): one["verdict"] for one in json.loads(said.out)["determinations"]}
    assert verdicts[("employment_levy", "甲厂")] == "yes"
    assert verdicts[("eldercare_operating_subsidy", "乙院")] == "yes"
    assert verdicts[("placement_reward", "乙院")] == "unknown"


def test_what_is_promised_to_bodies_beyond_programmes_has_its_place() -> None:
    """Quotas of public-welfare posts, funding floors and provider conditions stand in the packs with their clauses."""
    wuwei = known_pack("620600")
    floors = {one.name for one in wuwei.duties.values() if one.kind == "funding_floor"}
    assert floors >= {"child_rehab_per_resident", "lottery_share", "levy_use", "home_certification_funds"}
    assert wuwei.duties["quota.public_posts_share"].test
    for region, process in (("140800", "provider_agreement"), ("610103", "provider_exit"), ("640202", "provider_exit")):
        assert known_pack(region).processes[process].cite, region
