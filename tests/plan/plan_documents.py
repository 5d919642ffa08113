"""Where the five real plan documents lie, and the hand-written expectations about them."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bulou.engine.plan import Plan, plan_as_json, read_plan

NAMES = ("wuwei", "yuncheng", "qinghai", "beilin", "dawukou")
_EXPECTED = Path(__file__).parent / "expected"
_BESIDE = Path(__file__).parents[3] / "shared" / "plans"


def folder() -> Path:
    """The folder with the documents; where they should stand, their absence fails and does not skip."""
    named = os.environ.get("BULOU_PLANS")
    if named:
        return Path(named)
    if not _BESIDE.parent.exists() and not os.environ.get("CI"):
        pytest.skip("set BULOU_PLANS to the folder with the plan documents")
    return _BESIDE


@cache
def expected(name: str) -> dict[str, Any]:
    return tomllib.loads((_EXPECTED / f"{name}.toml").read_text(encoding="utf-8"))


def path(name: str) -> Path:
    return folder() / expected(name)["file"]


@cache
def _read(document: Path) -> Plan:
    return read_plan(document)


def plan(name: str) -> Plan:
    return _read(path(name))


def as_json(name: str) -> dict[str, Any]:
    return plan_as_json(plan(name))
