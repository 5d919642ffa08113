"""The late fee of a row: what was unpaid at the deadline, for the days until it was paid or until the day of counting.

Days run from the day after the deadline to the day of payment, both counted. Whether it is due at all hangs on an
order to pay whose term has passed; while nobody has said so, the amount is only shown, never added.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bulou.engine.basics.money import fen_of_yuan
from bulou.engine.entitlements import Subject, determine
from bulou.engine.language import evaluate
from bulou.engine.language.nodes import Value
from bulou.engine.levy.reading import FormRow
from bulou.engine.levy.wording import yuan
from bulou.engine.pack import Policy, fen_of


@dataclass(frozen=True)
class LateFee:
    """`fen` is due when `state` is yes; when it is unknown (nobody said whether an order was made) it is only shown.

    `parts` are (fen overdue, last day counted, days).
    """

    state: str
    fen: int | None
    parts: tuple[tuple[int, date, int], ...]
    overdue: int


def late_fee(row: FormRow, policy: Policy, payable: int, on: date | None) -> LateFee | None:
    """The late fee of a row that has a deadline; None where nothing is late or the day of payment is not known."""
    due_by = row.values.get("due_by")
    if not isinstance(due_by, date):
        return None
    parts = [part for part in _parts(row, payable, due_by, on) if part[0] > 0 and part[2] > 0]
    if not parts:
        return None
    programme = next(programme for programme in policy.of("employer") if programme.name == "levy_late_fee")
    states, total, known = [], 0, True
    for overdue, _, days in parts:
        facts: dict[str, Value] = {
            "employer.levy_overdue": Decimal(overdue).scaleb(-2),
            "employer.levy_late_days": days,
            "employer.levy_order_expired": row.values.get("order_expired"),
        }
        subject = Subject(policy, "employer", row.where, {k: v for k, v in facts.items() if v is not None})
        states.append(determine(programme, subject).verdict)
        amount = fen_of(evaluate(programme.amount, subject)) if programme.amount else None
        known, total = known and amount is not None, total + (amount or 0)
    return LateFee(states[0], total if known else None, tuple(parts), sum(part[0] for part in parts))


def late_gaps(row: FormRow, payable: int, on: date | None) -> tuple[str, ...]:
    """Why the late fee of a row with something to pay is not known, or not all of it; empty when nothing is missing."""
    due_by, paid, paid_on = (row.values.get(name) for name in ("due_by", "paid", "paid_on"))
    if row.values.get("order_expired") is False:
        return ()
    if not isinstance(due_by, date):
        return ("没有写缴费期限，有没有滞纳金不知道",)
    if not isinstance(paid, Decimal):
        return ("没有写已缴多少，有没有滞纳金不知道",)
    fen, gaps = fen_of_yuan(paid), []
    if fen > 0 and not isinstance(paid_on, date):
        gaps.append(f"已缴的 {yuan(paid)} 元没有写缴款日期，晚没晚不知道，这部分没有算滞纳金")
    if fen < payable and on is None:
        gaps.append(f"还没缴的 {yuan_of(payable - fen)} 元没有说算到哪天（--on），这部分没有算滞纳金")
    return tuple(gaps)


def _parts(row: FormRow, payable: int, due_by: date, on: date | None) -> list[tuple[int, date, int]]:
    """What was paid late, with its day; then what is still unpaid on the day of counting."""
    paid, paid_on = row.values.get("paid"), row.values.get("paid_on")
    fen = fen_of_yuan(paid) if isinstance(paid, Decimal) else None
    if fen is None:
        return []
    found = []
    if isinstance(paid_on, date) and paid_on > due_by:
        found.append((min(fen, payable), paid_on, (paid_on - due_by).days))
    if on is not None and payable > fen:
        found.append((payable - fen, on, (on - due_by).days))
    return found


def late_words(late: LateFee, rate: str, clause: str) -> str:
    """The late fee in a sentence, with its arithmetic."""
    sums = " ＋ ".join(f"{yuan_of(fen)} 元 × {days} 天（到 {until}）" for fen, until, days in late.parts)
    amount = f"滞纳金：{sums}，每天 {rate} = {yuan_of(late.fen)} 元{clause}"
    if late.state == "yes":
        over = "；已超过欠缴的本金，请先核实有没有上限" if late.fen is not None and late.fen > late.overdue else ""
        return amount + over
    if late.state == "unknown":
        return f"{amount}；没有写是否责令限期缴纳、限期是否已过，先不计入"
    return "没有责令限期，或限期没有过，不加收滞纳金" + clause


def yuan_of(fen: int | None) -> str:
    return yuan(None if fen is None else Decimal(fen).scaleb(-2))
