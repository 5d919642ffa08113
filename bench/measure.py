"""Run the cases as processes of their own, one after the other, and compare CPU seconds.

    python measure.py --sizes 52000 1000000 --cases 'polars.*' openfisca.load

Each size starts with a round that is not timed: every case runs once and its checksums must
agree with the others, or the whole run fails.  Then the rounds follow, the cases taking turns
(A B C, A B C), and the lowest CPU of all runs counts: on a shared machine noise only adds.

This file imports nothing heavy: the peak memory that the kernel reports for a child starts
from that of the parent.
"""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import tables
from cases import CASES, COMPARES, Case

BENCH = Path(__file__).resolve().parent
PACKAGES = ("numpy", "polars", "duckdb", "pyarrow", "pandas", "openfisca-core", "policyengine-core")


@dataclass
class Run:
    """One process: what it cost as a whole and the JSON line it printed."""

    cpu: float
    wall: float
    peak_mb: float
    line: dict


@dataclass
class Setting:
    """What a command line needs to be filled in."""

    rivals: str
    folder: Path
    size: int

    @property
    def people(self) -> Path:
        """The Parquet file of people of this size."""
        return self.folder / f"people_{self.size}.parquet"

    def command(self, text: str, repeats: int = 1) -> list[str]:
        """A case's command line with its words filled in."""
        words = {
            "python": sys.executable,
            "rivals": self.rivals,
            "bench": str(BENCH),
            "people": str(self.people),
            "out": str(self.folder / "determinations.parquet"),
            "repeats": str(repeats),
        }
        return [word.format(**words) for word in text.split()]


def run(command: list[str]) -> Run:
    """Run one command to its end and read what it used from the kernel."""
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        output.seek(0)
        lines = [text for text in output.read().splitlines() if text.startswith("{")]
    if process.returncode:
        raise SystemExit(f"failed with {process.returncode}: {' '.join(command)}")
    line = json.loads(lines[-1]) if lines else {}
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, line)


def make_people(setting: Setting) -> None:
    """Make the people of this size unless they are there."""
    if not setting.people.exists():
        run([setting.rivals, str(BENCH / "population.py"), str(setting.size), str(setting.people)])


def checks_of(case: Case, setting: Setting) -> dict[str, int]:
    """Run a case once, and give its checksums."""
    own = case.clock == "marks"
    found = run(setting.command(case.argv + (" --check" if own else "")))
    if "checks" in found.line:
        return found.line["checks"]
    return run(setting.command(case.check)).line


def comparable(checks: dict[str, int], compares: str) -> dict[str, int]:
    """The part of the checksums that a case can be held to.

    ``full``      everything
    ``verdicts``  everything but the masks
    ``eligible``  what an engine without unknown can say: who is eligible, and the money
    """
    if compares == "full":
        return checks
    if compares == "verdicts":
        return {key: value for key, value in checks.items() if "_mask_" not in key}
    ends = ("_true", "_fen", "people", "total_placed", "true_placed")
    return {key: value for key, value in checks.items() if key.endswith(ends)}


def assert_agreement(names: list[str], setting: Setting) -> dict[str, int]:
    """Stop unless every case gives the checksums of the fullest case; give these back."""
    able = [name for name in names if CASES[name].compares != "nothing"]
    able.sort(key=lambda name: COMPARES.index(CASES[name].compares), reverse=True)
    if not able:
        return {}
    fullest = CASES[able[0]].compares
    truth = checks_of(CASES[able[0]], setting)
    for name in able[1:]:
        kind = min(fullest, CASES[name].compares, key=COMPARES.index)
        found, wanted = (comparable(c, kind) for c in (checks_of(CASES[name], setting), truth))
        differ = {key: (wanted.get(key), found.get(key)) for key in wanted | found}
        differ = {key: pair for key, pair in differ.items() if pair[0] != pair[1]}
        if differ:
            raise SystemExit(f"{name} does not agree with {able[0]} at {setting.size}: {differ}")
    print(f"{setting.size} people: {len(able)} cases agree", file=sys.stderr)
    return truth


def repeats_for(size: int) -> int:
    """How often a body runs in one process: small ones more often, to get past the first run."""
    return 5 if size <= 100_000 else 2 if size <= 2_000_000 else 1


def once(process: Run) -> float:
    """CPU of the whole process, start included, had its body run only once."""
    laps = process.line.get("cpu", [])
    return process.cpu - sum(laps) + min(laps) if laps else process.cpu


def summary(case: Case, runs: list[Run]) -> dict:
    """The lowest figures of a case."""
    marks = case.clock == "marks"
    return {
        "group": case.group,
        "keeps": case.keeps,
        "clock": case.clock,
        "cpu": min(min(r.line["cpu"]) if marks else r.cpu for r in runs),
        "cpu_first": min(r.line["cpu"][0] if marks else r.cpu for r in runs),
        "wall": min(min(r.line["wall"]) if marks else r.wall for r in runs),
        "peak_mb": round(min(r.line["peak_mb"] if marks else r.peak_mb for r in runs)),
        "base_mb": min(r.line["base_mb"] for r in runs) if marks else 0,
        "process_cpu": round(min(map(once, runs)), 4),
        "runs": sum(len(r.line["cpu"]) if marks else 1 for r in runs),
    }


def measure(names: list[str], setting: Setting, rounds: int) -> dict:
    """All cases at one size: agreement first, then the timed rounds in turns."""
    make_people(setting)
    names = [name for name in names if not CASES[name].only or setting.size in CASES[name].only]
    truth = assert_agreement(names, setting)
    runs: dict[str, list[Run]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            repeats = CASES[name].repeats or repeats_for(setting.size)
            runs[name].append(run(setting.command(CASES[name].argv, repeats)))
        print(f"{setting.size} people: round {number + 1} of {rounds}", file=sys.stderr)
    return {
        "size": setting.size,
        "checks": truth,
        "cases": {name: summary(CASES[name], found) for name, found in runs.items()},
    }


def chosen(patterns: list[str]) -> list[str]:
    """The names of the cases that match, in the order of the register."""
    names = [name for name in CASES if any(fnmatch.fnmatch(name, p) for p in patterns)]
    if not names:
        raise SystemExit(f"no case matches {patterns}; there are {', '.join(CASES)}")
    return names


def surroundings(rivals: str) -> dict:
    """Versions and machine, without names or paths."""
    ask = (
        "import json; from importlib import metadata; "
        f"print(json.dumps({{p: metadata.version(p) for p in {PACKAGES}}}))"
    )
    versions = run([rivals, "-c", ask]).line
    with contextlib.suppress(metadata.PackageNotFoundError):
        versions["bulou"] = metadata.version("bulou")
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "versions": versions,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 52_000])
    parser.add_argument("--cases", nargs="+", default=["*"], help="names or patterns")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rivals-python", default=sys.executable, help="interpreter of the rivals")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "bulou_bench")
    parser.add_argument("--json", type=Path, default=Path("bench/data/results.json"))
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    args.json.parent.mkdir(parents=True, exist_ok=True)
    result = {"surroundings": surroundings(args.rivals_python), "rounds": args.rounds, "sizes": []}
    for size in args.sizes:
        setting = Setting(args.rivals_python, args.folder, size)
        result["sizes"].append(measure(chosen(args.cases), setting, args.rounds))
        args.json.write_text(json.dumps(result, indent=1) + "\n")
        print(tables.markdown(result["sizes"][-1]))


if __name__ == "__main__":
    main()
