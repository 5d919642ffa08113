"""Responsible units in brackets at the end of a clause."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.plan.model import Duty, Section

_Kind = Literal["lead", "joint", "participating"]
_LABELS: dict[str, _Kind] = {
    "牵头单位": "lead",
    "牵头部门": "lead",
    "牵头": "lead",
    "主责单位": "lead",
    "责任单位": "joint",
    "责任部门": "joint",
    "参与单位": "participating",
    "参加单位": "participating",
    "配合单位": "participating",
    "配合部门": "participating",
    "协同单位": "participating",
    "协办单位": "participating",
}
_LABEL = re.compile(rf"({'|'.join(_LABELS)})\s*[:：]")
_BRACKET = re.compile(rf"[（(【\[]\s*(?=(?:{'|'.join(_LABELS)})\s*[:：])")
_LONGEST = 1_000
_CLOSE = {"（": "）", "(": ")", "【": "】", "[": "]"}
_BY_VERB = re.compile(
    r"[（(](?P<lead>[^（）()。：:]{2,60}?)牵头(?:[，；,;](?P<rest>[^（）()。：:]{2,200}?)(?:配合|参与|参加))?(?:负责)?[）)]"
)
_BY_DUTY = re.compile(r"[（(](?P<joint>[^（）()。：:]{2,200}?)(?:按(?:照)?职责分工)?(?:分别)?负责[）)]")


def read_duties(sections: Iterable[Section]) -> tuple[list[Duty], list[Problem]]:
    """All duties in document order, and a note for each bracket that could not be taken apart."""
    found: list[Duty] = []
    problems: list[Problem] = []
    for section in sections:
        text = section.text
        for match in _BRACKET.finditer(text):
            line = section.body.line_at(match.start()) or section.line
            end = _closing(text, match.start())
            if end is None:
                problems.append(_note("duty-unclosed", line, text[match.start() :][:30], "一对完整的括号"))
                continue
            duty = _labelled(text[match.end() : end], section.id, line)
            if not (duty.lead or duty.joint or duty.participating):
                problems.append(_note("duty-empty", line, text[match.start() : end + 1][:30], "单位名称"))
                continue
            found.append(duty)
        found.extend(_by_verb(section))
    return found, problems


def _closing(text: str, start: int) -> int | None:
    opening, closing, depth = text[start], _CLOSE[text[start]], 0
    for index in range(start, min(len(text), start + _LONGEST)):
        if text[index] == opening:
            depth += 1
        elif text[index] == closing:
            depth -= 1
            if depth == 0:
                return index
        elif text[index] == "。":
            return None
    return None


def _labelled(inside: str, section: str, line: int) -> Duty:
    pieces = _LABEL.split(inside)[1:]
    units: dict[_Kind, list[str]] = {"lead": [], "joint": [], "participating": []}
    for label, names in zip(pieces[::2], pieces[1::2], strict=True):
        units[_LABELS[label]].extend(_units(names))
    return Duty(section, line, tuple(units["lead"]), tuple(units["joint"]), tuple(units["participating"]))


def _units(names: str) -> list[str]:
    """Names parted by 、，；; a comma inside brackets parts nothing."""
    units, depth, name = [], 0, ""
    for character in names.replace("\n", "").replace(" ", ""):
        depth += (character in "（(") - (character in "）)")
        if depth == 0 and character in "、，；,;":
            units.append(name)
            name = ""
        else:
            name += character
    return [unit for unit in (*units, name) if unit]


def _by_verb(section: Section) -> list[Duty]:
    """Brackets in sentence form (某局牵头，某局配合); only where every name looks like an office."""
    found: list[Duty] = []
    for match in _BY_VERB.finditer(section.text):
        line = section.body.line_at(match.start()) or section.line
        duty = Duty(section.id, line, tuple(_units(match["lead"])), (), tuple(_units(match["rest"] or "")))
        found.extend([duty] if _offices(*duty.lead, *duty.participating) else [])
    for match in _BY_DUTY.finditer(section.text):
        if "牵头" not in match.group():
            line = section.body.line_at(match.start()) or section.line
            duty = Duty(section.id, line, (), tuple(_units(match["joint"].removesuffix("等"))), ())
            found.extend([duty] if _offices(*duty.joint) else [])
    return found


def _offices(*names: str) -> bool:
    return all(len(name) > 1 and name[-1] in "局委办联部厅院会府社处队台" for name in names)


def _note(code: str, line: int, got: str, expected: str) -> Problem:
    return Problem(code, Place(line=line), got, expected, "对照原件核对责任单位", "note")
