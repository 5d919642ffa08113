"""What a month keeps for the next one."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bulou.engine.facts.history import History, RollRead, load_history, save_history


def kept(*digests: str, start: int = 4) -> History:
    history = History()
    for month, digest in enumerate(digests, start):
        name = f"2025-{month:02}"
        roll = RollRead("dibao_roll", name, name, pl.DataFrame({"person": [f"p{month}"]}))
        registry = pl.DataFrame({"person": [f"p{n}" for n in range(start, month + 1)]})
        history = history.with_month([roll], registry, name, frozenset({"dibao"}), digest)
    return history


def test_a_kept_history_comes_back_as_it_was(tmp_path: Path) -> None:
    save_history(kept("a", "b"), tmp_path)
    again = load_history(tmp_path)
    assert again is not None
    assert [roll.frame["person"].to_list() for roll in again.rolls] == [["p4"], ["p5"]]
    assert (again.complete, again.chain) == (kept("a", "b").complete, kept("a", "b").chain)
    save_history(again, tmp_path / "next")
    assert (tmp_path / "next" / "history.json").read_bytes() == (tmp_path / "history.json").read_bytes()


def test_a_history_kept_on_other_files_than_the_earlier_month_has_now_is_not_used() -> None:
    assert kept("a", "b").follows(kept("a"))
    assert kept("a", "b").follows(History())
    assert not kept("a", "b").follows(kept("changed"))
