"""What a file is: told by its first bytes, never by its name alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused

MAGIC = {b"PK\x03\x04": ".xlsx", b"PAR1": ".parquet", b"\xd0\xcf\x11\xe0": ".xls", b"%PDF": ".pdf"}
TABLE_ENDINGS = (".csv", ".xlsx", ".xls", ".parquet")
ENDINGS = (".json", ".jsonl", *TABLE_ENDINGS)
BINARY = (".xlsx", ".xls", ".parquet")


def check_file(path: Path, endings: tuple[str, ...] = ENDINGS) -> None:
    """Raise `Refused` unless the file is there, not empty, and is what its name says."""
    problem = presence_problem(path, endings) or _name_problem(path) or _parquet_problem(path)
    if problem:
        raise Refused([problem])


def presence_problem(path: Path, endings: tuple[str, ...]) -> Problem | None:
    """What is wrong when the file is not there, has another ending or is empty; else None."""
    place = Place(str(path))
    if path.is_dir():
        return Problem("is-a-folder", place, "这是一个文件夹 a folder", "一个文件 a file", "写出文件夹里的文件名")
    if not path.is_file():
        return Problem("no-such-file", place, "没有这个文件", "存在的文件 an existing file", "核对文件名和路径")
    ending = path.suffix.lower()
    if ending not in endings:
        return Problem("unknown-file-kind", place, ending or "（没有后缀）", "、".join(endings), "另存为其中一种格式")
    if not _head(path).strip():
        return Problem("empty-file", place, "空文件 empty file", "有内容的文件", "核对导出是否成功")
    return None


def content_kind(path: Path) -> str | None:
    """The ending that the first bytes of the file speak for; None when they look like text."""
    head = _head(path)
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def _name_problem(path: Path) -> Problem | None:
    ending, is_really = path.suffix.lower(), content_kind(path)
    if is_really == ending or not (is_really or ending in BINARY):
        return None
    got = f"内容像 {is_really or '文本 text'}"
    place = Place(str(path))
    return Problem("not-what-its-name-says", place, got, f"{ending} 文件", "改正文件后缀，或重新导出")


def _parquet_problem(path: Path) -> Problem | None:
    import polars as pl

    if path.suffix.lower() != ".parquet":
        return None
    try:
        pl.read_parquet_schema(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        return Problem("unreadable-table", Place(str(path)), str(error)[:100], "完好的 Parquet 文件", "重新导出")
    return None
