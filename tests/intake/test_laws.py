"""Laws on anything that can stand in a cell."""

from __future__ import annotations

import csv
import io

import polars as pl
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bulou.engine.intake import SheetRead, clean, read_templates, recognise
from bulou.engine.intake.cells import read_cell
from bulou.engine.intake.columns import read_column
from bulou.engine.intake.resident_id import id_fault
from bulou.engine.intake.sheet import grid_of
from bulou.engine.intake.templates import Field
from bulou.engine.intake.text_files import separator_of, table_in
from tests.intake.files import HEAD, holder, id_of

FIELDS = {field.id: field for template in read_templates().kinds.values() for field in template.fields.values()}
BY_KIND = {field.kind: field for field in FIELDS.values()} | {"grade": FIELDS["grade"], "open": FIELDS["expires_on"]}
PIECES = st.sampled_from(
    [
        *"0123456789０１８ＸｘxX×.-/年月日元万,，（）() 　'=B·",
        "一级",
        "肢体",
        "620602",
        "19800101",
        "00",
        "E+17",
        "是",
        "长期",
    ]
)
NUMBERS = st.builds(lambda n, cut: id_of(n)[: 18 - cut], st.integers(0, 999), st.integers(0, 3))
CELLS = st.one_of(
    st.lists(PIECES, max_size=8).map("".join),
    NUMBERS,
    st.builds(lambda i, tail: i + tail, NUMBERS, st.sampled_from(["43", "43B1", "99", " ", "00"])),
    st.dates().map(str),
    st.integers(-10, 10**19).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.text(max_size=6),
)


@given(st.sampled_from(sorted(BY_KIND)), CELLS)
@settings(max_examples=400, deadline=None)
def test_reading_twice_is_reading_once(kind: str, text: str) -> None:
    field = BY_KIND[kind]
    text = text.strip()
    if not text:
        return
    reading = read_cell(text, field)
    assert not (reading.fault and reading.value), text
    assert not (reading.spelling and reading.repair), text
    if reading.value is not None:
        again = read_cell(reading.value, field)
        assert again.value == reading.value
        if field.kind not in ("text", "serial"):
            assert (again.spelling, again.repair, again.fault) == (None, None, None)


@given(st.sampled_from(sorted(BY_KIND)), st.lists(CELLS, min_size=1, max_size=12))
@settings(max_examples=80, deadline=None)
def test_a_column_is_read_as_its_cells(kind: str, texts: list[str]) -> None:
    field = BY_KIND[kind]
    texts = [text.strip() for text in texts]
    column = read_column(pl.Series(texts, dtype=pl.String).replace("", None), field)
    for text, row in zip(texts, column.iter_rows(named=True), strict=True):
        if text and field.kind not in ("text", "serial"):
            reading = read_cell(text, field)
            said = {name: row[name] for name in ("spelling", "repair", "fault")}
            assert said == {"spelling": reading.spelling, "repair": reading.repair, "fault": reading.fault}, text
            assert (row["value"] is None) == (reading.value is None)


SPELLED = st.builds(
    "{:04}{}{:0{width}}{}{:0{width}}{}".format,
    st.sampled_from([0, 1849, 1850, 1980, 2000, 2023, 2024, 2100, 2101, 9999]),
    st.sampled_from(["", "-", ".", "/", "年", " ", "－"]),
    st.integers(0, 13),
    st.sampled_from(["", "-", ".", "/", "月"]),
    st.integers(0, 32),
    st.sampled_from(["", "日", " ", "号", "０"]),
    width=st.sampled_from([1, 2]),
)


