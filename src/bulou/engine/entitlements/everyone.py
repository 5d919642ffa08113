"""Everyone at once: the compiled SQL text run on Polars (the default) or DuckDB (the second opinion)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bulou.engine.entitlements.compile import MASK_BITS, CompiledKind, compile_kind
from bulou.engine.entitlements.compile_facts import Given
from bulou.engine.entitlements.determination import ConditionState
from bulou.engine.facts.tables import Tables
from bulou.engine.pack import Policy

if TYPE_CHECKING:
    import polars as pl

Engine = Literal["polars", "duckdb"]
MEMORY_LIMIT = "4GB"
ROW_GROUP = 1_000_000
"""Rows of a Parquet row group: large groups cost less to write, and this many still fit easily in memory."""


def given_in(tables: Tables) -> dict[str, Given]:
    """Which columns each table has, and which of them are never NULL."""
    columns = {kind: frozenset(frame.collect_schema().names()) for kind, frame in tables.frames.items()}
    return {kind: Given(names, tables.never_unknown) for kind, names in columns.items()}


def compile_everyone(policy: Policy, tables: Tables, masks: bool = True) -> dict[str, CompiledKind]:
    """The SQL of every kind that has programmes and a table; people imply their households."""
    given = given_in(tables)
    kinds = [kind for kind in ("person", "household", "employer", "institution") if policy.of(kind)]
    has_homes = "household" in given or "person" in given
    present = [kind for kind in kinds if kind in given or (kind == "household" and has_homes)]
    return {kind: compile_kind(policy, kind, given, masks) for kind in present}


def run_polars(compiled: CompiledKind, tables: Tables) -> pl.LazyFrame:
    """The result as a lazy frame, to collect, or to sink to Parquet without holding it in memory; in no fixed order."""
    import polars as pl

    context = pl.SQLContext({kind: tables.frames[kind] for kind in compiled.tables})
    return context.execute(compiled.text, eager=False)


def decide_in_memory(compiled: CompiledKind, tables: Tables) -> pl.DataFrame:
    """The result as a frame, its rows in the order of the table given; subjects without a table of theirs by id.

    Joins promise no order: the engine that streams keeps none and costs half as much; this one keeps it as a rule, so
    it is only looked at.
    """
    result = run_polars(compiled, tables).collect(engine="in-memory")
    given = tables.frames.get(compiled.kind)
    ids = result.clear().select("id") if given is None else given.select("id").collect()
    if ids.height != result.height:
        return result.sort("id")
    if result["id"].equals(ids["id"]):
        return result
    return ids.join(result, on="id", how="left", maintain_order="left").select(result.columns)


def run_duckdb(compiled: CompiledKind, tables: Tables, memory_limit: str = MEMORY_LIMIT) -> pl.DataFrame:
    """The same text on DuckDB; columns as Polars gives them."""
    import duckdb
    import polars as pl

    with duckdb.connect(config={"memory_limit": memory_limit}) as connection:
        for kind in compiled.tables:
            connection.register(kind, tables.frames[kind].collect().to_arrow())
        frame = pl.from_arrow(connection.sql(compiled.text).to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def conditions_of(compiled: CompiledKind, programme: str, row: Mapping[str, Any]) -> Iterator[ConditionState]:
    """The state of each condition of a programme, read back from a result row's masks."""
    found = next(p for p in compiled.programmes if p.name == programme)
    for condition, position in zip(found.conditions, compiled.positions[programme], strict=True):
        number, bit = position // MASK_BITS + 1, 1 << position % MASK_BITS
        failed, unknown = row[f"failed_{number}"] & bit, row[f"unknown_{number}"] & bit
        state: Any = "failed" if failed else "unknown" if unknown else "met"
        yield ConditionState(condition.id, condition.says, state, condition.cite)


def write_parquet(compiled: Sequence[CompiledKind], tables: Tables, out: Path, policy: Policy) -> dict[str, int]:
    """Stream each kind's results to `out/<kind>.parquet`; all are written, or none. Gives rows per kind.

    Rows come in no fixed order: keeping the order of ten million would need all of them in memory.

    The file's metadata tell the region, day, pack digest and engine version, and for every programme which bits
    of the masks are its conditions (`bulou.conditions`: programme → condition id → bit).
    """
    import polars as pl

    out.mkdir(parents=True, exist_ok=True)
    partial = {kind: out / f".{kind}.parquet.part" for kind in (c.kind for c in compiled)}
    try:
        for one in compiled:
            run_polars(one, tables).sink_parquet(
                partial[one.kind],
                engine="streaming",
                compression="zstd",
                compression_level=1,
                row_group_size=ROW_GROUP,
                metadata=_metadata(one, policy),
            )
        for kind, file in partial.items():
            file.replace(out / f"{kind}.parquet")
    finally:
        for file in partial.values():
            file.unlink(missing_ok=True)
    return {kind: int(pl.scan_parquet(out / f"{kind}.parquet").select(pl.len()).collect().item()) for kind in partial}


def _metadata(compiled: CompiledKind, policy: Policy) -> dict[str, str]:
    import json
    from importlib.metadata import version

    conditions = {
        programme.name: dict(zip((c.id for c in programme.conditions), compiled.positions[programme.name], strict=True))
        for programme in compiled.programmes
    }
    return {
        "bulou.region": policy.region,
        "bulou.on": policy.on.isoformat(),
        "bulou.pack": policy.pack_digest,
        "bulou.version": version("bulou"),
        "bulou.conditions": json.dumps(conditions),
    }
