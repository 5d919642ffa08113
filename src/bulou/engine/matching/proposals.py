"""What the model says about rows that no stage settled: proposals in order of likelihood, for a person to judge."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from bulou.engine.matching.candidates import compared, is_grade
from bulou.engine.matching.likeness import comparable, spelled, with_blocks, with_shares
from bulou.engine.matching.matched import Matched, Outcome, Stage
from bulou.engine.matching.model import Model, linker_on, require_splink
from bulou.engine.matching.names import CLOSE, Grade

if TYPE_CHECKING:
    import polars as pl

SURE, WORTH_A_LOOK = 0.95, 0.5
"""Probabilities from which a proposal is near certain, and from which a person is shown it."""
FAINT = -5.0
"""Bits below which a candidate is not even the next best."""
GAP = 3.0
"""Bits by which the best candidate must lead the next one to be near certain."""
EXPECTED = 0.5
"""Share of the left rows thought to have a person in the registry, before looking at them."""
REPEATED = 0.02
"""Share of people thought to stand in a list more than once."""
MOST_SHOWN = 5
BY_NUMBER = (Stage.DECIDED, Stage.EXACT_ID, Stage.RELATIVE_ID, Stage.UNKNOWN_ID, Stage.REPAIRED_ID)
"""Stages whose reviews stay theirs: a person or a number speaks for somebody."""
WORDS = {"name": "姓名", "sex": "性别", "birth": "出生日期", "village": "村", "phone": "电话", "number": "号码"}


def propose(
    matched: Matched, people: pl.DataFrame, rows: pl.DataFrame, model: Model, barred: pl.DataFrame | None = None
) -> Matched:
    """`matched` with proposals of the model for rows without a person, and scores for rows under review.

    `people` and `rows` are the prepared frames; `barred` are pairs (at, p) a person has judged already. Nothing is
    linked and no link is changed: a row with outcome `none` becomes `review` when a candidate is worth a look, its
    stage saying whether the model is near certain; so does a row under review by a plain rule when the model is.
    """
    import polars as pl

    require_splink()
    open_rows = matched.links.filter(pl.col("outcome").is_in([str(Outcome.NONE), str(Outcome.REVIEW)]))
    waiting = rows.join(open_rows.select("row"), on="row", how="semi")
    if not waiting.height or not people.height:
        return matched
    pairs = _scored(people, waiting, model)
    if barred is not None:
        pairs = pairs.join(barred, on=["at", "p"], how="anti", maintain_order="left")
    taken = matched.links.drop_nulls("person_id").select("person_id").unique().join(people, on="person_id").select("p")
    weighed = _weighed(pairs, taken.with_columns(pl.lit(True).alias("taken")))
    return _with_proposals(matched, _judged(weighed, people, rows), people, rows, model)


def _scored(people: pl.DataFrame, waiting: pl.DataFrame, model: Model) -> pl.DataFrame:
    """Candidate pairs: p, at, `weight` (bits for and against) and `says` (the bits of each field)."""
    import polars as pl

    every = spelled(people)
    right, left = with_blocks(spelled(waiting), every)
    left, right = comparable(with_shares(left, every), "p"), comparable(with_shares(right, every), "at")
    if right.is_empty() or left.is_empty():
        return pl.DataFrame(schema={"p": pl.UInt32, "at": pl.UInt32, "weight": pl.Float64, "says": pl.String})
    prior = min(EXPECTED / people.height, 0.5)
    linker = linker_on(left, right, {**model.settings, "probability_two_random_records_match": prior})
    found = linker.inference.predict(threshold_match_weight=FAINT, warning_mode="never")
    frame: pl.DataFrame = found.as_duckdbpyrelation().pl()
    return frame.select(
        pl.col("unique_id_l").cast(pl.UInt32).alias("p"),
        pl.col("unique_id_r").cast(pl.UInt32).alias("at"),
        pl.col("match_weight").alias("weight"),
        _field_weights(frame.columns).alias("says"),
    ).sort("at", "weight", "p", descending=[False, True, False])


def _field_weights(columns: list[str]) -> pl.Expr:
    """姓名 +14.1，出生日期 -6.0: the bits that each field adds or takes."""
    import polars as pl

    parts = []
    for name, word in WORDS.items():
        counted = f"mw_tf_adj_{name}"
        bits = pl.col(f"mw_{name}") + (pl.col(counted).fill_null(0.0) if counted in columns else 0.0)
        sign = pl.when(bits > 0).then(pl.lit("+")).otherwise(pl.lit(""))
        text = pl.concat_str(pl.lit(f"{word} "), sign, bits.round(1).cast(pl.String))
        parts.append(pl.when(bits != 0).then(text))
    return pl.concat_str(parts, separator="，", ignore_nulls=True)


def _weighed(pairs: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """Pairs with `bits` and `probability` after what the whole list says: who is already linked by another row, or
    fits another row better, seldom stands in the list again."""
    import polars as pl

    held = pairs.join(taken, on="p", how="left", maintain_order="left")
    best = pl.col("weight") == pl.col("weight").max().over("p")
    again = pl.col("taken").fill_null(False) | ~best
    bits = pl.col("weight") + pl.when(again).then(math.log2(REPEATED)).otherwise(0.0)
    weighed = held.with_columns(bits.alias("bits"), again.alias("again"))
    odds = 2.0 ** pl.col("bits").clip(-60, 60)
    return weighed.with_columns((odds / (1 + odds)).alias("probability")).sort(
        "at", "bits", "p", descending=[False, True, False]
    )


def _judged(weighed: pl.DataFrame, people: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Pairs worth a look, with `name_grade`, `rank` and `sure`: near certain, well ahead of the next, and of a name
    that agrees, for relatives share village, phone and surname."""
    import polars as pl

    lead = pl.col("bits") - pl.col("bits").shift(-1).over("at")
    ranked = weighed.with_columns(
        lead.fill_null(GAP).alias("lead"), pl.int_range(1, pl.len() + 1).over("at").alias("rank")
    )
    best = ranked.filter(pl.col("rank") == 1, pl.col("probability") >= WORTH_A_LOOK).select("at")
    shown = ranked.join(best, on="at", how="semi").filter(pl.col("rank") <= MOST_SHOWN, pl.col("bits") > FAINT)
    graded = compared(shown, rows, people)
    certain = (pl.col("rank") == 1) & (pl.col("probability") >= SURE) & (pl.col("lead") >= GAP)
    return graded.with_columns((certain & is_grade(*CLOSE, Grade.ONE_MISSING)).alias("sure"))


