"""The clock and the report of one case.

Every case script runs its body a few times between marks and prints one JSON line.  Between
the marks CPU is user + system of all threads of the process (``time.process_time``).  The
peak is the resident memory of this process up to the last mark, before any checking.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Save = Callable[[Any, Path], None]


@dataclass
class Laps:
    """CPU and wall seconds of each run of a body."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    base_mb: float = 0.0
    peak_mb: float = 0.0


def memory_mb(key: str) -> float:
    """A line of the kernel's account of this process, in MB; 0 where there is none."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    for line in status.read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    return 0.0


def timed(body: Callable[[], Any], repeats: int) -> tuple[Any, Laps]:
    """Run ``body`` ``repeats`` times; give back its last result and the laps."""
    laps = Laps(base_mb=memory_mb("VmRSS"))
    result = None
    for _ in range(repeats):
        result = None  # free the last result before the next run
        wall, cpu = time.perf_counter(), time.process_time()
        result = body()
        laps.cpu.append(time.process_time() - cpu)
        laps.wall.append(time.perf_counter() - wall)
    laps.peak_mb = memory_mb("VmHWM")
    return result, laps


def arguments(variants: list[str]) -> argparse.Namespace:
    """The command line that all case scripts share."""
    parser = argparse.ArgumentParser()
    parser.add_argument("variant", choices=variants)
    parser.add_argument("people", type=Path, help="Parquet file made by population.py")
    parser.add_argument("out", type=Path, help="where the determinations go")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="print checksums of the determinations")
    return parser.parse_args()


def report(args: argparse.Namespace, laps: Laps, determinations: bool = True) -> None:
    """Print the one JSON line of a case; checksums are taken after the clock has stopped."""
    line = {
        "variant": args.variant,
        "cpu": [round(x, 5) for x in laps.cpu],
        "wall": [round(x, 5) for x in laps.wall],
        "base_mb": round(laps.base_mb),
        "peak_mb": round(laps.peak_mb),
    }
    if args.check and determinations:
        import checks  # only here: it loads DuckDB, which would weigh on the peak of the others

        line["checks"] = checks.of_parquet(args.out)
    print(json.dumps(line))
