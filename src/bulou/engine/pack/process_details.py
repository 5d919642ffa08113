"""What a process may say beyond its name, subject and cite: each key with its words, its kind and its codes.

The reader takes these keys and no others, the schema offers them, the policy book says them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bulou.engine.basics.toml_tables import Table
from bulou.engine.pack.model import CONFIDENCES, FORCES

Kind = Literal["text", "texts", "whole", "flag", "code", "test"]


@dataclass(frozen=True)
class Detail:
    """One key: what it is called, of which kind its value is, and the words of its codes.

    `unit` follows a number. A test is an expression about the process's subject.
    """

    words: str
    kind: Kind = "text"
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)


START = {
    "application_month": "从申请的当月起",
    "issue_month": "从发证的当月起",
    "month_after_decision": "从确认的次月起",
}
STOP = {"finding_month": "从发现的当月起", "next_month": "从次月起", "month_after_expiry": "从到期的次月起"}
PERIODS = {"month": "每月", "quarter": "每季度", "year": "每年"}
PROOF = dict(zip(CONFIDENCES, ("读过原文", "据转述，没有核对原文", "没有核对出处"), strict=True))
FORCE = dict(zip(FORCES, ("必须", "可以", "探索"), strict=True))

STEP = {
    "who": Detail("谁办"),
    "does": Detail("办什么"),
    "working_days": Detail("期限", "whole", "个工作日"),
    "days": Detail("期限（自然日）", "whole", "天"),
}

DETAILS = {
    "says": Detail("说明"),
    "force": Detail("力度", "code", codes=FORCE),
    "who_may_apply": Detail("谁可以申请", "texts"),
    "who_to_check": Detail("核查谁", "test"),
    "whom": Detail("对象", "texts"),
    "where": Detail("在哪里办"),
    "voluntary": Detail("自愿申请", "flag"),
    "one_window": Detail("一个窗口受理", "flag"),
    "system": Detail("在哪个系统办"),
    "effective_from": Detail("施行日期"),
    "collect_for_others_from": Detail("跨省代收开始日期"),
    "fully_online_from": Detail("全程网办开始日期"),
    "period": Detail("多久一次", "code", codes=PERIODS),
    "pay_from": Detail("从什么时候起发", "code", codes=START),
    "stop_from": Detail("从什么时候起停", "code", codes=STOP),
    "mode": Detail("怎样发"),
    "cash": Detail("现金"),
    "events": Detail("情形", "texts"),
    "reasons": Detail("原因", "texts"),
    "fields": Detail("范围", "texts"),
    "compared_with": Detail("与哪些部门比对", "texts"),
    "covers_services": Detail("包括的业务", "texts"),
    "shows": Detail("公开什么", "texts"),
    "hides": Detail("不公开什么"),
    "fee": Detail("费用"),
    "limits_set_by": Detail("期限由谁定", "code", codes={"locality": "由本地定", "province": "由省定"}),
    "public_notice_days": Detail("公示天数（自然日）", "whole", "天"),
    "public_notice_working_days": Detail("公示天数", "whole", "个工作日"),
    "total_working_days": Detail("全程期限", "whole", "个工作日"),
    "total_working_days_extended": Detail("全程期限（可延长到）", "whole", "个工作日"),
    "months_stable": Detail("情况稳定的多久核查一次", "whole", "个月"),
    "months_unstable_with_working_ability": Detail("收入不定又有劳动力的多久核查一次", "whole", "个月"),
    "back_pay_months_max": Detail("最多补发", "whole", "个月"),
    "back_pay_rate": Detail("补发标准"),
    "validity_years": Detail("有效期", "whole", "年"),
    "damaged_replacement_keeps_start_date": Detail("损坏换新不改起始日", "flag"),
    "variants_unit": Detail("各地天数的单位", "code", codes={"working_day": "工作日", "day": "自然日"}),
    "confidence": Detail("出处核对", "code", codes=PROOF),
    "note": Detail("注"),
}

VARIANT = {
    "place": Detail("地方"),
    "village": Detail("村（社区）", "whole"),
    "village_notice_days": Detail("村（社区）公示", "whole", "天"),
    "township": Detail("乡镇（街道）", "whole"),
    "disabled_federation": Detail("残联", "whole"),
    "civil_affairs": Detail("民政", "whole"),
    "cross_province_total": Detail("跨省全程", "whole"),
    "working_days": Detail("期限", "whole", "个工作日"),
    "days": Detail("期限（自然日）", "whole", "天"),
    "notice_days": Detail("公示（自然日）", "whole", "天"),
    "notice_working_days": Detail("公示", "whole", "个工作日"),
    "county_decision_working_days": Detail("县级确认", "whole", "个工作日"),
    "refusal_notice_working_days": Detail("不同意的告知", "whole", "个工作日"),
    "pay_by_day": Detail("每月几日前发", "whole", "日"),
    "of_month": Detail("哪个月发", "code", codes={"same": "当月", "next": "次月"}),
    "remind_months_before": Detail("到期前几个月提醒", "whole", "个月"),
    "second_written_notice_months_before": Detail("到期前几个月再书面提醒", "whole", "个月"),
    "during_regrading": Detail("重新评定期间"),
    "force_majeure_transition": Detail("不可抗力有过渡期", "flag"),
    "may_renew_years_after_issue": Detail("发证几年后可换", "whole", "年"),
    "may_renew_months_before": Detail("到期前几个月可换", "whole", "个月"),
    "visual_first_issue": Detail("视力残疾首次发证"),
    "hospital_assessed_unchanged": Detail("医院评定没有变化的"),
    **{
        key: DETAILS[key]
        for key in (
            "period",
            "pay_from",
            "stop_from",
            "events",
            "back_pay_months_max",
            "total_working_days",
            "total_working_days_extended",
            "public_notice_days",
        )
    },
    "source": Detail("来源"),
}
"""How one place does it: no default for others."""


def read_details(table: Table) -> dict[str, Any]:
    """The details of a process as they stand in its table; keys and values that do not fit are reported."""
    _read(table, DETAILS)
    table.texts("basis")
    for step in table.rows("steps"):
        _read(step, STEP, required=("who", "does"))
        step.done()
    for variant in table.rows("variants"):
        _read(variant, VARIANT, required=("place",))
        variant.done()
    known = (*DETAILS, "basis", "steps", "variants")
    return {key: value for key, value in table.content.items() if key in known}


def _read(table: Table, details: Mapping[str, Detail], required: tuple[str, ...] = ()) -> None:
    for key, detail in details.items():
        match detail.kind:
            case "texts":
                table.texts(key)
            case "whole":
                table.whole(key)
            case "flag":
                table.flag(key)
            case "code":
                table.choice(key, tuple(detail.codes), "")
            case _:
                table.text(key, None if key in required else "")