@given(st.sampled_from(["date", "open"]), st.lists(SPELLED, min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_dates_of_a_column_are_read_as_one_by_one(kind: str, texts: list[str]) -> None:
    texts = [text.strip() for text in texts]
    column = read_column(pl.Series(texts, dtype=pl.String), BY_KIND[kind])
    wanted = [read_cell(text, BY_KIND[kind]) for text in texts]
    assert column["value"].cast(pl.String).to_list() == [one.value for one in wanted]
    said = [(one.spelling, one.repair, one.fault) for one in wanted]
    assert column.select("spelling", "repair", "fault").rows() == said


@given(CELLS)
@settings(max_examples=300, deadline=None)
def test_an_id_is_never_invented(text: str) -> None:
    """What comes out is valid, and every digit of it stood in the cell (or is the century and check of an old one)."""
    import unicodedata

    reading = read_cell(text.strip(), FIELDS["id_no"]) if text.strip() else None
    if reading is None or reading.value is None:
        return
    assert id_fault(reading.value) is None
    stood = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit())
    if reading.repair == "id-15-to-18":
        assert stood == reading.value[:6] + reading.value[8:17]
    else:
        assert stood.startswith(reading.value.rstrip("X"))


ROWS = st.lists(
    st.one_of(
        st.lists(st.one_of(st.none(), CELLS), max_size=len(HEAD)),
        st.builds(
            lambda n, at, cell: [*holder(n)[:at], cell, *holder(n)[at + 1 :]],
            st.integers(0, 9),
            st.integers(0, 10),
            CELLS,
        ),
        st.just(HEAD),
        st.just(["合计", "3"]),
    ),
    max_size=10,
)


@given(ROWS, st.sampled_from(["certificate_register", "survey"]))
@settings(max_examples=40, deadline=None)
def test_fates_add_up_and_nothing_is_lost(rows: list[list[str | None]], kind: str) -> None:
    sheet = SheetRead("册.xlsx", "一", grid_of([HEAD, *rows]))
    found = recognise(sheet, read_templates(), kind=kind)
    result = clean(found)
    counts = result.counts
    assert counts.adds_up()
    assert counts.read == sheet.grid.height
    assert result.fates["row"].to_list() == list(range(1, sheet.grid.height + 1))
    assert result.rows.height == counts.accepted + counts.repaired + counts.refused
    assert result.frame.height == counts.accepted + counts.repaired - counts.merged
    assert set(result.findings.filter(pl.col("weight") == "refused")["row"]) == set(result.refused["row"])
    assert set(result.repairs["row"]) <= set(result.rows["row"])
    usable = result.frame["id_no"].to_list()
    assert all(number is not None and id_fault(number) is None for number in usable)


@given(
    st.lists(
        st.lists(st.one_of(CELLS, st.sampled_from(['"', '"a"', 'a"b', "\u3000", "a\x0bb", "\u2028"])), max_size=5),
        min_size=1,
    ),
    st.sampled_from([",", "\t", ";", "|", "，"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(deadline=None)
def test_a_text_table_has_the_cells_that_the_csv_module_finds(rows: list[list[str]], separator: str, end: str) -> None:
    text = end.join(separator.join(row) for row in rows)
    assume(text.strip())  # a blank file is refused before
    lines = list(io.StringIO(text, newline=""))
    found = separator_of(lines)
    bars = {"quoting": csv.QUOTE_NONE, "quotechar": None} if found == "|" else {}
    wanted = grid_of(csv.reader(lines, delimiter=found, **bars)).rows()  # type: ignore[arg-type]
    cells = table_in(text).rows()
    width = max(map(len, [*wanted, *cells, ()]))
    assert [row + (None,) * (width - len(row)) for row in cells] == [
        row + (None,) * (width - len(row)) for row in wanted
    ]


def test_every_code_has_words() -> None:
    import re
    from pathlib import Path

    from bulou.engine.intake import wording

    folder = Path(wording.__file__).parent
    used = set()
    for name in ("cells", "clean", "checks", "repeats", "corrections", "ids"):
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        used |= set(re.findall(r'fault\("([a-z0-9-]+)"\)', text))
        used |= set(re.findall(r'pl\.lit\("([a-z0-9]+(?:-[a-z0-9]+)+)"\)', text))
    for code in used:
        assert wording.words_of(code).says


def test_fields_are_readable() -> None:
    assert all(isinstance(field, Field) for field in FIELDS.values())
    assert {field.kind for field in FIELDS.values()} <= set(BY_KIND)
