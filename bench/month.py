"""A month of a synthetic Wuwei, beside the bare reading of its files: seconds, CPU seconds and peak memory.

    python bench/month.py [--people 52000] [--months 3] [--folder bench/data/wuwei]

The floor is what the reader libraries need to hand over every cell of the last month's files. Each figure is a process
of its own. Nothing here is asserted: figures depend on the machine and on what else it does.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

BARE = """
import csv, sys
from pathlib import Path
from python_calamine import CalamineWorkbook
for path in sorted(Path(sys.argv[1]).iterdir()):
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(path)
        for number in range(len(book.sheet_names)):
            book.get_sheet_by_index(number).to_python()
    elif path.suffix == ".csv":
        list(csv.reader(path.read_bytes().decode("gb18030", errors="replace").splitlines(keepends=True)))
"""


def measured(*command: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of a process; of the largest process so far, so run the small first."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss / 1024


def main() -> None:
    """Make the region unless it is there, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=52_000)
    parser.add_argument("--months", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("bench/data/wuwei"))
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    bulou = str(Path(sys.executable).with_name("bulou"))
    options = ("--people", str(given.people), "--months", str(given.months), "--month", "2025-04", "--seed", "1")
    subprocess.run([bulou, "synth", "620600", str(given.folder), *options], check=True, stdout=subprocess.DEVNULL)
    folders = sorted(path for path in given.folder.iterdir() if path.name[:2] == "20")
    floor = measured(sys.executable, "-c", BARE, str(folders[-1]))
    lines = [("bare reading of the last month's files", floor)]
    lines += [(f"bulou month {folder.name}", measured(bulou, "month", str(folder))) for folder in folders]
    print(f"{given.people} certificate holders\n")
    print("| what | wall s | CPU s | CPU ÷ bare reading | peak MiB |\n|---|---:|---:|---:|---:|")
    for says, (wall, cpu, peak) in lines:
        print(f"| {says} | {wall:.1f} | {cpu:.1f} | {cpu / floor[1]:.1f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
