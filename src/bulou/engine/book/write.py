"""Writes a book's folder: everything or nothing, and never over somebody else's files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bulou.engine.basics.problems import Place, Problem, Refused, refuse_errors
from bulou.engine.book.contents import book_of
from bulou.engine.book.page import pages
from bulou.engine.pack import Pack
from bulou.engine.pack.check import check_pack

MARK = '<meta name="generator" content="bulou pack book">'
"""Stands in every page: by it a folder is known for a book."""


def write_book(pack: Pack, out: Path, on: date, names: Mapping[str, str], version: str) -> list[Path]:
    """Write the book of a pack for a day; gives its files, index.html first.

    `names` gives the name of each pack of the chain by its region. An earlier book in `out` is replaced. Raises
    `Refused` when the pack has problems or `out` holds anything else; then nothing is written.
    """
    refuse_errors(check_pack(pack))
    _check_folder(out)
    made = list(pages(book_of(pack, on, names), version))
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        folder.chmod(0o755)
        for name, text in made:
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        if out.exists():
            shutil.rmtree(out)
        folder.replace(out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return [out / name for name, _ in made]


def _check_folder(out: Path) -> None:
    """Only a book, or an empty folder, may be replaced."""
    if not out.exists():
        return
    foreign = [out] if not out.is_dir() else sorted(path for path in out.iterdir() if not _is_page(path))
    if foreign:
        expected = "空的或还没有的文件夹，或以前写的政策书 an empty or new folder, or an earlier book"
        got = f"有别的文件：{foreign[0].name}"
        raise Refused([Problem("not-a-book", Place(str(out)), got, expected, "换一个 --out choose another folder")])


def _is_page(path: Path) -> bool:
    return (
        path.suffix == ".html" and path.is_file() and MARK in path.read_text(encoding="utf-8", errors="replace")[:600]
    )
