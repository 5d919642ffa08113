"""Looks across the columns of a row: does the ID agree with sex, birth date and certificate number, and so on.

What disagrees is a doubt for a person to settle, never a refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulou.engine.intake.resident_id import CATEGORIES

if TYPE_CHECKING:
    import polars as pl


def doubts_of(columns: set[str]) -> dict[str, tuple[str, pl.Expr]]:
    """Code of each doubt that can be tested with these columns → (the field to look at, true where in doubt)."""
    import polars as pl

    id_no, cert = pl.col("id_no"), pl.col("cert_no")
    odd = id_no.str.slice(16, 1).cast(pl.Int32, strict=False) % 2 == 1
    born = id_no.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    category = cert.str.slice(18, 1).replace_strict(dict(CATEGORIES), default=None, return_dtype=pl.String)
    tests = {
        "sex-differs": ("sex", odd != (pl.col("sex") == "m"), {"id_no", "sex"}),
        "birth-differs": ("birth_date", born != pl.col("birth_date"), {"id_no", "birth_date"}),
        "cert-other-id": ("cert_no", cert.str.slice(0, 18) != id_no, {"id_no", "cert_no"}),
        "category-differs": ("category", category != pl.col("category"), {"cert_no", "category"}),
        "grade-differs": (
            "grade",
            cert.str.slice(19, 1).cast(pl.Int64, strict=False) != pl.col("grade"),
            {"cert_no", "grade"},
        ),
        "expires-before-issue": (
            "expires_on",
            pl.col("expires_on") < pl.col("issued_on"),
            {"expires_on", "issued_on"},
        ),
        "ends-before-start": ("ended_on", pl.col("ended_on") < pl.col("started_on"), {"ended_on", "started_on"}),
        "name-empty": ("name", pl.col("name").is_null(), {"name"}),
        "name-odd": ("name", pl.col("name").str.contains(r"[\d*?？＊×#@()（）/、]"), {"name"}),
    }
    return {code: (field, test.fill_null(False)) for code, (field, test, needs) in tests.items() if needs <= columns}
