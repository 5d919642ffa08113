"""From a file to printed lines, whatever its format; refuses plainly what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused
from bulou.engine.plan.sources.pdf import read_pdf
from bulou.engine.plan.sources.source import LIMIT, TEXT_LIMIT, Source
from bulou.engine.plan.sources.text import decode, from_text
from bulou.engine.plan.sources.web import read_html
from bulou.engine.plan.sources.word import read_docx

__all__ = ["LIMIT", "Source", "from_text", "read_lines"]


def read_lines(path: Path) -> Source:
    """The printed lines of a plan document; raises `Refused` naming the file and what to do."""
    try:
        if not path.is_file():
            raise _refused(path, "no-file", "没有这个文件", "一个规划文件", "核对文件名和目录")
        size = path.stat().st_size
        if size == 0:
            raise _refused(path, "empty-file", "空文件", "规划全文", "重新取得文件")
        if size > LIMIT:
            got = f"{size / 1_048_576:.0f} MB"
            raise _refused(path, "too-large", got, f"不超过 {LIMIT // 1_048_576} MB", "去掉图片，或另存为纯文字文件")
        data = path.read_bytes()
    except OSError as error:
        raise _refused(path, "unreadable", str(error.strerror), "可以读取的文件", "检查文件权限") from None
    source = _reader(path, data)(data, path.name)
    length = sum(len(line.text) for line in source.lines)
    if length > TEXT_LIMIT:
        raise _refused(path, "too-large", f"{length}字", f"不超过{TEXT_LIMIT}字", "请只给出规划本身")
    if not any(line.text.strip() for line in source.lines):
        raise _refused(path, "no-text", "没有文字", "规划全文", "若是扫描件，请先做文字识别")
    return source


def _reader(path: Path, data: bytes) -> Callable[[bytes, str], Source]:
    """By content first, since names lie; plain text is what remains."""
    if data.startswith(b"%PDF"):
        return read_pdf
    if data.startswith(b"PK\x03\x04"):
        return read_docx
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(
            path,
            "old-word",
            "旧版 Word 文件（.doc）",
            ".docx、PDF、网页或文字",
            "用 Word 或 WPS 另存为 .docx",
        )
    head = data[:1024].lower()
    if path.suffix.lower() in (".html", ".htm", ".xhtml") or b"<html" in head or b"<!doctype html" in head:
        return read_html
    return _read_text


def _read_text(data: bytes, name: str) -> Source:
    return from_text(decode(data, name))


def _refused(path: Path, code: str, got: str, expected: str, fix: str) -> Refused:
    return Refused([Problem(code, Place(file=path.name), got, expected, fix)])
