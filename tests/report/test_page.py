"""The report page: structure a reader and a screen reader can use, nothing from outside, nobody's data."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from bulou.engine.differences.month import MonthResult
from bulou.engine.report import bank_batch, sums, write_month
from bulou.engine.report.page import page
from tests.report import invented

VOID = {"meta", "link", "br", "img", "rect"}
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=1>&\"'"


def html_of(result: MonthResult) -> str:
    return page(result, sums(result), None if result.pack_status == "draft" else bank_batch(result))


class Tree(HTMLParser):
    """Every element with its attributes and ancestors; fails on elements that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.all: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.loose: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        outside = not {"header", "nav", "main", "footer", "head", "a"} & set(self.open)
        if data.strip() and outside:
            self.loose.append(data)

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.all if name == tag]


@pytest.fixture(scope="module")
def text() -> str:
    return html_of(invented.month())


@pytest.fixture(scope="module")
def tree(text: str) -> Tree:
    return Tree(text)


def test_language_title_landmarks_and_skip_link(tree: Tree) -> None:
    assert tree.attributes("html") == [{"lang": "zh-CN"}]
    counts = Counter(tag for tag, _, above in tree.all if "svg" not in above)
    assert all(counts[tag] == 1 for tag in ("title", "h1", "header", "nav", "main", "footer"))
    assert tree.attributes("a")[0] == {"class": "skip", "href": "#main"}
    assert not tree.loose


