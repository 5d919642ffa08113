"""The same need in several regions: lined up by name, differences in words, as text and as a page."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bulou import engine
from bulou.engine.comparison import Comparison
from bulou.engine.comparison.page import page
from bulou.engine.comparison.terms import ages_in_words
from bulou.engine.pack import Pack
from tests.cli.command_line import CommandLine, is_refused

FIVE = ("620600", "630000", "140800", "610103", "640202")
ON = date(2026, 2, 1)


@cache
def pack_of(region: str) -> Pack:
    return engine.read_pack(region, [])


@cache
def compared() -> Comparison:
    return engine.compare_packs([pack_of(region) for region in FIVE], ON)


def said(programme: str) -> str:
    return "\n".join(next(need for need in compared().needs if need.programme == programme).differences)


def test_every_programme_of_every_region_is_there_once() -> None:
    names = [need.programme for need in compared().needs]
    assert len(names) == len(set(names))
    for region in FIVE:
        pack = pack_of(region)
        assert {name for name, one in pack.programmes.items() if ON in one.period} <= set(names)
    assert "其他" not in compared().topics


def test_ages_amounts_standing_and_conditions_are_told_apart() -> None:
    """Worked by hand from the plans: child rehabilitation 0-6 or to 17, nursing 122 against 100 yuan."""
    rehabilitation = said("child_rehab_aid")
    assert "武威市：0至6岁，7至17岁看当地怎么定；青海省：0至17岁" in rehabilitation
    assert "碑林区、大武口区：草案没有生效，按国家的办" in rehabilitation
    nursing = said("nursing_subsidy")
    assert "1、2级，运城市比青海省每月多22.00元" in nursing
    assert "青海省、碑林区、大武口区另外要求：残疾等级为一级或二级" in nursing
    assert "青海省、运城市、碑林区、大武口区：没有这一项" in said("elder_disability_allowance")
    assert "碑林区：只写在草案里，没有生效" in said("orphan_child_allowance")
    assert "武威市：可办可不办，当地没有开办" in said("accident_insurance").replace("、大武口区", "")


def test_a_draft_shows_what_it_would_change() -> None:
    need = next(need for need in compared().needs if need.programme == "child_rehab_aid")
    beilin = next(side for side in need.sides if side.region == "610103")
    lines = dict(beilin.lines())
    assert lines["年龄"] == "0至6岁" and "0至16岁" in lines["草案若生效"] and "不再要求" in lines["草案若生效"]


def test_a_region_that_says_nothing_of_its_own_differs_from_the_nation_in_nothing_else() -> None:
    same = engine.compare_packs([pack_of("140800"), pack_of("cn")], ON, ["motor_wheelchair_fuel", "tekun"])
    found = {need.programme: need.differences for need in same.needs}
    assert found == {"motor_wheelchair_fuel": (), "tekun": ("运城市：自己没有写，按国家的办",)}


@pytest.mark.parametrize(
    ("ages", "left_open", "words"),
    [
        (range(7), range(7, 18), "0至6岁，7至17岁看当地怎么定"),
        (range(70, 121), (), "70岁起"),
        ((16, 18, 19), (), "16岁、18至19岁"),
        ((), range(121), "年龄没有定"),
        (range(121), (), "各年龄"),
    ],
)
def test_ages_in_words(ages: range, left_open: range, words: str) -> None:
    assert ages_in_words(frozenset(ages), frozenset(left_open)) == words


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.captions = self.tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert tag not in ("script", "img", "link", "iframe"), tag
        assert not (found.get("src") or "") and not (found.get("href") or "#").startswith("http")
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a":
            self.links.append(str(found["href"]).removeprefix("#"))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        assert tag != "th" or found.get("scope")
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_can_be_read_by_everybody() -> None:
    text = page(compared())
    tags = Tags()
    tags.feed(text)
    assert tags.open == [] and len(tags.ids) == len(set(tags.ids))
    assert set(tags.links) <= set(tags.ids)
    assert tags.captions == tags.tables == len(compared().needs) + 1
    assert '<html lang="zh-CN">' in text and "征求意见稿" in text
    assert not re.search(r"\b(None|True|False)\b", text)


def test_the_command_writes_text_or_a_page_and_refuses_what_cannot_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = CommandLine(tmp_path, monkeypatch)
    shown = line.bulou("pack", "compare", "620600", "630000", "--on", "2026-02-01", "--programme", "nursing_subsidy")
    assert shown.code == 0 and "武威市  应当办" in shown.out and "没有载入" not in shown.out
    written = line.bulou("pack", "compare", "620600", "630000", "--on", "2026-02-01", "--html", "a.html")
    assert written.code == 0 and Path("a.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    is_refused(line.bulou("pack", "compare", "620600", "--on", "2026-02-01"), "REGIONS", "620600")
    is_refused(line.bulou("pack", "compare", "620600", "630000", "--on", "2026-02-30"), "--on")
    is_refused(
        line.bulou("pack", "compare", "620600", "630000", "--on", "2026-02-01", "--html", "no/a.html"), "no/a.html"
    )
    wrong = line.bulou("pack", "compare", "620600", "630000", "--on", "2026-02-01", "--programme", "nursing")
    is_refused(wrong, "--programme", "nursing_subsidy")
