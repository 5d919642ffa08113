"""Reads whole columns: cells already in canonical form pass by one vectorised test, the rest is read once per
distinct text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.basics.cells import yuan_column
from bulou.engine.intake.cells import FIRST_YEAR, LAST_YEAR, Reading, read_cell
from bulou.engine.intake.resident_id import CHECK_CHARACTERS, WEIGHTS
from bulou.engine.intake.templates import Field

if TYPE_CHECKING:
    import polars as pl

ID_PATTERN = r"^[1-9]\d{16}[\dX]$"
CERT_PATTERN = r"^[1-9]\d{16}[\dX][1-7][1-4](B\d{1,2})?$"
SPELLED_DATE = r"^([0-9]{4})(?:[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))$"
PLAIN_NAME = r"^[\x{4e00}-\x{9fff}]+(·[\x{4e00}-\x{9fff}]+)*$"


def read_column(cells: pl.Series, field: Field) -> pl.DataFrame:
    """A column of texts as `value` (typed), `spelling`, `repair`, `fault` (codes or NULL), one row a cell."""
    import polars as pl

    texts = cells.str.strip_chars().alias("text").to_frame()
    if field.kind in ("text", "serial"):
        none = [pl.lit(None, dtype=pl.String).alias(name) for name in ("spelling", "repair", "fault")]
        return texts.select(pl.col("text").alias("value"), *none)
    # lazily, for what the test of an ID repeats is then computed once
    texts = texts.lazy().with_columns(canonical(field).fill_null(False).alias("canonical")).collect()
    rest = texts.filter(~pl.col("canonical"))["text"].drop_nulls().unique(maintain_order=True)
    spelled = spelled_dates(rest if field.kind == "date" else rest.clear())
    others = rest.filter(~rest.is_in(spelled["text"].implode()))
    read = pl.concat([spelled, _table(others.to_list(), field)])
    joined = texts.join(read, on="text", how="left", maintain_order="left")
    value = pl.when("canonical").then("text").otherwise("value").alias("value")
    return joined.select(_typed(value, field), "spelling", "repair", "fault")


def _table(texts: list[str], field: Field) -> pl.DataFrame:
    import polars as pl

    names = ("value", "spelling", "repair", "fault")
    readings: list[Reading] = [read_cell(text, field) for text in texts]
    columns = {"text": texts} | {name: [getattr(reading, name) for reading in readings] for name in names}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def spelled_dates(texts: pl.Series) -> pl.DataFrame:
    """Those of the texts that are real dates in one of the usual spellings (1980.1.1, 1980年1月1日, 19800101), read: a
    register brings tens of thousands of them.

    Whatever is read here must be read the same by `cells.read_cell`; a property test holds the two together.
    """
    import polars as pl

    part = texts.alias("text").to_frame().select("text", parts=pl.col("text").str.extract_groups(SPELLED_DATE))
    year, *others = (pl.col("parts").struct.field(str(place)) for place in range(1, 6))
    month, day = (pl.coalesce(others[at], others[at + 2]).str.zfill(2) for at in range(2))
    whole = part.select("text", year.cast(pl.Int32).alias("year"), value=pl.concat_str(year, month, day, separator="-"))
    real = pl.col("value").str.to_date("%Y-%m-%d", strict=False).is_not_null()
    found = whole.filter(real & pl.col("year").is_between(FIRST_YEAR, LAST_YEAR))
    none = pl.lit(None, dtype=pl.String)
    spelling = pl.when(pl.col("text") != pl.col("value")).then(pl.lit("date-shape"))
    return found.select("text", "value", spelling.alias("spelling"), none.alias("repair"), none.alias("fault"))


def canonical(field: Field) -> pl.Expr:
    """True for texts of the column `text` that already are a value of the field, so that no reader is needed.

    Whatever passes here must be read as itself by `cells.read_cell`; a property test holds the two together.
    """
    import polars as pl

    text = pl.col("text")
    match field.kind:
        case "id":
            return text.str.contains(ID_PATTERN) & _valid_id(text)
        case "cert":
            return text.str.contains(CERT_PATTERN) & _valid_id(text)
        case "name":
            return text.str.contains(PLAIN_NAME)
        case "date":
            return (
                text.str.contains(r"^(19|20)\d\d-\d\d-\d\d$") & text.str.to_date("%Y-%m-%d", strict=False).is_not_null()
            )
        case "phone":
            return text.str.contains(r"^1\d{10}$")
        case "account":
            return text.str.contains(r"^\d{8,32}$") & ~text.str.contains(r"^\d{15}0{2,}$")
        case "money":
            return text.str.contains(r"^\d{1,9}\.\d\d$")
    return pl.lit(False)


def _valid_id(text: pl.Expr) -> pl.Expr:
    """Real birth date and right check character, for texts whose first 18 characters have the shape of an ID."""
    import polars as pl

    number = text.str.slice(0, 17).cast(pl.UInt64, strict=False)

    def whole(value: int) -> pl.Expr:
        return pl.lit(value, pl.UInt64)  # unsigned on both sides: six times as fast

    digits = (number // whole(10 ** (16 - place)) % whole(10) for place in range(17))
    total = pl.sum_horizontal(digit * whole(weight) for digit, weight in zip(digits, WEIGHTS, strict=True))
    check = (total % 11).replace_strict(dict(enumerate(CHECK_CHARACTERS)), default=None, return_dtype=pl.String)
    birth = text.str.slice(6, 8)
    real = birth.str.contains(r"^(18|19|20)") & birth.str.to_date("%Y%m%d", strict=False).is_not_null()
    return real & (check == text.str.slice(17, 1))


def in_words(field: Field | None) -> pl.Expr:
    """The column `value` of a field as a person reads it: money in yuan, codes by their first word."""
    import polars as pl

    value = pl.col("value")
    match field.kind if field else "":
        case "money":
            return yuan_column("value")
        case "bool":
            return pl.when(value).then(pl.lit("是")).when(~value).then(pl.lit("否"))
        case "code":
            assert field is not None
            words = {code: word for word, code in reversed(list(field.words.items())) if word != code}
            return value.cast(pl.String).replace(words)
    return value.cast(pl.String)


def _typed(value: pl.Expr, field: Field) -> pl.Expr:
    import polars as pl

    match field.kind:
        case "date":
            return value.str.to_date("%Y-%m-%d", strict=False)
        case "money":
            return value.str.replace(".", "", literal=True).cast(pl.Int64)
        case "int":
            return value.cast(pl.Int64)
        case "bool":
            return value == "true"
        case "code" if field.whole:
            return value.cast(pl.Int64)
    return value