def test_headings_stand_in_order(tree: Tree) -> None:
    levels = [int(tag[1]) for tag, _, _ in tree.all if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_scopes_and_a_region_to_scroll_in(tree: Tree) -> None:
    tables = [above for tag, _, above in tree.all if tag == "table"]
    assert len(tables) == len(tree.attributes("caption")) > 8
    assert all(attributes.get("scope") in {"col", "row"} for attributes in tree.attributes("th"))
    regions = [a for a in tree.attributes("div") if a.get("role") == "region"]
    captions = {a["id"] for a in tree.attributes("caption")}
    assert len(regions) == len(tables)
    assert all(a["tabindex"] == "0" and a["aria-labelledby"] in captions for a in regions)


def test_ids_are_unique_and_every_reference_has_its_target(tree: Tree) -> None:
    ids = [attributes["id"] for _, attributes, _ in tree.all if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes, _ in tree.all:
        wanted = str(attributes.get("aria-labelledby", "")).split()
        wanted += [str(attributes["href"])[1:]] if str(attributes.get("href", "")).startswith("#") else []
        assert set(wanted) <= set(ids), wanted


def test_charts_are_named_described_and_followed_by_their_table(tree: Tree) -> None:
    order = [tag for tag, _, _ in tree.all]
    charts = tree.attributes("svg")
    assert len(charts) == 3 and all(chart["role"] == "img" and chart["aria-labelledby"] for chart in charts)
    for at, tag in enumerate(order):
        if tag == "svg":
            inside = order[at : order.index("table", at)]
            assert "title" in inside and "desc" in inside and "h2" not in inside and inside.count("svg") == 1


def test_nothing_from_outside_and_no_script(text: str, tree: Tree) -> None:
    assert not {"script", "link", "img", "iframe", "object", "form"} & {tag for tag, _, _ in tree.all}
    assert not re.search(r"https?:|//|@import|javascript:|data:", text.replace("<!DOCTYPE", ""))
    assert all(url.startswith("#") for url in re.findall(r"url\(([^)]*)\)", text))
    for _, attributes, _ in tree.all:
        assert not any(name.startswith("on") or name in {"src", "style"} for name in attributes)


def test_no_zoom_lock_and_text_in_relative_sizes(text: str) -> None:
    assert "user-scalable" not in text and "maximum-scale" not in text
    assert not re.search(r"font-size: *[\d.]+px", text)


def test_everything_is_escaped() -> None:
    lines = [invented.payroll_line(n, township=HOSTILE, title=HOSTILE) for n in range(6)]
    files = (replace(invented.FILES[0], file=HOSTILE, label=HOSTILE), invented.FILES[1])
    result = invented.month(payroll=[*lines, invented.PAYROLL[-1]], gaps=[invented.GAPS[0] | {"question": HOSTILE}])
    result = replace(result, files=files, region_name=HOSTILE, method=((HOSTILE, HOSTILE, HOSTILE),))
    made = html_of(result)
    assert HOSTILE not in made and escape(HOSTILE).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in made
    assert not {"script", "img"} & {tag for tag, _, _ in Tree(made).all}


def test_nobody_is_on_the_page(text: str) -> None:
    for number in range(8):
        hidden = (
            invented.id_of(number),
            invented.NAMES[number],
            f"9999{number:012d}",
            f"1390000{number:04d}",
            f">p{number}<",
        )
        assert not [one for one in hidden if one in text]


def test_numbers_in_names_of_files_are_hidden() -> None:
    named = replace(invented.FILES[0], file=f"{invented.id_of(1)}_13900000001.xlsx", sheet="9999000000000001")
    made = html_of(replace(invented.month(), files=(named, invented.FILES[1])))
    assert invented.id_of(1) not in made and "13900000001" not in made and "9999000000000001" not in made
    assert "0f" * 32 in made


def test_the_sums_from_rows_to_yuan_stand_there(tmp_path: Path) -> None:
    write_month(invented.month(), tmp_path / "out")
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    plain = unescape(re.sub(r"<[^>]+>", " ", text))
    assert "直接采用 15 + 修复后采用 2 + 没有采用 1 + 标题、合计、空行 5" in plain
    assert "可发放 663.00 元 + 待决定但仍应享 0.00 元 + 应享未享 110.50 元" in plain
    assert "银行文件 663.00 元 + 没进银行文件 120.00 元" in plain and "不符</td>" not in text


def test_a_month_without_anything_is_a_page_too() -> None:
    empty: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("missed", "suspicions", "questions", "gaps", "payroll", "settlements", "forecast")
    }
    result = replace(invented.month(**empty), changes={}, method=())
    assert "本月没有疑点" in html_of(result) and Tree(html_of(result)).attributes("h1")


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        wide = colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])
        parts = [int(wide[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_in_light_dark_and_print(text: str) -> None:
    themes = [dict(re.findall(r"--(\w+): (#\w+)", found)) for found in re.findall(r":root \{([^}]*)\}", text)]
    assert len(themes) == 3
    for own in themes:
        theme = themes[0] | own
        for ground in ("paper", "soft"):
            assert contrast(theme["ink"], theme[ground]) >= 7
        assert contrast(theme["link"], theme["paper"]) >= 7
        assert contrast(theme["bar"], theme["paper"]) >= 3 and contrast(theme["line"], theme["paper"]) >= 3


@pytest.fixture
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing; .ci/run installs it")
        pytest.skip("chromium is not installed")
    return found


def browse(program: str, folder: Path, *arguments: str) -> str:
    flags = (
        "--headless", "--hide-scrollbars", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-sync", "--disable-background-networking", "--disable-component-update",
        f"--user-data-dir={folder / 'profile'}",
    )  # fmt: skip
    done = subprocess.run([program, *flags, *arguments], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


MEASURE = """
frame.onload = () => {
  const page = frame.contentDocument, whole = page.documentElement, found = [];
  for (const one of page.querySelectorAll("body *"))
    if (!one.closest(".scroll > *") && one.getBoundingClientRect().right > 320.5) found.push(one.tagName);
  const cut = [...page.querySelectorAll("svg text")].filter(
    one => one.getBBox().width > one.ownerSVGElement.getBoundingClientRect().width);
  result.textContent = JSON.stringify([frame.contentWindow.innerWidth, whole.scrollWidth, found, cut.length]);
};
"""


def test_in_a_browser_at_320_pixels_and_on_paper(chromium: str, tmp_path: Path, text: str) -> None:
    narrow = (
        '<!DOCTYPE html><iframe id="frame" style="border:0;width:320px;height:900px"'
        f' srcdoc="{escape(text)}"></iframe><p id="result"></p><script>{MEASURE}</script>'
    )
    (tmp_path / "narrow.html").write_text(narrow, encoding="utf-8")
    seen = browse(chromium, tmp_path, "--dump-dom", (tmp_path / "narrow.html").as_uri())
    result = re.search(r'<p id="result">(.+?)</p>', seen)
    assert result and json.loads(result[1]) == [320, 320, [], 0]
    (tmp_path / "report.html").write_text(text, encoding="utf-8")
    paper = tmp_path / "report.pdf"
    browse(chromium, tmp_path, f"--print-to-pdf={paper}", (tmp_path / "report.html").as_uri())
    assert paper.read_bytes()[:5] == b"%PDF-"
