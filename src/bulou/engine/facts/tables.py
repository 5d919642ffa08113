"""Tables of many subjects as typed Polars frames, for the evaluator of everyone.

A typed table has `id` (and `household` for people) and one column a fact, by its full name: numbers as whole
numbers (money in fen, other numbers in millionths), codes as text, lists of codes as lists, NULL for unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.facts.document import KINDS, CheckedDocument
from bulou.engine.language.types import FactType
from bulou.engine.pack import FactDefinition, Pack

if TYPE_CHECKING:
    import polars as pl

SHOWN_ROWS = 5


@dataclass(frozen=True)
class Tables:
    """Typed tables by kind of subject; `never_unknown` names columns known to have no NULL (it saves work)."""

    frames: Mapping[str, pl.LazyFrame]
    never_unknown: frozenset[str] = frozenset()


def dtype_of(type: FactType) -> pl.DataType:
    """The column type in which a fact is held."""
    import polars as pl

    return {
        "bool": pl.Boolean(),
        "int": pl.Int64(),
        "number": pl.Int64(),
        "money": pl.Int64(),
        "date": pl.Date(),
        "code": pl.String(),
        "codes": pl.List(pl.String()),
        "text": pl.String(),
    }[type.kind]


def tables_of_document(document: CheckedDocument, pack: Pack) -> Tables:
    """A checked document as typed tables; columns are the facts that some subject gives."""
    import polars as pl

    frames = {}
    full: set[str] = set()
    for kind, subjects in document.subjects.items():
        if not subjects:
            continue
        data: dict[str, list[Any]] = {"id": [subject.id for subject in subjects]}
        schema: dict[str, pl.DataType] = {"id": pl.String()}
        if kind == "person":
            data["household"], schema["household"] = [subject.household for subject in subjects], pl.String()
        for name in dict.fromkeys(name for subject in subjects for name in subject.facts):
            type = pack.facts[name].type
            data[name] = [_stored(subject.facts.get(name), type) for subject in subjects]
            schema[name] = dtype_of(type)
        frames[kind] = pl.DataFrame(data, schema=schema).lazy()
        full |= {name if "." in name else f"{kind}.{name}" for name, column in data.items() if None not in column}
    return Tables(frames, frozenset(full))


def _stored(value: Any, type: FactType) -> Any:
    if value is None or not type.type.numeric:
        return list(value) if isinstance(value, tuple) else value
    return int(value * 10**type.decimals)


def tables_of_frames(frames: Mapping[str, Any], pack: Pack, check: bool = True) -> Tables:
    """Users' tables as typed tables, without copying where the column already has its type.

    `frames` maps people, households, employers, institutions to a Polars frame, pandas frame, Arrow table or the
    path of a Parquet file; columns are fact names (with or without prefix), money in yuan. Raises `Refused` with
    all problems: unknown columns, wrong types and, with `check`, codes outside the list, values out of bounds,
    duplicate ids, amounts with more than two decimals.
    """
    problems: list[Problem] = []
    typed: dict[str, pl.LazyFrame] = {}
    for key, frame in frames.items():
        table = _Table(key, _lazy(frame), pack, problems)
        columns = table.typed_columns()
        if columns:
            typed[KINDS[key]] = table.frame.select(columns)
        if check and not problems:
            table.check_values()
    if problems:
        raise Refused(problems)
    return Tables(typed, _without_nulls(frames, typed))


def _lazy(frame: Any) -> pl.LazyFrame:
    import polars as pl

    if isinstance(frame, pl.LazyFrame):
        return frame
    if isinstance(frame, pl.DataFrame):
        return frame.lazy()
    if isinstance(frame, str | Path):
        return pl.scan_parquet(frame)
    if hasattr(frame, "__arrow_c_stream__") or hasattr(frame, "schema"):
        return pl.DataFrame(frame).lazy()
    return pl.DataFrame(pl.from_pandas(frame)).lazy()


def _without_nulls(frames: Mapping[str, Any], typed: Mapping[str, pl.LazyFrame]) -> frozenset[str]:
    """Columns that surely hold no NULL: counted in memory, read from the statistics of a Parquet file."""
    import polars as pl

    known: set[str] = set()
    for key, frame in frames.items():
        if isinstance(frame, pl.DataFrame):
            full = [name for name in frame.columns if not frame[name].null_count()]
        elif isinstance(frame, str | Path):
            full = _columns_without_nulls(Path(frame))
        else:
            full = []
        known |= {name if "." in name else f"{KINDS[key]}.{name}" for name in full}
    columns = {name for frame in typed.values() for name in frame.collect_schema().names()}
    return frozenset(known & (columns | {"person.household"}))


def _columns_without_nulls(path: Path) -> list[str]:
    import duckdb

    query = """
        SELECT path_in_schema FROM parquet_metadata(?)
        GROUP BY path_in_schema HAVING bool_and(stats_null_count = 0)
    """
    with duckdb.connect() as connection:
        return [name for (name,) in connection.execute(query, [str(path)]).fetchall()]


@dataclass
class _Table:
    key: str
    frame: pl.LazyFrame
    pack: Pack
    problems: list[Problem]

    @property
    def kind(self) -> str:
        return KINDS[self.key]

    def _problem(self, code: str, column: str, got: str, expected: str, fix: str) -> None:
        self.problems.append(Problem(code, Place(self.key, column=column), got, expected, fix))

    def facts(self) -> Iterator[tuple[str, FactDefinition]]:
        """Columns that are facts, with their definition; others are reported."""
        for name in self.frame.collect_schema().names():
            full = name if "." in name else f"{self.kind}.{name}"
            if full in self.pack.facts and full.startswith(f"{self.kind}."):
                yield name, self.pack.facts[full]
            elif name != "id" and not (name == "household" and self.kind == "person"):
                self._problem("unknown-column", name, name, f"{self.kind} 的事实名", "改正或去掉这一列")

    def typed_columns(self) -> list[pl.Expr]:
        import polars as pl

        schema = self.frame.collect_schema()
        if "id" not in schema:
            self._problem("no-id", "id", "没有 id 列", "id 列", "给每行一个 id")
            return []
        keys = ["id", "household"] if self.kind == "person" and "household" in schema else ["id"]
        columns = [pl.col(key) for key in keys]
        if self.kind == "person" and "household" not in schema:
            columns.append(pl.lit(None, dtype=schema["id"]).alias("household"))
        for name, fact in self.facts():
            column = _typed(pl.col(name), schema[name], fact.type)
            if column is None:
                self._problem("wrong-type", name, f"列类型 {schema[name]}", str(fact.type.type), "转换这一列的类型")
            else:
                columns.append(column.alias(fact.name))
        return columns

    def check_values(self) -> None:
        """One pass over the table: how many values of each column are not allowed, and the first such ids."""
        import polars as pl

        bad: dict[str, tuple[pl.Expr, str]] = {}
        schema = self.frame.collect_schema()
        for name, fact in self.facts():
            wrong = _wrong(pl.col(name), schema[name], fact.type)
            if wrong is not None:
                bad[name] = (wrong.fill_null(False), _allowed(fact.type))
        counts = {name: wrong.sum().alias(name) for name, (wrong, _) in bad.items()}
        duplicates = (pl.len() - pl.col("id").n_unique()).alias("id")
        totals = self.frame.select(duplicates, *counts.values()).collect(engine="streaming").row(0, named=True)
        for name, count in totals.items():
            if not count:
                continue
            if name == "id":
                self._problem("duplicate-id", "id", f"{count} 行重复", "不重复的 id", "合并或改正重复的行")
                continue
            rows = self.frame.filter(bad[name][0]).select("id", name).head(SHOWN_ROWS).collect().rows()
            shown = "、".join(f"{id}: {value}" for id, value in rows)
            self._problem("wrong-value", name, f"{count} 行，如 {shown}", bad[name][1], "改正这些行")


def _typed(column: pl.Expr, dtype: pl.DataType, type: FactType) -> pl.Expr | None:
    """The column as the fact is held, or None when its type cannot hold the fact."""
    import polars as pl

    wanted = dtype_of(type)
    if dtype == pl.Null:
        return column.cast(wanted)
    if type.type.numeric:
        if dtype.is_integer():
            factor: int = 10**type.decimals
            return column.cast(wanted) * factor if type.decimals else column
        if dtype.is_float() or dtype.is_decimal():
            factor = 10**type.decimals
            return (column * factor).round().cast(wanted)
        return None
    if isinstance(dtype, pl.Enum) and set(type.codes) <= set(dtype.categories.to_list()):
        return column
    if type.kind in ("code", "text") and dtype in (pl.Categorical, pl.Enum):
        return column.cast(wanted)
    if type.kind == "date" and dtype == pl.Datetime:
        return column.dt.date()
    return column if dtype == wanted else None


def _wrong(column: pl.Expr, dtype: pl.DataType, type: FactType) -> pl.Expr | None:
    import polars as pl

    if type.type.numeric and dtype.is_numeric():
        scaled = column.cast(pl.Float64) * 10**type.decimals
        tests = [(scaled - scaled.round()).abs() > 1e-4] if dtype.is_float() or dtype.is_decimal() else []
        tests += [column < float(type.low)] if type.low is not None else []
        tests += [column > float(type.high)] if type.high is not None else []
        tests += [scaled.abs() > type.limit]
        return pl.any_horizontal(tests)
    if type.kind == "code" and dtype != pl.Null:
        return column.cast(pl.String).is_in(list(type.codes)).not_()
    if type.kind == "codes" and dtype != pl.Null:
        return column.list.eval(pl.element().is_in(list(type.codes))).list.all().not_()
    return None


def _allowed(type: FactType) -> str:
    if type.codes:
        return "、".join(type.codes)
    bounds = " 到 ".join("…" if bound is None else str(bound) for bound in (type.low, type.high))
    return f"{type.type}，{bounds}，最多 {type.decimals} 位小数"
