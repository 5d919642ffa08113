"""Differences between regions in plain words: who has it, from which age, how much more, what only some ask for."""

from __future__ import annotations

from collections.abc import Sequence

from bulou.engine.basics.money import yuan_text
from bulou.engine.comparison.terms import FORCES, Terms, amount_in_words, by_grade, numbered
from bulou.engine.pack.wording import PERIOD_WORDS

NOTHING_ELSE = "没有别的条件"
Shown = tuple[str, str, Terms | None]
"""Name of the region, how the programme stands there, its terms."""


def differences(sides: Sequence[Shown]) -> list[str]:
    """Sentences on what differs, most important first; none when the regions say the same."""
    there = [(name, terms) for name, _, terms in sides if terms is not None]
    said = [*_standings(sides)]
    if len(there) > 1:
        said += [*_forces(there), *_ages(there), *_amounts(there), *_conditions(there)]
    return said


def _grouped(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """(words, regions) in order of appearance."""
    groups: dict[str, list[str]] = {}
    for name, words in pairs:
        groups.setdefault(words, []).append(name)
    return list(groups.items())


def _standings(sides: Sequence[Shown]) -> list[str]:
    usual = set(FORCES.values())
    notable = [(name, standing) for name, standing, _ in sides if standing not in usual]
    return [f"{'、'.join(names)}：{standing}" for standing, names in _grouped(notable)]


def _forces(there: Sequence[tuple[str, Terms]]) -> list[str]:
    found = _grouped([(name, FORCES[terms.force]) for name, terms in there])
    return [] if len(found) == 1 else ["；".join(f"{'、'.join(names)}写的是“{word}”" for word, names in found)]


def _ages(there: Sequence[tuple[str, Terms]]) -> list[str]:
    found = _grouped([(name, terms.ages_words or "不看年龄") for name, terms in there])
    return [f"年龄不同：{_listed(found)}"] if len(found) > 1 else []


def _listed(found: Sequence[tuple[str, list[str]]]) -> str:
    return "；".join(f"{'、'.join(names)}：{words}" for words, names in found)


def _amounts(there: Sequence[tuple[str, Terms]]) -> list[str]:
    found = _grouped([(name, amount_in_words(terms) or "不发钱") for name, terms in there])
    return [f"金额不同：{_listed(found)}", *_how_much_more(there)] if len(found) > 1 else []


def _how_much_more(there: Sequence[tuple[str, Terms]]) -> list[str]:
    """The highest against each lower one, by grade, where the sums are known and paid for the same period."""
    said: dict[str, list[str]] = {}
    for pays in dict.fromkeys(terms.pays for _, terms in there):
        sums = [(name, by_grade(terms)) for name, terms in there if terms.pays == pays]
        for grade in ("1级", "2级", "3级", "4级"):
            known = [(name, fen) for name, found in sums if (fen := found.get(grade)) is not None]
            best, most = max(known, key=lambda one: one[1], default=("", 0))
            for name, fen in known:
                if fen < most:
                    words = f"{best}比{name}{PERIOD_WORDS.get(pays, '')}多{yuan_text(most - fen)}元"
                    said.setdefault(words, []).append(grade.removesuffix("级"))
    return [words if len(grades) == 4 else f"{'、'.join(grades)}级，{words}" for words, grades in said.items()]


def _conditions(there: Sequence[tuple[str, Terms]]) -> list[str]:
    """What each asks for beyond what all ask for; equal are conditions with equal tests, whatever their words."""
    shared = set.intersection(*({condition.key for condition in terms.conditions} for _, terms in there))
    own: dict[frozenset[object], tuple[list[str], str]] = {}
    for name, terms in there:
        more = [condition for condition in terms.conditions if condition.key not in shared]
        says = numbered([condition.says for condition in more])
        own.setdefault(frozenset(condition.key for condition in more), ([], says))[0].append(name)
    if len(own) == 1:
        return []
    common = numbered([condition.says for condition in there[0][1].conditions if condition.key in shared])
    besides = "另外" if common else ""
    return [
        *([f"都要求：{common}"] if common else []),
        *(f"{'、'.join(names)}{f'{besides}要求：{says}' if says else NOTHING_ELSE}" for names, says in own.values()),
    ]
