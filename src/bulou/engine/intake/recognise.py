"""Says what kind of roll a sheet is, with the reasons, or that nobody can tell. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bulou.engine.basics.problems import Problem
from bulou.engine.intake.headings import Heading, Layout, find_header, normal_forms
from bulou.engine.intake.sheet import SheetRead
from bulou.engine.intake.templates import Template, Templates

TITLE_POINTS = 5
MISSING_POINTS = -3
ENOUGH = 5
CLEAR_LEAD = 2
SAMPLES = 3
BOOKKEEPING = ("source_file", "source_sheet", "source_row", "source_problem", "source_column")
MARK = "bulou:"
"""Stands before the id of a kind in the title of a workbook that Bulou wrote itself."""

OWN_NOTES = f"{MARK}notes"
"""Marks a page of such a workbook that holds no roll."""

_MONTH = re.compile(r"(20\d\d)\s*(?:年\s*|[-._/])\s*(1[0-2]|0?[1-9])(?!\d)\s*月?|(?<!\d)(20\d\d)(0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True)
class Candidate:
    """How well one kind fits; `reasons` are words for the user, `telling` is False without any evidence of its own."""

    kind: str
    points: int
    telling: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Recognised:
    """What a sheet is.

    `template` is None when the kind is unknown or ambiguous; `candidates` are sorted, best first. `columns` maps
    the letter of a column to its field, `titled` sets fields from words in the title, `month` (YYYY-MM) is the one
    month that the title names. `problems` hold unknown columns with the shape of their cells.
    """

    sheet: SheetRead
    layout: Layout | None
    template: Template | None
    candidates: tuple[Candidate, ...]
    columns: Mapping[str, str]
    titled: Mapping[str, str]
    month: str | None
    problems: tuple[Problem, ...]

    def heading(self, letter: str) -> Heading:
        assert self.layout is not None
        return next(heading for heading in self.layout.headings if heading.letter == letter)

    def letter(self, field: str) -> str | None:
        return next((letter for letter, name in self.columns.items() if name == field), None)


def recognise(
    sheet: SheetRead, templates: Templates, kind: str | None = None, columns: Mapping[str, str] | None = None
) -> Recognised:
    """The kind of a sheet from its headings, its title, its name and its file's name.

    `kind` and `columns` (letter → field) are a person's answer where the sheet alone does not say it; they are
    taken as said. Empty sheets, sheets without a table, unknown and ambiguous kinds come back as problems.
    """
    if sheet.grid.is_empty():
        return _nothing(sheet, "empty-sheet", "空工作表 empty sheet", "有内容的表", "不用处理，或核对导出", note=True)
    if OWN_NOTES in (sheet.grid.row(0)[0] or ""):
        return _nothing(sheet, "own-notes", "Bulou 自己写的说明页", "名册", "不用处理", note=True)
    layout = find_header(sheet, templates.known)
    if layout is None:
        return _nothing(sheet, "no-table", "前15行里找不到表头", "一行有姓名、身份证号等列名的表头", "核对是不是名册")
    title = _title(sheet, layout)
    candidates = _candidates(sheet, layout, title, templates)
    chosen = kind or _choose(candidates)
    if chosen is None:
        return _undecided(sheet, layout, candidates, templates)
    return _recognised(sheet, layout, templates.kinds[chosen], candidates, title, columns or {})


def _title(sheet: SheetRead, layout: Layout) -> str:
    stem = sheet.file.rpartition(".")[0] or sheet.file
    return " ".join(dict.fromkeys((stem, sheet.sheet, *layout.titles)))


def month_in(text: str) -> str | None:
    """The month that a text names, YYYY-MM, if it names exactly one."""
    found = {f"{m[1] or m[3]}-{int(m[2] or m[4]):02d}" for m in _MONTH.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _month(sheet: SheetRead, layout: Layout) -> tuple[str | None, list[Problem]]:
    """The month by the file's name, the sheet's name or the title; none when they name different ones."""
    stem = sheet.file.rpartition(".")[0] or sheet.file
    said = [month_in(text) for text in (stem, sheet.sheet, " ".join(layout.titles))]
    months = list(dict.fromkeys(month for month in said if month))
    if len(months) < 2:
        return (months[0] if months else None), []
    got, fix = "、".join(months), "改正文件名、工作表名或标题里的月份"
    return None, [Problem("months-differ", sheet.place(), got, "同一个月份", fix)]


def _candidates(sheet: SheetRead, layout: Layout, title: str, templates: Templates) -> tuple[Candidate, ...]:
    plain = normal_forms(title)[0]
    told = _titles(plain, templates.kinds.values())
    found = [_candidate(template, layout, told.get(template.id), title) for template in templates.kinds.values()]
    return tuple(sorted(found, key=lambda candidate: (-candidate.points, candidate.kind)))


def _titles(plain: str, kinds: Collection[Template]) -> dict[str, str]:
    """The word of the title that speaks for each kind; a word inside a longer one of another kind does not count,
    and a weak word only where no other kind has a word of its own."""
    strong = _spoken(plain, {kind.id: kind.titles for kind in kinds})
    weak = _spoken(plain, {kind.id: kind.weak_titles for kind in kinds})
    return {kind: word for kind, word in weak.items() if not set(strong) - {kind}} | strong


def _spoken(plain: str, words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    spans = [
        (match.start(), match.end(), kind, word)
        for kind, own in words.items()
        for word in own
        for match in re.finditer(re.escape(word), plain)
    ]
    return {
        kind: word
        for start, end, kind, word in sorted(spans, key=lambda span: span[1] - span[0])
        if not any(
            other != kind and begin <= start and end <= stop and stop - begin > end - start
            for begin, stop, other, _ in spans
        )
    }


def _candidate(template: Template, layout: Layout, word: str | None, title: str) -> Candidate:
    present = set(_columns(template, layout.headings)[0].values())
    points, reasons = 0, []
    if f"{MARK}{template.id}" in title.split():
        points, reasons = 100, ["标题写明是 Bulou 导出的这类表"]
    if word:
        points += TITLE_POINTS
        reasons.append(f"名称或标题有“{word}”")
    for field in sorted(present & set(template.evidence)):
        points += template.evidence[field]
        reasons.append(f"有“{template.fields[field].label}”列")
    for need in template.required:
        if not template.meets(need, present):
            points += MISSING_POINTS
            reasons.append(f"缺“{need_label(template, need)}”列")
    telling = bool(word) or points > 100 - ENOUGH or any(template.evidence.get(f, 0) >= 3 for f in present)
    return Candidate(template.id, points, telling, tuple(reasons))


def need_label(template: Template, need: str) -> str:
    return "或".join(template.fields[name].label for name in need.split("|"))


def _choose(candidates: tuple[Candidate, ...]) -> str | None:
    good = [candidate for candidate in candidates if candidate.points >= ENOUGH and candidate.telling]
    if good and (len(good) == 1 or good[0].points - good[1].points >= CLEAR_LEAD):
        return good[0].kind
    return None


def _columns(template: Template, headings: Iterable[Heading]) -> tuple[dict[str, str], list[tuple[Heading, str]]]:
    """Letter → field, and columns left out because a better named one has the same meaning (with that field)."""
    best: dict[str, tuple[int, Heading]] = {}
    left: list[tuple[Heading, str]] = []
    for heading in headings:
        found = template.field_of(heading.candidates)
        if found is None:
            continue
        field, rank = found
        if field not in best or rank < best[field][0]:
            if field in best:
                left.append((best[field][1], field))
            best[field] = rank, heading
        else:
            left.append((heading, field))
    return {heading.letter: field for field, (_, heading) in best.items()}, left


def _recognised(
    sheet: SheetRead,
    layout: Layout,
    template: Template,
    candidates: tuple[Candidate, ...],
    title: str,
    said: Mapping[str, str],
) -> Recognised:
    columns, left = _columns(template, layout.headings)
    columns = {letter: field for letter, field in columns.items() if field not in said.values()} | dict(said)
    titled = _titled(template, title, set(columns.values()))
    problems = [
        *_missing(sheet, layout, template, set(columns.values())),
        *_twice(sheet, template, left),
        *_unknown_columns(sheet, layout, columns, {heading.letter for heading, _ in left}),
    ]
    month, clash = _month(sheet, layout)
    return Recognised(sheet, layout, template, candidates, columns, titled, month, (*problems, *clash))


def _titled(template: Template, title: str, present: set[str]) -> dict[str, str]:
    """Fields set by the title, where no column gives them and the title speaks for one code only."""
    found: dict[str, str] = {}
    for field, codes in template.from_title.items():
        said = [code for code, words in codes.items() if any(word in title for word in words)]
        if field not in present and len(said) == 1:
            found[field] = said[0]
    return found


def _missing(sheet: SheetRead, layout: Layout, template: Template, present: set[str]) -> Iterable[Problem]:
    for need in template.required:
        if not template.meets(need, present):
            names = need.split("|")
            words = [word for name in names for word in (template.fields[name].label, *template.fields[name].headings)]
            yield Problem(
                "missing-column",
                sheet.place(layout.last + 1),
                f"没有“{need_label(template, need)}”列；现有：{'、'.join(h.text for h in layout.headings if h.text)}",
                "、".join(words[:8]),
                "补上这一列；如果有但叫别的名字，把列名改成左边之一",
            )


def _twice(sheet: SheetRead, template: Template, left: list[tuple[Heading, str]]) -> Iterable[Problem]:
    for heading, field in left:
        label = template.fields[field].label
        yield Problem(
            "same-meaning",
            sheet.place(column=f"{heading.letter} {heading.text}"),
            f"又一列可以读作“{label}”",
            "每个意思一列",
            "这一列没有读；要用它就改成更明确的列名",
            "note",
        )


def _unknown_columns(
    sheet: SheetRead, layout: Layout, columns: Mapping[str, str], passed: set[str]
) -> Iterable[Problem]:
    for heading in layout.headings:
        if heading.letter in columns or heading.letter in passed:
            continue
        cells = sheet.grid[heading.letter].slice(layout.last + 1).drop_nulls()
        if heading.text or len(cells):
            shapes = "、".join(shape_of(cell) for cell in cells.unique(maintain_order=True).head(SAMPLES))
            yield Problem(
                "unknown-column",
                sheet.place(column=f"{heading.letter} {heading.text or '（无列名）'}"),
                f"没认出这一列，样子：{shapes or '（空）'}",
                "模板里的列名",
                "不用可以不管；要用就改列名或在模板里加同义词",
                "note",
            )


def shape_of(cell: str) -> str:
    """A cell's shape without its content: 9 for a digit, A for a letter, 字 for other writing."""
    return "".join(
        "9" if c.isdigit() else "A" if c.isascii() and c.isalpha() else "字" if c.isalpha() else c
        for c in cell.strip()[:24]
    )


def _nothing(sheet: SheetRead, code: str, got: str, expected: str, fix: str, note: bool = False) -> Recognised:
    problem = Problem(code, sheet.place(), got, expected, fix, "note" if note or sheet.hidden else "error")
    return Recognised(sheet, None, None, (), {}, {}, None, (problem,))


def _undecided(sheet: SheetRead, layout: Layout, candidates: tuple[Candidate, ...], templates: Templates) -> Recognised:
    good = [c for c in candidates if c.points >= ENOUGH and c.telling]
    shown = "；".join(
        f"{templates.kinds[c.kind].label} {c.points} 分（{'、'.join(c.reasons)}）" for c in (good or candidates)[:3]
    )
    code, got = ("ambiguous-kind", "像几种名册") if good else ("unknown-kind", "认不出是哪种名册")
    problem = Problem(
        code,
        sheet.place(layout.last + 1),
        f"{got}：{shown}",
        f"一种名册，比第二种至少多 {CLEAR_LEAD} 分",
        "在文件名、工作表名或标题里写明是什么名册",
    )
    return Recognised(sheet, layout, None, candidates, {}, {}, _month(sheet, layout)[0], (problem,))
