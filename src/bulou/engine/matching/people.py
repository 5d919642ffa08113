"""The registry and the rows made comparable: numbers as whole numbers, tidy names, days, places, phones."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bulou.engine.matching.names import tidy_names
from bulou.engine.matching.numbers import CUT, MISSING, VALID, birth_of, read_numbers

if TYPE_CHECKING:
    import polars as pl

REGISTRY = ("person_id", "id_number", "name", "sex", "birth_date", "village", "phone", "relative_ids", "household")
ROWS = ("row", "id_number", "name", "sex", "birth_date", "village", "phone", "certificate_number", "household")

FILLED_IN = 10
"""A number on more rows than this, under more names than this, was filled in for want of a number."""
WHOLE_HOUSEHOLD = 6
"""Characters of a household number that is one outside its own list."""
_DAYS = ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")
_SEXES = {"男": "m", "女": "f", "男性": "m", "女性": "f", "m": "m", "f": "f", "M": "m", "F": "f", "1": "m", "2": "f"}


def prepared_registry(registry: pl.DataFrame) -> pl.DataFrame:
    """One line a person: `p` (place in the registry), `person_id`, `id_text`, `id_class`, `id17`, `name`, `sex` (m or
    f), `birth`, `village`, `phone`, `household`; sex and birth are from the ID where the registry does not say them."""
    import polars as pl

    numbers = read_numbers(_text(registry, "id_number"))
    frame = numbers.with_columns(_text(registry, "person_id"), *_shared(registry))
    by_number = pl.when(pl.col("id17") % 2 == 1).then(pl.lit("m")).when(pl.col("id17") % 2 == 0).then(pl.lit("f"))
    known = frame.with_columns(
        pl.coalesce("sex", by_number).alias("sex"), pl.coalesce("birth", birth_of(pl.col("id17"))).alias("birth")
    )
    kin = registry["relative_ids"] if "relative_ids" in registry.columns else _text(registry, "relative_ids")
    lists = kin if isinstance(kin.dtype, pl.List) else pl.Series("relative_ids", [None] * kin.len(), pl.List(pl.String))
    return known.with_columns(lists).with_row_index("p")


def prepared_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """One line a row: `at` (place among the rows), `row`, `id_text`, `id_class`, `id17`, `id_came` (the number whether
    the rest of the list lets it count or not), `name`, `sex`, `birth` (as the row says it, not its number), `village`,
    `phone`, `household`, `list` (rows of one list are about different people; where nothing is said all are one)."""
    import polars as pl

    read = read_numbers(_text(rows, "id_number"), _text(rows, "certificate_number"))
    numbers = _usable(read, rows).with_columns(read["id_text"].alias("id_came"))
    row = rows["row"] if "row" in rows.columns else pl.Series("row", range(1, rows.height + 1), dtype=pl.Int64)
    of = _text(rows, "list").fill_null("").cast(pl.Categorical)
    return numbers.with_columns(row.cast(pl.Int64), *_shared(rows), of).with_row_index("at")


def _usable(numbers: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Numbers that mean nothing are missing ones: those filled in for want of a number, on many rows under as many
    names. Where a spreadsheet cut numbers, one that ends in 000 may be cut although its check character is right."""
    import polars as pl

    same = numbers["id_text"].drop_nulls().value_counts().filter(pl.col("count") > FILLED_IN)
    if same.height:
        named = numbers.select("id_text", tidy_names(_text(rows, "name"))).join(same, on="id_text", how="semi")
        names = named.group_by("id_text").agg(pl.col("name").n_unique())
        filled = names.filter(pl.col("name") > FILLED_IN)["id_text"]
        means = ~pl.col("id_text").is_in(filled.implode()).fill_null(False)
        kind = pl.when(means).then("id_class").otherwise(pl.lit(MISSING)).alias("id_class")
        numbers = numbers.with_columns(*(pl.when(means).then(one).alias(one) for one in ("id_text", "id17")), kind)
    if (numbers["id_class"] == CUT).any():
        may = (pl.col("id_class") == VALID) & pl.col("id_text").str.ends_with("000")
        numbers = numbers.with_columns(pl.when(may).then(pl.lit(CUT)).otherwise("id_class").alias("id_class"))
    return numbers


def registry_version(registry: pl.DataFrame) -> str:
    """A digest of what the registry says of everybody, whatever the order of its lines; 16 hexadecimal digits."""
    import polars as pl

    shown = [
        pl.col(name).cast(pl.String).fill_null("\x1e")
        for name in REGISTRY
        if name in registry.columns and name != "relative_ids"
    ]
    lines = registry.sort("person_id").select(pl.concat_str(shown, separator="\x1f").alias("line"))["line"]
    digest = hashlib.sha256()
    for part in lines.to_frame().iter_slices(100_000):
        digest.update(part["line"].str.join("\n").item().encode())
    return digest.hexdigest()[:16]


def _text(frame: pl.DataFrame, name: str) -> pl.Series:
    import polars as pl

    if name not in frame.columns:
        return pl.Series(name, [None] * frame.height, dtype=pl.String)
    return frame[name].cast(pl.String)


def _shared(frame: pl.DataFrame) -> list[pl.Series]:
    """name, sex, birth, village, phone, household, tidied."""
    return [
        tidy_names(_text(frame, "name")),
        _sex(_text(frame, "sex")),
        _birth(frame),
        _village(_text(frame, "village")),
        _phone(_text(frame, "phone")),
        _household(_text(frame, "household")),
    ]


def _sex(texts: pl.Series) -> pl.Series:
    import polars as pl

    return texts.str.strip_chars().replace_strict(_SEXES, default=None, return_dtype=pl.String).alias("sex")


def _birth(frame: pl.DataFrame) -> pl.Series:
    import polars as pl

    if "birth_date" in frame.columns and frame["birth_date"].dtype == pl.Date:
        return frame["birth_date"].alias("birth")
    texts = _text(frame, "birth_date").str.strip_chars().alias("came")
    each = texts.unique().drop_nulls()
    days = each.str.to_date(_DAYS[0], strict=False)
    for shape in _DAYS[1:]:
        missing = days.is_null()
        if not missing.any():
            break
        days = days.zip_with(~missing, each.str.to_date(shape, strict=False))
    read = pl.DataFrame({"came": each, "birth": _only(days, days.dt.year().is_between(1850, 2100))})
    return texts.to_frame().join(read, on="came", how="left", maintain_order="left")["birth"]


def _village(texts: pl.Series) -> pl.Series:

    plain = texts.str.replace_all(r"\s+", "")
    return _only(plain, plain != "").alias("village")


def _phone(texts: pl.Series) -> pl.Series:
    """Digits only; a phone of fewer than seven digits, or of one digit repeated, says nothing."""
    digits = texts.str.replace_all(r"[^0-9]+", "").str.replace(r"^(0086|86)(1[0-9]{10})$", "$2")
    useless = (digits.str.len_chars() < 7) | digits.str.contains(r"^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+)$")
    return _only(digits, ~useless).alias("phone")


def _household(texts: pl.Series) -> pl.Series:
    """A household number; a short one is a place in some list, and says nothing outside it."""
    plain = texts.str.replace_all(r"\s+", "").str.to_uppercase()
    return _only(plain, plain.str.len_chars() >= WHOLE_HOUSEHOLD).alias("household")


def _only(values: pl.Series, wanted: pl.Series) -> pl.Series:
    """The values where `wanted`, NULL elsewhere."""
    import polars as pl

    return pl.select(pl.when(wanted).then(values)).to_series()
