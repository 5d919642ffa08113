"""People as numpy arrays for the two frameworks, and their determinations back as Parquet.

Neither framework knows NULL: a missing fact reads as False.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import terms

Arrays = dict[str, np.ndarray]

#: The facts a framework is given, besides who lives in which household.
FACTS = (
    "age",
    "category",
    "grade",
    "cert_valid",
    "dibao_household",
    "dibao_edge",
    "tekun",
    "receives_work_injury_care",
    "receives_orphan_allowance",
    "needs_long_term_care",
    "district",
)


def column(table: pa.Table, name: str) -> np.ndarray:
    """One column as the array the frameworks keep it in: bool, int32, int64 or a code of uint8."""
    values = table[name].combine_chunks()
    if name == "category":
        return pc.index_in(values, pa.array(terms.CATEGORIES)).to_numpy().astype(np.uint8)
    if pa.types.is_boolean(values.type):
        return values.fill_null(False).to_numpy(zero_copy_only=False)
    array = values.to_numpy()
    return array if name in ("id", "household") else array.astype(np.int32)


def read_people(path: Path) -> Arrays:
    """All columns of the people."""
    table = pq.read_table(path)
    return {name: column(table, name) for name in table.column_names}


def read_rows(path: Path) -> list[dict]:
    """The people as dicts, with NULL as None."""
    return pq.read_table(path).to_pylist()


def write_determinations(determinations: Arrays, out: Path) -> None:
    """Write id, verdicts, amounts and total."""
    pq.write_table(pa.table(determinations), out, compression="zstd")
