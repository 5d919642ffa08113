"""ID numbers as people write them: what a number can still say, for whole columns.

The check character belongs to the first seventeen digits, so a valid number is kept as those digits, a whole number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.intake.resident_id import CHECK_CHARACTERS, WEIGHTS

if TYPE_CHECKING:
    import polars as pl

VALID, OLD, CERTIFICATE = "ok18", "id15", "cert20"
CUT, WRONG, SHORT, LONG, MASKED, MISSING, OTHER = "excel", "bad18", "len17", "len19", "masked", "missing", "other"

PLACEHOLDERS = ("", "-", "--", "—", "——", "/", "\\", "无", "不详", "暂无", "未知", "空", "NULL", "N/A", "#N/A", "0")
_MARKS = r"[\s'’‘`\"“”=\x{200b}\x{feff}_,.()-]+"
_LIKE_X = "[×✕╳ХхΧχx]"
_PLAIN = r"^[0-9]{17}[0-9X]$"


def bare(texts: pl.Series) -> pl.Series:
    """Texts without width, blanks and marks, every kind of cross as X; blank and placeholder cells are NULL; fifteen
    digits with an exponent (a last zero may be left out) are the number as the spreadsheet kept it, ending in 000."""
    import polars as pl

    plain = texts.cast(pl.String)
    if plain.str.contains(_PLAIN).fill_null(False).all():
        return plain.rename("id_text")
    odd = plain.filter(~plain.str.contains(_PLAIN)).unique().drop_nulls()
    text = pl.col("came").str.normalize("NFKC").str.strip_chars().str.replace(r"^([0-9]+)\.0+$", "$1")
    cross = text.str.replace_all(_LIKE_X, "X").str.to_uppercase()
    fifteen = cross.str.replace(r"^([1-9])\.([0-9]{14})E\+?17$", "${1}${2}000")
    cross = fifteen.str.replace(r"^([1-9])\.([0-9]{13})E\+?17$", "${1}${2}0000")
    science = cross.str.contains(r"^[0-9]\.[0-9]+E\+?[0-9]+$")
    tidy = pl.when(science).then(cross).otherwise(cross.str.replace_all(_MARKS, ""))
    known = pl.when(~cross.is_in(PLACEHOLDERS) & (tidy != "")).then(tidy)
    read = odd.alias("came").to_frame().with_columns(known.alias("tidy"), odd=pl.lit(True))
    joined = plain.alias("came").to_frame().join(read, on="came", how="left", maintain_order="left")
    return joined.select(pl.when("odd").then("tidy").otherwise("came").alias("id_text")).to_series()


def check_of(number: pl.Expr) -> pl.Expr:
    """Position in CHECK_CHARACTERS of the check character that belongs to seventeen digits."""
    import polars as pl

    return pl.sum_horizontal(number // 10 ** (16 - at) % 10 * weight for at, weight in enumerate(WEIGHTS)) % 11


def real_day(number: pl.Expr) -> pl.Expr:
    """True where digits 7 to 14 of seventeen are a day between 1850 and 2100."""
    year, month, day = number // 10**7 % 10_000, number // 10**5 % 100, number // 1000 % 100
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    short = month.is_in([4, 6, 9, 11])
    last = 31 - short.cast(int) - (month == 2).cast(int) * (3 - leap.cast(int))
    return year.is_between(1850, 2100) & month.is_between(1, 12) & (day >= 1) & (day <= last)


def birth_of(number: pl.Expr) -> pl.Expr:
    """The birth date in seventeen digits; NULL where there is no such day."""
    import polars as pl

    return (number // 1000 % 10**8).cast(pl.String).str.to_date("%Y%m%d", strict=False)


def check_value(character: pl.Expr) -> pl.Expr:
    """Position of a check character in CHECK_CHARACTERS; NULL for anything else."""
    import polars as pl

    places = {sign: place for place, sign in enumerate(CHECK_CHARACTERS)}
    return character.replace_strict(places, default=None, return_dtype=pl.Int64)


def read_numbers(texts: pl.Series, certificates: pl.Series | None = None) -> pl.DataFrame:
    """What each number is: `id_text` (bare), `id_class`, `id17` (seventeen digits where the number can be trusted).

    `certificates` may give the number where the cell does not: a certificate number begins with the ID. A 15-digit
    number is read as one of the twentieth century.
    """
    import polars as pl

    frame = _classed(bare(texts))
    if certificates is None or certificates.is_null().all():
        return frame
    held = _classed(bare(certificates)).select(cert17=pl.when(pl.col("id_class") == CERTIFICATE).then("id17"))
    both = pl.concat([frame, held], how="horizontal")
    takes = pl.col("id17").is_null() & pl.col("cert17").is_not_null()
    return both.select(
        "id_text",
        pl.when(takes).then(pl.lit(CERTIFICATE)).otherwise("id_class").alias("id_class"),
        pl.coalesce("id17", "cert17").alias("id17"),
    )


def _classed(text: pl.Series) -> pl.DataFrame:
    """`id_text`, `id_class`, `id17`. Most numbers are right: they pass by one test, the rest is looked at closely."""
    import polars as pl

    column = pl.col("id_text")
    plain = column.str.contains(_PLAIN).fill_null(False)
    number = pl.when(plain).then(column.str.slice(0, 17)).cast(pl.Int64, strict=False).alias("first")
    frame = text.alias("id_text").to_frame().with_columns(number)
    right = pl.col("first").is_not_null() & _right(pl.col("first"), column.str.slice(17, 1))
    frame = frame.with_columns(right.fill_null(False).alias("right")).with_row_index("place")
    easy = frame.filter("right").select("place", pl.lit(VALID).alias("id_class"), id17="first")
    rest = frame.filter(~pl.col("right")).select("place", "id_text")
    every = pl.concat([easy, _closely(rest)]).sort("place")
    return frame.select("id_text").with_columns(every["id_class"], every["id17"])


def _right(first: pl.Expr, check: pl.Expr) -> pl.Expr:
    return (check_of(first) == check_value(check)) & real_day(first)


def _closely(rest: pl.DataFrame) -> pl.DataFrame:
    """`place`, `id_class`, `id17` of texts that are not simply right numbers."""
    import polars as pl

    column = pl.col("id_text")
    cert = column.str.contains(r"^[1-9][0-9]{16}[0-9X][1-7][1-4](B[0-9]{1,2})?$").fill_null(False)
    old = column.str.contains(r"^[1-9][0-9]{14}$").fill_null(False)
    from_old = pl.concat_str(column.str.slice(0, 6), pl.lit("19"), column.str.slice(6, 9))
    numbers = rest.with_columns(
        pl.when(cert).then(column.str.slice(0, 17)).cast(pl.Int64, strict=False).alias("first"),
        pl.when(old).then(from_old).cast(pl.Int64, strict=False).alias("from_old"),
    )
    right = _right(pl.col("first"), column.str.slice(17, 1)).fill_null(False)
    aged = (real_day(pl.col("from_old")) & (pl.col("from_old") % 1000 < 996)).fill_null(False)
    trusted = pl.when(right).then("first").when(aged).then("from_old")
    return numbers.select("place", _class(right, aged).alias("id_class"), trusted.alias("id17"))


def _class(right: pl.Expr, aged: pl.Expr) -> pl.Expr:
    import polars as pl

    text, digits = pl.col("id_text"), pl.col("id_text").str.len_chars()
    numeric = text.str.contains(r"^[0-9]+X?$")
    cut = text.str.contains(r"^([0-9]{15}0{3}|[0-9]\.[0-9]+E\+?17)$")
    hidden = text.str.contains(r"^[0-9]{3,}[*X?]{4,}[0-9X]{2,}$") & ~numeric
    classes = (
        (text.is_null(), MISSING),
        (right, CERTIFICATE),
        (aged, OLD),
        (cut, CUT),
        (hidden, MASKED),
        (digits == 18, WRONG),
        (numeric & (digits == 17), SHORT),
        (numeric & (digits == 19), LONG),
    )
    return pl.coalesce(*(pl.when(test).then(pl.lit(name)) for test, name in classes), pl.lit(OTHER))
