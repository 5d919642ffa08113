"""Finds the clauses that seem to speak of a programme, by the words of its name alone: a hint for a reader."""

from __future__ import annotations

import re

from bulou.engine.plan.clauses import Clause, chapters_looking_back, own_clauses
from bulou.engine.plan.model import Plan

MOST = 3
_ENOUGH = 0.5
_COMMON = ("残疾人", "残疾", "困难", "重度", "补贴", "补助", "救助", "服务", "项目", "低保", "城乡居民", "家庭", "保险")
_SENTENCE = re.compile("[。；\n]")
_ASIDE = re.compile("[（(][^（()）]*[)）]")


def speaking_clauses(name: str, plan: Plan) -> list[Clause]:
    """At most three clauses with a sentence that holds half of what is peculiar to the name, the best first."""
    wanted = _telling(name)
    past = chapters_looking_back(plan)
    scored = []
    for clause in own_clauses(plan):
        if clause.id[0] in past or clause.row:
            continue
        share = max((_share(wanted, sentence) for sentence in _SENTENCE.split(clause.text)), default=0.0)
        if share >= _ENOUGH:
            scored.append((-share, clause.line, clause))
    return [clause for _, _, clause in sorted(scored, key=lambda one: one[:2])[:MOST]]


def _telling(name: str) -> set[str]:
    """The pairs of characters that tell this name from others."""
    pairs = _pairs(_ASIDE.sub("", name))
    return pairs - {pair for word in _COMMON for pair in _pairs(word)} or pairs


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _share(wanted: set[str], sentence: str) -> float:
    return len(wanted & _pairs(sentence)) / len(wanted) if wanted else 0.0
