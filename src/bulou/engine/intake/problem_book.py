"""Writes 数据问题.xlsx: every row with a problem as it came, the problem in words, the column to mend.

What came is written as text, so that nothing is cut, and nothing is read as a formula. A mended copy can be put back
into the folder: each row carries where it came from (see `corrections`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.cells import neutral_column
from bulou.engine.basics.problems import Problem
from bulou.engine.basics.sheets import UNDATED, Column, Kind, Sheet, write_book
from bulou.engine.intake.cleaned import Cleaned
from bulou.engine.intake.corrections import SOURCE
from bulou.engine.intake.headings import Heading
from bulou.engine.intake.recognise import BOOKKEEPING, MARK, OWN_NOTES
from bulou.engine.intake.wording import Words, words_of

if TYPE_CHECKING:
    import polars as pl

WEIGHTS = {"refused": "整行没有采用", "unknown": "这一格没有采用", "doubt": "已采用，请核对"}

HOW = (
    "后面每张表是一份名册里有问题的行，照原样抄来；前五列写明来源、问题和要改的列，黄色格要改。\n"
    "改好以后存盘，把这个文件放回数据文件夹再运行一次，改好的行会替换原来的行。不要动前三列。"
)
NOTE = "黄色格要改。改好存盘，把这个文件放回数据文件夹再运行一次；不要动前三列。"
"""Above every roll. Being read back, it must hold no word that speaks for a kind of roll, and no month."""

TOLD = {"source_file": 18, "source_sheet": 12, "source_row": 7, "source_problem": 44, "source_column": 14}
"""Widths of the columns of `BOOKKEEPING`."""
SUMMARY = {"文件": 36, "工作表": 20, "认作": 18, "理由": 44, "读入行数": 9, "直接采用": 9, "修复后采用": 9, "未采用": 9,
           "标题合计空行等": 9}  # fmt: skip
WHOLE = {"在哪里": 44, "发现": 48, "应当": 36, "怎么办": 36}
REPAIRED = {"文件": 28, "工作表": 14, "列": 16, "为什么": 26, "格数": 8, "例如": 80}
REPAIRS = ("文件", "工作表", "行", "列", "原来", "改为", "为什么")
EXAMPLES = 3
NARROWEST, WIDEST = 9, 30
"""Characters in which a column of a roll is shown."""


def write_problem_book(path: Path, cleaned: Sequence[Cleaned], others: Sequence[Problem] = ()) -> int:
    """Write the workbook; gives the number of rows with a problem.

    `others` are problems of whole files and sheets; they stand on a page of their own with those of the sheets.
    """
    problems = [*others, *(problem for one in cleaned for problem in one.problems)]
    pages = [_page(number, one) for number, one in enumerate(cleaned, 1) if one.findings.height]
    write_book(path, [_front(cleaned), *_whole(problems), *pages, _repaired(cleaned)], UNDATED, "数据问题")
    return sum(page.frame.height for page in pages)


def _front(cleaned: Sequence[Cleaned]) -> Sheet:
    rows = [_summary(one) for one in cleaned]
    return _listing("怎样用", "数据问题", HOW, SUMMARY, rows)


def _whole(problems: Sequence[Problem]) -> Iterator[Sheet]:
    """The page of what concerns no single row, if there is any."""
    told = ((str(problem.place), problem.got, problem.expected, problem.fix) for problem in problems)
    if rows := list(dict.fromkeys(told)):
        yield _listing("文件和列", "整份文件、整张表、整列的问题", "在原来的文件里改，不在这里改。", WHOLE, rows)


def _listing(name: str, title: str, note: str, widths: dict[str, int], rows: Sequence[Sequence[Any]]) -> Sheet:
    """A page that holds no roll and is not read back."""
    import polars as pl

    frame = pl.DataFrame(rows, schema=list(widths), orient="row", infer_schema_length=None)
    columns = tuple(Column(head, head, width, _kind(frame, head)) for head, width in widths.items())
    return Sheet(name, f"{title} {OWN_NOTES}", note, columns, frame, frozen=1)


def _kind(frame: pl.DataFrame, name: str) -> Kind:
    return "number" if frame.schema[name].is_integer() else "text"


def _page(number: int, one: Cleaned) -> Sheet:
    """The rows of one sheet with a problem, in its order."""
    template, layout, source = one.recognised.template, one.recognised.layout, one.recognised.sheet
    assert template is not None and layout is not None
    headings = [h for h in layout.headings if h.text or h.letter in one.recognised.columns]
    headings = [h for h in headings if one.recognised.columns.get(h.letter) not in BOOKKEEPING]
    frame = _as_it_came(one)
    width = _widths(frame, [heading.letter for heading in headings])
    told = (Column(template.fields[name].label, name, width, exact=name in SOURCE) for name, width in TOLD.items())
    came = (
        Column(_heading(one, h), h.letter, width[h.letter], exact=True, mend=_mend(h.letter, frame)) for h in headings
    )
    name = re.sub(r"[\[\]:*?/\\]", " ", f"{number} {template.label}")[:31]
    titles = (title for title in layout.titles if title != NOTE)
    title = " ".join((f"{MARK}{one.kind}", template.label, source.file.rpartition(".")[0], source.sheet, *titles))
    return Sheet(name, title, NOTE, (*told, *came), frame)


def _mend(letter: str, frame: pl.DataFrame) -> str:
    return name if (name := f"mend {letter}") in frame.columns else ""


def _widths(frame: pl.DataFrame, letters: Sequence[str]) -> dict[str, float]:
    """Wide enough for every cell, a Chinese character (three bytes) counted as two letters."""
    import polars as pl

    def needed(letter: str) -> pl.Expr:
        return (pl.col(letter).str.len_bytes() + pl.col(letter).str.len_chars()).max().fill_null(0) / 2 + 2

    return frame.select(needed(letter).clip(NARROWEST, WIDEST).alias(letter) for letter in letters).row(0, named=True)


def _as_it_came(one: Cleaned) -> pl.DataFrame:
    """The columns of `BOOKKEEPING`, the cells of the row by letter, and by letter whether a cell is to be mended."""
    import polars as pl

    told = _told(one)
    frame = pl.concat([told, one.recognised.sheet.cells_of(told["row"])], how="horizontal")
    letters = one.findings["letter"].unique(maintain_order=True)
    mend = [pl.col("letters").list.contains(letter).alias(f"mend {letter}") for letter in letters if letter]
    return frame.with_columns(*_origin(one), *mend)


def _told(one: Cleaned) -> pl.DataFrame:
    """Each row with findings once, with what they say (`source_problem`), the columns and letters to be mended."""
    import polars as pl

    assert one.recognised.template is not None
    labels = {name: field.label for name, field in one.recognised.template.fields.items()}
    column = pl.when(pl.col("heading") == "").then(pl.col("field").replace(labels)).otherwise("heading")
    codes = one.findings["code"].unique()
    return (
        one.findings.group_by("row", maintain_order=True)
        .agg(
            _says(codes, column).str.join("；").alias("source_problem"),
            column.unique(maintain_order=True).str.join("、").alias("source_column"),
            pl.col("letter").alias("letters"),
        )
        .sort("row")
    )


def _says(codes: pl.Series, column: pl.Expr) -> pl.Expr:
    """A finding in words: the column, what is wrong, what was found, what to do, what became of it."""
    import polars as pl

    def words(part: Callable[[Words], str]) -> pl.Expr:
        return pl.col("code").replace_strict({code: part(words_of(code)) for code in codes}, return_dtype=pl.String)

    got = pl.when(pl.col("got") != "").then(pl.format("（{}）", "got")).otherwise(pl.lit(""))
    weight = pl.col("weight").replace_strict(WEIGHTS, return_dtype=pl.String)
    return pl.format("{}：{}{}，{}【{}】", column, words(lambda w: w.says), got, words(lambda w: w.fix), weight)


def _origin(one: Cleaned) -> Iterator[pl.Expr]:
    """Where each row first came from: of a row already corrected once, its own source."""
    import polars as pl

    source = one.recognised.sheet
    here = [pl.lit(source.file), pl.lit(source.sheet), pl.col("row").cast(pl.String)]
    letters = (one.recognised.letter(name) for name in SOURCE)
    said = [pl.col(letter) for letter in letters if letter]
    if len(said) < len(here):
        said = here
    named = pl.all_horizontal(cell.is_not_null() for cell in said)
    for name, cell, own in zip(SOURCE, said, here, strict=True):
        yield pl.when(named).then(cell).otherwise(own).alias(name)


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


def _repaired(cleaned: Sequence[Cleaned]) -> Sheet:
    """Repairs counted by file, column and reason, with the first few as examples."""
    import polars as pl

    example = pl.format("第{}行：{} → {}", "行", pl.col("原来").fill_null("（空）"), pl.col("改为").fill_null("（空）"))
    by = repairs_of(cleaned).group_by("文件", "工作表", "列", "为什么", maintain_order=True)
    counted = by.agg(pl.len().alias("格数"), example.head(EXAMPLES).str.join("；").alias("例如"))
    note = "不用处理；逐格见同一文件夹的修复明细。"
    return _listing("已修复", "已修复的单元格", note, REPAIRED, counted.rows())


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
