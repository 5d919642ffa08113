"""What the probability model compares, column by column, and which pairs it looks at.

Everything is precomputed so that nearly all comparisons are plain equalities, the same on every database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bulou.engine.matching.names import (
    SURNAME_SOUNDS,
    commonest_reading,
    shape_of,
    signs_of,
    simple,
    simplified_names,
)

if TYPE_CHECKING:
    import polars as pl

_LONGEST = 8
"""Characters of a name that are compared one by one."""
LARGEST_BLOCK = 60
"""Persons of the registry who may share a blocking key; a commoner value blocks nothing."""

BLOCKS = {
    "name_village": ("simple", "village"),
    "name_birth": ("simple", "birth"),
    "phone": ("phone",),
    "sound_birth": ("sound", "birth"),
    "sound_village": ("sound", "village"),
    "birth_village": ("birth", "village"),
    "surname_birth": ("surname", "birth"),
    "name": ("simple",),
}
COUNTED = ("simple", "birth", "village", "phone")
"""Columns of which it is counted how many in the registry share a value."""
COLUMNS = ("simple", "sound", "shape", "surname", "sex", "birth", "village", "phone", "number")


def spelled(prepared: pl.DataFrame) -> pl.DataFrame:
    """A prepared frame with its names in simplified characters (`simple`), by `sound`, by `shape`, and `surname`."""
    import polars as pl

    plain = simplified_names(prepared["name"]).alias("simple")
    signs = [sign for sign in signs_of(plain) if sign]
    sounds = [f"{commonest_reading(sign)} " for sign in signs]
    shapes = [f"{shape_of(sign) or sign}/" for sign in signs]
    first, simple = pl.col("simple").str.head(1), pl.col("simple")
    as_surname = first.replace_strict(SURNAME_SOUNDS, default=None, return_dtype=pl.String)
    rest = simple.str.slice(1).str.replace_many(signs, sounds)
    sound = pl.when(as_surname.is_null()).then(simple.str.replace_many(signs, sounds))
    return prepared.with_columns(plain).with_columns(
        sound.otherwise(pl.concat_str(as_surname, pl.lit(" "), rest)).alias("sound"),
        simple.str.replace_many(signs, shapes).alias("shape"),
        pl.when(first != "?").then(first).alias("surname"),
    )


def comparable(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """A spelled frame as Splink gets it: `key` (p or at) as `unique_id`, `COLUMNS` as text, keys and shares."""
    import polars as pl

    number = pl.coalesce(pl.col("id17").cast(pl.String), pl.col("id_text").str.slice(0, 17))
    return frame.select(
        pl.col(key).cast(pl.Int64).alias("unique_id"),
        *(pl.col(name) for name in COLUMNS if name not in ("birth", "number")),
        pl.col("birth").dt.to_string("%Y%m%d"),
        number.alias("number"),
        pl.col("^(tf|block)_.*$"),
    )


def in_simplified(names: list[str]) -> list[str]:
    """Names in simplified characters; each character is looked up once."""
    table = {ord(one): simple(one) for one in set("".join(names))}
    return [name.translate(table) for name in names]


def by_sound(names: list[str]) -> list[str]:
    """The commonest reading of each character, without tones; what has none stands for itself."""
    table = {ord(one): f"{commonest_reading(one)} " for one in set("".join(names))}
    return [
        f"{SURNAME_SOUNDS[name[0]]} {name[1:].translate(table)}"
        if name[:1] in SURNAME_SOUNDS
        else name.translate(table)
        for name in names
    ]


def _surname(name: str) -> str | None:
    return name[0] if name[0] != "?" else None


def with_shares(frame: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """A spelled frame with `tf_…` for each of `COUNTED`: the share of the registry `people` that has the value."""
    import polars as pl

    one = 1 / max(people.height, 1)
    for name in COUNTED:
        wanted = people.select(name).join(frame.select(name).unique(), on=name, how="semi")
        shares = wanted.group_by(name).agg((pl.len() * one).alias(f"tf_{name}"))
        frame = frame.join(shares, on=name, how="left", maintain_order="left")
        frame = frame.with_columns(pl.col(f"tf_{name}").fill_null(one))
    return frame


def with_blocks(rows: pl.DataFrame, people: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both spelled sides with `block_…` for each of `BLOCKS`: a digest of the values, NULL where one is missing or too
    many persons share them. Only rows and persons that share a key with somebody are given back.
    """
    import polars as pl

    for name, columns in BLOCKS.items():
        block = f"block_{name}"
        whole = pl.all_horizontal(pl.col(one).is_not_null() for one in columns)
        key = pl.when(whole).then(pl.struct(columns).hash(0)).alias(block)
        typed, known = rows.select(key), people.select(key)
        asked = known.drop_nulls().join(typed.unique(), on=block, how="semi")
        useful = asked.group_by(block).len().filter(pl.col("len") <= LARGEST_BLOCK)[block].implode()
        shown = pl.when(pl.col(block).is_in(useful)).then(block).alias(block)
        rows, people = rows.hstack(typed.select(shown)), people.hstack(known.select(shown))
    some = pl.any_horizontal(pl.col([f"block_{name}" for name in BLOCKS]).is_not_null())
    return rows.filter(some), people.filter(some)


