"""The ten rules as a hand-written Polars plan, run by the streaming engine.

    python handwritten_polars.py VARIANT PEOPLE.parquet OUT.parquet [--repeats R] [--check]

Variants: memory, memory_masks (people and determinations in RAM), parquet, parquet_masks
(scan to sink, one plan).  With ``_sorted`` the plan is told that households come in
ascending order, as population.py writes them; the others assume nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

import clock
import terms

Conditions = dict[str, pl.Expr]
Body = Callable[[], pl.DataFrame | None]


def with_household(people: pl.LazyFrame) -> pl.LazyFrame:
    """Put the facts of the household beside each person."""
    homes = people.group_by("household").agg(
        household_severe=(pl.col("grade") <= 2).any(),
        n_disabled=pl.len().cast(pl.Int32),
    )
    return people.join(homes, on="household")


def conditions() -> Conditions:
    """The distinct conditions, by name."""
    age, grade, category = pl.col("age"), pl.col("grade"), pl.col("category")
    return {
        "dibao_household": pl.col("dibao_household"),
        "no_tekun": ~pl.col("tekun"),
        "no_injury_care": ~pl.col("receives_work_injury_care"),
        "no_orphan_allowance": ~pl.col("receives_orphan_allowance"),
        "cert_valid": pl.col("cert_valid"),
        "severe": grade <= 2,
        "needs_long_term_care": pl.col("needs_long_term_care"),
        "mind": (category == terms.MIND[0]) | (category == terms.MIND[1]),
        "grade_3_or_4": grade >= 3,
        "household_severe": pl.col("household_severe"),
        "age_70_up": age >= 70,
        "dibao_edge": pl.col("dibao_edge"),
        "grade_3": grade == 3,
        "age_16_to_59": age.is_between(16, 59),
        "age_to_6": age <= 6,
        "age_7_to_17": age.is_between(7, 17),
        "rehab_district": pl.col("district").is_in(terms.REHAB_DISTRICTS),
        "physical": category == terms.PHYSICAL,
        "household_of_two": pl.col("n_disabled") >= 2,
    }


def verdicts(c: Conditions) -> dict[str, pl.Expr]:
    """The ten rules over the conditions; NULL is unknown."""
    open_to_care = c["no_tekun"] & c["no_injury_care"] & c["cert_valid"]
    return {
        "living": c["dibao_household"] & open_to_care & c["no_orphan_allowance"],
        "nursing": c["severe"] & c["needs_long_term_care"] & open_to_care,
        "ext_nursing": c["mind"] & c["grade_3_or_4"] & c["cert_valid"],
        "utility": c["household_severe"],
        "age70": c["age_70_up"],
        "single_dibao": c["dibao_edge"] & (c["severe"] | (c["mind"] & c["grade_3"])),
        "pension_paid": c["severe"] & c["age_16_to_59"],
        "child_rehab": c["age_to_6"] | (c["age_7_to_17"] & c["rehab_district"]),
        "day_care": c["age_16_to_59"] & (c["mind"] | (c["physical"] & c["severe"])),
        "multi_household": c["household_of_two"],
    }


def amounts() -> list[pl.Expr]:
    """Fen a month for each cash rule: 0 when not due, NULL when unknown."""
    grade = pl.col("grade")

    def either(first: pl.Expr, yes: int, no: int) -> pl.Expr:
        return pl.when(first).then(pl.lit(yes, pl.Int32)).otherwise(pl.lit(no, pl.Int32))

    fen = {
        "living": pl.lit(terms.LIVING, pl.Int32),
        "nursing": either(grade == 1, terms.NURSING_GRADE_1, terms.NURSING_GRADE_2),
        "ext_nursing": either(grade == 3, terms.EXT_NURSING_GRADE_3, terms.EXT_NURSING_GRADE_4),
        "utility": pl.lit(terms.UTILITY_HOUSEHOLD, pl.Int32) // pl.col("n_disabled"),
        "age70": pl.lit(terms.AGE70, pl.Int32),
    }
    return [(pl.col(rule) * fen[rule]).cast(pl.Int32).alias(f"{rule}_fen") for rule in terms.CASH]


def total() -> pl.Expr:
    """The sum of the amounts known to be due."""
    known = [f"{rule}_fen" for rule in terms.CASH if rule != "nursing"]
    return sum((pl.col(name) for name in known), pl.col("nursing_fen").fill_null(0)).alias("total_fen")


def masks() -> list[pl.Expr]:
    """One bit a condition: known to be false, and not known.

    WHEN is two to four times cheaper here than casting a Boolean and multiplying, and 19 bits
    are cheaper to add up in 32 than in 64.
    """
    failed = unknown = pl.lit(0, pl.Int32)
    for bit, name in enumerate(terms.CONDITIONS):
        held, one, none = pl.col(f"c_{name}"), pl.lit(1 << bit, pl.Int32), pl.lit(0, pl.Int32)
        if name in terms.NULLABLE:
            unknown = unknown + pl.when(held.is_null()).then(one).otherwise(none)
            held = held.fill_null(True)
        failed = failed + pl.when(held).then(none).otherwise(one)
    return [failed.cast(pl.Int64).alias("failed"), unknown.cast(pl.Int64).alias("unknown")]


def plan(people: pl.LazyFrame, with_masks: bool) -> pl.LazyFrame:
    """The whole plan, from people to determinations."""
    held = {f"c_{name}": expr for name, expr in conditions().items()}
    columns = {name: pl.col(f"c_{name}") for name in terms.CONDITIONS}
    ruled = with_household(people).with_columns(**held).with_columns(**verdicts(columns)).with_columns(amounts())
    names = ["id", *terms.RULES, *(f"{rule}_fen" for rule in terms.CASH)]
    return ruled.select(*map(pl.col, names), total(), *(masks() if with_masks else ()))


def in_memory(path: Path, _: Path, ordered: bool, with_masks: bool) -> Body:
    """A body that goes from a frame in RAM to a frame in RAM."""
    people = pl.read_parquet(path).with_columns(pl.col("category").cast(pl.Enum(terms.CATEGORIES)))
    lazy = people.lazy().set_sorted("household") if ordered else people.lazy()
    return lambda: plan(lazy, with_masks).collect(engine="streaming")


def parquet_to_parquet(path: Path, out: Path, ordered: bool, with_masks: bool) -> Body:
    """A body that goes from file to file."""

    def body() -> None:
        people = pl.scan_parquet(path)
        people = people.set_sorted("household") if ordered else people
        plan(people, with_masks).sink_parquet(out, engine="streaming", compression="zstd")

    return body


def main() -> None:
    """Run one case."""
    kinds = ("memory", "parquet")
    args = clock.arguments([k + m + s for k in kinds for m in ("", "_masks") for s in ("", "_sorted")])
    body = in_memory if args.variant.startswith("memory") else parquet_to_parquet
    run = body(args.people, args.out, "_sorted" in args.variant, "_masks" in args.variant)
    result, laps = clock.timed(run, args.repeats)
    if args.check and result is not None:
        result.write_parquet(args.out)
    clock.report(args, laps)


if __name__ == "__main__":
    main()