def _with_proposals(
    matched: Matched, judged: pl.DataFrame, people: pl.DataFrame, rows: pl.DataFrame, model: Model
) -> Matched:
    """Rows without a person that have a proposal go to review; rows under review get scores and an order."""
    import polars as pl

    told = judged.join(rows.select("at", "row"), on="at", maintain_order="left").join(
        people.select("p", "person_id"), on="p", maintain_order="left"
    )
    opening = f"概率模型 {model.version[:8]}："
    again = pl.when("again").then(pl.lit("；此人已与名单中另一行相符")).otherwise(pl.lit(""))
    evidence = pl.concat_str(pl.lit(opening), "says", again).alias("evidence")
    new = told.select("row", "person_id", "rank", pl.col("name_grade").cast(pl.String), evidence, "probability", "sure")
    sure = new.filter("sure")["row"]
    by_number = pl.col("stage").is_in([str(one) for one in BY_NUMBER])
    under_review = (pl.col("outcome") == str(Outcome.REVIEW)) & ~by_number & pl.col("row").is_in(sure.implode())
    takes = matched.links.filter((pl.col("outcome") == str(Outcome.NONE)) | under_review).select("row")
    added = new.join(takes, on="row", how="semi", maintain_order="left")
    kept = _scored_candidates(matched.candidates.join(takes, on="row", how="anti", maintain_order="left"), new)
    links = _rescored(matched.links, added, kept)
    candidates = pl.concat([kept, added.rename({"probability": "score"}).select(kept.columns)], how="vertical_relaxed")
    counted = links.group_by("stage", "outcome").len().sort("stage", "outcome")
    counts = {(stage, outcome): number for stage, outcome, number in counted.iter_rows()}
    return replace(matched, links=links, candidates=candidates, counts=counts)


def _scored_candidates(candidates: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The stages' own proposals with the model's score, the likeliest first; those it did not see stay behind."""
    import polars as pl

    scores = new.select("row", "person_id", pl.col("probability").alias("score"))
    scored = candidates.drop("score", strict=False).join(
        scores, on=["row", "person_id"], how="left", maintain_order="left"
    )
    ordered = scored.sort("row", "score", "rank", descending=[False, True, False], nulls_last=True)
    rank = pl.int_range(1, pl.len() + 1).over("row").cast(candidates.schema["rank"])
    return ordered.with_columns(rank.alias("rank"))


def _rescored(links: pl.DataFrame, added: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    """Links with a score under review; rows with new proposals become reviews, still without a person."""
    import polars as pl

    first = added.filter(pl.col("rank") == 1)
    stage = pl.when("sure").then(pl.lit(str(Stage.MODEL_SURE))).otherwise(pl.lit(str(Stage.MODEL)))
    renamed = first.select("row", stage.alias("s"), pl.col("name_grade").alias("g"), pl.col("evidence").alias("e"))
    best = pl.concat(
        [first.select("row", "probability"), kept.filter(pl.col("rank") == 1).select("row", probability="score")]
    )
    both = links.join(renamed, on="row", how="left", maintain_order="left").join(
        best.drop_nulls(), on="row", how="left", maintain_order="left"
    )
    new = pl.col("s").is_not_null()
    return both.with_columns(
        pl.when(new).then(pl.lit(str(Outcome.REVIEW))).otherwise("outcome").alias("outcome"),
        pl.coalesce("s", "stage").alias("stage"),
        pl.coalesce("g", "name_grade").alias("name_grade"),
        pl.coalesce("e", "evidence").alias("evidence"),
        pl.coalesce("score", "probability").alias("score"),
    ).select(links.columns)
