"""`bulou plan check`: packs say what their documents say, and a change on either side is found."""

import json
import re
import shutil
import unicodedata
from functools import cache

import pytest
from plan_documents import path
from typer.testing import CliRunner

from bulou.engine.basics.problems import Refused
from bulou.engine.cli.plan import app
from bulou.engine.pack import PACKS, read_pack
from bulou.engine.pack.against_plan import check_against_plan, document_of
from bulou.engine.pack.cites import parse_cite
from bulou.engine.pack.touched import check_editions
from bulou.engine.plan import read_text
from bulou.engine.plan.editions import compare_editions
from bulou.engine.plan.quantities import quantities

REGIONS = {"wuwei": "620600", "yuncheng": "140800", "qinghai": "630000", "beilin": "610103", "dawukou": "640202"}


@cache
def text(name):
    """The document with half-width digits, so that a test can find them."""
    return unicodedata.normalize("NFKC", path(name).read_text(encoding="utf-8-sig"))


@cache
def pack(region):
    return read_pack(region)


@cache
def document(name):
    return read_text(text(name), name=f"{name}.txt")


@cache
def sound(name):
    return check_against_plan(pack(REGIONS[name]), document(name), pack("cn"))


def changed(name, clause, printed, after):
    """The check after the figure `printed` of a clause has become another one in the document, once."""
    plan = document(name)
    lines = text(name).splitlines()
    number = re.search(r"[＞>≥]?\d+(?:\.\d+)?(?=\D*$)", printed).group()
    rows = [(row.section, row.line, row.target.printed) for row in plan.indicators if row.target]
    figures = [(figure.section, figure.line, figure.printed) for figure in plan.figures] + rows
    start = next(line for section, line, shown in figures if (section, shown) == (clause, printed)) - 1
    at = next(i for i in range(start, start + 6) if re.search(rf"(?<![\d.]){number}(?![\d.])", dense(lines[i])))
    lines[at] = re.sub(rf"(?<![\d.]){number}(?![\d.])", after, dense(lines[at]), count=1)
    mutated = read_text("\n".join(lines), name=f"{name}.txt")
    return check_against_plan(pack(REGIONS[name]), mutated, pack("cn"), sound(name).document)


def dense(line):
    """A line without the spaces that printing leaves between characters; a table row keeps the spaces of its cells."""
    return (
        re.sub(r"(?<=\d) (?=[^\d\s])|(?<=[^\d\s]) (?=\d+ ?[^\d\s])", "", line) if "。" in line or "，" in line else line
    )


def codes(check):
    return {problem.code for problem in check.problems}


@pytest.mark.parametrize("name", REGIONS)
def test_every_cite_and_figure_of_a_pack_stands_in_its_document(name):
    check = sound(name)
    assert [str(problem) for problem in check.problems] == []
    assert len(check.checked) > 350
    assert sum(found.how == "printed" for one in check.checked for found in one.evidence) >= 19


@pytest.mark.parametrize(
    ("name", "clause", "printed", "after"),
    [
        ("wuwei", "三(二)4", "70岁以上", "72"),
        ("wuwei", "专栏2一6", "70周岁及以上", "72"),
        ("wuwei", "专栏2一5", "100元", "110"),
        ("wuwei", "三(二)2", "16—59周岁", "58"),
        ("wuwei", "三(三)1", "1.5%", "1.6"),
        ("wuwei", "三(三)2", "30%", "35"),
        ("wuwei", "三(六)1", "1次", "2"),
        ("wuwei", "专栏1.2", "3200", "3300"),
        ("wuwei", "专栏1.9", ">85", "≥85"),
        ("wuwei", "专栏1.11", "1256", "1265"),
        ("qinghai", "专栏5.1", "67人以上(含67人)", "69"),
        ("qinghai", "专栏6.3", "80%以上", "85"),
        ("yuncheng", "三(一)5", "200元/月", "220"),
        ("yuncheng", "三(二)1", "6个月", "9"),
        ("beilin", "三(四)1", "1.5%", "1.6"),
        ("dawukou", "四(三)1", "250人", "260"),
        ("dawukou", "四(二)2", "12-18个月", "24"),
    ],
)
def test_a_figure_changed_in_the_document_is_found(name, clause, printed, after):
    check = changed(name, clause, printed, after)
    assert codes(check) & {"figure-not-found", "figure-differs", "indicator-differs"}
    assert any(clause in f"{problem.got} {problem.expected}" for problem in check.problems)


