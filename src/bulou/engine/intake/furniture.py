"""Rows that hold no person: titles, headers (also repeated ones), totals, blank rows, notes at the foot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulou.engine.intake.headings import normal_forms
from bulou.engine.intake.recognise import Recognised

_TOTAL = re.compile(r"^(本页|本村|全县|全镇|本表|总)?(合计|小计|总计|共计|累计|汇总)(人数|户数|金额)?[:：]?(\d|$)")
_NOTE = re.compile(
    r"^(填表|制表|填报|审核|复核|经办|负责|单位(负责人|公章|盖章)|注[:：\d]|备注[:：]|说明[:：]|联系电话[:：]|日期[:：])"
)
_DIGITS = r"\d{6}"


def furniture(recognised: Recognised) -> dict[int, str]:
    """Rows (from 0) that are furniture, with what they are: title, header, total, blank, note."""
    layout, sheet = recognised.layout, recognised.sheet
    assert layout is not None
    found = dict.fromkeys(range(layout.first), "title")
    found |= {row: "blank" for row in range(layout.first) if not any(sheet.row_text(row))}
    found |= dict.fromkeys(range(layout.first, layout.last + 1), "header")
    head = {normal_forms(part)[0] for heading in layout.headings for part in heading.parts}
    for row in _without_number(recognised, layout.last + 1):
        kind = _kind(sheet.row_text(row), recognised, head)
        if kind:
            found[row] = kind
    return found


def _without_number(recognised: Recognised, start: int) -> Iterator[int]:
    """Rows in which no identifying column holds six digits in a row; only these can be furniture."""
    import polars as pl

    letters = [recognised.letter(field) for field in ("id_no", "cert_no", "bank_account")]
    number = pl.any_horizontal(
        pl.lit(False), *[pl.col(letter).str.contains(_DIGITS).fill_null(False) for letter in letters if letter]
    )
    rows = recognised.sheet.grid.with_row_index("row").slice(start).filter(~number)["row"]
    yield from rows.to_list()


def _kind(cells: list[str], recognised: Recognised, head: set[str]) -> str | None:
    names = recognised.sheet.grid.columns
    said = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    serial, name = recognised.letter("serial"), recognised.letter("name")
    if all(key == serial and cell.isdigit() for key, cell in said.items()):
        return "blank"
    plain = [normal_forms(cell)[0] for cell in said.values()]
    if sum(form in head for form in plain) > len(plain) / 2:
        return "header"
    if any(_TOTAL.search(form) for form in plain[:3]):
        return "total"
    if any(_NOTE.search(cell.replace(" ", "")) for cell in list(said.values())[:1]):
        return "note"
    if len(said) == 1 and name not in said and recognised.letter("id_no") not in said:
        return "title"
    numbers = [cell for key, cell in said.items() if key != serial]
    if name not in said and all(re.fullmatch(r"[\d.,，¥元人户]+", cell) for cell in numbers):
        return "total"
    return None
