"""The form's columns 6 to 12 for one row, worked out by the engine from the pack, each step with clause and date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bulou.engine.basics.money import fen_of_yuan
from bulou.engine.basics.problems import Place, Problem
from bulou.engine.entitlements import Determination, Subject, determine
from bulou.engine.facts.values import Misfit, read_value
from bulou.engine.language.nodes import Value
from bulou.engine.levy.form import read_form
from bulou.engine.levy.late import LateFee, late_fee, late_gaps
from bulou.engine.levy.reading import FormRow
from bulou.engine.levy.rules import FLOOR, LATE_FEE, LEVY, RATIO, RULES_FROM, SOCIAL_WAGE, Rules
from bulou.engine.levy.wording import plain, yuan
from bulou.engine.pack import Policy

OWES, MET, EXEMPT, UNKNOWN, FAULTY = "应缴费", "已达比例，不缴", "免征", "资料不全，算不出", "有问题，没有算"
OUTCOMES = (OWES, MET, EXEMPT, UNKNOWN, FAULTY)


@dataclass(frozen=True)
class Assessment:
    """A row worked out. Amounts are whole fen, None while unknown; `asks` are questions that would settle it.

    `late` is what is known of the late fee, and `late_gaps` say what is not known of it.

    `balance` is what is still to be paid, below zero what is to be paid back. `subject` and `policy` hold every
    intermediate value (None for a row with a fault).
    """

    row: FormRow
    day: date | None
    outcome: str
    ratio: Decimal | None = None
    avg_wage: Decimal | None = None
    due: int | None = None
    relief: int | None = None
    payable: int | None = None
    paid: int | None = None
    balance: int | None = None
    late: LateFee | None = None
    late_gaps: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    others: tuple[Determination, ...] = field(default=(), repr=False)
    levy: Determination | None = field(default=None, repr=False)
    subject: Subject | None = field(default=None, repr=False)
    said: Mapping[str, Value] = field(default_factory=dict, repr=False)

    @property
    def late_fen(self) -> int | None:
        """The late fee that is due for sure, all of it; None while something of it is not known."""
        if self.payable is None or self.late_gaps:
            return None
        if self.late is None or self.late.state == "no":
            return 0
        return self.late.fen if self.late.state == "yes" else None


def assess(row: FormRow, rules: Rules, year: int | None, on: date | None) -> Assessment:
    """Work out one row. `year` is the fee year where the row names none; late fees run to `on` while unpaid.

    A row with a fault is not worked out: the Assessment then says so and its row holds every fault.
    """
    row, day = _day(row, year, rules)
    row = _checked(row)
    if row.faulty or day is None:
        return Assessment(row, day, FAULTY)
    said, row = _said(row, rules, day)
    if row.faulty:
        return Assessment(row, day, FAULTY)
    policy = rules.policy(day, said)
    given = _facts(row)
    problems = _unfit(row, given, policy)
    if problems:
        return Assessment(_with(row, problems), day, FAULTY)
    return _worked_out(row, day, policy, given, said, on)


def _worked_out(
    row: FormRow, day: date, policy: Policy, given: Mapping[str, Value], said: Mapping[str, Value], on: date | None
) -> Assessment:
    subject = Subject(policy, "employer", row.where, given)
    programmes = {programme.name: programme for programme in policy.of("employer")}
    levy = determine(programmes[LEVY], subject)
    payable = 0 if levy.verdict == "no" else levy.amount
    outcome = _outcome(levy)
    due = _fen(subject.value("employer.levy_due")) if outcome != UNKNOWN else None
    due = 0 if outcome == MET else due
    relief = None if due is None or payable is None else due - payable
    paid = _fen(row.values.get("paid"))
    balance = payable - paid if payable is not None and paid is not None else None
    late: LateFee | None = None
    gaps: tuple[str, ...] = ()
    if payable and LATE_FEE in programmes:
        late, gaps = late_fee(row, policy, payable, on), late_gaps(row, payable, on)
    others = [determine(p, subject) for name, p in programmes.items() if name not in (LEVY, LATE_FEE)]
    return Assessment(
        row, day, outcome,
        ratio=_number(policy.constants.get(RATIO)), avg_wage=_number(subject.value("employer.avg_wage")),
        due=due, relief=relief, payable=payable, paid=paid, balance=balance, late=late, late_gaps=gaps,
        asks=_asks(row, levy, subject, payable),
        others=tuple(other for other in others if other.verdict == "yes"),
        levy=levy, subject=subject, said=said,
    )  # fmt: skip


def _outcome(levy: Determination) -> str:
    if levy.verdict == "unknown" or (levy.verdict == "yes" and levy.amount is None):
        return UNKNOWN
    if levy.verdict == "yes":
        return OWES
    under = next(state.state for state in levy.conditions if state.id == "under_quota")
    return MET if under == "failed" else EXEMPT


def _asks(row: FormRow, levy: Determination, subject: Subject, payable: int | None) -> tuple[str, ...]:
    """What has to be asked before the row can be worked out, in the words of the pack and with whom to ask."""
    asks: list[str] = []
    if payable is None:
        programme = next(p for p in subject.policy.programmes if p.name == LEVY)
        missing = list(levy.missing)
        if levy.verdict == "yes" and programme.amount is not None:
            missing = list(subject.missing_in([programme.amount]))
        names = [name for name in missing if name not in subject.policy.definitions]
        names += [name for name in (RATIO, SOCIAL_WAGE) if subject.policy.constants.get(name) is None]
        names = list(dict.fromkeys(names)) or missing
        asks += [f"缺{subject.policy.facts[name].label}：{subject.policy.facts[name].question}" for name in names]
    if "paid" not in row.values:
        asks.append("缺本期已缴费额：已经缴了多少？没有缴写 0")
    return tuple(dict.fromkeys(asks))


# the fee period ---------------------------------------------------------------------------------------------------


def _day(row: FormRow, year: int | None, rules: Rules) -> tuple[FormRow, date | None]:
    """The day whose rules decide: the last day of the fee period."""
    start, end, named = (row.values.get(name) for name in ("period_from", "period_to", "year"))
    day = end if isinstance(end, date) else date(named, 12, 31) if isinstance(named, int) else None
    if day is None and year is not None and not row.faulty:
        day = date(year, 12, 31)
    at, problem = "费款所属期止", None
    if day is None and not row.faulty:
        expected = "日期，或用 --year 说明年度"
        problem = _problem(row, "no-period", at, "没有费款所属期", expected, "补上所属期")
    elif day and isinstance(start, date) and start > day:
        problem = _problem(row, "ends-before-start", at, f"{start} 至 {day}", "起不晚于止", "核对两个日期")
    elif day and year is not None and day.year != year:
        got, fix = f"所属期在 {day.year} 年", "改正所属期，或不写 --year"
        problem = _problem(row, "other-year", at, got, f"{year} 年（--year）", fix)
    elif day:
        problem = no_rules(rules, day, row)
    return (row.with_problem(problem), None) if problem else (row, day)


def no_rules(rules: Rules, day: date, row: FormRow | None = None) -> Problem | None:
    """A problem when the day lies before the levy's rules."""
    begin = rules.value(RULES_FROM, day)
    if not isinstance(begin, date) or day >= begin:
        return None
    got, expected = f"{day.year} 年没有规则（{day}）", f"{begin} 起施行的办法；更早的没有收入地区包"
    fix = "核对年度；确要算以前的，先把当时的文件收进地区包"
    if row is None:
        return Problem("year-without-rules", Place("--year"), got, expected, fix)
    return _problem(row, "year-without-rules", "费款所属期止", got, expected, fix)


