"""Finds declarations and lists of disabled employees in files, and reads their rows with every fault in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.intake.headings import Heading, Layout, find_header, normal_forms
from bulou.engine.intake.read import read_file
from bulou.engine.intake.sheet import SheetRead
from bulou.engine.intake.wording import FAULTS as INTAKE_FAULTS
from bulou.engine.levy.cells import FAULTS, Value, read_cell
from bulou.engine.levy.form import Form, Forms, read_form
from bulou.engine.levy.formulas import formulas_of

SOFT = ("credit-code-check",)
"""Faults that leave the row usable: they are said, and a person looks."""
_TOTAL = re.compile(r"^(本页|全县|全市|本表|总)?(合计|小计|总计|共计|汇总)")
_NOTE = re.compile(
    r"^(填表|制表|填报|审核|复核|经办|负责|单位负责|注[:：\d]|备注[:：]|说明[:：]|联系电话[:：]|日期[:：])"
)
_NUMBERED = re.compile(r"^[（(]?\d{1,2}[)）]?([=＝].*)?$")


@dataclass(frozen=True)
class FormRow:
    """A row as read: values by column, the other cells as text by heading, and what is wrong with it.

    `columns` are the columns that its sheet has, filled in or not.
    """

    sheet: str
    file: str
    number: int
    values: Mapping[str, Value]
    rest: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()
    columns: frozenset[str] = frozenset()

    @property
    def where(self) -> str:
        return f"{self.file} {self.sheet} 第{self.number}行"

    @property
    def faulty(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)

    def with_problem(self, problem: Problem) -> FormRow:
        return replace(self, problems=(*self.problems, problem))

    def place(self, column: str) -> Place:
        return Place(self.file, row=self.number, column=column, sheet=self.sheet)


@dataclass(frozen=True)
class FormsRead:
    """What the files hold."""

    declarations: tuple[FormRow, ...]
    staff: tuple[FormRow, ...]
    problems: tuple[Problem, ...]


def read_forms(files: Sequence[Path]) -> FormsRead:
    """The rows of all sheets of all files. Raises `Refused` when a file cannot be read or none holds a declaration."""
    forms = read_form()
    rows: dict[str, list[FormRow]] = {"declaration": [], "staff": []}
    problems: list[Problem] = []
    fatal: list[Problem] = []
    declared = False
    for file in files:
        try:
            sheets, formulas = read_file(file), formulas_of(file)
        except Refused as refused:
            fatal += refused.problems
            continue
        for sheet in sheets:
            read = _Sheet(sheet, forms, formulas.get(sheet.sheet, frozenset()))
            form = read.form
            (fatal if read.unusable else problems).extend(read.problems)
            if form is None or read.unusable:
                continue
            declared = declared or form is forms.declaration
            rows[form.id] += read.rows()
    if not fatal and not (declared and rows["declaration"]):
        fatal.append(_nothing(files, declared))
    if fatal:
        raise Refused([*fatal, *problems])
    return FormsRead(tuple(rows["declaration"]), tuple(rows["staff"]), tuple(problems))


def _nothing(files: Sequence[Path], declared: bool) -> Problem:
    place = Place("、".join(str(file) for file in files))
    if declared:
        return Problem("no-rows", place, "只有表头，没有单位", "每行一个用人单位", "填好再算")
    expected = "用人单位名称、上年在职职工工资总额、上年在职职工人数、上年实际安排残疾人就业人数等列"
    return Problem("no-declaration", place, "没有找到残保金申报表 no declaration", expected, "按申报表的列名做表头")


class _Sheet:
    """One sheet: which form it is, which column means what, and its rows."""

    def __init__(self, sheet: SheetRead, forms: Forms, formulas: frozenset[tuple[int, str]]) -> None:
        self.sheet, self.forms, self.formulas = sheet, forms, formulas
        self.problems: list[Problem] = []
        self.unusable = False
        self.columns: dict[str, str] = {}
        self.layout = None if sheet.grid.is_empty() else find_header(sheet, forms.known)
        self.form = self._form()
        if self.form is not None:
            self._find_columns(self.form)

    def _form(self) -> Form | None:
        if self.layout is None:
            empty = self.sheet.grid.is_empty()
            got = "空工作表 empty sheet" if empty else "前15行里找不到认识的表头"
            self._say("empty-sheet" if empty else "no-table", got, "残保金申报表或残疾职工名单", "不用处理，或核对表头")
            return None
        has = {form.id: self._meanings(form, self.layout) for form in (self.forms.declaration, self.forms.staff)}
        if "person" in has["staff"] and {"id_no", "cert_no"} & has["staff"]:
            return self.forms.staff
        if {"employer", "code"} & has["declaration"] and {"staff", "wages", "disabled"} & has["declaration"]:
            return self.forms.declaration
        self._say("not-a-form", "不像申报表，也不像残疾职工名单", "残保金申报表或残疾职工名单", "不用处理，或改正列名")
        return None

    def _meanings(self, form: Form, layout: Layout) -> set[str]:
        return {found for heading in layout.headings if (found := form.column_of(heading))}

    def _say(self, code: str, got: str, expected: str, fix: str) -> None:
        self.problems.append(Problem(code, self.sheet.place(), got, expected, fix, "note"))

    def _find_columns(self, form: Form) -> None:
        assert self.layout is not None
        for heading in self.layout.headings:
            found = form.column_of(heading)
            if found is None:
                continue
            if found in self.columns.values():
                got = f"两列都是“{form.columns[found].label}”（{heading.letter} 列）"
                place = self.sheet.place(self.layout.last + 1, heading.text)
                self.problems.append(Problem("column-twice", place, got, "一种意思一列", "删去其中一列，或改列名"))
                self.unusable = True
            else:
                self.columns[heading.letter] = found

    def rows(self) -> list[FormRow]:
        """Every row that holds an entry, with its faults."""
        assert self.layout is not None and self.form is not None
        head = {normal_forms(part)[0] for heading in self.layout.headings for part in heading.parts}
        found = []
        for index in range(self.layout.last + 1, self.sheet.grid.height):
            cells = dict(zip(self.sheet.grid.columns, self.sheet.row_text(index), strict=True))
            if not self._is_furniture(cells, head, index + 1):
                found.append(self._row(cells, index + 1))
        return found

    def _is_furniture(self, cells: Mapping[str, str], head: set[str], number: int) -> bool:
        said = [cell for letter, cell in cells.items() if cell]
        held = [letter for letter in self.columns if (number, letter) in self.formulas]
        if not said and not held:
            return True
        plain = [normal_forms(cell)[0] for cell in said]
        if sum(form in head for form in plain) > len(plain) / 2 and said:
            return True
        first = said[0].replace(" ", "") if said else ""
        if _TOTAL.match(first) or _NOTE.match(first) or any(_TOTAL.match(cell) for cell in said[:2]):
            return True
        return len(said) > 2 and all(_NUMBERED.match(cell.replace(" ", "")) for cell in said)

    def _row(self, cells: Mapping[str, str], number: int) -> FormRow:
        assert self.layout is not None and self.form is not None
        row = FormRow(self.sheet.sheet, self.sheet.file, number, {}, {}, columns=frozenset(self.columns.values()))
        values: dict[str, Value] = {}
        rest: dict[str, str] = {}
        problems: list[Problem] = []
        remarks: list[str] = []
        for heading in self.layout.headings:
            cell, column = cells[heading.letter], self.columns.get(heading.letter)
            if column is None:
                rest |= {heading.text: cell} if cell and heading.text else {}
                continue
            problems += self._formula(row, heading, cell, column)
            if not cell:
                continue
            about = self.form.columns[column]
            read = read_cell(cell, about, self.forms)
            if read.value is not None:
                values[column] = read.value
            remarks += [f"{about.label}：{read.how}"] if read.how else []
            soft = about.worked_out or read.fault in SOFT
            problems += [_fault(row, heading, cell, read.fault, soft)] if read.fault else []
        return replace(row, values=values, rest=rest, problems=tuple(problems), remarks=tuple(remarks))

    def _formula(self, row: FormRow, heading: Heading, cell: str, column: str) -> list[Problem]:
        """A formula in a column that is read: its saved result is used and said; without one the row cannot be used."""
        assert self.form is not None
        if (row.number, heading.letter) not in self.formulas or self.form.columns[column].worked_out:
            return []
        place = row.place(heading.text)
        if cell:
            got = f"公式，保存的结果是 {cell}"
            return [Problem("formula-cell", place, got, "填好的数", "用的是保存的结果；核对后改成数值", "note")]
        return [Problem("formula-without-result", place, "公式没有保存结果", "填好的数", "用表格软件打开，算好再保存")]


def _fault(row: FormRow, heading: Heading, cell: str, code: str, soft: bool) -> Problem:
    words = INTAKE_FAULTS.get(code)
    expected, fix = FAULTS.get(code) or ((words.expected, words.fix) if words else ("能读懂的值", "核对这一格"))
    return Problem(code, row.place(heading.text), cell[:60], expected, fix, "note" if soft else "error")
