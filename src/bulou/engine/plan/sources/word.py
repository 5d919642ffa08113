"""Word files (.docx): paragraphs and tables in reading order, automatic numbers written out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.plan.model import Line
from bulou.engine.plan.sources.source import UNPACKED_LIMIT, Source
from bulou.engine.plan.sources.word_numbers import Numbers

if TYPE_CHECKING:
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph


def read_docx(data: bytes, name: str) -> Source:
    """A line for each paragraph and each table row; a one-column table is a frame around its paragraphs."""
    _check_archive(data, name)
    try:
        return _read(data, name)
    except Exception as error:
        # A broken archive can fail anywhere inside the libraries, with any exception.
        raise _refused(name, f"不是可读的 Word 文件（{type(error).__name__}）") from None


def _read(data: bytes, name: str) -> Source:
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(data))
    source = Source()
    numbers = Numbers(document)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            _table(block, source, numbers)
        else:
            _paragraph(block, source, numbers, boxed=False)
    if numbers.used:
        note = "自动编号已按 Word 的设置写出；请抽查几处"
        source.problems.append(
            Problem("auto-numbers", Place(file=name), f"{numbers.used}处自动编号", "手工输入的编号", note, "note")
        )
    return source


def _paragraph(paragraph: Paragraph, source: Source, numbers: Numbers, *, boxed: bool) -> None:
    text = numbers.before(paragraph) + paragraph.text
    for piece in text.split("\n"):
        source.lines.append(Line(len(source.lines) + 1, piece, None, (), boxed))


def _table(table: Table, source: Source, numbers: Numbers) -> None:
    for row in table.rows:
        cells = list(_distinct(row.cells))
        if len(cells) == 1:
            for paragraph in cells[0].paragraphs:
                _paragraph(paragraph, source, numbers, boxed=True)
            for inner in cells[0].tables:
                _table(inner, source, numbers)
        else:
            texts = _row_texts(row.cells)
            source.lines.append(Line(len(source.lines) + 1, " ".join(texts), None, texts))


def _distinct(cells: tuple[_Cell, ...]) -> Iterator[_Cell]:
    """Cells of a row; a cell merged across columns comes once."""
    seen = set()
    for cell in cells:
        if cell._tc not in seen:
            seen.add(cell._tc)
            yield cell


def _row_texts(cells: tuple[_Cell, ...]) -> tuple[str, ...]:
    """Texts in column order; of a merged cell only the first carries the text."""
    seen = set()
    texts = []
    for cell in cells:
        first = cell._tc not in seen and cell._tc.vMerge != "continue"
        seen.add(cell._tc)
        texts.append("".join(cell.text.split("\n")) if first else "")
    return tuple(texts)


def _check_archive(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        raise _refused(name, "文件已损坏") from None
    if not any(entry.filename == "word/document.xml" for entry in entries):
        raise _refused(name, "压缩文件里没有 Word 文档")
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise _refused(name, "展开后过大")


def _refused(name: str, got: str) -> Refused:
    return Refused([Problem("bad-docx", Place(file=name), got, "完好的 .docx 文件", "用 Word 或 WPS 打开后另存")])
