"""The outputs of a month: workbooks to hand on, the report page, files for the bank, the public notice, the manifest.

In: a `MonthResult` (room `differences`). Out: one folder, written whole or not at all. Rules kept: same result, same
bytes; nothing is written that does not add up; no cell is a formula; no person on the page or in the notice; a draft
is never paid.
"""

from bulou.engine.report.bank import BankBatch, BankFile, bank_batch, payment_problems
from bulou.engine.report.notice import notice_problems, notice_rows
from bulou.engine.report.sums import Sum, check_sums, sums
from bulou.engine.report.write import write_month

__all__ = [
    "BankBatch",
    "BankFile",
    "Sum",
    "bank_batch",
    "check_sums",
    "notice_problems",
    "notice_rows",
    "payment_problems",
    "sums",
    "write_month",
]
