"""The HTML pages against the accessibility checks that need no browser."""

import re
from itertools import pairwise

import plan_documents as documents
import pytest
from lxml import html

from bulou.engine.plan import compare_plans, comparison_page, plan_page, read_text


@pytest.fixture(params=["plan", "plan-without-table", "comparison"])
def page(request):
    if request.param == "comparison":
        return comparison_page(compare_plans([documents.plan(name) for name in documents.NAMES]))
    return plan_page(documents.plan("yuncheng" if request.param == "plan" else "beilin"))


def test_page_is_named_once_in_its_language(page):
    root = html.document_fromstring(page)
    assert root.get("lang") == "zh-CN"
    assert [h.text_content() for h in root.iter("h1")] == [root.findtext(".//title").split(" – ")[0]]
    levels = [int(node.tag[1]) for node in root.iter("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_all_text_stands_in_landmarks_and_the_skip_link_comes_first(page):
    body = html.document_fromstring(page).find("body")
    assert [node.tag for node in body] == ["a", "header", "nav", "main", "footer"]
    assert body[0].get("href") == "#main"
    ids = [node.get("id") for node in body.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    assert {a.get("href")[1:] for a in body.iter("a")} <= set(ids)


def test_tables_have_captions_headings_and_a_named_scroll_region(page):
    root = html.document_fromstring(page)
    for table in root.iter("table"):
        region = table.getparent()
        caption = table.find("caption")
        assert region.get("role") == "region"
        assert region.get("tabindex") == "0"
        assert region.get("aria-labelledby") == caption.get("id")
        assert {th.get("scope") for th in table.find("thead").iter("th")} == {"col"}
        columns = len(table.findall("thead/tr/th"))
        for row in table.findall("tbody/tr"):
            assert row[0].get("scope") == "row"
            assert len(row) == columns


def test_bars_repeat_numbers_that_stand_beside_them():
    page = comparison_page(compare_plans([documents.plan(name) for name in documents.NAMES]))
    root = html.document_fromstring(page)
    bars = list(root.iter("svg"))
    assert len(bars) > 30
    for bar in bars:
        assert bar.get("aria-hidden") == "true"
        printed = bar.getparent().getprevious().text_content()
        share = float(bar.find("rect").get("width").rstrip("%"))
        if printed.endswith("%"):
            assert share == float(re.search(r"[\d.]+", printed).group())


def test_no_script_no_fixed_sizes_no_zoom_lock(page):
    assert "<script" not in page
    assert not re.search(r"\d+px(?! solid)", page)
    assert "maximum-scale" not in page
    assert "user-scalable" not in page


def test_contrast_of_text_is_at_least_seven_to_one_in_light_and_dark(page):
    colours = re.findall(r"--ink: (#\w+); --paper: (#\w+); --link: (#\w+); --edge: (#\w+)", page)
    assert len(colours) == 2
    for ink, paper, link, edge in colours:
        assert _contrast(ink, paper) >= 7
        assert _contrast(link, paper) >= 7
        assert _contrast(edge, paper) >= 3


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_from_the_document_is_escaped():
    text = documents.path("yuncheng").read_text(encoding="utf-8").replace("最低生活保障。", "<b>最低</b>保障。", 1)
    assert "<b>最低" not in plan_page(read_text(text))
