"""A registry and a department's list from files: tables whose headings people wrote, or columns of our own names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.files import check_file
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.intake import SheetRead, Templates, read_file, read_templates
from bulou.engine.intake.headings import Layout, find_header, normal_forms
from bulou.engine.matching.people import REGISTRY, ROWS

if TYPE_CHECKING:
    import polars as pl

FIELDS = {"id_no": "id_number", "cert_no": "certificate_number", "household_no": "household"}
"""Fields of the intake that have another name here."""
OWN_WORDS: Mapping[str, tuple[str, ...]] = {
    "person_id": ("人员编号", "人员编码", "个人编号", "人员id", "personid"),
    "relative_ids": ("监护人身份证号", "监护人身份证号码", "监护人证件号码", "亲属身份证号", "户主身份证号"),
    "bank_account": ("银行账号", "银行卡号", "账号", "卡号", "一卡通账号"),
    "household": ("户号", "家庭编号", "户编号"),
}
MORE = ("bank_account",)
"""Columns of a registry that only its own check looks at."""


def read_registry(path: Path) -> pl.DataFrame:
    """A registry's table: `people.REGISTRY` and `MORE` columns as text, lists of relatives' numbers as lists.

    A registry without numbers of its own for people gets its lines' numbers (r1, r2, …). Raises `Refused`.
    """
    import polars as pl

    frame = _table(path, ("id_number", "name"))
    if "person_id" not in frame.columns:
        frame = frame.with_columns(pl.format("r{}", "row").alias("person_id"))
    _check_people(frame, path)
    if "relative_ids" in frame.columns and frame["relative_ids"].dtype == pl.String:
        parted = pl.col("relative_ids").str.replace_all(r"[、，;；\s/]+", ",").str.split(",")
        frame = frame.with_columns(parted)
    return frame.select(name for name in ("row", *REGISTRY, *MORE) if name in frame.columns)


def read_rows(path: Path) -> pl.DataFrame:
    """A department's list: `row` (as the spreadsheet numbers it), `sheet`, and `people.ROWS`. Raises `Refused`."""
    frame = _table(path, ("name",))
    return frame.select(name for name in ("row", "sheet", *ROWS[1:]) if name in frame.columns)


def _check_people(frame: pl.DataFrame, path: Path) -> None:
    people = frame["person_id"]
    if people.is_null().any() or people.is_duplicated().any():
        at = (people.is_null() | people.is_duplicated()).arg_true()[0]
        got = f"{people[at] or '空'}（第 {frame['row'][at]} 行）"
        place = Place(str(path), column="人员编号")
        raise Refused([Problem("person-not-one", place, got, "每人一个编号，各不相同", "补上或改正人员编号")])


PLACE = ("row", "sheet")


def _table(path: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    """Columns by their meaning, from the one sheet, or all sheets, that have the needed ones."""
    import polars as pl

    if path.suffix.lower() == ".parquet":
        check_file(path)
        frame = pl.read_parquet(path)
        frame = frame if "row" in frame.columns else frame.with_row_index("row", offset=1)
        return _checked([frame.rename(_own_names(frame.columns))], [path.name], path, needed)
    templates = read_templates()
    sheets = read_file(path)
    found = [one for sheet in sheets if (one := _of_sheet(sheet, templates)) is not None]
    return _checked(found, [sheet.sheet for sheet in sheets], path, needed)


def _checked(found: list[pl.DataFrame], names: list[str], path: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    import polars as pl

    whole = [frame for frame in found if set(needed) <= set(frame.columns)]
    if not whole:
        words = {"id_number": "身份证号", "name": "姓名"}
        wanted = "、".join(words[name] for name in needed)
        have = (
            "、".join(sorted({name for frame in found for name in frame.columns} - {"row", "sheet"})) or "没有认出的列"
        )
        place = Place(str(path), sheet="、".join(names))
        raise Refused([Problem("columns-missing", place, have, f"有 {wanted} 的表头", "补上这些列的列名")])
    return pl.concat(whole, how="diagonal_relaxed")


def _own_names(columns: list[str]) -> dict[str, str]:
    known = _meanings(read_templates())
    taken: dict[str, str] = {}
    for column in columns:
        meaning = column if column in (*REGISTRY, *ROWS, *MORE) else known.get(normal_forms(column)[0])
        if meaning and meaning not in taken.values():
            taken[column] = meaning
    return taken


def _meanings(templates: Templates) -> dict[str, str]:
    """Normalised heading → column here."""
    wanted = {*REGISTRY, *ROWS, *MORE}
    found: dict[str, str] = {}
    for template in templates.kinds.values():
        for heading, (field, _) in template.headings.items():
            name = FIELDS.get(field, field)
            if name in wanted:
                found.setdefault(heading, name)
    own = {normal_forms(word)[0]: name for name, words in OWN_WORDS.items() for word in (*words, name)}
    plain = {normal_forms(name)[0]: name for name in wanted}
    return {**found, **plain, **own}


def _of_sheet(sheet: SheetRead, templates: Templates) -> pl.DataFrame | None:
    import polars as pl

    known = _meanings(templates)
    layout = find_header(sheet, known.keys())
    if layout is None:
        return None
    letters = _letters(layout, known)
    rows = sheet.grid.with_row_index("row", offset=1).slice(layout.last + 1)
    cells = [pl.col(letter).str.strip_chars().alias(name) for name, letter in letters.items()]
    frame = rows.select(pl.col("row").cast(pl.Int64), pl.lit(sheet.sheet).alias("sheet"), *cells)
    said = [pl.col(name).is_not_null() for name in ("id_number", "name") if name in letters]
    return frame.filter(pl.any_horizontal(*said)) if said else None


def _letters(layout: Layout, known: Mapping[str, str]) -> dict[str, str]:
    """Column → letter; of two headings with one meaning the first stands. Where a row stands is counted, not read."""
    found: dict[str, str] = {}
    for heading in layout.headings:
        name = next((known[form] for form in heading.candidates if form in known), None)
        if name not in (None, *PLACE):
            found.setdefault(name, heading.letter)
    return found