def _problem(row: FormRow, code: str, column: str, got: str, expected: str, fix: str) -> Problem:
    return Problem(code, row.place(column), got, expected, fix)


def _with(row: FormRow, problems: list[Problem]) -> FormRow:
    for problem in problems:
        row = row.with_problem(problem)
    return row


# the row ----------------------------------------------------------------------------------------------------------


def _checked(row: FormRow) -> FormRow:
    """The row with what is wrong between its cells."""
    values, found = row.values, []
    labels = {name: column.label for name, column in read_form().declaration.columns.items()}
    staff, heads = values.get("staff"), values.get("disabled")
    if "employer" not in values and "code" not in values:
        found.append(
            _problem(row, "no-employer", labels["employer"], "没有名称也没有代码", "单位名称", "补上是哪个单位")
        )
    if staff == 0:
        fix = "职工人数为 0 就没有平均工资，也不该有残保金；核对人数"
        found.append(_problem(row, "zero-staff", labels["staff"], "0", "大于 0 的人数", fix))
    for name in ("staff", "disabled"):
        if name not in values and not row.faulty:
            fix = "补填；确实没有安排残疾人写 0" if name == "disabled" else "补填"
            found.append(_problem(row, "required-empty", labels[name], _empty(row, name), "人数", fix))
    most = isinstance(staff, Decimal) and isinstance(heads, Decimal) and staff > 0
    limit = staff if "double" in row.columns else staff * 2 if isinstance(staff, Decimal) else None
    if most and limit is not None and heads > limit:  # type: ignore[operator]
        got, expected = f"残疾职工 {plain(heads)} 人，职工 {plain(staff)} 人", "残疾职工不多于职工"
        found.append(_problem(row, "more-disabled-than-staff", labels["disabled"], got, expected, "核对两个人数"))
    double = values.get("double")
    if isinstance(double, Decimal) and isinstance(heads, Decimal) and double > heads:
        got = f"其中 {plain(double)} 人，一共 {plain(heads)} 人"
        found.append(_problem(row, "part-above-whole", labels["double"], got, "其中的人数不多于总数", "核对两个人数"))
    return _with(row, found)


