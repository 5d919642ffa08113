"""The ten rules as a Bulou pack, run by Bulou.

    python bulou_case.py VARIANT PEOPLE.parquet OUT.parquet [--repeats R] [--check]

Variants: memory, memory_masks, parquet, parquet_masks, and json (a document of people as Python objects, read
and decided into a frame). Reading the pack and compiling it are inside the clock; `_checked` variants also count
the pass over the values that the front door makes for people who have not been checked before.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

import clock
import terms
from bulou.engine import compile_tables, read_pack
from bulou.engine.entitlements.compile import CompiledKind
from bulou.engine.entitlements.everyone import decide_in_memory, run_polars
from bulou.engine.facts.tables import Tables
from sixty_rules import write_pack

PACKS = [Path(__file__).parent / "packs"]
SIXTY = "sixty_masks"
Body = Callable[[], pl.DataFrame | None]


def compiled_for(people: Any, masks: bool, check: bool) -> tuple[CompiledKind, Tables]:
    """The rules for these people; pack and compilation included."""
    pack = read_pack("ten_rules", PACKS)
    compiled, tables = compile_tables(pack, {"people": people}, on=terms.REFERENCE_DATE, check=check, masks=masks)
    return compiled["person"], tables


def plan(people: Any, masks: bool, check: bool) -> pl.LazyFrame:
    """From people to determinations."""
    return run_polars(*compiled_for(people, masks, check))


def in_memory(path: Path, masks: bool, check: bool) -> Body:
    """A body that goes from a frame in RAM to a frame in RAM."""
    people = pl.read_parquet(path).with_columns(pl.col("category").cast(pl.Enum(terms.CATEGORIES)))
    return lambda: decide_in_memory(*compiled_for(people, masks, check))


def parquet_to_parquet(path: Path, out: Path, masks: bool, check: bool) -> Body:
    """A body that goes from file to file."""
    return lambda: plan(path, masks, check).sink_parquet(out, engine="streaming", compression="zstd")


def from_json(path: Path) -> Body:
    """A body that goes from the text of a JSON document to a frame in RAM."""
    people = pl.read_parquet(path).to_dicts()
    text = json.dumps({"people": people})

    def body() -> pl.DataFrame:
        people = pl.DataFrame(json.loads(text)["people"], infer_schema_length=None)
        return plan(people, masks=True, check=True).collect()

    return body


def sixty(path: Path, out: Path) -> Body:
    """A body that runs sixty programmes with reasons (and the ten rules they extend), file to file."""
    folder = Path(tempfile.mkdtemp())
    write_pack(folder)

    def body() -> None:
        pack = read_pack("sixty_rules", [folder, *PACKS])
        compiled, tables = compile_tables(pack, {"people": path}, on=terms.REFERENCE_DATE, check=False)
        run_polars(compiled["person"], tables).sink_parquet(
            out, engine="streaming", compression="zstd", compression_level=1, row_group_size=1_000_000
        )

    return body


def in_common_columns(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Amounts as checks.py reads them: 0 when not due, NULL when unknown, and their sum."""
    amounts = [
        pl.when(pl.col(rule)).then(pl.col(f"{rule}__fen")).when(~pl.col(rule)).then(0).alias(f"{rule}_fen")
        for rule in terms.CASH
    ]
    total = pl.sum_horizontal(pl.col(f"{rule}_fen").fill_null(0) for rule in terms.CASH).alias("total_fen")
    return (
        frame.with_columns(amounts)
        .with_columns(total)
        .select("id", *terms.RULES, *(f"{rule}_fen" for rule in terms.CASH), "total_fen")
    )


def main() -> None:
    """Run one case."""
    variants = [
        kind + masks + check for kind in ("memory", "parquet") for masks in ("", "_masks") for check in ("", "_checked")
    ]
    args = clock.arguments([*variants, "json", SIXTY])
    masks, check = "_masks" in args.variant, "_checked" in args.variant
    if args.variant == "json":
        run = from_json(args.people)
    elif args.variant == SIXTY:
        run = sixty(args.people, args.out)
    elif args.variant.startswith("memory"):
        run = in_memory(args.people, masks, check)
    else:
        run = parquet_to_parquet(args.people, args.out, masks, check)
    result, laps = clock.timed(run, args.repeats)
    if args.check and args.variant != SIXTY:
        frame = pl.scan_parquet(args.out) if result is None else result.lazy()
        in_common_columns(frame).collect().write_parquet(args.out)
    clock.report(args, laps, determinations=args.variant != SIXTY)


if __name__ == "__main__":
    main()
