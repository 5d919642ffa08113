"""Says a result in plain words: Chinese first, English beside it where a word is a term."""

from __future__ import annotations

from collections.abc import Callable

from bulou.engine.basics.money import yuan_text
from bulou.engine.entitlements import Determination, Result
from bulou.engine.pack.wording import PERIOD_WORDS, SUBJECT_WORDS

Write = Callable[[str], None]
VERDICTS = {"yes": "✔ 应享 yes", "no": "✘ 不符合 no", "unknown": "？待核实 unknown"}
STATES = {"met": "✔", "failed": "✘", "unknown": "？"}


def write_explanation(result: Result, only: set[str], everything: bool, write: Write) -> None:
    """One block a subject: what is due, what is open with the question to ask, what is not due and why.

    `only` shows these programmes condition by condition, `everything` all of them.
    """
    write(f"{result.policy.region} · {result.policy.on} · 政策版本 pack {result.policy.pack_digest[:12]}")
    for subject in result.subjects:
        found = [d for d in result.of(subject) if not only or d.programme in only]
        if found:
            write(f"\n━━ {SUBJECT_WORDS[subject.kind]} {subject.id}")
        for verdict in ("yes", "unknown", "no"):
            for determination in (d for d in found if d.verdict == verdict):
                _write(result, determination, bool(only) or everything, write)


def _write(result: Result, determination: Determination, whole: bool, write: Write) -> None:
    head = f"  {VERDICTS[determination.verdict]}  {determination.title}（{determination.programme}）"
    if not whole and determination.verdict == "no":
        failed = "；".join(c.says for c in determination.conditions if c.state == "failed")
        write(f"{head}  不符：{failed}")
        return
    write(head + _amount(determination))
    if whole:
        for condition in determination.conditions:
            write(f"      {STATES[condition.state]} {condition.says}  [{condition.cite}]")
    elif determination.verdict == "yes":
        write(f"      依据 {'; '.join(dict.fromkeys(c.cite for c in determination.conditions))}")
    if whole or determination.verdict == "unknown":
        for line in result.reasons(determination):
            write(f"        · {line}")


def _amount(determination: Determination) -> str:
    if determination.amount is None:
        return f"  {determination.amount_note}" if determination.amount_note else ""
    least = "至少 " if determination.amount_is_floor else ""
    return f"  {PERIOD_WORDS.get(determination.pays, '')} {least}{yuan_text(determination.amount)} 元"
