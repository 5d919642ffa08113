"""What a month comes to: every difference between what is due, enrolled, paid and expected, as tables.

All tables are Polars frames with the columns named here. Money is whole fen, months are text "2025-06", people carry
their internal id and what an officer needs to find them. Words for people are Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from bulou.engine.facts.read_month import SheetAccount

if TYPE_CHECKING:
    import polars as pl

PERSON_COLUMNS = ("person", "id_no", "name", "sex", "age", "county", "township", "village", "household", "phone")
"""Who it is about; stands first in every list. `age` in full years on the decision day, `county` where
a roll of a region of several counties states it; unknown is NULL."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "missed": (
        *PERSON_COLUMNS, "programme", "title", "fen", "reason", "cite", "action", "deadline", "state", "decision",
    ),
    "suspicions": (
        *PERSON_COLUMNS, "code", "check", "programme", "title", "fen", "evidence", "source", "cite", "who", "action",
        "deadline", "decision",
    ),
    "questions": (*PERSON_COLUMNS, "fact", "label", "question", "who", "settles", "fen", "programmes"),
    "gaps": ("fact", "label", "supplier", "question", "who", "people", "programmes"),
    "payroll": (
        *PERSON_COLUMNS, "programme", "title", "line", "month", "fen", "bank_name", "bank_account", "account_name",
        "state", "reason", "due_fen", "decided",
    ),
    "settlements": (
        *PERSON_COLUMNS, "programme", "title", "month", "due_fen", "paid_fen", "deducted_fen", "difference_fen", "kind",
        "payable_fen", "reason", "cite", "decision",
    ),
    "forecast": (*PERSON_COLUMNS, "programme", "title", "month", "now", "then", "fen", "reason", "action"),
}  # fmt: skip
"""Columns of each list.

- missed 应享未享: due, not enrolled. `fen` a month (NULL: amount not set), `reason` the conditions in words; `state`
  待告知, or 已有答复 where a named person has said why they will not apply (`decision`).
- suspicions 疑似不应享: enrolled or paid and not due, or caught by a named check (`code`); `evidence` in words with
  the facts, `source` the file, sheet and row that shows it, `who` has to look.
- questions 待核实: one line a person and missing fact; `settles` how many undecided programmes it would settle,
  `fen` what they are worth a month, most valuable first.
- gaps: a fact missing for almost everybody, said once as a gap of its source.
- payroll 本月发放: `line` 本月, 本季, 补发 or 抵扣 (a negative amount, taken for an overpaid month), `month` the month
  it is for, `state` 可发放 (due and enrolled), 待决定 (held for a named person's decision), 未定金额, 季末发放 or
  决定不发; only 可发放 lines go to the bank. `due_fen` is what the policy gives, `decided` who decided what.
- settlements 补发追缴: by person, programme and month: `difference_fen` = due − paid − deducted (`deducted_fen`:
  below 0 where an overpayment has been taken back, above 0 where a month was paid less for it); kind 补发 (above 0) or
  追缴 (below 0); `payable_fen` is the part within the months that may be paid back.
- forecast 变动预告: coming months in which the verdict or amount changes, with the reason.
"""


@dataclass(frozen=True)
class MonthResult:
    """Everything a month's run found. `counts` reconcile from rows read to fen due; see `reconcile`.

    `method` are the choices in force with their source (decision day, back-pay months …) as shown in the report.
    """

    region: str
    region_name: str
    month: str
    on: date
    pack_digest: str
    pack_status: str
    version: str
    files: tuple[SheetAccount, ...]
    missed: pl.DataFrame
    suspicions: pl.DataFrame
    questions: pl.DataFrame
    gaps: pl.DataFrame
    payroll: pl.DataFrame
    settlements: pl.DataFrame
    forecast: pl.DataFrame
    programmes: pl.DataFrame
    counts: Mapping[str, int]
    changes: Mapping[str, int]
    method: tuple[tuple[str, str, str], ...]
    matching: Mapping[str, Any] = field(default_factory=dict)
    households: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    # `households`: missed, suspicions and questions by household (see `differences.households`)
    # `programmes`: programme, title, cite, due (people), unknown, enrolled, missed, suspected, fen_due, fen_paid_before
    # `matching`: rows by stage and outcome, and whose answers were read (see `facts.match_month`)
    # `changes`: what changed since last month (new, gone, amount changed …); empty when there is no last month
