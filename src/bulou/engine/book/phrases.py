"""Every word of the book that does not come from the pack: headings with their English, and short phrases."""

from __future__ import annotations

import re

from bulou.engine.pack import model as m
from bulou.engine.pack.wording import PERIOD_WORDS

HEADINGS = {
    "conditions": ("条件（全部符合）", "Conditions, all of them"),
    "exclusions": ("有以下情形的除外", "Not when"),
    "relations": ("和其他项目的关系", "Beside other programmes"),
    "values": ("数值和时间", "Values over time"),
    "before": ("正式印发以前仍按上级政策", "Until the draft is issued"),
    "examples": ("例子", "Worked examples"),
    "questions": ("还没有定的", "Open questions"),
    "rules": ("来自文件的哪些规则", "Rules of the document"),
    "sources": ("依据", "Sources"),
    "order": ("先后（从上往下看）", "What comes first"),
    "steps": ("步骤", "Steps"),
    "variants": ("各地做法（不是本地规定）", "How some places do it"),
}

KINDS = {
    "programme": ("项目", "Programme"),
    "quota": ("比例和数量", "Quota"),
    "funding_floor": ("资金下限", "Funding floor"),
    "duty": ("职责", "Duty"),
    "priority": ("优先事项", "Priority"),
    "process": ("流程", "Process"),
    "indicator": ("指标", "Indicator"),
    "order": ("先后次序", "Order of priority"),
    "check": ("核对", "Check"),
}

NEEDS = {**m.NEEDS, "": ("其他", "Other")}

SUBJECTS = {
    "person": ("个人", "Person"),
    "household": ("家庭", "Household"),
    "employer": ("用人单位", "Employer"),
    "institution": ("服务机构", "Institution"),
    "region": ("政府和部门", "Government and offices"),
    "": ("没有写明", "Not said"),
}

STATUSES = {
    "in_force": ("现行", "In force"),
    "off": ("本地开办后才有", "Off until the locality offers it"),
    "draft": ("草案", "Draft"),
    "planned": ("还没有施行", "Planned"),
    "ended": ("已结束", "Ended"),
}

FORCES = {"must": "必须", "may": "可以（鼓励）", "explore": "探索"}
GIVES = {
    "cash": "现金",
    "service": "服务",
    "list_inclusion": "列入名单",
    "premium": "代缴或资助保险费",
    "fee_waiver": "减免费用",
    "insurance": "保险待遇",
    "reward": "奖励",
    "education": "教育",
    "training": "培训",
    "job": "就业岗位",
    "priority": "优先",
    "device": "辅助器具",
    "adaptation": "无障碍改造",
    "legal_aid": "法律援助",
    "levy": "应缴的款项",
}
PERIODS = {**PERIOD_WORDS, "none": "不定期"}
VERDICTS = {"yes": "符合", "no": "不符合", "unknown": "还不能断定"}
COMPARATORS = {">=": "不低于", ">": "高于", "<=": "不超过", "<": "低于", "=": "等于", "in_step_with": "与之同步："}
ABSENT = {
    "unknown": "没有写就是不知道",
    "false": "没有报就当作没有",
    "false_if_roll_complete": "名册完整载入的月份，名册里没有就是没有",
    "none_if_roll_complete": "名册完整载入的月份，名册里没有就是没有",
    "plan_in_force": "已印发的包为是，草案要有人说明",
}

RUNS = {"month": "每月比对", "levy": "核对残保金名单时"}
FIRST = {"true": "{a}的在先", "smallest": "{a}小的（早的）在先", "largest": "{a}大的（晚的）在先"}

WORDS = {
    "who": "给谁",
    "whom": "对象",
    "gives": "得到",
    "pays": "多久一次",
    "force": "力度",
    "period": "施行时间",
    "amount": "金额",
    "amount from": "金额（{a}）",
    "lasts": "持续",
    "months": "{a}个月",
    "note": "注",
    "set by": "还没有定，由{a}定",
    "locality": "本地",
    "at least": "至少为{a}",
    "office": "谁负责",
    "says": "说明",
    "applies": "适用于",
    "test": "怎样算达到",
    "not computable": "不能由系统算出的原因",
    "number": "序号",
    "unit": "单位",
    "nature": "性质",
    "baseline": "基期",
    "target": "目标",
    "year": "{a}年：{b}",
    "per year": "每年{a}",
    "numerator": "分子（数这样的人）",
    "denominator": "分母（数这样的人）",
    "figures": "用本地的数对照",
    "programmes": "相关项目",
    "suspicious": "可疑的情形",
    "action": "怎么办",
    "run": "什么时候看",
    "line": "谁在名单里",
    "everybody": "给出的全部对象",
    "no order": "为什么排不出先后",
    "duty": "对应的优先事项",
    "evidence": "看哪些事实",
    "from on": "{a}起",
    "until": "到{a}前",
    "no start": "起始日没有写",
    "always": "没有写起止",
    "and": "，",
    "join": "；",
    "yes": "是",
    "stacks": "可以同时享受：{a}",
    "gives way": "已享受的不再享受本项：{a}",
    "highest": "同类只享受一项，就高：{a}",
    "inherited": "来自{a}",
    "own words": "包里的说法：{a}",
    "dated": "只在{a}",
    "from head": "从哪天起",
    "to head": "到哪天前",
    "value head": "值",
    "cite head": "依据",
    "proof head": "核对",
    "unset": "还没有值，由{a}定",
    "nobody": "有权的部门",
    "open": "没有写",
    "given": "{a}：{b}",
    "region given": "本地",
    "result yes": "{a}：符合",
    "result amount": "{a}：符合，{b}元",
    "result amount open": "{a}：符合，金额还没有定",
    "result no": "{a}：不符合",
    "result failed": "{a}：不符合，没有满足：{b}",
    "result unknown": "{a}：还不能断定",
    "result missing": "{a}：还不能断定，要问：{b}",
    "on": "按{a}的情况",
    "rolls": "已完整载入的名册：{a}",
    "rule head": "规则",
    "clause head": "条款",
    "lines head": "原文行",
    "about head": "内容",
    "added": "（再读补上）",
    "documents": "全部文件",
    "document head": "文件",
    "number head": "文号",
    "date head": "日期",
    "issuer head": "印发单位",
    "link head": "网址",
    "no date": "没有写日期",
    "clauses": "{a}",
    "order head": "序",
    "step who": "谁办",
    "step does": "办什么",
    "step limit": "期限",
    "no limit": "文件没有写",
    "working days": "{a}个工作日",
    "days": "{a}天",
    "place": "地方",
    "how": "做法",
}

_PART = re.compile(r"\{([abc])\}")


def say(key: str, *parts: str) -> str:
    """A phrase with its parts put in."""
    return put_in(WORDS[key], *parts)


def put_in(phrase: str, *parts: str) -> str:
    """The phrase with its parts at {a}, {b}, {c}."""
    named = dict(zip("abc", parts, strict=False))
    return _PART.sub(lambda found: named[found[1]], phrase)
