"""Precision, recall, false links and review load of matching, by stage and by kind of fault, on data with the truth.

    python bench/match_quality.py --sizes 52000 1000000 --seeds 901 902 --files full name_id no_id [--model FILE]

A link is right when it names the person the row is about. *Recall* is over rows whose person is in the registry and
that carry enough: the ID can be read or mended (all kinds of fault but a missing number, two wrong digits, six digits
and an exponent, a relative's number), or else the name with those of birth date, village and phone that the row states
rightly (at least one of them) fits exactly one registered person. *Recall, all* is over every row whose person is in
the registry. With a model, *sure proposals* are the rows it puts before a person as near certain; they are links of
nobody until that person says so, and are counted apart.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import polars as pl

from bulou.engine.matching import Matched, match_rows, read_model
from bulou.engine.synthetic.linkage import MatchCase, make_match_case
from clock import timed

FILES = {
    "full": ("row", "id_number", "name", "sex", "birth_date", "village", "phone"),
    "name_id": ("row", "id_number", "name"),
    "no_id": ("row", "name", "sex", "birth_date", "village", "phone"),
    "no_id_home": ("row", "name", "sex", "birth_date", "village", "phone", "household"),
    "full_home": ("row", "id_number", "name", "sex", "birth_date", "village", "phone", "household"),
}
"""`_home`: with the registry's household numbers, which few departments have."""
TARGETS = {"full": (0.9999, 0.995), "name_id": (0.9999, 0.98), "no_id": (0.995, 0.97)}
UNREADABLE = ("missing", "two_digits", "exponent", "relative")
FACTS = {"birth_fault": "birth_date", "village_fault": "village", "phone_fault": "phone"}


@dataclass(frozen=True)
class Score:
    """One run: what was counted, and the tables behind it."""

    figures: dict[str, Any]
    by_stage: pl.DataFrame
    by_fault: pl.DataFrame


def enough(case: MatchCase, columns: tuple[str, ...]) -> pl.Series:
    """For each row True where it carries enough to identify a registered person (see the head of this file)."""
    truth, known = case.truth, case.registry.rename({"name": "own_name", "sex": "own_sex"})
    facts = {fault: name for fault, name in FACTS.items() if name in columns}
    counted = known.select("person_id", "own_name", "own_sex", *facts.values())
    for at, pattern in enumerate(product((False, True), repeat=len(facts))):
        keys = ["own_name", "own_sex", *(name for name, used in zip(facts.values(), pattern, strict=True) if used)]
        alone = (pl.len().over(keys) == 1) & pl.all_horizontal(pl.col(keys).is_not_null())
        counted = counted.with_columns((alone & pl.lit(any(pattern))).alias(f"alone_{at}"))
    joined = truth.join(counted, on="person_id", how="left", maintain_order="left")
    unique = pl.lit(False)
    for at, pattern in enumerate(product((False, True), repeat=len(facts))):
        fits = [pl.col(fault).is_null() == used for fault, used in zip(facts, pattern, strict=True)]
        unique = unique | (pl.all_horizontal(True, *fits) & pl.col(f"alone_{at}"))
    readable = ~truth["id_fault"].is_in(UNREADABLE).fill_null(False) if "id_number" in columns else pl.lit(False)
    return joined.select((pl.col("person_id").is_not_null() & (unique | readable)).fill_null(False).alias("enough"))[
        "enough"
    ]


def score(case: MatchCase, matched: Matched, carries: pl.Series) -> Score:
    """Counts of right and false links, rows under review and rows missed."""
    first = matched.candidates.filter(pl.col("rank") == 1).select("row", likeliest="person_id")
    told = case.truth.join(matched.links, on="row", how="left", suffix="_linked", validate="1:1", maintain_order="left")
    told = told.join(first, on="row", how="left", validate="1:1", maintain_order="left")
    linked = pl.col("outcome").is_in(["linked", "relative"])
    right = linked & (pl.col("person_id") == pl.col("person_id_linked")).fill_null(False)
    proposed = (pl.col("outcome") == "review") & (pl.col("stage") == "model_sure")
    told = told.with_columns(
        carries.alias("enough"),
        linked.alias("linked"),
        right.alias("right"),
        (linked & ~right).alias("false"),
        (pl.col("outcome") == "review").alias("review"),
        proposed.alias("proposed"),
        (proposed & (pl.col("person_id") == pl.col("likeliest")).fill_null(False)).alias("proposed_right"),
        inside=pl.col("person_id").is_not_null(),
    )
    return Score(_figures(told), _by_stage(told), _by_fault(told))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _figures(told: pl.DataFrame) -> dict[str, Any]:
    total = {name: int(told[name].sum()) for name in ("linked", "right", "false", "review", "proposed")}
    sure, inside = told.filter(pl.col("enough")), told.filter(pl.col("inside"))
    with_proposals = total["linked"] + total["proposed"]
    right = total["right"] + int(told["proposed_right"].sum())
    return {
        "rows": told.height,
        **total,
        "precision": _share(total["right"], total["linked"]),
        "recall": _share(sure["right"].sum(), sure.height),
        "recall_all": _share(inside["right"].sum(), inside.height),
        "review_share": _share(total["review"], told.height),
        "not_enough": inside.height - sure.height,
        "proposals_precision": _share(right, with_proposals),
        "proposals_recall": _share((sure["right"] | sure["proposed_right"]).sum(), sure.height),
        "proposals_recall_all": _share((inside["right"] | inside["proposed_right"]).sum(), inside.height),
    }


