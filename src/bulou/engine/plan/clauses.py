"""Every citable place of a plan by its id: sections, boxes with their parts and items, rows of indicator tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bulou.engine.plan.model import Box, Indicator, Item, Part, Passage, Plan, Section

_RANGE = re.compile(r"^(?P<head>.*?)(?P<first>\d+)\s*[-–—~～至]\s*(?P<last>\d+)$")


@dataclass(frozen=True)
class Clause:
    """One place that a cite can name; `body` is its heading with its text, `row` the indicator of a table row."""

    id: str
    title: str
    line: int
    body: Passage
    row: Indicator | None = None

    @property
    def text(self) -> str:
        """Heading and text."""
        return self.body.text


def own_clauses(plan: Plan) -> list[Clause]:
    """All places in document order, each with its own text alone: no text stands in two of them."""
    found = [_own(section, section.heading, section.title) for section in plan.sections]
    for box in plan.boxes:
        found.append(_own(box, box.heading, box.title))
        found.extend(_own(part, part.heading, part.title) for part in box.parts)
        found.extend(_own(item, item.heading, item.title or "") for item in box.items)
    found.extend(_row(row) for row in (*plan.indicators, *plan.past_indicators))
    return sorted(found, key=lambda clause: clause.line)


def clauses_by_id(plan: Plan) -> dict[str, Clause]:
    """What a cite means: a place with everything below it (四 holds the text of 四(一), 专栏2一 its items)."""
    own = own_clauses(plan)
    return {clause.id: _together(clause, [below for below in own if _is_below(below.id, clause.id)]) for clause in own}


def chapters_looking_back(plan: Plan) -> set[str]:
    """First characters of the ids of chapters that tell results and set no target."""
    forward = {figure.section[0] for figure in plan.targets}
    return {figure.section[0] for figure in plan.results} - forward


def ids_named(cited: str, known: Mapping[str, object]) -> list[str]:
    """The ids that one cited clause names: itself, or every row of a range (专栏1.4–5)."""
    match = _RANGE.match(cited)
    if cited in known or not match:
        return [cited]
    return [f"{match['head']}{number}" for number in range(int(match["first"]), int(match["last"]) + 1)]


def is_or_holds(outer: str, inner: str) -> bool:
    """Whether the clause `outer` is `inner` or one that it stands below."""
    return outer == inner or _is_below(inner, outer)


def _own(node: Section | Box | Part | Item, heading: str, title: str) -> Clause:
    start = heading + "\n"
    starts = ((0, node.line), *((at + len(start), line) for at, line in node.body.starts))
    return Clause(node.id, title, node.line, Passage(start + node.body.text, starts))


def _row(row: Indicator) -> Clause:
    cells = (value.printed for value in (row.baseline, row.target, row.result) if value)
    text = " ".join([f"{row.no}.{row.name}", row.unit or "", *cells, row.nature or ""])
    return Clause(row.section, row.name, row.line, Passage(text, ((0, row.line),)), row)


def _is_below(id: str, above: str) -> bool:
    """三(二)4 is below 三(二) and 三; 三表4 is below 三表 alone."""
    rest = id[len(above) :]
    if not rest or not id.startswith(above):
        return False
    if above.startswith("专栏") or above.endswith("表"):
        return not (above[-1].isdigit() and rest[0].isdigit())
    return rest[0] in "(—" or (rest[0].isdigit() and above.endswith(")"))


def _together(clause: Clause, below: list[Clause]) -> Clause:
    if not below:
        return clause
    text, starts = clause.body.text, list(clause.body.starts)
    for other in below:
        text += "\n"
        starts += [(at + len(text), line) for at, line in other.body.starts]
        text += other.body.text
    return Clause(clause.id, clause.title, clause.line, Passage(text, tuple(starts)), clause.row)
