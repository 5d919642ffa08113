"""Reads an answer as people type it: 是, 没有, 三级, 2, 1968年3月15日, 1,200元, 不知道."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from bulou.engine.asking.question import Question
from bulou.engine.basics.problems import Place, Problem
from bulou.engine.basics.words import FALSE_WORDS, TRUE_WORDS
from bulou.engine.facts.values import Misfit, read_cell
from bulou.engine.language.nodes import Value

NOBODY_KNOWS = frozenset({"", "不知道", "不清楚", "不晓得", "说不清", "不确定", "跳过", "?", "不明", "unknown", "skip"})
YES = TRUE_WORDS | {"是的", "对", "对的", "有的", "嗯", "需要", "会", "在", "够", "算"}
NO = FALSE_WORDS | {"不是", "没有", "没", "不", "不对", "不需要", "不会", "不在", "不够", "不算"}
DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
UNITS = re.compile(r"(元|块|块钱|人|个|个人|口|口人|名|户|天|岁|周岁|级|%)$")
DIGITS = str.maketrans("一二三四五六七八九〇零两", "123456789002")


def read_answer(text: str, question: Question, on: date, line: int) -> Value | Problem:
    """The value of an answer; None for "I do not know"; a problem when it says neither.

    `line` is the number of the answer in what was typed. A day of birth or death after `on` has not been yet.
    """
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("。.！!,，").strip()
    if plain.lower() in NOBODY_KNOWS:
        return None
    type = question.fact.type
    try:
        match type.kind:
            case "bool":
                return _yes_or_no(plain)
            case "date":
                return _date(plain, question, on)
            case "code":
                return _code(plain, question)
            case "codes":
                parts = [part for part in re.split(r"[、,，;； 和]+", plain) if part]
                return tuple(dict.fromkeys(_code(part, question) for part in parts))
        bare = UNITS.sub("", plain.removeprefix("¥").replace(" ", ""))
        bare = bare.translate(DIGITS) if len(bare) == 1 else bare
        return read_cell(bare, type, {})
    except Misfit as misfit:
        place = Place("回答 answer", line=line, column=f"{question.asked.id} · {question.fact.label}")
        fix = f"{misfit.fix}；不知道就答“不知道” or type: unknown"
        return Problem("answer-not-understood", place, text.strip()[:60], misfit.expected, fix)


def _yes_or_no(text: str) -> bool:
    if text.lower() in YES or text.lower() in NO:
        return text.lower() in YES
    raise Misfit("是 或 否 yes or no", "回答 是 或 否")


def _code(text: str, question: Question) -> str:
    """A choice by its number in the list, its word, or its code; a word may be shortened while it stays clear."""
    choices = question.choices
    if text.isascii() and text.isdigit():
        if 1 <= int(text) <= len(choices):
            return choices[int(text) - 1][0]
    else:
        named = [code for code, word in choices if text in (code, word)]
        named = named or [code for code, word in choices if text and text in word]
        if len(named) == 1:
            return named[0]
    raise Misfit("、".join(f"{at} {word}" for at, (_, word) in enumerate(choices, 1)), "回答其中一个编号或名称")


def _date(text: str, question: Question, on: date) -> date:
    found = DATE.fullmatch(text.replace(" ", ""))
    expected = "存在的日期，如 1968-03-15 或 1968年3月15日"
    if not found:
        raise Misfit(expected, "写全年、月、日")
    year, month, day = (int(part) for part in (found.groups()[:3] if found[1] else found.groups()[3:]))
    try:
        value = date(year, month, day)
    except ValueError:
        raise Misfit(expected, "改正日期，没有这一天") from None
    if question.asked.fact in ("person.birth_date", "person.death_date") and value > on:
        raise Misfit(f"不晚于办理日 {on} 的日期", "核对年份")
    return value
