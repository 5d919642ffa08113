"""Nodes of the clause tree while lines are still being added to them, and how they become frozen values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bulou.engine.plan.model import Box, Chunk, Item, Part, Passage, Section
from bulou.engine.plan.numbering import Mark
from bulou.engine.plan.typesetting import characters, clean, is_closed, join

_SENTENCE_END = re.compile("[。！？!?]")
_LABEL_END = re.compile("[。！？!?：:]")
_TITLE_LONGEST = 36
Printed = tuple[int, str]


@dataclass
class Draft:
    """A node being filled: heading lines first, then body lines, each as (line number, printed text)."""

    id: str
    mark: Mark | None
    line: int
    depth: int = 0
    heading: list[Printed] = field(default_factory=list)
    body: list[Printed] = field(default_factory=list)

    @property
    def last_line(self) -> int:
        """Number of the last source line in this node."""
        return max([self.line, *(line for line, _ in (*self.heading, *self.body))])

    def tail(self) -> str:
        """The last printed words of the node, enough to see whether a sentence is open."""
        return clean("".join(text for _, text in (*self.heading, *self.body)[-12:]))

    @property
    def open(self) -> bool:
        """Whether the sentence at the node's end still runs on."""
        return bool(self.body) and not is_closed(self.tail())


@dataclass
class BoxDraft(Draft):
    """A box being filled: its parts and items in order, or the lines of its table."""

    no: int | None = None
    section: str = ""
    kind: str = "items"
    boxed: bool = False
    parts: list[Draft] = field(default_factory=list)
    items: list[tuple[int | None, Draft]] = field(default_factory=list)
    table: list[Printed] = field(default_factory=list)
    widest: float = 0.0

    @property
    def current(self) -> Draft:
        """The node of the box to which a line without a mark belongs."""
        part_no = self.part_no
        if self.items and (part_no is None or self.items[-1][0] == part_no):
            return self.items[-1][1]
        return self.parts[-1] if self.parts else self

    @property
    def part_no(self) -> int | None:
        """Number of the current part; None before the first."""
        return self.parts[-1].mark.no if self.parts and self.parts[-1].mark else None

    @property
    def item_no(self) -> int:
        """Number of the last item in the current part; 0 before the first."""
        if self.items and self.items[-1][0] == self.part_no:
            mark = self.items[-1][1].mark
            return (mark.no or 0) if mark else 0
        return 0

    @property
    def item_style(self) -> str | None:
        """Numbering style of the last item; None before the first."""
        mark = self.items[-1][1].mark if self.items else None
        return mark.style if mark else None


def section(draft: Draft, wrap: float | None) -> Section:
    """The finished section; for run-in headings the first sentence becomes the title when it is short."""
    heading, title, body = _headed(draft, wrap, _SENTENCE_END)
    return Section(
        id=draft.id,
        depth=draft.depth,
        number=clean(draft.mark.printed) if draft.mark else "",
        heading=heading,
        title=title or "",
        line=draft.line,
        end_line=draft.last_line,
        body=body,
    )


def box(draft: BoxDraft, wrap: float | None) -> Box:
    """The finished box with its parts and items."""
    heading, title, body = _headed(draft, wrap, _SENTENCE_END)
    parts = []
    for part in draft.parts:
        printed, name, text = _headed(part, wrap, _SENTENCE_END)
        parts.append(Part(part.id, _no(part), printed, name or "", part.line, text))
    everything = [draft, *draft.parts, *(item for _, item in draft.items)]
    end = max([node.last_line for node in everything] + [line for line, _ in draft.table])
    return Box(
        id=draft.id,
        no=draft.no,
        heading=heading,
        title=title or "",
        line=draft.line,
        end_line=end,
        section=draft.section,
        kind=draft.kind,  # type: ignore[arg-type]
        body=body,
        parts=tuple(parts),
        items=tuple(_item(part, item, wrap) for part, item in draft.items),
        table=tuple(Chunk(line, clean(text), "table") for line, text in draft.table if text.strip()),
    )


def _item(part: int | None, draft: Draft, wrap: float | None) -> Item:
    heading, title, body = _headed(draft, wrap, _LABEL_END)
    return Item(draft.id, _no(draft), part, heading, title, draft.line, body)


def _no(draft: Draft) -> int:
    return (draft.mark.no or 0) if draft.mark else 0


def _headed(draft: Draft, wrap: float | None, end: re.Pattern[str]) -> tuple[str, str | None, Passage]:
    """(printed heading, title or None, body) of a node."""
    number = clean(draft.mark.printed) if draft.mark else ""
    body = join(draft.body, wrap)
    if draft.heading:
        heading = join(draft.heading, None).text.replace("\n", "")
        return heading, heading[len(number) :].rstrip("。：:"), body
    if draft.mark is None:
        return "", None, body
    text = body.text[len(number) :].lstrip()
    match = end.search(text)
    title = text[: match.start()] if match else text
    if len(title) > _TITLE_LONGEST or title.count("，") > 1 or "\n" in title:
        return number, None, cut(body, len(body.text) - len(text))
    length = len(body.text) - len(text) + (match.end() if match else len(text))
    return body.text[:length], title, cut(body, length)


def cut(passage: Passage, length: int) -> Passage:
    """The passage without its first `length` characters, lines kept in step."""
    rest = passage.text[length:]
    skipped = length + len(rest) - len(rest.lstrip("\n "))
    starts = [(max(0, start - skipped), line) for start, line in passage.starts]
    kept = [pair for index, pair in enumerate(starts) if index + 1 == len(starts) or starts[index + 1][0] > 0]
    return Passage(passage.text[skipped:], tuple(kept) if passage.text[skipped:] else ())


def placed(section_or_box: Section | Box) -> int:
    """Characters that this node holds, spaces aside, each counted once."""
    node = section_or_box
    total = characters(node.heading) + characters(node.body.text)
    if isinstance(node, Box):
        total += sum(characters(chunk.text) for chunk in node.table)
        total += sum(characters(part.heading) + characters(part.body.text) for part in node.parts)
        total += sum(characters(item.heading) + characters(item.text) for item in node.items)
    return total
