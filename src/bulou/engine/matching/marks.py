"""By what a row and a person are known again in a later month, or in another export of the same registry.

Numbers that a list gives to people (人员编号, a line's number, an internal id) may be given anew; what a person is
known by in life may not. So an answer about a row and a person is kept under two marks made of content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.matching.names import Grade, grades

if TYPE_CHECKING:
    import polars as pl

ANOTHER = (Grade.SURNAME, Grade.OTHER)
"""Names between which a corrected spelling is no longer believable."""
_CONTENT = ("name", "birth", "village", "phone")


def row_keys(rows: pl.DataFrame) -> pl.Series:
    """What makes a prepared row the same row next month: name, number, birth date and village as they come, tidied;
    where there is no number the phone and the sex too. The rest of the list does not matter."""
    import polars as pl

    said = [pl.col(name) for name in ("name", "id_came", "birth", "village")]
    more = [pl.when(pl.col("id_came").is_null()).then(pl.col(name)) for name in ("phone", "sex")]
    return _joined(rows, "行", [*said, *more]).alias("key")


def person_marks(people: pl.DataFrame) -> pl.Series:
    """What makes a prepared person the same person in every registry: number, name, birth date, and where there is no
    number village and phone."""
    import polars as pl

    number = pl.coalesce(pl.col("id17").cast(pl.String), "id_text")
    more = [pl.when(number.is_null()).then(pl.col(name)) for name in ("village", "phone")]
    return _joined(people, "人", [number, pl.col("name"), pl.col("birth"), *more]).alias("person")


def _joined(frame: pl.DataFrame, kind: str, parts: list[pl.Expr]) -> pl.Series:
    import polars as pl

    plain = [part.cast(pl.String).str.replace_all("|", "/", literal=True).fill_null("") for part in parts]
    return frame.select(pl.concat_str([pl.lit(kind), *plain], separator="|").alias("mark"))["mark"]


def read_key(keys: pl.Series) -> pl.Series:
    """The name and the number in each row key, as `name` and `id_no` of a struct; "" where the row had none."""
    import polars as pl

    parts = pl.col("key").str.split("|")
    said = [parts.list.get(at, null_on_oob=True).alias(name) for at, name in ((1, "name"), (2, "id_no"))]
    return keys.to_frame("key").select(pl.struct(said).alias("said"))["said"]


def found_again(marks: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Whom marks (`person`, `person_id`) mean in a prepared registry: `person`, `person_id`, `p`, `renamed`; no line
    for whom nobody is.

    With a number: who has it now, `renamed` when under a name that can be no spelling of the old one. Without a number:
    who has all of the old content. Of several such persons only the one whose `person_id` is still the same counts, if
    there is one; `person_id` by itself never points to anybody.
    """
    import polars as pl

    parts = pl.col("person").str.split("|")
    told = marks.unique(maintain_order=True).with_columns(
        parts.list.get(1, null_on_oob=True).alias("number"), parts.list.get(2, null_on_oob=True).alias("said")
    )
    own = pl.coalesce(pl.col("id17").cast(pl.String), "id_text")
    have = people.select("p", "name", now="person_id", number=own)
    numbered = told.filter(pl.col("number") != "").join(have, on="number", maintain_order="left")
    far = pl.Series("renamed", grades(numbered, "said", "name")).cast(pl.String).is_in([str(one) for one in ANOTHER])
    found = [numbered.with_columns(far)]
    bare = told.filter(pl.col("number") == "").select("person", "person_id")
    if bare.height:
        same = people.with_columns(person_marks(people.with_columns(id17=None, id_text=None)), now="person_id")
        found.append(bare.join(same.drop("person_id"), on="person", maintain_order="left").with_columns(renamed=False))
    columns = ("person", "person_id", "p", "renamed", "now")
    both = pl.concat([one.select(columns) for one in found])
    still = (pl.col("now") == pl.col("person_id")).fill_null(False) & ~pl.col("renamed")
    known = still.any().over("person", "person_id")
    return both.filter(still | ~known).drop("now").unique(maintain_order=True)
