"""What stands around a plan: the notice or letter before it, its title, the distribution list after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bulou.engine.basics.problems import Place, Problem
from bulou.engine.plan.model import Chunk, Citation, Deadline, DocumentFacts, Line, Status
from bulou.engine.plan.numbering import number, read_mark
from bulou.engine.plan.typesetting import clean

_KINDS = "规划|计划|实施方案|方案|纲要"
_DRAFT = r"(?:征求意见稿|公开征求意见稿|送审稿|草案|讨论稿|审议稿)[^）)]*"
_TITLE = re.compile(
    rf"^(?P<name>[^。，：:；《》、]{{4,60}}(?:{_KINDS})(?:[（(]20\d\d[—–-]20\d\d年?[）)])?)(?P<draft>[（(]{_DRAFT}[）)])?$"
)
_DRAFT_LINE = re.compile(rf"^[（(]{_DRAFT}[）)]$")
_NOT_TITLE = re.compile("关于|通知|附件|根据|公告|^的|^和")
_SIGNED = re.compile(r"文件$|日$|号$|人民政府$|残联$|办公室$|[:：]$|。")
_NAMED = re.compile(
    rf"关于(?:印发|发布|批准|下发)\s*《?(?P<name>[^《》。，]{{4,60}}?(?:{_KINDS}))》?的(?:通知|批复|函)"
)
_NUMBER = re.compile(r"^[\u4e00-\u9fff]{2,12}[〔\[（(【](?:19|20)\d\d[〕\]）)】]第?\d{1,4}号$")
_DATE = (
    r"(?P<y>20\d\d|二[〇○零O][〇○零O一二三四五六七八九]{2})年"
    r"(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_HAN_YEAR = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_DATE_LINE = re.compile(rf"^{_DATE}$")
_IMPRINT = re.compile(rf"^(?P<who>\S*?(?:办公室|办公厅|人民政府|委员会|联合会|残联))\s*{_DATE}\s*印发$")
_ISSUER = re.compile(r"^[\u4e00-\u9fff]{2,24}(?:人民政府|办公室|办公厅|委员会|联合会|残联|残工委)$")
_BACK = re.compile(r"^(?:抄\s*送|公开属性|主\s*题\s*词|分\s*送|印\s*发)\s*[:：]")
_PUBLIC = re.compile(r"^[（(]此件.{0,12}[）)]$")
_DAY = re.compile(
    r"(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日(?:[（(][^）)]{1,6}[）)])?"
    r"(?P<time>\d{1,2}[:：]\d{2})?(?P<before>前|之前|以前)?"
)
_UNTIL = re.compile("(?:截止|截至)[^。；，]{0,10}$")
_CITED = re.compile(
    r"《(?P<title>[^《》]{2,60}(?:<[^<>]{2,40}>[^《》]{0,20})?)》(?P<number>[（(][^（）()]{2,24}[〔\[][^（）()]{4,14}号[）)])?"
)
_PERIOD = re.compile('[“”"]?十(?P<n>[二三四五六])五[“”"]?')
_PERIODS = {"二": 2011, "三": 2016, "四": 2021, "五": 2026, "六": 2031}


@dataclass(frozen=True)
class Parts:
    """The lines of a document by what they are; `title` is empty where the document prints no title line."""

    letter: tuple[Line, ...]
    title: tuple[Line, ...]
    main: tuple[Line, ...]
    back: tuple[Line, ...]


def split(lines: Sequence[Line]) -> tuple[Parts, list[Problem]]:
    """Letter, title, plan proper and back matter; each line lands in exactly one of them."""
    start, end, problems = _back(lines)
    body = [*lines[:start], *lines[end:]]
    back = tuple(lines[start:end])
    first, after = _title(body)
    if after > first:
        return Parts(tuple(body[:first]), tuple(body[first:after]), tuple(body[after:]), back), problems
    letter = _letter_end(body)
    return Parts(tuple(body[:letter]), (), tuple(body[letter:]), back), problems


def _title(lines: Sequence[Line]) -> tuple[int, int]:
    """Index range of the printed title, empty when there is none in the first third of the document."""
    for last in range(min(len(lines), max(12, len(lines) // 3))):
        for first in range(last, max(-1, last - 3), -1):
            pieces = [clean(line.text) for line in lines[first : last + 1]]
            if any(_NOT_TITLE.search(piece) or _SIGNED.search(piece) or read_mark(piece) for piece in pieces):
                break
            if _TITLE.match("".join(pieces)) and not (first and _runs_on(clean(lines[first - 1].text))):
                after = last + 1
                if after < len(lines) and _DRAFT_LINE.match(clean(lines[after].text)):
                    after += 1
                return first, after
    return 0, 0


def _runs_on(text: str) -> bool:
    """True when this line of a letter continues on the next one (so the next cannot be a title)."""
    return bool(re.search("关于|附件|《[^》]*$", text)) and not text.endswith(("通知", "函", "附件：", "附件:"))


def _letter_end(lines: Sequence[Line]) -> int:
    """Index after the letter's date or publication note, 0 when the document begins without a letter."""
    head = [clean(line.text) for line in lines[:60]]
    chapter = next((i for i, text in enumerate(head) if text.startswith("一、")), len(head))
    ends = [i + 1 for i, text in enumerate(head[:chapter]) if _DATE_LINE.match(text) or _PUBLIC.match(text)]
    return ends[-1] if ends else 0


