"""Who is meant: people by their 18-digit ID, with an internal id that says nothing about them.

Exact matching only. Rows whose ID is missing or wrong are listed as unidentified, with the reason; nobody is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bulou.engine.intake.cleaned import Cleaned
from bulou.engine.intake.wording import words_of

if TYPE_CHECKING:
    import polars as pl

REGISTER = "certificate_register"
HELPFUL = ("id_no", "cert_no", "name", "birth_date", "sex", "township", "village", "phone", "bank_account")
PLACE = ("file", "sheet", "row")


@dataclass(frozen=True)
class Identified:
    """People found in some cleaned sheets.

    - `registry`: `person` (internal id: p and a running number in first-seen order), `id_no`, `name` and the place
      (`file`, `sheet`, `row`) where first seen. Hand it in again next month, and everybody keeps their id.
    - `frames`: for each cleaned sheet its frame with `person` after `row` (NULL where the roll gives no ID).
    - `certificates`: `person`, `cert_no`, `category`, `grade`, `reissue` (0, or the number after B), `issued_on`,
      `expires_on`, `cert_status`, `order` (1 is the oldest of that person), place; one row a certificate.
    - `unidentified`: place, `kind`, `reason` (code), `says`, the ID as it came (`id_as_came`) and what else may help.
    - `doubts`: place, `person`, `name`, `other` (the name in the registry): one ID, two names.
    - `cleaned`: the sheets themselves; the last three tables are made from them when they are first asked for.
    """

    registry: pl.DataFrame
    frames: tuple[pl.DataFrame, ...]
    cleaned: tuple[Cleaned, ...]

    @cached_property
    def certificates(self) -> pl.DataFrame:
        return _certificates(self.cleaned, self.frames)

    @cached_property
    def unidentified(self) -> pl.DataFrame:
        return _unidentified(self.cleaned)

    @cached_property
    def doubts(self) -> pl.DataFrame:
        return _doubts(_seen(self.cleaned), self.registry)


def identify(cleaned: Sequence[Cleaned], registry: pl.DataFrame | None = None) -> Identified:
    """People of the cleaned sheets, new ones added to the registry of earlier months."""
    known = _grown(_empty_registry() if registry is None else registry, _seen(cleaned))
    return Identified(known, _with_persons([one.frame for one in cleaned], known), tuple(cleaned))


def identified_again(cleaned: Sequence[Cleaned], before: Identified) -> Identified:
    """The same as `identify(cleaned, before.registry)` for sheets of which some were mended since, when no row has the
    number of somebody new: sheets that are the same object keep their frame."""
    kept = [old is new for old, new in zip(before.cleaned, cleaned, strict=True)]
    changed = [one.frame for one, same in zip(cleaned, kept, strict=True) if not same]
    found = iter(_with_persons(changed, before.registry))
    frames = tuple(frame if same else next(found) for frame, same in zip(before.frames, kept, strict=True))
    return Identified(before.registry, frames, tuple(cleaned))


def _empty_registry() -> pl.DataFrame:
    import polars as pl

    text = dict.fromkeys(("person", "id_no", "name", "file", "sheet"), pl.String())
    return pl.DataFrame(schema={**text, "row": pl.UInt32()})


def _place(one: Cleaned) -> list[pl.Expr]:
    import polars as pl

    sheet = one.recognised.sheet
    return [pl.lit(sheet.file).alias("file"), pl.lit(sheet.sheet).alias("sheet"), pl.col("row").cast(pl.UInt32)]


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    import polars as pl

    return pl.col(name) if name in frame.columns else pl.lit(None).alias(name)


def _seen(cleaned: Sequence[Cleaned]) -> pl.DataFrame:
    """Every usable row with an ID: `id_no`, `name`, place; in the order of the sheets."""
    import polars as pl

    found = [_empty_registry().drop("person")]
    for one in cleaned:
        if "id_no" in one.rows.columns:
            frame = one.frame.filter(pl.col("id_no").is_not_null())
            found.append(frame.select("id_no", _column(frame, "name").cast(pl.String), *_place(one)))
    return pl.concat(found)


def _grown(registry: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    first = seen.unique("id_no", keep="first", maintain_order=True)
    new = first.join(registry, on="id_no", how="anti", maintain_order="left")
    last = registry["person"].str.slice(1).cast(pl.Int64).max() if registry.height else 0
    start = int(str(last)) + 1
    numbers = pl.int_range(start, start + new.height, eager=True).cast(pl.String).str.zfill(8)
    return pl.concat([registry, new.select(("p" + numbers).alias("person"), pl.all())])


def _with_persons(frames: Sequence[pl.DataFrame], registry: pl.DataFrame) -> tuple[pl.DataFrame, ...]:
    """Frames with `person` after `row`: all numbers are looked up at once, since the registry is the long side."""
    import polars as pl

    numbers = [frame.select("id_no") for frame in frames if "id_no" in frame.columns]
    if not numbers:
        return tuple(frame.select("row", _nobody(), pl.exclude("row", "person")) for frame in frames)
    known = registry.select("id_no", "person")
    persons = pl.concat(numbers).join(known, on="id_no", how="left", maintain_order="left")["person"]
    found, at = [], 0
    for frame in frames:
        if "id_no" not in frame.columns:
            found.append(frame.select("row", _nobody(), pl.exclude("row", "person")))
            continue
        mine = persons.slice(at, frame.height).rechunk()
        found.append(frame.select("row", mine, pl.exclude("row", "person")))
        at += frame.height
    return tuple(found)


def _nobody() -> pl.Expr:
    import polars as pl

    return pl.lit(None, dtype=pl.String).alias("person")


def _certificates(cleaned: Sequence[Cleaned], frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Each certificate once, in the order of issue; of two rows about one certificate the first is shown."""
    import polars as pl

    types = {"cert_no": pl.String, "category": pl.String, "grade": pl.Int64, "issued_on": pl.Date}
    types |= {"expires_on": pl.Date, "cert_status": pl.String}
    found = []
    for one, frame in zip(cleaned, frames, strict=True):
        if one.kind == REGISTER and "cert_no" in frame.columns:
            held = frame.filter(pl.col("cert_no").is_not_null())
            columns = [_column(held, name).cast(dtype) for name, dtype in types.items()]
            found.append(held.select("person", *columns, *_place(one)))
    if not found:
        schema = {"person": pl.String, **types, "reissue": pl.Int64, "order": pl.Int64}
        return pl.DataFrame(schema={**schema, "file": pl.String, "sheet": pl.String, "row": pl.UInt32})
    reissue = pl.col("cert_no").str.extract(r"B(\d+)$").cast(pl.Int64).fill_null(0).alias("reissue")
    once = pl.concat(found).unique(["person", "cert_no"], keep="first", maintain_order=True).with_columns(reissue)
    ordered = once.sort("person", "issued_on", "reissue", "cert_no", nulls_last=False, maintain_order=True)
    order = pl.int_range(1, pl.len() + 1).over("person").cast(pl.Int64).alias("order")
    return ordered.select("person", *types, "reissue", order, *PLACE)


