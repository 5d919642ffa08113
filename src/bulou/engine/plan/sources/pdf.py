"""Text PDF: the text of each page in reading order; scanned pages are named, not guessed."""

from __future__ import annotations

import io

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.plan.model import Line
from bulou.engine.plan.sources.source import Source

_FEW = 10


def read_pdf(data: bytes, name: str) -> Source:
    """A line for each printed line, with its page; raises `Refused` for locked, broken, image-only files."""
    pages = _pages(data, name)
    source = Source()
    silent = []
    for page, text in enumerate(pages, start=1):
        if len("".join(text.split())) < _FEW:
            silent.append(page)
        for line in text.splitlines():
            source.lines.append(Line(len(source.lines) + 1, line, page))
    if len(silent) == len(pages):
        raise _refused(
            name, "image-only-pdf", f"{len(pages)}页都只有图像", "含文字的 PDF", "先做文字识别（OCR），再读取"
        )
    source.problems.extend(
        Problem(
            "page-without-text",
            Place(file=name, column=f"第{page}页"),
            "这一页没有文字",
            "含文字的页面",
            "若是扫描页，请先做文字识别；其余各页已读",
            "note",
        )
        for page in silent
    )
    return source


def _pages(data: bytes, name: str) -> list[str]:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _refused(name, "locked-pdf", "PDF 有打开密码", "未加密的 PDF", "向发文单位索取未加密文件")
        return [page.extract_text() for page in reader.pages]
    except Refused:
        raise
    except Exception as error:
        # A broken PDF can fail anywhere inside the library, with any exception.
        got = f"PDF 已损坏（{type(error).__name__}）"
        raise _refused(name, "bad-pdf", got, "完好的 PDF", "重新下载或另存") from None


def _refused(name: str, code: str, got: str, expected: str, fix: str) -> Refused:
    return Refused([Problem(code, Place(file=name), got, expected, fix)])
