"""Writes 数据问题.xlsx: every row with a problem as it came, the problem in words, the column to mend.

All cells are text, so that nothing is cut, and nothing is read as a formula. A mended copy can be put back into the
folder: each row carries where it came from (see `corrections`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.cells import neutral_column
from bulou.engine.basics.problems import Problem
from bulou.engine.intake.cleaned import Cleaned
from bulou.engine.intake.headings import Heading
from bulou.engine.intake.recognise import BOOKKEEPING, MARK, OWN_NOTES
from bulou.engine.intake.wording import words_of

if TYPE_CHECKING:
    import polars as pl

WEIGHTS = {"refused": "整行没有采用", "unknown": "这一格没有采用", "doubt": "已采用，请核对"}
CREATED = datetime(2000, 1, 1)
"""A fixed date in the file's properties: the same problems give the same bytes."""

SUMMARY = ("文件", "工作表", "认作", "理由", "读入行数", "直接采用", "修复后采用", "未采用", "标题合计空行等")
REPAIRED = ("文件", "工作表", "列", "为什么", "格数", "例如")
REPAIRS = ("文件", "工作表", "行", "列", "原来", "改为", "为什么")
EXAMPLES = 3


def write_problem_book(path: Path, cleaned: Sequence[Cleaned], others: Sequence[Problem] = ()) -> int:
    """Write the workbook; gives the number of rows with a problem.

    `others` are problems of whole files and sheets; they stand on the first page beside those of the sheets.
    """
    import xlsxwriter

    # rows are written once, in order: constant_memory spares the table of shared texts
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": CREATED})
        writer = _Book(book)
        writer.front(cleaned, [*others, *(problem for one in cleaned for problem in one.problems)])
        count = sum(writer.problems(number, one) for number, one in enumerate(cleaned, 1) if one.findings.height)
        writer.repairs(cleaned)
        return count


class _Book:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.mend = book.add_format({"num_format": "@", "bg_color": "#FFF2CC", "border": 1, "valign": "top"})
        self.head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})

    def _rows(self, sheet: Any, start: int, rows: Iterator[Sequence[Any]]) -> int:
        for start, row in enumerate(rows, start):  # noqa: B020, PLR1704 the next free row is wanted
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(start, column, str(cell), self.text)
        return start + 1

    def front(self, cleaned: Sequence[Cleaned], problems: Sequence[Problem]) -> None:
        sheet = self.book.add_worksheet("怎样用")
        sheet.set_column(0, 1, 28, self.text)
        sheet.set_column(2, 8, 16, self.text)
        sheet.write_string(0, 0, f"数据问题 {OWN_NOTES}", self.title)
        lines = (
            "后面每张表是一份名册里有问题的行，照原样抄来；前五列写明来源、问题和要改的列，黄色格要改。",
            "改好以后存盘，把这个文件放回数据文件夹再运行一次，改好的行会替换原来的行。不要动前三列。",
        )
        for row, line in enumerate(lines, 1):
            sheet.write_string(row, 0, line)
        for column, name in enumerate(SUMMARY):
            sheet.write_string(4, column, name, self.head)
        end = self._rows(sheet, 5, (_summary(one) for one in cleaned))
        self._rows(sheet, end + 1, ((p.place, p.got, p.expected, p.fix) for p in problems))

    def problems(self, number: int, one: Cleaned) -> int:
        label = one.recognised.template.label if one.recognised.template else one.kind
        sheet = self.book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", f"{number} {label}")[:31])
        source, grid = one.recognised.sheet, one.recognised.sheet.grid
        titles = one.recognised.layout.titles if one.recognised.layout else ()
        stem = source.file.rpartition(".")[0]
        sheet.write_string(0, 0, " ".join((f"{MARK}{one.kind}", label, stem, source.sheet, *titles)), self.title)
        assert one.recognised.template is not None and one.recognised.layout is not None
        fields = one.recognised.template.fields
        headings = [h for h in one.recognised.layout.headings if h.text or h.letter in one.recognised.columns]
        headings = [h for h in headings if one.recognised.columns.get(h.letter) not in BOOKKEEPING]
        names = [*(fields[name].label for name in BOOKKEEPING), *(_heading(one, heading) for heading in headings)]
        for column, name in enumerate(names):
            sheet.write_string(1, column, name, self.head)
        sheet.set_column(0, len(names) - 1, 20, self.text)
        sheet.set_column(3, 3, 48, self.text)
        sheet.freeze_panes(2, 5)
        found = list(_by_row(one))
        came = grid.select(heading.letter for heading in headings)[[row - 1 for row, _ in found]].rows()
        for at, ((row, findings), cells) in enumerate(zip(found, came, strict=True), 2):
            self._findings(sheet, at, one, _origin(one, grid, row), findings)
            self._as_it_came(sheet, at, headings, cells, {finding["letter"] for finding in findings})
        return len(found)

    def _findings(
        self, sheet: Any, at: int, one: Cleaned, origin: tuple[str, ...], findings: list[dict[str, Any]]
    ) -> None:
        says = "；".join(_says(finding) for finding in findings)
        columns = "、".join(dict.fromkeys(f["heading"] or _label(one, f["field"]) for f in findings))
        for column, cell in enumerate((*origin, says, columns)):
            sheet.write_string(at, column, str(cell), self.text)

    def _as_it_came(self, sheet: Any, at: int, headings: list[Heading], cells: Sequence[Any], mend: set[str]) -> None:
        for column, (heading, cell) in enumerate(zip(headings, cells, strict=True), len(BOOKKEEPING)):
            shape = self.mend if heading.letter in mend else self.text
            if cell is not None:
                sheet.write_string(at, column, cell, shape)
            elif shape is self.mend:
                sheet.write_blank(at, column, None, shape)

    def repairs(self, cleaned: Sequence[Cleaned]) -> None:
        sheet = self.book.add_worksheet("已修复")
        sheet.set_column(0, 3, 20, self.text)
        sheet.set_column(5, 5, 80, self.text)
        sheet.write_string(0, 0, f"已修复的单元格，不用处理；逐格见同一文件夹的修复明细 {OWN_NOTES}", self.title)
        for column, name in enumerate(REPAIRED):
            sheet.write_string(1, column, name, self.head)
        self._rows(sheet, 2, _repaired(repairs_of(cleaned)).iter_rows())