def _unidentified(cleaned: Sequence[Cleaned]) -> pl.DataFrame:
    """Refused rows that lack only a usable ID."""
    import polars as pl

    texts = ("kind", "reason", "says", "id_as_came", *HELPFUL)
    found = [
        pl.DataFrame(schema={"file": pl.String, "sheet": pl.String, "row": pl.UInt32} | dict.fromkeys(texts, pl.String))
    ]
    for one in cleaned:
        reasons = one.findings.filter(pl.col("weight") == "refused", pl.col("field") == "id_no")
        rows = one.refused.join(reasons.select("row", "code", "got"), on="row", maintain_order="left")
        if rows.height:
            says = pl.col("code").replace_strict({code: words_of(code).says for code in rows["code"].unique()})
            said = [pl.lit(one.kind).alias("kind"), pl.col("code").alias("reason"), says.alias("says")]
            helpful = [_column(rows, name).cast(pl.String) for name in HELPFUL]
            found.append(rows.select(*_place(one), *said, pl.col("got").alias("id_as_came"), *helpful))
    return pl.concat(found).drop("id_no")


def _doubts(seen: pl.DataFrame, registry: pl.DataFrame) -> pl.DataFrame:
    """Rows whose name is not the registry's, width, blanks and middle dots aside."""
    import polars as pl

    names = registry.select("id_no", "person", other="name")
    both = seen.join(names, on="id_no", how="left", maintain_order="left")
    plain = [pl.col(name).str.replace_all(r"[·\s]", "") for name in ("name", "other")]
    return both.filter(plain[0] != plain[1]).select(*PLACE, "person", "name", "other")