PACK_CHANGES = {
    "wuwei": [
        ("programmes/subsidies.toml", "person.age >= 70", "person.age >= 72", "72"),
        ("parameters.toml", 'value = "100.00"', 'value = "110.00"', "110"),
        ("parameters.toml", 'value = "1.5"', 'value = "1.6"', "1.6"),
        ("indicators.toml", 'comparator = ">", value = "85"', 'comparator = ">=", value = "85"', ">="),
        ("indicators.toml", 'value = "97"', 'value = "98"', "98"),
        ("indicators.toml", 'nature = "约束性"', 'nature = "预期性"', "预期性"),
        ("duties.toml", "* 100 >= 15 *", "* 100 >= 20 *", "20%"),
        ("duties.toml", "0.5 *", "0.6 *", "0.6元"),
        ("programmes/employers.toml", "establishment >= 67", "establishment >= 60", "60"),
    ],
    "beilin": [("programmes/rehabilitation.toml", "person.age <= 16", "person.age <= 17", "17岁")],
    "dawukou": [("programmes/assistance.toml", '"12-18"', '"12-20"', "20个月")],
    "qinghai": [("indicators.toml", "7500", "7600", "7600")],
    "yuncheng": [("parameters.toml", 'value = "200.00"', 'value = "210.00"', "210元")],
}


@pytest.mark.parametrize("name", PACK_CHANGES)
def test_a_figure_changed_in_the_pack_is_found_with_its_line(tmp_path, name):
    region = REGIONS[name]
    shutil.copytree(PACKS / region, tmp_path / region)
    for file, before, after, _ in PACK_CHANGES[name]:
        target = tmp_path / region / file
        old = target.read_text(encoding="utf-8")
        assert before in old
        target.write_text(old.replace(before, after, 1), encoding="utf-8")
    check = check_against_plan(read_pack(region, [tmp_path]), document(name), pack("cn"))
    found = [problem for problem in check.problems if problem.code in ("figure-not-found", "indicator-differs")]
    for file, _, _, shown in PACK_CHANGES[name]:
        places = [one.place for one in found if one.place.file == f"{region}/{file}" and shown in one.got]
        assert places, (file, shown)
        assert all(place.line for place in places)


def test_a_renumbered_clause_is_found_with_the_clauses_there_are(tmp_path):
    shutil.copytree(PACKS / "620600", tmp_path / "620600")
    file = tmp_path / "620600" / "parameters.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("三(六)7", "三(六)17"), encoding="utf-8")
    check = check_against_plan(read_pack("620600", [tmp_path]), document("wuwei"), pack("cn"))
    assert check.problems[0].code == "clause-missing"
    assert "三(六)17" in check.problems[0].got
    assert "三(六)1" in check.problems[0].expected


def test_a_clause_renumbered_in_the_document_is_found():
    lines = text("wuwei").splitlines()
    item = next(item for box in document("wuwei").boxes for item in box.items if item.id == "专栏2一6")
    lines[item.line - 1] = lines[item.line - 1].replace("6.", "9.", 1)
    plan = read_text("\n".join(lines), name="wuwei.txt")
    assert "clause-missing" in codes(check_against_plan(pack("620600"), plan, pack("cn")))


def test_another_regions_document_is_refused():
    with pytest.raises(Refused) as refusal:
        document_of(pack("620600"), document("qinghai"))
    assert refusal.value.problems[0].code == "not-a-document-of-the-pack"


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("16～59周岁", [("age", 16, 59)]),
        ("一、二级残疾", [("grade", 1, None), ("grade", 2, None)]),
        ("三至四级", [("grade", 3, None), ("grade", 4, None)]),
        ("百分之三十", [("percent", 30, None)]),
        ("５～10％", [("percent", 5, 10)]),
        ("人口20万以上", [("count", 200000, None)]),
        ("一年以上", [("months", 12, None)]),
        ("70周岁及以上", [("age", 70, None)]),
        ("每月200元", [("money", 200, None)]),
        ("到2025年", []),
        ("统一安排第三方", []),
    ],
)
def test_numbers_are_read_however_they_are_written(words, wanted):
    assert [(q.kind, q.low, q.high) for q in quantities(words)] == wanted


def test_a_cite_names_documents_and_clauses():
    assert parse_cite("a-plan 三(二)4; 专栏2一5") == (("a-plan", "三(二)4"), ("a-plan", "专栏2一5"))
    assert parse_cite("a-plan 三(一)5; cs-2010 八") == (("a-plan", "三(一)5"), ("cs-2010", "八"))
    assert parse_cite("a-notice") == (("a-notice", ""),)


# Two editions, on an invented plan


