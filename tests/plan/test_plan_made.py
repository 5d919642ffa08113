"""Invented plan documents whose content is known exactly: what was typeset must be read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_maker import Layout, Point, make

from bulou.engine.plan import read_text

_TITLES = st.sampled_from(
    [
        "完善救助制度",
        "提高康复服务水平",
        "促进就业创业",
        "发展特殊教育",
        "推进无障碍建设",
        "丰富文化体育生活",
        "加强队伍建设",
    ]
)
_UNITS = st.lists(
    st.sampled_from(["市残联", "市民政局", "市财政局", "市人社局", "市卫健委"]),
    min_size=1,
    max_size=3,
    unique=True,
).map(tuple)
_ITEMS = st.lists(
    st.sampled_from(["生活补贴项目", "康复救助项目", "辅具适配项目", "就业帮扶基地项目", "走访探视服务"]),
    min_size=2,
    max_size=5,
    unique=True,
).map(tuple)
_POINTS = st.builds(
    Point,
    title=_TITLES,
    sentences=st.integers(2, 5),
    figure=st.one_of(st.just(0), st.integers(11, 9000)),
    lead=st.one_of(st.just(()), _UNITS),
    participating=_UNITS,
    box=st.one_of(st.just(()), st.just(()), _ITEMS),
    box_parts=st.booleans(),
)
_PARTS = st.lists(st.lists(_POINTS, min_size=1, max_size=6), min_size=1, max_size=4)
_LAYOUTS = st.builds(Layout, doubled=st.booleans(), page=st.sampled_from([0, 17, 23]))


def _check(made):
    plan = read_text(made.text, name="云岭.txt")
    assert plan.account.balances
    assert [(s.id, s.title) for s in plan.sections if s.id != "序"] == made.clauses
    assert [(i.id, i.title) for b in plan.boxes for i in b.items] == made.items
    assert [(r.no, r.name, r.target.printed, r.nature) for r in plan.indicators] == made.indicators
    assert [(f.section, int(f.value)) for f in plan.targets if f.sign == ">="] == made.targets
    assert [(d.section, d.lead, d.participating) for d in plan.duties] == made.duties
    return plan


@settings(max_examples=60, deadline=None)
@given(_PARTS, _LAYOUTS)
def test_what_was_typeset_is_read_back(parts, layout):
    _check(make(parts, layout))


@settings(max_examples=20, deadline=None)
@given(_PARTS)
def test_paragraphs_on_one_line_are_read_back_when_numbers_do_not_collide(parts):
    for points in parts:
        for point in points:
            point.box = ()
    _check(make(parts, Layout(wrapped=False)))


def test_number_that_fits_box_and_clause_is_decided_by_line_width():
    points = [Point("甲项工作", 3, box=("第一项目", "第二项目")), Point("乙项工作", 3), Point("丙项工作", 3)]
    points[1].box = ("第一项目", "第二项目")
    plan = _check(make([points]))
    assert "box-end-unclear" not in {problem.code for problem in plan.problems}


def test_same_doubt_without_line_widths_is_said():
    points = [Point("甲项工作", 3), Point("乙项工作", 3, box=("第一项目", "第二项目")), Point("丙项工作", 3)]
    plan = read_text(make([points], Layout(wrapped=False)).text)
    assert "box-end-unclear" in {problem.code for problem in plan.problems}
    assert plan.account.balances


def test_document_facts_of_an_issued_plan():
    facts = read_text(make([[Point("甲项工作")]]).text).facts
    assert (facts.title, facts.number) == ("云岭市“十四五”残疾人保障和发展规划", "云政发〔2022〕8号")
    assert (str(facts.issued), facts.issuer, facts.status) == ("2022-04-06", "云岭市人民政府", "issued")


def test_past_results_are_no_targets():
    plan = read_text(make([[Point("甲项工作")]]).text)
    assert [int(f.value) for f in plan.results] == [3120, 206]
    assert not plan.targets


def test_must_not_be_below_is_not_read_as_below():
    text = make([[Point("甲项工作", 2)]]).text.replace(
        "各县（市、区）结合实际", "补助标准不得低于320元，支出不得超过40元，各县结合实际"
    )
    targets = {int(f.value): f.sign for f in read_text(text).targets}
    assert targets == {320: ">=", 40: "<="}


def test_units_named_in_sentence_form():
    text = make([[Point("甲项工作", 1)]], Layout(wrapped=False)).text
    text = text.replace("按季通报。\n", "按季通报。（市残联牵头，市财政局、市民政局配合）\n", 2)
    duties = read_text(text).duties
    assert ("市残联",) in {duty.lead for duty in duties}
    assert ("市财政局", "市民政局") in {duty.participating for duty in duties}


def test_two_readings_are_equal():
    text = make([[Point("甲项工作", 3, 40, ("市残联",), ("市民政局",), ("第一项目",))]]).text
    assert read_text(text) == read_text(text)


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("二〇二二年四月十六日", "2022-04-16"),
        ("2022 年 4 月 6 日", "2022-04-06"),
        ("二○二一年十二月三十日", "2021-12-30"),
    ],
)
def test_dates_in_figures_and_in_words(printed, day):
    text = make([[Point("甲项工作")]]).text.replace("\n2022年4月6日\n", f"\n{printed}\n")
    assert str(read_text(text).facts.issued) == day


def test_imprint_between_letter_and_plan_stays_in_the_letter():
    text = make([[Point("甲项工作", 9)]]).text
    text = text.replace("\n2022年4月6日\n", "\n2022年4月6日\n云岭市人民政府办公室2022年4月6日印发\n", 1)
    plan = read_text(text)
    assert [chunk.text for chunk in plan.back][-1].endswith("印发")
    assert sum(chunk.text.endswith("印发") for chunk in plan.front) == 1
    assert not plan.problems


def test_other_numbering_styles():
    text = (
        "某市残疾人事业发展规划\n第一章 总体要求\n第一节 指导思想\n坚持为群众办事。\n第二节 主要目标\n"
        "1、提高水平。认真办理。\n（1）分类办理。逐户登记。\n（2）按月办理。逐月通报。\n2、扩大范围。逐步推开。\n"
        "第二章 主要任务\n——加强康复。扩大服务。\n——促进就业。加强培训。\n以上任务按年落实。\n"
    )
    plan = read_text(text)
    assert [(s.id, s.title) for s in plan.sections] == [
        ("一", "总体要求"),
        ("一(一)", "指导思想"),
        ("一(二)", "主要目标"),
        ("一(二)1", "提高水平"),
        ("一(二)1(1)", "分类办理"),
        ("一(二)1(2)", "按月办理"),
        ("一(二)2", "扩大范围"),
        ("二", "主要任务"),
        ("二—1", "加强康复"),
        ("二—2", "促进就业"),
    ]
    assert plan.section("二").text == "以上任务按年落实。"
