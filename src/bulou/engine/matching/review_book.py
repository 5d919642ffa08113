"""待判断.xlsx: what a machine cannot settle, for a clerk to fill in: the same person, not, or not sure.

Each line is one row beside one person of the registry. The filled copy is read back (see `read_review`); the two last
columns say which row and whom the line is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Problem
from bulou.engine.basics.sheets import UNDATED, Column, Sheet, write_book
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
MARKS = (("person_id", PERSON), ("key", KEY), ("person", WHOM))
NARROW = {"行": 6, "性别": 6, "判断": 11, "判断人": 10, "身份证号": 21, "电话": 14, "出生日期": 12}
WIDTH = 16
TOP_ROWS = 8
"""The head stands in one of these rows."""


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
    """Write the workbook; cells of the two sides that differ are bold, those to be filled in are yellow."""
    import polars as pl

    differ = [(pl.col(name) != pl.col(f"{name}_p")).alias(f"{name} differs") for name, _ in SIDES]
    frame = lines.with_columns(differ)
    sheet = Sheet(SHEET, TITLE, "\n".join(HOW), tuple(_columns(lines)), frame, frozen=0)
    write_book(path, [sheet], UNDATED, SHEET)


def _columns(lines: pl.DataFrame) -> Iterator[Column]:
    """From left to right; the marks are read back and must come as they went."""
    for name, head in ROW:
        if name in lines.columns:
            yield Column(head, name, NARROW.get(head, WIDTH))
    for name, head in SIDES:
        yield Column(head, name, NARROW.get(head, WIDTH), bold=f"{name} differs")
    for name, head in SIDES:
        yield Column(f"登记册·{head}", f"{name}_p", NARROW.get(head, WIDTH), bold=f"{name} differs")
    yield Column("为什么想到这个人", "evidence", 28)
    yield Column(ANSWER, width=NARROW[ANSWER], choices=tuple(WORDS.values()))
    yield from (Column(head, width=NARROW.get(head, WIDTH)) for head in (BY, NOTE))
    yield from (Column(head, name, WIDTH, exact=True) for name, head in MARKS)


def is_review(sheet: SheetRead) -> bool:
    """True for a sheet that `write_review` wrote, filled in or not."""
    return _head_at(sheet) is not None


def _head_at(sheet: SheetRead) -> int | None:
    for index in range(min(TOP_ROWS, sheet.grid.height)):
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
