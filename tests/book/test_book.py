"""The policy book says what the pack says, all of it, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bulou.engine.basics.days import Period
from bulou.engine.basics.problems import Refused
from bulou.engine.book import write_book
from bulou.engine.cli.main import app
from bulou.engine.pack import Pack, read_pack
from bulou.engine.pack import regions as all_regions
from bulou.engine.pack.model import DUTY_KINDS
from tests.book.reading import (
    NAMES,
    ON,
    Explained,
    book,
    folder_of,
    loaded,
    sections,
    sentences,
    text_of,
    trees,
    written,
    written_for,
)
from tests.packs.small_packs import write

REGIONS = all_regions()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("packs")
    example = """
[[example]]
title = "低保对象每月100元，未成年的没有"
on = 2025-06-30
people = [{ id = "甲", dibao = true, age = 30 }, { id = "乙", dibao = true, age = 17 }, { id = "丙", age = 30 }]
[[example.expect]]
programme = "subsidy"
subject = "甲"
verdict = "yes"
amount = "100.00"
[[example.expect]]
programme = "subsidy"
subject = "乙"
verdict = "no"
failed = ["young"]
[[example.expect]]
programme = "subsidy"
subject = "丙"
verdict = "unknown"
missing = ["person.dibao"]
"""
    question = '[who]\nsays = "谁算未成年？"\nabout = ["subsidy"]\ncite = "doc 三"\n'
    write(folder, examples=example, questions=question)
    return read_pack("t", [folder])


def test_a_rule_of_the_book(small: Pack) -> None:
    section = sections(written(small))["programme-subsidy"]
    assert sentences(section) == [
        *("补贴", "项目", "Programme", "现行", "In force", "subsidy"),
        *(
            "给谁",
            "个人",
            "得到",
            "现金",
            "多久一次",
            "每月",
            "力度",
            "必须",
            "施行时间",
            "起始日没有写",
            "金额",
            "标准",
        ),
        *(
            "条件（全部符合）",
            "Conditions, all of them",
            "“低保对象”为是",
            "试发〔2025〕1号 二",
            "包里的说法：低保对象",
        ),
        *("有以下情形的除外", "Not when", "周岁低于18", "试发〔2025〕1号 三", "包里的说法：未成年"),
        *("数值和时间", "Values over time", "标准（元/月）", "从哪天起", "到哪天前", "值", "依据", "核对"),
        *("2025-01-01", "2026-01-01", "100", "试发〔2025〕1号 二", "读过原文"),
        *("2026-01-01", "110.50", "试发〔2025〕1号 二", "读过原文"),
        *("例子", "Worked examples", "低保对象每月100元，未成年的没有", "按2025-06-30的情况"),
        *("甲：“低保对象”为是，周岁为30", "乙：“低保对象”为是，周岁为17", "丙：周岁为30"),
        *("甲：符合，100.00元", "乙：不符合，没有满足：未成年", "丙：还不能断定，要问：低保对象"),
        *("还没有定的", "Open questions", "谁算未成年？", "试发〔2025〕1号 三"),
        *("来自文件的哪些规则", "Rules of the document", "规则", "条款", "内容", "R1", "二", "补贴"),
        *("依据", "Sources", "文件", "文号", "日期", "条款"),
        *("关于补贴的文件", "试发〔2025〕1号", "2025-01-15", "二；三"),
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_every_rule_of_the_pack_is_in_the_book_once(region: str) -> None:
    pack = loaded(region)
    texts = written_for(region)
    wanted = [f"programme-{name}" for name in pack.programmes]
    wanted += [f"{duty.kind}-{duty.name}" for duty in pack.duties.values()]
    wanted += [f"process-{name}" for name in pack.processes] + [f"indicator-{name}" for name in pack.indicators]
    wanted += [f"order-{name}" for name in pack.priorities] + [f"check-{name}" for name in pack.checks]
    anchors = Counter(re.findall(r'<section class="rule" id="([^"]+)"', "".join(texts.values())))
    assert anchors == Counter(wanted)
    for index in ("index", "all", "who", "status"):
        linked = re.findall(r'href="[\w-]+\.html#([^"]+)"', texts[f"{index}.html"])
        assert Counter(linked) == Counter(wanted), index
    assert set(re.findall(r'href="[\w-]+\.html#([^"]+)"', texts["clauses.html"])) == set(wanted)
    for question in pack.questions.values():
        assert question.says.replace('"', "&#34;") in texts["questions.html"]


@pytest.mark.parametrize("region", REGIONS)
def test_every_sentence_about_a_rule_comes_from_the_pack(region: str) -> None:
    """Each is put together from texts of the pack, fixed phrases, figures and marks; nothing else is left."""
    pack = loaded(region)
    explained = Explained(pack)
    said = {
        sentence: anchor for anchor, section in sections(written_for(region)).items() for sentence in sentences(section)
    }
    for sentence, anchor in said.items():
        assert explained.rest(sentence) == "", (anchor, sentence, explained.rest(sentence))
    assert len(said) > 200


def test_that_test_notices_a_sentence_of_another_hand() -> None:
    explained = Explained(loaded("620600"))
    assert explained.rest("残疾人证有效，且残疾等级为一级或二级") == ""
    assert explained.rest("残疾人证有效，且经主任同意") != ""
    assert explained.rest("请尽快办理") != ""


def test_a_changed_label_changes_the_sentences_that_use_it(small: Pack) -> None:
    before = {anchor: text_of(section) for anchor, section in sections(written(small)).items()}
    fact = replace(small.facts["person.dibao"], yes="吃低保", no="不吃低保")
    after = sections(written(replace(small, facts={**small.facts, fact.name: fact})))
    assert "“低保对象”为是" in before["programme-subsidy"]
    assert text_of(after["programme-subsidy"]) == before["programme-subsidy"].replace("“低保对象”为是", "吃低保")
    assert text_of(after["programme-extra"]) == before["programme-extra"]
    renamed = replace(small.facts["person.dibao"], label="低保户")
    after = sections(written(replace(small, facts={**small.facts, fact.name: renamed})))
    assert "“低保户”为是" in text_of(after["programme-subsidy"])
    assert "要问：低保户" in text_of(after["programme-subsidy"])


def test_a_changed_condition_changes_its_sentence_and_no_other_rule(small: Pack) -> None:
    programme = small.programmes["subsidy"]
    conditions = tuple(replace(c, test="person.age < 20") if c.id == "young" else c for c in programme.conditions)
    changed = replace(small, programmes={**small.programmes, "subsidy": replace(programme, conditions=conditions)})
    before, after = sections(written(small)), sections(written(changed))
    assert "周岁低于20" in sentences(after["programme-subsidy"])
    assert "周岁低于18" not in sentences(after["programme-subsidy"])
    assert text_of(before["programme-extra"]) == text_of(after["programme-extra"])


def test_a_rule_taken_out_of_the_pack_is_gone_from_every_page(small: Pack) -> None:
    without = replace(small, programmes={"subsidy": small.programmes["subsidy"]})
    gone = ("加发", "周岁不低于70", "满七十周岁", "doc 四")
    assert all(any(words in text for text in written(small).values()) for words in gone[:3])
    for name, text in written(without).items():
        assert not any(words in text for words in gone), name


def test_the_same_pack_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_book(read_pack("cn"), tmp_path / name, ON, NAMES, "0")
    first, second = folder_of(tmp_path / "a"), folder_of(tmp_path / "b")
    assert first == second
    assert first["index.html"] != b""
    assert all(b"\r" not in text for text in first.values())


def test_status_is_that_of_the_day(small: Pack) -> None:
    programme = replace(small.programmes["subsidy"], period=Period(date(2025, 1, 1), date(2027, 1, 1)))
    pack = replace(small, programmes={**small.programmes, "subsidy": programme})

    def status(day: date) -> str:
        return next(entry.status for entry in book(pack, day).entries if entry.code == "subsidy")

    days = [date(2024, 12, 31), date(2025, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [status(day) for day in days] == ["planned", "in_force", "in_force", "ended"]
    extra = next(entry for entry in book(pack).entries if entry.code == "extra")
    assert extra.status == "off"


def test_a_duty_says_whom_it_concerns_and_apart_from_that_what_they_have_to_reach() -> None:
    text = sentences(sections(written_for("620600"))["quota-federation_cadres"])
    assert text[text.index("适用于") + 1] == "单位性质为残联，且层级为省级、市级或县级"
    assert text[text.index("怎样算达到") + 1] == "残疾人干部数不低于干部数的15%"


def test_a_draft_says_that_it_is_one_and_what_applies_until_then() -> None:
    pack = loaded("640202")
    texts = written(pack)
    assert all("征求意见稿" in text for text in texts.values())
    section = sections(texts)["programme-living_subsidy"]
    assert "草案" in sentences(section)
    assert "正式印发以前仍按上级政策" in sentences(section)
    statuses = {entry.status for entry in book(pack).entries if entry.kind in DUTY_KINDS}
    assert statuses == {"draft"}


@pytest.mark.parametrize("region", ["630000", "640202"])
def test_pages_stand_by_themselves(region: str) -> None:
    """Links lead to pages of the book, ids are there once, tables have heads, nothing is loaded from elsewhere."""
    texts = written_for(region)
    parsed = trees(texts)
    anchors = {name: set(tree.xpath("//@id")) for name, tree in parsed.items()}
    for name, tree in parsed.items():
        assert texts[name].startswith("<!DOCTYPE html>")
        assert tree.get("lang") == "zh-CN"
        ids = [one.get("id") for one in tree.xpath("//*[@id]")]
        assert len(ids) == len(set(ids)), name
        assert not tree.xpath("//link | //img | //script[@src] | //iframe")
        for table in tree.xpath("//table"):
            assert table.xpath(".//thead//th[@scope='col']")
            assert all(row.xpath("./th[@scope='row']") for row in table.xpath("./tbody/tr"))
        levels = [int(head.tag[1]) for head in tree.xpath("//h1 | //h2 | //h3 | //h4")]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
        for link in tree.xpath("//a/@href"):
            page, _, anchor = link.partition("#")
            if not link.startswith("http"):
                assert not anchor or anchor in anchors[page or name], link


def test_searching_is_an_addition_and_the_full_list_needs_none() -> None:
    """The box is made by the script; every rule with its conditions stands in the page itself."""
    page = written_for("620600")["all.html"]
    before_script = page.partition("<script>")[0]
    assert '<div id="search"></div>' in before_script
    assert "<input" not in before_script
    assert "残疾等级为一级或二级" in before_script


def test_the_command_writes_a_book_and_replaces_only_a_book(tmp_path: Path) -> None:
    out = tmp_path / "book"
    command = ["pack", "book", "cn", "--out", str(out), "--on", "2025-06-30"]
    for _ in range(2):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        assert f"{out}/index.html" in result.output
    before = folder_of(out)
    (out / "notes.html").write_text("<p>我的笔记</p>", encoding="utf-8")
    refused = CliRunner().invoke(app, command)
    assert isinstance(refused.exception, Refused)
    (problem,) = refused.exception.problems
    assert problem.code == "not-a-book"
    assert "notes.html" in problem.got
    assert folder_of(out) == {**before, "notes.html": "<p>我的笔记</p>".encode()}


def test_no_book_is_made_of_a_pack_with_problems(tmp_path: Path) -> None:
    write(
        tmp_path,
        programmes='+\n[bad]\nname = "坏"\nsubject = "person"\ngives = "service"\nforce = "must"\ncite = "doc 六"\n',
    )
    pack = read_pack("t", [tmp_path])
    with pytest.raises(Refused):
        write_book(pack, tmp_path / "book", ON, NAMES, "0")
    assert not (tmp_path / "book").exists()