def edition(points, number=60):
    made = "".join(f"{no}.{title}。{words}。\n" for no, (title, words) in enumerate(points, start=1))
    return f"""云岭市“十四五”残疾人保障和发展规划
一、总体要求
做好本市残疾人工作。
二、重点任务
（一）生活保障。
{made}（二）就业。
1.按比例安排就业。用人单位安排残疾人就业达到1.{number // 12}%。
三、组织实施
各县区结合实际落实。
"""


CARE = ("老年补助", "对65岁以上残疾人每人每月给予80元补助")
TRAVEL = ("出行服务", "残疾人免费乘坐城市公交车，公共停车场预留停车位")
HOMES = ("住房保障", "优先解决困难残疾人家庭的住房问题，逐户登记造册")
NEW = ("家庭医生", "为有需要的残疾人提供家庭医生签约服务，建立健康档案")


@pytest.fixture
def small(tmp_path):
    """A pack of the invented plan's old edition."""
    folder = tmp_path / "999999"
    folder.mkdir()
    (folder / "pack.toml").write_text(
        """region = "999999"
name = "云岭市"
extends = "cn"
status = "draft"
[document.yunling-draft]
title = "云岭市“十四五”残疾人保障和发展规划（征求意见稿）"
""",
        encoding="utf-8",
    )
    (folder / "duties.toml").write_text(
        """[duty.bus]
name = "免费乘车"
who = "文件未写明"
force = "must"
says = "残疾人乘坐公交车免费。"
subject = "region"
not_computable = "没有登记。"
cite = "yunling-draft 二(一)2"
[quota.employment]
name = "按比例就业"
who = "用人单位"
force = "must"
says = "达到1.5%。"
subject = "region"
not_computable = "没有登记。"
cite = "yunling-draft 二(二)1"
""",
        encoding="utf-8",
    )
    return tmp_path


def test_editions_are_aligned_clause_by_clause():
    old = read_text(edition([CARE, TRAVEL, HOMES]))
    new = read_text(edition([(CARE[0], CARE[1].replace("80", "90")), NEW, TRAVEL]))
    kinds = {
        (change.kind, change.old and change.old.id, change.new and change.new.id): change
        for change in compare_editions(old, new)
        if change.kind != "same"
    }
    assert set(kinds) == {
        ("changed", "二(一)1", "二(一)1"),
        ("added", None, "二(一)2"),
        ("moved", "二(一)2", "二(一)3"),
        ("removed", "二(一)3", None),
    }
    changed_clause = kinds["changed", "二(一)1", "二(一)1"]
    assert (changed_clause.gone, changed_clause.come) == (("80元",), ("90元",))


def test_a_new_edition_says_which_rules_it_touches(small):
    found = read_pack("999999", [small])
    old, new = read_text(edition([CARE, TRAVEL])), read_text(edition([CARE, NEW, TRAVEL], number=72))
    check = check_against_plan(found, new, pack("cn"))
    editions = check_editions(found, check, old, pack("cn"))
    assert editions.written_from == "old"
    assert {problem.code for problem in editions.problems} == {"clause-renumbered"}
    touched = {(one.change.kind, one.change.old.id): one for one in editions.touched if one.change.old}
    assert [mention.thing for mention in touched["moved", "二(一)2"].mentions] == ["duty bus"]
    assert [mention.thing for mention in touched["changed", "二(二)1"].using] == ["quota employment"]
    assert not check_editions(found, check, old, pack("cn"), updated=True).problems


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result


def test_the_command_checks_compares_editions_and_refuses(small):
    old, new = small / "old.txt", small / "new.txt"
    old.write_text(edition([CARE, TRAVEL]), encoding="utf-8")
    new.write_text(edition([CARE, NEW, TRAVEL], number=72), encoding="utf-8")
    packs = ("--packs", small)
    sound_run = run("check", "999999", old, *packs, "--cites")
    assert sound_run.exit_code == 0
    assert "✔ 999999/duties.toml" in sound_run.stdout
    assert "二(一)1 写到 80元" in sound_run.stdout
    changed_run = run("check", "999999", new, "--against", old, *packs)
    assert changed_run.exit_code == 1
    assert "移动 二(一)2 → 二(一)3" in changed_run.stdout
    assert "[clause-renumbered]" in changed_run.stderr
    got = json.loads(run("check", "999999", new, "--against", old, *packs, "--json").stdout)
    assert got["against"]["written_from"] == "old"
    assert {"cites", "problems", "notes", "document"} <= set(got)
    assert run("check", "999999", small / "none.txt", *packs).exit_code == 2
    assert run("check", "no-such-pack", old).exit_code == 2
    assert run("check", "620600", old).exit_code == 2
