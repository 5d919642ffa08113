"""Plain text and Markdown: decoding, pages at form feeds, Markdown marks set aside."""

from __future__ import annotations

import codecs
import re
from collections import defaultdict

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.plan.model import Chunk, Line
from bulou.engine.plan.sources.source import Source

_HEADING = re.compile(r"^\s*(#{1,6})\s+")
_BOLD = re.compile(r"\*\*|__(?=\S)|(?<=\S)__")
_QUOTE = re.compile(r"^\s*>\s?(?=[^\d\s])")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)+\|?\s*$")
_DAMAGE = 0.02
_COMMON = "的一是不了人在有和国中大为地个用工时要动以定产业市民政府残疾发展保障"


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, UTF-16 or GB 18030; raises `Refused` for any other encoding.

    A few damaged bytes become U+FFFD, which later readers report line by line.
    """
    marks = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    marked = [encoding for mark, encoding in marks if data.startswith(mark)]
    for encoding in marked or ["utf-8-sig", "gb18030"]:
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") <= _DAMAGE * len(text) + 1 and _is_chinese(text):
            return text
    raise _wrong_encoding(name, "按 UTF-8 和 GB18030 都读成乱码")


def _is_chinese(text: str) -> bool:
    """Chinese text holds common characters; mojibake holds hardly any. Plain Latin text passes."""
    sample = [character for character in text[:200_000] if not character.isspace()]
    han = sum("\u4e00" <= character <= "\u9fff" for character in sample)
    common = sum(character in _COMMON for character in sample)
    if han >= 50 and common < 0.02 * len(sample):
        return False
    beyond_ascii = sum(ord(character) > 127 for character in sample)
    return han >= 0.05 * len(sample) or beyond_ascii <= 0.3 * len(sample)


def _wrong_encoding(name: str, got: str) -> Refused:
    fix = "用记事本打开原文件，另存为 UTF-8 编码"
    return Refused([Problem("wrong-encoding", Place(file=name), got, "UTF-8 或 GB18030 编码的中文", fix)])


def from_text(text: str) -> Source:
    """Lines of plain text; Markdown marks become furniture, Markdown tables become rows with cells."""
    source = Source()
    marks: dict[str, list[int]] = defaultdict(list)
    paged = "\f" in text
    page = 1
    for no, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        page += raw.count("\f")
        line = raw.replace("\f", "").replace("\ufeff", "")
        source.lines.append(_line(no, line, page if paged else None, marks))
    for mark, lines in marks.items():
        source.markup.append(Chunk(lines[0], mark * len(lines), "markup"))
    return source


def _line(no: int, line: str, page: int | None, marks: dict[str, list[int]]) -> Line:
    if _TABLE_RULE.match(line):
        _set_aside(no, "".join(line.split()), marks)
        return Line(no, "", page)
    if heading := _HEADING.match(line):
        _set_aside(no, heading.group(1), marks)
        line = line[heading.end() :]
    for bold in _BOLD.findall(line):
        _set_aside(no, bold, marks)
    line = _BOLD.sub("", line)
    if _QUOTE.match(line) and not re.match(r"^\s*>\s*=?\s*\d", line):
        _set_aside(no, ">", marks)
        line = _QUOTE.sub("", line, count=1)
    if line.strip().startswith("|") and line.strip().endswith("|") and line.count("|") > 2:
        for _ in range(line.count("|")):
            _set_aside(no, "|", marks)
        cells = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        return Line(no, " ".join(cells), page, cells)
    return Line(no, line, page)


def _set_aside(no: int, mark: str, marks: dict[str, list[int]]) -> None:
    marks[mark].append(no)