def _back(lines: Sequence[Line]) -> tuple[int, int, list[Problem]]:
    starts = [i for i, line in enumerate(lines) if i and _BACK.match(line.text.strip())]
    imprints = [i for i, line in enumerate(lines) if i and _IMPRINT.match(clean(line.text))]
    if not starts and not imprints:
        return len(lines), len(lines), []
    late = [at for at in (*starts, *imprints) if at >= 0.8 * len(lines)]
    start = min(late or [*starts, *imprints])
    imprint = next((i for i in imprints if start <= i <= start + 25), None)
    end = len(lines) if imprint is None else imprint + 1
    if imprint is None and len(lines) - start > 25:
        end = start + 1
    if end == len(lines):
        return start, end, []
    note = Problem(
        "back-matter-inside",
        Place(line=lines[start].no),
        "抄送或印发栏后面还有正文",
        "抄送、印发栏在全文最后",
        "对照原件查看页序",
        "note",
    )
    return start, end, [note]


def front_chunks(parts: Parts) -> tuple[Chunk, ...]:
    """Letter and title lines as they are kept in the plan."""
    letter = [Chunk(line.no, clean(line.text), "letter") for line in parts.letter]
    return (*letter, *(Chunk(line.no, clean(line.text), "title") for line in parts.title))


def back_chunks(parts: Parts) -> tuple[Chunk, ...]:
    """Distribution list and imprint as they are kept in the plan."""
    return tuple(Chunk(line.no, clean(line.text), "back") for line in parts.back)


def read_facts(parts: Parts) -> tuple[DocumentFacts, list[Problem]]:
    """Title, number, date, issuer, status, period, reply deadlines; what is not printed stays None."""
    letter = "".join(clean(line.text) for line in parts.letter)
    title = _title_text(parts, letter)
    imprint = next((m for line in parts.back if (m := _IMPRINT.match(clean(line.text)))), None)
    issued = next((m for line in reversed(parts.letter) if (m := _DATE_LINE.match(clean(line.text)))), None) or imprint
    day = _day(issued)
    document_no = next((t for line in parts.letter if _NUMBER.match(t := clean(line.text))), None)
    status = _status(parts, letter, issued=bool(document_no or imprint))
    facts = DocumentFacts(
        title=title,
        number=document_no,
        issued=day,
        issuer=_issuer(parts) or (imprint["who"] if imprint else None),
        status=status,
        period=_period(title),
        deadlines=_deadlines(parts.letter, day),
        citations=_citations((*parts.letter, *parts.main)),
    )
    return facts, _missing(facts, parts)


def _title_text(parts: Parts, letter: str) -> str:
    printed = "".join(clean(line.text) for line in parts.title)
    if match := _TITLE.match(printed):
        return match["name"]
    named = _NAMED.search(letter)
    return named["name"] if named else ""


def _status(parts: Parts, letter: str, *, issued: bool) -> Status | None:
    head = letter + "".join(clean(line.text) for line in parts.title)
    if re.search("征求意见|送审稿|草案|讨论稿", head):
        return "draft"
    return "issued" if issued or re.search("印发|发布", head) else None


def _issuer(parts: Parts) -> str | None:
    """The signature: the last office name on a line of its own before the letter's date."""
    found = None
    for line in parts.letter:
        text = clean(line.text)
        if _DATE_LINE.match(text):
            break
        if _ISSUER.match(text):
            found = text
    return found


def _day(match: re.Match[str] | None) -> date | None:
    if match is None:
        return None
    try:
        return date(int(match["y"].translate(_HAN_YEAR)), number(match["m"]) or 0, number(match["d"]) or 0)
    except ValueError:
        return None


def _period(title: str) -> tuple[int, int] | None:
    match = _PERIOD.search(title)
    return (start := _PERIODS[match["n"]], start + 4) if match else None


def _deadlines(letter: Sequence[Line], issued: date | None) -> tuple[Deadline, ...]:
    text = "".join(clean(line.text) for line in letter)
    starts: list[tuple[int, int]] = []
    offset = 0
    for line in letter:
        starts.append((offset, line.no))
        offset += len(clean(line.text))
    found = []
    for match in _DAY.finditer(text):
        if not (match["before"] or _UNTIL.search(text[: match.start()])):
            continue
        year = int(match["y"]) if match["y"] else issued.year if issued else None
        if year is None:
            continue
        try:
            day = date(year, int(match["m"]), int(match["d"]))
        except ValueError:
            continue
        at = max((pair for pair in starts if pair[0] <= match.start()), default=(0, 0))[1]
        time = match["time"].replace("：", ":") if match["time"] else None
        found.append(Deadline(day, time, at, match.group(), year_inferred=match["y"] is None))
    return tuple(found)


def _citations(lines: Sequence[Line]) -> tuple[Citation, ...]:
    text, starts = "", []
    for line in lines:
        starts.append((len(text), line.no))
        text += clean(line.text)
    found: dict[tuple[str, str | None], Citation] = {}
    position = 0
    for match in _CITED.finditer(text):
        while position + 1 < len(starts) and starts[position + 1][0] <= match.start():
            position += 1
        number = match["number"][1:-1] if match["number"] else None
        found.setdefault((match["title"], number), Citation(match["title"], number, starts[position][1]))
    return tuple(found.values())


def _missing(facts: DocumentFacts, parts: Parts) -> list[Problem]:
    start = parts.letter or parts.title or parts.main
    line = start[0].no if start else None
    wanted = (
        ("no-title", facts.title, "规划名称", "请对照原件填写规划名称"),
        ("no-date", facts.issued, "成文或印发日期", "文中没有单独成行的日期；由使用人核实"),
        ("no-status", facts.status, "印发或征求意见的说明", "看不出是正式文件还是征求意见稿；由使用人核实"),
    )
    return [
        Problem(code, Place(line=line), "没有找到", expected, fix, "note")
        for code, value, expected, fix in wanted
        if not value
    ]