def _empty(row: FormRow, column: str) -> str:
    """What stands in an empty cell's place: nothing, or no such column and perhaps others that were not recognised."""
    if column in row.columns:
        return "空"
    others = "、".join(row.rest)
    return f"没有这一列（没认出的列：{others}）" if others else "没有这一列"


def _said(row: FormRow, rules: Rules, day: date) -> tuple[dict[str, Value], FormRow]:
    """Region values that the row says and nobody else has set; a ratio below the national floor is a fault."""
    said: dict[str, Value] = {}
    for column, name in (("ratio", RATIO), ("social_wage", SOCIAL_WAGE)):
        value = row.values.get(column)
        if isinstance(value, Decimal) and rules.value(name, day) is None:
            said[name] = value
    floor, ratio = rules.value(FLOOR, day), said.get(RATIO)
    if isinstance(floor, Decimal) and isinstance(ratio, Decimal) and ratio < floor:
        label, expected = read_form().declaration.columns["ratio"].label, f"不低于 {plain(floor)}%"
        row = row.with_problem(
            _problem(row, "ratio-below-floor", label, f"{plain(ratio)}%", expected, "按省里定的比例改正")
        )
    return said, row


def _facts(row: FormRow) -> dict[str, Value]:
    """The row as facts of the employer; column 8 is 4 ÷ 5, to the fen, where both are given."""
    values = row.values
    facts: dict[str, Value] = {"employer.staff_avg": values.get("staff"), **_kind(row)}
    wages, staff, average = (values.get(name) for name in ("wages", "staff", "avg_wage"))
    if isinstance(wages, Decimal) and isinstance(staff, Decimal):
        average = wages / staff
    if isinstance(average, Decimal):
        facts["employer.avg_wage"] = Decimal(fen_of_yuan(average)).scaleb(-2)
    if "double" in row.columns:
        facts["employer.disabled_staff"] = values.get("disabled")
        facts["employer.disabled_staff_double"] = values.get("double")
    else:
        facts["employer.disabled_credited"] = values.get("disabled")
        if values.get("disabled") == 0:
            facts["employer.disabled_staff"] = facts["employer.disabled_staff_double"] = Decimal(0)
    for column, fact in (
        ("paid", "levy_paid"), ("refused", "levy_refused"), ("registered_on", "registered_on"),
        ("small_micro", "small_micro"), ("order_expired", "levy_order_expired"),
    ):  # fmt: skip
        facts[f"employer.{fact}"] = values.get(column)
    return {name: value for name, value in facts.items() if value is not None}


def _kind(row: FormRow) -> dict[str, Value]:
    """The kind of employer as the row says it, else as its credit code does; where both disagree it is not known."""
    kind, by_code = row.values.get("kind"), kind_by_code(row)
    if kind and by_code and kinds_differ(str(kind), by_code):
        return {}
    kind = kind if kind and kind != "enterprise" else kind or by_code
    if kind == "enterprise":
        return {"employer.is_enterprise": True}
    return {"employer.kind": str(kind)} if kind else {}


def kind_by_code(row: FormRow) -> str | None:
    """What the first two characters of a valid credit code say of the employer."""
    code = row.values.get("code")
    doubtful = any(problem.code == "credit-code-check" for problem in row.problems)
    return read_form().code_kinds.get(str(code)[:2]) if code and not doubtful else None


def kinds_differ(kind: str, by_code: str) -> bool:
    """Whether the two cannot both be true: an enterprise may be state-owned or private, a federation is a body."""
    same = {"enterprise": ("enterprise", "soe", "private"), "party_gov": ("party_gov", "federation")}
    return kind not in same.get(by_code, (by_code, "federation" if by_code == "social_org" else by_code))


def _unfit(row: FormRow, given: Mapping[str, Value], policy: Policy) -> list[Problem]:
    """Values that are none of their fact: out of the bounds that the pack declares."""
    found = []
    for name, value in given.items():
        try:
            read_value(value, policy.facts[name].type)
        except Misfit as misfit:
            label = policy.facts[name].label
            shown = yuan(value) if isinstance(value, Decimal) else str(value)
            found.append(_problem(row, "wrong-value", label, shown, misfit.expected, misfit.fix))
    return found


def _fen(value: Value) -> int | None:
    return fen_of_yuan(Decimal(value)) if isinstance(value, Decimal | int) and not isinstance(value, bool) else None


def _number(value: Value) -> Decimal | None:
    return Decimal(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else None
