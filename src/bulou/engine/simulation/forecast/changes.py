"""Who changes when, and why: verdicts and amounts of neighbouring months compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bulou.engine.pack import Pack, Policy
from bulou.engine.simulation.forecast.months import Month, Numbered, changed_values
from bulou.engine.simulation.forecast.moving import MOVING
from bulou.engine.simulation.parts import trees_of

if TYPE_CHECKING:
    import polars as pl

    from bulou.engine.pack import ActiveProgramme

NEW_POLICY = "政策从这个月起改变"
OTHER_AMOUNT = "应享，金额变化"
EVENTS = ("starts", "ends", "doubts", "amounts")
_TEXTS = ("id", "household", "county", "township", "month", "programmes", "now", "then", "reason")


@dataclass
class Watch:
    """Gathers what differs from one month to the next."""

    pack: Pack
    coded: Numbered
    areas: pl.DataFrame
    lists: bool
    _rows: list[pl.DataFrame] = field(default_factory=list)
    _events: list[tuple[Any, ...]] = field(default_factory=list)

    def compare(self, before: Month, now: Month) -> None:
        """Enter what changed between two months that follow each other."""
        import polars as pl

        names = [*now.verdicts, *(name for name in before.verdicts if name not in now.verdicts)]
        for name in names:
            if name in now.verdicts and name not in now.fresh:
                continue
            old, new = (m.verdicts.get(name) for m in (before, now))
            size = len(new if new is not None else old)  # type: ignore[arg-type]
            frame = pl.DataFrame(
                {
                    "old": _or_false(old, size),
                    "new": _or_false(new, size),
                    "old_fen": _or_none(before.fens.get(name), size),
                    "new_fen": _or_none(now.fens.get(name), size),
                }
            ).with_row_index("row")
            other = pl.col("old").ne_missing(pl.col("new"))
            both = pl.col("old") & pl.col("new")
            moved = frame.filter(other | (both & pl.col("old_fen").ne_missing(pl.col("new_fen"))))
            if moved.height:
                self._enter(name, moved, before, now)

    def _enter(self, name: str, moved: pl.DataFrame, before: Month, now: Month) -> None:
        import polars as pl

        was, is_ = pl.col("old").fill_null(False), pl.col("new").fill_null(False)
        counts = (
            moved.filter(is_ & ~was).height,
            moved.filter(was & ~pl.col("new")).height,
            moved.filter(was & pl.col("new").is_null()).height,
            moved.filter(was & is_).height,
        )
        self._events.append((now.month, name, *counts))
        told = moved.filter(was | is_)
        if not self.lists or not told.height:
            return
        one = next(p for m in (now, before) for p in m.split.programmes if p.name == name)
        reasoned = told.with_columns(_reasons(name, one.subject, told["row"], before, now).alias("reason"))
        quiet = (pl.col("reason") == NEW_POLICY) & pl.col("old").eq_missing(pl.col("new"))
        fens = [_fen_of(side) for side in ("old", "new")]
        paid = one.pays == "month" and (name in before.fens or name in now.fens)
        difference = pl.col("new_fen") - pl.col("old_fen") if paid else pl.lit(0)
        then = pl.when(was & is_).then(pl.lit(OTHER_AMOUNT)).otherwise(_word("new", "不再符合"))
        self._rows.append(
            reasoned.filter(~quiet)
            .with_columns(fens)
            .select(
                pl.lit(one.subject).alias("kind"),
                "row",
                pl.lit(now.month).alias("month"),
                pl.lit(one.title).alias("title"),
                _word("old", "不应享").alias("now"),
                then.alias("then"),
                "reason",
                difference.cast(pl.Int64).alias("fen"),
            )
        )

    def events(self) -> pl.DataFrame:
        """month, programme and how many people start, end, become undecided or get another amount."""
        import polars as pl

        schema = {"month": pl.String, "programme": pl.String} | dict.fromkeys(EVENTS, pl.Int64)
        return pl.DataFrame(self._events, schema=schema, orient="row")

    def changes(self) -> pl.DataFrame:
        """One row a subject, month and direction; fen is the difference a month of programmes paid by month.

        Programmes without an amount are not in it; it is NULL when a due amount is not known.
        """
        import polars as pl

        schema = dict.fromkeys(_TEXTS, pl.String) | {"fen": pl.Int64}
        if not self._rows:
            return pl.DataFrame(schema=schema)
        together = (
            pl.concat(self._rows)
            .group_by("kind", "row", "month", "now", "then", maintain_order=True)
            .agg(
                pl.col("reason").unique(maintain_order=True).str.join("；").alias("reason"),
                pl.col("title").str.join("、").alias("programmes"),
                pl.when(pl.col("fen").is_null().any()).then(None).otherwise(pl.col("fen").sum()).alias("fen"),
            )
        )
        named = pl.concat([self._named(table, str(kind)) for (kind,), table in together.group_by("kind")])
        placed = named.join(self.areas, on="id", how="left")
        return placed.select(list(schema)).sort(
            "month", "county", "township", "household", "id", "programmes", nulls_last=True
        )

    def _named(self, table: pl.DataFrame, kind: str) -> pl.DataFrame:
        """Rows with the subjects' own ids and households."""
        import polars as pl

        rows = table["row"].cast(pl.Int64)
        home: pl.Series = pl.Series("household", [None] * table.height, dtype=pl.String)
        if kind == "person":
            homes = self.coded.tables.frames["person"].select("household").collect().to_series()
            home = self.coded.ids["household"].gather(homes.gather(rows)).alias("household")
        elif kind == "household":
            home = self.coded.ids["household"].gather(rows).alias("household")
        return table.with_columns(self.coded.ids[kind].gather(rows).alias("id"), home)


