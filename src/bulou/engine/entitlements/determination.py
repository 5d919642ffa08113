"""What comes out for one programme and one subject: verdict, amount, reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bulou.engine.basics.money import yuan_text

Verdict = Literal["yes", "no", "unknown"]
State = Literal["met", "failed", "unknown"]

STATES: dict[bool | None, State] = {True: "met", False: "failed", None: "unknown"}
VERDICTS: dict[bool | None, Verdict] = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True)
class ConditionState:
    """A condition and whether it is met; an exclusion is met when what it excludes is not the case."""

    id: str
    says: str
    state: State
    cite: str


@dataclass(frozen=True)
class Determination:
    """`amount` in fen, only for verdict yes and only when somebody has set it.

    `missing` names the unknown facts that could still change an unknown verdict: first as the condition names
    them, then the facts behind derived ones.
    """

    programme: str
    title: str
    subject_kind: str
    subject: str
    verdict: Verdict
    amount: int | None
    amount_is_floor: bool
    amount_note: str
    pays: str
    conditions: tuple[ConditionState, ...]
    missing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The contract's shape; amounts in yuan with two decimals."""
        shown: dict[str, Any] = {
            "programme": self.programme,
            "name": self.title,
            "subject": self.subject,
            "verdict": self.verdict,
            "amount": None if self.amount is None else yuan_text(self.amount),
            "period": None if self.pays == "none" else self.pays,
            "conditions": [{"id": c.id, "says": c.says, "state": c.state, "cite": c.cite} for c in self.conditions],
            "missing": list(self.missing),
        }
        if self.amount_is_floor and self.amount is not None:
            shown["amount_is_floor"] = True
        if self.amount_note:
            shown["amount_note"] = self.amount_note
        return shown


def verdict_of(states: list[State]) -> Verdict:
    """No if any state is failed, else unknown if any is unknown, else yes."""
    if "failed" in states:
        return "no"
    return "unknown" if "unknown" in states else "yes"
