"""Decides one month after another, each time only what time or a new policy can have changed.

Subjects are numbered, so that joins and comparisons are about whole numbers; rows stand in that order in every frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bulou.engine.entitlements.compile import compile_kind
from bulou.engine.entitlements.everyone import given_in, run_polars
from bulou.engine.facts.tables import Tables
from bulou.engine.pack import Policy
from bulou.engine.simulation.forecast.moving import FEN, MOVING, STILL, Split, split

if TYPE_CHECKING:
    import polars as pl

KINDS = ("person", "household", "employer", "institution")
BESIDE = "by."


@dataclass(frozen=True)
class Numbered:
    """Tables whose ids are row numbers; `ids` has each kind's own ids in that order."""

    tables: Tables
    ids: dict[str, pl.Series]


def numbered(tables: Tables) -> Numbered:
    """The tables with ids and households as whole numbers; people without a household keep none."""
    import polars as pl

    frames: dict[str, pl.DataFrame] = {kind: frame.collect() for kind, frame in tables.frames.items()}
    ids = {kind: frame["id"].cast(pl.String) for kind, frame in frames.items()}
    if "person" in frames:
        named = frames["person"]["household"].cast(pl.String).drop_nulls().unique(maintain_order=True)
        listed = ids.get("household", pl.Series("id", [], dtype=pl.String))
        more = named.filter(~named.is_in(listed.implode())) if listed.len() else named
        ids["household"] = pl.concat([listed.rename("id"), more.rename("id")])
        place = pl.DataFrame({"household": ids["household"]}).with_row_index("__home")
        homes = frames["person"].select(pl.col("household").cast(pl.String)).join(
            place, on="household", how="left", maintain_order="left"
        )  # fmt: skip
        frames["person"] = frames["person"].with_columns(homes["__home"].cast(pl.Int64).alias("household"))
    plain = {
        kind: frame.with_columns(pl.Series("id", range(frame.height), dtype=pl.Int64)).lazy()
        for kind, frame in frames.items()
    }
    return Numbered(Tables(plain, tables.never_unknown), ids)


@dataclass(frozen=True)
class Month:
    """A decided month. By programme x of a kind: `verdict` (True, False, NULL) and `fen` (NULL: unknown or unset).

    `fresh` are the programmes whose columns differ from the month before (all of them in the first month); `moving`
    has the moving conditions and everything decided beside the programmes.
    """

    month: str
    on: date
    policy: Policy
    split: Split
    verdicts: dict[str, pl.Series]
    fens: dict[str, pl.Series]
    fresh: frozenset[str]
    moving: dict[str, pl.DataFrame]


@dataclass
class Months:
    """Decides months in order. `evaluated` counts the queries that were run, `reused` those that were not needed."""

    tables: Tables
    moving: frozenset[str]
    evaluated: int = 0
    reused: int = 0
    _kept: dict[tuple[str, str], tuple[str, pl.DataFrame]] = field(default_factory=dict)
    _before: Month | None = None

    def decide(self, month: str, policy: Policy) -> Month:
        """The month under its policy; what cannot have changed is taken from the month before."""
        besides = [p for p in policy.programmes if p.name.startswith(BESIDE)]
        plain = replace(policy, programmes=tuple(p for p in policy.programmes if not p.name.startswith(BESIDE)))
        parts = split(plain, self.moving, besides)
        still, moved, new = {}, {}, set()
        for kind in self._kinds(policy):
            still[kind], fresh_still = self._run(parts.still, kind, "still")
            moved[kind], fresh_moving = self._run(parts.moving, kind, "moving")
            for one in parts.programmes:
                if one.subject == kind and (fresh_still or (fresh_moving and self._moves(parts, one.name))):
                    new.add(one.name)
        verdicts, fens = self._columns(parts, still, moved, new)
        found = Month(month, policy.on, policy, parts, verdicts, fens, frozenset(new), moved)
        self._before = found
        return found

    def _kinds(self, policy: Policy) -> list[str]:
        there = {*self.tables.frames, *(["household"] if "person" in self.tables.frames else [])}
        return [kind for kind in KINDS if kind in there and policy.of(kind)]

    def _moves(self, parts: Split, name: str) -> bool:
        return bool(parts.conditions[name]) or any(p.name == FEN + name for p in parts.moving.programmes)

    def _run(self, policy: Policy, kind: str, which: str) -> tuple[pl.DataFrame, bool]:
        """The frame of one query in the order of the ids, and whether it differs from the month before."""
        import polars as pl

        if not policy.of(kind):
            return pl.DataFrame(), False
        compiled = compile_kind(policy, kind, given_in(self.tables), masks=False)
        text, frame = self._kept.get((which, kind), ("", None))
        if frame is not None and text == compiled.text:
            self.reused += 1
            return frame, False
        self.evaluated += 1
        frame = run_polars(compiled, self.tables).collect()
        frame = frame if frame["id"].is_sorted() else frame.sort("id")
        self._kept[which, kind] = (compiled.text, frame)
        return frame, True

    def _columns(
        self, parts: Split, still: dict[str, pl.DataFrame], moved: dict[str, pl.DataFrame], new: set[str]
    ) -> tuple[dict[str, pl.Series], dict[str, pl.Series]]:
        """Verdicts and amounts of all programmes; those not in `new` are the very columns of the month before."""
        import polars as pl

        verdicts: dict[str, pl.Series] = {}
        fens: dict[str, pl.Series] = {}
        for kind, frame in still.items():
            here = [one for one in parts.programmes if one.subject == kind]
            other = [name for name in moved[kind].columns if name != "id"] if kind in moved else []
            wide = pl.concat([frame, moved[kind].select(other)], how="horizontal") if other else frame
            exprs = []
            for one in here:
                if one.name in new:
                    numbers = [pl.col(f"{MOVING}{number}") for number, _ in parts.conditions[one.name]]
                    exprs.append(_all([pl.col(STILL + one.name), *numbers]).alias(one.name))
            computed = wide.select(exprs) if exprs else pl.DataFrame()
            for one in here:
                known = one.name in new
                verdicts[one.name] = computed[one.name] if known else self._earlier("verdicts", one.name)
                column = f"{FEN}{one.name}__fen"
                if column in wide.columns:
                    fens[one.name] = wide[column] if known else self._earlier("fens", one.name)
        return verdicts, fens

    def _earlier(self, what: str, name: str) -> Any:
        assert self._before is not None
        return getattr(self._before, what)[name]


def _all(parts: Sequence[pl.Expr]) -> pl.Expr:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole & part
    return whole


def changed_values(before: Policy, after: Policy) -> Iterator[tuple[str, Any, Any]]:
    """Region values that differ between two months: fact, old, new."""
    for name, value in after.constants.items():
        if name.startswith("region.") and before.constants.get(name) != value:
            yield name, before.constants.get(name), value
