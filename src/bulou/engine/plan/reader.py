"""Reads a plan document: file → lines → plan proper → clause tree, boxes, tables, figures, duties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.plan import drafts, letter, sources
from bulou.engine.plan.duties import read_duties
from bulou.engine.plan.figures import read_figures
from bulou.engine.plan.furniture import set_aside
from bulou.engine.plan.glyphs import mend
from bulou.engine.plan.model import Account, Box, Chunk, Indicator, Line, Plan, Section
from bulou.engine.plan.outline import Outline, read_outline
from bulou.engine.plan.reading_order import restore
from bulou.engine.plan.typesetting import characters, measure

_ABOUT = re.compile("残疾|残联|助残")
_FORWARD = re.compile("规划|计划|方案|纲要|行动")


def read_plan(path: str | Path) -> Plan:
    """Read a plan document (.txt, .md, .docx, .html, .pdf).

    Raises `Refused` when the file cannot be read or is no plan; everything doubtful in a readable plan stands
    in `Plan.problems`.
    """
    path = Path(path)
    source = sources.read_lines(path)
    return read_lines(source.lines, name=path.name, found=source.problems, markup=source.markup)


def read_text(text: str, *, name: str = "") -> Plan:
    """Read a plan from text that is already at hand (Markdown marks are understood)."""
    source = sources.from_text(text)
    return read_lines(source.lines, name=name, found=source.problems, markup=source.markup)


def read_lines(
    lines: Sequence[Line], *, name: str, found: Sequence[Problem] = (), markup: Sequence[Chunk] = ()
) -> Plan:
    """Read a plan from printed lines; `markup` is furniture that the source has already set aside."""
    read = sum(characters(line.text) for line in lines) + sum(characters(chunk.text) for chunk in markup)
    mended, glyphs = mend(list(lines))
    kept, aside = set_aside(mended)
    parts, around = letter.split(kept)
    facts, missing = letter.read_facts(parts)
    wrap = measure(parts.main)
    ordered, moved = restore(parts.main, wrap)
    outline = read_outline(ordered, wrap)
    _refuse_other_documents(outline, kept, name)
    duties, unclear = read_duties(outline.sections)
    furniture = (*markup, *aside)
    plan = Plan(
        file=name,
        facts=facts,
        front=letter.front_chunks(parts),
        sections=tuple(outline.sections),
        boxes=tuple(outline.boxes),
        indicators=tuple(outline.indicators),
        past_indicators=tuple(outline.past_indicators),
        figures=tuple(read_figures(outline.sections, outline.boxes)),
        duties=tuple(duties),
        back=letter.back_chunks(parts),
        furniture=furniture,
    )
    plan = replace(plan, account=_account(plan, read))
    problems = [
        *found,
        *glyphs,
        *around,
        *missing,
        *moved,
        *outline.problems,
        *unclear,
        *_findings(plan, ordered),
    ]
    return replace(plan, problems=tuple(_placed(problems, name)))


def _account(plan: Plan, read: int) -> Account:
    chunks = sum(characters(chunk.text) for chunk in (*plan.front, *plan.back))
    nodes: list[Section | Box] = [*plan.sections, *plan.boxes]
    placed = sum(drafts.placed(node) for node in nodes)
    return Account(read, chunks + placed, sum(characters(chunk.text) for chunk in plan.furniture))


def _refuse_other_documents(outline: Outline, lines: Sequence[Line], name: str) -> None:
    text = "".join(line.text for line in lines)
    chapters = [section for section in outline.sections if section.depth in (1, 2)]
    if len(chapters) >= 2 and _ABOUT.search(text) and _FORWARD.search(text):
        return
    got = f"{len(chapters)}个分级标题，{'有' if _ABOUT.search(text) else '没有'}“残疾”字样"
    raise Refused(
        [
            Problem(
                code="not-a-plan",
                place=Place(file=name),
                got=got,
                expected="残疾人事业规划：有“一、（一）1.”等分级标题",
                fix="请确认文件；若只是片段，请给出全文",
            )
        ]
    )


def _findings(plan: Plan, lines: Sequence[Line]) -> list[Problem]:
    """What the reading itself shows to be doubtful in the document."""
    found = []
    if not plan.account.balances:
        found.append(
            Problem(
                "account-unbalanced",
                Place(),
                f"读入{plan.account.read}字，安放{plan.account.placed}字，页面附件{plan.account.furniture}字",
                "读入＝安放＋页面附件",
                "程序有误，请报告；此次结果不可用",
            )
        )
    if not plan.indicators:
        found.append(_note("no-indicator-table", None, "没有主要指标表", "“主要指标”表", "目标见正文目标清单"))
    found.extend(_unmet(row) for row in plan.past_indicators if _is_unmet(row))
    found.extend(
        _note("quote-unbalanced", line.no, "只有后引号", "成对的引号", "对照原件补全引号")
        for line in _stray_quotes(lines)
    )
    return found


def _stray_quotes(lines: Sequence[Line]) -> list[Line]:
    """Lines on which a closing quotation mark stands without an opening one before it."""
    depth, strays = 0, []
    for line in lines:
        for character in line.text:
            if character == "“":
                depth = 1
            elif character == "”":
                if depth == 0:
                    strays.append(line)
                depth = 0
    return strays


def _is_unmet(row: Indicator) -> bool:
    target, result = row.target, row.result
    if not target or not result or isinstance(target.value, str) or isinstance(result.value, str):
        return False
    if target.value is None or result.value is None:
        return False
    return result.value < target.value or (target.strict and result.value == target.value)


def _unmet(row: Indicator) -> Problem:
    assert row.target and row.result
    return _note(
        "past-target-unmet",
        row.line,
        f"{row.name}：完成 {row.result.printed}",
        f"目标 {row.target.printed}",
        "按原文的比较符号不算完成；请与编制单位核实",
    )


def _note(code: str, line: int | None, got: str, expected: str, fix: str) -> Problem:
    return Problem(code, Place(line=line), got, expected, fix, "note")


def _placed(problems: Sequence[Problem], name: str) -> list[Problem]:
    """Problems in document order, each with the file's name."""
    named = [problem.at(replace(problem.place, file=name)) for problem in problems]
    return sorted(named, key=lambda problem: problem.place.line or 0)