def _by_stage(told: pl.DataFrame) -> pl.DataFrame:
    sums = [pl.len().alias("rows"), *(pl.col(name).sum() for name in ("right", "false", "review"))]
    found = pl.col("inside") & ~pl.col("linked") & ~pl.col("review")
    return told.group_by("stage", "outcome").agg(*sums, found.sum().alias("missed")).sort("rows", descending=True)


def _by_fault(told: pl.DataFrame) -> pl.DataFrame:
    """Every kind of fault, whatever else is wrong with the row; and the kinds of people outside the registry."""
    tables = []
    for column in ("id_fault", "name_fault", "outsider"):
        sums = [pl.len().alias("rows"), *(pl.col(name).sum() for name in ("right", "false", "review"))]
        inside = told if column == "outsider" else told.filter(pl.col("inside"))
        missed = (pl.col("inside") & ~pl.col("linked") & ~pl.col("review")).sum().alias("missed")
        grouped = inside.group_by(pl.col(column).fill_null("none").alias("kind")).agg(*sums, missed)
        tables.append(grouped.sort("rows", descending=True).select(pl.lit(column).alias("of"), pl.all()))
    return pl.concat(tables).filter(~((pl.col("of") == "outsider") & (pl.col("kind") == "none")))


def measured(size: int, seed: int, file: str, model: Path | None) -> Score:
    """One case, matched and scored."""
    case = make_match_case(size, seed)
    rows = case.rows.select(FILES[file])
    saved = read_model(model) if model else None
    matched, laps = timed(lambda: match_rows(case.registry, rows, model=saved), 1)
    result = score(case, matched, enough(case, FILES[file]))
    result.figures.update(size=size, seed=seed, file=file, model=bool(model))
    result.figures.update(wall=round(laps.wall[0], 2), cpu=round(laps.cpu[0], 2), peak_mb=round(laps.peak_mb))
    result.figures["capped"] = [str(one) for one in matched.capped]
    return result


def say(result: Score, detail: bool) -> None:
    """One line for the run, and the tables if wanted."""
    one = result.figures
    precision, recall = TARGETS[one["file"].removesuffix("_home")]
    shown = f"{one['file']} {one['size']} seed {one['seed']}{' model' if one['model'] else ''}: "
    shown += f"P {one['precision']:.6f} R {one['recall']:.5f} (all {one['recall_all']:.5f}) false {one['false']}"
    shown += f" review {one['review_share']:.3%} not enough {one['not_enough']}"
    if one["model"]:
        shown += f" | with sure proposals P {one['proposals_precision']:.5f} R {one['proposals_recall']:.5f}"
        shown += f" (all {one['proposals_recall_all']:.5f})"
    print(f"{shown} | {one['wall']} s wall {one['cpu']} s CPU {one['peak_mb']} MiB | aim P {precision} R {recall}")
    if detail:
        with pl.Config(tbl_formatting="MARKDOWN", tbl_rows=60, tbl_hide_dataframe_shape=True):
            pl.Config.set_tbl_hide_column_data_types(True)
            print(result.by_stage, result.by_fault, sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", type=int, nargs="+", default=[52_000])
    parser.add_argument("--seeds", type=int, nargs="+", default=[901])
    parser.add_argument("--files", choices=FILES, nargs="+", default=list(FILES))
    parser.add_argument("--model", type=Path, help="a saved model for what the stages leave")
    parser.add_argument("--detail", action="store_true", help="tables by stage and by kind of fault")
    parser.add_argument("--json", type=Path, help="write all figures here")
    args = parser.parse_args()
    results = []
    for size, seed, file in product(args.sizes, args.seeds, args.files):
        result = measured(size, seed, file, args.model)
        results.append(result.figures | {"by_stage": result.by_stage.rows(), "by_fault": result.by_fault.rows()})
        say(result, args.detail)
    if args.json:
        args.json.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
