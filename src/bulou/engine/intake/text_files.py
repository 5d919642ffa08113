"""Text tables (.csv, .txt): which encoding, which separator, and the rows."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from bulou.engine.basics.cells import column_letters
from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.intake.sheet import SheetRead, blanked, grid_of

if TYPE_CHECKING:
    import polars as pl

BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SEPARATORS = ",\t;|，"
UNQUOTED, QUOTE = "|", '"'
SAMPLE_LINES = 30
NEARLY = 0.02
"""Below this share of bad sequences a text is UTF-8 with damage, not another encoding."""
_UNREADABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x19\\x1b-\\x1f\\ue000-\\uf8ff]")


@dataclass(frozen=True)
class Decoded:
    """Text of a file and the evidence for its encoding, in words."""

    text: str
    encoding: str
    evidence: str


def read_text_file(path: Path) -> SheetRead:
    """A text table as one sheet named after the file. Raises `Refused` when no encoding or no table fits."""
    decoded = decode(path.read_bytes(), str(path))
    try:
        grid = table_in(decoded.text)
    except csv.Error as error:
        raise _refused(str(path), "not-a-table", str(error), "用分隔符分列的文字表", "重新导出为 CSV") from None
    return SheetRead(path.name, path.stem, grid, encoding=f"{decoded.encoding}（{decoded.evidence}）")


def table_in(text: str) -> pl.DataFrame:
    """The cells of a text table as a grid (see `SheetRead.grid`). Raises csv.Error."""
    # unlike splitlines, this ends no line at a form feed or another mark that stands inside a cell
    lines = StringIO(text, newline="").readlines()
    separator = separator_of(lines)
    if QUOTE in text and separator not in UNQUOTED:
        return grid_of(csv.reader(lines, delimiter=separator, quotechar=QUOTE))
    return _unquoted(lines, separator)


def _unquoted(lines: list[str], separator: str) -> pl.DataFrame:
    """The cells of lines in which nothing is quoted: every separator parts two of them."""
    import polars as pl

    found = pl.Series("line", lines, dtype=pl.String).str.strip_suffix("\n").str.strip_suffix("\r")
    most = found.str.count_matches(separator, literal=True).max()
    cells = found.str.split_exact(separator, int(str(most or 0))).struct.unnest()
    return blanked(cells.rename({name: column_letters(place) for place, name in enumerate(cells.columns)}))


def decode(content: bytes, file: str) -> Decoded:
    """The text of a file: byte order mark, then strict UTF-8, then GBK, then GB 18030; never with replaced bytes.

    Raises `Refused` when none fits, or when it is UTF-8 with damaged or missing bytes: read as GBK such a file
    would turn into other characters without a word.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _marked(content, encoding, file)
    try:
        return Decoded(content.decode("utf-8"), "UTF-8", "全部字节符合 UTF-8")
    except UnicodeDecodeError as error:
        place, wrong = error.start, error
    if _is_damaged_utf8(content):
        line = content.count(b"\n", 0, place) + 1
        got = f"第{line}行（第{place}字节）起有坏字节，其余是 UTF-8"
        raise _refused(file, "damaged-utf-8", got, "完整的文件", "文件可能被截断，请重新导出") from None
    for encoding, name in (("gbk", "GBK"), ("gb18030", "GB 18030")):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            wrong = error
        else:
            if _readable(text):
                return Decoded(text, name, f"第{place}字节不是 UTF-8，按 {name} 全部读通")
    got = f"第{wrong.start}字节读不通"
    raise _refused(file, "unknown-encoding", got, "UTF-8、GBK 或 GB 18030 文字", "用表格软件打开后另存为 xlsx")


def _marked(content: bytes, encoding: str, file: str) -> Decoded:
    name = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
    try:
        return Decoded(content.decode(encoding), name, "文件头有 BOM")
    except UnicodeDecodeError as error:
        got = f"文件头标明 {name}，第{error.start}字节读不通"
        raise _refused(file, "damaged-text", got, "完整的文件", "文件可能被截断，请重新导出") from None


def _is_damaged_utf8(content: bytes) -> bool:
    text = content.decode("utf-8", errors="replace")
    outside_ascii = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("\ufffd") < NEARLY * outside_ascii


def _readable(text: str) -> bool:
    """No control characters and no private-use characters: a binary file or wrong encoding shows them."""
    return _UNREADABLE.search(text) is None


def separator_of(lines: list[str]) -> str:
    """The separator that cuts the most of the first lines into the same number (above one) of cells."""
    sample = [line for line in lines[:SAMPLE_LINES] if line.strip()]

    def fit(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in sample if separator in line]
        most = max(set(counts), key=counts.count) if counts else 0
        return counts.count(most), most

    return max(SEPARATORS, key=fit) if sample else ","


def _refused(file: str, code: str, got: str, expected: str, fix: str) -> Refused:
    return Refused([Problem(code, Place(file), got, expected, fix)])
