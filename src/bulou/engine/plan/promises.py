"""The words around a figure: comparator, deadline, bearer and period, force, and what it is about."""

from __future__ import annotations

import re

from bulou.engine.plan.model import Force, Sign

_SIGNS: dict[str, Sign] = {
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "至少": ">=", "以上": ">=", "及以上": ">=", "达到": ">=",
    "达": ">=", "≥": ">=", "提高到": ">=", "＞": ">", ">": ">", "超过": ">", "高于": ">", "大于": ">",
    "不超过": "<=", "不高于": "<=", "不大于": "<=", "以下": "<=", "以内": "<=", "≤": "<=",
    "最多": "<=", "至多": "<=", "＜": "<",
    "<": "<", "低于": "<", "少于": "<", "小于": "<",
}  # fmt: skip
_BEFORE = re.compile(
    r"^.*(?P<word>不得?低于|不得?少于|不得?小于|不得?超过|不得?高于|不得?大于|至少|最多|至多"
    r"|(?<![不得])(?:超过|高于|大于|低于|少于|小于))[^\d，。；]{0,8}$"
    r"|(?P<near>达到|提高到|达|≥|≤|＞|＜|>|<)\s*$"
)
_DEADLINE = re.compile(
    "(?P<to>到)?(?P<year>20\\d\\d)年(?P<end>底|末)?(?P<before>前|之前|以前)?"
    '|[“"]?十(?P<plan>[四五六])五[”"]?(?:规划)?(?:期间|时期|末期|期末|末)'
)
RATES = ("%", "‰", "个百分点")
_PLAN_END = {"四": 2025, "五": 2030, "六": 2035}
_PER = re.compile(
    "(?:每(?:个?县区|个?县（[^）]*）|个?[县市区乡镇村](?:（街道）)?|人|户|名|年|月|季度|半年|家))+|各县区|各县（[^）]*）"
)
_MAY = re.compile("鼓励|支持|引导|推动|倡导|提倡|有条件的|可适当|(?:^|(?<=[，；：]))可(?=[依按适在根给向享])")
_EXPLORE = re.compile("探索|试点|研究|逐步|适时")
_MUST = re.compile(
    "落实|实现|确保|建成|建设|建立|新增|扶持|安排|培育|达到|提高|给予|发放|提取|明确|召开|举办|组织|提供|实施|开展"
    "|预留|增发|参加|资助|纳入|创建|配备|增加|推进|必须|应当|要有|达"
)
_FORCES: tuple[tuple[Force, re.Pattern[str]], ...] = (("explore", _EXPLORE), ("may", _MAY), ("must", _MUST))
_LEAD = re.compile('^(?:到20\\d\\d年底?(?:前)?|[“"]?十[四五]五[”"]?期间|对|将|使|实现|确保|其中|并|和)+')


def comparator_of(before: str, after: str | None) -> tuple[str | None, Sign | None]:
    """(printed comparator, its meaning) of a figure from its clause and the word right after it."""
    if after in ("余", "多"):
        return after, ">"
    if after == "左右":
        return after, None
    if after:
        return after, _SIGNS[after]
    if match := _BEFORE.search(before):
        word = match["word"] or match["near"]
        return word, _SIGNS[word.replace("不得", "不")]
    return None, None


def deadline_of(sentence: str) -> tuple[str | None, int | None]:
    """(printed deadline, its year) that the sentence states before the figure; a bare year is none."""
    found: tuple[str | None, int | None] = (None, None)
    for match in _DEADLINE.finditer(sentence):
        if match["plan"]:
            found = match.group(), _PLAN_END[match["plan"]]
        elif match["to"] or match["before"] or match["end"]:
            found = match.group(), int(match["year"])
    return found


def per_of(before: str, unit: str) -> str | None:
    """Bearer and period printed in the clause (每户每月), or None; of a rate only the period."""
    matches = [match.group() for match in _PER.finditer(before)]
    if unit in RATES:
        matches = [match for match in matches if match.startswith("每年")]
    return matches[-1] if matches else None


def force_of(sentence: str, rest: str) -> tuple[Force | None, str | None]:
    """(force, printed verb): the figure's own clause first, then those before it, the nearest first."""
    if (match := _MAY.search(sentence)) and match.group() == "可":
        return "may", "可"
    *earlier, own = re.split("[，：]", sentence)
    for clause in (own, rest, *reversed(earlier)):
        for force, pattern in _FORCES:
            if matches := pattern.findall(clause):
                return force, matches[-1]
    return None, None


def what_of(before: str, rest: str, unit: str) -> str:
    """The words of the clause that say what is counted: before a rate, after a count."""
    ahead = _BEFORE.sub(lambda match: match.group()[: match.start("word")] if match["word"] else "", before)
    ahead = _LEAD.sub("", ahead).rstrip("为（(按的") if unit in RATES else ahead
    behind = rest.strip("的）)（(，")
    if unit in RATES and len(ahead) >= 4:
        return ahead
    return behind if len(behind) >= 3 and not ahead else f"{ahead}…{behind}" if behind else ahead
