"""How long plan documents take: one of 100 pages in each format, and a hundred documents compared.

Run: python bench/read_plans.py [FOLDER with real plan documents]. Prints CPU and wall seconds; the aims
are 2 s for 100 pages and 60 s for a hundred documents on two cores.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "plan"))

from pdf_maker import make_pdf
from plan_maker import Layout, Point, make

from bulou.engine.plan import compare_plans, comparison_page, read_plan, write_comparison_workbook

LINES_A_PAGE = 22


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="plans-"))
    lines = _hundred_pages()
    print(f"100 pages: {len(lines)} lines, {sum(map(len, lines))} characters")
    for path in _written(folder, lines):
        _timed(f"read 100 pages {path.suffix}", lambda path=path: read_plan(path))
    real = sorted(Path(sys.argv[1]).glob("*.txt")) if len(sys.argv) > 1 else []
    hundred = (real * 100)[:100] if real else _made(folder)
    kind = "real" if real else "made"
    plans = _timed(f"read 100 {kind} documents", lambda: [read_plan(path) for path in hundred])
    comparison = _timed("compare them", lambda: compare_plans(plans))
    _timed("write the workbook", lambda: write_comparison_workbook(comparison, folder / "c.xlsx"))
    _timed(
        "write the page",
        lambda: (folder / "c.html").write_text(comparison_page(comparison), encoding="utf-8"),
    )


def _hundred_pages() -> list[str]:
    units = ("市残联", "市民政局"), ("市财政局", "市人社局")
    box = ("康复救助项目", "辅具适配项目", "走访探视服务")
    part = [Point(f"第{no}项工作", 24, 100 + no, *units, box if no % 3 == 0 else ()) for no in range(1, 10)]
    text = make([part] * 6, Layout(doubled=False)).text.strip().split("\n")
    body = next(at for at, line in enumerate(text) if line.startswith("抄送"))
    while len(text) < 100 * LINES_A_PAGE:
        text[body:body] = text[body - 9 : body]
    return text[: 100 * LINES_A_PAGE]


def _written(folder: Path, lines: list[str]) -> list[Path]:
    (folder / "long.txt").write_text("\n\n".join(lines), encoding="utf-8")
    pages = [lines[at : at + LINES_A_PAGE] for at in range(0, len(lines), LINES_A_PAGE)]
    (folder / "long.pdf").write_bytes(make_pdf(pages))
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(folder / "long.docx"))
    page = "".join(f"<p>{line}</p>" for line in lines)
    (folder / "long.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    return [folder / f"long.{kind}" for kind in ("txt", "html", "docx", "pdf")]


def _made(folder: Path) -> list[Path]:
    paths = []
    for no in range(100):
        points = [[Point(f"第{at}项工作", 6, 100 + no + at) for at in range(1, 9)]] * 4
        path = folder / f"{no:03}.txt"
        path.write_text(make(points).text, encoding="utf-8")
        paths.append(path)
    return paths


def _timed(what: str, work: Callable[[], Any]) -> Any:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    print(f"{what:32} {time.process_time() - cpu:7.2f} CPU s {time.perf_counter() - wall:7.2f} wall s")
    return result


if __name__ == "__main__":
    main()
