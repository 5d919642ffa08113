"""What both policies say about every subject, and what the difference is worth; unknown stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bulou.engine.simulation.parts import Pair
from bulou.engine.simulation.simulate.simulation import MEASURES, Changed

if TYPE_CHECKING:
    import polars as pl


def changed_programmes(pairs: Sequence[Pair]) -> list[Changed]:
    """The programmes that the two policies decide differently."""
    found = []
    for pair in pairs:
        if not pair.same:
            either = pair.either
            money = any(one is not None and one.amount is not None for one in (pair.before, pair.after))
            found.append(
                Changed(pair, pair.name, either.title, either.subject, either.pays, money, either.gives == "levy")
            )
    return found


def outcomes(frame: pl.DataFrame, one: Changed) -> pl.DataFrame:
    """id, state, and the measures of one subject as numbers; only subjects that are not in state `neither`.

    Also `difference` in fen for one period: NULL where it is not known.
    """
    import polars as pl

    sides = frame.select("id", *_sides(frame, one))
    known = sides.with_columns(before=pl.col("s") & pl.col("a"), after=pl.col("s") & pl.col("b"))
    stated = known.with_columns(_state().alias("state")).filter(pl.col("state") != "neither")
    valued = stated.with_columns(_money(one)).with_columns(_measures(one.money))
    return valued.select("id", "state", "difference", *MEASURES)


def _sides(frame: pl.DataFrame, one: Changed) -> list[pl.Expr]:
    """s: the shared conditions; a, b: the rest of each side; fa, fb: the amount should it be due."""
    import polars as pl

    name, columns = one.name, set(frame.columns)
    found = [pl.col(f"shared.{name}").alias("s")]
    for side, verdict, fen in (("before", "a", "fa"), ("after", "b", "fb")):
        column, amount = f"{side}.{name}", f"fen_{side}.{name}__fen"
        found.append((pl.col(column) if column in columns else pl.lit(False)).alias(verdict))
        found.append((pl.col(amount) if amount in columns else pl.lit(None, pl.Int64)).alias(fen))
    return found


def _state() -> pl.Expr:
    import polars as pl

    before, after = pl.col("before"), pl.col("after")
    alike = pl.col("s").is_null() & pl.col("a") & pl.col("b")
    return (
        pl.when(before & after).then(pl.lit("kept"))
        .when(~before & after).then(pl.lit("gained"))
        .when(before & ~after).then(pl.lit("lost"))
        .when(~before & ~after).then(pl.lit("neither"))
        .when(alike).then(pl.lit("same"))
        .otherwise(pl.lit("unsettled"))
    )  # fmt: skip


def _money(one: Changed) -> list[pl.Expr]:
    """Fen before and after where known, the difference, and its bounds where it is not."""
    import polars as pl

    if not one.money:
        nothing = pl.lit(None, pl.Int64)
        return [nothing.alias(name) for name in ("fen1", "fen2", "difference", "low", "high")]
    fens = [
        pl.when(pl.col(verdict)).then(pl.col(fen)).when(~pl.col(verdict)).then(0)
        for verdict, fen in (("before", "fa"), ("after", "fb"))
    ]
    equal = pl.lit(True) if _same_amount(one) else pl.col("fa") == pl.col("fb")
    unchanged = pl.col("state").is_in(["kept", "same"]) & equal
    difference = pl.when(unchanged).then(0).otherwise(fens[1] - fens[0])
    lows, highs = zip(*(_range(verdict, fen) for verdict, fen in (("a", "fa"), ("b", "fb"))), strict=True)
    low, high = lows[1] - highs[0], highs[1] - lows[0]
    open_ = pl.col("s").is_null()
    return [
        fens[0].alias("fen1"),
        fens[1].alias("fen2"),
        difference.alias("difference"),
        pl.when(open_).then(_least(low)).otherwise(low).alias("low"),
        pl.when(open_).then(-_least(-high)).otherwise(high).alias("high"),
    ]


def _same_amount(one: Changed) -> bool:
    """The amount is worked out alike on both sides, so that it is equal even where it is unknown."""
    before, after = one.pair.before, one.pair.after
    return before is not None and after is not None and before.amount == after.amount


def _range(verdict: str, fen: str) -> tuple[pl.Expr, pl.Expr]:
    """The least and the most that one side can come to, when the shared conditions hold; NULL: no bound."""
    import polars as pl

    due, amount = pl.col(verdict), pl.col(fen)
    return pl.when(due).then(amount).otherwise(0), pl.when(due.fill_null(True)).then(amount).otherwise(0)


def _least(value: pl.Expr) -> pl.Expr:
    """The smaller of the value and nought; unknown stays unknown."""
    import polars as pl

    return pl.when(value < 0).then(value).when(value >= 0).then(0)


def _measures(money: bool) -> list[pl.Expr]:
    import polars as pl

    state, difference = pl.col("state"), pl.col("difference")
    possible = pl.col("s").fill_null(True)
    before_no, before_yes = ~pl.col("a").fill_null(False), pl.col("a").fill_null(True)
    after_no, after_yes = ~pl.col("b").fill_null(False), pl.col("b").fill_null(True)
    settled = pl.col("fen1").is_not_null() & pl.col("fen2").is_not_null()
    decided = state.is_in(["gained", "lost", "kept"])
    undecided = ~decided & difference.is_null() & money
    numbers = {
        "subjects": pl.lit(1),
        **{name: state == name for name in ("gained", "lost", "kept", "same", "unsettled", "neither")},
        "more": (state == "kept") & (difference > 0),
        "less": (state == "kept") & (difference < 0),
        "unset": decided & difference.is_null() & money,
        "might_gain": (state == "unsettled") & possible & before_no & after_yes,
        "might_lose": (state == "unsettled") & possible & before_yes & after_no,
        "unbounded": undecided & (pl.col("low").is_null() | pl.col("high").is_null()),
        "fen_before": pl.when(settled).then("fen1"),
        "fen_after": pl.when(settled).then("fen2"),
        "fen_gained": pl.when(settled & (difference > 0)).then(difference),
        "fen_lost": pl.when(settled & (difference < 0)).then(-difference),
        "fen_low": pl.when(undecided).then("low"),
        "fen_high": pl.when(undecided).then("high"),
    }
    return [number.cast(pl.Int64).fill_null(0).alias(name) for name, number in numbers.items()]
