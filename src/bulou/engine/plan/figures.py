"""Every figure in the running text, sorted into targets, conditions, results and references.

Nothing is left over: a number that is none of the first three is a reference (a year, a document number, a
name). Chinese numerals are read where a word says that a quantity is meant (至少有一人, 每年一次, 扶持一所).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from bulou.engine.plan.glyphs import is_strange
from bulou.engine.plan.model import Box, Figure, Passage, Role, Section
from bulou.engine.plan.numbering import number, read_mark
from bulou.engine.plan.promises import comparator_of, deadline_of, force_of, per_of, what_of

UNIT = (
    "%|‰|个百分点|人次|人[（(]次[）)]|户次|家次|场次|元/[人户月年日]|元|个月|个工作日|工作日|小时|周岁|岁|年|天|次|届|期|人|户|名|家|所|个"
    "|余?件|枚|场|项|例|套|处|辆|台|张|支|座|部|篇|床|公里|平方米|分钟|级|条|类|门|亩"
)
_NUMBER = r"\d+(?:\.\d+)?"
_INCLUDED = rf"(?:[（(]含(?:{_NUMBER}(?:{UNIT}))?[）)])?"
QUANTITY = re.compile(
    rf"(?P<low>{_NUMBER})(?:%?[—–－～~-]{{1,2}}(?P<high>{_NUMBER}))?(?P<scale>[万亿])?(?P<about>余|多)?(?P<unit>{UNIT})?"
    rf"{_INCLUDED}(?P<after>及以上|以上|以下|以内|左右)?{_INCLUDED}"
)
_HAN = "[一二两三四五六七八九十]{1,3}"
_HAN_QUANTITY = re.compile(
    rf"(?:至少|不少于|不低于|每年|每季度|每半年|每月)[^，。；\d“”]{{0,8}}?(?P<low>{_HAN})(?P<unit>次|人|名|所|家|个|场)"
    rf"|(?:扶持|建设|新建|建成|建立|培育|打造|创建|设立)(?P<low2>{_HAN})(?P<unit2>所|家|座)"
    rf"|(?:就业|满|连续|任职|从业)(?P<low3>{_HAN})(?P<unit3>年|个月)(?P<after3>以上|以内)"
)
_SCALE = {"万": Decimal(10_000), "亿": Decimal(100_000_000), None: Decimal(1)}
_NAMES = re.compile("《[^《》]{0,80}》|“[^“”]{0,40}”|[〔\\[][^〔〕\\[\\]]{0,12}[〕\\]]|<[^<>]{0,40}>")
_DAY = re.compile(r"\d{1,2}月\d{1,2}日|\d{1,2}月(?!份?[以个])")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_SIZE = re.compile("(?:编制|人口|面积|规模|床位数?)$")
_PAST = re.compile("背景|基础|现状|回顾|成效|成就|形势")
_FORWARD = re.compile("要求|目标|任务|措施|保障|实施|支撑|夯实|思想|原则|机制|推进|加强|完善|提升")
_NEAR = 400
_ROW_NATURE = re.compile("约束性|预期性")
_SENTENCE = re.compile("[。；\n！？]")
_CLAUSE = re.compile("[，。；：\n！？]")


@dataclass(frozen=True)
class _Seen:
    start: int
    end: int
    value: Decimal
    high: Decimal | None
    unit: str
    after: str | None


def read_figures(sections: Iterable[Section], boxes: Iterable[Box]) -> list[Figure]:
    """All figures of the plan proper in document order; tables are not looked into."""
    found: list[Figure] = []
    past = True
    for section in sections:
        if section.depth == 1:
            past = _looks_back(section.title, before=past)
        start = section.heading[len(section.number) :]
        found.extend(_in_passage(_whole(start, section.line, section.body), section.id, past=past))
    for box in boxes:
        found.extend(_in_passage(_whole(box.title, box.line, box.body), box.id, past=False))
        for part in box.parts:
            found.extend(_in_passage(_whole(part.title, part.line, part.body), part.id, past=False))
        for item in box.items:
            mark = read_mark(item.heading)
            title = item.heading[len(mark.printed) :] if mark else ""
            found.extend(_in_passage(_whole(title, item.line, item.body), item.id, past=False))
    return sorted(found, key=lambda figure: figure.line)


def _looks_back(title: str, *, before: bool) -> bool:
    """Whether a chapter tells of the past; everything does until the first chapter that looks forward."""
    if _FORWARD.search(title):
        return False
    return before or bool(_PAST.search(title))


def _whole(title: str, line: int, body: Passage) -> Passage:
    start = title if not title or title[-1] in "。：:" else title + "\n"
    return Passage(start + body.text, ((0, line), *((at + len(start), no) for at, no in body.starts)))


def _in_passage(passage: Passage, section: str, *, past: bool) -> Iterator[Figure]:
    text = passage.text
    names = [match.span() for match in _NAMES.finditer(text)]
    days = [match.span() for match in _DAY.finditer(text)]
    for match in QUANTITY.finditer(text):
        sure = _reference(text, match, names, days)
        yield _figure(passage, section, match, "reference" if sure else _role(text, match, past=past))
    for match in _HAN_QUANTITY.finditer(text):
        yield _han_figure(passage, section, match, past=past)


def _reference(text: str, match: re.Match[str], names: list[tuple[int, int]], days: list[tuple[int, int]]) -> bool:
    start, end = match.span()
    if _beside_damage(text, start, end):
        return True
    if _inside(start, names) or _inside(start, days):
        return True
    if start and (text[start - 1].isascii() and text[start - 1].isalpha()):
        return True
    following = text[end : end + 1]
    if following and (following in "号日" or (following.isascii() and following.isalpha())):
        return True
    if _YEAR.match(match["low"]) and (match["unit"] in ("年", None)) and not match["scale"]:
        return True
    if _ROW_NATURE.search(text[_last(_SENTENCE, text, start) : _next(_SENTENCE, text, end)]):
        return True
    return match["unit"] is None and not match["scale"]


def _inside(offset: int, spans: list[tuple[int, int]]) -> bool:
    """Whether `offset` lies in one of the spans, which stand in order and do not overlap."""
    at = bisect_right(spans, (offset, math.inf))
    return at > 0 and offset < spans[at - 1][1]


def _beside_damage(text: str, start: int, end: int) -> bool:
    """True when an unreadable character touches the number: nobody knows what number it was."""
    return any(is_strange(character) for character in text[max(0, start - 1) : start] + text[end : end + 1])


def _role(text: str, match: re.Match[str], *, past: bool) -> Role:
    if match["unit"] in ("岁", "周岁", "年") or _SIZE.search(text[max(0, match.start() - 8) : match.start()]):
        return "condition"
    sentence = text[_last(_SENTENCE, text, match.start()) : match.end()]
    if past or "十三五" in sentence:
        return "result"
    return "target"


def _figure(passage: Passage, section: str, match: re.Match[str], role: Role) -> Figure:
    scale = _SCALE[match["scale"]]
    high = Decimal(match["high"]) * scale if match["high"] else None
    value = Decimal(match["low"]) * scale
    seen = _Seen(match.start(), match.end(), value, high, match["unit"] or "", match["after"] or match["about"])
    return _built(passage, section, role, seen)


def _han_figure(passage: Passage, section: str, match: re.Match[str], *, past: bool) -> Figure:
    suffix = next(name for name in ("", "2", "3") if match[f"low{name}"])
    role: Role = "condition" if suffix == "3" else "result" if past else "target"
    after = match["after3"] if suffix == "3" else None
    value = Decimal(number(match[f"low{suffix}"]) or 0)
    seen = _Seen(match.start(f"low{suffix}"), match.end(), value, None, match[f"unit{suffix}"], after)
    return _built(passage, section, role, seen)


def _built(
    passage: Passage,
    section: str,
    role: Role,
    seen: _Seen,
) -> Figure:
    text = passage.text
    start, end = seen.start, seen.end
    clause_start = _last(_CLAUSE, text, start)
    clause_end = _next(_CLAUSE, text, end)
    sentence = text[_last(_SENTENCE, text, start) : start]
    before, rest = text[clause_start:start], text[end:clause_end]
    comparator, sign = comparator_of(before, seen.after)
    by, by_year = deadline_of(sentence)
    force, verb = force_of(sentence, rest) if role == "target" else (None, None)
    return Figure(
        role=role,
        section=section,
        line=passage.line_at(start) or 0,
        value=seen.value,
        high=seen.high,
        unit=seen.unit,
        printed=text[start:end],
        comparator=comparator,
        sign=sign,
        what=what_of(before, rest, seen.unit),
        per=per_of(before, seen.unit),
        by=by if role == "target" else None,
        by_year=by_year if role == "target" else None,
        force=force,
        verb=verb,
    )


def _last(pattern: re.Pattern[str], text: str, end: int) -> int:
    """Offset just after the last match of `pattern` before `end`, else the start of the neighbourhood."""
    window = max(0, end - _NEAR)
    found = window
    for match in pattern.finditer(text, window, end):
        found = match.end()
    return found


def _next(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Offset of the first match of `pattern` from `start`, else the end of the neighbourhood."""
    end = min(len(text), start + _NEAR)
    match = pattern.search(text, start, end)
    return match.start() if match else end
