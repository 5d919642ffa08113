"""Every rule found in the five plans is accounted for, once, and the counts are told by kind."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from typer.testing import CliRunner

from bulou.engine import pack_coverage
from bulou.engine.cli.main import app
from bulou.engine.pack import read_pack
from tests.packs.small_packs import write

PLANS = ("620600", "630000", "140800", "610103", "640202")
FIRST = {
    "programme": 252,
    "quota": 40,
    "duty": 22,
    "process": 18,
    "indicator": 7,
    "funding_floor": 5,
    "priority": 19,
}


def test_all_rules_of_the_first_reading_are_accounted_for() -> None:
    covered = [found for region in PLANS for found in pack_coverage(read_pack(region))]
    first = Counter(found.kind for found in covered if not found.rule.added)
    assert first == FIRST
    assert sum(first.values()) == 363
    added = Counter(found.kind for found in covered if found.rule.added)
    assert sum(added.values()) >= 175
    assert "" not in added


def test_the_command_tells_the_counts_of_each_kind_and_the_total() -> None:
    result = CliRunner().invoke(app, ["pack", "coverage", *PLANS, "--counts"])
    assert result.exit_code == 0, result.output
    total = result.output[result.output.index("合计 total") :]
    assert "363 / 363 条规则有着落" in total.splitlines()[0]
    for kind, count in FIRST.items():
        assert f"{kind} {count}" in total.splitlines()[0]
    assert re.search(r"(\d+) / \1 条再读补上的", total)


def test_a_rule_that_nothing_implements_is_shown_and_counted(tmp_path: Path) -> None:
    write(tmp_path, rules='+\n[R3]\nclause = "七"\nabout = "没有人管"\n')
    result = CliRunner().invoke(app, ["pack", "coverage", "t", "--packs", str(tmp_path)])
    assert result.exit_code == 1
    assert "R3  [七]  没有人管  → ✘ 没有实现 not covered" in result.output
    assert "t: 2 / 3 条规则有着落" in result.output
