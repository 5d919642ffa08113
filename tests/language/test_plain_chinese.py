"""Rules in plain Chinese: complete, exact, and different wherever the rules differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.engine.basics.problems import Problem
from bulou.engine.language import FactType, FactWords, Node, Scope, facts_in, in_chinese, parse, walk
from bulou.engine.language import nodes as n
from bulou.engine.language.functions import FUNCTIONS
from bulou.engine.language.plain_chinese import FLIPPED, PHRASES
from bulou.engine.language.simplify import replace_facts, with_children
from bulou.engine.pack import Pack, read_pack
from bulou.engine.pack import regions as all_regions
from tests.generative import packs as generated
from tests.spec.tables import node_of, tables

REGIONS = all_regions()
WORDS = {
    "person.age": FactWords("周岁", unit="周岁"),
    "person.grade": FactWords("残疾等级", unit="级", low=Decimal(1), high=Decimal(4)),
    "person.dibao": FactWords("低保对象", "是低保对象", "不是低保对象"),
    "person.rural": FactWords("农村居民"),
    "person.category": FactWords("残疾类别", codes={"vision": "视力", "mental": "精神", "none": "无"}),
    "person.multiple_of": FactWords("所含类别", codes={"vision": "视力", "mental": "精神"}),
    "person.born": FactWords("出生日期"),
    "person.income": FactWords("收入"),
    "person.n": FactWords("人数", unit="人"),
    "region.elder_age": FactWords("老年起始年龄", unit="周岁"),
    "region.standard": FactWords("低保标准"),
    "region.percent": FactWords("比例", unit="%"),
    "household.size": FactWords("家庭人数", unit="人"),
}
TYPES = {
    "person.age": FactType("int"),
    "person.grade": FactType("int", low=Decimal(1), high=Decimal(4)),
    "person.dibao": FactType("bool"),
    "person.rural": FactType("bool"),
    "person.category": FactType("code", ("vision", "mental", "none")),
    "person.multiple_of": FactType("codes", ("vision", "mental")),
    "person.born": FactType("date"),
    "person.income": FactType("money"),
    "person.n": FactType("number"),
    "region.elder_age": FactType("int"),
    "region.standard": FactType("money"),
    "region.percent": FactType("number"),
    "household.size": FactType("int"),
    "decision.day": FactType("date"),
}


def tree(text: str, subject: str, types: dict[str, FactType], defines: bool = False) -> Node:
    found = parse(text, Scope(subject, types, defines), generated.HERE)
    assert not isinstance(found, Problem), found
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("person.age >= 18", "年满18周岁"),
        ("person.age < 18", "未满18周岁"),
        ("18 <= person.age", "年满18周岁"),
        ("NOT person.age >= 18", "未满18周岁"),
        ("person.age BETWEEN 16 AND 59", "年龄在16周岁至59周岁之间（含两端）"),
        ("NOT person.age BETWEEN 16 AND 59", "未满16周岁，或年龄超过59周岁"),
        ("person.age >= region.elder_age", "年龄不低于“老年起始年龄”"),
        ("person.grade <= 2", "残疾等级为一级或二级"),
        ("person.grade > 1", "残疾等级为二级、三级或四级"),
        ("person.grade = 3", "残疾等级为三级"),
        ("person.grade <> 3", "残疾等级不是三级"),
        ("person.dibao", "是低保对象"),
        ("NOT person.dibao", "不是低保对象"),
        ("person.rural", "“农村居民”为是"),
        ("NOT person.rural", "“农村居民”为否"),
        ("NOT (person.dibao OR NOT person.grade = 1)", "不是低保对象，且残疾等级为一级"),
        ("person.dibao AND (person.grade = 1 OR person.age < 7)", "是低保对象，且（残疾等级为一级，或未满7周岁）"),
        ("person.category IN ('vision', 'mental')", "残疾类别为视力或精神"),
        ("person.category <> 'vision'", "残疾类别不是视力"),
        ("has_code(person.multiple_of, 'mental')", "所含类别包括精神"),
        ("NOT has_code(person.multiple_of, 'mental')", "所含类别不包括精神"),
        ("person.income < region.standard", "收入低于低保标准"),
        ("person.income >= 99.50", "收入不低于99.5元"),
        ("person.n >= 2", "人数不少于2人"),
        ("person.n * 100 >= 1.5 * household.size", "人数不低于家庭人数的1.5%"),
        ("person.n * 100 < region.percent * household.size", "人数低于家庭人数乘以比例（%）"),
        ("person.born <= '2016-02-29'", "出生日期不晚于2016年2月29日"),
        ("full_years(person.born, decision.day) >= 60", "从出生日期到判定当天已满60年"),
        ("full_months(person.born, decision.day) < 6", "从出生日期到判定当天未满6个月"),
        ("greatest(0, person.income - 100) * 0.5", "（收入减100）（不足0的按0）乘以0.5"),
        ("CASE WHEN person.grade = 1 THEN 100 ELSE 0 END", "残疾等级为一级的，为100；其余的，为0"),
    ],
)
def test_a_rule_reads_like_this(text: str, words: str) -> None:
    assert in_chinese(tree(text, "person", TYPES), WORDS.__getitem__) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("any_member(person.dibao)", "有家庭成员是低保对象"),
        ("NOT any_member(person.dibao)", "没有家庭成员是低保对象"),
        ("at_least_members(2, person.grade <= 2)", "至少有2名家庭成员残疾等级为一级或二级"),
        ("NOT at_least_members(2, person.dibao)", "不到2名家庭成员是低保对象"),
        ("any_member(person.dibao AND person.age < 7)", "有家庭成员符合（是低保对象，且未满7周岁）"),
        ("count_members(person.dibao) * 2 >= household.size", "是低保对象的家庭成员人数乘以2不低于家庭人数"),
        ("sum_members(person.income, TRUE) < region.standard", "全部的家庭成员的收入合计低于低保标准"),
        ("first_known(any_member(person.dibao), FALSE)", "有家庭成员是低保对象（不知道的按不成立算）"),
        ("any_member(person.dibao) OR unknown", "有家庭成员是低保对象的成立，其余的还不能断定"),
    ],
)
def test_a_rule_about_a_household_reads_like_this(text: str, words: str) -> None:
    assert in_chinese(tree(text, "household", TYPES, True), WORDS.__getitem__) == words


def test_every_function_has_its_phrase() -> None:
    assert set(FUNCTIONS) <= set(PHRASES)


def label_of(name: str) -> FactWords:
    return FactWords(f"事实{name.replace('.', '点')}")


def test_everything_in_the_pages_of_the_language_can_be_said() -> None:
    """The tables of the language's own page hold every operator and function."""
    kinds = set()
    for table in tables():
        for column in table.columns:
            if column.kind in ("given", "members"):
                continue
            node = node_of(column, table)
            kinds |= {type(part) for part in walk(node)}
            assert all(
                label_of(name).label in in_chinese(node, label_of) for name in facts_in(node) if "decision" not in name
            )
    assert kinds == {kind for kind in vars(n).values() if isinstance(kind, type) and issubclass(kind, n.Node)} - {
        n.Node
    }


