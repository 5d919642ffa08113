"""Checksums of a Parquet file of determinations, to see that the rivals agree.

    python checks.py DETERMINATIONS.parquet

The file has ``id``, a BOOLEAN per rule, an amount per cash rule, ``total_fen`` and, where
kept, the masks ``failed`` and ``unknown``.  Sums are weighted by a number made from the id,
so that they change when two persons change places but not with the order of the rows.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

from terms import CASH, RULES

#: A person's weight: small enough that no sum leaves 64 bits at 38 million people.
WEIGHT = "(id % 65521 + 1)"


def bits(state: str) -> str:
    """SQL of a number with one bit a rule, set where the verdict is in ``state``."""
    return " + ".join(f"({rule} IS {state})::BIGINT * {1 << k}" for k, rule in enumerate(RULES))


def query(path: Path, masks: bool) -> str:
    """One SELECT that makes all checksums."""
    parts = ["count(*) AS people"]
    for rule in RULES:
        for state in ("true", "false"):
            parts.append(f"count(*) FILTER (WHERE {rule} IS {state}) AS {rule}_{state}")
        parts.append(f"count(*) FILTER (WHERE {rule} IS NULL) AS {rule}_unknown")
    parts += [f"sum({rule}_fen) AS {rule}_fen" for rule in CASH]
    parts.append("sum(total_fen) AS total_fen")
    parts.append(f"sum(total_fen::BIGINT * {WEIGHT}) AS total_placed")
    parts.append(f"sum(({bits('true')}) * {WEIGHT}) AS true_placed")
    parts.append(f"sum(({bits('NULL')}) * {WEIGHT}) AS unknown_placed")
    if masks:
        parts.append(f"sum(failed * {WEIGHT}) AS failed_mask_placed")
        parts.append(f"sum(unknown * {WEIGHT}) AS unknown_mask_placed")
    return f"SELECT {', '.join(parts)} FROM '{path}'"


def of_parquet(path: Path) -> dict[str, int]:
    """All checksums of one file, as whole numbers."""
    with duckdb.connect() as con:
        columns = [row[0] for row in con.execute(f"DESCRIBE FROM '{path}'").fetchall()]
        cursor = con.execute(query(path, masks="failed" in columns))
        names = [column[0] for column in cursor.description]
        [sums] = cursor.fetchall()
        return {name: int(value) for name, value in zip(names, sums, strict=True)}


if __name__ == "__main__":
    print(json.dumps(of_parquet(Path(sys.argv[1]))))
