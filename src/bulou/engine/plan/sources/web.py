"""Web pages: blocks and tables in reading order; scripts, menus and page frames are furniture."""

from __future__ import annotations

from typing import Any

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.plan.model import Chunk, Line
from bulou.engine.plan.sources.source import Source
from bulou.engine.plan.sources.text import decode

_SILENT = {"script", "style", "noscript", "template", "head", "svg", "iframe"}
_FRAME = {"nav", "header", "footer", "aside", "form", "button"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl",
    "dt", "dd", "blockquote", "pre", "body", "html", "center", "table", "tbody", "thead", "tr", "td", "th",
    "hr",
}  # fmt: skip


def read_html(data: bytes, name: str) -> Source:
    """A line for each block of text and each table row; a one-cell table frames its paragraphs."""
    from lxml import etree, html

    try:
        root = html.document_fromstring(_decoded(data, name))
    except (etree.ParserError, ValueError):
        problem = Problem("bad-html", Place(file=name), "网页里没有内容", "网页正文", "重新保存网页")
        raise Refused([problem]) from None
    reader = _Reader()
    reader.walk(root, boxed=False)
    reader.flush(boxed=False)
    return reader.source


def _decoded(data: bytes, name: str) -> str:
    """Text without an XML declaration, which lxml refuses in decoded text."""
    text = decode(data, name)
    return text[text.index("?>") + 2 :] if text.lstrip().startswith("<?xml") and "?>" in text[:200] else text


class _Reader:
    def __init__(self) -> None:
        self.source = Source()
        self.pieces: list[str] = []

    def flush(self, *, boxed: bool) -> None:
        """End the block that is being gathered."""
        text = " ".join("".join(self.pieces).split())
        self.pieces = []
        if text:
            self.source.lines.append(Line(self._next(), text, None, (), boxed))

    def _next(self) -> int:
        return len(self.source.lines) + 1

    def walk(self, node: Any, *, boxed: bool) -> None:
        """Take in an element and all that it holds."""
        if not isinstance(node.tag, str) or node.tag in _SILENT:
            return
        if node.tag in _FRAME:
            self._frame(node)
            return
        if node.tag == "table" and self._table(node, boxed=boxed):
            return
        block = node.tag in _BLOCKS
        if block or node.tag == "br":
            self.flush(boxed=boxed)
        self.pieces.append(node.text or "")
        for child in node:
            self.walk(child, boxed=boxed)
            self.pieces.append(child.tail or "")
        if block:
            self.flush(boxed=boxed)

    def _frame(self, node: Any) -> None:
        text = " ".join(str(node.text_content()).split())
        if text:
            self.source.markup.append(Chunk(self._next(), text, "page-frame"))

    def _table(self, table: Any, *, boxed: bool) -> bool:
        """Read a data table as rows; False when the table only lays out a page."""
        if table.xpath(".//table"):
            return False
        self.flush(boxed=boxed)
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
        if all(len(row) <= 1 for row in rows):
            for row in rows:
                for cell in row:
                    self._framed(cell)
            return True
        for texts in _grid(rows):
            self.source.lines.append(Line(self._next(), " ".join(texts), None, texts))
        return True

    def _framed(self, cell: Any) -> None:
        self.pieces.append(cell.text or "")
        for child in cell:
            self.walk(child, boxed=True)
            self.pieces.append(child.tail or "")
        self.flush(boxed=True)


def _grid(rows: list[list[Any]]) -> list[tuple[str, ...]]:
    """Rows with spanning cells spread out: the text stands in the first place, the others are empty."""
    open_spans: dict[int, int] = {}
    grid = []
    for row in rows:
        texts: list[str] = []
        cells = iter(row)
        cell = next(cells, None)
        while cell is not None or open_spans.get(len(texts), 0) > 0:
            column = len(texts)
            if open_spans.get(column, 0) > 0:
                open_spans[column] -= 1
                texts.append("")
                continue
            assert cell is not None
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for offset in range(across):
                open_spans[column + offset] = down - 1
            texts.extend(["".join(str(cell.text_content()).split()), *[""] * (across - 1)])
            cell = next(cells, None)
        grid.append(tuple(texts))
    return grid


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name, "1"))
    return max(1, min(int(value), 100)) if value.isdigit() else 1
