"""From printed lines to the clause tree, the boxes and the tables.

Lines are taken in order. A numbered line opens a node when the sentence before it is complete; inside a box
the same number may belong to the box or to the clause around it, and the sequence, then the line width
decide. Where neither does, the line stays in the box and a problem names it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.plan import drafts
from bulou.engine.plan.drafts import BoxDraft, Draft
from bulou.engine.plan.model import Box, Indicator, Line, Section
from bulou.engine.plan.numbering import Mark, han, read_mark
from bulou.engine.plan.tables import TableRead, find_header, read_table
from bulou.engine.plan.typesetting import clean, is_closed, width

Side = Literal["box", "body"]
_DEPTH = {"chapter": 1, "part": 2, "point": 3, "subpoint": 4, "dash": 5}
_RUN_IN = 45
_TABLE_ROW = re.compile(r"\s(约束性|预期性)$|^(约束性|预期性)$")
_TABLE_TITLE = 40


@dataclass
class Outline:
    """The clause tree of a document, its boxes in order, and the rows of its indicator tables."""

    sections: list[Section] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    past_indicators: list[Indicator] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_outline(lines: Sequence[Line], wrap: float | None) -> Outline:
    """Sections, boxes and tables of the plan proper; every character of `lines` lands in one of them."""
    reader = _Reader(lines, wrap)
    index = 0
    while index < len(lines):
        index = reader.take(index)
    return reader.finish()


class _Reader:
    def __init__(self, lines: Sequence[Line], wrap: float | None) -> None:
        self.lines = lines
        self.wrap = wrap
        self.out = Outline()
        self.nodes: list[Draft] = []
        self.boxes: list[BoxDraft] = []
        self.box: BoxDraft | None = None
        self.stack: list[Draft] = []
        self.heading_open = False
        self.ids: dict[str, int] = {}

    # Reading one line

    def take(self, index: int) -> int:
        """Place line `index`; gives back the index of the next line to take."""
        line = self.lines[index]
        if self.box and self.box.boxed and not line.boxed:
            self.box = None
        if table := self._table_at(index):
            return table
        mark = read_mark(line.text.strip())
        if self._continues_heading(line, mark):
            self._add_heading(line)
        elif mark and self._opens(index, mark):
            self._open_marked(index, mark)
        elif line.boxed and self.box is None:
            self._open_box(index, None)
        else:
            self._add_text(index)
        return index + 1

    def _continues_heading(self, line: Line, mark: Mark | None) -> bool:
        if not self.heading_open:
            return False
        self.heading_open = False
        return mark is None

    def _add_heading(self, line: Line) -> None:
        node = self.stack[-1]
        head, rest = _split_heading(line.text)
        node.heading.append((line.no, head))
        if rest:
            node.body.append((line.no, rest))
        elif not is_closed(head):
            self.heading_open = self._full(line.text)

    def _full(self, text: str) -> bool:
        return self.wrap is not None and width(text) >= self.wrap - 4

    def _add_text(self, index: int) -> None:
        line = self.lines[index]
        if _TABLE_ROW.search(line.text):
            self._note(
                "table-unread",
                index,
                clean(line.text)[:40],
                "表头读得出的指标表",
                "这一行没有当作指标；请对照原件",
            )
        if self.box and not self.box.boxed and not self.box.current.open and self._side(index) == "body":
            self.box = None
        if self.box:
            self.box.widest = max(self.box.widest, width(line.text))
            self.box.current.body.append((line.no, line.text))
            return
        self._leave_dashes(index)
        if not self.stack:
            self._push(Draft(self._unique("序", line.no), None, line.no))
        self.stack[-1].body.append((line.no, line.text))

    def _leave_dashes(self, index: int) -> None:
        """A new paragraph without a dash belongs to the node above the dashes."""
        if not self.stack or self.stack[-1].depth != _DEPTH["dash"] or self.stack[-1].open or not index:
            return
        before = self.lines[index - 1].text
        if self.wrap is None or width(before) < self.wrap - 3 or self.box:
            self.stack.pop()

    # Does a mark open a node?

    def _current(self) -> Draft | None:
        if self.box:
            return self.box.current
        return self.stack[-1] if self.stack else None

    def _opens(self, index: int, mark: Mark) -> bool:
        current = self._current()
        text = self.lines[index].text.strip()
        if mark.style == "box":
            return _is_box_title(text, mark)
        if current is None or not current.open:
            return True
        if mark.style in ("dash", "subpoint") or not self._heading_shape(index, mark):
            return False
        if not self._expected(mark):
            found = clean(text)[:20]
            self._note(
                "mark-in-sentence",
                index,
                found,
                "句子完整后再起新条",
                "已当作上一句的下文；请对照原件查看缺页或错页",
            )
            return False
        self._note(
            "sentence-cut",
            index,
            current.tail()[-16:],
            "完整的一句话",
            "下一行是新的标题；请对照原件查看缺页或错页",
        )
        return True

    def _expected(self, mark: Mark) -> bool:
        wanted = {self._section_next(mark.style)}
        if self.box:
            wanted.add(self._box_next(mark.style))
        return mark.no in wanted

    def _heading_shape(self, index: int, mark: Mark) -> bool:
        text = clean(self.lines[index].text)
        if mark.style in ("chapter", "part") and self.wrap and width(text) <= self.wrap - 3:
            return "，" not in text and "。" not in text[:-1]
        if index + 1 < len(self.lines):
            text += clean(self.lines[index + 1].text)
        return "。" in text[:_RUN_IN]

    def _section_next(self, style: str) -> int:
        depth = _DEPTH.get(style, 9)
        for node in reversed(self.stack):
            if node.depth == depth and node.mark and node.mark.style == style:
                return (node.mark.no or 0) + 1
            if node.depth < depth and node.depth:
                break
        return 1

    def _box_next(self, style: str) -> int:
        assert self.box is not None
        if style == "chapter":
            return (self.box.part_no or 0) + 1
        if self.box.item_style not in (None, style) and self.box.item_no:
            return 0
        return self.box.item_no + 1

    # Opening nodes

    def _open_marked(self, index: int, mark: Mark) -> None:
        if mark.style == "box":
            self._open_box(index, mark)
        elif self.box and self._belongs_to_box(index, mark):
            self._open_in_box(index, mark)
        else:
            self.box = None
            self._open_section(index, mark)

    def _belongs_to_box(self, index: int, mark: Mark) -> bool:
        assert self.box is not None
        if self.box.boxed:
            return True
        if mark.style == "dash":
            return self._side(index) != "body"
        fits_box = mark.no == self._box_next(mark.style)
        fits_section = mark.no == self._section_next(mark.style)
        if fits_box != fits_section:
            return fits_box
        if mark.no == 1 and fits_box and not self.box.items and mark.style != "chapter":
            return True
        side = self._side(index)
        if side is None and (self.box.items or fits_box):
            self._note(
                "box-end-unclear",
                index,
                clean(self.lines[index].text)[:20],
                "序号或行宽能说明属于专栏还是正文",
                "已放入专栏；请对照原件核对",
            )
        return side != "body"

    def _side(self, index: int) -> Side | None:
        """Box or body, by the width of the printed line; None where the width does not tell."""
        if self.wrap is None or self.box is None:
            return None
        line = self.lines[index]
        here = width(line.text)
        if here >= self.wrap + 3:
            return "box"
        if self.box.widest < self.wrap + 3 or is_closed(line.text) or not self._full(line.text):
            return None
        following = self.lines[index + 1].text.strip() if index + 1 < len(self.lines) else ""
        return "body" if following and width(following) <= self.wrap + 2 else None

    def _open_box(self, index: int, mark: Mark | None) -> None:
        line = self.lines[index]
        self.heading_open = False
        self._leave_dashes(index)
        clause = self.stack[-1].id if self.stack else ""
        no = mark.no if mark else None
        name = f"专栏{no}" if no is not None else f"{clause}栏"
        self._check_sequence(index, no, [box.no for box in self.boxes if box.no is not None], "专栏")
        self.box = BoxDraft(
            self._unique(name, line.no),
            mark,
            line.no,
            no=no,
            section=clause,
            boxed=line.boxed,
            heading=[(line.no, line.text)],
        )
        self.boxes.append(self.box)

    def _open_in_box(self, index: int, mark: Mark) -> None:
        assert self.box is not None
        line = self.lines[index]
        self.box.widest = max(self.box.widest, width(line.text))
        if mark.style == "chapter":
            self._check_sequence(index, mark.no, [part.mark.no for part in self.box.parts if part.mark], "专栏内分类")
            part = Draft(self._unique(f"{self.box.id}{han(mark.no or 0)}", line.no), mark, line.no)
            head, rest = _split_heading(line.text)
            part.heading.append((line.no, head))
            if rest:
                part.body.append((line.no, rest))
            self.box.parts.append(part)
            return
        self._check_sequence(index, mark.no, [self.box.item_no] if self.box.item_no else [], "专栏条目")
        part_no = self.box.part_no
        stem = f"{self.box.id}{han(part_no)}" if part_no else f"{self.box.id}."
        item = Draft(self._unique(f"{stem}{mark.no}", line.no), mark, line.no, body=[(line.no, line.text)])
        self.box.items.append((part_no, item))

    def _open_section(self, index: int, mark: Mark) -> None:
        line = self.lines[index]
        depth = _DEPTH[mark.style]
        if mark.style != "dash":
            expected = self._section_next(mark.style)
            self._check_sequence(index, mark.no, [expected - 1] if expected > 1 else [], "序号")
        while self.stack and self.stack[-1].depth >= depth:
            self.stack.pop()
        draft = Draft(self._unique(self._section_id(mark), line.no), mark, line.no, depth)
        if mark.style in ("chapter", "part"):
            head, rest = _split_heading(line.text)
            draft.heading.append((line.no, head))
            if rest:
                draft.body.append((line.no, rest))
            else:
                self.heading_open = not is_closed(head) and self._full(line.text)
        else:
            draft.body.append((line.no, line.text))
        self._push(draft)

    def _section_id(self, mark: Mark) -> str:
        parent = self.stack[-1] if self.stack else None
        stem = parent.id if parent else ""
        no = mark.no or 0
        match mark.style:
            case "chapter":
                return han(no)
            case "part":
                return f"{stem}({han(no)})"
            case "point":
                return f"{stem}{no}" if stem.endswith(")") else f"{stem}.{no}"
            case "subpoint":
                return f"{stem}({no})"
        siblings = sum(1 for node in self.nodes if node.id.startswith(f"{stem}—"))
        return f"{stem}—{siblings + 1}"

    def _push(self, draft: Draft) -> None:
        self.nodes.append(draft)
        self.stack.append(draft)

    def _unique(self, name: str, line: int) -> str:
        times = self.ids[name] = self.ids.get(name, 0) + 1
        if times == 1:
            return name
        self.out.problems.append(
            Problem(
                "number-repeated",
                Place(line=line),
                name,
                "每个编号只出现一次",
                f"此处记作 {name}#{times}",
                "note",
            )
        )
        return f"{name}#{times}"

    def _check_sequence(self, index: int, no: int | None, before: Sequence[int | None], what: str) -> None:
        expected = (before[-1] or 0) + 1 if before else 1
        if no is not None and no != expected:
            self._note(
                "number-out-of-order",
                index,
                f"{what} {no}",
                f"{what} {expected}",
                "对照原件查看缺页、错页或错号",
            )

    # Tables

    def _table_at(self, index: int) -> int | None:
        """Read the table that starts here (perhaps with its title line); the index after it, or None."""
        current = self._current()
        titled = index + 1 < len(self.lines) and self._is_table_title(index)
        start = index + 1 if titled else index
        table = read_table(self.lines, start) if titled or _may_be_header(self.lines[start]) else None
        if table is None or (not table.rows and not table.problems):
            return None
        mark = read_mark(self.lines[index].text.strip()) if titled else None
        if titled or self.box is None or self.box.items:
            self._open_table_box(index, mark if mark and mark.style == "box" else None, titled, current)
        self._fill_table(table)
        self.box = None
        return table.end

    def _is_table_title(self, index: int) -> bool:
        text = clean(self.lines[index].text)
        if "。" in text or len(text) > _TABLE_TITLE or not _may_be_header(self.lines[index + 1]):
            return False
        mark = read_mark(text)
        return (mark is None or mark.style == "box") and find_header(self.lines, index + 1) is not None

    def _open_table_box(self, index: int, mark: Mark | None, titled: bool, current: Draft | None) -> None:
        line = self.lines[index]
        if mark:
            self._open_box(index, mark)
            return
        if current and current.open:
            self._note("sentence-cut", index, current.tail()[-16:], "完整的一句话", "表格插在句子中间；请对照原件")
        chapter = next((node.id for node in self.stack if node.depth == 1), "")
        self.box = BoxDraft(self._unique(f"{chapter}表", line.no), None, line.no, section=chapter)
        if titled:
            self.box.heading.append((line.no, line.text))
        self.boxes.append(self.box)

    def _fill_table(self, table: TableRead) -> None:
        assert self.box is not None
        box = self.box
        box.table = [(line.no, line.text) for line in self.lines[table.start : table.end]]
        past = any(row.result for row in table.rows) or "十三五" in clean("".join(text for _, text in box.heading))
        box.kind = "past" if past else "indicators"
        target = self.out.past_indicators if past else self.out.indicators
        target.extend(_in_box(row, box.id) for row in table.rows)
        self.out.problems.extend(table.problems)

    # The end

    def finish(self) -> Outline:
        """Freeze what was read."""
        self.out.sections = [drafts.section(node, self.wrap) for node in self.nodes]
        self.out.boxes = [drafts.box(box, self.wrap) for box in self.boxes]
        for box in self.out.boxes:
            if box.kind == "items" and not box.items:
                self.out.problems.append(
                    Problem(
                        "box-empty",
                        Place(line=box.line),
                        box.heading,
                        "专栏里有带序号的条目",
                        "对照原件核对",
                        "note",
                    )
                )
        return self.out

    def _note(self, code: str, index: int, got: str, expected: str, fix: str) -> None:
        place = Place(line=self.lines[index].no)
        self.out.problems.append(Problem(code, place, got, expected, fix, "note"))


def _split_heading(text: str) -> tuple[str, str]:
    """A heading line as (heading, body text that runs on in the same line)."""
    end = text.find("。")
    return (text[: end + 1], text[end + 1 :].strip()) if end >= 0 else (text, "")


def _is_box_title(text: str, mark: Mark) -> bool:
    title = clean(text[len(mark.printed) :])
    if not title or len(title) > _TABLE_TITLE or "。" in title or title[0] in "）)，、":
        return False
    return mark.no is not None or len(title) < 25


def _may_be_header(line: Line) -> bool:
    dense = "".join(line.text.split())
    return "指标" in dense[:12] or dense in ("类别", "序号") or dense.startswith(("序号", "类别"))


def _in_box(row: Indicator, box: str) -> Indicator:
    return replace(row, section=f"{box}.{row.no}" if box.startswith("专栏") else f"{box}{row.no}")