def settings(prior: float) -> dict[str, Any]:
    """An untrained Splink model: comparisons, blocking rules and the share of pairs that are matches."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": prior,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": f"l.block_{name} = r.block_{name}", "sql_dialect": "duckdb"} for name in BLOCKS
        ],
        "comparisons": [_name(), _sex(), _birth(), _village(), _phone(), _number()],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": False,
    }


def _comparison(name: str, column: str, *levels: tuple[str, str]) -> dict[str, Any]:
    """A comparison whose first level is equality of `column`; then the given levels (label, SQL), best first.

    What equality says depends on how common the value is in the registry at hand, not in the one trained on.
    """
    null = {"sql_condition": f"{column}_l is null or {column}_r is null", "label_for_charts": "null"}
    parts: list[dict[str, Any]] = [{**null, "is_null_level": True}]
    for label, sql in (("same", f"{column}_l = {column}_r"), *levels, ("else", "ELSE")):
        parts.append({"sql_condition": sql, "label_for_charts": label})
    if column in COUNTED:
        parts[1] |= {"tf_adjustment_column": column, "tf_minimum_u_value": 1e-7}
    return {"output_column_name": name, "comparison_levels": parts}


def _name() -> dict[str, Any]:
    """As the grades of names."""
    lost = "contains(simple_{0}, '?') and len(simple_{0}) >= 3 and simple_{1} like replace(simple_{0}, '?', '_')"
    return _comparison(
        "name",
        "simple",
        ("sound", "sound_l = sound_r"),
        ("shape", "shape_l = shape_r"),
        ("wildcard", f"({lost.format('l', 'r')}) or ({lost.format('r', 'l')})"),
        ("missing", f"({_left_out('l', 'r')}) or ({_left_out('r', 'l')})"),
        ("differs", f"len(simple_l) = len(simple_r) and len(simple_l) >= 3 and {_unlike()} = 1"),
        ("surname", "surname_l = surname_r"),
    )


def _left_out(long: str, short: str) -> str:
    """One character of the longer name (three or more) is missing in the shorter; edit distances count bytes."""
    fits = [
        f"(left(simple_{long}, {at}) = left(simple_{short}, {at})"
        f" and substr(simple_{long}, {at + 2}) = substr(simple_{short}, {at + 1}))"
        for at in range(_LONGEST)
    ]
    return f"len(simple_{long}) >= 3 and len(simple_{long}) = len(simple_{short}) + 1 and ({' or '.join(fits)})"


def _unlike() -> str:
    parts = [f"(substr(simple_l, {at}, 1) <> substr(simple_r, {at}, 1))::int" for at in range(1, _LONGEST + 1)]
    return f"({' + '.join(parts)})"


def _sex() -> dict[str, Any]:
    return _comparison("sex", "sex")


def _birth() -> dict[str, Any]:
    return _comparison(
        "birth",
        "birth",
        ("one_slip", _one_slip("birth", 4)),
        ("year", "left(birth_l, 4) = left(birth_r, 4)"),
    )


def _village() -> dict[str, Any]:
    return _comparison("village", "village")


def _phone() -> dict[str, Any]:
    return _comparison("phone", "phone", ("one_slip", _one_slip("phone", 5)))


def _number() -> dict[str, Any]:
    two = "left(number_l, 6) = left(number_r, 6) and damerau_levenshtein(number_l, number_r) = 2"
    return _comparison("number", "number", ("one_slip", _one_slip("number", 8)), ("two_slips", two))


def _one_slip(column: str, half: int) -> str:
    """One digit, swap, dropped or doubled digit apart: then one half is the same, which is cheap to see first."""
    left = f"left({column}_l, {half}) = left({column}_r, {half})"
    right = f"right({column}_l, {half}) = right({column}_r, {half})"
    return f"({left} or {right}) and damerau_levenshtein({column}_l, {column}_r) = 1"
