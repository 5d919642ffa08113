"""Payment rolls of the month before, what the bank returned, and the ministry's list of doubtful data."""

from __future__ import annotations

import numpy as np
import polars as pl

from bulou.engine.synthetic.certificates import certificate_numbers, grade_in
from bulou.engine.synthetic.draws import Array
from bulou.engine.synthetic.due import PROGRAMMES
from bulou.engine.synthetic.months import NEVER, month_text
from bulou.engine.synthetic.payments import Payer, paid_in, payment_roll
from bulou.engine.synthetic.sheets import Sheet, Writer

PROGRAMME_WORDS = {"living_subsidy": "困难残疾人生活补贴", "nursing_subsidy": "重度残疾人护理补贴"}
_FAILURES = ("户名不符", "账户已销户", "账户状态异常")


def roll(w: Writer, payer: Payer, programme: str) -> Sheet:
    """The payment roll of last month, as the counties sent it."""
    month = w.month - 1
    rows = payment_roll(w.region, payer, programme, month).sort("village", "person")
    person = rows["person"].to_numpy()
    people = w.people.take(person)
    numbered = certificate_numbers(people, month)
    first_grade = np.where(people["grade"] > 0, people["grade"], 3)
    grade = np.where(payer.forced[programme][person], first_grade, grade_in(people, month))
    return w.sheet(
        "living_roll" if programme == "living_subsidy" else "nursing_roll",
        person,
        village=rows["village"].to_numpy(),
        cert_no=np.where(people["certified_month"] < NEVER, numbered, "").astype(object),
        grade=grade.astype(str).astype(object),
        programme=np.full(len(person), PROGRAMME_WORDS[programme], dtype=object),
        month=np.full(len(person), month_text(month), dtype=object),
        money=rows["fen"].to_numpy(),
        account=people["account"],
    )


def bank_return(w: Writer, payer: Payer) -> Sheet:
    """Every transfer of last month with its result."""
    sheets = [roll(w, payer, programme) for programme in PROGRAMMES]
    columns = {
        name: np.concatenate([sheet.columns[name] for sheet in sheets])
        for name in ("township", "name", "account", "money", "id_no", "programme")
    }
    draws = w.region.setting.draws("bank", w.month)
    size = len(columns["name"])
    failed = draws.chance(size, w.region.setting.calibration.number("bank_failure_share"))
    reason = np.array(_FAILURES, dtype=object)[draws.whole(0, len(_FAILURES) - 1, size)]
    columns["result"] = np.where(failed, "失败", "成功").astype(object)
    columns["reason"] = np.where(failed, reason, "").astype(object)
    person = np.concatenate([sheet.person for sheet in sheets])
    return Sheet("bank_return", columns, person, np.concatenate([sheet.county for sheet in sheets]))


def suspicions(w: Writer, payer: Payer) -> tuple[Sheet, pl.DataFrame]:
    """The ministry's list, and which of its rows are right: it knows of deaths nobody reported here, and it errs.

    A company found in a person's name is no reason to stop anything: all such rows are false.
    """
    month, draws = w.month - 1, w.region.setting.draws("ministry", w.month)
    paid = np.logical_or.reduce([paid_in(w.region, payer, programme, month) for programme in PROGRAMMES])
    dead = np.flatnonzero(
        paid
        & (w.people["death_month"] < month)
        & draws.chance(len(paid), w.region.setting.number("ministry_reach_share"))
    )
    living = np.flatnonzero(paid & (w.people["death_month"] > w.month) & (w.people["prison_from"] == NEVER))
    wrong = draws.sample(living, max(3, len(living) // 1000))
    prisoners = np.flatnonzero(paid & w.people.during("prison", month))
    groups: tuple[tuple[Array, str, str, bool], ...] = (
        (dead, "死亡后领取", "比对死亡信息", True),
        (prisoners, "服刑期间领取", "比对服刑信息", True),
        (wrong[::3], "死亡后领取", "比对死亡信息", False),
        (wrong[1::3], "名下有企业登记", "比对市场主体登记信息", False),
        (wrong[2::3], "跨省重复领取", "比对其他省份发放名册", False),
    )
    person = np.concatenate([who for who, _, _, _ in groups])
    kinds = [kind for who, kind, _, _ in groups for _ in who]
    details = [detail for who, _, detail, _ in groups for _ in who]
    truth = pl.DataFrame(
        {
            "person": pl.Series(person, dtype=pl.Int64),
            "id_no": pl.Series(w.people["id_no"][person].tolist(), dtype=pl.String),
            "folder": pl.Series([month_text(w.month)] * len(person), dtype=pl.String),
            "kind": pl.Series(kinds, dtype=pl.String),
            "right": pl.Series([right for who, _, _, right in groups for _ in who], dtype=pl.Boolean),
        }
    )
    answer = np.full(len(person), "", dtype=object)
    columns = {"kind": np.array(kinds, dtype=object), "detail": np.array(details, dtype=object), "answer": answer}
    return w.sheet("suspicions", person, **columns), truth