def _word(column: str, no: str) -> pl.Expr:
    import polars as pl

    verdict = pl.col(column)
    return pl.when(verdict.is_null()).then(pl.lit("待核实")).when(verdict).then(pl.lit("应享")).otherwise(pl.lit(no))


def _fen_of(side: str) -> pl.Expr:
    """What is due on one side: the amount, nothing, or not known."""
    import polars as pl

    verdict, fen = pl.col(side), f"{side}_fen"
    return pl.when(verdict).then(pl.col(fen)).when(~verdict).then(0).alias(fen)


def _or_false(column: pl.Series | None, size: int) -> pl.Series:
    import polars as pl

    return column if column is not None else pl.repeat(False, size, eager=True)


def _or_none(column: pl.Series | None, size: int) -> pl.Series:
    import polars as pl

    return column if column is not None else pl.repeat(None, size, dtype=pl.Int64, eager=True)


def _reasons(name: str, kind: str, rows: pl.Series, before: Month, now: Month) -> pl.Series:
    """The conditions that turned, in words; where none did, the policy has changed."""
    import polars as pl

    earlier = {c.id: f"{MOVING}{number}" for number, c in before.split.conditions.get(name, ())}
    parts: list[pl.Expr] = []
    columns: dict[str, pl.Series] = {}
    for number, condition in now.split.conditions.get(name, ()):
        old = earlier.get(condition.id)
        if old is None:
            continue
        columns[f"old.{condition.id}"] = before.moving[kind][old].gather(rows)
        columns[f"new.{condition.id}"] = now.moving[kind][f"{MOVING}{number}"].gather(rows)
        new = pl.col(f"new.{condition.id}")
        words = (
            pl.when(new.is_null()).then(pl.lit(f"届时不知道是否{condition.says}"))
            .when(new).then(pl.lit(f"届时符合：{condition.says}"))
            .otherwise(pl.lit(f"届时不符：{condition.says}"))
        )  # fmt: skip
        parts.append(pl.when(pl.col(f"old.{condition.id}").ne_missing(new)).then(words))
    amount = f"fen.{name}__fen"
    moving_amount = kind in now.moving and amount in now.moving[kind].columns
    last = "届时金额随年龄等变化" if moving_amount else NEW_POLICY
    if not parts:
        return pl.repeat(last, len(rows), eager=True)
    said = pl.concat_str(parts, separator="；", ignore_nulls=True)
    return pl.DataFrame(columns).select(pl.when(said == "").then(pl.lit(last)).otherwise(said)).to_series()


def policy_changes(pack: Pack, policies: Sequence[Policy], months: Sequence[str]) -> pl.DataFrame:
    """month and words: dated values, rules and programmes that begin, end or change during the forecast."""
    import polars as pl

    rows = [
        (month, words)
        for before, after, month in zip(policies, policies[1:], months[1:], strict=False)
        for words in _policy_words(pack, before, after)
    ]
    return pl.DataFrame(rows, schema={"month": pl.String, "words": pl.String}, orient="row")


def _policy_words(pack: Pack, before: Policy, after: Policy) -> Iterator[str]:
    for name, old, new in changed_values(before, after):
        yield f"{pack.facts[name].label}：{_shown(old)} → {_shown(new)}"
    olds, news = ({p.name: p for p in policy.programmes if not p.name.startswith("by.")} for policy in (before, after))
    for name, one in news.items():
        if name not in olds:
            yield f"{one.title}：开始实行"
        elif _written(olds[name]) != _written(one):
            yield f"{one.title}：条件或金额的规定改变"
    yield from (f"{one.title}：不再实行" for name, one in olds.items() if name not in news)


def _written(one: ActiveProgramme) -> tuple[Any, ...]:
    """The rules as they are written, before values and days are put in."""
    return tuple(c.test for c in one.conditions), one.amount, len(trees_of(one))


def _shown(value: Any) -> str:
    return "未定" if value is None else "是" if value is True else "否" if value is False else str(value)
