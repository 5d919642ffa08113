"""Times a simulation and a forecast for an invented Qinghai and checks that the simulation adds up.

python bench/look_ahead.py [HOLDERS] [MONTHS]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from bulou import engine
from bulou.engine.simulation.simulate.simulation import ALL

EXTENSION = "nursing_subsidy.severe_grade=person.grade <= 2 OR person.has_intellectual OR person.has_mental"
WISHES = [("condition", EXTENSION), ("set", "nursing_subsidy_grade34=50")]


def timed(what: str, work: Callable[[], Any]) -> Any:
    """Run, print wall and CPU seconds, give the result."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    print(f"{what}: {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} CPU s")
    return result


def main() -> None:
    """Make the people, simulate the extension, forecast the months."""
    holders = int(sys.argv[1]) if len(sys.argv) > 1 else 180_000
    months = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    folder = Path(tempfile.mkdtemp()) / "qinghai"
    counts = timed(
        "make the people", lambda: engine.make_fact_tables(folder, region="630000", holders=holders, month="2026-06")
    )
    print(counts)
    found = timed("simulate", lambda: engine.simulate_policy([folder], wishes=WISHES))
    for breakdown in found.cells["breakdown"].unique(maintain_order=True):
        rows = found.cells.filter(pl.col("breakdown") == breakdown)
        sums = (
            rows.select("gained", "lost", "fen_gained", "fen_lost", "fen_before", "fen_after").sum().row(0, named=True)
        )
        assert sums["fen_gained"] - sums["fen_lost"] == sums["fen_after"] - sums["fen_before"]
        print(
            f"  {breakdown}: {rows.height} groups, {sums}"
            if breakdown == ALL
            else f"  {breakdown}: {rows.height} groups"
        )
    timed("simulate with suppression", lambda: engine.simulate_policy([folder], wishes=WISHES, suppress=5))
    timed("write", lambda: engine.write_simulation(found, folder / "simulated"))
    ahead = timed(f"forecast {months} months", lambda: engine.forecast_policy([folder], months=months, lists=True))
    print(f"  {ahead.evaluated} queries, {ahead.reused} not needed, {ahead.changes.height} changes listed")
    timed("write", lambda: engine.write_forecast(ahead, folder / "ahead"))
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


if __name__ == "__main__":
    main()
