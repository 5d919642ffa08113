"""The ten rules as hand-written DuckDB SQL, and the bare scan as the yardstick.

    python handwritten_duckdb.py VARIANT PEOPLE.parquet OUT.parquet [--repeats R] [--check]

Variants: memory, memory_masks (table to table in RAM), parquet, parquet_masks (file to file),
scan (the sum of every column of the file; no rule, nothing written).
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

import clock
import terms

MEMORY_LIMIT = "4GB"

#: The facts of the household, then the distinct conditions, by name.
CONDITIONS = f"""
WITH homes AS (
    SELECT household, bool_or(grade <= 2) AS any_severe, count(*)::INTEGER AS n_disabled
    FROM people
    GROUP BY household
),
held AS (
    SELECT
        id,
        grade,
        n_disabled,
        dibao_household,
        NOT tekun AS no_tekun,
        NOT receives_work_injury_care AS no_injury_care,
        NOT receives_orphan_allowance AS no_orphan_allowance,
        cert_valid,
        grade <= 2 AS severe,
        needs_long_term_care,
        category IN {terms.MIND} AS mind,
        grade >= 3 AS grade_3_or_4,
        any_severe AS household_severe,
        age >= 70 AS age_70_up,
        dibao_edge,
        grade = 3 AS grade_3,
        age BETWEEN 16 AND 59 AS age_16_to_59,
        age <= 6 AS age_to_6,
        age BETWEEN 7 AND 17 AS age_7_to_17,
        district IN {terms.REHAB_DISTRICTS} AS rehab_district,
        category = '{terms.PHYSICAL}' AS physical,
        n_disabled >= 2 AS household_of_two
    FROM people JOIN homes USING (household)
)"""

#: The ten rules over the conditions; NULL is unknown.
VERDICTS = """,
ruled AS (
    SELECT
        *,
        dibao_household AND no_tekun AND no_injury_care AND no_orphan_allowance AND cert_valid
            AS living,
        severe AND needs_long_term_care AND no_tekun AND no_injury_care AND cert_valid AS nursing,
        mind AND grade_3_or_4 AND cert_valid AS ext_nursing,
        household_severe AS utility,
        age_70_up AS age70,
        dibao_edge AND (severe OR (mind AND grade_3)) AS single_dibao,
        severe AND age_16_to_59 AS pension_paid,
        age_to_6 OR (age_7_to_17 AND rehab_district) AS child_rehab,
        age_16_to_59 AND (mind OR (physical AND severe)) AS day_care,
        household_of_two AS multi_household
    FROM held
)"""

#: Fen a month for each cash rule: 0 when not due, NULL when unknown.
AMOUNTS = f""",
paid AS (
    SELECT
        *,
        CASE WHEN living THEN {terms.LIVING} ELSE 0 END AS living_fen,
        CASE WHEN nursing AND grade = 1 THEN {terms.NURSING_GRADE_1}
             WHEN nursing THEN {terms.NURSING_GRADE_2}
             WHEN NOT nursing THEN 0 END AS nursing_fen,
        CASE WHEN NOT ext_nursing THEN 0
             WHEN grade = 3 THEN {terms.EXT_NURSING_GRADE_3}
             ELSE {terms.EXT_NURSING_GRADE_4} END AS ext_nursing_fen,
        CASE WHEN utility THEN {terms.UTILITY_HOUSEHOLD} // n_disabled ELSE 0 END AS utility_fen,
        CASE WHEN age70 THEN {terms.AGE70} ELSE 0 END AS age70_fen
    FROM ruled
)"""


def masks() -> str:
    """SQL of one bit a condition: known to be false, and not known.

    19 bits are cheaper to put together in 32 than in 64, and with | than with +.
    """
    failed, unknown = [], []
    for bit, name in enumerate(terms.CONDITIONS):
        false = f"NOT {name}"
        if name in terms.NULLABLE:
            false = f"coalesce({false}, false)"
            unknown.append(f"({name} IS NULL)::INTEGER * {1 << bit}")
        failed.append(f"({false})::INTEGER * {1 << bit}")
    return f"(({') | ('.join(failed)}))::BIGINT AS failed, (({') | ('.join(unknown)}))::BIGINT AS unknown"


def select(with_masks: bool) -> str:
    """The whole SELECT, from ``people`` to determinations."""
    fen = [f"{rule}_fen" for rule in terms.CASH]
    known = [name for name in fen if name != "nursing_fen"]
    total = f"coalesce(nursing_fen, 0) + {' + '.join(known)} AS total_fen"
    kept = ["id", *terms.RULES, *fen, total, *([masks()] if with_masks else [])]
    return f"{CONDITIONS}{VERDICTS}{AMOUNTS}\nSELECT {', '.join(kept)} FROM paid"


def scan(path: Path) -> str:
    """The sum of every column of the file: what it costs to read it at all."""
    return f"""
    SELECT sum(id), sum(household), sum(age), sum(strlen(category)), sum(grade),
        count_if(cert_valid), count_if(dibao_household), count_if(dibao_edge), count_if(tekun),
        count_if(receives_work_injury_care), count_if(receives_orphan_allowance),
        count_if(needs_long_term_care), sum(district)
    FROM '{path}'"""


def statement(variant: str, path: Path, out: Path) -> str:
    """The one SQL statement of a variant."""
    if variant == "scan":
        return scan(path)
    query = select(with_masks=variant.endswith("masks"))
    if variant.startswith("memory"):
        return f"CREATE OR REPLACE TABLE determinations AS {query}"
    return f"COPY ({query}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)"


def prepare(con: duckdb.DuckDBPyConnection, in_memory: bool, path: Path) -> None:
    """Set the limits and make ``people``: a table in RAM with an ENUM, or a view of the file."""
    con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    con.execute("SET preserve_insertion_order = false")
    con.execute(f"SET temp_directory = '{tempfile.gettempdir()}'")
    if in_memory:
        con.execute(f"CREATE TYPE kind AS ENUM {terms.CATEGORIES}")
        con.execute(f"CREATE TABLE people AS SELECT * REPLACE (category::kind AS category) FROM '{path}'")
    else:
        con.execute(f"CREATE VIEW people AS FROM '{path}'")


def main() -> None:
    """Run one case."""
    args = clock.arguments(["memory", "memory_masks", "parquet", "parquet_masks", "scan"])
    in_memory = args.variant.startswith("memory")
    with duckdb.connect() as con:
        prepare(con, in_memory, args.people)
        sql = statement(args.variant, args.people, args.out)
        _, laps = clock.timed(lambda: con.execute(sql).fetchall(), args.repeats)
        if args.check and in_memory:
            con.execute(f"COPY determinations TO '{args.out}' (FORMAT parquet)")
    clock.report(args, laps, determinations=args.variant != "scan")


if __name__ == "__main__":
    main()
