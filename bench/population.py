"""Make the seeded synthetic people of the ten rules as one Parquet file.

    python population.py N OUT.parquet [--seed 20260701]

Everyone in the file holds a disability certificate.  People are made in blocks of 250,000,
each from its own seed, so that memory does not grow with N and the first n people of two
files with the same seed are the same.  People of one household are adjacent.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from terms import CATEGORIES

SEED = 20_260_701
BLOCK = 250_000
ROW_GROUP = 125_000

HOUSEHOLD_SIZES = (0.70, 0.21, 0.06, 0.02, 0.01)
GRADES = (0.13, 0.22, 0.27, 0.38)
CATEGORY_SHARES = (0.13, 0.22, 0.02, 0.45, 0.08, 0.07, 0.03)
AGE_BANDS = ((0, 7, 0.02), (7, 18, 0.05), (18, 60, 0.43), (60, 70, 0.20), (70, 96, 0.30))

SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64(), nullable=False),
        pa.field("household", pa.int64(), nullable=False),
        pa.field("age", pa.int16(), nullable=False),
        pa.field("category", pa.string(), nullable=False),
        pa.field("grade", pa.int8(), nullable=False),
        pa.field("cert_valid", pa.bool_(), nullable=False),
        pa.field("dibao_household", pa.bool_(), nullable=False),
        pa.field("dibao_edge", pa.bool_(), nullable=False),
        pa.field("tekun", pa.bool_(), nullable=False),
        pa.field("receives_work_injury_care", pa.bool_(), nullable=False),
        pa.field("receives_orphan_allowance", pa.bool_(), nullable=False),
        pa.field("needs_long_term_care", pa.bool_(), nullable=True),
        pa.field("district", pa.int8(), nullable=False),
    ]
)


def household_of_each(rng: np.random.Generator, people: int) -> np.ndarray:
    """The household of each of ``people`` persons, numbered from 0; the last may be cut short."""
    sizes = rng.choice(5, size=people, p=HOUSEHOLD_SIZES) + 1
    return np.repeat(np.arange(people), sizes)[:people]


def ages(rng: np.random.Generator, people: int) -> np.ndarray:
    """Ages 0 to 95, more old than young, as certificate holders are."""
    low, high, share = zip(*AGE_BANDS, strict=True)
    band = rng.choice(len(AGE_BANDS), size=people, p=share)
    return rng.integers(np.array(low)[band], np.array(high)[band]).astype(np.int16)


def block_of_people(seed: int, block: int, first_household: int) -> tuple[pa.Table, int]:
    """The people of one block, and the number of the next free household."""
    rng = np.random.default_rng([seed, block])
    home = household_of_each(rng, BLOCK)
    homes = int(home[-1]) + 1
    wealth = rng.random(homes)
    district = rng.integers(1, 19, size=homes).astype(np.int8)
    age = ages(rng, BLOCK)
    kind = rng.choice(len(CATEGORIES), size=BLOCK, p=CATEGORY_SHARES).astype(np.int8)
    care_missing = rng.random(BLOCK) < 0.30
    tekun = rng.random(BLOCK) < 0.03
    columns = {
        "id": np.arange(block * BLOCK, (block + 1) * BLOCK),
        "household": home + first_household,
        "age": age,
        "category": pa.DictionaryArray.from_arrays(kind, list(CATEGORIES)).cast(pa.string()),
        "grade": (rng.choice(4, size=BLOCK, p=GRADES) + 1).astype(np.int8),
        "cert_valid": rng.random(BLOCK) < 0.94,
        "dibao_household": (wealth < 0.20)[home],
        "dibao_edge": ((wealth >= 0.20) & (wealth < 0.32))[home],
        "tekun": tekun,
        "receives_work_injury_care": rng.random(BLOCK) < 0.01,
        "receives_orphan_allowance": (age < 18) & (rng.random(BLOCK) < 0.10),
        "needs_long_term_care": pa.array(rng.random(BLOCK) < 0.5, mask=care_missing),
        "district": district[home],
    }
    return pa.table(columns, schema=SCHEMA), first_household + homes


def blocks(people: int, seed: int) -> Iterator[pa.Table]:
    """The blocks of a population of ``people``, the last one cut to fit."""
    household = 1
    for block, start in enumerate(range(0, people, BLOCK)):
        table, household = block_of_people(seed, block, household)
        yield table.slice(0, people - start)


def write_population(people: int, path: Path, seed: int = SEED) -> None:
    """Write ``people`` persons to ``path``, one block in memory at a time."""
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for table in blocks(people, seed):
            writer.write_table(table, row_group_size=ROW_GROUP)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    write_population(args.people, args.path, args.seed)


if __name__ == "__main__":
    main()
