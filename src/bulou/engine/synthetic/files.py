"""Lays a department's list out as the file it sends: title rows, header, dirty cells, totals; .xlsx or GBK .csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bulou.engine.synthetic.calibration import Calibration, data
from bulou.engine.synthetic.dirt import LOSSLESS, Hit, Record, number_text, spoil
from bulou.engine.synthetic.draws import Array, Stream
from bulou.engine.synthetic.months import month_text, month_words
from bulou.engine.synthetic.places import Places
from bulou.engine.synthetic.setting import Setting
from bulou.engine.synthetic.shapes import BASE, SHAPES, Cell, shaped
from bulou.engine.synthetic.sheets import Sheet
from bulou.engine.synthetic.workbook import write_workbook

ONE_ROW_A_PAYMENT = ("living_roll", "nursing_roll", "bank_return")
"""Lists where a repeated row would be a second payment, not a slip of the pen."""
_WIDTHS = {"id": 21, "cert": 24, "account": 22, "date": 12, "name": 10, "phone": 13}


@dataclass
class Page:
    """One sheet of a workbook: the rows above the table, its header, its rows, its last row."""

    name: str
    above: list[str]
    header: list[str]
    widths: list[int]
    rows: list[tuple[Cell, ...]]
    below: list[Cell]

    def lines(self) -> list[Sequence[Cell]]:
        """All rows from the title down."""
        return [*([line] for line in self.above), self.header, *self.rows, self.below]


class Typist:
    """Types the lists of one month; what goes wrong is in the record."""

    def __init__(self, setting: Setting, places: Places, month: int, record: Record) -> None:
        self.setting, self.places, self.month, self.record = setting, places, month, record
        self.calibration = setting.calibration

    def type(self, sheet: Sheet, folder: Path) -> dict[str, Any]:
        """Write one list as a file; gives what a reader should find in it."""
        layout = data("layouts.toml")[sheet.kind]
        words = self._words(sheet.kind)
        name = str(layout["file"]).format(**words)
        draws = self.setting.draws("typing", sheet.kind, "" if sheet.kind == "survey" else self.month)
        headers = [
            column["headers"][int(draws.whole(0, len(column["headers"]) - 1, 1)[0])] for column in layout["columns"]
        ]
        bases = {kind: BASE[kind][int(draws.whole(0, len(BASE[kind]) - 1, 1)[0])] for kind in BASE}
        restarts = self.calibration.dirt_rates("row").get("restarting_files", 0.0)
        bases["serial"] = "restarting" if draws.chance(1, restarts)[0] else "running"
        above = [str(layout["title"]).format(**words), *_above(str(layout["office"]).format(**words), draws)]
        pages = []
        for label, rows in _split(sheet, layout, self.places.county_names(), name):
            place = (month_text(self.month), name, label)
            pages.append(self._page(sheet, rows, layout["columns"], headers, bases, above, place, draws))
        if name.endswith(".xlsx"):
            write_workbook(folder / name, [(page.name, page.widths, page.lines()) for page in pages])
        else:
            _write_csv(folder / name, pages[0], self.record, month_text(self.month))
        return self._found(sheet, name, pages, headers, bases)

    def _words(self, kind: str) -> dict[str, str]:
        paid = kind in ("living_roll", "nursing_roll", "bank_return")
        month = self.month - 1 if paid else self.month
        return {
            "region": self.places.name,
            "month": month_words(month),
            "yyyymm": month_text(month).replace("-", ""),
            "year_back": month_words(self.month - 11),
            "survey_year": str(self.month // 12 - 1),
        }

    def _page(  # noqa: PLR0913, PLR0917 a page is all of these
        self,
        sheet: Sheet,
        rows: Array,
        columns: list[dict[str, Any]],
        headers: list[str],
        bases: Mapping[str, str],
        above: list[str],
        place: tuple[str, str, str],
        draws: Stream,
    ) -> Page:
        first = len(above) + 2
        if sheet.kind not in ONE_ROW_A_PAYMENT:
            rows = self._repeat_some(rows, first, place, draws, sheet)
        cells: list[list[Cell]] = []
        for column, header in zip(columns, headers, strict=True):
            kind = str(column["as"])
            if kind == "serial":
                clean = _serials(sheet.columns["township"][rows], bases["serial"] == "restarting")
                hits = _blank_serials(clean, self.calibration, draws)
            else:
                clean = [str(value) for value in sheet.columns[column["field"]][rows].tolist()]
                hits = spoil(kind, clean, bases.get(kind, ""), self.calibration, draws)
            if place[1].endswith(".csv"):
                hits = [replace(hit, dirty=number_text(hit.dirty)) for hit in hits]
            cells.append(_typed(kind, clean, hits, bases))
            for hit in hits:
                person = int(sheet.person[rows[hit.position]])
                self._note(place, first + hit.position, header, str(column["field"]), person, hit)
        widths = [_WIDTHS.get(str(column["as"]), 9) for column in columns]
        return Page(place[2], above, headers, widths, list(zip(*cells, strict=True)), _total(columns, sheet, rows))

    def _repeat_some(self, rows: Array, first: int, place: tuple[str, str, str], draws: Stream, sheet: Sheet) -> Array:
        twice = draws.chance(len(rows), self.calibration.dirt_rates("row").get("duplicate", 0.0))
        repeated = np.repeat(rows, 1 + twice)
        for position in (np.flatnonzero(twice) + np.arange(1, int(twice.sum()) + 1)).tolist():
            hit = Hit(position, "duplicate", "", "")
            self._note(place, first + position, "", "", int(sheet.person[repeated[position]]), hit)
        return repeated

    def _note(self, place: tuple[str, str, str], row: int, header: str, field: str, person: int, hit: Hit) -> None:
        dirty = str(number_text(hit.dirty))
        self.record.add(*place, row, header, field, person, hit.fault, hit.clean, dirty, hit.fault in LOSSLESS)

    def _found(
        self, sheet: Sheet, name: str, pages: list[Page], headers: list[str], bases: Mapping[str, str]
    ) -> dict[str, Any]:
        return {
            "folder": month_text(self.month),
            "file": name,
            "kind": sheet.kind,
            "sheets": len(pages),
            "header_row": len(pages[0].above) + 1,
            "people_rows": len(sheet),
            "rows": sum(len(page.rows) for page in pages),
            "headers": "|".join(headers),
            "shapes": "|".join(f"{kind}={base}" for kind, base in bases.items()),
        }


def _above(office: str, draws: Stream) -> list[str]:
    """None, one or two rows between title and header, so that the header stands on row 2 to 4."""
    lines = [f"填报单位：{office}", "单位：元、人"]
    return lines[: int(draws.whole(0, 2, 1)[0])]


def _split(sheet: Sheet, layout: Mapping[str, Any], names: Mapping[str, str], file: str) -> Iterable[tuple[str, Array]]:
    """Row positions of each page: one page, or one a county."""
    if layout.get("split") != "county":
        return [("Sheet1" if file.endswith(".xlsx") else "", np.arange(len(sheet)))]
    return [(name, np.flatnonzero(sheet.county == code)) for code, name in names.items()]


def _serials(townships: Array, restarting: bool) -> list[str]:
    """1, 2, 3, …; some clerks begin again with every township."""
    position = np.arange(len(townships))
    if restarting and len(townships):
        fresh = np.r_[True, townships[1:] != townships[:-1]]
        position = position - np.maximum.accumulate(np.where(fresh, position, 0))
    return (position + 1).astype(str).tolist()


def _blank_serials(clean: list[str], calibration: Calibration, draws: Stream) -> list[Hit]:
    blank = draws.chance(len(clean), calibration.dirt_rates("row").get("blank_serial", 0.0))
    return [Hit(position, "blank_serial", clean[position], "") for position in np.flatnonzero(blank).tolist()]


def _typed(kind: str, clean: list[str], hits: list[Hit], bases: Mapping[str, str]) -> list[Cell]:
    cells: list[Cell]
    if kind in SHAPES:
        cells = shaped(clean, SHAPES[kind][bases[kind]])
    elif kind == "money":
        cells = [int(fen) / 100 if int(fen) % 100 else int(fen) // 100 for fen in clean]
    elif kind in ("serial", "whole"):
        cells = [int(number) for number in clean]
    else:
        cells = list(clean)
    for hit in hits:
        cells[hit.position] = hit.dirty
    return cells


def _total(columns: list[dict[str, Any]], sheet: Sheet, rows: Array) -> list[Cell]:
    """合计, with the sum of money where there is some."""
    row: list[Cell] = ["合计", *([""] * (len(columns) - 1))]
    for place, column in enumerate(columns):
        if column["as"] == "money":
            row[place] = int(np.asarray(sheet.columns[column["field"]][rows], dtype=np.int64).sum()) / 100
    return row


def _write_csv(path: Path, page: Page, record: Record, folder: str) -> None:
    """GBK, as Excel saves it here; characters GBK does not have become question marks, which is noted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    empty = [""] * (len(page.header) - 1)
    writer.writerows([[line, *empty] for line in page.above])
    writer.writerows(page.lines()[len(page.above) :])
    whole = text.getvalue()
    path.write_bytes(whole.encode("gbk", errors="replace"))
    for number, line in enumerate(whole.splitlines(), 1):
        if not _fits_gbk(line):
            for header, cell in zip(page.header, next(csv.reader([line])), strict=True):
                if not _fits_gbk(cell):
                    dirty = cell.encode("gbk", errors="replace").decode("gbk")
                    record.add(folder, path.name, "", number, header, "name", None, "not_in_gbk", cell, dirty, False)


def _fits_gbk(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