def expressions(pack: Pack) -> Iterator[Node]:
    """Every expression of a pack: conditions, amounts, duties, counts, checks, orders, definitions."""
    types = pack.vocabulary
    for programme in pack.programmes.values():
        texts = [c.test for c in programme.conditions] + [rule.expression for rule in programme.amounts]
        yield from (tree(text, programme.subject, types) for text in texts)
    for duty in pack.duties.values():
        yield from (tree(text, duty.subject, types) for text in (duty.applies, duty.test) if text)
    for indicator in pack.indicators.values():
        counts = (indicator.numerator, indicator.denominator)
        yield from (tree(text, "person", types) for text in counts if text)
        yield from (tree(text, "region", types) for text in (indicator.test,) if text)
    yield from (tree(check.test, "person", types) for check in pack.checks.values())
    for priority in pack.priorities.values():
        texts = [priority.among, *(key.expression for key in priority.keys)]
        yield from (tree(text, priority.subject, types) for text in texts if text)
    for fact in pack.facts.values():
        yield from (tree(text, fact.subject, types, True) for d in fact.derivations for text in d.texts)


@cache
def loaded(region: str) -> Pack:
    return read_pack(region)


@pytest.mark.parametrize("region", REGIONS)
def test_every_expression_of_every_pack_is_said_in_chinese(region: str) -> None:
    """Nothing but Chinese, figures and marks; no name of a fact, no code, no operator is left."""
    pack = loaded(region)
    for node in expressions(pack):
        said = in_chinese(node, pack.words)
        assert said and not set(said) & set("<>=_*{}'"), said
        assert not any(letter.isascii() and letter.isalpha() for letter in said), said


@pytest.mark.parametrize("region", REGIONS)
def test_a_changed_rule_is_said_differently(region: str) -> None:
    """Each comparison turned round, each number raised, each AND made an OR, each fact replaced by another."""
    pack = loaded(region)
    seen = 0
    for node in dict.fromkeys(expressions(pack)):
        said = in_chinese(node, pack.words)
        for other in changes(node):
            seen += 1
            assert in_chinese(other, pack.words) != said, said
    assert seen > 100


def changes(node: Node) -> Iterator[Node]:
    """The tree with one part of it changed, for every part that can be."""
    match node:
        case n.Compare():
            yield replace(node, operator=FLIPPED[node.operator])
        case n.And():
            yield n.Or(node.parts)
        case n.Or():
            yield n.And(node.parts)
        case n.Literal() if isinstance(node.value, Decimal) and not isinstance(node.value, bool):
            yield replace(node, value=node.value + 1)
        case n.OneOf() if len(node.options) > 1:
            yield replace(node, options=node.options[1:])
        case n.Fact() if node.type.kind == "bool":
            yield n.Not(node)
    for at, child in enumerate(node.children):
        for changed in changes(child):
            yield with_child(node, at, changed)


def with_child(node: Node, at: int, changed: Node) -> Node:
    """The node with one child replaced."""
    children = list(node.children)
    children[at] = changed
    return with_children(node, children)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_expression_can_be_said_and_names_its_facts(data: st.DataObject) -> None:
    text = data.draw(generated.tests(generated.readable("person")))
    node = tree(text, "person", {**generated.GIVEN, **generated.DERIVED, "decision.day": FactType("date")})
    said = in_chinese(node, label_of)
    assert all(label_of(name).label in said for name in facts_in(node) if name != "decision.day")
    assert said.count("（") == said.count("）")
    renamed = replace_facts(node, lambda fact: replace(fact, name=f"{fact.name}_2"))
    if set(facts_in(node)) - {"decision.day"}:
        assert in_chinese(renamed, label_of) != said
