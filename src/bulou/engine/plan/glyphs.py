"""Mends characters that a PDF's font mapping or a keyboard setting spoiled, one character for one.

Full-width digits and letters become plain ones; broken punctuation becomes what is printed. Comparison signs
are left alone: they must come out exactly as printed. A character nobody can read is reported, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.plan.model import Line

# A PDF font that kept GB 2312 codes yields U+A3xx for what Unicode has at U+FFxx; 。 sits on the full stop.
_GB_ROW_3 = {0xA300 + low: 0xFF01 + low - 0xA1 for low in range(0xA1, 0xFF)} | {0xA3AE: ord("。")}
_FOUNDER = {0x1001B0: ord("."), 0x100170: ord("·")}
_QUOTES = {ord("«"): ord("《"), ord("»"): ord("》")}
_BROKEN = _GB_ROW_3 | _FOUNDER | _QUOTES
_WIDTH = {0xFF10 + n: ord("0") + n for n in range(10)}
_WIDTH |= {0xFF21 + n: ord("A") + n for n in range(26)} | {0xFF41 + n: ord("a") + n for n in range(26)}
_WIDTH |= {ord("％"): ord("%"), ord("＋"): ord("+"), ord("．"): ord(".")}
_MEND = _BROKEN | _WIDTH
_YI = re.compile("[\ua000-\ua2ff\ua400-\ua4cf]")
_STANDARD = re.compile(r"(GB|DB)[/T\d]*\.\s*\d")
_CODE_WITH_DOT = re.compile("(?:GB|DB)[/T\\s\\d]*[\U001001b0]")


def mend(lines: list[Line]) -> tuple[list[Line], list[Problem]]:
    """The same lines with mended characters, and one problem for each kind of damage.

    Lines, cells and their lengths stay what they were: characters are replaced one for one.
    """
    whole = "".join(line.text for line in lines)
    table = _WIDTH if _YI.search(whole) else _MEND
    mended = [_mend_line(line, table) for line in lines]
    return mended, [*_notes(lines, table), *_unreadable(mended), *_doubtful(lines)]


def _mend_line(line: Line, table: dict[int, int]) -> Line:
    if line.text.translate(table) == line.text and not line.cells:
        return line
    cells = tuple(cell.translate(table) for cell in line.cells)
    return Line(line.no, line.text.translate(table), line.page, cells, line.boxed)


def _notes(lines: list[Line], table: dict[int, int]) -> list[Problem]:
    seen: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        for character in line.text:
            if ord(character) in _BROKEN and ord(character) in table:
                seen[character].append(line.no)
    return [
        Problem(
            code="glyph-mended",
            place=Place(line=places[0]),
            got=f"U+{ord(character):04X}，共{len(places)}处",
            expected=f"“{chr(table[ord(character)])}”",
            fix="字形映射已按印刷样式还原；请抽查几处",
            severity="note",
        )
        for character, places in seen.items()
    ]


def _unreadable(lines: list[Line]) -> list[Problem]:
    return [
        Problem(
            code="glyph-unknown",
            place=Place(line=line.no),
            got=f"无法识别的字符 {'、'.join(f'U+{ord(c):04X}' for c in dict.fromkeys(strange))}",
            expected="可读的文字",
            fix="对照原件补上这些字；程序没有猜测",
            severity="note",
        )
        for line in lines
        if (strange := [c for c in line.text if is_strange(c)])
    ]


def is_strange(character: str) -> bool:
    """True for private-use, unassigned, replacement and control characters: unreadable in print."""
    if character in "\t\n":
        return False
    return character == "\ufffd" or unicodedata.category(character) in ("Co", "Cn", "Cc")


def _doubtful(lines: list[Line]) -> list[Problem]:
    found = []
    for line in lines:
        plain = line.text.translate(_WIDTH)
        if _CODE_WITH_DOT.search(plain) and _STANDARD.search(plain.translate(_MEND)):
            found.append(
                Problem(
                    code="glyph-doubtful",
                    place=Place(line=line.no),
                    got="标准编号中间有一个坏字形，按小数点还原",
                    expected="标准编号只含字母、数字和年份",
                    fix="对照原件核对标准编号",
                    severity="note",
                )
            )
    return found
