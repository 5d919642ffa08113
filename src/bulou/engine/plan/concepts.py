"""The same thing under different names: aligns indicators and prose targets of different plans by concept.

A concept is recognised by its words; what else a name says (符合条件且有需求, 城乡居民, 目标人群) is kept as
its qualifiers, because it changes who is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Concept:
    """One thing that plans set targets for; `core` are words that say nothing about who is counted."""

    key: str
    name: str
    pattern: re.Pattern[str]
    core: tuple[str, ...]


def _concept(key: str, name: str, pattern: str, core: str) -> Concept:
    return Concept(key, name, re.compile(pattern), tuple(sorted(core.split(), key=len, reverse=True)))


CONCEPTS: tuple[Concept, ...] = (
    _concept("income", "家庭人均收入增长", "人均.{0,6}收入.{0,4}增", "残疾人家庭 人均 收入 增长 增速"),
    _concept(
        "training",
        "职业技能培训人数",
        "职业技能培训人数|提供职业技能培训",
        "残疾人提供职业技能培训 残疾人 职业技能培训人数 为",
    ),
    _concept("dibao", "最低生活保障纳入比例", "最低生活保障.{0,4}比例", "残疾人纳入最低生活保障比例"),
    _concept("living_subsidy", "困难残疾人生活补贴覆盖率", "生活补贴.{0,6}覆盖率", "困难残疾人生活补贴 覆盖率"),
    _concept("nursing_subsidy", "重度残疾人护理补贴覆盖率", "护理补贴.{0,6}覆盖率", "重度残疾人护理补贴 覆盖率"),
    _concept("pension", "基本养老保险参保率", "养老保险参保率", "残疾人 基本养老保险参保率"),
    _concept("medical", "基本医疗保险参保率", "医疗保险参保率", "残疾人 基本医疗保险参保率"),
    _concept(
        "schooling",
        "义务教育入学率",
        "义务教育(?:入学率|.{0,4}比例)",
        "残疾儿童少年 接受 义务教育 入学率 比例",
    ),
    _concept(
        "rehabilitation",
        "基本康复服务覆盖率",
        "康复服务.{0,3}(?:覆盖率|比例)",
        "基本康复服务覆盖率 接受基本康复服务的比例",
    ),
    _concept("devices", "辅助器具适配率", "(?:辅助器具|辅具)适配.{0,3}率", "辅助器具适配率 辅具适配率"),
    _concept(
        "accessible_homes",
        "困难重度残疾人家庭无障碍改造",
        "家庭.{0,4}无障碍.{0,2}改造|居家无障碍覆盖率",
        "困难重度残疾人 家庭 居家 无障碍 实施 改造 累计 数 覆盖率 为",
    ),
    _concept("employment_growth", "新增就业人数", "新增.{0,8}就业", "新增 城乡残疾人 残疾人 就业"),
    _concept("quota", "按比例安排就业", "推进用人单位|安置残疾人比例", "依法推进 安置残疾人比例 落实 用人单位"),
    _concept(
        "community_mental_rehab",
        "开展精神障碍社区康复的县",
        "开展精神障碍社区康复服务",
        "开展精神障碍社区康复服务 县（市、区） 县(市、区、行委) 县（市、区、行委）",
    ),
    _concept(
        "federation_cadres",
        "残联机关残疾人干部比例",
        "残联机关干部队伍",
        "县级及以上的残联机关干部队伍 县级及以上残联机关干部队伍 残疾人 要有 有 中",
    ),
)


def concept_of(words: str) -> Concept | None:
    """The concept that a name or clause speaks of, or None."""
    return next((concept for concept in CONCEPTS if concept.pattern.search(words)), None)


def qualifiers(words: str, concept: Concept) -> str:
    """What a name says beyond the concept's own words: who is counted, and how."""
    rest = words
    for core in concept.core:
        rest = rest.replace(core, "·")
    pieces = (piece.strip("的和中…、，") for piece in re.split("[·…]", rest))
    return "、".join(piece for piece in pieces if len(piece) > 1)
