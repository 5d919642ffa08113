"""待判断.xlsx: what a machine cannot settle, for a clerk to fill in: the same person, not, or not sure.

Each line is one row beside one person of the registry. The filled copy is read back (see `read_review`); the two last
columns say which row and whom the line is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulou.engine.basics.cells import neutral
from bulou.engine.basics.problems import Problem
from bulou.engine.intake import SheetRead
from bulou.engine.matching.decisions import COLUMNS, READ_AS, WORDS
from bulou.engine.matching.marks import person_marks
from bulou.engine.matching.people import prepared_registry

if TYPE_CHECKING:
    import polars as pl

BOOK = "待判断.xlsx"
SHEET = "待判断"
TITLE = "待判断：这一行是不是登记册里的这个人"
HOW = (
    "在黄色的“判断”一列填 同一人、不是 或 不确定，写上判断人，存盘后再运行一次。没有写判断人的不算。",
    "填过的判断会记住，以后月份照用，程序不会改。没有填的行，程序当作还没有人判断，不发也不停任何钱。",
    "一行有几个可能的人时，每个人一行；至多一个是“同一人”。最后三列是程序用的，不要改动。",
)
ROW = (("file", "来自文件"), ("sheet", "工作表"), ("row", "行"))
SIDES = (("name", "姓名"), ("id_number", "身份证号"), ("sex", "性别"), ("birth_date", "出生日期"), ("village", "村"),
         ("phone", "电话"))  # fmt: skip
ANSWER, BY, NOTE, PERSON, KEY, WHOM = "判断", "判断人", "备注", "人员编号", "这一行的标记", "这个人的标记"
CREATED = datetime(2000, 1, 1)
"""A fixed date in the file's properties: the same list gives the same bytes."""
NARROW = {"行": 6, "性别": 6, "判断": 11, "判断人": 10, "身份证号": 21, "电话": 14, "出生日期": 12}


def review_lines(
    rows: pl.DataFrame, registry: pl.DataFrame, candidates: pl.DataFrame, keys: pl.DataFrame
) -> pl.DataFrame:
    """One line a proposal: the row's own columns, the person's (with `_p`), `evidence`, and the marks `key` and
    `person` by which the two are known again.

    `rows` has `row` and what the row says as it came; `keys` has `row` and `key`.
    """
    import polars as pl

    def side(frame: pl.DataFrame, by: str, suffix: str) -> pl.DataFrame:
        have = [
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(pl.String).alias(f"{name}{suffix}")
            for name, _ in SIDES
        ]
        place = [name for name, _ in ROW[:2] if by == "row" and name in frame.columns]
        return frame.select(by, *place, *have)

    lines = candidates.join(side(rows, "row", ""), on="row", how="left", maintain_order="left")
    lines = lines.join(side(registry, "person_id", "_p"), on="person_id", how="left", maintain_order="left")
    lines = lines.join(keys.unique("row"), on="row", how="left", maintain_order="left")
    people = prepared_registry(registry.join(candidates, on="person_id", how="semi"))
    marks = people.select("person_id", person_marks(people))
    return lines.join(marks.unique("person_id"), on="person_id", how="left", maintain_order="left")


def write_review(path: Path, lines: pl.DataFrame) -> None:
    """Write the workbook; every cell is text, so that no number is cut and nothing is a formula."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": CREATED, "title": TITLE})
        page = book.add_worksheet(SHEET)
        columns = _columns(lines)
        _head(book, page, columns, lines.height)
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "border": 1})
        fill = book.add_format({"num_format": "@", "valign": "top", "border": 1, "bg_color": "#FFF2CC"})
        unlike = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "border": 1, "bold": True})
        for at, line in enumerate(lines.iter_rows(named=True), FIRST):
            for letter, (source, head) in enumerate(columns):
                value = line.get(source)
                shape = fill if head in (ANSWER, BY, NOTE) else unlike if _unlike(line, source) else text
                if value is None:
                    page.write_blank(at, letter, None, shape)
                else:
                    page.write_string(at, letter, neutral(str(value)), shape)


HEAD_ROW = len(HOW) + 2
FIRST = HEAD_ROW + 1


def _columns(lines: pl.DataFrame) -> list[tuple[str, str]]:
    """(source, heading) from left to right."""
    place = [(name, head) for name, head in ROW if name in lines.columns]
    mine = [(name, head) for name, head in SIDES]
    theirs = [(f"{name}_p", f"登记册·{head}") for name, head in SIDES]
    ends = [("evidence", "为什么想到这个人"), ("", ANSWER), ("", BY), ("", NOTE), ("person_id", PERSON), ("key", KEY)]
    ends.append(("person", WHOM))
    return [*place, *mine, *theirs, *ends]


def _unlike(line: dict[str, Any], source: str) -> bool:
    """Cells that differ from the other side's are set in bold."""
    other = source.removesuffix("_p") if source.endswith("_p") else f"{source}_p"
    values = line.get(source), line.get(other)
    return other in line and None not in values and values[0] != values[1]


