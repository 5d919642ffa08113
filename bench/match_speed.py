"""Wall and CPU seconds and peak memory of matching, in a process of its own that only reads the two tables and matches.

python bench/match_speed.py --sizes 52000 1000000 [--model FILE] [--files full name_id no_id]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import polars as pl

from bulou.engine.matching import match_rows, read_model
from clock import timed

DATA = Path(__file__).parent / "data"
FILES = {
    "full": ("row", "id_number", "name", "sex", "birth_date", "village", "phone"),
    "name_id": ("row", "id_number", "name"),
    "no_id": ("row", "name", "sex", "birth_date", "village", "phone"),
}


def tables(size: int, seed: int) -> tuple[Path, Path]:
    """Registry and rows as Parquet files, made once."""
    registry, rows = (DATA / f"match_{size}_{seed}_{name}.parquet" for name in ("registry", "rows"))
    if not rows.exists():
        from bulou.engine.synthetic.linkage import make_match_case

        DATA.mkdir(parents=True, exist_ok=True)
        case = make_match_case(size, seed)
        case.registry.write_parquet(registry)
        case.rows.write_parquet(rows)
    return registry, rows


def one_run(registry: Path, rows: Path, file: str, model: Path | None) -> None:
    """Prints the figures of one run as JSON."""

    def body() -> int:
        saved = read_model(model) if model else None
        people, typed = pl.read_parquet(registry), pl.read_parquet(rows, columns=list(FILES[file]))
        return match_rows(people, typed, model=saved).links.height

    height, laps = timed(body, 1)
    print(json.dumps({"rows": height, "wall": laps.wall[0], "cpu": laps.cpu[0], "peak_mb": laps.peak_mb}))


def main() -> None:
    if sys.argv[1] == "one":
        registry, rows, file, model = sys.argv[2:]
        one_run(Path(registry), Path(rows), file, Path(model) if model else None)
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[52_000])
    parser.add_argument("--files", choices=FILES, nargs="+", default=list(FILES))
    parser.add_argument("--model", type=Path)
    parser.add_argument("--seed", type=int, default=901)
    args = parser.parse_args()
    for size, file in product(args.sizes, args.files):
        made = [str(path) for path in tables(size, args.seed)]
        command = [sys.executable, __file__, "one", *made, file, str(args.model or "")]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        shown = f"{told['wall']:.1f} s wall {told['cpu']:.1f} s CPU {told['peak_mb']:.0f} MiB"
        print(f"{file} {size}{' with model' if args.model else ''}: {told['rows']} rows, {shown}")


if __name__ == "__main__":
    main()
