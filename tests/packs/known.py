"""Packs that come with Bulou, read once for a test run: reading one costs as much as a hundred decisions."""

from __future__ import annotations

from functools import cache

from bulou.engine import read_pack
from bulou.engine.pack import Pack


@cache
def known_pack(region: str) -> Pack:
    return read_pack(region)
