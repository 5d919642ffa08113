"""An invented month: eight people of two townships, valid check characters, accounts that start with 9999."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from bulou.engine.differences.month import COLUMNS, MonthResult
from bulou.engine.facts.read_month import SheetAccount
from bulou.engine.intake.resident_id import check_character

LIVING, NURSING = "living_subsidy", "nursing_subsidy"
TITLES = {LIVING: "困难残疾人生活补贴", NURSING: "重度残疾人护理补贴"}
WHOLE = {"age", "settles", "people"}
NAMES = ("赵试一", "钱试二", "孙试三", "李试四", "周试五", "吴试六", "郑试七", "王试八")


def id_of(number: int) -> str:
    first17 = f"6206021970010{number // 1000 + 1}{number % 1000:03d}"
    return first17 + check_character(first17)


def person(number: int, **other: Any) -> dict[str, Any]:
    """Who it is about; the last person has no known place."""
    town = ("东试镇", "西试乡", None)[min(number // 4, 2)] if number < len(NAMES) else "东试镇"
    plain = {
        "person": f"p{number}",
        "id_no": id_of(number),
        "name": NAMES[number % len(NAMES)],
        "sex": "女",
        "age": 55,
        "township": town,
        "village": f"{number % 3}号村" if town else None,
        "household": f"h{number}",
        "phone": f"1390000{number:04d}",
    }
    return plain | other


def payroll_line(number: int, programme: str = LIVING, **other: Any) -> dict[str, Any]:
    plain = {
        "programme": programme,
        "title": TITLES[programme],
        "line": "本月",
        "month": "2025-06",
        "fen": 11050,
        "bank_name": "试银行",
        "bank_account": f"9999{number:012d}",
        "account_name": NAMES[number % len(NAMES)],
        "state": "可发放",
        "reason": "",
    }
    line = person(number) | plain | other
    return {"due_fen": line["fen"]} | line


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    types = {c: pl.Int64 if c.endswith("fen") or c in WHOLE else pl.String for c in COLUMNS[name]}
    return pl.DataFrame([{column: row.get(column) for column in types} for row in rows], schema=types)


def account(file: str, label: str, fates: tuple[int, int, int, int], digest: str = "ab" * 32) -> SheetAccount:
    return SheetAccount(file, "Sheet1", "kind", label, "supplier", "2025-06", digest, sum(fates), *fates, 0)


MISSED = [
    person(6) | {"programme": LIVING, "title": TITLES[LIVING], "fen": 11050, "reason": "持有有效的残疾人证",
                 "cite": "gf-1", "action": "上门告知", "deadline": "2025-07-10前"}
]  # fmt: skip
SUSPICIONS = [
    person(7) | {"code": "dead_living", "check": "去世后仍在发", "programme": LIVING, "title": TITLES[LIVING],
                 "evidence": "死亡日期：2025-05-02", "source": "死亡名单.xlsx Sheet1 第3行", "cite": "mf-1",
                 "who": "乡镇核实", "action": "核对死亡日期", "deadline": "2025-06-25前"}
]  # fmt: skip
QUESTIONS = [
    person(number) | {"fact": "person.x", "label": "同类补贴月额", "question": "每月多少元？", "who": "发放单位",
                      "settles": 1, "fen": fen, "programmes": TITLES[NURSING]}
    for number, fen in ((1, 5000), (2, 9000))
]  # fmt: skip
GAPS = [
    {"fact": "person.y", "label": "需长期照护", "supplier": "入户核查", "question": "要人照护吗？", "who": "乡镇",
     "people": 5, "programmes": TITLES[NURSING]}
]  # fmt: skip
SETTLEMENTS = [
    person(number) | {"programme": LIVING, "title": TITLES[LIVING], "month": "2025-05", "due_fen": due,
                      "paid_fen": paid, "difference_fen": due - paid, "kind": "补发" if due > paid else "追缴",
                      "payable_fen": max(due - paid, 0), "reason": "应发与实发不同", "cite": ""}
    for number, due, paid in ((1, 11050, 0), (7, 0, 11050))
]  # fmt: skip
FORECAST = [
    person(2) | {"programme": LIVING, "title": TITLES[LIVING], "month": "2025-08", "now": "应享", "then": "不再符合",
                 "reason": "届时不符：持有有效的残疾人证", "action": "现在就通知换证"}
]  # fmt: skip
PAYROLL = [
    *(payroll_line(number) for number in range(6)),
    payroll_line(0, NURSING, fen=12000),
    payroll_line(7, state="待决定", fen=None, reason="待核：本人在世"),
    payroll_line(1, state="待决定", line="补发", month="2025-05", reason="补发须由经办人确认"),
]
FILES = (
    account("残疾证名册.xlsx", "残疾证名册", (10, 2, 1, 3)),
    account("低保名册.csv", "低保名册", (5, 0, 0, 2), "cd" * 32),
)


def month(**lists: list[dict[str, Any]]) -> MonthResult:
    """The invented month; a list given by name takes the place of the usual one, and counts follow."""
    usual = {
        "missed": MISSED, "suspicions": SUSPICIONS, "questions": QUESTIONS, "gaps": GAPS, "payroll": PAYROLL,
        "settlements": SETTLEMENTS, "forecast": FORECAST,
    }  # fmt: skip
    frames = {name: frame(name, rows) for name, rows in (usual | lists).items()}
    return MonthResult(
        region="620600", region_name="试城市", month="2025-06", on=date(2025, 6, 30), pack_digest="0f" * 32,
        pack_status="issued", version="0.1.0", files=FILES, programmes=_programmes(frames), counts=_counts(frames),
        changes={f"{LIVING}.new": 2, f"{LIVING}.gone": 1},
        method=(("判定日", "按月末最后一天的情况判定", "试函〔2025〕1号"),),
        **frames,
    )  # fmt: skip


def draft() -> MonthResult:
    return replace(month(), pack_status="draft")


def _programmes(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    now = frames["payroll"].filter(line="本月")
    rows: list[dict[str, Any]] = []
    for name, title in TITLES.items():
        lines, missed = now.filter(programme=name), frames["missed"].filter(programme=name)
        due = lines.filter(pl.col("fen").is_not_null()).height + missed.height
        fen = lines["fen"].sum() + missed["fen"].sum()
        rows.append({"programme": name, "title": title, "cite": "gf-1", "due": due, "unknown": 1,
                     "enrolled": lines.height, "missed": missed.height,
                     "suspected": frames["suspicions"].filter(programme=name).height,
                     "fen_due": fen, "fen_paid_before": 5000})  # fmt: skip
    rows.append({"programme": "bus", "title": "免费乘车", "cite": "gf-2", "due": 8, "unknown": 0, "suspected": 0})
    whole = ("due", "unknown", "enrolled", "missed", "suspected", "fen_due", "fen_paid_before")
    types = dict.fromkeys(("programme", "title", "cite"), pl.String) | dict.fromkeys(whole, pl.Int64)
    return pl.DataFrame([{name: row.get(name) for name in types} for row in rows], schema=types)


def _counts(frames: dict[str, pl.DataFrame]) -> dict[str, int]:
    lines, settled = frames["payroll"], frames["settlements"]
    payable = lines.filter(state="可发放")
    lists = ("missed", "suspicions", "questions", "gaps", "settlements", "forecast")
    return {
        "rows_read": 23, "rows_accepted": 15, "rows_repaired": 2, "rows_refused": 1, "rows_furniture": 5, "people": 8,
        **{name: frames[name].height for name in lists},
        "payroll_lines": lines.height,
        "payroll_payable": payable.height,
        "payroll_held": lines.filter(state="待决定").height,
        "payroll_unset": lines.filter(state="未定金额").height,
        "payroll_later": lines.filter(state="季末发放").height,
        "payroll_declined": lines.filter(state="决定不发").height,
        "fen_payable": int(payable["fen"].sum()),
        "fen_back_pay": int(settled["payable_fen"].sum()),
        "fen_recover": -int(settled.filter(pl.col("difference_fen") < 0)["difference_fen"].sum()),
    }  # fmt: skip