def repairs_of(cleaned: Sequence[Cleaned]) -> pl.DataFrame:
    """Every repaired cell: file, sheet, row, column, what it was, what it became and why, in words."""
    import polars as pl

    found = [pl.DataFrame(schema=dict.fromkeys(REPAIRS, pl.String) | {"行": pl.UInt32})]
    for one in cleaned:
        source = one.recognised.sheet
        says = {code: words_of(code).says for code in one.repairs["code"].unique()}
        why = pl.col("code").replace_strict(says, return_dtype=pl.String) if says else pl.col("code")
        place = (pl.lit(source.file), pl.lit(source.sheet), pl.col("row").cast(pl.UInt32))
        cells = (*place, *map(pl.col, ("heading", "from", "to")), why)
        found.append(one.repairs.select(cell.alias(name) for cell, name in zip(cells, REPAIRS, strict=True)))
    return pl.concat(found)


def write_repairs(path: Path, cleaned: Sequence[Cleaned]) -> None:
    """Every repaired cell as CSV (UTF-8 with BOM), harmless for a spreadsheet program."""
    import polars as pl

    found = repairs_of(cleaned)
    harmless = [neutral_column(pl.col(name)).alias(name) for name in REPAIRS if name != "行"]
    found.with_columns(harmless).write_csv(path, include_bom=True)


def _repaired(repairs: pl.DataFrame) -> pl.DataFrame:
    """Repairs counted by file, column and reason, with the first few as examples."""
    import polars as pl

    example = pl.format("第{}行：{} → {}", "行", pl.col("原来").fill_null("（空）"), pl.col("改为").fill_null("（空）"))
    return repairs.group_by("文件", "工作表", "列", "为什么", maintain_order=True).agg(
        pl.len().alias("格数"), example.head(EXAMPLES).str.join("；").alias("例如")
    )


def _summary(one: Cleaned) -> Sequence[Any]:
    found, counts = one.recognised, one.counts
    assert found.template is not None
    reasons = next((c.reasons for c in found.candidates if c.kind == one.kind), ())
    rows = (counts.read, counts.accepted, counts.repaired, counts.refused, counts.furniture)
    return (found.sheet.file, found.sheet.sheet, found.template.label, "、".join(reasons), *rows)


def _heading(one: Cleaned, heading: Heading) -> str:
    """The heading as it came if it is understood alone, else the label of its field."""
    assert one.recognised.template is not None
    field = one.recognised.columns.get(heading.letter)
    alone = Heading(heading.letter, (heading.text,)).candidates
    found = one.recognised.template.field_of(alone)
    if field is None or (found is not None and found[0] == field):
        return heading.text
    return one.recognised.template.fields[field].label


def _label(one: Cleaned, field: str) -> str:
    assert one.recognised.template is not None
    return one.recognised.template.fields[field].label if field else ""


def _by_row(one: Cleaned) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for finding in one.findings.iter_rows(named=True):
        found.setdefault(finding["row"], []).append(finding)
    yield from sorted(found.items())


def _says(finding: dict[str, Any]) -> str:
    words = words_of(finding["code"])
    got = f"（{finding['got']}）" if finding["got"] else ""
    return f"{finding['heading']}：{words.says}{got}，{words.fix}【{WEIGHTS[finding['weight']]}】"


def _origin(one: Cleaned, grid: pl.DataFrame, row: int) -> tuple[str, str, str]:
    """Where the row first came from: of a row already corrected once, its own source."""
    source = one.recognised.sheet
    came = [one.recognised.letter(name) for name in BOOKKEEPING[:3]]
    if all(came):
        cells = grid.row(row - 1, named=True)
        file, sheet, number = (cells[letter] for letter in came if letter)
        if file and sheet and number:
            return file, sheet, number
    return source.file, source.sheet, str(row)
