"""What is wrong with facts and with the region's values, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations

from bulou.engine.basics.days import Period
from bulou.engine.basics.problems import Place, Problem
from bulou.engine.language import FactType, Scope, facts_in, parse
from bulou.engine.pack import model as m
from bulou.engine.pack.cycles import cycles

MOST = 2**63 - 1
"""Largest whole number that a column holds (value × 10**decimals)."""


def fact_problems(pack: m.Pack) -> Iterator[Problem]:
    """Facts one by one, then labels and definitions that get in each other's way."""
    for fact in pack.facts.values():
        yield from _declaration_problems(fact, pack)
        if fact.type.type.numeric:
            yield from _bound_problems(fact)
        yield from overlaps(fact.name, [(d.period, d.origin) for d in fact.derivations])
    yield from _twice("label-twice", [(f"{f.subject} {f.label}", f.name, f.origin) for f in pack.facts.values()])
    for fact in pack.facts.values():
        words = [(word, f"{fact.name} {code}", fact.origin) for code, word in fact.codes_zh.items()]
        yield from _twice("word-twice", words)
    yield from _definition_problems(pack)


def _declaration_problems(fact: m.FactDefinition, pack: m.Pack) -> Iterator[Problem]:
    if fact.supplier and fact.supplier not in pack.suppliers:
        known = "、".join(pack.suppliers)
        got = f"{fact.name}: {fact.supplier}"
        yield Problem("unknown-supplier", fact.origin, got, known, "改正来源，或先声明它")
    if not fact.question:
        yield Problem("no-question", fact.origin, fact.name, 'question = "…？"', "写一句能问出这个事实的大白话")
    if fact.type.kind in ("code", "codes") and not fact.type.codes:
        yield Problem("no-codes", fact.origin, fact.name, 'codes = { a = "甲" }', "列出代码和中文")
    fits = {
        "unknown": True,
        "none_if_roll_complete": fact.type.kind == "code" and "none" in fact.type.codes,
    }.get(fact.absent, fact.type.kind == "bool")
    if not fits:
        got = f"{fact.name}: absent = {fact.absent!r}，类型 type {fact.type.kind}"
        yield Problem(
            "absent-does-not-fit", fact.origin, got, "是/否的事实用 false…，有代码 none 的用 none…", "改正 absent"
        )


def _bound_problems(fact: m.FactDefinition) -> Iterator[Problem]:
    low, high = fact.type.low, fact.type.high
    if low is not None and high is not None and high < low:
        yield Problem("no-value-allowed", fact.origin, f"{fact.name}: {low} 到 {high}", "min 不大于 max", "改正上下限")
    elif fact.type.limit > MOST:
        got = f"{fact.name}: 上限 {fact.type.limit:.1e}（按 {fact.type.decimals} 位小数）"
        yield Problem("too-large-to-be-exact", fact.origin, got, f"不超过 {MOST:.1e}", "减小上限或小数位数")


def _twice(code: str, named: list[tuple[str, str, Place]]) -> Iterator[Problem]:
    """One Chinese word for two things: a table's head or cell could not be told apart."""
    first: dict[str, str] = {}
    for word, name, place in named:
        if word in first:
            yield Problem(code, place, f"{first[word]} 和 {name} 都叫 {word}", "一个名称只指一样东西", "改其中一个")
        first.setdefault(word, name)


def _definition_problems(pack: m.Pack) -> Iterator[Problem]:
    vocabulary = pack.vocabulary
    parts: dict[str, list[str]] = {}
    for fact in pack.facts.values():
        parts[fact.name] = []
        for derivation in fact.derivations:
            for text in derivation.texts:
                tree = parse(text, Scope(fact.subject, vocabulary, True), derivation.origin, fact.type.type)
                if isinstance(tree, Problem):
                    yield tree
                else:
                    parts[fact.name] += facts_in(tree)
    for cycle in cycles(parts):
        yield cycle_problem(cycle, pack)


def cycle_problem(cycle: list[str], pack: m.Pack) -> Problem:
    """Facts that are defined by each other; the place is that of the first."""
    return Problem("cycle", pack.facts[cycle[0]].origin, " → ".join(cycle), "不绕回自己的定义", "去掉其中一步")


def overlaps(name: str, dated: list[tuple[Period, Place]]) -> Iterator[Problem]:
    """Two values, amounts or definitions of one thing for one day."""
    for (first, _), (second, place) in combinations(dated, 2):
        if first.overlaps(second):
            got = f"{name}: {first} 与 and {second}"
            yield Problem("two-values-for-one-date", place, got, "每天只有一个值", "改正 from 和 to（to 当天不含在内）")


def parameter_problems(pack: m.Pack) -> Iterator[Problem]:
    """Values of the region: for each day at most one, of the fact's type; without any, somebody who sets it."""
    for parameter in pack.parameters.values():
        yield from overlaps(parameter.name, [(value.period, value.origin) for value in parameter.values])
        if not parameter.values and not parameter.set_by:
            yield Problem("unset-without-setter", parameter.origin, parameter.name, "一个值，或 set_by", "写明由谁定")
        elif not parameter.values:
            got, expected = f"{parameter.name} 还没有值", f"由{parameter.set_by}定"
            yield Problem("value-not-set", parameter.origin, got, expected, "有了文件再填，注明出处和日期", "note")
        fact = pack.facts.get(parameter.name)
        for value in parameter.values:
            if fact and not _allowed(value.value, fact.type):
                got = f"{parameter.name} = {value.value}"
                yield Problem("wrong-value", value.origin, got, _wanted(fact.type), "改正这个值")
            if value.confidence != "seen":
                got = f"{parameter.name} = {value.value}（{value.confidence}）"
                yield Problem("not-verified", value.origin, got, "读过原文", "核对原文后去掉 confidence", "note")


def _allowed(value: bool | Decimal | date | str, type: FactType) -> bool:
    if isinstance(value, Decimal):
        too_low = type.low is not None and value < type.low
        too_high = type.high is not None and value > type.high
        exact = value == value.quantize(Decimal(1).scaleb(-type.decimals)) if abs(value) < Decimal(10) ** 18 else False
        return exact and not too_low and not too_high and abs(value) <= Decimal(type.limit).scaleb(-type.decimals)
    return type.kind != "code" or value in type.codes


def _wanted(type: FactType) -> str:
    bounds = " 到 ".join("…" if bound is None else str(bound) for bound in (type.low, type.high))
    return "、".join(type.codes) if type.codes else f"{type.type}，{bounds}，最多 {type.decimals} 位小数"