def _head(book: Any, page: Any, columns: Sequence[tuple[str, str]], count: int) -> None:
    page.write_string(0, 0, TITLE, book.add_format({"bold": True, "font_size": 14}))
    for at, line in enumerate(HOW, 1):
        page.write_string(at, 0, line)
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#E8EEF4", "valign": "top"})
    for at, (_, name) in enumerate(columns):
        page.write_string(HEAD_ROW, at, name, head)
        short = name.rpartition("·")[2]
        page.set_column(at, at, NARROW.get(short, 28 if short.startswith("为什么") else 16))
        if name == ANSWER:
            offered = {"validate": "list", "source": list(WORDS.values()), "error_type": "warning"}
            page.data_validation(FIRST, at, max(FIRST, HEAD_ROW + count), at, offered)
    page.freeze_panes(FIRST, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROW)


def is_review(sheet: SheetRead) -> bool:
    """True for a sheet that `write_review` wrote, filled in or not."""
    return _head_at(sheet) is not None


def _head_at(sheet: SheetRead) -> int | None:
    for index in range(min(HEAD_ROW + 3, sheet.grid.height)):
        if {ANSWER, PERSON, KEY} <= set(sheet.row_text(index)):
            return index
    return None


def read_review(sheets: Sequence[SheetRead], known: str | None = None) -> tuple[pl.DataFrame, list[Problem]]:
    """The decisions in filled lists (columns of `decisions.COLUMNS`; `known` is the month in which they are read), and
    answers that cannot be read."""
    import polars as pl

    found, problems = [], list[Problem]()
    for sheet in sheets:
        for row, answer in _answers(sheet):
            decision = READ_AS.get(answer[ANSWER].lower())
            if not answer[ANSWER]:
                continue
            if decision is None or not (answer[KEY] and answer[WHOM] and answer[BY]):
                problems.append(_unread(sheet, row, answer))
            else:
                about = (answer[KEY], answer[WHOM], answer[PERSON] or None)
                said = (*about, decision, answer[BY], answer[NOTE], sheet.file, known)
                found.append(dict(zip(COLUMNS, said, strict=True)))
    return pl.DataFrame(found, schema=dict.fromkeys(COLUMNS, pl.String())), problems


def _answers(sheet: SheetRead) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number as the clerk sees it, and the cells that matter."""
    head = _head_at(sheet)
    if head is None:
        return
    names = sheet.row_text(head)
    for index in range(head + 1, sheet.grid.height):
        cells = dict(zip(names, sheet.row_text(index), strict=True))
        yield index + 1, {name: cells.get(name, "") for name in (ANSWER, BY, NOTE, PERSON, KEY, WHOM)}


def _unread(sheet: SheetRead, row: int, answer: dict[str, str]) -> Problem:
    if READ_AS.get(answer[ANSWER].lower()) and answer[KEY] and answer[WHOM]:
        got, fix = f"“{answer[ANSWER]}”没有写判断人", "填上判断人再运行；这一行没有采用"
        return Problem("no-decider", sheet.place(row, BY), got, "判断人的姓名", fix, "note")
    if answer[KEY] and answer[WHOM]:
        fix = "改成三个词里的一个；看不准就填 不确定"
        return Problem(
            "answer-not-read", sheet.place(row, ANSWER), answer[ANSWER], "、".join(WORDS.values()), fix, "note"
        )
    got = "这一行的标记或这个人的标记没有了"
    fix = "从程序写出的表里重新填，不要改动最后三列"
    return Problem("answer-about-nobody", sheet.place(row, KEY), got, "程序写的标记", fix, "note")
